"""``capcodec bench``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import measure
from ..classes import VirglCapsV1, VirglCapsV2
from ..errors import ArgumentError
from .commands import add, add_json
from .output import print_json

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ..measure import Row
    from .commands import _Commands

STEPS = VirglCapsV2.size_steps
SIZES = (VirglCapsV1.size, STEPS[0], STEPS[len(STEPS) // 2], STEPS[-2], STEPS[-1])  # of one record


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "bench",
        "Measure copy throughput on this machine: min-size copies of one record and of many, beside plain memcpy.",
        """
        capcodec bench                              # today's sizes
        capcodec bench --records 1000 --columns     # also columns, of up to a thousand records
        """,
    )
    parser.add_argument(
        "--size", type=int, default=STEPS[-2], help="bytes copied of each of many records (default: %(default)s)"
    )
    parser.add_argument(
        "--source-size", type=int, default=VirglCapsV2.size, help="bytes that each record has (default: %(default)s)"
    )
    parser.add_argument("--records", type=int, default=200_000, help="most records at once (default: %(default)s)")
    parser.add_argument("--columns", action="store_true", help="also gather all fields of capset 2 into arrays")
    add_json(parser, "all figures, no plot")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    if not 0 < arguments.size <= arguments.source_size or arguments.records < 1:
        raise ArgumentError("bench: expected 0 < --size <= --source-size, and at least one record")
    parts: dict[str, Iterator[Row]] = {
        "one record": measure.single_copies(
            tuple(size for size in SIZES if size <= arguments.source_size), arguments.source_size
        ),
        "many records": measure.many_copies(
            measure.counts_up_to(arguments.records), arguments.size, arguments.source_size
        ),
    }
    if arguments.columns:
        parts["columns"] = measure.columns(measure.counts_up_to(arguments.records))
    if arguments.json:
        figures = {name: [row.as_dict() for row in rows] for name, rows in parts.items()}
        print_json({**measure.machine(), **figures})
        return
    from .screen import plot, put, timing_table

    put(", ".join(measure.machine().values()))
    done = []
    for name, rows in parts.items():
        taken = list(rows)
        done += taken
        put("", (name, "bold"), timing_table(taken))
        if len(taken) > len(SIZES):
            plot(taken, name)
    put("", (verdict(done), "bold red" if too_noisy(done) else ""))


def verdict(rows: list[Row]) -> str:
    """Whether these figures can be trusted."""
    told = f"{sum(row.noisy for row in rows)} of {len(rows)} rows spread by more than {measure.MAX_SPREAD:.0%}"
    told += " (median above best)"
    if too_noisy(rows):
        return f"{told}: this machine is too noisy to trust these figures. Run again when it is quiet."
    return f"{told}: trust the others."


def too_noisy(rows: list[Row]) -> bool:
    """Are so many rows noisy that the others say little?"""
    return sum(row.noisy for row in rows) * 3 > len(rows)
