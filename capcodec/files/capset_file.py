"""Capset files of RVGPU: ``rvgpu-renderer -c`` writes them, ``rvgpu-proxy -c`` serves them to a guest's kernel.

A file is a list of records and nothing else. A record is three words (capset id, version, size) and then the capset.
The words are in the byte order of the host that wrote them; this module takes them for little-endian. A capset has one
record for each of its versions.

Format and limits: RVGPU ``src/rvgpu-renderer/virgl/rvgpu-virgl.c`` and ``src/rvgpu-proxy/gpu/rvgpu-gpu-device.c``
(@1336f8a). RVGPU's reader serves the records before the first one that is cut short or too large, and says nothing if
the cut is within a header. Its writer stops at a capset of size 0, the size that a host announces for a capset that it
lacks; so no record has size 0. Older RVGPUs had other limits: the writer took less than 1024 bytes, and one reader
(@9236ff61) serves capset 1 alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..errors import ArgumentError, FieldRangeError, FieldTypeError, MessageError, shown, wrong_buffer
from ..schema import struct, u32
from ..structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from typing_extensions import Buffer

    from ..structs._classes import _AnyStruct

    class _Capset(Protocol):
        """Anything that can be a record: a :class:`Record`, or the answer of a source."""

        @property
        def capset_id(self) -> int:
            """Which capset."""

        @property
        def capset_version(self) -> int:
            """Which version of it."""

        @property
        def data(self) -> Buffer:
            """The bytes of the capset."""


MAX_RECORDS = 16
MAX_SIZE = 2048  # bytes of one capset
NAME = "capset file"

CapsetFileRecord: type[_AnyStruct] = define(
    struct(
        "capset_file_record",
        u32("id", "which capset"),
        u32("version", "which version of the capset"),
        u32("size", "size of the capset, which follows", unit="bytes"),
        doc="Header of every record of a capset file",
        header="rvgpu/src/rvgpu-proxy/gpu/rvgpu-gpu-device.c",
    )
)

MAX_FILE = MAX_RECORDS * (CapsetFileRecord.size + MAX_SIZE)  # bytes


class Record(NamedTuple):
    """One capset of a file.

    Attributes:
        capset_id: which capset.
        capset_version: which version; RVGPU gives it only to a guest that asks for exactly this one.
        data: the bytes of the capset.
    """

    capset_id: int
    capset_version: int
    data: bytes

    def __repr__(self) -> str:
        return f"<capset {self.capset_id} version {self.capset_version}, {len(self.data)} bytes>"


def load(buffer: Buffer) -> tuple[Record, ...]:
    """The records of a file, in the file's order.

    Raises:
        MessageError: the file ends within a record, has more than 16 records (``MAX_RECORDS``), or a record whose size
            is 0 or above 2048 bytes (``MAX_SIZE``). The message names the record and the byte.
        BufferAccessError: ``buffer`` is no buffer.
    """
    with _view(buffer) as view:
        # In a longer buffer the error stands before this end: the rest is not copied
        long = view.nbytes > MAX_FILE and view.c_contiguous
        content = bytes(view.cast("B")[: MAX_FILE + 1]) if long else view.tobytes()
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


def dump(records: Iterable[_Capset]) -> bytes:
    """The file of these records, as :func:`load` reads it.

    Args:
        records: objects that have ``capset_id``, ``capset_version`` and ``data``.

    Raises:
        MessageError: there are more than 16 records (``MAX_RECORDS``), or the data of one is empty or above 2048 bytes
            (``MAX_SIZE``). The message names the record and the byte of the file where it would be.
        FieldRangeError, FieldTypeError: an id or a version is no number of 32 bits.
        BufferAccessError: data is no buffer.
        ArgumentError: ``records`` are none, or an object lacks one of the three.
    """
    content = b""
    if isinstance(records, (str, bytes)) or not isinstance(records, Iterable):
        raise ArgumentError(f"{NAME}: expected records, got {shown(records)}")
    for index, record in enumerate(records):
        _check_count(index, len(content))
        if not all(hasattr(record, name) for name in Record._fields):
            raise ArgumentError(
                f"{NAME}, record {index}: expected one with {', '.join(Record._fields)}, got {shown(record)}"
            )
        with _view(record.data) as view:
            _check_size(index, len(content) + CapsetFileRecord.size, view.nbytes)
            data = view.tobytes()
        try:
            head = CapsetFileRecord(id=record.capset_id, version=record.capset_version, size=len(data))
        except (FieldRangeError, FieldTypeError) as error:
            raise type(error)(f"{NAME}, record {index}: {error}") from None
        content += head.pack() + data
    return content


def find(records: Iterable[Record], capset_id: int, version: int | None = None) -> Record:
    """The record that RVGPU serves for an id and a version: the first that has both.

    Args:
        records: the records of a file.
        capset_id: which capset.
        version: exactly this version; the highest that the file has, if not given.

    Raises:
        ArgumentError: the file has no such record.
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


def _view(buffer: Buffer) -> memoryview:
    try:
        return memoryview(buffer)
    except (TypeError, ValueError, BufferError) as error:
        raise wrong_buffer(NAME, "a buffer", buffer, error) from None


def _check_count(index: int, at: int) -> None:
    if index == MAX_RECORDS:
        raise _wrong(index, at, f"expected at most {MAX_RECORDS} records")


def _check_size(index: int, at: int, size: int) -> None:
    """``at`` is the first byte behind the header, whose last word is the size."""
    if not 1 <= size <= MAX_SIZE:
        raise _wrong(index, at - 4, f"expected a size of 1 to {MAX_SIZE} bytes, got {size}")


def _wrong(index: int, at: int, what: str) -> MessageError:
    return MessageError(f"{NAME}, record {index}, byte {at}: {what}")
