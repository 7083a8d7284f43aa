"""Capset files of RVGPU: what ``rvgpu-renderer -c`` writes and ``rvgpu-proxy -c`` serves to a guest's kernel.

Records, one after another, each of three words and then the capset; nothing before, between or behind them. The words
are in the byte order of the host that wrote them: taken for little-endian. A capset stands there once for each of its
versions. Format and limits: RVGPU ``src/rvgpu-renderer/virgl/rvgpu-virgl.c`` and
``src/rvgpu-proxy/gpu/rvgpu-gpu-device.c`` (@1336f8a), whose reader serves what stands before the first record that is
not whole, or too large, and is silent if it is the header that is cut. Its writer stops at a capset of size 0, which a
host that lacks the capset announces, so none is in a file.

RVGPU had other limits before: its writer took less than 1024 bytes, and one reader (@9236ff61) serves capset 1 alone.
"""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError, FieldRangeError, FieldTypeError, MessageError, wrong_buffer
from ..schema import struct, u32
from ..structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    from typing_extensions import Buffer

    class Capset(Protocol):
        """What can be a record: one of ours, or what a source gave."""

        @property
        def capset_id(self) -> int:
            """Which capset."""

        @property
        def capset_version(self) -> int:
            """Which version."""

        @property
        def data(self) -> Buffer:
            """The bytes."""


MAX_RECORDS = 16
MAX_SIZE = 2048  # bytes of one capset
NAME = "capset file"

CapsetFileRecord = define(
    struct(
        "capset_file_record",
        u32("id", "which capset"),
        u32("version", "which version of it"),
        u32("size", "of the capset, which follows", unit="bytes"),
        doc="Before every capset in a file",
        header="rvgpu/src/rvgpu-proxy/gpu/rvgpu-gpu-device.c",
    )
)


class Record(NamedTuple):
    """One capset of a file.

    Attributes:
        capset_id: which capset.
        capset_version: which version; a guest is given the one that it asks for, and no other.
        data: the bytes.
    """

    capset_id: int
    capset_version: int
    data: bytes

    def __repr__(self) -> str:
        return f"<capset {self.capset_id} version {self.capset_version}, {len(self.data)} bytes>"


def load(buffer: Buffer) -> tuple[Record, ...]:
    """The records of a file, in its order.

    Raises:
        MessageError: the file ends within a record, or there are more than 16, or the size of one is 0 or above 2048;
            the message says which, and at which byte.
        BufferAccessError: it is no buffer.
    """
    content = _content(buffer)
    records: list[Record] = []
    at = 0
    while at < len(content):
        index = len(records)
        _check_count(index, at)
        head = CapsetFileRecord.unpack(content[at : at + CapsetFileRecord.size])
        at += head.valid_size
        if head.valid_size < head.size:
            raise _wrong(index, at, f"the file ends after {head.valid_size} of {head.size} bytes of header")
        size = head["size"]
        _check_size(index, at, size)
        data = content[at : at + size]
        at += len(data)
        if len(data) < size:
            raise _wrong(index, at, f"the file ends after {len(data)} of {size} bytes of capset {head.id}")
        records.append(Record(head.id, head.version, data))
    return tuple(records)


def dump(records: Iterable[Capset]) -> bytes:
    """The file of these records, as :func:`load` reads it.

    Args:
        records: anything that has ``capset_id``, ``capset_version`` and ``data``.

    Raises:
        MessageError: there are more than 16, or one's data is empty or above 2048 bytes; the message says which, and at
            which byte it would be.
        FieldRangeError, FieldTypeError: an id or a version is no 32-bit number.
        BufferAccessError: data is no buffer.
    """
    content = b""
    for index, record in enumerate(records):
        _check_count(index, len(content))
        data = _content(record.data)
        _check_size(index, len(content) + CapsetFileRecord.size, len(data))
        try:
            head = CapsetFileRecord(id=record.capset_id, version=record.capset_version, size=len(data))
        except (FieldRangeError, FieldTypeError) as error:
            raise type(error)(f"{NAME}, record {index}: {error}") from None
        content += head.pack() + data
    return content


def find(records: Iterable[Record], capset_id: int, version: int | None = None) -> Record:
    """The record that RVGPU serves for an id and a version: the first of those that have both.

    Args:
        records: of a file.
        capset_id: which capset.
        version: exactly this one; the highest there is, if not given.

    Raises:
        ArgumentError: there is none.
    """
    records = list(records)
    fitting = [record for record in records if record.capset_id == capset_id]
    if version is not None:
        fitting = [record for record in fitting if record.capset_version == version]
    if not fitting:
        asked = f"capset {capset_id}" + ("" if version is None else f" version {version}")
        known = ", ".join(f"{record.capset_id} version {record.capset_version}" for record in records) or "none at all"
        raise ArgumentError(f"{NAME} has no {asked}; there are {known}")
    return max(fitting, key=lambda record: record.capset_version)  # of equals, max takes the first


def _content(buffer: Buffer) -> bytes:
    try:
        return memoryview(buffer).tobytes()
    except (TypeError, ValueError, BufferError) as error:
        raise wrong_buffer(NAME, "a buffer", buffer, error) from None


def _check_count(index: int, at: int) -> None:
    if index == MAX_RECORDS:
        raise _wrong(index, at, f"expected at most {MAX_RECORDS} records")


def _check_size(index: int, at: int, size: int) -> None:
    """``at`` is behind the header, whose last word is the size."""
    if not 1 <= size <= MAX_SIZE:
        raise _wrong(index, at - 4, f"expected a size of 1 to {MAX_SIZE} bytes, got {size}")


def _wrong(index: int, at: int, what: str) -> MessageError:
    return MessageError(f"{NAME}, record {index}, byte {at}: {what}")
