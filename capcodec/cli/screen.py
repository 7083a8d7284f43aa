"""Tables and colours on the screen. They need rich, which the extra ``cli`` brings."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ..errors import CapcodecError
from .output import print_text, stdout

try:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table
except ImportError as _error:
    raise CapcodecError("this output needs rich: pip install 'capcodec[cli]'; with --json it does not") from _error

__all__ = ["byte_lines", "escape", "field_table", "plot", "put", "text_table", "timing_table"]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..measure import Row
    from ..structs.field import Field

IGNORED = "ignored"  # stands in place of a value, and so has no unit
WIDE = 100_000  # columns, where stdout is no terminal: no line is broken, for grep and diff


def put(*parts: str | Table) -> None:
    """Print paragraphs and tables. Square brackets in paragraphs are rich's markup."""
    terminal = stdout().isatty()
    console = Console(highlight=False, width=None if terminal else WIDE)
    for part in parts:
        if terminal:
            console.print(part)
            continue
        with console.capture() as captured:
            console.print(part)
        stdout().write("".join(line.rstrip() + "\n" for line in captured.get().splitlines()))


def field_table(rows: Iterable[tuple[Field, str, str]], origin: bool = False) -> Table:
    """Fields with their values; with ``origin``, also where each value comes from."""
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
    """Rows of words. The last ``numbers`` columns are numbers; alarming rows are red."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for left, heading in zip(range(len(headings), 0, -1), headings, strict=True):
        table.add_column(heading, justify="right" if left <= numbers else "left", overflow="fold")
    for cells in rows:
        table.add_row(*map(escape, cells), style="red" if alarming(cells) else None)
    return table


def byte_lines(data: bytes | bytearray, offset: int) -> str:
    """Lines of sixteen bytes each: offset, hexadecimal digits, text. The first byte has the given offset."""
    lines = []
    for start in range(0, len(data), 16):
        part = data[start : start + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"  {offset + start:4}  {part.hex(' '):<47}  {text}")
    return "\n".join(lines)


def timing_table(rows: list[Row]) -> Table:
    """The times of the first contender and of the others, with a mark where a row's times spread too far."""
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
    """Plot the nanoseconds for one record over the number of records, both on logarithmic axes."""
    try:
        plotext = import_module("plotext")
    except ImportError as error:
        raise CapcodecError("plots need plotext: pip install 'capcodec[cli]'; with --json there are none") from error

    plotext.clear_figure()
    plotext.plot_size(90, 18)
    plotext.theme("clear")
    plotext.title(f"{title}: ns/record by number of records")
    plotext.xscale("log")
    plotext.yscale("log")
    for marker, who in zip("ox+", rows[0].timings, strict=False):
        plotext.plot([row.records for row in rows], [row.nanoseconds(who) for row in rows], label=who, marker=marker)
    drawn = plotext.uncolorize(plotext.build())
    try:
        drawn.encode(stdout().encoding)
    except UnicodeEncodeError:
        print_text(f"{title}: this terminal's encoding cannot show a plot")
    else:
        print_text(drawn)
