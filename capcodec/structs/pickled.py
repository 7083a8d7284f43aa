"""Batches and columns as pickles."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._bulk import Batch, Column


def reduced_batch(batch: Batch[Any]) -> tuple[Any, ...]:
    """The records one behind the other, at the distance of the longest; all that lies between them is left out."""
    records = [bytes(record) for record in batch]
    stride = max(map(len, records), default=batch.cls.size) or 1
    memory = bytearray(b"".join(record.ljust(stride, b"\0") for record in records))
    return type(batch), (batch.cls, memory, stride, [len(record) for record in records])


def reduced_column(column: Column) -> tuple[Any, ...]:
    """The elements in little-endian order, and which records have the field."""
    from ._bulk import restored_column

    memory = memoryview(column)
    data, size = memory.tobytes(), memory.itemsize
    if sys.byteorder == "big" and (memory.format or "")[0] not in "<":
        data = b"".join(data[at : at + size][::-1] for at in range(0, len(data), size))
    valid = None if column.valid is None else bytes(column.valid)
    return restored_column, (column.cls, column.field.path, data, valid)
