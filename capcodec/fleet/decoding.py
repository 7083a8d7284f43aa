"""The fields of a fleet's records, each read by its own class: of any capset, of whatever layout."""

from __future__ import annotations

from ..classes import VirglCapsV2
from ..errors import ArgumentError
from ..meaning.identify import identify
from ..meaning.release_0_9 import SIZE, SWAPPED
from ..meaning.releases import release_named
from ..registry import CAPSETS, capset_for
from ..structs._bulk import Batch
from .records import fleet_of, pa, pc
from .remembered import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from ..structs._classes import _AnyStruct

KEPT, LONGEST = 1 << 13, 1 << 12  # records of which answers are remembered, and the bytes of the longest of these
_TELLING = VirglCapsV2.fields["host_feature_check_version"]
_SWAPPED = (0, release_named(SWAPPED).host_feature_check_version)  # with other numbers it is not of 0.9.0


def decoded(batch: Any) -> pa.RecordBatch:
    """Add to a fleet's record batch the fields of its records.

    Args:
        batch: as of :func:`capcodec.fleet.records.fleet_of`; columns named as a capset are replaced.

    Returns:
        pyarrow.RecordBatch: the columns of the batch, and behind them one of structs for each capset by its name, such
        as ``virgl2``, null where the record is of another. Fields are as :class:`capcodec.Batch` exports them; what did
        not arrive is null. A field that a variant has of another type has the variant's name behind an ``@``.

    Raises:
        ArgumentError: it is no batch of a fleet.
    """
    batch = fleet_of(batch)
    different, places = distinct(batch)
    groups = by_class(different)
    fields, columns = [], []
    for (capset_id, entry), type_ in zip(CAPSETS.items(), capset_types().values(), strict=True):
        order: list[int | None] = [None] * len(different)
        parts: list[pa.StructArray] = []
        for cls, members in groups.items():
            if cls.capset_id == capset_id:
                for place, member in enumerate(members, sum(map(len, parts))):
                    order[member] = place
                parts.append(_structs(batch_of(cls, [different[member][1] for member in members]), type_))
        fields.append(pa.field(entry.name, type_))
        if parts:
            columns.append(pa.concat_arrays(parts).take(pa.array(order, pa.int32()).take(places)))
        else:
            columns.append(pa.nulls(len(batch), type_))
    kept = [name for name in batch.schema.names if name not in capset_types()]
    return pa.record_batch(
        [*(batch.column(name) for name in kept), *columns],
        pa.schema([*(batch.schema.field(name) for name in kept), *fields]),
    )


def distinct(batch: pa.RecordBatch) -> tuple[list[tuple[int, bytes]], pa.Array]:
    """The different records of a fleet's batch, number of the capset and bytes; and of each record its place there."""
    data = batch.column("data").dictionary_encode()
    both = pc.bit_wise_or(
        pc.shift_left(data.indices.cast(pa.uint64()), 32), batch.column("capset_id").cast(pa.uint64())
    )
    pairs = both.dictionary_encode()
    numbers = pc.bit_wise_and(pairs.dictionary, 0xFFFFFFFF).to_pylist()
    return list(
        zip(numbers, data.dictionary.take(pc.shift_right(pairs.dictionary, 32)).to_pylist(), strict=True)
    ), pairs.indices


def class_told(capset_id: int, data: bytes) -> type[_AnyStruct]:
    """The class that decodes a record: by its size, and that of release 0.9.0 where the bytes make sense so.

    Raises:
        ArgumentError: no such capset is known.
    """
    if capset_id not in CAPSETS:
        raise ArgumentError(f"no capset {capset_id} is known")
    cls = capset_for(capset_id, len(data))
    if (
        capset_id == 2
        and len(data) >= SIZE
        and int.from_bytes(data[_TELLING.offset : _TELLING.end], "little") in _SWAPPED
    ):
        return _likeliest(data)
    return cls


@remembered(KEPT, LONGEST)
def _likeliest(data: bytes) -> type[_AnyStruct]:
    return identify(data, 2).decodings[0]


def by_class(different: Sequence[tuple[int, bytes]]) -> dict[type[_AnyStruct], list[int]]:
    """Places of records, by the class of each; without those of capsets that nobody knows."""
    found: dict[type[_AnyStruct], list[int]] = {}
    for place, (capset_id, data) in enumerate(different):
        if capset_id in CAPSETS:
            found.setdefault(class_told(capset_id, data), []).append(place)
    return found


def batch_of(cls: type[_AnyStruct], blobs: Iterable[bytes]) -> Batch[Any]:
    """A batch of records of one class, of any sizes."""
    known = [data[: cls.size] for data in blobs]
    return Batch(cls, b"".join([data.ljust(cls.size, b"\0") for data in known]), cls.size, [*map(len, known)])


@remembered(1)
def capset_types() -> Mapping[str, pa.StructType]:
    """By the name of each capset, the type of its column: the newest fields, and behind them those of variants."""
    types = {}
    for entry in CAPSETS.values():
        told = dict.fromkeys(("", *entry.sizes.values()))
        fields: dict[str, pa.Field] = {}
        for cls in (entry.cls.variants.get(variant, entry.cls) for variant in told):
            for field in pa.schema(Batch(cls, b"", cls.size)):
                same = fields.setdefault(field.name, field).type == field.type
                fields.setdefault(field.name if same else f"{field.name}@{cls.variant}", field)
        types[entry.name] = pa.struct([field.with_name(name) for name, field in fields.items()])
    return types


def _structs(batch: Batch[Any], type_: pa.StructType) -> pa.StructArray:
    """The records as structs of a type that has all fields of their class."""
    found = pa.record_batch(batch)
    columns = {}
    for field, column in zip(found.schema, found.columns, strict=True):
        same = type_.field(field.name).type == field.type
        columns[field.name if same else f"{field.name}@{batch.cls.variant}"] = column
    fields = [type_.field(at) for at in range(type_.num_fields)]
    arrays = [columns.get(field.name) for field in fields]
    arrays = [
        pa.nulls(len(batch), field.type) if array is None else array
        for array, field in zip(arrays, fields, strict=True)
    ]
    return pa.StructArray.from_arrays(arrays, fields=fields)
