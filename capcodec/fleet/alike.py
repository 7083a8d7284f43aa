"""Records that differ only in fields on which nothing else depends: guests' views of them are worked out once."""

from __future__ import annotations

from collections import Counter
from functools import reduce

from .records import FLEET  # isort: skip  # says what to install

import pyarrow as pa
import pyarrow.compute as pc

from ..classes import VirglCapsV2
from ..errors import ArgumentError, clipped
from ..registry import MAX_CAPSET_SIZE, find
from .meet import Meet
from .promises import way
from .remembered import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

ALONE = ("renderer", "max_video_memory")  # no rule makes another value of them, or takes them into account elsewhere
KEPT = 512  # views that are remembered, of some ten thousand bytes each
MANY = 1000  # values that are not worth remembering
KNOWN = 1 << 16  # values that are remembered, and a tenth as many records

_SPANS = {path: (field.offset, field.end) for path in ALONE for field in [VirglCapsV2.fields[path]]}
_MARK = b"\xff"  # what stands in their place; it comes back where a guest reads the field


class Alike:
    """Records of one capset that are equal but for :data:`ALONE`.

    Attributes:
        capset_id: of which capset they are.
        key: their bytes as far as they are known, with marks in these fields.
        hosts: how many they are.
        first: the place of the first.
        whole: their bytes, if all are equal; else None.
        values: of each of these fields that arrived, its bytes, with how many have them, and the place of the first.
    """

    __slots__ = ("capset_id", "first", "hosts", "key", "values", "whole")

    def __init__(self, capset_id: int, key: bytes, hosts: int, first: int) -> None:
        self.capset_id, self.key, self.hosts, self.first = capset_id, key, hosts, first
        self.whole: bytes | None = None
        self.values: dict[str, dict[bytes, tuple[int, int]]] = {}

    def meet(self) -> Meet:
        """What they promise together."""
        judged = _judged(self.key, self.capset_id)
        promises = [dict(each) for each in (judged.sent, *judged.seen.values())]
        for path, each in self.values.items():
            value, mark = reduce(way(VirglCapsV2, path).both, values_of(path, each)), MARKED[path]
            for one in promises:
                if one[path] == mark:
                    one[path] = value
        seen = dict(zip(judged.seen, promises[1:], strict=True))
        return Meet(self.capset_id, judged.size, self.whole, promises[0], seen)


class Known:
    """Which records were there before, as far as there is room to remember; threads may share one."""

    def __init__(self) -> None:
        self._values: dict[tuple[int, bytes], set[bytes]] = {}
        self._count = 0

    def new(self, one: Alike) -> bool:
        """Is one of these records new? It is from now on no longer, unless they have many values."""
        if self._count > KNOWN or len(self._values) > KNOWN // 10:
            self._values, self._count = {}, 0
        if sum(map(len, one.values.values())) > MANY:
            return True
        values = {one.whole or b"", *(value for each in one.values.values() for value in each)}
        before = self._values.setdefault((one.capset_id, one.key), set())
        if values <= before:
            return False
        before |= values
        self._count += len(values)
        return True


def alike(batch: pa.RecordBatch) -> Iterator[tuple[int, pa.Array, list[Alike]]]:
    """By capset, the hosts, and the records by what they are alike in; in the order of the first of each.

    Raises:
        ArgumentError: no such capset is known; the message names a host.
    """
    batch = batch.select(FLEET.names)
    numbers = sorted(pc.unique(batch.column("capset_id")).to_pylist())
    for capset_id in numbers:
        rows = batch.filter(pc.equal(batch.column("capset_id"), capset_id)) if len(numbers) > 1 else batch
        hosts = rows.column("host")
        try:
            found = _alike(capset_id, rows.column("data"))
        except ArgumentError as error:
            raise ArgumentError(f"host {clipped(hosts[0].as_py())}: {error}") from None
        yield capset_id, hosts, found


def _alike(capset_id: int, data: pa.Array) -> list[Alike]:
    size, lengths = find(capset_id).cls.size, pc.binary_length(data)
    with_tails = pc.max(lengths).as_py() > size
    keys = pc.binary_slice(data, 0, size) if with_tails else data
    arrived = {path: pc.greater_equal(lengths, end) for path, (_, end) in _SPANS.items() if capset_id == 2}
    for path, there in arrived.items():
        start, end = _SPANS[path]
        replaced = pc.binary_replace_slice(keys, start, end, _MARK * (end - start))
        keys = replaced if pc.all(there).as_py() else pc.if_else(there, replaced, keys)
    keys = keys.dictionary_encode()
    table = pa.table({"key": keys.indices, "row": range(len(data))})
    found = []
    for number, hosts, first in sorted(_counted(table, "key")):
        found.append(Alike(capset_id, keys.dictionary[number].as_py(), hosts, first))
    for path, there in arrived.items():
        values = table.append_column("value", pc.binary_slice(data, *_SPANS[path])).filter(there)
        for number, value, hosts, first in _counted(values, "key", "value"):
            found[number].values.setdefault(path, {})[value] = (hosts, first)
    tails = table.append_column("tail", pc.binary_slice(data, size, MAX_CAPSET_SIZE)) if with_tails else table
    tailed = Counter(number for number, *_ in _counted(tails, *tails.column_names[::2]))
    for number, one in enumerate(found):
        if tailed[number] == 1 and all(len(each) == 1 for each in one.values.values()):
            one.whole = data[one.first].as_py()
    return found


def _counted(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    """The different rows in these columns, each with how many there are, and where the first is."""
    made = table.group_by([*names], use_threads=False).aggregate([("row", "count"), ("row", "min")])
    return zip(*(made.column(name).to_pylist() for name in (*names, "row_count", "row_min")), strict=True)


def values_of(path: str, each: Iterable[bytes]) -> list[Any]:
    """The values of one of these fields."""
    memory, span = bytearray(VirglCapsV2.size), slice(*_SPANS[path])
    view, found = VirglCapsV2.view(memory), []
    for data in each:
        memory[span] = data
        found.append(view[path])
    return found


MARKED = {path: values_of(path, [_MARK * (end - start)])[0] for path, (start, end) in _SPANS.items()}
"""The value that stands in place of a field's own."""
_judged = remembered(KEPT)(Meet.of)
