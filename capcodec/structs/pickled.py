"""Batches and columns as pickles."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def reduced_batch(batch: Any) -> tuple[Any, ...]:
    """The records one behind the other, at the distance of the longest; all that lies between them is left out.

    Those at unequal distances stay so: one may be much longer than all others.
    """
    records = [bytes(record) for record in batch]
    if not batch.stride:
        return type(batch).of, (batch.cls, records)
    stride = max(map(len, records), default=batch.cls.size) or 1
    memory = bytearray(b"".join(record.ljust(stride, b"\0") for record in records))
    return type(batch), (batch.cls, memory, stride, [len(record) for record in records])


def reduced_column(column: Any, restore: Callable[..., Any]) -> tuple[Any, ...]:
    """What the core's ``restore`` takes: the elements in little-endian order, and which records have the field."""
    memory = memoryview(column)
    data, size = memory.tobytes(), memory.itemsize
    if sys.byteorder == "big" and memory.format[0] != "<":
        data = b"".join(data[at : at + size][::-1] for at in range(0, len(data), size))
    valid = None if column.valid is None else bytes(column.valid)
    return restore, (column.cls, column.field.path, data, valid)
