"""The Mesa that is installed here, asked which OpenGL it makes of a capset, as a guest of a vtest server."""

from __future__ import annotations

import json
import re
import select
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import ArgumentError, SourceError
from ..meaning.mesa import mesa_named
from . import egl_guest
from .protocol import DEFAULT_SOCKET, SERVER_VERSION
from .server import VtestServer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from typing_extensions import Buffer, Self

    from ..meaning.gl import _Version
    from .session import Session

PROFILES = {"core": "core", "compat": "compatibility", "es": "es"}
SPARE = 10.0  # seconds beyond those of the driver, until the program that asks it is given up


class GlAnswer(NamedTuple):
    """What Mesa made of capsets.

    Attributes:
        core, compatibility, es: the version of each profile; None if Mesa refuses it.
        error: why there is no answer at all: no display, or a driver that crashed or hung; empty if there is one.
        strings: for each profile what Mesa calls itself: ``renderer``, ``version``, ``glsl``, and maybe ``extensions``.
    """

    core: _Version | None
    compatibility: _Version | None
    es: _Version | None
    error: str
    strings: dict[str, dict[str, Any]]

    def of(self, profile: str) -> _Version | None:
        """The version of a profile: "core", "compatibility" or "es"."""
        found: _Version | None = getattr(self, profile)
        return found


class InstalledMesa:
    """Asks while its context lasts. One question takes some 15 milliseconds, the first one longer.

    Args:
        path: where to listen. Mesa 22.3 looks only at the default.
        timeout: seconds that a driver may take for an answer; whole ones count.
        extensions: ask for the lists of extensions too.
        protocol_version: the newest version of vtest's protocol to agree on.
        python: the command of a Python that sees the Mesa to ask, if it is another than this one's: ``("chroot", root,
            "python3")``.
        root: the directory that is ``/`` for that Python.

    Attributes:
        release: of Mesa, such as ``25.0.7``; known after the first answer.
        sessions: those of the last question, with the commands that Mesa gave.

    Raises:
        SourceError: there is no EGL here, or the server cannot listen there.
    """

    def __init__(
        self,
        path: str = DEFAULT_SOCKET,
        *,
        timeout: float = 20.0,
        extensions: bool = False,
        protocol_version: int = SERVER_VERSION,
        python: tuple[str, ...] = (sys.executable,),
        root: str = "",
    ) -> None:
        if not 1 <= timeout < 1 << 16:
            raise ArgumentError(f"expected a timeout of 1 second or more, got {timeout}")
        self.path: str = f"{root}{path}"
        self._seen_path = path
        self.release: str = ""
        self.sessions: list[Session] = []
        self._timeout = timeout
        self._protocol_version = protocol_version
        source = Path(egl_guest.__file__).read_text()  # which a Python elsewhere may not find
        self._command = [*python, "-I", "-c", source, *(["extensions"] if extensions else [])]
        self._program: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the program that asks."""
        program, self._program = self._program, None
        if program is not None:
            program.kill()
            program.communicate()

    @property
    def version(self) -> str:
        """The version whose rules are known, such as ``25.0``.

        Raises:
            ArgumentError: the rules of this Mesa are not known.
        """
        return mesa_named(self.release).name

    @property
    def coherent(self) -> bool:
        """Can a vtest guest of this Mesa map memory coherently? It can from Mesa 25 on."""
        return int(self.release.partition(".")[0] or 0) >= 25

    def ask(self, capsets: Mapping[int, Buffer | tuple[int, Buffer]]) -> GlAnswer:
        """What Mesa makes of capsets. See :class:`VtestServer`.

        Raises:
            SourceError: the program that asks does not answer.
        """
        with VtestServer(capsets, self.path, protocol_version=self._protocol_version) as server:
            found = self._exchange(server.environment())
        self.sessions = server.sessions
        strings = {PROFILES[name]: found[name] for name in PROFILES if found.get(name)}
        versions = {name: _number(told["version"]) for name, told in strings.items()}
        for told in strings.values():
            release = re.search(r"Mesa (\d+\.\d+\.\d+)", told["version"])
            if release:
                self.release = release[1]
        core, compatibility, es = (versions.get(name) for name in PROFILES.values())
        return GlAnswer(core, compatibility, es, found.get("error", ""), strings)

    def _exchange(self, environment: dict[str, str]) -> dict[str, Any]:
        try:
            program = self._program or self._start(environment)
            assert program.stdin is not None
            assert program.stdout is not None
            program.stdin.write(f"{int(self._timeout)}\n".encode())
            program.stdin.flush()
            ready, _, _ = select.select([program.stdout], [], [], self._timeout + SPARE)
            found: dict[str, Any] = json.loads(program.stdout.readline()) if ready else {}
        except (OSError, ValueError):
            found = {}
        if not found:
            self.close()
            raise SourceError("Mesa cannot be asked: is there a libEGL.so.1?")
        return found

    def _start(self, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        self._program = subprocess.Popen(
            self._command,
            env={
                **environment,
                "VTEST_SOCKET_NAME": self._seen_path,
                "MESA_SHADER_CACHE_DISABLE": "1",
                "EGL_LOG_LEVEL": "fatal",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._program


def _number(text: str) -> _Version:
    """The version at the start of what ``glGetString`` gives."""
    found = re.match(r"(?:OpenGL ES )?(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)
