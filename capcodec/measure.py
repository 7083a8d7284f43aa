"""How fast copies are on this machine, and how far the figures can be trusted."""

from __future__ import annotations

import platform
import timeit
from collections.abc import Iterator
from typing import Any

from .registry import VirglCapsV2
from .structs._core import Batch, min_copy, min_copy_many

SAMPLES = 15
SAMPLE_SECONDS = 1e-3  # shortest time that a sample is worth taking
FILL = b"\x07"  # zeros would be pages that were never written, all of them one and the same
NOISY = 0.25  # a median this far above the best says that something else was running


class Timing:
    """Times of one thing, taken several times: seconds for one execution."""

    __slots__ = ("best", "median")

    def __init__(self, times: list[float]) -> None:
        ordered = sorted(times)
        self.best = ordered[0]
        self.median = ordered[len(ordered) // 2]

    @property
    def spread(self) -> float:
        """How far the median lies above the best, as a fraction of that."""
        return self.median / self.best - 1


class Row:
    """So many records of so many bytes each, and how long those took who did the same to them."""

    __slots__ = ("records", "size", "timings")

    def __init__(self, records: int, size: int, timings: dict[str, Timing]) -> None:
        self.records = records
        self.size = size
        self.timings = timings

    @property
    def noisy(self) -> bool:
        """Do the timings spread so far that they cannot be compared?"""
        return any(timing.spread > NOISY for timing in self.timings.values())

    def nanoseconds(self, who: str) -> float:
        """For one record."""
        return self.timings[who].best / self.records * 1e9

    def gigabytes(self, who: str) -> float:
        """Written in a second, 10**9 bytes each."""
        return self.records * self.size / self.timings[who].best / 1e9

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        figures = {
            who: {
                "ns_per_record": round(self.nanoseconds(who), 3),
                "gb_per_s": round(self.gigabytes(who), 3),
                "spread": round(timing.spread, 4),
            }
            for who, timing in self.timings.items()
        }
        return {"records": self.records, "size": self.size, "noisy": self.noisy, **figures}


def compare(statements: dict[str, str], names: dict[str, Any]) -> dict[str, Timing]:
    """Time statements in turn, A B A B ..., so that none of them has a quieter machine than another."""
    timers = {who: timeit.Timer(statement, globals=names) for who, statement in statements.items()}
    loops = {who: _loops(timer) for who, timer in timers.items()}
    times: dict[str, list[float]] = {who: [] for who in timers}
    for _ in range(SAMPLES):
        for who, timer in timers.items():
            times[who].append(timer.timeit(loops[who]) / loops[who])
    return {who: Timing(taken) for who, taken in times.items()}


def _loops(timer: timeit.Timer) -> int:
    """How many executions fill a sample. Trying it also touches the memory for the first time."""
    loops = 1
    while (taken := timer.timeit(loops)) < SAMPLE_SECONDS:
        loops *= 2 if taken * 10 > SAMPLE_SECONDS else 10
    return loops


def single_copies(sizes: tuple[int, ...], source_size: int) -> Iterator[Row]:
    """One record copied into a smaller one, by size, beside a memcpy of as many bytes."""
    for size in sizes:
        source, target = FILL * source_size, bytearray(size)
        names = {
            "min_copy": min_copy,
            "dst": target,
            "src": source,
            "to": memoryview(target),
            "origin": memoryview(source)[:size],
        }
        yield Row(1, size, compare({"min_copy": "min_copy(dst, src)", "memcpy": "to[:] = origin"}, names))


def many_copies(counts: list[int], size: int, source_size: int) -> Iterator[Row]:
    """Many records copied into smaller ones, by count, beside a memcpy of as many bytes that lie together."""
    for count in counts:
        target = bytearray(count * size)
        source = FILL * (count * source_size)
        names = {
            "min_copy_many": min_copy_many,
            "dst": target,
            "src": source,
            "to": memoryview(target),
            "origin": memoryview(source)[: len(target)],
        }
        copy = f"min_copy_many(dst, src, {size}, {source_size}, dst_size={size})"
        yield Row(count, size, compare({"min_copy_many": copy, "memcpy": "to[:] = origin"}, names))


def columns(counts: list[int]) -> Iterator[Row]:
    """All fields of many records gathered into arrays that are there, beside a memcpy of as many bytes."""
    for count in counts:
        source = FILL * (count * VirglCapsV2.size)
        target = bytearray(len(source))
        batch = Batch(VirglCapsV2, source)
        names = {"batch": batch, "out": batch.columns(), "to": memoryview(target), "origin": source}
        timings = compare({"columns": "batch.columns(out=out)", "memcpy": "to[:] = origin"}, names)
        yield Row(count, VirglCapsV2.size, timings)


def counts_up_to(most: int) -> list[int]:
    """1, 3, 10, 30, ... and ``most``."""
    found = [count for power in range(20) for count in (10**power, 3 * 10**power) if count < most]
    return [*found, most]


def machine() -> dict[str, str]:
    """What the figures belong to."""
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
