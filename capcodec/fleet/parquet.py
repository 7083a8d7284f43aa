"""Fleets in Parquet files, which any tool reads: the bytes as they came, what they say, and their fields."""

from __future__ import annotations

import os
from _thread import get_ident
from contextlib import contextmanager

from ..errors import ArgumentError, CapcodecError, MessageError, shown
from .decoding import decoded
from .description import describe
from .records import FLEET, ROWS, fleet_of, pa, pc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, BinaryIO, TypeAlias

    _Path: TypeAlias = str | os.PathLike[str]

GROUP_ROWS, GROUP_BYTES = 1 << 15, 1 << 26  # of a row group; as much is in memory at a time
_REFUSED = (pa.ArrowException, OSError, ValueError, LookupError, TypeError, MemoryError, ArithmeticError, RuntimeError)


def write(path: _Path, batches: Iterable[Any]) -> int:
    """Write a fleet: all of it or nothing, since a file that is there stays until the new one is whole.

    Of each record the file has the columns of its batch, those that :func:`~capcodec.fleet.description.describe` adds,
    and those that :func:`~capcodec.fleet.decoding.decoded` does, whose lists are of any size there. No more than a row
    group is in memory at a time.

    Args:
        path: of the file.
        batches: as of :func:`~capcodec.fleet.records.fleet_of`, all with the same columns.

    Returns:
        int: how many records there are.

    Raises:
        ArgumentError: one is no batch of a fleet, or has other columns than those before it.
        OSError: the file cannot be written.
    """
    whole = _whole(pa.RecordBatch.from_pylist([], FLEET))
    count = 0
    writer = None
    with _replaced(path) as file:
        try:
            for group in _groups(batches):
                whole = _whole(group)
                if writer is None:
                    writer = _writer(file, whole)
                writer.write_batch(whole)
                count += len(whole)
            if writer is None:
                writer = _writer(file, whole)
        finally:
            if writer is not None:
                writer.close()
    return count


def read(path: _Path) -> Iterator[pa.RecordBatch]:
    """The record batches of a fleet in a Parquet file, whoever wrote it: host, capset_id and data, and nothing else.

    What else a file may say of a record is not believed: the bytes say it again.

    Raises:
        MessageError: it is no Parquet file, or not of a fleet.
        OSError: it cannot be opened.
    """
    from pyarrow.parquet import ParquetFile, read_schema

    with open(_path(path), "rb"):
        pass  # an error of Python's names the file
    # A file of Python's would be read, and let go, by threads of Arrow's; where Python ends meanwhile, that aborts it
    with pa.OSFile(os.fsencode(path)) as file:
        try:
            fields = [field for field in read_schema(file) if field.name in FLEET.names]
            fleet_of(pa.RecordBatch.from_pylist([], pa.schema(fields)))
            # A dictionary of long values would become longer than memory if its values were repeated
            found = ParquetFile(file, read_dictionary=["host", "data"], page_checksum_verification=True)
            batches = iter(())
            if found.num_row_groups:  # else pyarrow 18 asks for one all the same
                batches = found.iter_batches(ROWS, columns=FLEET.names)
        except _REFUSED as error:
            raise _no_fleet(path, error) from None
        while True:
            try:
                batch = next(batches, None)
                if batch is None:
                    return
                batch = fleet_of(batch)
            except _REFUSED as error:
                raise _no_fleet(path, error) from None
            yield batch


def _whole(batch: pa.RecordBatch) -> pa.RecordBatch:
    found = decoded(describe(batch))
    columns = [*map(_with_lists, found.columns)]
    fields = [field.with_type(column.type) for field, column in zip(found.schema, columns, strict=True)]
    return pa.record_batch(columns, pa.schema(fields))


def _with_lists(array: pa.Array) -> pa.Array:
    """Lists of fixed size as lists of any: Parquet has no others, and no pyarrow before 26 takes null ones for such."""
    type_ = array.type
    if pa.types.is_struct(type_):
        parts = [_with_lists(array.field(at)) for at in range(type_.num_fields)]
        fields = [type_.field(at).with_type(part.type) for at, part in enumerate(parts)]
        return pa.StructArray.from_arrays(parts, fields=fields, mask=array.is_null())
    if pa.types.is_fixed_size_list(type_):
        values = _with_lists(array.flatten())  # without those of null ones
        sizes = pc.multiply(array.is_valid().cast(pa.int32()), pa.scalar(type_.list_size, pa.int32()))
        ends = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(sizes)])
        of = pa.list_(type_.value_field.with_type(values.type))
        return pa.ListArray.from_arrays(ends, values, type=of, mask=array.is_null())
    return array


def _writer(file: BinaryIO, whole: pa.RecordBatch) -> Any:
    from pyarrow.parquet import ParquetWriter

    try:
        return ParquetWriter(file, whole.schema, compression="zstd", write_page_checksum=True)
    except pa.ArrowException as error:
        raise ArgumentError(f"Parquet cannot have these columns: {error}") from None


@contextmanager
def _replaced(path: _Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of another when it is whole."""
    target = os.path.realpath(_path(path))  # a link keeps leading where it led
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as device:
            yield device
        return
    beside = f"{target}.{os.getpid()}.{get_ident()}.tmp"
    file = open(beside, "xb")  # noqa: SIM115 - closed before it is renamed
    try:
        with file:
            yield file
        os.replace(beside, target)
    except BaseException:
        os.unlink(beside)
        raise


def _path(path: object) -> str:
    try:
        found = os.fsdecode(path)  # type: ignore[arg-type]
    except TypeError:
        found = "\0"
    if "\0" in found:
        raise ArgumentError(f"expected the path of a file, got {shown(path)}")
    return found


def _no_fleet(path: _Path, error: BaseException) -> MessageError:
    told = str(error) if isinstance(error, CapcodecError) else f"no Parquet file of a fleet: {error}"
    return MessageError(f"{os.fspath(path)}: {told}")


def _groups(batches: Iterable[Any]) -> Iterator[pa.RecordBatch]:
    """Record batches of the size of row groups."""
    try:
        each = iter(batches)
    except TypeError:
        raise ArgumentError(f"expected record batches, got {shown(batches)}") from None
    waiting: list[pa.RecordBatch] = []
    schema, rows, size = None, 0, 0
    for batch in map(fleet_of, each):
        schema = schema or batch.schema
        if batch.schema != schema:
            raise ArgumentError(f"a batch has the columns {_columns(batch.schema)}, those before it {_columns(schema)}")
        for at in range(0, len(batch), ROWS):
            waiting.append(batch.slice(at, ROWS))
            rows, size = rows + len(waiting[-1]), size + pc.sum(pc.binary_length(waiting[-1].column("data"))).as_py()
            if rows >= GROUP_ROWS or size >= GROUP_BYTES:
                yield _joined(waiting)
                waiting, rows, size = [], 0, 0
    if waiting:
        yield _joined(waiting)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    (batch,) = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return batch


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in schema)
