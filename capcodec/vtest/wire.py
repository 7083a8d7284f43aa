"""A socket of which every answer comes whole and in time, or not at all."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from ..errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 16


class Wire:
    """A connected stream socket, and who is at its other end.

    Args:
        sock: the socket; closed with this.
        party: how to call the other end in errors.
        timeout: seconds that any one message may take, from its first byte to its last.
    """

    def __init__(self, sock: socket.socket, party: str, timeout: float) -> None:
        self.sock = sock
        self.party = party
        self.timeout = timeout
        self._deadline = 0.0

    def begin(self) -> None:
        """A message begins: from here its time counts."""
        self._deadline = time.monotonic() + self.timeout

    def close(self) -> None:
        """Close the socket; once more does nothing."""
        self.sock.close()

    def _arm(self, what: str) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise SourceError(f"{self.party} did not {what} within {self.timeout:g} seconds")
        self.sock.settimeout(left)

    def send(self, data: bytes) -> None:
        """All of the data.

        Raises:
            SourceError: the other end has gone, or does not read.
        """
        view = memoryview(data)
        while view:
            self._arm("take what was sent")
            try:
                view = view[self.sock.send(view) :]
            except TimeoutError:
                continue  # to be told by the clock
            except OSError as error:
                raise SourceError(error.errno, f"{self.party} takes no more: {error.strerror}") from error

    def receive(self, size: int, what: str) -> bytes:
        """Exactly ``size`` bytes, of what the error will call ``what``.

        Raises:
            SourceError: the other end stopped, closed or failed before.
        """
        parts = bytearray()
        for part in self.chunks(size, what):
            parts += part
        return bytes(parts)

    def drop(self, size: int, what: str) -> None:
        """Read ``size`` bytes and forget them, without room for all at once."""
        for _ in self.chunks(size, what):
            pass

    def chunks(self, size: int, what: str) -> Iterator[bytes]:
        """``size`` bytes as they come."""
        got = 0
        while got < size:
            self._arm(f"send {what}, of which {got} of {size} bytes came,")
            try:
                part = self.sock.recv(min(CHUNK, size - got))
            except TimeoutError:
                continue  # to be told by the clock
            except OSError as error:
                raise SourceError(error.errno, f"{self.party} broke off in {what}: {error.strerror}") from error
            if not part:
                raise SourceError(f"{self.party} closed the connection after {got} of {size} bytes of {what}")
            got += len(part)
            yield part
