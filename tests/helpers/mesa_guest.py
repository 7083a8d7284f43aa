"""What real Mesas answered, and one that is asked anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capcodec.vtest.installed_mesa import GlAnswer, InstalledMesa
from recorded import load

GL_VERSIONS = load("mesa_22.3.6_gl_versions.json")["answers"]
GL_VERSIONS_25 = load("mesa_25.0.7_gl_versions.json")["answers"]
RECORDED = {"22.3.6": GL_VERSIONS, "25.0.7": GL_VERSIONS_25}
PROFILES = {"core": "core", "compat": "compatibility", "es": "es"}


def in_root(root: str) -> dict[str, Any]:
    """The arguments with which :class:`InstalledMesa` asks the Mesa of a chroot; none for this machine's."""
    if not root:
        return {}
    return {"root": root, "python": (str(Path(__file__).parents[2] / ".ci" / "inside"), root, "python3")}


def mesa_answers(capsets: dict[int, bytes], path: str, protocol_version: int = 3) -> GlAnswer:
    """What the installed Mesa makes of capsets, as a guest of ours."""
    with InstalledMesa(path, protocol_version=protocol_version) as mesa:
        answer = mesa.ask(capsets)
    assert not answer.error
    assert [session.error for session in mesa.sessions] == [None] * len(mesa.sessions)
    assert mesa.sessions[0].commands["GET_CAPS2"] >= 1
    return answer


def recorded_versions(answers: dict) -> dict[str, tuple[int, int] | None]:
    """The versions in a record, by profile."""
    found: dict[str, tuple[int, int] | None] = {}
    for name, profile in PROFILES.items():
        words = answers[name]["version"].removeprefix("OpenGL ES ").split()[0].split(".") if answers[name] else None
        found[profile] = (int(words[0]), int(words[1])) if words else None
    return found
