"""A host of our own: a vtest server that answers with any capset, well enough for a real Mesa guest.

It draws nothing. A guest can connect, create contexts and resources, and say which GL it makes of the capset::

    with VtestServer({2: blob}, path) as server:
        subprocess.run(["glxinfo"], env=server.environment())
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import threading
from typing import TYPE_CHECKING

from ..errors import ArgumentError, SourceError
from ..sources import LARGEST, Closing
from . import protocol as vtest
from .session import Session
from .wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Buffer, Self

__all__ = ["Session", "VtestServer"]

SIZE_1 = 308  # bytes of capset 1, the start of any capset 2
MOST_GUESTS = 64  # at once


class VtestServer(Closing):
    """Listens on a Unix socket while its context lasts, with a thread for each guest.

    Args:
        capsets: bytes by capset id, or pairs of ``max_version`` and bytes. Without capset 1 the start of capset 2 is
            sent for it; without capset 2 its command is ignored, as by servers before 2018.
        path: where to listen. Older Mesas, 22.3 among them, look nowhere but at the default. A socket that nobody
            listens at is replaced.
        protocol_version: newest to agree on, at most 3; 0 for a server that knows no versions.
        timeout: seconds that a guest may take for a message once it has begun.

    Attributes:
        sessions: of all guests so far, in the order in which they came.

    Raises:
        ArgumentError: there is neither capset 1 nor 2, or one is too large.
        SourceError: nobody can listen there.
    """

    def __init__(
        self,
        capsets: Mapping[int, Buffer | tuple[int, Buffer]],
        path: str = vtest.DEFAULT_SOCKET,
        *,
        protocol_version: int = 3,
        timeout: float = 10.0,
    ) -> None:
        self.path = path
        self.sessions: list[Session] = []
        self._capsets = _offered(capsets)
        if not 0 <= protocol_version <= 3:
            raise ArgumentError(f"expected a protocol version of 0..3, got {protocol_version}")
        self._newest = protocol_version
        self._timeout = timeout
        self._threads: dict[threading.Thread, Wire] = {}
        self._listener: socket.socket | None = None

    def __enter__(self) -> Self:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            _remove_stale(self.path)
            listener.bind(self.path)
            listener.listen(MOST_GUESTS)
        except OSError as error:
            listener.close()
            raise SourceError(error.errno, f"cannot listen at {self.path}: {error.strerror or error}") from error
        self._listener = listener
        self._accepting = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        self._accepting.start()
        return self

    def close(self) -> None:
        """Listen no more, and end every session."""
        if self._listener is None:
            return
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._accepting.join()
        self._listener.close()
        self._listener = None
        for thread, wire in list(self._threads.items()):
            with contextlib.suppress(OSError):
                wire.sock.shutdown(socket.SHUT_RDWR)
            thread.join()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)

    def environment(self) -> dict[str, str]:
        """Variables of a program that shall be a guest of this server, besides those of this process."""
        return {
            **os.environ,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "GALLIUM_DRIVER": "virpipe",
            "VTEST_SOCKET_NAME": self.path,
        }

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return  # closed
            self._threads = {thread: wire for thread, wire in self._threads.items() if thread.is_alive()}
            if len(self._threads) >= MOST_GUESTS:
                sock.close()
                continue
            wire = Wire(sock, f"guest {len(self.sessions)}", self._timeout)
            session = Session(wire, self._capsets, self._newest)
            self.sessions.append(session)
            thread = threading.Thread(target=session.run, daemon=True)
            self._threads[thread] = wire
            thread.start()


def _remove_stale(path: str) -> None:
    """Remove a socket that a server left behind."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            if stat.S_ISSOCK(os.stat(path).st_mode):  # a file that is none refuses as well
                os.unlink(path)
        except OSError:
            return  # nothing is there, or no socket: bind will say


def _offered(capsets: Mapping[int, Buffer | tuple[int, Buffer]]) -> dict[int, tuple[int, bytes]]:
    found = {}
    for capset_id, given in capsets.items():
        max_version, data = given if isinstance(given, tuple) else (capset_id if capset_id < 3 else 0, given)
        found[capset_id] = max_version, bytes(data)
        if len(found[capset_id][1]) > LARGEST:
            raise ArgumentError(f"capset {capset_id} has more than {LARGEST} bytes")
    if 1 not in found:
        if 2 not in found:
            raise ArgumentError("a vtest server has to offer capset 1 or 2")
        # As hosts fill both: the same but for max_version
        found[1] = 1, (1).to_bytes(4, "little") + found[2][1][4:SIZE_1].ljust(SIZE_1 - 4, b"\0")
    return found
