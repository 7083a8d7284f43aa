"""A real Mesa as a guest of our server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from capcodec.vtest.server import VtestServer
from recorded import load

GL_VERSIONS = load("mesa_22.3.6_gl_versions.json")["answers"]


def mesa_answers(capsets: dict[int, bytes], path: str, protocol_version: int = 3) -> dict:
    """What Mesa makes of capsets, as a guest of ours: strings, or None, for each kind of context."""
    with VtestServer(capsets, path, protocol_version=protocol_version) as server:
        program = [sys.executable, Path(__file__).with_name("gl_versions.py")]
        result = subprocess.run(program, env=server.environment(), capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert [session.error for session in server.sessions] == [None] * len(server.sessions)
    assert server.sessions[0].commands["GET_CAPS2"] >= 1
    return json.loads(result.stdout)


def version_of(answers: dict) -> str:
    """The version of the core context, or where there is none, of the other."""
    return (answers["core"] or answers["compat"])["version"][:3]
