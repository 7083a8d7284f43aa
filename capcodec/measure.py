"""How fast copies are on this machine, and how far the figures can be trusted.

Each function yields rows: so many records of so many bytes each, copied by this package, and beside it a plain
``memcpy`` of as many bytes, which is as fast as the memory allows. Both are timed in turn, so that both have the same
share of whatever else the machine does.

>>> from capcodec import measure
>>> rows = list(measure.many_copies([1, 1000], size=380, source_size=1408))
>>> [row.records for row in rows]
[1, 1000]
>>> reached = rows[1].gigabytes("min_copy_many") / rows[1].gigabytes("memcpy")
>>> reached > 0  # a figure to trust if rows[1].noisy is False
True

``capcodec bench`` shows these rows.
"""

from __future__ import annotations

import platform
import timeit
from collections.abc import Iterator, Sequence
from typing import Any

from .classes import VirglCapsV2
from .errors import ArgumentError, shown
from .structs._bulk import Batch, min_copy_many
from .structs._instances import min_copy
from .structs.exact import exact_int

_SAMPLES = 15
_MIN_SAMPLE = 1e-3  # seconds; shorter samples are lost in the clock's noise
_FILL = b"\x07"  # zeros would be pages that were never written, all of them one and the same
MAX_SPREAD = 0.25  # a row is noisy if a median lies further above the best: something else was running


class Timing:
    """Times of one thing that was done again and again.

    Attributes:
        best: the shortest time, in seconds for one execution.
        median: of all times, in seconds for one execution.
    """

    __slots__ = ("best", "median")

    def __init__(self, times: Sequence[float]) -> None:
        ordered = sorted(times)
        self.best: float = ordered[0]
        self.median: float = ordered[len(ordered) // 2]

    @property
    def spread(self) -> float:
        """How far the median lies above the best, as a fraction of the best."""
        return self.median / self.best - 1

    def __repr__(self) -> str:
        return f"<{self.best * 1e9:.1f} ns at best, median {self.spread:.0%} above>"


class Row:
    """One line of a table.

    Attributes:
        records: how many.
        size: bytes of each.
        timings: each contender's time for all records, by its name.
    """

    __slots__ = ("records", "size", "timings")

    def __init__(self, records: int, size: int, timings: dict[str, Timing]) -> None:
        self.records: int = records
        self.size: int = size
        self.timings: dict[str, Timing] = timings

    @property
    def noisy(self) -> bool:
        """Do the times spread by more than ``MAX_SPREAD``, so that they cannot be compared?"""
        return any(timing.spread > MAX_SPREAD for timing in self.timings.values())

    def nanoseconds(self, contender: str) -> float:
        """A contender's best time for one record, in nanoseconds."""
        return self.timings[contender].best / self.records * 1e9

    def gigabytes(self, contender: str) -> float:
        """What a contender writes in a second at best, in units of 10**9 bytes."""
        return self.records * self.size / self.timings[contender].best / 1e9

    def as_dict(self) -> dict[str, Any]:
        """The row for JSON: ``ns_per_record``, ``gb_per_s`` and ``spread`` of each contender."""
        figures = {
            contender: {
                "ns_per_record": round(self.nanoseconds(contender), 3),
                "gb_per_s": round(self.gigabytes(contender), 3),
                "spread": round(timing.spread, 4),
            }
            for contender, timing in self.timings.items()
        }
        return {"records": self.records, "size": self.size, "noisy": self.noisy, **figures}

    def __repr__(self) -> str:
        return f"<{self.records} records of {self.size} bytes: {self.timings}>"


def compare(statements: dict[str, str], names: dict[str, Any]) -> dict[str, Timing]:
    """Time statements in turn, A B A B ..., so that none of them has a quieter machine than another.

    Args:
        statements: Python source by contender.
        names: what the statements may refer to.
    """
    timers = {contender: timeit.Timer(statement, globals=names) for contender, statement in statements.items()}
    loops = {contender: _loops(timer) for contender, timer in timers.items()}
    times: dict[str, list[float]] = {contender: [] for contender in timers}
    for _ in range(_SAMPLES):
        for contender, timer in timers.items():
            times[contender].append(timer.timeit(loops[contender]) / loops[contender])
    return {contender: Timing(taken) for contender, taken in times.items()}


def _loops(timer: timeit.Timer) -> int:
    """How many executions fill a sample. Trying it also touches the memory for the first time."""
    loops = 1
    while (taken := timer.timeit(loops)) < _MIN_SAMPLE:
        loops *= 2 if taken * 10 > _MIN_SAMPLE else 10
    return loops


def single_copies(sizes: Sequence[int], source_size: int) -> Iterator[Row]:
    """Copy one record into a smaller one with ``min_copy``.

    Args:
        sizes: bytes of the destination, for one row each; at most ``source_size``.
        source_size: bytes of the source.

    Yields:
        Rows with the contenders ``min_copy`` and ``memcpy``.

    Raises:
        ArgumentError: a size is not above 0, or larger than the source.
    """
    for size in sizes:
        _check(1, size, source_size)
        source, target = _FILL * source_size, bytearray(size)
        names = {
            "min_copy": min_copy,
            "dst": target,
            "src": source,
            "to": memoryview(target),
            "origin": memoryview(source)[:size],
        }
        yield Row(1, size, compare({"min_copy": "min_copy(dst, src)", "memcpy": "to[:] = origin"}, names))


def many_copies(counts: Sequence[int], size: int, source_size: int) -> Iterator[Row]:
    """Copy many records into smaller ones with ``min_copy_many``.

    Args:
        counts: how many records, for one row each.
        size: bytes of a destination record; at most ``source_size``.
        source_size: bytes of a source record.

    Yields:
        Rows with the contenders ``min_copy_many`` and ``memcpy``, which copies bytes that lie together.

    Raises:
        ArgumentError: a count or a size is not above 0, or the size is larger than the source.
    """
    for count in counts:
        _check(count, size, source_size)
        target = bytearray(count * size)
        source = _FILL * (count * source_size)
        names = {
            "min_copy_many": min_copy_many,
            "dst": target,
            "src": source,
            "to": memoryview(target),
            "origin": memoryview(source)[: len(target)],
        }
        copy = f"min_copy_many(dst, src, {size}, {source_size}, dst_size={size})"
        yield Row(count, size, compare({"min_copy_many": copy, "memcpy": "to[:] = origin"}, names))


def columns(counts: Sequence[int]) -> Iterator[Row]:
    """Gather all fields of many capsets 2 into arrays that are there, with ``Batch.columns``.

    Args:
        counts: how many capsets, for one row each.

    Yields:
        Rows with the contenders ``columns`` and ``memcpy``.

    Raises:
        ArgumentError: a count is not above 0.
    """
    size = VirglCapsV2.size
    for count in counts:
        _check(count, size, size)
        source = _FILL * (count * size)
        target = bytearray(len(source))
        batch = Batch(VirglCapsV2, source, size)
        names = {"batch": batch, "out": batch.columns(), "to": memoryview(target), "origin": source}
        timings = compare({"columns": "batch.columns(out=out)", "memcpy": "to[:] = origin"}, names)
        yield Row(count, size, timings)


def _check(count: int, size: int, source_size: int) -> None:
    if count < 1 or not 0 < size <= source_size:
        raise ArgumentError(f"expected records, and 0 < size <= {source_size}, got {count} records of {size} bytes")


def counts_up_to(most: int) -> list[int]:
    """1, 3, 10, 30, ... and ``most``: numbers of records that show where caches end.

    Raises:
        ArgumentError: ``most`` is no number above 0.
    """
    if exact_int(most) is None or most < 1:
        raise ArgumentError(f"expected a number of records, got {shown(most)}")
    found = [count for power in range(20) for count in (10**power, 3 * 10**power) if count < most]
    return [*found, most]


def machine() -> dict[str, str]:
    """What figures hold for: processor, system, Python and its compiler."""
    return {
        "machine": platform.machine(),
        "processor": _processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "compiler": platform.python_compiler(),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            lines = [line.partition(":") for line in file]
    except OSError:
        return platform.processor()
    return next((value.strip() for key, _, value in lines if key.strip() == "model name"), platform.processor())
