"""A guest's memory: nothing outside its regions is touched, whatever becomes of the files."""

from __future__ import annotations

import os
import random

import pytest

from capcodec import MessageError, SourceError
from capcodec.vhost.shared_memory import MAX_REGIONS, GuestMemory, Region

TOP = (1 << 64) - 1


@pytest.fixture
def file():
    made = os.memfd_create("guest")
    os.truncate(made, 8192)
    yield made
    os.close(made)


def memory(file: int, *regions: tuple[int, int, int, int]) -> GuestMemory:
    return GuestMemory([Region(*region, os.dup(file)) for region in regions])


def test_what_one_side_writes_the_other_reads(file):
    found = memory(file, (0x1000, 4096, 0x9000, 4096), (0, 4096, 0x5000, 0))
    found.write(0x1010, b"hello")
    assert os.pread(file, 5, 4096 + 16) == b"hello" == found.read(0x9010, 5, user=True)
    os.pwrite(file, b"there", 5)
    assert found.read(5, 5) == found.read(0x5005, 5, user=True) == b"there"
    assert found.read(4096 + 4095, 1) == b"\0"
    found.close()
    found.close()


@pytest.mark.parametrize(
    ("address", "size"), [(4095, 2), (0, 4097), (4096 + 4096, 1), (TOP, 1), (TOP, TOP), (1 << 63, 0), (4090, 20)]
)
@pytest.mark.parametrize("user", [False, True])
def test_beyond_a_region(file, address, size, user):
    """Neighbours in the guest are two regions: nothing goes across."""
    found = memory(file, (0, 4096, 0, 0), (4096, 4096, 4096, 4096))
    with pytest.raises(MessageError, match=r"bytes at address 0x\w+ of the (VMM|guest) are in no region"):
        found.read(address, size, user=user)
    if size < 100:
        with pytest.raises(MessageError, match="are in no region"):
            found.write(address, bytes(size), user=user)
    found.close()


@pytest.mark.parametrize(
    ("region", "message"),
    [
        ((0, 0, 0, 0), "wraps, or is empty"),
        ((TOP, 2, 0, 0), "wraps, or is empty"),
        ((0, 2, TOP, 0), "wraps, or is empty"),
        ((0, 2, 0, TOP), "wraps, or is empty"),
        ((0, 8193, 0, 0), "ends at byte 8193, and its file has 8192"),
        ((0, 8192, 0, 1), "ends at byte 8193, and its file has 8192"),
    ],
)
def test_regions_that_cannot_be(file, region, message):
    with pytest.raises((MessageError, SourceError), match=message):
        GuestMemory([Region(*region, file)])


def test_files_that_cannot_be(tmp_path):
    reader, writer = os.pipe()
    with pytest.raises(SourceError, match="its file has 0"):
        GuestMemory([Region(0, 1, 0, 0, reader)])
    with pytest.raises(MessageError, match=f"expected 1 to {MAX_REGIONS} regions, got 0"):
        GuestMemory([])
    os.close(reader)
    os.close(writer)


def test_a_file_that_is_cut_short(file):
    """A mapping would kill this process."""
    found = memory(file, (0, 8192, 0, 0))
    os.truncate(file, 100)
    assert found.read(0, 100) == bytes(100)
    with pytest.raises(SourceError, match="ends at byte 100 of its file, which was longer"):
        found.read(0, 101)
    with pytest.raises(SourceError, match="ends at byte 100 of its file, which was longer"):
        found.write(99, b"xx")
    assert os.fstat(file).st_size == 100
    found.close()


def test_a_file_that_takes_nothing(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(4096))
    found = GuestMemory([Region(0, 4096, 0, 0, os.open(path, os.O_RDONLY))])
    with pytest.raises(SourceError, match="the guest's memory takes nothing: .*Bad file descriptor"):
        found.write(0, b"x")
    found.close()


def test_ten_thousand_random_places(file):
    rng = random.Random(3)
    found = memory(file, (1 << 40, 4096, 7, 0), (1 << 20, 4096, 1 << 50, 4096))
    inside = 0
    for _ in range(10000):
        user = rng.random() < 0.5
        start = rng.choice([1 << 40, 1 << 20, 7, 1 << 50, rng.getrandbits(64)]) + rng.randint(-9, 4200)
        size = rng.choice([0, 1, 2, 16, 4096, rng.getrandbits(13)])
        starts = (7, 1 << 50) if user else (1 << 40, 1 << 20)
        expected = any(base <= start and start + size <= base + 4096 for base in starts)
        try:
            assert len(found.read(start, size, user=user)) == size
            assert expected
            inside += 1
        except MessageError:
            assert not expected
    assert 500 < inside < 9000
    found.close()
