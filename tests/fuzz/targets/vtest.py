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
from choices import Choices, number

from . import check_message, refusing, target

PING = protocol.message(protocol.VCMD_PING_PROTOCOL_VERSION)
WAITED = protocol.message(protocol.VCMD_RESOURCE_BUSY_WAIT, 0)


def answers() -> list[bytes]:
    """A choice of question, and what servers of several ages answer."""
    old = WAITED
    new = PING + WAITED + protocol.message(protocol.VCMD_PROTOCOL_VERSION, 3)
    caps = protocol.caps_reply(protocol.CAPS2_REPLY, b"\2" + bytes(40)) + protocol.caps_reply(1, b"\1" + bytes(307))
    capset = protocol.capset_reply(b"\5\6\7\0" * 9)
    found = [old + caps, new + caps + capset + protocol.capset_reply(None), new + capset, old + caps[52:], new, PING]
    return [bytes((question, 0, 0)) + part for question in range(3) for part in found]


class Scripted(socket.socket):
    """One end of a pair of sockets, whose other end has said all that it will say."""

    script = b""
    trouble: Exception | None = None

    def __init__(self, *_: object) -> None:
        ours, self._theirs = _socket.socketpair()
        super().__init__(fileno=ours.detach())
        self._theirs.sendall(self.script)
        self._theirs.shutdown(socket.SHUT_WR)

    def connect(self, address: object) -> None:
        """It is, unless that is the trouble."""
        if self.trouble is not None:
            raise self.trouble

    def close(self) -> None:
        self._theirs.close()
        super().close()


@target(
    "capcodec/vtest/client.py",
    plant=("capcodec/vtest/client.py", "if agreed > version:", "if agreed > version + 200:"),
    seeds=answers,
)
def vtest_client(data: bytes) -> None:
    """Capsets that a client accepts stand in what the server said."""
    choices = Choices(data)
    question = choices.below(3)
    troubles = [ConnectionRefusedError(111, "refused"), TimeoutError("late"), ValueError()]
    Scripted.trouble = choices.pick([*[None] * 29, *troubles])
    timeout = choices.pick([*[5.0] * 14, 1e-9, 0])
    script = Scripted.script = choices.rest()
    with mock.patch.object(socket, "socket", Scripted), refusing():
        with VtestClient("nowhere", timeout=timeout) as client:
            assert 0 <= client.protocol_version <= protocol.PROTOCOL_VERSION
            given = client.get_capset(4) if question == 1 else [client.get_caps, client.capsets][question // 2]()
        for answer in given if isinstance(given, list) else filter(None, [given]):
            assert answer.data in script
            assert repr(answer)


@target(
    "capcodec/vtest/protocol.py",
    plant=("capcodec/vtest/protocol.py", "return int(head.length) - 1", "return max(int(head.length) - 1, 4)"),
    seeds=lambda: [bytes((kind, *range(40))) for kind in range(4)],
)
def vtest_message(data: bytes) -> None:
    """A message of any numbers is refused, or has just these."""
    choices = Choices(data)
    kind, words = choices.below(4), [number(choices) for _ in range(choices.below(5))]
    with refusing():
        if kind == 0:
            message = protocol.message(choices.pick([*protocol.VCMD, 0, 99, -1]), *words)
            assert list(protocol.words_of(message[8:])) == words
        elif kind == 1:
            blob = choices.rest()
            reply = protocol.caps_reply(protocol.CAPS2_REPLY, blob)
            assert protocol.caps_size(protocol.VtestHdr.unpack(reply)) == len(blob) == len(reply) - 8
        elif kind == 2:
            blob = choices.rest()
            assert protocol.capset_reply(blob or None)[12:] == blob
        else:
            assert protocol.create_renderer(choices.rest()).endswith(b"\0")
            protocol.caps_size(protocol.VtestHdr(length=number(choices)))


class Guest:
    """A socket as far as a session uses one: what a guest says stands in memory, and what it hears is counted."""

    def __init__(self, script: bytes, piece: int, patience: int, trouble: BaseException) -> None:
        self._script = memoryview(script)
        self._piece = piece
        self._patience = patience
        self._trouble = trouble

    def _call(self) -> None:
        """Now and then a call takes too long, and after some the connection breaks."""
        self._patience -= 1
        if self._patience < 0:
            raise self._trouble
        if self._patience % 7 == 6:
            raise TimeoutError

    def settimeout(self, seconds: float | None) -> None:
        assert seconds is None or seconds > 0
        self._forever = seconds is None

    def recv(self, size: int) -> bytes:
        assert 0 < size <= 1 << 20
        if not self._forever or not self._patience:
            self._call()
        size = min(size, self._piece)
        part, self._script = bytes(self._script[:size]), self._script[size:]
        return part

    def send(self, data: bytes) -> int:
        self._call()
        return min(len(data), self._piece * 1000)

    def sendmsg(self, buffers: list[bytes], *_: object) -> int:
        return self.send(b"".join(buffers))

    def shutdown(self, how: int) -> None:
        raise OSError(107, "Transport endpoint is not connected")

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
    choices = [bytes((newest, 255, 251, 0, 0, 0)) for newest in range(4)]
    return [chosen + whole for chosen in choices] + [b"\3\1\x80\0\0\0" + part for part in everything]


@target(
    "capcodec/vtest/session.py",
    "capcodec/vtest/wire.py",
    plant=("capcodec/vtest/session.py", "min(words[0], self._newest)", "min(words[0], 3)"),
    seeds=commands,
)
def vtest_session(data: bytes) -> None:
    choices = Choices(data)
    newest, piece, patience = choices.below(4), 1 + choices.number(), choices.number()
    capsets = {1: (1, bytes(308)), 4: (0, bytes(160))} | ({2: (2, bytes(1408))} if newest else {})
    timeout = choices.pick([*[5.0] * 15, 1e-9])
    trouble = choices.pick([*[ConnectionResetError(104, "Connection reset by peer")] * 7, MemoryError()])
    ended = choices.pick([*[False] * 7, True])
    session = Session(Wire(Guest(choices.rest(), piece, patience, trouble), "a guest", timeout), capsets, newest)
    if ended:
        session.end(SourceError("the server stops"))
    session.run()
    assert ended == (str(session.error) == "the server stops")
    answered, since = session.idle_since
    assert answered <= bool(session.commands)
    assert since > 0
    check_message(session.error)
    assert 0 <= session.protocol_version <= newest
    assert sum(session.commands.values()) <= len(data)
