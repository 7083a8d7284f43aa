"""Bulk copies, against records copied one by one in Python."""

from __future__ import annotations

import random
import sys
import threading
import time

import numpy
import pytest

from capcodec import ArgumentError, BufferAccessError, VirglCapsV2, min_copy_many


def expected(dst: bytes, src: bytes, at: int, source_at: int, args: tuple, tail: str) -> bytes:
    """What must become of `dst`: every record is read before any is written."""
    dst_stride, src_stride, count, dst_size, src_size = args
    n, result = min(dst_size, src_size), bytearray(dst)
    for i in range(count):
        to, source = at + i * dst_stride, source_at + i * src_stride
        result[to : to + n] = src[source : source + n]
        if tail == "zero":
            result[to + n : to + dst_size] = bytes(dst_size - n)
    return bytes(result)


def random_arguments(rng: random.Random, longest: int) -> tuple:
    dst_size, src_size = rng.randint(0, 40), rng.randint(0, 40)
    dst_stride = max(1, dst_size + rng.choice([0, 0, 1, 7]))
    src_stride = max(1, src_size + rng.choice([0, 0, 3, 24]))
    count = rng.randint(0, (longest - 40) // max(dst_stride, src_stride))
    return dst_stride, src_stride, count, dst_size, src_size


def copy(dst, src, args: tuple, tail: str) -> int:
    dst_stride, src_stride, count, dst_size, src_size = args
    return min_copy_many(dst, src, dst_stride, src_stride, count, dst_size=dst_size, src_size=src_size, tail=tail)


@pytest.mark.parametrize("seed", range(400))
def test_as_one_by_one(seed):
    rng = random.Random(seed)
    args, tail = random_arguments(rng, 600), rng.choice(["keep", "zero"])
    dst, src = bytearray(rng.randbytes(660)), rng.randbytes(660)
    at, source_at = rng.randint(0, 60), rng.randint(0, 60)
    before = bytes(dst)
    copied = copy(memoryview(dst)[at:], memoryview(src)[source_at:], args, tail)
    assert copied == args[2] * min(args[3], args[4])
    assert dst == expected(before, src, at, source_at, args, tail)


@pytest.mark.parametrize("seed", range(600))
def test_overlapping_as_if_all_were_read_first(seed):
    rng = random.Random(seed)
    args, tail = random_arguments(rng, 400), rng.choice(["keep", "zero"])
    memory = bytearray(rng.randbytes(460))
    at, source_at = rng.randint(0, 60), rng.randint(0, 60)
    before = bytes(memory)
    copy(memoryview(memory)[at:], memoryview(memory)[source_at:], args, tail)
    assert memory == expected(before, before, at, source_at, args, tail)


def holders(data: bytes) -> list:
    """The same bytes in objects that are asked for them in different ways."""
    return [bytearray(data), memoryview(bytearray(data)), numpy.frombuffer(data, numpy.uint8).copy(), VirglCapsV2(data)]


@pytest.mark.parametrize("seed", range(100))
def test_two_buffers_and_two_strides(seed):
    """The call that skips the parsing of arguments, of no record, one, few, and more than are copied at once."""
    rng = random.Random(seed)
    dst_stride, src_stride, room = rng.randint(1, 300), rng.randint(1, 300), rng.choice([0, 100, 700, 40_000])
    before, data = rng.randbytes(room), rng.randbytes(rng.randint(0, room))
    count = len(data) // src_stride
    for source in [data, *holders(data)]:
        for target in holders(before):
            if count and (count - 1) * dst_stride + dst_stride > room:
                with pytest.raises(ArgumentError, match="dst"):
                    min_copy_many(target, source, dst_stride, src_stride)
                assert bytes(target) == before
                continue
            copied = min_copy_many(target, source, dst_stride, src_stride)
            args = dst_stride, src_stride, count, dst_stride, src_stride
            assert bytes(target) == expected(before, data, 0, 0, args, "keep")
            assert copied == count * min(dst_stride, src_stride)
    for read_only in (before, VirglCapsV2.view(before)):
        with pytest.raises(BufferAccessError, match="dst"):
            min_copy_many(read_only, data, dst_stride, src_stride)


@pytest.mark.parametrize("offset", [0, 1, 8, 16, 63])
@pytest.mark.parametrize(
    ("dst_size", "src_size", "tail"), [(1376, 1408, "keep"), (309, 308, "zero"), (65, 700, "keep")]
)
def test_more_than_the_caches_hold(offset, dst_size, src_size, tail):
    """Past 4 MiB whole lines are written by another way; alignment and odd sizes must not show."""
    count = (5 << 20) // dst_size + 7
    src = numpy.random.default_rng(offset).integers(0, 256, count * src_size, numpy.uint8)
    memory = numpy.full(count * dst_size + 128, 0xA5, numpy.uint8)
    dst = memory[offset : offset + count * dst_size]
    n = min(dst_size, src_size)
    assert min_copy_many(dst, src, dst_size, src_size, tail=tail) == count * n
    assert (dst.reshape(count, dst_size)[:, :n] == src.reshape(count, src_size)[:, :n]).all()
    assert (dst.reshape(count, dst_size)[:, n:] == 0).all()
    assert (memory[:offset] == 0xA5).all()
    assert (memory[offset + count * dst_size :] == 0xA5).all()


def test_gaps_between_records_are_left_alone():
    count = (5 << 20) // 1376 + 1
    src = numpy.full(count * 1408, 7, numpy.uint8)
    dst = numpy.full(count * 1400, 9, numpy.uint8)
    min_copy_many(dst, src, 1400, 1408, dst_size=1376)
    rows = dst.reshape(count, 1400)
    assert (rows[:, :1376] == 7).all()
    assert (rows[:, 1376:] == 9).all()


def test_count_is_what_the_source_holds():
    dst = bytearray(100)
    assert min_copy_many(dst, b"abcdefg", 3, 2) == 6
    assert dst == b"ab\0cd\0ef\0" + bytes(91)
    assert min_copy_many(dst, b"xyz", 3, 2, src_size=1) == 2
    assert dst[:6] == b"xb\0zd\0"
    assert min_copy_many(dst, b"", 3, 2) == 0


WRONG = [
    ((3, 0), {}, "expected a stride of src of 1 or more, got int 0"),
    ((0, 3), {}, "expected a stride of dst of 1 or more, got int 0"),
    ((3, -3), {}, "expected a stride of src of 1 or more, got int -3"),
    ((3, 1.5), {}, "expected a stride of src of 1 or more, got float 1.5"),
    ((2**70, 3), {}, "expected a stride of dst of 1 or more"),
    ((3, 3), {"src_size": 4}, "expected a size of src of 0..3, got int 4"),
    ((3, 3), {"dst_size": -1}, "expected a size of dst of 0..3, got int -1"),
    ((3, 3, -1), {}, "expected a count of 0 or more, got int -1"),
    ((3, 3, 5), {}, "5 records of 3 bytes every 3 do not fit into the 12 bytes of src"),
    ((4, 3, 4), {}, "4 records of 4 bytes every 4 do not fit into the 15 bytes of dst"),
    ((1, 1, 2**62), {}, "do not fit"),
    ((2**62, 2**62, 2**62), {"src_size": 1, "dst_size": 1}, "do not fit"),
    ((3, 3), {"tail": "cut"}, "expected tail='keep' or tail='zero', got str 'cut'"),
]  # fmt: skip


@pytest.mark.parametrize(("positional", "named", "words"), WRONG)
def test_wrong_arguments(positional, named, words):
    dst = bytearray(b"unchanged bytes")
    with pytest.raises(ArgumentError) as caught:
        min_copy_many(dst, bytes(12), *positional, **named)
    assert words in str(caught.value)
    assert dst == b"unchanged bytes"


def test_wrong_buffers():
    with pytest.raises(BufferAccessError, match="min_copy_many to dst: expected a writable contiguous buffer"):
        min_copy_many(b"read only", b"source", 1, 1)
    with pytest.raises(BufferAccessError, match="min_copy_many from src: expected a contiguous buffer"):
        min_copy_many(bytearray(9), memoryview(b"source")[::2], 1, 1)
    with pytest.raises(BufferAccessError):
        min_copy_many(bytearray(9), 5, 1, 1)


def test_other_threads_run_meanwhile():
    """With switches all but forbidden, another thread can only get on if a copy itself lets it. A busy machine may not
    give it a processor at once."""
    go, ran = threading.Lock(), []
    go.acquire()
    thread = threading.Thread(target=lambda: (go.acquire(), ran.append(True)))
    src, dst = bytes(60_000_000), bytearray(60_000_000)
    interval = sys.getswitchinterval()
    thread.start()
    try:
        sys.setswitchinterval(1000)
        go.release()
        deadline = time.monotonic() + 30
        while not ran and time.monotonic() < deadline:
            min_copy_many(dst, src, 600, 600)
        seen = bool(ran)
    finally:
        sys.setswitchinterval(interval)
        thread.join()
    assert seen
