"""One guest's connection to our server: every command is read whole, and those about capsets are answered."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import time
from collections import Counter
from typing import TYPE_CHECKING

from ..errors import CapcodecError, MessageError, SourceError, without_frames
from . import protocol as vtest
from .wire import CHUNK, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_NAME = 1 << 12  # bytes of a program's name
MAX_DATA = 1 << 28  # bytes that go with one command; a full screen of 8K pixels has half of it


class Session:
    """What one guest asked.

    Attributes:
        name: name of the guest's program, as the guest gave it.
        protocol_version: the version that both sides agreed on.
        commands: how often each command came, by name.
        error: why the session ended, if the guest did not simply close the connection between two commands.
    """

    def __init__(self, wire: Wire, capsets: Mapping[int, tuple[int, bytes]], newest: int) -> None:
        self.name: bytes = b""
        self.protocol_version: int = 0
        self.commands: Counter[str] = Counter()
        self.error: CapcodecError | None = None
        self._wire = wire
        self._capsets = capsets
        self._newest = newest
        self._resources = 0
        self._ended: SourceError | None = None
        self._idle_since = False, time.monotonic()

    @property
    def idle_since(self) -> tuple[bool, float]:
        """Whether the guest ever gave a whole command, and the time of its last one, or of its coming."""
        return self._idle_since

    def run(self) -> None:
        """Answer the guest until it closes the connection, breaks the protocol, or :meth:`end` is called."""
        try:
            while self._command():
                self._idle_since = True, time.monotonic()
        except CapcodecError as error:
            self.error = without_frames(error)
        except MemoryError:
            self.error = SourceError(errno.ENOMEM, f"{self._wire.party} had to go: there is no memory for it")
        finally:
            self.error = self._ended or self.error
            self._wire.close()

    def end(self, why: SourceError | None = None) -> None:
        """Close the connection, from another thread. ``why`` becomes the session's error."""
        self._ended = why
        with contextlib.suppress(OSError):
            self._wire.sock.shutdown(socket.SHUT_RDWR)

    def _command(self) -> bool:
        """Read and answer one command; False at the end of the connection."""
        try:
            self._wire.sock.settimeout(None)  # between commands a guest may think as long as it likes
            first = self._wire.sock.recv(1)
        except OSError as error:
            raise SourceError(error.errno, f"{self._wire.party} broke off: {error.strerror}") from error
        if not first:
            return False
        self._wire.begin()
        rest = self._wire.receive(vtest.VtestHdr.size - 1, "a command's header")
        head = vtest.VtestHdr.unpack(first + rest)
        name = vtest.named(head.cmd_id)
        self.commands[name] += 1
        if head.cmd_id == vtest.VCMD_CREATE_RENDERER:
            self.name = self._wire.receive(_bounded(head.length, MAX_NAME, name), name).rstrip(b"\0")
        elif head.cmd_id == vtest.VCMD_SUBMIT_CMD:
            self._wire.drop(_bounded(4 * head.length, MAX_DATA, name), name)
        elif head.cmd_id in vtest.ARGUMENTS:
            count = vtest.ARGUMENTS[head.cmd_id]
            if head.length < count:
                raise MessageError(f"{name}: expected a length of {count} dwords at byte 0, got {head.length}")
            words = vtest.words_of(self._wire.receive(4 * count, name))
            if head.cmd_id in _ANSWERS:
                _ANSWERS[head.cmd_id](self, words)
        else:
            raise MessageError(f"{name} at byte 4 is none that this server knows")
        return True

    def _get_caps2(self, words: tuple[int, ...]) -> None:
        if 2 in self._capsets:  # an old server does not know the command, and stays silent
            self._wire.send(vtest.caps_reply(vtest.CAPS2_REPLY, self._capsets[2][1]))

    def _get_caps(self, words: tuple[int, ...]) -> None:
        _, data = self._capsets.get(1, (0, b""))
        self._wire.send(vtest.caps_reply(vtest.VCMD_GET_CAPS, data))

    def _get_capset(self, words: tuple[int, ...]) -> None:
        capset_id, version = words
        max_version, data = self._capsets.get(capset_id, (-1, b""))
        self._wire.send(vtest.capset_reply(data if version <= max_version else None))

    def _get_param(self, words: tuple[int, ...]) -> None:
        self._wire.send(vtest.message(vtest.VCMD_GET_PARAM, 0, 0))  # no parameter is known: not valid, value 0

    def _ping(self, words: tuple[int, ...]) -> None:
        if self._newest:
            self._wire.send(vtest.message(vtest.VCMD_PING_PROTOCOL_VERSION))

    def _version(self, words: tuple[int, ...]) -> None:
        self.protocol_version = min(words[0], self._newest)
        self._wire.send(vtest.message(vtest.VCMD_PROTOCOL_VERSION, self.protocol_version))

    def _busy_wait(self, words: tuple[int, ...]) -> None:
        self._wire.send(vtest.message(vtest.VCMD_RESOURCE_BUSY_WAIT, 0))  # nothing is ever busy here

    def _create(self, words: tuple[int, ...]) -> None:
        self._send_resource_id(vtest.VCMD_RESOURCE_CREATE)

    def _create_in_memory(self, words: tuple[int, ...]) -> None:
        size = _bounded(words[10], MAX_DATA, "RESOURCE_CREATE2")
        self._send_resource_id(vtest.VCMD_RESOURCE_CREATE2)
        if not size:
            return
        try:
            memory = os.memfd_create("capcodec")
            try:
                os.truncate(memory, size)
                socket.send_fds(self._wire.sock, [b"\0"], [memory])
            finally:
                os.close(memory)
        except OSError as error:
            raise SourceError(error.errno, f"{self._wire.party} gets no memory: {error.strerror}") from error

    def _send_resource_id(self, cmd_id: int) -> None:
        if self.protocol_version >= vtest.VERSION_WITH_RESOURCE_IDS:
            self._resources = (self._resources + 1) % (1 << 32)
            self._wire.send(vtest.message(cmd_id, self._resources))

    def _transfer_get(self, words: tuple[int, ...]) -> None:
        left = _bounded(words[10], MAX_DATA, "TRANSFER_GET")
        while left:
            part = min(left, CHUNK)
            self._wire.send(bytes(part))
            left -= part

    def _transfer_put(self, words: tuple[int, ...]) -> None:
        self._wire.drop(_bounded(words[10], MAX_DATA, "TRANSFER_PUT"), "TRANSFER_PUT")


# Commands with arguments that get an answer, or bring data of their own; all others of vtest.ARGUMENTS are only read
_ANSWERS: dict[int, Callable[[Session, tuple[int, ...]], None]] = {
    vtest.VCMD_GET_CAPS: Session._get_caps,
    vtest.VCMD_GET_CAPS2: Session._get_caps2,
    vtest.VCMD_GET_CAPSET: Session._get_capset,
    vtest.VCMD_GET_PARAM: Session._get_param,
    vtest.VCMD_PING_PROTOCOL_VERSION: Session._ping,
    vtest.VCMD_PROTOCOL_VERSION: Session._version,
    vtest.VCMD_RESOURCE_BUSY_WAIT: Session._busy_wait,
    vtest.VCMD_RESOURCE_CREATE: Session._create,
    vtest.VCMD_RESOURCE_CREATE2: Session._create_in_memory,
    vtest.VCMD_TRANSFER_GET: Session._transfer_get,
    vtest.VCMD_TRANSFER_PUT: Session._transfer_put,
}


def _bounded(size: int, max_size: int, name: str) -> int:
    if size > max_size:
        raise MessageError(f"{name}: announces {size} bytes of data, and no guest sends more than {max_size}")
    return size
