"""How long does it take to write one value? Ours is checked against the field's range; ctypes cuts it to size."""

from __future__ import annotations

import struct

import numpy
import pytest

from capcodec import VirglCapsV2
from rivals import C_TYPE, DATA, Caps, dtype, ffi

capset = VirglCapsV2.unpack(DATA)
structure = Caps.from_buffer_copy(DATA)
record = numpy.frombuffer(bytearray(DATA), dtype)[0]
memory = bytearray(DATA)
pointer = ffi.from_buffer(C_TYPE, memory)
pack_into = struct.Struct("<I").pack_into
CASES = {
    "capcodec": "capset.max_texture_2d_size = 8192",
    "ctypes, unchecked": "structure.max_texture_2d_size = 8192",
    "cffi": "pointer.max_texture_2d_size = 8192",
    "numpy": "record['max_texture_2d_size'] = 8192",
    "struct": "pack_into(memory, 484, 8192)",
}


@pytest.mark.parametrize("who", CASES)
def test_write(measure, who):
    measure("write a u32", CASES[who], globals())


def test_all_write_the_same():
    for statement in CASES.values():
        exec(statement, globals())
    assert capset.pack() == bytes(structure) == record.tobytes() == memory != DATA
