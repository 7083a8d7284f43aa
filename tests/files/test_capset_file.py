"""Capset files: written by hand as RVGPU writes them, and all that a reader may find instead."""

from __future__ import annotations

import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import ArgumentError, BufferAccessError, CapcodecError, FieldRangeError, MessageError, captures
from capcodec.files import capset_file
from capcodec.files.capset_file import MAX_RECORDS, MAX_SIZE, Record
from capcodec.sources import Answer
from measured import measured

V1 = captures.load("virglrenderer-0.8.2-softpipe-gles.capset1.bin")
V2 = captures.load("virglrenderer-0.8.2-softpipe-gles.capset2.bin")
# As the file that RVGPU ships: every version of capsets 1 and 2, of a GLES host of the 0.8 series
SHIPPED = [(1, 0, V1), (1, 1, V1), (2, 0, V2), (2, 1, V2), (2, 2, V2)]
FILE = b"".join(struct.pack("<III", number, version, len(data)) + data for number, version, data in SHIPPED)


def test_a_file_like_the_one_that_is_shipped():
    records = capset_file.load(FILE)
    assert [(record.capset_id, record.capset_version, record.data) for record in records] == SHIPPED
    assert capset_file.dump(records) == FILE
    assert capset_file.load(memoryview(bytearray(FILE))) == records
    assert repr(records[4]) == "<capset 2 version 2, 688 bytes>"


def test_what_else_can_be_a_record():
    answer = Answer(2, 2, V2, "somebody")
    assert capset_file.load(capset_file.dump([answer, Record(1, 1, V1)])) == ((2, 2, V2), (1, 1, V1))
    assert capset_file.load(b"") == ()
    assert capset_file.dump([]) == b""


def test_finding():
    records = capset_file.load(FILE)
    assert capset_file.find(records, 2) == records[4]
    assert capset_file.find(records, 2, 0) == records[2]
    with pytest.raises(ArgumentError, match="has no capset 4; there are 1 version 0, "):
        capset_file.find(records, 4)
    with pytest.raises(ArgumentError, match="has no capset 1 version 9"):
        capset_file.find(records, 1, 9)


def test_every_cut():
    """A reader that stops silently loses records; this one says where the file does not go on."""
    ends = [sum(12 + len(data) for _, _, data in SHIPPED[:count]) for count in range(6)]
    for size in range(len(FILE)):
        if size in ends:
            assert len(capset_file.load(FILE[:size])) == ends.index(size)
            continue
        with pytest.raises(
            MessageError, match=rf"capset file, record {sum(end <= size for end in ends) - 1}, byte {size}: "
        ):
            capset_file.load(FILE[:size])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (struct.pack("<III", 1, 0, 0), "record 0, byte 8: expected a size of 1 to 2048 bytes, got 0"),
        (
            struct.pack("<III", 1, 0, 2049) + bytes(2049),
            "record 0, byte 8: expected a size of 1 to 2048 bytes, got 2049",
        ),
        (struct.pack("<III", 1, 0, 0xFFFFFFFF), "got 4294967295"),
        (struct.pack("<III", 1, 0, 1) + b"x" + struct.pack("<III", 1, 0, 0), "record 1, byte 21: expected a size"),
        ((struct.pack("<III", 1, 0, 1) + b"x") * 17, "record 16, byte 208: expected at most 16 records"),
        (b"not a capset file", "record 0, byte 8: expected a size of 1 to 2048 bytes"),
    ],
)
def test_files_that_are_none(data, message):
    with pytest.raises(MessageError, match=message):
        capset_file.load(data)


def test_limits():
    largest = [Record(0xFFFFFFFF, 0xFFFFFFFF, bytes(MAX_SIZE))] * MAX_RECORDS
    assert list(capset_file.load(capset_file.dump(largest))) == largest
    with pytest.raises(MessageError, match="record 16, byte .*: expected at most 16 records"):
        capset_file.dump(largest * 2)
    with pytest.raises(MessageError, match="expected a size of 1 to 2048 bytes, got 0"):
        capset_file.dump([Record(1, 0, b"")])
    with pytest.raises(MessageError, match="got 2049"):
        capset_file.dump([Record(1, 0, bytes(2049))])
    with pytest.raises(FieldRangeError, match="record 0: .*id"):
        capset_file.dump([Record(1 << 32, 0, b"x")])
    for wrong in (3, "text", None):
        with pytest.raises(BufferAccessError):
            capset_file.load(wrong)
        with pytest.raises(BufferAccessError):
            capset_file.dump([Record(1, 0, wrong)])


@given(
    st.binary(max_size=80)
    | st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3), st.binary(max_size=20)), max_size=18).map(
        lambda rows: b"".join(struct.pack("<III", a, b, len(data)) + data for a, b, data in rows)
    )
)
def test_any_bytes(data):
    try:
        records = capset_file.load(data)
    except CapcodecError:
        return
    assert capset_file.dump(records) == data


def test_a_long_buffer_is_not_copied():
    program = """
import mmap
from capcodec import MessageError
from capcodec.files import capset_file
with mmap.mmap(-1, 1 << 30) as zeros:
    for read in (capset_file.load, lambda data: capset_file.dump([capset_file.Record(1, 0, data)])):
        try:
            read(zeros)
        except MessageError as error:
            print(error)
"""
    done = measured(sys.executable, "-c", program)
    assert (done.status, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines() == [
        "capset file, record 0, byte 8: expected a size of 1 to 2048 bytes, got 0",
        "capset file, record 0, byte 8: expected a size of 1 to 2048 bytes, got 1073741824",
    ]
    assert done.megabytes < 100
    with pytest.raises(MessageError, match="record 16, byte 32960: expected at most 16 records"):
        capset_file.load((struct.pack("<III", 1, 0, MAX_SIZE) + bytes(MAX_SIZE)) * 1000)


def test_a_buffer_that_is_not_contiguous():
    spread = bytearray(2 * len(FILE))
    spread[::2] = FILE
    assert capset_file.load(memoryview(spread)[::2]) == capset_file.load(FILE)
