"""Who limits a baseline, of a fleet of any size: how many lose by it, how many have no more, and one of these.

A second pass over the fleet, when the baselines are known: :func:`limits` of each record batch, and of what it
returned, in any parts, as in :mod:`.reduce`.
"""

from __future__ import annotations

from _collections_abc import Mapping
from functools import partial
from typing import NamedTuple

from .records import fleet_of  # isort: skip  # says what to install

import pyarrow as pa

from ..errors import ArgumentError, clipped, shown
from ..meaning.walk import bits_in
from ..structs.exact import bytes_of
from .alike import MARKED, alike, values_of
from .engine import mapped
from .meet import Meet
from .promises import struct_of, way
from .remembered import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TypeAlias

    from ..structs._classes import Struct
    from .alike import Alike
    from .promises import Way

    _Baselines: TypeAlias = Mapping[int, Struct | bytes]
    _Entries: TypeAlias = dict[tuple[str, str], tuple[int, int, str | None]]  # by field and member: lose, limit, first
    _Part: TypeAlias = tuple[int, str, _Entries]  # hosts, the first of these
    _Values: TypeAlias = dict[Any, tuple[int, int]]  # by value how many have it, and the place of the first

_ENTRY = [("field", pa.string()), ("member", pa.string()), ("lose", pa.int64()), ("limit", pa.int64())]
LIMITS = pa.schema(
    [
        pa.field("capset_id", pa.int64(), nullable=False),
        pa.field("hosts", pa.int64(), nullable=False),
        pa.field("first", pa.string(), nullable=False),
        # Of what is not here nobody has more than the baseline
        pa.field("limits", pa.list_(pa.struct([*_ENTRY, ("first", pa.string())])), nullable=False),
    ]
)


class Limit(NamedTuple):
    """Where hosts lose by a baseline, as the newest Mesa takes it.

    Attributes:
        field: a path, the name of what the driver derives, or ``OpenGL`` for what its versions need.
        member: of a set, which member is lost; else empty.
        lose: how many records promise more than the baseline.
        limit: how many promise no more; 0 where it lies between them, or was lowered for another field.
        first: the host of the first of these, if there are any.
    """

    field: str
    member: str
    lose: int
    limit: int
    first: str | None


def limits(batch: Any, baselines: _Baselines) -> pa.RecordBatch:
    """Who limits the baselines, among the records of a batch: a row for each capset, in the order of their numbers.

    Args:
        batch: of a fleet; or of what this function returned, one behind the other.
        baselines: by capset, the baseline or its bytes.

    Raises:
        ArgumentError: ``batch`` is neither, or there is no baseline of a capset in it.
        BufferAccessError: a baseline is no buffer.
    """
    names = getattr(getattr(batch, "schema", None), "names", None)
    found: dict[int, _Part] = {}
    parts = _restored(batch) if names == LIMITS.names else _counted(fleet_of(batch), _known(baselines))
    for capset_id, part in parts:
        found[capset_id] = _joined(found[capset_id], part) if capset_id in found else part
    rows = [
        {
            "capset_id": capset_id,
            "hosts": hosts,
            "first": first,
            "limits": [each._asdict() for each in sorted(_limits(entries), key=lambda each: each[:2])],
        }
        for capset_id, (hosts, first, entries) in sorted(found.items())
    ]
    return pa.RecordBatch.from_pylist(rows, LIMITS)


def limits_of(batches: Iterable[Any], baselines: _Baselines, engine: str | None = None) -> dict[int, list[Limit]]:
    """By capset, where hosts lose by its baseline; first where most do.

    Args:
        batches: of a fleet, or of what :func:`limits` returned.
        baselines: by capset, what :func:`~capcodec.fleet.reduce.baseline_of` returned.
        engine: where the work is done, as of :func:`~capcodec.fleet.engine.mapped`.

    Raises:
        ArgumentError, BufferAccessError: as of :func:`limits`.
        SourceError: as of :func:`~capcodec.fleet.engine.mapped`.
    """
    found: dict[int, _Part] = {}
    for each in mapped(partial(limits, baselines=_known(baselines)), batches, engine):
        for capset_id, part in _restored(each):
            found[capset_id] = _joined(found[capset_id], part) if capset_id in found else part
    return {
        capset_id: sorted((e for e in _limits(entries) if e.lose), key=lambda e: (-e.lose, *e[:2]))
        for capset_id, (_, _, entries) in sorted(found.items())
    }


def _known(baselines: Any) -> dict[int, bytes]:
    if not isinstance(baselines, Mapping):
        raise ArgumentError(f"expected baselines by capset, got {shown(baselines)}")
    return {capset_id: bytes_of("baseline", data) for capset_id, data in baselines.items()}


def _limits(entries: _Entries) -> list[Limit]:
    return [Limit(field, member, *entry) for (field, member), entry in entries.items()]


def _joined(a: _Part, b: _Part) -> _Part:
    """Of two parts of a fleet; the hosts of the first stand before those of the second."""
    entries: _Entries = {}
    for name in a[2].keys() | b[2]:
        one, other = (part[2].get(name, (0, part[0], part[1])) for part in (a, b))
        entries[name] = (one[0] + other[0], one[1] + other[1], other[2] if one[2] is None else one[2])
    return a[0] + b[0], a[1], entries


def _counted(batch: pa.RecordBatch, baselines: Mapping[int, bytes]) -> Iterator[tuple[int, _Part]]:
    for capset_id, hosts, records in alike(batch):
        if capset_id not in baselines:
            raise ArgumentError(f"host {clipped(hosts[0].as_py())}: no baseline of capset {capset_id} is given")
        least, caps, entries = _taken(baselines[capset_id], capset_id), struct_of(capset_id), {}
        for name, values in _values(records).items():
            entries.update(_entries(name, values, least[name], way(caps, name), hosts))
        yield capset_id, (len(hosts), hosts[0].as_py(), entries)


def _values(records: list[Alike]) -> dict[str, _Values]:
    """By name, what the newest Mesa takes of the records."""
    found: dict[str, _Values] = {}
    for one in records:
        for name, value in _taken(one.key, one.capset_id).items():
            each: dict[Any, tuple[int, int]] = {_hashable(value): (one.hosts, one.first)}
            if name in one.values and value == MARKED[name]:
                each = dict(zip(values_of(name, one.values[name]), one.values[name].values(), strict=True))
            values = found.setdefault(name, {})
            for own, (count, first) in each.items():
                had, at = values.get(own, (0, first))
                values[own] = (had + count, min(at, first))
    return found


def _entries(name: str, values: _Values, least: Any, less: Way, hosts: pa.Array) -> _Entries:
    if less.set:
        more = 0
        for value in values:
            more |= value & ~least
        members = [(less.told(1 << bit)[0], 1 << bit) for bit in bits_in(more)]
        return {
            (name, str(member)): _entry([(bool(value & bit), *place) for value, place in values.items()], hosts)
            for member, bit in members
        }
    told = [(_loses(value, least, less), *place) for value, place in values.items()]
    return {} if all(loses is False for loses, *_ in told) else {(name, ""): _entry(told, hosts)}


def _loses(value: Any, least: Any, less: Way) -> bool | None:
    """None of a value that is neither the baseline's nor more."""
    own = dict(value) if isinstance(least, dict) else value
    return False if own == least else True if less.both(own, least) != own else None


def _entry(told: list[tuple[bool | None, int, int]], hosts: pa.Array) -> tuple[int, int, str | None]:
    firsts = [first for loses, _, first in told if loses is False]
    lose, limit = (sum(count for loses, count, _ in told if loses is which) for which in (True, False))
    return lose, limit, hosts[min(firsts)].as_py() if firsts else None


def _hashable(value: Any) -> Any:
    return _Items(value) if isinstance(value, dict) else value


class _Items(dict):  # type: ignore[type-arg]
    """A dict of dicts of numbers that can be a key."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self))


@remembered(512)
def _taken(data: bytes, capset_id: int) -> dict[str, Any]:
    """What the newest Mesa takes of a capset."""
    return [*Meet.of(data, capset_id).seen.values()][-1]


def _restored(batch: Any) -> Iterator[tuple[int, _Part]]:
    """The rows of what :func:`limits` returned; they may come from anywhere."""
    try:
        batch = pa.record_batch([batch.column(field.name).cast(field.type) for field in LIMITS], LIMITS)
        batch.validate(full=True)
    except (pa.ArrowException, TypeError, ValueError, AttributeError, KeyError) as error:
        raise ArgumentError(f"no limits: {clipped(str(error))}") from None
    for row in batch.to_pylist():
        capset_id, hosts, first, entries = row.values()
        numbers = [capset_id, hosts, *(each[name] for each in entries or () if each for name in ("lose", "limit"))]
        if None in (first, entries, *(entries or ()), *numbers) or min(numbers) < 0 or max(numbers) >= 1 << 50:
            raise ArgumentError(f"no limits of a fleet: {shown(row)}")
        made = {(each["field"], each["member"]): (each["lose"], each["limit"], each["first"]) for each in entries}
        if None in {part for name in made for part in name}:
            raise ArgumentError(f"no limits of a fleet: {shown(row)}")
        yield capset_id, (hosts, first, made)
