"""Tables and colours. Needs rich, of the extra ``cli``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..errors import CapcodecError

try:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table
except ImportError as error:
    raise CapcodecError("this output needs rich: pip install 'capcodec[cli]'; with --json it does not") from error

__all__ = ["escape", "field_table", "plot", "put", "text_table", "timing_table"]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..measure import Row
    from ..structs.field import Field

IGNORED = "ignored"  # stands where a value would, and so has no unit
WIDE = 100_000  # columns: what is piped is for grep and diff, so no line is broken there


def put(*parts: str | Table) -> None:
    """Print paragraphs and tables; square brackets in the paragraphs are rich's markup."""
    terminal = sys.stdout.isatty()
    console = Console(highlight=False, width=None if terminal else WIDE)
    for part in parts:
        if terminal:
            console.print(part)
            continue
        with console.capture() as captured:
            console.print(part)
        sys.stdout.write("".join(line.rstrip() + "\n" for line in captured.get().splitlines()))


def field_table(rows: Iterable[tuple[Field, str, str]], origin: bool = False) -> Table:
    """Fields with their values, and where asked for where each value comes from: ``host`` or else."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("byte", justify="right", style="dim")
    table.add_column("field", overflow="fold")
    if origin:
        table.add_column("from")
    table.add_column("value", overflow="fold")
    for field, text, came_from in rows:
        told = text if text == IGNORED else f"{text} {field.unit}".rstrip()
        cells = [str(field.offset), escape(field.path), escape(told)]
        if origin:
            cells.insert(2, came_from if came_from == "host" else f"[yellow]{escape(came_from)}[/]")
        table.add_row(*cells)
    return table


def text_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: int = 0,
    alarming: Callable[[Sequence[str]], bool] = lambda cells: False,
) -> Table:
    """Rows of words, with numbers in the last columns; those that are alarming in red."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for left, heading in zip(range(len(headings), 0, -1), headings, strict=True):
        table.add_column(heading, justify="right" if left <= numbers else "left", overflow="fold")
    for cells in rows:
        table.add_row(*map(escape, cells), style="red" if alarming(cells) else None)
    return table


def timing_table(rows: list[Row]) -> Table:
    """Times of the first who did it, and of those beside; a mark where they spread too far to be compared."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    first, *others = rows[0].timings
    for heading in ("records", "bytes", f"{first} ns/record", "GB/s"):
        table.add_column(heading, justify="right")
    for who in others:
        table.add_column(f"{who} GB/s", justify="right")
        table.add_column("ratio", justify="right")
    table.add_column("spread", justify="right")
    for row in rows:
        cells = [f"{row.records:,}", str(row.size), f"{row.nanoseconds(first):,.1f}", f"{row.gigabytes(first):.2f}"]
        for who in others:
            cells += [f"{row.gigabytes(who):.2f}", f"{row.gigabytes(first) / row.gigabytes(who):.2f}"]
        spread = max(timing.spread for timing in row.timings.values())
        table.add_row(*cells, f"[red]{spread:.0%} noisy[/]" if row.noisy else f"{spread:.0%}")
    return table


def plot(rows: list[Row], title: str) -> None:
    """Nanoseconds for one record by the number of records, both on logarithmic axes."""
    import plotext  # of the extra `cli`, as rich is

    plotext.clear_figure()
    plotext.plot_size(90, 18)
    plotext.theme("clear")
    plotext.title(f"{title}: ns/record by number of records")
    plotext.xscale("log")
    plotext.yscale("log")
    for marker, who in zip("ox+", rows[0].timings, strict=False):
        plotext.plot([row.records for row in rows], [row.nanoseconds(who) for row in rows], label=who, marker=marker)
    print(plotext.uncolorize(plotext.build()))
