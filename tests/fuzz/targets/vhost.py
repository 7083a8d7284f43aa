"""vhost-user-gpu: a VMM that says anything, and a guest whose rings and commands are anything."""

from __future__ import annotations

import contextlib
import os
import socket
import struct

from capcodec.flow import Host
from capcodec.vhost.device import GpuDevice
from capcodec.vhost.memory import GuestMemory, Region
from capcodec.vhost.session import Session
from capcodec.vhost.virtqueue import MAX_CHAIN, MAX_COMMAND, Virtqueue
from choices import Choices

from . import check_message, refusing, target

HOST = Host({2: (2, bytes(range(200))), 63: (1, b"")})
SIZE, DESC, AVAIL, USED, MEMORY = 8, 0, 0x100, 0x200, 0x4000
FEATURES = struct.pack("<3IQ", 2, 1, 8, 0x170000003)
GOOD = struct.pack("<QIHHQIHHQIHH", 0x1000, 32, 1, 1, 0x2000, 64, 2, 0, 0x300, 32, 4, 0).ljust(AVAIL, b"\0")
GOOD += struct.pack("<HH8HH", 0, 3, 0, 2, 0, 0, 0, 0, 0, 0, 0)


def messages() -> list[bytes]:
    """What QEMU says, as far as it needs no descriptor."""
    said = [struct.pack("<3I", request, flags, 0) for request in (1, 3, 15, 17) for flags in (1, 9)]
    said += [FEATURES, struct.pack("<3I2I", 8, 1, 8, 0, 64), struct.pack("<3I2I", 18, 9, 8, 1, 1)]
    said += [struct.pack("<3I2I4Q", 9, 1, 40, 0, 0, 1, 2, 3, 4), struct.pack("<3I3I16x", 24, 1, 28, 0, 16, 0)]
    return [b"".join(said), *said, struct.pack("<3I2I4Q", 5, 1, 40, 1, 0, 0, MEMORY, 0, 0)]


@target(
    "capcodec/vhost/session.py",
    "capcodec/vhost/protocol.py",
    plant=("capcodec/vhost/session.py", "if index >= len(self._queues):", "if index > len(self._queues):"),
    seeds=lambda: [bytes((kinds,)) + said for said in messages() for kinds in (0, 1, 2)],
)
def vhost_session(data: bytes) -> None:
    """A session ends with an error of ours, or none, and with as many descriptors open as before."""
    choices = Choices(data)
    ours, theirs = socket.socketpair()
    made = [os.memfd_create("guest") for _ in range(choices.below(3))]
    for file in made:
        os.truncate(file, MEMORY)
    before = len(os.listdir("/proc/self/fd"))
    session = Session(ours, "VMM", [HOST], timeout=5)
    with contextlib.suppress(OSError):
        socket.send_fds(theirs, [choices.rest() or b"\0"], made)
        theirs.shutdown(socket.SHUT_WR)
    session.run()
    check_message(session.error)
    assert len(os.listdir("/proc/self/fd")) == before - 1, "ours is closed"
    for file in made:
        os.close(file)
    theirs.close()


@target(
    "capcodec/vhost/virtqueue.py",
    "capcodec/vhost/memory.py",
    plant=("capcodec/vhost/virtqueue.py", "if index >= size:", "if index > size + 9:"),
    seeds=lambda: [GOOD, GOOD[:AVAIL], GOOD[:80], bytes(9)],
    longest=900,
)
def vhost_rings(data: bytes) -> None:
    """A chain names descriptors within its table, and no more bytes than the bounds; no ring gives more than it has."""
    file = os.memfd_create("guest")
    os.truncate(file, MEMORY)
    os.pwrite(file, data[: MEMORY // 2], 0)
    os.pwrite(file, data[:64], 0x300)
    memory = GuestMemory([Region(0, MEMORY, 0, 0, file)])
    asked = []
    read = memory.read

    def watched(address: int, size: int, *, user: bool = False) -> bytes:
        asked.append((address, size, user))
        return read(address, size, user=user)

    memory.read = watched
    try:
        with refusing():
            queue = Virtqueue(memory, SIZE, DESC, AVAIL, USED, 0, bool(data[:1] > b"\x80"))
            for _ in range(SIZE + 1):
                del asked[:]
                chain = queue.take()
                tables = [address for address, size, user in asked if user and size == 16]
                assert all(address < AVAIL - 16 * (16 - SIZE) for address in tables), tables
                if chain is None:
                    break
                assert len(chain.command) <= MAX_COMMAND
                assert len(chain.room) <= MAX_CHAIN
                queue.give_back(chain, bytes(99))
            queue.ask_to_be_told()
            queue.must_tell()
    finally:
        memory.close()


@target(
    "capcodec/vhost/device.py",
    "capcodec/vhost/commands.py",
    "capcodec/vhost/display.py",
    plant=("capcodec/vhost/device.py", "data = data[:MAX_CAPSET_SIZE]", "data = data[capset_id % 7 :]"),
    seeds=lambda: [
        bytes((40,)) + struct.pack("<IIQII4I", kind, flags, 5, 1, 0, 2, 1, 0x1000, 0)
        for kind in (0x100, 0x104, 0x106, 0x108, 0x109, 0x10A, 0x204, 0x206, 0x207)
        for flags in (0, 3)
    ],
)
def vhost_device(data: bytes) -> None:
    """Every command has an answer, as long as the host's capset or as the header says; a fence is repeated."""
    choices = Choices(data)
    device = GpuDevice(HOST)
    while choices:
        command = choices.take(choices.below(256))
        answer = device.answer(command)
        assert answer.data is not None
        kind = int.from_bytes(answer.data[:4], "little")
        assert kind in {0x1100, 0x1101, 0x1102, 0x1103, 0x1104, 0x1200, 0x1205}
        if kind == 0x1103:
            asked = int.from_bytes(command[24:28], "little")
            assert len(answer.data) - 24 == HOST.describe(asked)[1]
        if len(command) >= 24 and command[4] & 1:
            assert answer.data[4:21] == command[4:21]
        assert all(len(written) == 16 for _, written in answer.writes)
