"""A fleet as a stream of Arrow record batches: of each record a host, the number of a capset, and its bytes.

Steps are plain functions from such a batch to a batch; what they add stands in columns behind the three.
"""

from __future__ import annotations

try:
    import pyarrow as pa
    import pyarrow.compute as pc
except ModuleNotFoundError:
    raise ModuleNotFoundError("fleets in record batches need pyarrow: pip install 'capcodec[fleet]'") from None

from ..errors import ArgumentError, clipped, shown
from ..registry import MAX_CAPSET_SIZE, find
from ..structs.exact import bytes_of, exact_int

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from typing_extensions import Buffer

__all__ = ["FLEET", "ROWS", "fleet_of", "of_capset", "pa", "pc", "records"]  # pyarrow is named where it is missed

FLEET = pa.schema(
    [
        pa.field("host", pa.string(), nullable=False),
        pa.field("capset_id", pa.uint32(), nullable=False),
        pa.field("data", pa.binary(), nullable=False),  # as the host sent it
    ]
)
ROWS = 1 << 13  # records of a batch, unless somebody asks for others: few enough for the longest capsets


def records(hosts: Iterable[tuple[str, int, Buffer]], rows: int = ROWS) -> Iterator[pa.RecordBatch]:
    """Record batches of a fleet.

    Args:
        hosts: of each record the name of the host, the number of the capset, and the bytes as the host sent them.
        rows: records of a batch; the last one may have fewer.

    Raises:
        ArgumentError: one is not these three, or its bytes are more than a capset may have (65,536); or ``rows`` is not
            1 or more.
        BufferAccessError: its bytes are no buffer.
    """
    parts: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    size = exact_int(rows)
    if size is None or size < 1:
        raise ArgumentError(f"expected how many records a batch has, got {shown(rows)}")
    try:
        each_host = iter(hosts)
    except TypeError:
        raise ArgumentError(f"expected hosts, capsets' numbers and their bytes, got {shown(hosts)}") from None
    for each in each_host:
        try:
            host, capset_id, data = each
        except (TypeError, ValueError):
            raise ArgumentError(f"expected a host, a capset's number and its bytes, got {shown(each)}") from None
        number = exact_int(capset_id)
        if number is None:
            raise ArgumentError(f"expected a capset's number, got {shown(capset_id)}")
        for part, value in zip(parts, (host, number, bytes_of("capset", data)), strict=True):
            part.append(value)
        if len(parts[0]) == size:
            yield _made(parts)
            parts = ([], [], [])
    if parts[0]:
        yield _made(parts)


def _made(parts: tuple[list[Any], ...]) -> pa.RecordBatch:
    columns = []
    for field, values in zip(FLEET, parts, strict=True):
        try:
            columns.append(pa.array(values, field.type))
        except (pa.ArrowException, TypeError, OverflowError, UnicodeError) as error:
            raise ArgumentError(f"{field.name}: {error}") from None
    return fleet_of(pa.record_batch(columns, FLEET.names))


def fleet_of(batch: Any) -> pa.RecordBatch:
    """A batch as one of a fleet: with host, capset_id and data in front, and whatever else it has behind them.

    Args:
        batch: a record batch, of pyarrow or of whatever exports one; its three columns may be of other Arrow types that
            stand for the same, such as those that Polars writes.

    Raises:
        ArgumentError: it is no record batch, or no fleet's: the message names the column.
    """
    try:
        found = batch if isinstance(batch, pa.RecordBatch) else pa.record_batch(batch)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise ArgumentError(f"expected a record batch, got {shown(batch)}: {error}") from None
    names = found.schema.names
    if len({*names}) < len(names):
        raise ArgumentError(f"no fleet: two of its columns have the same name: {clipped(names)}")
    columns = []
    for field in FLEET:
        if field.name not in names:
            raise ArgumentError(f"no fleet: it has no column {field.name}, but {clipped(names)}")
        column = found.column(field.name)
        if column.null_count:
            raise ArgumentError(f"no fleet: {column.null_count} of {len(column)} records have no {field.name}")
        try:
            columns.append(_plain(column, field.type))
        except pa.ArrowException as error:
            raise ArgumentError(f"no fleet: {field.name} is {column.type}, and no {field.type}: {error}") from None
    rest = [(field, found.column(at)) for at, field in enumerate(found.schema) if field.name not in FLEET.names]
    return pa.record_batch(
        [*columns, *(column for _, column in rest)], pa.schema([*FLEET, *(field for field, _ in rest)])
    )


def of_capset(batch: pa.RecordBatch, capset: int | str | None) -> pa.RecordBatch:
    """The records of a fleet's batch that are of one capset, by number or name; all if it is None.

    Raises:
        ArgumentError: no such capset is known.
    """
    if capset is None:
        return batch
    return batch.filter(pc.equal(batch.column("capset_id"), pa.scalar(find(capset).capset_id, pa.uint32())))


def _plain(column: pa.Array, type_: pa.DataType) -> pa.Array:
    """A column as one of the fleet's types, if it is what it says to be."""
    if pa.types.is_dictionary(column.type):
        _plain(column.dictionary, type_)  # of which one that is long may be repeated without end
    column.validate(full=True)  # a file may say of anything that it is text
    found = column if column.type == type_ else column.cast(type_)
    if type_ != pa.uint32():
        longest = pc.max(pc.binary_length(found)).as_py() or 0
        if longest > MAX_CAPSET_SIZE:
            raise ArgumentError(f"no fleet: {longest} bytes are more than the {MAX_CAPSET_SIZE} of a capset or a name")
    return found
