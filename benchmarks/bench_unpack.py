"""How long until the bytes of a capset are an object of its own?"""

from __future__ import annotations

import numpy
import pytest

from capcodec import VirglCapsV2
from rivals import C_TYPE, DATA, Caps, Flat, dtype, ffi

CASES = {
    "capcodec": "VirglCapsV2.unpack(DATA)",
    "ctypes": "Caps.from_buffer_copy(DATA)",
    "cffi": "ffi.memmove(ffi.new(C_TYPE), DATA, 1408)",
    "numpy": "numpy.frombuffer(DATA, dtype)[0].copy()",
    "struct": "Flat.unpack(DATA)",
}


@pytest.mark.parametrize("who", CASES)
def test_unpack(measure, who):
    measure("unpack 1408 bytes, owned copy", CASES[who], globals())


def test_all_read_the_same():
    assert VirglCapsV2.unpack(DATA).pack() == bytes(Caps.from_buffer_copy(DATA)) == Flat.pack(*Flat.unpack(DATA))
    assert numpy.frombuffer(DATA, dtype)[0].tobytes() == bytes(ffi.buffer(ffi.from_buffer(C_TYPE, DATA))) == DATA
