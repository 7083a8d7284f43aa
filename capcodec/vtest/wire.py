"""A stream socket with one deadline for each message: a message comes whole and in time, or not at all."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from ..errors import ArgumentError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 16  # bytes that are read or written at once
MAX_TIMEOUT = 1 << 20  # seconds, twelve days: sockets take no more than some 24


def checked_timeout(timeout: float) -> float:
    """The timeout, if a socket takes it.

    Raises:
        ArgumentError: it is not above 0, or too long.
    """
    if not 0 < timeout < MAX_TIMEOUT:
        raise ArgumentError(f"expected a timeout of more than 0 and less than {MAX_TIMEOUT} seconds, got {timeout}")
    return timeout


class Wire:
    """A connected stream socket, and the name of the party at its other end.

    Args:
        sock: the socket; :meth:`close` closes it.
        party: what errors call the other end.
        timeout: seconds that each message may take, from its first byte to its last.

    Raises:
        ArgumentError: the timeout is no positive number.
    """

    def __init__(self, sock: socket.socket, party: str, timeout: float) -> None:
        self.sock: socket.socket = sock
        self.party: str = party
        self.timeout: float = checked_timeout(timeout)
        self._deadline = 0.0

    def begin(self) -> None:
        """Start the time of a message."""
        self._deadline = time.monotonic() + self.timeout

    def close(self) -> None:
        """Close the socket. A second call does nothing."""
        self.sock.close()

    def _set_timeout(self, what: str) -> None:
        """Give the next call on the socket the time that is left.

        Raises:
            SourceError: none is left; the other end did not do ``what``.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise SourceError(f"{self.party} did not {what} within {self.timeout:g} seconds")
        self.sock.settimeout(left)

    def send(self, data: bytes) -> None:
        """Send all of the data.

        Raises:
            SourceError: the other end closed the connection, or does not read.
        """
        view = memoryview(data)
        while view:
            self._set_timeout("take what was sent")
            try:
                view = view[self.sock.send(view) :]
            except TimeoutError:
                continue  # _set_timeout finds no time left
            except OSError as error:
                raise SourceError(error.errno, f"{self.party} takes no more: {error.strerror}") from error

    def receive(self, size: int, what: str) -> bytes:
        """Exactly ``size`` bytes. Errors call them ``what``.

        Raises:
            SourceError: the other end stopped sending, closed the connection, or the connection failed.
        """
        parts = bytearray()
        for part in self.chunks(size, what):
            parts += part
        return bytes(parts)

    def drop(self, size: int, what: str) -> None:
        """Read ``size`` bytes and forget them, with memory for one chunk at a time."""
        for _ in self.chunks(size, what):
            pass

    def chunks(self, size: int, what: str) -> Iterator[bytes]:
        """``size`` bytes, in parts as they arrive."""
        got = 0
        while got < size:
            self._set_timeout(f"send {what}, of which {got} of {size} bytes came,")
            try:
                part = self.sock.recv(min(CHUNK, size - got))
            except TimeoutError:
                continue  # _set_timeout finds no time left
            except OSError as error:
                raise SourceError(error.errno, f"{self.party} broke off in {what}: {error.strerror}") from error
            if not part:
                raise SourceError(f"{self.party} closed the connection after {got} of {size} bytes of {what}")
            got += len(part)
            yield part
