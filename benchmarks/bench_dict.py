"""How long until a capset of 688 values is a nested dict, and until such a dict is bytes?"""

from __future__ import annotations

import random
import struct

import numpy
import pytest

import rivals
from capcodec import VirglCapsV2


def dense() -> bytes:
    """A capset in which hardly any value is zero, as no host has it; floats are numbers, so that dicts compare."""
    data = bytearray(random.Random(1).randbytes(1408))
    for field in VirglCapsV2.layout.leaves():
        if field.type == "f32":
            data[field.offset : field.end] = struct.pack("<f", 1.5)
    return bytes(data)


def names(data: bytes) -> dict:
    capset = VirglCapsV2.unpack(data)
    return {
        **vars(rivals),
        "DATA": data,
        "VirglCapsV2": VirglCapsV2,
        "capset": capset,
        "pointer": rivals.ffi.from_buffer(rivals.C_TYPE, data),
        "record": numpy.frombuffer(data, rivals.words_dtype)[0],
        "structure": rivals.Caps.from_buffer_copy(data),
        "values": capset.to_dict(),
    }


KINDS = {"688 values": names(rivals.DATA), "688 values, none zero": names(dense())}
TO_DICT = {
    "capcodec": "capset.to_dict()",
    "struct, generated code": "struct_to_dict(DATA)",
    "ctypes, generated code": "ctypes_to_dict(structure)",
    "cffi, generated code": "cffi_to_dict(pointer)",
    "numpy, generated code": "numpy_to_dict(record)",
}
FROM_DICT = {
    "capcodec": "VirglCapsV2.from_dict(values).pack()",
    "cffi": "bytes(ffi.buffer(ffi.new(C_TYPE, values)))",
    "struct, generated code": "struct_from_dict(values)",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", TO_DICT)
def test_to_dict(measure, who, kind):
    measure(f"to_dict, {kind}", TO_DICT[who], KINDS[kind], statements=200)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", FROM_DICT)
def test_from_dict(measure, who, kind):
    measure(f"from_dict and pack, {kind}", FROM_DICT[who], KINDS[kind], statements=200)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", TO_DICT)
def test_all_make_the_same_dict(who, kind):
    assert eval(TO_DICT[who], KINDS[kind]) == KINDS[kind]["values"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", FROM_DICT)
def test_all_make_the_same_bytes(who, kind):
    assert eval(FROM_DICT[who], KINDS[kind]) == KINDS[kind]["DATA"]
