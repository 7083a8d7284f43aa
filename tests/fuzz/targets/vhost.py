"""vhost-user-gpu: a VMM that says anything, and a guest whose rings and commands are anything."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from unittest import mock

from capcodec.flow import Host
from capcodec.vhost import protocol as vhost
from capcodec.vhost import session
from capcodec.vhost.device import GpuDevice
from capcodec.vhost.session import Session
from capcodec.vhost.shared_memory import GuestMemory, Region
from capcodec.vhost.virtqueue import MAX_CHAIN, MAX_COMMAND, Virtqueue
from choices import Choices

from . import check_message, refusing, target

HOST = Host({2: (2, bytes(range(200))), 63: (1, b"")})
SILENT = Host({2: (2, b"silent")}, answer="never")
SIZE, DESC, AVAIL, USED, MEMORY = 8, 0, 0x100, 0x200, 0x4000
FEATURES = struct.pack("<3IQ", 2, 1, 8, 0x170000003)
GOOD = struct.pack("<QIHHQIHHQIHH", 0x1000, 32, 1, 1, 0x2000, 64, 2, 0, 0x300, 32, 4, 0).ljust(AVAIL, b"\0")
GOOD += struct.pack("<HH8HH", 0, 3, 0, 2, 0, 0, 0, 0, 0, 0, 0)
SAID_BY_QEMU, ANY_MESSAGE, RING, ANY_BYTES, ODD_FILE = range(5)  # what a VMM does next
TROUBLES = [None, None, None, "ended", "stops", "does not read", "told fails"]


def message(request: int, payload: bytes = b"", flags: int = 9) -> bytes:
    return struct.pack("<3I", request, flags, len(payload)) + payload


def command(kind: int, *words: int, flags: int = 0) -> bytes:
    return struct.pack(f"<IIQII{len(words)}I", kind, flags, 5, 1, 0, *words)


def query(resource: int, address: int = 0x1000, entries: int = 1) -> list[bytes]:
    """The commands that make a query, ask for its result, and forget it."""
    return [
        command(0x204, resource, 0, 0, 1 << 17, 16),
        command(0x106, resource, entries, address, 0, 16, 0),
        command(0x206, *[0] * 8, resource),
        command(0x102, resource),
    ]


COMMANDS = [command(0x109, 2, 1), command(0x108, 0), command(0x10A, flags=1), *query(1), b"none"]
LIFE = [*query(1), *query(2, entries=9), *COMMANDS]


def scripts() -> list[bytes]:
    """Choices of what a VMM does, as :func:`vhost_session` takes them."""
    start = [bytes((SAID_BY_QEMU, queue, features)) for queue in (0, 1) for features in range(4)]
    rings = [bytes((RING, queue, number, 1)) for queue in (0, 1) for number in range(len(COMMANDS))]
    stop = [bytes((ANY_MESSAGE, request, 1, 1, queue)) for request in range(len(REQUESTS)) for queue in (0, 1, 2)]
    found = [b"\0" + start[0] + start[4] + ring + stop[0] for ring in rings]
    found += [bytes((trouble,)) + start[0] + start[1] + rings[0] + start[2] for trouble in range(16)]
    found += [bytes((16 + trouble,)) + start[0] + rings[0] for trouble in range(16)]
    found += [b"\0" + start[0] + bytes((RING, 0, 0, kick)) for kick in range(4)]
    found += [b"\0" + start[0] + rings[0] + each + start[0] for each in stop]
    pairs = [(request, kind) for request in range(len(REQUESTS)) for kind in range(9)]
    found += [b"\0" + bytes((ANY_MESSAGE, request, 9, kind, 0)) for request, kind in pairs]
    found += [b"\0" + start[0] + bytes((ODD_FILE, request, kind)) for request in range(4) for kind in range(6)]
    found += [b"\0" + bytes((ANY_BYTES, len(said))) + said for said in (FEATURES, FEATURES[:13], b"\1" * 12, b"\7")]
    return found


REQUESTS = [*vhost.REQUESTS, 0, 99]
EVENTS = [vhost.VHOST_USER_SET_VRING_KICK, vhost.VHOST_USER_SET_VRING_CALL, vhost.VHOST_USER_SET_VRING_ERR]


class FuzzedVmm:
    """A VMM whose messages are sent before the session runs. It owns what it opens."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.ours, self.theirs = socket.socketpair()
        self.theirs.setblocking(False)
        self.memory = os.memfd_create("guest")
        os.truncate(self.memory, MEMORY)
        self.opened = [self.memory]
        self.kicks = [self.own(os.eventfd(0, os.EFD_NONBLOCK)) for _ in range(2)]
        self.call = self.own(os.eventfd(0, os.EFD_NONBLOCK))

    def own(self, file: int) -> int:
        self.opened.append(file)
        return file

    def close(self) -> None:
        self.theirs.close()
        for file in self.opened:
            os.close(file)

    def send(self, data: bytes, *files: int) -> None:
        with contextlib.suppress(OSError):  # no more than a socket takes
            socket.send_fds(self.theirs, [data], list(files))

    def act(self) -> None:
        choices = self.choices
        kind = choices.below(5)
        if kind == SAID_BY_QEMU:
            self.start(choices.below(3), choices.number())
        elif kind == ANY_MESSAGE:
            request, flags = choices.pick(REQUESTS), choices.below(16)
            payload = self.payload(choices.below(9), choices.below(4))
            self.send(message(request, payload, flags), *([self.memory] * choices.below(3)))
        elif kind == RING:
            self.fill(choices.below(2), choices.pick(COMMANDS), choices.below(4))
        elif kind == ANY_BYTES:
            self.send(choices.take(choices.below(64)) or b"\0", *([self.call] * choices.below(10)))
        else:
            self.send(message([*EVENTS, vhost.VHOST_USER_GPU_SET_SOCKET][choices.below(4)], bytes(8)), *self.odd())

    def odd(self) -> list[int]:
        """Files that are no eventfd: whose other end is closed, or of another kind."""
        kind = self.choices.below(6)
        reader, writer = os.pipe()
        if kind in (0, 1):
            os.close(writer if kind == 0 else reader)
            return [self.own(reader if kind == 0 else writer)]
        self.opened += [reader, writer]
        return [[], [self.memory], [self.call, self.call], [self.call]][kind - 2]

    def start(self, queue: int, bits: int) -> None:
        """What QEMU says until a queue is served, in its order; with or without some features."""
        features = vhost.bits(0, 1, 28, 32) | (bits & 1) << 29 | (~bits >> 1 & 1) << 30
        self.send(message(vhost.VHOST_USER_SET_PROTOCOL_FEATURES, (0x209).to_bytes(8, "little")))
        self.send(message(vhost.VHOST_USER_SET_FEATURES, (features & ~(bits >> 2 & 1)).to_bytes(8, "little")))
        where = 1 << 32 if bits & 8 else 0  # where the addresses of the queue are no longer
        region = struct.pack("<2I4Q", 1, 0, 0, MEMORY, where, 0)
        self.send(message(vhost.VHOST_USER_SET_MEM_TABLE, region), self.memory)
        self.send(message(vhost.VHOST_USER_SET_VRING_NUM, struct.pack("<2I", queue, SIZE)))
        parts = struct.pack("<2I4Q", queue, 0, DESC, USED, AVAIL, 0)
        self.send(message(vhost.VHOST_USER_SET_VRING_ADDR, parts))
        number = queue.to_bytes(8, "little")
        self.send(message(vhost.VHOST_USER_SET_VRING_KICK, number), self.kicks[queue % 2])
        self.send(message(vhost.VHOST_USER_SET_VRING_CALL, number), self.call)
        self.send(message(vhost.VHOST_USER_SET_VRING_ENABLE, struct.pack("<2I", queue, 1)))

    def fill(self, queue: int, given: bytes, kick: int) -> None:
        """What stands in the guest's memory when the session looks; the last one to write is right."""
        os.pwrite(self.memory, GOOD, 0)
        os.pwrite(self.memory, GOOD[:32], 0x300)
        os.pwrite(self.memory, given.ljust(64, b"\0"), 0x1000)
        if kick == 2:
            os.pwrite(self.memory, self.choices.take(40), self.choices.below(MEMORY))
        if kick == 3:
            os.pwrite(self.memory, bytes(2), AVAIL + 2)
        if kick:
            os.eventfd_write(self.kicks[queue], 1)

    def payload(self, kind: int, queue: int) -> bytes:
        choices = self.choices
        return [
            b"",
            struct.pack("<2I", queue, choices.pick([0, 1, SIZE, 3, 1 << 15, 0xFFFFFFFF])),
            (0x170000003).to_bytes(8, "little"),
            (0x100 | queue).to_bytes(8, "little"),
            struct.pack("<2I4Q", queue, 0, *(choices.pick([DESC, AVAIL, USED, MEMORY]) for _ in range(4))),
            struct.pack("<2I4Q", 1, 0, 0, choices.pick([MEMORY, 0, MEMORY + 1, 1 << 63]), choices.number(8), 0),
            struct.pack("<3I", choices.number(4), 16, 0) + bytes(16),
            struct.pack("<3I", 0, 16, 0) + bytes(16),
            choices.take(choices.below(64)),
        ][kind]


@target(
    "capcodec/vhost/session.py",
    "capcodec/vhost/protocol.py",
    plant=("capcodec/vhost/session.py", "if index >= len(self._queues):", "if index > len(self._queues):"),
    seeds=scripts,
)
def vhost_session(data: bytes) -> None:
    """A session ends with an error of ours, or none, and with as many descriptors open as before."""
    choices = Choices(data)
    first = choices.number()
    trouble = TROUBLES[first % 16 % len(TROUBLES)]
    before = len(os.listdir("/proc/self/fd"))
    vmm = FuzzedVmm(choices)

    def told(text: str) -> None:
        assert text
        if trouble == "told fails":
            raise MemoryError

    timeout = 1e-9 if trouble in ("stops", "does not read") else 5
    hosts = [HOST, SILENT] if first % 32 < 16 else [SILENT]
    made = Session(vmm.ours, "VMM", hosts, timeout=timeout, told=told)
    if trouble == "does not read":
        vmm.ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        for _ in range(99):
            vmm.send(message(vhost.VHOST_USER_GET_FEATURES, flags=1))
    for _ in range(24):
        if choices:
            vmm.act()
    if trouble == "ended":
        made.end()
    if trouble in ("stops", "does not read"):
        vmm.send(b"\1")
    else:
        vmm.theirs.shutdown(socket.SHUT_WR)
    with mock.patch.object(session, "PATIENCE", first % 2 * 2.0):
        made.run()
    check_message(made.error)
    assert len(made.trace) <= session.MAX_TRACE
    vmm.close()
    assert len(os.listdir("/proc/self/fd")) == before


# Kinds of memory: what comes of it is an error of ours
READ_ONLY, CUT, MANY, SECOND_ROUND = range(1, 5)
REGIONS = {5: (1 << 63, MEMORY, 1 << 63, 0), 6: (0, 0, 0, 0), 7: (0, 1 << 63, 1 << 63, 0), 8: (0, MEMORY, 0, 1 << 40)}


def rings() -> list[bytes]:
    """Choices of the memory and of features, then what stands in it."""
    contents = [GOOD, GOOD[:AVAIL], GOOD[:80], bytes(9)]
    return [bytes((kind, flag)) + content for kind in range(9) for flag in (0, 1) for content in contents]


@target(
    "capcodec/vhost/virtqueue.py",
    "capcodec/vhost/shared_memory.py",
    plant=("capcodec/vhost/virtqueue.py", "if index >= size:", "if index > size + 9:"),
    seeds=rings,
    longest=900,
)
def vhost_rings(data: bytes) -> None:
    """A chain names descriptors within its table, and no more bytes than the bounds; no ring gives more than it has."""
    choices = Choices(data)
    kind, event_idx = choices.below(16), choices.flag()
    made = os.memfd_create("guest")
    os.truncate(made, MEMORY)
    content = choices.rest()
    os.pwrite(made, content[: MEMORY // 2], 0)
    os.pwrite(made, content[:64], 0x300)
    file = os.open(f"/proc/self/fd/{made}", os.O_RDONLY if kind == READ_ONLY else os.O_RDWR)
    os.close(made)
    regions = [Region(*REGIONS.get(kind, (0, MEMORY, 0, 0)), file)] * (40 if kind == MANY else 1)
    memory = None
    try:
        with refusing():
            memory = GuestMemory(regions)
            if kind == CUT:
                os.truncate(file, 0x180)
            take_all(memory, bool(event_idx), kind == SECOND_ROUND)
    finally:
        if memory is None:
            os.close(file)
        else:
            memory.close()


def take_all(memory: GuestMemory, event_idx: bool, again: bool) -> None:
    """Take what a ring has."""
    asked = []
    read = memory.read

    def watched(address: int, size: int, *, user: bool = False) -> bytes:
        asked.append((address, size, user))
        return read(address, size, user=user)

    memory.read = watched
    queue = Virtqueue(memory, SIZE, DESC, AVAIL, USED, 0, event_idx)
    for _ in range(SIZE + 1):
        del asked[:]
        chain = queue.take()
        tables = [address for address, size, user in asked if user and size == 16]
        assert all(address < AVAIL - 16 * (16 - SIZE) for address in tables), tables
        if chain is None:
            break
        assert len(chain.command) <= MAX_COMMAND
        assert len(chain.room) <= MAX_CHAIN
        assert chain.writable == sum(size for _, size in chain.room)
        queue.give_back(chain, bytes(99))
    queue.ask_to_be_told()
    queue.must_tell()
    if again:
        assert not queue.must_tell()


@target(
    "capcodec/vhost/device.py",
    "capcodec/vhost/gpu_commands.py",
    "capcodec/vhost/display.py",
    plant=("capcodec/vhost/device.py", "data = data[:MAX_CAPSET_SIZE]", "data = data[capset_id % 7 :]"),
    seeds=lambda: [
        *(
            bytes((0, 40)) + command(kind, 2, 1, 0x1000, 0, flags=flags)
            for kind in (0x100, 0x104, 0x106, 0x108, 0x109, 0x10A, 0x204, 0x206, 0x207)
            for flags in (0, 3)
        ),
        *(bytes((silent,)) + b"".join(bytes((len(each),)) + each for each in LIFE) for silent in (0, 1)),
    ],
)
def vhost_device(data: bytes) -> None:
    """Every command has an answer, as long as the host's capset or as the header says; a fence is repeated."""
    choices = Choices(data)
    host = choices.pick([HOST, SILENT])
    device = GpuDevice(host)
    assert len(device.config) == 16
    while choices:
        given = choices.take(choices.below(256))
        answer = device.answer(given)
        if answer.data is None:
            assert host is SILENT
            continue
        kind = int.from_bytes(answer.data[:4], "little")
        assert kind in {0x1100, 0x1101, 0x1102, 0x1103, 0x1104, 0x1200, 0x1205}
        if kind == 0x1103:
            asked = int.from_bytes(given[24:28], "little")
            assert len(answer.data) - 24 == host.describe(asked)[1]
        if len(given) >= 24 and given[4] & 1:
            assert answer.data[4:21] == given[4:21]
        assert all(len(written) == 16 for _, written in answer.writes)
