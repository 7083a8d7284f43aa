"""How long until a capset of 688 values is a nested dict, and until such a dict is bytes?"""

from __future__ import annotations

import numpy
import pytest
import rivals

from capcodec import VirglCapsV2

capset = VirglCapsV2.unpack(rivals.DATA)
values = capset.to_dict()
NAMES = {
    **vars(rivals),
    "capset": capset,
    "pointer": rivals.ffi.from_buffer(rivals.C_TYPE, rivals.DATA),
    "record": numpy.frombuffer(rivals.DATA, rivals.words_dtype)[0],
    "structure": rivals.Caps.from_buffer_copy(rivals.DATA),
    "values": values,
}
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


@pytest.mark.parametrize("who", TO_DICT)
def test_to_dict(measure, who):
    measure("to_dict, 688 values", TO_DICT[who], NAMES, statements=200)


@pytest.mark.parametrize("who", FROM_DICT)
def test_from_dict(measure, who):
    measure("from_dict and pack, 688 values", FROM_DICT[who], NAMES, statements=200)


@pytest.mark.parametrize("who", TO_DICT)
def test_all_make_the_same_dict(who):
    assert eval(TO_DICT[who], NAMES) == values


@pytest.mark.parametrize("who", FROM_DICT)
def test_all_make_the_same_bytes(who):
    assert eval(FROM_DICT[who], NAMES) == rivals.DATA
