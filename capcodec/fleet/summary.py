"""What there is in a fleet: how many records of which releases, sizes and versions of OpenGL, and what some lack."""

from __future__ import annotations

from collections import Counter, defaultdict
from json import dumps, loads

from ..meaning.tables import Tables
from ..structs.columns import default_paths
from .decoding import batch_of, by_class, distinct
from .description import describe
from .engine import mapped
from .records import fleet_of, pa, pc, records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

COUNTED = ("size", "layout", "releases", "gl_core", "gl_compatibility", "gl_es", "findings", "error")
COUNTS = pa.schema(
    [
        pa.field("capset_id", pa.int64(), nullable=False),
        pa.field("what", pa.string(), nullable=False),  # one of COUNTED, RECORDS or HAS
        pa.field("value", pa.string(), nullable=False),  # as JSON; of RECORDS null, of HAS a path
        pa.field("records", pa.int64(), nullable=False),
    ]
)
RECORDS, HAS = "records", "has"


def count(batch: Any) -> pa.RecordBatch:
    """Count what there is in a fleet's record batch: a step, whose results :class:`Summary` puts together.

    Args:
        batch: as of :func:`capcodec.fleet.records.fleet_of`.

    Raises:
        ArgumentError: it is no batch of a fleet.
    """
    batch = fleet_of(batch).select(["host", "capset_id", "data"])
    different, places = distinct(batch)
    weights = [0] * len(different)
    for each in pc.value_counts(places).to_pylist():
        weights[each["values"]] = each["counts"]
    counts: Counter[tuple[int, str, str]] = Counter()
    told = [describe(each) for each in records((("", *pair) for pair in different), len(different))]
    rows = [row for each in told for row in each.to_pylist()]
    for (capset_id, _), weight, row in zip(different, weights, rows, strict=True):
        counts[capset_id, RECORDS, "null"] += weight
        for name in COUNTED:
            values = dict.fromkeys(row[name] or ()) if name == "findings" else (row[name],)
            for value in values:
                counts[capset_id, name, dumps(value)] += weight
    for cls, members in by_class(different).items():
        many = pa.array([weights[member] for member in members])
        same = batch_of(cls, [different[member][1] for member in members])
        for path, column in same.columns(_PATHS[cls]).items():
            there = pa.array(column)
            there = pc.fill_null(there, False) if there.type == pa.bool_() else there.is_valid()
            counts[cls.capset_id or 0, HAS, dumps(path)] += pc.sum(many.filter(there)).as_py() or 0
    return pa.RecordBatch.from_pylist(
        [dict(zip(COUNTS.names, (*key, number), strict=True)) for key, number in counts.items()], COUNTS
    )


class Summary:
    """What there is in a fleet.

    Attributes:
        records: how many there are, by the number of the capset.
        counts: by number and column of :func:`~capcodec.fleet.description.describe`, how many records have each value.
        has: by number and path, how many have the field, or the flag; a bit that is 0 is none.
    """

    def __init__(self) -> None:
        self.records: Counter[int] = Counter()
        self.counts: defaultdict[tuple[int, str], Counter[Any]] = defaultdict(Counter)
        self.has: defaultdict[int, Counter[str]] = defaultdict(Counter)

    @classmethod
    def of(cls, batches: Iterable[Any], engine: str | None = None) -> Summary:
        """Sum up the record batches of a fleet.

        Args:
            batches: as of :func:`count`.
            engine: where they are counted, as of :func:`~capcodec.fleet.engine.mapped`.

        Raises:
            ArgumentError, SourceError: as of :func:`count` and of :func:`~capcodec.fleet.engine.mapped`.
        """
        made = cls()
        for each in mapped(count, batches, engine):
            made._add(each)
        return made

    def _add(self, counts: pa.RecordBatch) -> None:
        for capset_id, what, text, many in zip(*(column.to_pylist() for column in counts.columns), strict=True):
            value = loads(text)
            if what == RECORDS:
                self.records[capset_id] += many
            elif what == HAS:
                self.has[capset_id][value] += many
            else:
                self.counts[capset_id, what][tuple(value) if isinstance(value, list) else value] += many

    def lacks(self, capset_id: int) -> dict[str, int]:
        """How many records of a capset lack a field or a flag that others have; those that most lack come first."""
        missing = {path: self.records[capset_id] - count for path, count in self.has[capset_id].items() if count}
        return {path: count for path, count in sorted(missing.items(), key=lambda each: -each[1]) if count}


def _paths(cls: Any) -> list[str]:
    """Fields, and behind each its flags, but for restrictions, or what is in it."""
    paths = []
    for path in default_paths(cls.layout):
        field = cls.fields[path]
        paths.append(path)
        if not field.dims:
            restrictions = field.less.either if field.less else ()
            paths += [f"{path}.{name}" for name in (field.flags or {}).values() if name not in restrictions]
        if (
            not field.dims
            and field.layout is not None
            and not field.layout.schema.mask
            and not field.layout.schema.union
        ):
            paths += [f"{path}.{name}" for name in field.layout.fields]
    return paths


_PATHS: Tables[Any, list[str]] = Tables(_paths)
