"""What our servers have in common: a Unix socket, and a session in a thread of its own for each guest that comes."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import stat
import threading
from collections import deque
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from ..errors import SourceError

if TYPE_CHECKING:
    from typing_extensions import Self

MAX_SESSIONS = 64  # sessions that are kept, of guests that came last
PAUSE = 0.1  # seconds, after a guest could not be taken


class _Runs(Protocol):
    def run(self) -> None: ...

    def end(self) -> None: ...


_Session = TypeVar("_Session", bound=_Runs)


class Listener(Generic[_Session]):
    """Listens on a Unix socket while its context lasts.

    What keeps it from taking a guest goes to the logger that has the name of the subclass's module, once as long as it
    stays the same. Then it waits a moment and goes on.

    Args:
        path: where to listen. A socket at which nobody listens is replaced.
        name: what the log calls the server.
        guest: what the log calls a guest.
        most: guests at once.

    Attributes:
        path: where it listens.
        guests: how many guests came so far. A guest is counted before it is answered.

    Raises:
        SourceError: it cannot listen there.
    """

    def __init__(self, path: str, *, name: str, guest: str, most: int) -> None:
        self.path: str = path
        self.guests: int = 0
        self._name = name
        self._guest = guest
        self._most = most
        self._sessions: deque[_Session] = deque(maxlen=MAX_SESSIONS)
        self._threads: dict[_Session, threading.Thread] = {}
        self._closing = threading.Event()
        self._counting = threading.Lock()
        self._trouble = ""
        self._listener: socket.socket | None = None

    @property
    def sessions(self) -> list[_Session]:
        """The sessions of the guests that came last, at most 64 (``MAX_SESSIONS``), in the order of their coming."""
        return list(self._sessions)

    def __enter__(self) -> Self:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            _remove_stale(self.path)
            listener.bind(self.path)
            self._made = _identity(self.path)
            listener.listen(self._most)
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
        if _identity(self.path) == self._made:  # somebody else may have put another in its place
            with contextlib.suppress(OSError):
                os.unlink(self.path)

    def _session(self, sock: socket.socket, party: str) -> _Session:
        """A session for a guest that came, which errors call ``party``."""
        raise NotImplementedError

    def _made_room(self) -> bool:
        """Whether one of the guests, which are as many as there may be, had to go for another."""
        return False

    def _accept(self, listener: socket.socket) -> None:
        """Take guests until the server closes."""
        while not self._closing.is_set():
            try:
                sock, _ = listener.accept()
            except OSError as error:
                self._wait(f"cannot take a {self._guest}: {error.strerror}")
                continue
            self._threads = {session: thread for session, thread in self._threads.items() if thread.is_alive()}
            if len(self._threads) >= self._most and not self._made_room():
                sock.close()
                self._wait(f"has {self._most} {self._guest}s, and sends one away")
                continue
            try:
                self._start(sock)
            except (OSError, RuntimeError, MemoryError) as error:
                sock.close()
                reason = str(error) or "no memory"
                self._wait(f"cannot start a thread for a {self._guest}, and sends it away: {reason}")
            else:
                self._trouble = ""

    def _start(self, sock: socket.socket) -> None:
        """A session for a guest, in a thread of its own."""
        session = self._session(sock, f"{self._guest} {self.guests}")

        def run() -> None:
            with self._counting:  # until the guest is counted
                pass
            session.run()

        thread = threading.Thread(target=run, daemon=True)
        with self._counting:
            thread.start()
            self._threads[session] = thread
            self._sessions.append(session)
            self.guests += 1

    def _wait(self, trouble: str) -> None:
        """Say what is wrong, once, and try again after a moment."""
        if self._closing.is_set():
            return
        if trouble != self._trouble:
            logging.getLogger(type(self).__module__).warning("the %s at %s %s", self._name, self.path, trouble)
        self._trouble = trouble
        self._closing.wait(PAUSE)


def _identity(path: str) -> tuple[int, int] | None:
    """What tells one file from another; None if there is none."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _remove_stale(path: str) -> None:
    """Remove a socket that a server left behind."""
    before = _identity(path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            # A file that is no socket refuses as well
            if stat.S_ISSOCK(os.lstat(path).st_mode) and _identity(path) == before:
                os.unlink(path)
        except OSError:
            return  # there is nothing, or no socket: bind will say
