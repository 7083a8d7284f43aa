"""How long until an object is bytes again?"""

from __future__ import annotations

import numpy
import pytest

from capcodec import VirglCapsV2
from rivals import C_TYPE, DATA, Caps, Flat, dtype, ffi

capset = VirglCapsV2.unpack(DATA)
structure = Caps.from_buffer_copy(DATA)
record = numpy.frombuffer(DATA, dtype)[0]
pointer = ffi.from_buffer(C_TYPE, DATA)
values = Flat.unpack(DATA)
CASES = {
    "capcodec": "capset.pack()",
    "ctypes": "bytes(structure)",
    "cffi": "bytes(ffi.buffer(pointer))",
    "numpy": "record.tobytes()",
    "struct": "Flat.pack(*values)",
}


@pytest.mark.parametrize("who", CASES)
def test_pack(measure, who):
    measure("pack to 1408 bytes", CASES[who], globals())


@pytest.mark.parametrize("who", CASES)
def test_all_give_the_bytes(who):
    assert eval(CASES[who]) == DATA
