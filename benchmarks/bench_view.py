"""How long until the bytes of a capset can be read in place?"""

from __future__ import annotations

import numpy
import pytest

from capcodec import VirglCapsV2
from rivals import C_TYPE, DATA, Caps, dtype, ffi

WRITABLE = bytearray(DATA)
CASES = {
    "capcodec": "VirglCapsV2.view(DATA)",
    "capcodec, writable": "VirglCapsV2.view(WRITABLE)",
    "cffi": "ffi.from_buffer(C_TYPE, DATA)",
    "ctypes, writable": "Caps.from_buffer(WRITABLE)",
    "numpy": "numpy.frombuffer(DATA, dtype)[0]",
}


@pytest.mark.parametrize("who", CASES)
def test_view(measure, who):
    measure("view 1408 bytes, no copy", CASES[who], globals())


def test_all_borrow():
    assert VirglCapsV2.view(WRITABLE).max_samples == Caps.from_buffer(WRITABLE).v1.max_samples
    assert numpy.frombuffer(DATA, dtype)[0]["v1"]["max_samples"] == ffi.from_buffer(C_TYPE, DATA).v1.max_samples
