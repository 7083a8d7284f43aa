"""Structs that are sets of numbers, against Python's sets."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import (
    FieldAbsentError,
    FieldRangeError,
    FieldTypeError,
    SchemaError,
    VirglCapsV2,
    VirglSupportedFormatMask,
    captures,
    define,
    formats,
)
from capcodec.schema import s32, struct, u8, u16, u32, u64

NUMBERS = st.sets(st.integers(0, 511))
CAPS = VirglCapsV2.unpack(captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin"))
EMPTY = VirglSupportedFormatMask()


@given(NUMBERS, NUMBERS)
def test_as_sets(a, b):
    mask, other = EMPTY | a, EMPTY | b
    assert (set(mask), set(other)) == (a, b)
    assert list(mask) == sorted(a) == mask.bitmask.bits()
    assert (len(mask), bool(mask)) == (len(a), bool(a))
    for made, expected in ((mask | other, a | b), (mask & other, a & b), (mask - other, a - b)):
        assert type(made) is VirglSupportedFormatMask
        assert set(made) == expected
        assert made == EMPTY | expected
    assert (set(a | other), set(a & other), set(a - other)) == (a | b, a & b, a - b)
    assert all((number in mask) == (number in a) for number in range(-2, 514))
    assert (mask, other) == (EMPTY | a, EMPTY | b), "what was there is as it was"


def test_formats_of_a_capset():
    caps = VirglCapsV2.unpack(bytes(CAPS))
    assert formats.B8G8R8A8_UNORM in caps.sampler
    caps.sampler -= {formats.B8G8R8A8_UNORM}
    assert formats.B8G8R8A8_UNORM not in caps.sampler
    assert caps.sampler | {formats.B8G8R8A8_UNORM} == CAPS.sampler
    assert caps.sampler != CAPS.sampler


@pytest.mark.parametrize("scalar", [u8, u16, u32, u64])
def test_words_of_any_size(scalar):
    cls = define(struct("words", scalar("w[3]"), mask=True))
    bits = 8 * scalar.size
    mask = cls(w=[1, 1 << bits - 1, 2])
    assert list(mask) == mask.w.bits() == [0, 2 * bits - 1, 2 * bits + 1]


def test_what_is_no_mask():
    for members in ([u32("a")], [u32("a[2][2]")], [s32("a[2]")], [u32("a[2]"), u32("b")]):
        with pytest.raises(SchemaError, match="a mask has one member"):
            define(struct("bad", *members, mask=True))
    assert not hasattr(VirglCapsV2, "__len__")


def test_what_is_refused():
    mask = VirglSupportedFormatMask()
    for wrong in ("R8_UNORM", 1.5, None):
        with pytest.raises(FieldTypeError, match="expected a number, got"):
            _ = wrong in mask
        with pytest.raises(FieldTypeError, match="expected a number, got"):
            _ = mask | {wrong}
    for number in (-1, 512, 1 << 4000):
        assert number not in mask
        with pytest.raises(FieldRangeError, match=r"expected 0\.\.511"):
            _ = mask | {number}
    for other in (1, [1], "text", VirglCapsV2(), CAPS.bset):
        with pytest.raises(TypeError):
            _ = mask | other
    with pytest.raises(FieldTypeError):
        mask.bitmask = CAPS.sampler  # whose numbers are no words
    cut = VirglSupportedFormatMask.unpack(bytes(63))
    for use in (len, list, lambda mask: 1 in mask, lambda mask: mask | {1}):
        with pytest.raises(FieldAbsentError):
            use(cut)
    assert list(VirglSupportedFormatMask.unpack(b"\xff" * 100))[-1] == 511, "a tail holds no numbers"


def test_a_set_that_lies():
    class Number:
        def __index__(self):
            numbers.add(len(numbers))
            return 3

    numbers = {Number()}
    assert list(EMPTY | numbers) == [3]


def test_threads_that_write_meanwhile():
    data = bytearray(64)
    mask = VirglSupportedFormatMask.view(data)
    stop = threading.Event()

    def write():
        while not stop.is_set():
            mask.bitmask = [0xFFFFFFFF] * 16
            mask.bitmask = [0] * 16

    thread = threading.Thread(target=write)
    thread.start()
    for _ in range(300):
        assert set(mask | {511}) >= {511}
        assert len(list(mask)) <= 512
    stop.set()
    thread.join()
