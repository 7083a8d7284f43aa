"""Split virtqueues: rings and chains, right, wrong and random."""

from __future__ import annotations

import os
import random
import struct

import pytest

from capcodec import CapcodecError, MessageError
from capcodec.vhost.shared_memory import GuestMemory, Region
from capcodec.vhost.virtqueue import MAX_CHAIN, MAX_COMMAND, Virtqueue, VringDesc, check_size
from peak import OF_A_VMM, at_most

SIZE, DESC, AVAIL, USED, DATA = 8, 0, 0x100, 0x200, 0x1000
NEXT, WRITE, INDIRECT = 1, 2, 4
MEMORY = 1 << 18
MUTATIONS = int(os.environ.get("CAPCODEC_MUTATIONS", "3000"))


class Guest:
    """A ring in memory, and the queue that reads it."""

    def __init__(self, event_idx: bool = True, size: int = SIZE, last_avail: int = 0) -> None:
        self.file = os.memfd_create("guest")
        os.truncate(self.file, MEMORY)
        self.memory = GuestMemory([Region(0, MEMORY, 0, 0, self.file)])
        self.size, self.avail = size, last_avail
        os.pwrite(self.file, struct.pack("<H", last_avail), AVAIL + 2)
        os.pwrite(self.file, struct.pack("<H", last_avail), USED + 2)
        self.queue = Virtqueue(self.memory, size, DESC, AVAIL, USED, last_avail, event_idx)

    def describe(self, *rows: tuple[int, int, int, int], at: int = DESC) -> None:
        for index, row in enumerate(rows):
            os.pwrite(self.file, struct.pack("<QIHH", *row), at + 16 * index)

    def submit(self, *heads: int) -> None:
        for head in heads:
            os.pwrite(self.file, struct.pack("<H", head), AVAIL + 4 + 2 * (self.avail % self.size))
            self.avail = (self.avail + 1) % (1 << 16)
        os.pwrite(self.file, struct.pack("<H", self.avail), AVAIL + 2)

    def word(self, address: int) -> int:
        return struct.unpack("<H", os.pread(self.file, 2, address))[0]


@pytest.fixture
def guest():
    made = Guest()
    yield made
    made.memory.close()


def test_a_chain_goes_there_and_back(guest):
    os.pwrite(guest.file, b"command and more", DATA)
    guest.describe((DATA, 8, NEXT, 1), (DATA + 8, 8, NEXT, 2), (0x2000, 3, WRITE | NEXT, 3), (0x3000, 9, WRITE, 0))
    guest.submit(0)
    chain = guest.queue.take()
    assert (chain.command, chain.readable, chain.writable) == (b"command and more", 16, 12)
    guest.queue.give_back(chain, b"answers")
    assert os.pread(guest.file, 3, 0x2000) + os.pread(guest.file, 5, 0x3000) == b"answers\0"
    assert struct.unpack("<HH2I", os.pread(guest.file, 12, USED)) == (0, 1, 0, 7)
    assert guest.queue.take() is None


def test_an_answer_longer_than_its_room(guest):
    guest.describe((0x2000, 4, WRITE, 0))
    guest.submit(0)
    guest.queue.give_back(guest.queue.take(), bytes(range(1, 100)))
    assert os.pread(guest.file, 6, 0x2000) == b"\1\2\3\4\0\0"
    assert struct.unpack("<2I", os.pread(guest.file, 8, USED + 4)) == (0, 4)


def test_an_indirect_table(guest):
    os.pwrite(guest.file, b"command", DATA)
    guest.describe((DATA, 7, NEXT, 2), (9, 9, 9, 9), (0x2000, 5, WRITE, 0), at=0x4000)
    guest.describe((0x4000, 48, INDIRECT, 0))
    guest.submit(0)
    chain = guest.queue.take()
    assert (chain.head, chain.command, chain.room) == (0, b"command", ((0x2000, 5),))


def test_indices_wrap():
    guest = Guest(last_avail=65534)
    guest.describe((0x2000, 4, WRITE, 0))
    for number in range(5):
        guest.submit(0)
        guest.queue.give_back(guest.queue.take(), b"x")
        assert guest.queue.last_avail == guest.word(USED + 2) == (65535 + number) % 65536
        assert guest.queue.take() is None
    guest.memory.close()


@pytest.mark.parametrize("event_idx", [True, False])
def test_who_is_told(event_idx):
    guest = Guest(event_idx)
    guest.describe((0x2000, 4, WRITE, 0))

    def answer(count: int) -> bool:
        guest.submit(*[0] * count)
        for _ in range(count):
            guest.queue.give_back(guest.queue.take(), b"x")
        return guest.queue.must_tell()

    guest.queue.ask_to_be_told()
    assert guest.queue.must_tell() is False
    assert answer(1)
    if event_idx:
        assert not answer(2), "the guest wanted to be told of the first only"
        os.pwrite(guest.file, struct.pack("<H", 4), AVAIL + 4 + 2 * SIZE)
        assert not answer(1)
        assert answer(1), "and now of the fifth"
        guest.queue.ask_to_be_told()
        assert guest.word(USED + 4 + 8 * SIZE) == guest.avail
    else:
        os.pwrite(guest.file, struct.pack("<H", 1), AVAIL)
        assert not answer(2)
        os.pwrite(guest.file, struct.pack("<H", 0), AVAIL)
        assert answer(1)
    guest.memory.close()


def test_a_long_command_is_read_in_part(guest):
    guest.describe((0, MEMORY, NEXT, 1), (0, MEMORY, NEXT, 2), (0x2000, 4, WRITE, 0))
    guest.submit(0)
    chain = guest.queue.take()
    assert (len(chain.command), chain.readable) == (MAX_COMMAND, 2 * MEMORY)


@pytest.mark.parametrize(
    ("rows", "head", "message"),
    [
        ([], 8, "descriptor 8 is beyond a table of 8"),
        ([], 65535, "descriptor 65535 is beyond a table of 8"),
        ([(0, 0, NEXT, 9)], 0, "descriptor 9 is beyond a table of 8"),
        ([(0, 0, NEXT, 0)], 0, f"a chain has more than {MAX_CHAIN} descriptors, or none is its last"),
        ([(0, 0, NEXT, 1), (0, 0, NEXT, 0)], 0, "or none is its last"),
        ([(MEMORY, 1, 0, 0)], 0, "1 bytes at address 0x40000 of the guest are in no region"),
        ([((1 << 64) - 1, 0xFFFFFFFF, 0, 0)], 0, "are in no region"),
        ([(0, 4, NEXT | WRITE, 1), (0, 4, 0, 0)], 0, "descriptor 1 is to be read, and stands behind one to be written"),
        ([(0x4000, 0, INDIRECT, 0)], 0, "is no indirect table: 0 bytes"),
        ([(0x4000, 17, INDIRECT, 0)], 0, "is no indirect table: 17 bytes"),
        ([(0x4000, 16 * MAX_CHAIN + 16, INDIRECT, 0)], 0, "is no indirect table"),
        ([(0x4000, 16, INDIRECT | NEXT, 1)], 0, "is no indirect table: 16 bytes, flags 5"),
        ([(MEMORY, 16, INDIRECT, 0)], 0, "are in no region"),
        ([(0, 16, INDIRECT, 0)], 0, "is no indirect table"),  # the table is the ring itself, which names a table
    ],
)
def test_chains_that_are_none(guest, rows, head, message):
    guest.describe(*rows)
    guest.submit(head)
    with pytest.raises(MessageError, match=message):
        guest.queue.take()


def test_more_chains_than_the_ring_has(guest):
    os.pwrite(guest.file, struct.pack("<H", 9), AVAIL + 2)
    with pytest.raises(MessageError, match="makes 9 chains available in a ring of 8"):
        guest.queue.take()


@pytest.mark.parametrize("size", [0, -8, 3, 7, 1 << 16, 65535, 12])
def test_sizes_that_are_none(size):
    with pytest.raises(MessageError, match="expected a ring of a power of two entries"):
        check_size(size)


@pytest.mark.parametrize("parts", [(MEMORY - 127, AVAIL, USED), (DESC, MEMORY - 21, USED), (DESC, AVAIL, MEMORY - 69)])
def test_parts_outside_the_memory(guest, parts):
    with pytest.raises(MessageError, match="of the VMM are in no region"):
        Virtqueue(guest.memory, SIZE, *parts, 0, True)


def test_the_header_agrees():
    assert (VringDesc.size, VringDesc.fields["flags"].offset, VringDesc.fields["next"].offset) == (16, 12, 14)


def test_random_and_mutated_rings():
    """Whatever a guest writes into its rings: chains within bounds, or an error. CAPCODEC_MUTATIONS sets how many."""
    rng = random.Random(11)
    guest = Guest()
    taken = refused = 0
    good = struct.pack("<QIHHQIHH", DATA, 32, NEXT, 1, 0x2000, 64, WRITE, 0) + struct.pack(
        "<QIHH", 0x4000, 32, INDIRECT, 0
    )
    with at_most(OF_A_VMM):
        for number in range(MUTATIONS):
            rings = bytearray(good.ljust(16 * SIZE, b"\0") if number % 3 else rng.randbytes(16 * SIZE))
            for _ in range(rng.choice((0, 1, 2, 5))):
                rings[rng.randrange(len(rings))] = rng.choice((0, 1, 2, 3, 4, 255, rng.randrange(256)))
            os.pwrite(guest.file, bytes(rings), DESC)
            os.pwrite(guest.file, rng.randbytes(64) if number % 7 == 0 else good[:32] * 2, 0x4000)
            last = rng.choice((0, 1, 65535, rng.randrange(65536)))
            heads = [rng.choice((0, 2, 7, 8, 65535)) for _ in range(SIZE)]
            index = (last + rng.choice((0, 1, 3, SIZE, SIZE + 1, 60000))) % 65536
            os.pwrite(guest.file, struct.pack(f"<HH{SIZE}HH", rng.randrange(2), index, *heads, last), AVAIL)
            queue = Virtqueue(guest.memory, SIZE, DESC, AVAIL, USED, last, bool(number & 1))
            try:
                for _ in range(SIZE + 2):
                    chain = queue.take()
                    if chain is None:
                        queue.ask_to_be_told()
                        break
                    assert len(chain.command) <= MAX_COMMAND
                    assert len(chain.room) <= MAX_CHAIN
                    queue.give_back(chain, bytes(100))
                    taken += 1
                else:
                    pytest.fail("a ring gave more than it has")
                queue.must_tell()
            except CapcodecError:
                refused += 1
    assert taken > MUTATIONS / 10
    assert refused > MUTATIONS / 10
    guest.memory.close()
