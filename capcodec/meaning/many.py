"""The same question asked of many records: equal ones are judged once, and the answers are a column."""

from __future__ import annotations

from _collections_abc import Sequence
from array import array
from itertools import repeat
from typing import TypeVar, overload

from ..errors import ArgumentError
from ..registry import decoded
from ..structs._bulk import Batch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, SupportsIndex

    from ..structs._classes import Struct

KEPT = 1 << 16  # different records that are remembered at a time; each takes its bytes

_A = TypeVar("_A")
_K = TypeVar("_K")


class Answers(Sequence[_A]):
    """What is said of each record of a batch: a sequence as long as the batch, which keeps equal answers once.

    A slice of it is one, too.

    Attributes:
        answers: one for each different record, in the order of their first appearance. Behind 65,536 different records
            they are forgotten; an answer may stand here again from then on.
        indices: of each record, the place of its answer in ``answers``; an array of unsigned 32-bit integers, which
            whatever reads buffers can read.
    """

    __slots__ = ("answers", "indices")

    def __init__(self, answers: list[_A], indices: array[int]) -> None:
        self.answers: list[_A] = answers
        self.indices: array[int] = indices

    def __len__(self) -> int:
        return len(self.indices)

    @overload
    def __getitem__(self, index: SupportsIndex) -> _A: ...
    @overload
    def __getitem__(self, index: slice) -> Answers[_A]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> _A | Answers[_A]:
        if isinstance(index, slice):
            return Answers(self.answers, self.indices[index])
        return self.answers[self.indices[index]]

    def __iter__(self) -> Iterator[_A]:
        return map(self.answers.__getitem__, self.indices)

    def __repr__(self) -> str:
        return f"<{len(self.answers)} answers about {len(self)} records>"


def of_each(batch: Batch[Any], judge: Callable[[Struct], _A]) -> Answers[_A]:
    """What ``judge`` says of each record; it is given an owned copy."""
    unpack = batch.cls.unpack
    return _judged(_records(batch), lambda data: judge(unpack(data)))


def of_each_pair(one: Any, two: Any, judge: Callable[[Any, Any], _A], capset_id: int | str | None) -> Answers[_A]:
    """What ``judge`` says of each record of one batch and the same record of another; or of one capset and each record.

    Raises:
        ArgumentError: the batches are not of one length; or one is no batch, and its size does not tell which capset it
            is.
        BufferAccessError: one is neither a batch nor a contiguous buffer.
    """
    counts = {len(side) for side in (one, two) if isinstance(side, Batch)}
    if len(counts) > 1:
        raise ArgumentError(f"batches of {len(one)} and of {len(two)} records cannot be compared record by record")
    (before, unpack), (after, unpack_other) = [_side(side, counts, capset_id) for side in (one, two)]
    return _judged(zip(before, after, strict=True), lambda pair: judge(unpack(pair[0]), unpack_other(pair[1])))


def _side(
    side: Any, counts: set[int], capset_id: int | str | None
) -> tuple[Iterable[bytes], Callable[[bytes], Struct]]:
    """Bytes for each record, and what makes an instance of them."""
    if isinstance(side, Batch):
        return _records(side), side.cls.unpack
    caps = decoded(side, capset_id)
    return repeat(caps.pack(), *counts), type(caps).unpack


def _records(batch: Batch[Any]) -> Iterator[bytes]:
    return (record.pack() for record in batch)


def _judged(keys: Iterable[_K], judge: Callable[[_K], _A]) -> Answers[_A]:
    """What is said of each; of those that are equal once."""
    answers: list[_A] = []
    indices = array("I")
    places: dict[_K, int] = {}
    for key in keys:
        place = places.get(key)
        if place is None:
            if len(places) >= KEPT:
                places.clear()
            place = places[key] = len(answers)
            answers.append(judge(key))
        indices.append(place)
    return Answers(answers, indices)
