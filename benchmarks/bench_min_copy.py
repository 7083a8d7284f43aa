"""How long does one min-size copy take, where the smaller size is not known beforehand? And where it is, for scale?"""

from __future__ import annotations

import ctypes
import struct
from io import BytesIO

import numpy
import pytest

from capcodec import VirglCapsV2, min_copy
from rivals import DATA, ffi

SIZES = (308, 380, 1408)
CASES = {
    "capcodec": "min_copy(d, s)",
    "bytearray slice": "n = min(len(d), len(s)); d[:n] = s[:n]",
    "memoryview slice, kept": "n = min(len(dv), len(sv)); dv[:n] = sv[:n]",
    "BytesIO.readinto": "source.seek(0); source.readinto(d)",
    "cffi memmove": "memmove(d, s, min(len(d), len(s)))",
    "numpy slice": "n = min(da.size, sa.size); da[:n] = sa[:n]",
    "ctypes memmove": "ctypes.memmove(dc, s, min(len(dc), len(s)))",
    "struct.pack_into, size known": "pack_into(d, 0, s)",
}


def names(size: int) -> dict:
    source, d = BytesIO(DATA), bytearray(size)
    return {
        "ctypes": ctypes,
        "d": d,
        "da": numpy.frombuffer(d, numpy.uint8),
        "dc": (ctypes.c_char * size).from_buffer(d),
        "dv": memoryview(d),
        "memmove": ffi.memmove,
        "min_copy": min_copy,
        "pack_into": struct.Struct(f"{size}s").pack_into,
        "s": DATA,
        "sa": numpy.frombuffer(DATA, numpy.uint8),
        "source": source,
        "sv": memoryview(DATA),
    }


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("who", CASES)
def test_min_copy(measure, who, size):
    measure(f"min_copy of 1408 bytes into {size}", CASES[who], names(size))


@pytest.mark.parametrize("who", CASES)
def test_all_copy_the_same(who):
    scope = names(380)
    exec(CASES[who], scope)
    assert scope["d"] == DATA[:380]


def test_into_an_instance(measure):
    scope = {"guest": VirglCapsV2.guest_defaults(380), "min_copy": min_copy, "host": VirglCapsV2.unpack(DATA)}
    measure("min_copy between instances, 380 bytes", "min_copy(guest, host)", scope)
