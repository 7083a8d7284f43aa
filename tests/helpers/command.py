"""The command line, run as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent  # not the source tree, whose uncompiled package would be imported


def run(*arguments: str, stdin: bytes = b"", status: int = 0) -> str:
    """What a command prints: on stdout, or if it is to fail with that status, on stderr."""
    command = [sys.executable, "-m", "capcodec", *arguments]
    result = subprocess.run(command, input=stdin, capture_output=True, cwd=BIN)
    assert result.returncode == status, result.stderr.decode()
    return (result.stderr if status else result.stdout).decode()


def rows(output: str) -> dict[str, list[str]]:
    """The lines of a table of fields: by path, the words behind it."""
    lines = [line.split() for line in output.splitlines()]
    return {words[1]: words[2:] for words in lines if len(words) > 1 and words[0].isdecimal()}
