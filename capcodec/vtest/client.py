"""A client of a vtest server, which asks only for capsets."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from ..errors import MessageError, SourceError
from ..sources.answer import Answer, bounded
from . import protocol as vtest
from .wire import Wire, checked_timeout

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..structs._classes import _AnyStruct

ASKED_VERSION = 1  # the version that a vtest server passes to virgl_renderer_fill_caps for capsets 1 and 2


class VtestClient:
    """A session with a vtest server.

    Args:
        path: path of the server's socket.
        timeout: seconds that connecting may take, and each answer.
        name: name of this program, for the server's log.

    Attributes:
        party: what errors and answers call the server.
        protocol_version: the version that both sides agreed on; 0 for a server that knows no versions.

    Raises:
        SourceError: nobody listens there, or the listener is no vtest server.
        ArgumentError: the timeout is no positive number.
    """

    def __init__(self, path: str, *, timeout: float = 10.0, name: str = "capcodec") -> None:
        self.party: str = f"the vtest server at {path}"
        checked_timeout(timeout)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._wire = Wire(sock, self.party, timeout)
        try:
            sock.settimeout(timeout)
            sock.connect(path)
            self._wire.begin()
            self._wire.send(vtest.create_renderer(name.encode()))
            self.protocol_version: int = self._negotiate(vtest.PROTOCOL_VERSION)
        except SourceError:
            self.close()
            raise
        except (OSError, ValueError) as error:  # ValueError: a path with a null byte
            self.close()
            number, reason = getattr(error, "errno", None), getattr(error, "strerror", None) or error
            raise SourceError(number, f"{self.party} cannot be reached: {reason}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session. A second call does nothing."""
        self._wire.close()

    def _head(self, what: str) -> _AnyStruct:
        return vtest.VtestHdr.unpack(self._wire.receive(vtest.VtestHdr.size, f"the header of {what}"))

    def _words(self, cmd_id: int, count: int) -> tuple[int, ...]:
        """A reply of ``count`` dwords."""
        return self._body(self._head(vtest.named(cmd_id)), cmd_id, count)

    def _body(self, head: _AnyStruct, cmd_id: int, count: int) -> tuple[int, ...]:
        """The ``count`` dwords behind a header that has arrived."""
        name = vtest.named(cmd_id)
        if head.cmd_id != cmd_id or head.length != count:
            raise SourceError(
                f"{self.party} answers {name} with {vtest.named(head.cmd_id)} of length {head.length}, not {count}"
            )
        return vtest.words_of(self._wire.receive(4 * count, name))

    def _negotiate(self, version: int) -> int:
        """Agree on a version as Mesa does: an old server ignores the ping, and answers only what comes behind it."""
        self._wire.begin()
        self._wire.send(
            vtest.message(vtest.VCMD_PING_PROTOCOL_VERSION) + vtest.message(vtest.VCMD_RESOURCE_BUSY_WAIT, 0, 0)
        )
        head = self._head("the first reply")
        if head.cmd_id != vtest.VCMD_PING_PROTOCOL_VERSION:
            self._body(head, vtest.VCMD_RESOURCE_BUSY_WAIT, 1)
            return 0
        self._body(head, vtest.VCMD_PING_PROTOCOL_VERSION, 0)
        self._words(vtest.VCMD_RESOURCE_BUSY_WAIT, 1)
        self._wire.send(vtest.message(vtest.VCMD_PROTOCOL_VERSION, version))
        (agreed,) = self._words(vtest.VCMD_PROTOCOL_VERSION, 1)
        if agreed > version:
            raise SourceError(f"{self.party} wants protocol version {agreed} where at most {version} was offered")
        return agreed

    def get_caps(self) -> list[Answer]:
        """Capset 2, if the server knows GET_CAPS2, then capset 1. Both are asked for at once, as Mesa does.

        Raises:
            SourceError: the server stopped answering, closed the connection, or answered something else.
        """
        self._wire.begin()
        self._wire.send(vtest.message(vtest.VCMD_GET_CAPS2) + vtest.message(vtest.VCMD_GET_CAPS))
        head = self._head("GET_CAPS2")
        found = []
        if head.cmd_id == vtest.CAPS2_REPLY:
            found.append(self._caps(head, 2))
            head = self._head("GET_CAPS")
        if head.cmd_id != vtest.VCMD_GET_CAPS:
            raise SourceError(f"{self.party} answers GET_CAPS with {vtest.named(head.cmd_id)}")
        return [*found, self._caps(head, 1)]

    def _caps(self, head: _AnyStruct, capset_id: int) -> Answer:
        """The capset behind a header."""
        try:
            size = bounded(vtest.caps_size(head), self.party)
        except MessageError as error:
            raise SourceError(f"{self.party}: {error}") from error
        return Answer(capset_id, ASKED_VERSION, self._wire.receive(size, f"capset {capset_id}"), self.party)

    def get_capset(self, capset_id: int, version: int = 0) -> Answer | None:
        """Any capset, from protocol version 3 on; None if the server has none of that id and version.

        Raises:
            SourceError: the server speaks an older protocol, stopped answering, closed the connection, or answered
                something else.
            MessageError: the id or the version is no number of 32 bits.
        """
        needed = vtest.VERSION_WITH_GET_CAPSET
        if self.protocol_version < needed:
            raise SourceError(
                f"{self.party} speaks protocol {self.protocol_version}, and GET_CAPSET came with {needed}"
            )
        self._wire.begin()
        self._wire.send(vtest.message(vtest.VCMD_GET_CAPSET, capset_id, version))
        head = self._head("GET_CAPSET")
        if head.cmd_id != vtest.VCMD_GET_CAPSET or not head.length:
            raise SourceError(
                f"{self.party} answers GET_CAPSET with {vtest.named(head.cmd_id)} of length {head.length}"
            )
        size = bounded(4 * (head.length - 1), self.party)
        valid = self._wire.receive(4, "GET_CAPSET")
        data = self._wire.receive(size, f"capset {capset_id}")
        return Answer(capset_id, version, data, self.party) if any(valid) else None

    def capsets(self) -> list[Answer]:
        """All capsets that the server gives, in the order of their ids: 1, 2, and from protocol version 3 on 4 and 6.

        Raises:
            SourceError: the server stopped answering, closed the connection, or answered something else.
        """
        found = self.get_caps()
        if self.protocol_version >= vtest.VERSION_WITH_GET_CAPSET:
            found += filter(None, (self.get_capset(capset_id) for capset_id in (4, 6)))
        return sorted(found, key=lambda answer: answer.capset_id)
