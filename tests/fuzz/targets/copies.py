"""Copies of one record and of many against the same made byte by byte in Python."""

from __future__ import annotations

import zlib
from typing import NamedTuple

from capcodec import CapcodecError, min_copy, min_copy_many
from choices import CallerError, Choices, hostile

from . import target


class Side(NamedTuple):
    """Records in a buffer."""

    memory: memoryview
    stride: int
    size: int

    def holds(self, count: int) -> bool:
        if not 0 <= self.size <= self.stride or not self.stride:
            return False
        return not count or (count - 1) * self.stride + self.size <= len(self.memory)


def slowly(dst: Side, src: Side, count: int, tail: str) -> int:
    """What min_copy_many does, where the two do not overlap."""
    size = min(dst.size, src.size)
    for record in range(count):
        for at in range(dst.size if tail == "zero" else size):
            byte = src.memory[record * src.stride + at] if at < size else 0
            dst.memory[record * dst.stride + at] = byte
    return count * size


def is_rare(data: bytes) -> bool:
    """Whatever an input is, few of those that a fuzzer makes of it are: what takes long is for these."""
    return zlib.crc32(data) % 64 == 0


def much() -> list[bytes]:
    """Inputs that copy much."""
    begun = [b"\3\0much" + bytes((a, b)) + b"123456789" for a, b in ((31, 31), (60, 20), (20, 60))]
    return [next(filter(is_rare, (start + bytes((end,)) for end in range(256)))) for start in begun]


def copy_much(choices: Choices) -> None:
    """More than caches hold: what is written goes past them."""
    dst_stride, src_stride = 33 + choices.below(64), 33 + choices.below(64)
    count = (5 << 20) // dst_stride
    src = ((choices.take(9) or b"7") * (count * src_stride // 9 + 9))[: count * src_stride].ljust(count * src_stride)
    dst = bytearray(count * dst_stride)
    assert min_copy_many(dst, src, dst_stride, src_stride, count, tail="zero") == count * min(dst_stride, src_stride)
    for record in {0, 1, count // 2, count - 1}:
        given = src[record * src_stride : (record + 1) * src_stride][:dst_stride]
        assert dst[record * dst_stride : (record + 1) * dst_stride] == given.ljust(dst_stride, b"\0")


@target(
    "src/cc_copy.h",
    plant=("src/cc_copy.h", "if (dst.data >= src.data && dst.stride >= src.stride) {", "if (dst.data >= src.data) {"),
    seeds=lambda: [
        *(bytes((kind, *range(at, at + 40))) for kind in range(3) for at in range(0, 200, 9)),
        *much(),
    ],
)
def copies(data: bytes) -> None:
    """Between any two parts of one buffer or of two, with any numbers."""
    choices = Choices(data)
    kind, flags = choices.below(4), choices.number()
    if kind == 3 and choices.take(4) == b"much" and is_rare(data):
        copy_much(choices)
        return
    memory = bytearray(range(256)) * 2
    source = memory if flags & 1 else bytearray(reversed(memory))
    before = bytes(memory)
    (dst_at, dst_stop), (src_at, src_stop) = ([choices.number(2) % 512 for _ in range(2)] for _ in range(2))
    dst, src = memoryview(memory)[dst_at:dst_stop], memoryview(source)[src_at:src_stop]
    tail = choices.pick(["keep", "keep", "zero", "zero", "none"])
    expected = bytearray(before)
    wanted, given = memoryview(expected)[dst_at:dst_stop], memoryview(bytes(src))
    possible = tail != "none"
    try:
        if kind == 0:
            n = min_copy(dst, src, tail=tail)
            assert n == slowly(Side(wanted, 1, len(wanted)), Side(given, 1, len(given)), 1, tail)
        elif kind == 1:
            numbers = [hostile(choices, ["x"]) for _ in range(5)]
            min_copy_many(dst, src, *numbers[:3], dst_size=numbers[3], src_size=numbers[4], tail=tail)
            return
        else:
            strides = [choices.number() % 64 for _ in range(2)]
            sizes = [min(choices.number() % 65, stride) if flags & 2 else None for stride in strides]
            to, origin = (
                Side(part, stride, stride if size is None else size)
                for part, stride, size in zip((wanted, given), strides, sizes, strict=True)
            )
            count = choices.number() % 40 if flags & 4 else None
            n = count
            if n is None:
                n = max(0, (len(given) - origin.size) // origin.stride + 1) if origin.stride else 0
            possible = possible and to.holds(n) and origin.holds(n)
            if possible:
                slowly(to, origin, n, tail)
            copied = min_copy_many(dst, src, *strides, count, dst_size=sizes[0], src_size=sizes[1], tail=tail)
            assert possible
            assert copied == n * min(to.size, origin.size)
        assert memory == expected
    except (CapcodecError, CallerError):
        assert kind == 1 or not possible
        assert memory == before
