"""One guest's connection: its commands are understood as far as it takes to stay in step, and capsets are answered."""

from __future__ import annotations

import os
import socket
from collections import Counter
from typing import TYPE_CHECKING

from ..errors import CapcodecError, MessageError, SourceError
from . import protocol as vtest
from .wire import CHUNK, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_NAME = 1 << 12  # bytes of a program's name
MOST_DATA = 1 << 28  # bytes that go with one command; a full screen of 8K pixels has half of it
FIRST_WITH_MEMORY = 2  # protocol version from which resources live in shared memory
FIRST_WITH_HANDLES = 3  # and from which the server numbers them


class Session:
    """What one guest asked.

    Attributes:
        name: of the program, as it told.
        protocol_version: that was agreed on.
        commands: how often each came, by name.
        error: why the session ended, if not by the guest's closing it between two commands.
    """

    def __init__(self, wire: Wire, capsets: Mapping[int, tuple[int, bytes]], newest: int) -> None:
        self.name = b""
        self.protocol_version = 0
        self.commands: Counter[str] = Counter()
        self.error: CapcodecError | None = None
        self._wire = wire
        self._capsets = capsets
        self._newest = newest
        self._handle = 0
        self._answers: dict[int, Callable[[tuple[int, ...]], None]] = {
            vtest.VCMD_GET_CAPS: self._get_caps,
            vtest.VCMD_GET_CAPS2: self._get_caps2,
            vtest.VCMD_GET_CAPSET: self._get_capset,
            vtest.VCMD_GET_PARAM: self._get_param,
            vtest.VCMD_PING_PROTOCOL_VERSION: self._ping,
            vtest.VCMD_PROTOCOL_VERSION: self._version,
            vtest.VCMD_RESOURCE_BUSY_WAIT: self._busy_wait,
            vtest.VCMD_RESOURCE_CREATE: self._create,
            vtest.VCMD_RESOURCE_CREATE2: self._create_in_memory,
            vtest.VCMD_TRANSFER_GET: self._transfer_get,
            vtest.VCMD_TRANSFER_PUT: self._transfer_put,
        }

    def run(self) -> None:
        """Until the guest closes the connection, or does what no guest does."""
        try:
            while self._command():
                pass
        except CapcodecError as error:
            self.error = error
        finally:
            self._wire.close()

    def _command(self) -> bool:
        """One command; False at the end."""
        self._wire.sock.settimeout(None)  # between commands a guest may think as long as it likes
        try:
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
            self.name = self._wire.receive(_bounded(head.length, MOST_NAME, name), name).rstrip(b"\0")
        elif head.cmd_id == vtest.VCMD_SUBMIT_CMD:
            self._wire.drop(_bounded(4 * head.length, MOST_DATA, name), name)
        elif head.cmd_id in vtest.ARGUMENTS:
            count = vtest.ARGUMENTS[head.cmd_id]
            if head.length < count:
                raise MessageError(f"{name}: expected a length of {count} dwords at byte 0, got {head.length}")
            data = self._wire.receive(4 * count, name)
            words = tuple(int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4))
            if head.cmd_id in self._answers:
                self._answers[head.cmd_id](words)
        else:
            raise MessageError(f"{name} at byte 4 is none that this server knows")
        return True

    def _send(self, message: bytes) -> None:
        self._wire.send(message)

    def _get_caps2(self, words: tuple[int, ...]) -> None:
        if 2 in self._capsets:  # an old server does not know the command, and stays silent
            self._send(vtest.caps_reply(vtest.CAPS2_REPLY, self._capsets[2][1]))

    def _get_caps(self, words: tuple[int, ...]) -> None:
        self._send(vtest.caps_reply(vtest.VCMD_GET_CAPS, self._capsets[1][1]))

    def _get_capset(self, words: tuple[int, ...]) -> None:
        capset_id, version = words
        max_version, data = self._capsets.get(capset_id, (-1, b""))
        self._send(vtest.capset_reply(data if version <= max_version else None))

    def _get_param(self, words: tuple[int, ...]) -> None:
        self._send(vtest.message(vtest.VCMD_GET_PARAM, 0, 0))  # no parameter is known: not valid, value 0

    def _ping(self, words: tuple[int, ...]) -> None:
        if self._newest:
            self._send(vtest.message(vtest.VCMD_PING_PROTOCOL_VERSION))

    def _version(self, words: tuple[int, ...]) -> None:
        self.protocol_version = min(words[0], self._newest)
        self._send(vtest.message(vtest.VCMD_PROTOCOL_VERSION, self.protocol_version))

    def _busy_wait(self, words: tuple[int, ...]) -> None:
        self._send(vtest.message(vtest.VCMD_RESOURCE_BUSY_WAIT, 0))  # nothing is ever busy here

    def _create(self, words: tuple[int, ...]) -> None:
        self._number(vtest.VCMD_RESOURCE_CREATE)

    def _create_in_memory(self, words: tuple[int, ...]) -> None:
        size = _bounded(words[10], MOST_DATA, "RESOURCE_CREATE2")
        self._number(vtest.VCMD_RESOURCE_CREATE2)
        if not size:
            return
        memory = os.memfd_create("capcodec")
        try:
            os.truncate(memory, size)
            socket.send_fds(self._wire.sock, [b"\0"], [memory])
        except OSError as error:
            raise SourceError(error.errno, f"{self._wire.party} takes no memory: {error.strerror}") from error
        finally:
            os.close(memory)

    def _number(self, cmd_id: int) -> None:
        if self.protocol_version >= FIRST_WITH_HANDLES:
            self._handle += 1
            self._send(vtest.message(cmd_id, self._handle))

    def _transfer_get(self, words: tuple[int, ...]) -> None:
        left = _bounded(words[10], MOST_DATA, "TRANSFER_GET")
        while left:
            part = min(left, CHUNK)
            self._send(bytes(part))
            left -= part

    def _transfer_put(self, words: tuple[int, ...]) -> None:
        self._wire.drop(_bounded(words[10], MOST_DATA, "TRANSFER_PUT"), "TRANSFER_PUT")


def _bounded(size: int, most: int, name: str) -> int:
    if size > most:
        raise MessageError(f"{name}: announces {size} bytes of data, and no guest sends more than {most}")
    return size
