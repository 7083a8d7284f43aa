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

import os
from typing import TYPE_CHECKING

from ..classes import VirglCapsV1
from ..errors import ArgumentError, SourceError, wrong_buffer
from ..messages.virtio_gpu import MAX_CAPSET_SIZE
from . import protocol as vtest
from .listener import Listener
from .session import Session
from .wire import Wire, checked_timeout

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from typing_extensions import Buffer

MAX_GUESTS = 64  # guests at once


class VtestServer(Listener[Session]):
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
        super().__init__(path, name="vtest server", guest="guest", most=MAX_GUESTS)
        if not 0 <= protocol_version <= vtest.SERVER_VERSION:
            raise ArgumentError(f"expected a protocol version of 0..{vtest.SERVER_VERSION}, got {protocol_version}")
        self._capsets = _offered(capsets, protocol_version)
        self._newest = protocol_version
        self._timeout = checked_timeout(timeout)

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

    def _session(self, sock: socket.socket, party: str) -> Session:
        return Session(Wire(sock, party, self._timeout), self._capsets, self._newest)

    def _made_room(self) -> bool:
        """Disconnect the longest idle guest."""
        session = min(self._threads, key=lambda session: session.idle_since)
        session.end(SourceError(f"disconnected as the longest idle of {MAX_GUESTS} guests, since another one came"))
        self._threads.pop(session).join(self._timeout)
        return True


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
