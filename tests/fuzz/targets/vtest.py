"""vtest: a client whose server says anything, and a server whose guest says anything."""

from __future__ import annotations

import _socket
import socket
from unittest import mock

from capcodec import SourceError
from capcodec.vtest import protocol
from capcodec.vtest.client import VtestClient
from capcodec.vtest.session import Session
from capcodec.vtest.wire import Wire
from choices import Choices

from . import check_message, target

PING = protocol.message(protocol.VCMD_PING_PROTOCOL_VERSION)
WAITED = protocol.message(protocol.VCMD_RESOURCE_BUSY_WAIT, 0)


def answers() -> list[bytes]:
    """A choice of question, and what servers of several ages answer."""
    old = WAITED
    new = PING + WAITED + protocol.message(protocol.VCMD_PROTOCOL_VERSION, 3)
    caps = protocol.caps_reply(protocol.CAPS2_REPLY, b"\2" + bytes(40)) + protocol.caps_reply(1, b"\1" + bytes(307))
    capset = protocol.capset_reply(b"\5\6\7\0" * 9)
    found = [old + caps, new + caps + capset + protocol.capset_reply(None), new + capset, old + caps[52:], new, PING]
    return [bytes((question,)) + part for question in range(3) for part in found]


class Scripted(socket.socket):
    """One end of a pair of sockets, whose other end has said all that it will say."""

    script = b""

    def __init__(self, *_: object) -> None:
        ours, self._theirs = _socket.socketpair()
        super().__init__(fileno=ours.detach())
        self._theirs.sendall(self.script)
        self._theirs.shutdown(socket.SHUT_WR)

    def connect(self, address: object) -> None:
        """It is."""

    def close(self) -> None:
        self._theirs.close()
        super().close()


@target(
    "capcodec/vtest/client.py",
    "capcodec/vtest/wire.py",
    plant=("capcodec/vtest/client.py", "", ""),
    seeds=answers,
)
def vtest_client(data: bytes) -> None:
    choices = Choices(data)
    question = choices.below(3)
    script = choices.rest()
    Scripted.script = script
    with mock.patch.object(socket, "socket", Scripted):
        try:
            with VtestClient("nowhere", timeout=5) as client:
                assert 0 <= client.protocol_version <= 4
                given = client.get_capset(4) if question == 1 else [client.get_caps, client.capsets][question // 2]()
        except SourceError as error:
            check_message(error)
            return
    for answer in given if isinstance(given, list) else [given] if given else []:
        assert answer.data in script
        assert repr(answer)


class Guest:
    """A socket as far as a session uses one: what a guest says stands in memory, and what it hears is counted."""

    def __init__(self, script: bytes, piece: int, patience: int) -> None:
        self._script = memoryview(script)
        self._piece = piece
        self._patience = patience

    def settimeout(self, seconds: float | None) -> None:
        assert seconds is None or seconds > 0

    def recv(self, size: int) -> bytes:
        assert 0 < size <= 1 << 20
        size = min(size, self._piece)
        part, self._script = bytes(self._script[:size]), self._script[size:]
        return part

    def send(self, data: bytes) -> int:
        self._patience -= 1
        if self._patience < 0:
            raise BrokenPipeError(32, "Broken pipe")
        return min(len(data), self._piece * 1000)

    def sendmsg(self, buffers: list[bytes], *_: object) -> int:
        return self.send(b"".join(buffers))

    def close(self) -> None:
        """Nothing to close."""


def commands() -> list[bytes]:
    """Choices of the server and the socket, then what a guest says."""
    m, p = protocol.message, protocol
    everything = [
        p.create_renderer(b"glxinfo"),
        PING,
        m(p.VCMD_PROTOCOL_VERSION, 3),
        m(p.VCMD_GET_CAPS2),
        m(p.VCMD_GET_CAPS),
    ]
    everything += [m(p.VCMD_GET_CAPSET, capset_id, 0) for capset_id in (1, 2, 4, 9)]
    everything += [m(p.VCMD_GET_PARAM, 1), m(p.VCMD_RESOURCE_BUSY_WAIT, 1, 0), m(p.VCMD_CONTEXT_INIT, 2)]
    everything += [m(p.VCMD_RESOURCE_CREATE, *range(10)), m(p.VCMD_RESOURCE_UNREF, 1)]
    everything += [m(p.VCMD_RESOURCE_CREATE2, *range(10), size) for size in (0, 4096)]
    everything += [m(p.VCMD_SUBMIT_CMD, 7, 8, 9), m(p.VCMD_TRANSFER_PUT, *range(10), 3, data=b"abc")]
    everything += [m(p.VCMD_TRANSFER_GET, *range(10), 300000), m(p.VCMD_TRANSFER_GET2, *range(10))]
    whole = b"".join(everything)
    return [bytes((newest, 255, 9)) + whole for newest in range(4)] + [b"\3\1\1" + part for part in everything]


@target(
    "capcodec/vtest/session.py",
    "capcodec/vtest/protocol.py",
    "capcodec/vtest/wire.py",
    plant=("capcodec/vtest/session.py", "", ""),
    seeds=commands,
)
def vtest_session(data: bytes) -> None:
    choices = Choices(data)
    newest, piece, patience = choices.below(4), 1 + choices.number(), choices.number()
    capsets = {1: (1, bytes(308)), 4: (0, bytes(160))} | ({2: (2, bytes(1408))} if newest else {})
    session = Session(Wire(Guest(choices.rest(), piece, patience), "a guest", 5), capsets, newest)
    session.run()
    check_message(session.error)
    assert 0 <= session.protocol_version <= newest
    assert sum(session.commands.values()) <= len(data)
