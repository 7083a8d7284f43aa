"""The byte map of a struct's history: which size step brought each byte, and where a capset ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..structs._classes import Struct
    from ..structs.field import Field, Since

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CELL = 8  # bytes that one letter stands for
ROW = 64  # letters of a line


def step_of(steps: Sequence[Since], at: int) -> int:
    """Number of the size step that brought the byte at an offset, counted from 0."""
    return min(bisect_right(steps, at, key=lambda step: step.size), len(steps) - 1)


def lines(capset: Struct) -> Iterator[str]:
    """The map in letters, one for each release that brought bytes, in small where these did not arrive."""
    steps = capset.layout.steps
    releases = list(dict.fromkeys(step.release for step in steps))
    letters = {release: LETTERS[number % len(LETTERS)] for number, release in enumerate(releases)}
    yield f"byte map: a letter for {CELL} bytes, by the release they came with; small if absent"
    for start in range(0, capset.size, CELL * ROW):
        drawn = ""
        for at in range(start, min(start + CELL * ROW, capset.size), CELL):
            end = min(at + CELL, capset.size)
            letter = letters[steps[step_of(steps, end - 1)].release]
            drawn += letter if end <= capset.valid_size else letter.lower()
        yield f"  {start:4}: {drawn}"
    for release, brought in groupby(steps, key=lambda step: step.release):
        sizes = [str(step.size) for step in brought]
        yield f"  {letters[release]} {release or 'no release yet'}: {', '.join(sizes)}"
    yield f"the capset ends at byte {capset.valid_size}, {_among(steps, capset.valid_size)}"


def _among(steps: Sequence[Since], size: int) -> str:
    """Where a size is among the size steps."""
    at = bisect_left(steps, size, key=lambda step: step.size)
    if at < len(steps) and steps[at].size == size:
        return "which is a size step"
    before, after = steps[at - 1 : at], steps[at : at + 1]
    if not before:
        return f"before the first size step, {after[0].size}"
    return f"behind size step {before[0].size}" + (f" and before {after[0].size}" if after else "")


def runs(field: Field, width: int) -> Iterator[tuple[int, int, int]]:
    """The rectangles that a field fills on a grid: row, first column and number of columns.

    Args:
        field: which field.
        width: bytes of a row of the grid; a column is a byte.
    """
    at = field.offset
    while at < field.end:
        stop = min(field.end, (at // width + 1) * width)
        yield at // width, at % width, stop - at
        at = stop
