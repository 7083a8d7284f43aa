"""Messages of vtest, against bytes made by hand."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import MessageError, captures
from capcodec.vtest import protocol as vtest

BLOB = captures.load("virglrenderer-0.10.4-llvmpipe-gl.capset2.bin")


def test_vtest_messages():
    assert vtest.message(vtest.VCMD_RESOURCE_BUSY_WAIT, 5, 0) == struct.pack("<IIII", 2, 7, 5, 0)
    assert vtest.create_renderer(b"name") == struct.pack("<II", 5, 8) + b"name\0"
    assert vtest.caps_reply(2, BLOB) == struct.pack("<II", len(BLOB) + 1, 2) + BLOB
    assert vtest.caps_reply(1, bytes(308))[:8] == struct.pack("<II", 309, 1)
    assert vtest.capset_reply(bytes(160)) == struct.pack("<III", 41, 16, 1) + bytes(160)
    assert vtest.capset_reply(None) == struct.pack("<III", 1, 16, 0)
    for word in (-1, 1 << 32):
        with pytest.raises(MessageError, match=f"GET_CAPSET: expected words of 32 bits, got {word}"):
            vtest.message(vtest.VCMD_GET_CAPSET, 2, word)
    with pytest.raises(MessageError, match="a capset of 7 bytes is no whole number of dwords"):
        vtest.capset_reply(bytes(7))


@given(st.binary(min_size=8, max_size=8))
def test_any_vtest_header(data):
    head = vtest.VtestHdr.unpack(data)
    length, cmd_id = struct.unpack("<II", data)
    assert (head.length, head.cmd_id, head.pack()) == (length, cmd_id, data)
    assert vtest.named(cmd_id)
    if length:
        assert vtest.caps_size(head) == length - 1
    else:
        with pytest.raises(MessageError, match="at byte 0, got 0"):
            vtest.caps_size(head)
