"""How long does it take to read one value: of the struct itself, of a struct in it, a bit, an element of an array?"""

from __future__ import annotations

import numpy
import pytest

from capcodec import VirglCapsV2
from rivals import C_TYPE, DATA, INDEX, Caps, Flat, dtype, ffi

capset = VirglCapsV2.unpack(DATA)
structure = Caps.from_buffer_copy(DATA)
record = numpy.frombuffer(DATA, dtype)[0]
pointer = ffi.from_buffer(C_TYPE, DATA)
values = Flat.unpack(DATA)
QUESTIONS = {
    "read a u32 of the struct itself": {
        "capcodec": "capset.max_texture_2d_size",
        "ctypes": "structure.max_texture_2d_size",
        "cffi": "pointer.max_texture_2d_size",
        "numpy": "record['max_texture_2d_size']",
        "struct": f"values[{INDEX[484]}]",
    },
    "read a u32 of the v1 in it": {
        "capcodec": "capset.max_samples",
        "ctypes": "structure.v1.max_samples",
        "cffi": "pointer.v1.max_samples",
        "numpy": "record['v1']['max_samples']",
        "struct": f"values[{INDEX[284]}]",
    },
    "read a bitfield of a struct in it": {
        "capcodec": "capset.bset.has_fp64",
        "ctypes": "structure.v1.bset.has_fp64",
        "cffi": "pointer.v1.bset.has_fp64",
        "numpy": "record['v1']['bset'] >> 23 & 1",
        "struct": f"values[{INDEX[260]}] >> 23 & 1",
    },
    "read a bitfield of an array of structs": {
        "capcodec": "capset.video_caps[3].max_width",
        "ctypes": "structure.video_caps[3].max_width",
        "cffi": "pointer.video_caps[3].max_width",
        "numpy": "record['video_caps'][3, 1] & 0xffff",
        "struct": f"values[{INDEX[912]}] & 0xffff",
    },
    "read by path": {
        "capcodec": "capset['video_caps[3].max_width']",
    },
}
CASES = [(question, who) for question, cases in QUESTIONS.items() for who in cases]


@pytest.mark.parametrize(("question", "who"), CASES)
def test_read(measure, question, who):
    measure(question, QUESTIONS[question][who], globals())


@pytest.mark.parametrize(("question", "who"), CASES)
def test_all_read_the_same(question, who):
    assert eval(QUESTIONS[question][who]) == eval(QUESTIONS[question]["capcodec"])
