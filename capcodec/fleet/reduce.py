"""The baseline of a fleet of any size: :func:`meet` of each record batch, and of the meets, in any parts.

    meet(concat(meet(a), meet(b))) == meet(concat(a, b))        byte for byte

So it runs in a tree, on threads, on machines; :func:`baseline_of` does that and finishes it.
"""

from __future__ import annotations

from functools import partial

from .records import fleet_of  # isort: skip  # says what to install

import pyarrow as pa

from ..errors import ArgumentError, clipped
from .alike import Known, alike
from .engine import mapped
from .meet import Meet
from .saved_meet import of_text, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TypeAlias

    from ..structs._classes import Struct

    _Meets: TypeAlias = dict[int, tuple[int, Meet | None]]
    _Part: TypeAlias = tuple[int, int, Meet | None]  # capset, hosts, what they promise together

# Signed numbers, since Spark has no others
MEETS = pa.schema(
    [
        pa.field("capset_id", pa.int64(), nullable=False),
        pa.field("hosts", pa.int64(), nullable=False),  # records that it is of
        pa.field("size", pa.int64(), nullable=False),
        pa.field("whole", pa.binary()),  # what all sent, if all sent the same
        pa.field("promises", pa.string()),  # else what they promise together
    ]
)
MOST = 1 << 63  # hosts
MEETS_AT_ONCE = 64  # that are kept before they are put together, of some ten thousand bytes each


def meet(batch: Any) -> pa.RecordBatch:
    """What the records of a batch promise together, a row for each capset, in the order of their numbers.

    Args:
        batch: of a fleet, see :mod:`~capcodec.fleet.records`; or of what this function returned, one behind the other.

    Raises:
        ArgumentError: it is neither, or a record is of a capset that is not known: the message names its host.
    """
    found: _Meets = {}
    _add(found, _found(batch))
    columns: tuple[list[Any], ...] = ([], [], [], [], [])
    for capset_id, (hosts, one) in sorted(found.items()):
        assert one is not None
        row = (capset_id, hosts, one.size, one.whole, text_of(one) if one.whole is None else None)
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return pa.record_batch([pa.array(each, field.type) for each, field in zip(columns, MEETS, strict=True)], MEETS)


def meets_of(batches: Iterable[Any], engine: str | None = None) -> dict[int, tuple[int, Meet]]:
    """Of each capset of a fleet, how many records there are, and what these promise together.

    Args:
        batches: of a fleet, or of what :func:`meet` returned.
        engine: where the work is done, as of :func:`~capcodec.fleet.engine.mapped`.

    Raises:
        ArgumentError, SourceError: as of :func:`meet` and of :func:`~capcodec.fleet.engine.mapped`.
    """
    found: _Meets = {}
    known = Known()  # here, nothing has to be judged twice
    for each in mapped(meet, batches, engine) if engine else mapped(partial(_found, known=known), batches):
        _add(found, each if isinstance(each, list) else _restored(each))
    return {capset_id: (hosts, one) for capset_id, (hosts, one) in found.items() if one}


def baseline_of(batches: Iterable[Any], engine: str | None = None) -> dict[int, Struct]:
    """Of each capset of a fleet, the largest that all hosts that have it can serve; :func:`baseline` for many.

    Args:
        batches: as of :func:`meets_of`.
        engine: as of :func:`meets_of`.

    Raises:
        ArgumentError: as of :func:`meet`, or there are no records.
        BaselineError: no capset serves all hosts; the message names the field.
        SourceError: as of :func:`~capcodec.fleet.engine.mapped`.
    """
    found = meets_of(batches, engine)
    if not found:
        raise ArgumentError("a baseline needs a host")
    return {capset_id: each.caps() for capset_id, (_, each) in found.items()}


def _found(batch: Any, known: Known | None = None) -> list[_Part]:
    return [*(_restored(batch) if _names(batch) == MEETS.names else _gathered(fleet_of(batch), known))]


def _add(found: _Meets, more: Iterable[_Part]) -> None:
    for capset_id, hosts, each in more:
        before, one = found.get(capset_id, (0, each))
        if hosts + before >= MOST:
            raise ArgumentError(f"{hosts + before} hosts are more than can be counted")
        found[capset_id] = (hosts + before, one & each if one and each and one is not each else one or each)


def _gathered(batch: pa.RecordBatch, known: Known | None) -> Iterator[_Part]:
    """Of each capset how many records there are, and what those promise together that are not known, if any."""
    for capset_id, hosts, records in alike(batch):
        meets, first = [], 0
        try:
            for one in records:
                first = one.first
                if known is None or known.new(one):
                    meets.append(one.meet())
                if len(meets) == MEETS_AT_ONCE:
                    meets = [Meet.all(meets)]
        except ArgumentError as error:
            raise ArgumentError(f"host {clipped(hosts[first].as_py())}: {error}") from None
        yield capset_id, len(hosts), Meet.all(meets) if meets else None


def _names(batch: Any) -> object:
    return getattr(getattr(batch, "schema", None), "names", None)


def _restored(batch: Any) -> Iterator[_Part]:
    """The rows of what :func:`meet` returned; they may come from anywhere."""
    try:
        batch = pa.record_batch([batch.column(field.name).cast(field.type) for field in MEETS], MEETS)
        batch.validate(full=True)
    except (pa.ArrowException, TypeError, ValueError, AttributeError) as error:
        raise ArgumentError(f"no meets: {error}") from None
    for row in batch.to_pylist():
        capset_id, hosts, size, whole, promises = row.values()
        if None in (capset_id, hosts, size) or (whole is None) == (promises is None) or hosts < 1:
            raise ArgumentError(f"no meet of any hosts: {clipped(row)}")
        one = of_text(promises, capset_id, size) if whole is None else Meet.of(whole, capset_id)
        if one.size != size:
            raise ArgumentError(f"no meet of any hosts: {clipped(row)}")
        yield capset_id, hosts, one
