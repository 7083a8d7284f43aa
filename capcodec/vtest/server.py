"""A host of our own: a vtest server that offers any capset, well enough for a real Mesa as its guest.

It draws nothing. A guest can connect, create contexts and resources, and tell which OpenGL version the capset gives
it::

    with VtestServer({2: blob}, path) as server:
        subprocess.run(["glxinfo"], env=server.environment())

The server stays up whatever guests do. If it has no descriptor or thread left for another guest it logs that (logger
``capcodec.vtest.server``), waits a moment and goes on. If 64 guests are connected and one more comes, the longest idle
one is disconnected: first one that never gave a whole command, then the one whose last command is the longest ago.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import stat
import threading
from collections import deque
from typing import TYPE_CHECKING

from ..classes import VirglCapsV1
from ..errors import ArgumentError, SourceError, wrong_buffer
from ..messages.virtio_gpu import MAX_CAPSET_SIZE
from . import protocol as vtest
from .session import Session
from .wire import Wire, checked_timeout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Buffer, Self

MAX_GUESTS = 64  # guests at once
MAX_SESSIONS = 64  # sessions that are kept, of guests that came last
PAUSE = 0.1  # seconds, after a guest could not be taken

_log = logging.getLogger(__name__)


class VtestServer:
    """Listens on a Unix socket while its context lasts, with a thread for each guest.

    Args:
        capsets: the bytes of each capset by its id, or a pair of ``max_version`` and bytes. Without capset 1 the
            server sends the start of capset 2 for it. Without capset 2 it ignores the command for it, as servers
            before 2018 do. Other capsets, such as venus, need version 3 of the protocol, and then are enough alone.
        path: where to listen. A socket at which nobody listens is replaced. Mesa 22.3 looks only at the default; newer
            ones, 25.0 among them, look at the path in ``VTEST_SOCKET_NAME``.
        protocol_version: the newest version to agree on, at most 3; 0 for a server that knows no versions.
        timeout: seconds that each message from a guest, or to it, may take. Between messages there is no limit.

    Attributes:
        guests: how many guests came so far.

    Raises:
        ArgumentError: there is no capset that this protocol can ask for, a capset is too large, or another argument is
            out of range.
        BufferAccessError: the bytes of a capset are no buffer.
        SourceError: the server cannot listen there.
    """

    def __init__(
        self,
        capsets: Mapping[int, Buffer | tuple[int, Buffer]],
        path: str = vtest.DEFAULT_SOCKET,
        *,
        protocol_version: int = vtest.SERVER_VERSION,
        timeout: float = 10.0,
    ) -> None:
        self.path = path
        self.guests: int = 0
        if not 0 <= protocol_version <= vtest.SERVER_VERSION:
            raise ArgumentError(f"expected a protocol version of 0..{vtest.SERVER_VERSION}, got {protocol_version}")
        self._capsets = _offered(capsets, protocol_version)
        self._newest = protocol_version
        self._timeout = checked_timeout(timeout)
        self._sessions: deque[Session] = deque(maxlen=MAX_SESSIONS)
        self._threads: dict[Session, threading.Thread] = {}
        self._closing = threading.Event()
        self._counting = threading.Lock()
        self._trouble = ""
        self._listener: socket.socket | None = None

    @property
    def sessions(self) -> list[Session]:
        """The sessions of the guests that came last, at most 64 (``MAX_SESSIONS``), in the order of their coming."""
        return list(self._sessions)

    def __enter__(self) -> Self:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            remove_stale(self.path)
            listener.bind(self.path)
            self._made = identity(self.path)
            listener.listen(MAX_GUESTS)
        except (OSError, ValueError) as error:  # ValueError: a path with a null byte
            listener.close()
            number, reason = getattr(error, "errno", None), getattr(error, "strerror", None) or error
            raise SourceError(number, f"cannot listen at {self.path}: {reason}") from error
        self._listener = listener
        self._closing.clear()
        self._accepting = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening, end every session, and remove the socket that this server made."""
        if self._listener is None:
            return
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._accepting.join()
        self._listener.close()
        self._listener = None
        for session in self._threads:
            session.end()
        for thread in self._threads.values():
            thread.join()
        self._threads.clear()
        if identity(self.path) == self._made:  # somebody else may have put another in its place
            with contextlib.suppress(OSError):
                os.unlink(self.path)

    def environment(self) -> dict[str, str]:
        """Environment variables for a program that is to be a guest of this server: this process's, and Mesa's.

        Mesa 22.3 does not know ``VTEST_SOCKET_NAME``: the server has to listen at the default path for it.
        """
        return {
            **os.environ,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "GALLIUM_DRIVER": "virpipe",
            "VTEST_SOCKET_NAME": self.path,
        }

    def _accept(self, listener: socket.socket) -> None:
        """Take guests until the server closes."""
        while not self._closing.is_set():
            try:
                sock, _ = listener.accept()
            except OSError as error:
                self._wait(f"cannot take a guest: {error.strerror}")
                continue
            try:
                self._start(sock)
            except (OSError, RuntimeError, MemoryError) as error:
                sock.close()
                self._wait(f"cannot start a thread for a guest, and sends it away: {str(error) or 'no memory'}")
            else:
                self._trouble = ""

    def _start(self, sock: socket.socket) -> None:
        """A session for a guest, in a thread of its own."""
        self._threads = {session: thread for session, thread in self._threads.items() if thread.is_alive()}
        if len(self._threads) >= MAX_GUESTS:
            self._disconnect_the_longest_idle()
        wire = Wire(sock, f"guest {self.guests}", self._timeout)
        session = Session(wire, self._capsets, self._newest)

        def run() -> None:
            with self._counting:  # a guest is counted before it is answered
                pass
            session.run()

        thread = threading.Thread(target=run, daemon=True)
        with self._counting:
            thread.start()
            self._threads[session] = thread
            self._sessions.append(session)
            self.guests += 1

    def _disconnect_the_longest_idle(self) -> None:
        session = min(self._threads, key=lambda session: session.idle_since)
        session.end(SourceError(f"disconnected as the longest idle of {MAX_GUESTS} guests, since another one came"))
        self._threads.pop(session).join(self._timeout)

    def _wait(self, trouble: str) -> None:
        """Say what is wrong, once, and try again after a moment."""
        if self._closing.is_set():
            return
        if trouble != self._trouble:
            _log.warning("the vtest server at %s %s", self.path, trouble)
        self._trouble = trouble
        self._closing.wait(PAUSE)


def identity(path: str) -> tuple[int, int] | None:
    """What tells one file from another; None if there is none."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def remove_stale(path: str) -> None:
    """Remove a socket that a server left behind."""
    before = identity(path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            # A file that is no socket refuses as well
            if stat.S_ISSOCK(os.lstat(path).st_mode) and identity(path) == before:
                os.unlink(path)
        except OSError:
            return  # there is nothing, or no socket: bind will say


def _offered(capsets: Mapping[int, Buffer | tuple[int, Buffer]], protocol: int) -> dict[int, tuple[int, bytes]]:
    """Highest version and bytes of each capset."""
    found = {}
    for capset_id, given in capsets.items():
        max_version, data = given if isinstance(given, tuple) else (capset_id if capset_id < 3 else 0, given)
        try:
            with memoryview(data) as view:
                size = view.nbytes
                found[capset_id] = max_version, view.tobytes() if size <= MAX_CAPSET_SIZE else b""
        except (TypeError, ValueError, BufferError) as error:
            raise wrong_buffer("VtestServer", f"the bytes of capset {capset_id}", data, error) from None
        if size > MAX_CAPSET_SIZE:
            raise ArgumentError(f"capset {capset_id} has more than {MAX_CAPSET_SIZE} bytes")
    if not found or (protocol < vtest.VERSION_WITH_GET_CAPSET and not found.keys() & {1, 2}):
        raise ArgumentError(
            f"a vtest server has to offer capset 1 or 2, or from protocol {vtest.VERSION_WITH_GET_CAPSET} on any"
        )
    if 1 not in found and 2 in found:
        # Hosts fill both alike, but for max_version
        size = VirglCapsV1.size
        found[1] = 1, (1).to_bytes(4, "little") + found[2][1][4:size].ljust(size - 4, b"\0")
    return found
