"""A VMM and its guest, as far as a backend sees them: they say what they are told to say, right or wrong."""

from __future__ import annotations

import array
import os
import socket
import struct
import time

from capcodec.vhost import protocol as vhost

GUEST, USER, SIZE = 0x40000000, 0x7F0000000000, 1 << 20  # where the memory is, and its bytes
RING = 16
DESC, AVAIL, USED, TABLE, DATA = 0x0, 0x1000, 0x2000, 0x3000, 0x8000  # offsets in the memory
NEXT, WRITE, INDIRECT = 1, 2, 4
FEATURES = vhost.bits(0, 1, 28, 29, 30, 32)


def message(request: int, payload: bytes = b"", flags: int = 1) -> bytes:
    return struct.pack("<3I", request, flags, len(payload)) + payload


def state(index: int, number: int) -> bytes:
    return struct.pack("<2I", index, number)


class FakeVmm:
    """A connection to a backend, a guest's memory, and its control queue.

    Attributes:
        memory: the file of the guest's memory.
    """

    def __init__(self, sock: socket.socket, *, features: int = FEATURES, size: int = SIZE) -> None:
        self.sock = sock
        self.sock.settimeout(20)
        self.features = features
        self.memory = os.memfd_create("guest")
        os.truncate(self.memory, size)
        self.kicks = [os.eventfd(0, os.EFD_NONBLOCK) for _ in range(2)]
        self.calls = [os.eventfd(0, os.EFD_NONBLOCK) for _ in range(2)]
        self.avail = [0, 0]
        self.seen = [0, 0]

    def __enter__(self):
        return self

    def __exit__(self, *exception) -> None:
        self.sock.close()
        for file in (self.memory, *self.kicks, *self.calls):
            os.close(file)

    def send(self, data: bytes, *files: int) -> None:
        socket.send_fds(self.sock, [data], list(files))

    def ask(self, request: int, payload: bytes = b"") -> bytes:
        self.send(message(request, payload))
        return self.reply(request)

    def reply(self, request: int) -> bytes:
        got, flags, size = struct.unpack("<3I", self._exactly(12))
        assert (got, flags) == (request, 5)
        return self._exactly(size)

    def acknowledged(self, request: int, payload: bytes = b"", *files: int) -> None:
        self.send(message(request, payload, 9), *files)
        assert self.reply(request) == bytes(8)

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self.sock.recv(size - len(data))
            assert part, "the backend hung up"
            data += part
        return data

    def start(self) -> None:
        """What QEMU says until the driver runs."""
        assert int.from_bytes(self.ask(vhost.VHOST_USER_GET_FEATURES), "little") == FEATURES
        offered = self.ask(vhost.VHOST_USER_GET_PROTOCOL_FEATURES)
        self.send(message(vhost.VHOST_USER_SET_PROTOCOL_FEATURES, offered))
        assert int.from_bytes(self.ask(vhost.VHOST_USER_GET_QUEUE_NUM), "little") == 2
        self.send(message(vhost.VHOST_USER_SET_OWNER))
        self.driver()

    def driver(self) -> None:
        """What QEMU says when the guest's driver sets its queues up."""
        self.acknowledged(vhost.VHOST_USER_SET_FEATURES, self.features.to_bytes(8, "little"))
        region = struct.pack("<2I4Q", 1, 0, GUEST, os.fstat(self.memory).st_size, USER, 0)
        self.acknowledged(vhost.VHOST_USER_SET_MEM_TABLE, region, self.memory)
        for index in range(2):
            base = index * 0x4000
            os.pwrite(self.memory, bytes(0x3000), base)
            self.avail[index] = self.seen[index] = 0
            self.send(message(vhost.VHOST_USER_SET_VRING_NUM, state(index, RING)))
            self.send(message(vhost.VHOST_USER_SET_VRING_BASE, state(index, 0)))
            parts = (USER + base + DESC, USER + base + USED, USER + base + AVAIL, 0)
            self.send(message(vhost.VHOST_USER_SET_VRING_ADDR, struct.pack("<2I4Q", index, 0, *parts)))
            number = index.to_bytes(8, "little")
            self.send(message(vhost.VHOST_USER_SET_VRING_KICK, number), self.kicks[index])
            self.send(message(vhost.VHOST_USER_SET_VRING_CALL, number), self.calls[index])
        for index in range(2):
            self.acknowledged(vhost.VHOST_USER_SET_VRING_ENABLE, state(index, 1))

    def stop(self) -> list[int]:
        """What QEMU says when the driver lets go; the indices that the backend has come to."""
        found = []
        for index in range(2):
            self.acknowledged(vhost.VHOST_USER_SET_VRING_ENABLE, state(index, 0))
            found.append(struct.unpack("<2I", self.ask(vhost.VHOST_USER_GET_VRING_BASE, state(index, 0)))[1])
        return found

    def descriptor(self, index: int, address: int, size: int, flags: int, following: int = 0, at: int = DESC) -> None:
        os.pwrite(self.memory, struct.pack("<QIHH", address, size, flags, following), at + 16 * index)

    def submit(self, head: int, queue: int = 0) -> None:
        """Make a chain available, and tell of it."""
        base = queue * 0x4000 + AVAIL
        os.pwrite(self.memory, struct.pack("<H", head), base + 4 + 2 * (self.avail[queue] % RING))
        self.avail[queue] = (self.avail[queue] + 1) % (1 << 16)
        os.pwrite(self.memory, struct.pack("<H", self.avail[queue]), base + 2)
        os.eventfd_write(self.kicks[queue], 1)

    def command(self, data: bytes, room: int, *, indirect: bool = False, wait: float = 10) -> bytes | None:
        """A command, and the answer in so many bytes; None if none comes in time."""
        os.pwrite(self.memory, data, DATA)
        os.pwrite(self.memory, b"\xa5" * min(room, SIZE - DATA - 0x20000), DATA + 0x20000)
        table = TABLE if indirect else DESC
        self.descriptor(0, GUEST + DATA, len(data), NEXT, 1, at=table)
        self.descriptor(1, GUEST + DATA + 0x20000, room, WRITE, at=table)
        if indirect:
            self.descriptor(0, GUEST + TABLE, 32, INDIRECT)
        self.submit(0)
        if not self.used(wait):
            return None
        entry = USED + 4 + 8 * (self.seen[0] % RING)
        self.seen[0] = (self.seen[0] + 1) % (1 << 16)
        head, written = struct.unpack("<2I", os.pread(self.memory, 8, entry))
        assert head == 0
        return os.pread(self.memory, written, DATA + 0x20000)

    def used(self, wait: float) -> bool:
        """Does a chain come back?"""
        deadline = time.monotonic() + wait
        while struct.unpack("<H", os.pread(self.memory, 2, USED + 2))[0] == self.seen[0]:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.0005)
        return True

    def told(self) -> int:
        """How often the guest was told of used chains since."""
        try:
            return os.eventfd_read(self.calls[0])
        except BlockingIOError:
            return 0


def connect(path: str) -> FakeVmm:
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(path)
    return FakeVmm(sock)


def descriptors(*files: int) -> list[tuple[int, int, bytes]]:
    return [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files).tobytes())]
