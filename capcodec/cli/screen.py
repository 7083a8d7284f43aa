"""Text and tables on the screen.

On a terminal, and wherever there are colours, rich folds and paints them; the extra ``cli`` brings it. In a pipe they
stay plain, one row to a line, for grep and diff.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ..errors import CapcodecError
from .output import colored, print_text, stdout
from .tables import Column, Table, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..measure import Row
    from ..structs.field import Field
    from .tables import _Line, _Span

IGNORED = "ignored"  # stands in place of a value, and so has no unit


def put(*parts: _Line | Table) -> None:
    """Print paragraphs and tables.

    Raises:
        CapcodecError: rich is needed, and missing.
    """
    if not (colored() or stdout().isatty()):
        print_text(*(part.plain() if isinstance(part, Table) else text_of(part) for part in parts))
        return
    try:
        from .painting import paint
    except ImportError as error:
        raise CapcodecError("a terminal needs rich: pip install 'capcodec[cli]'; --json and pipes do not") from error
    for part in parts:
        stdout().write(paint(part))


def field_table(rows: Iterable[tuple[Field, str, str]], origin: bool = False) -> Table:
    """Fields with their values; with ``origin``, also where each value comes from."""
    origins = (Column("from"),) if origin else ()
    table = Table(Column("byte", right=True, style="dim"), Column("field"), *origins, Column("value"))
    for field, text, came_from in rows:
        cells: list[_Span] = [str(field.offset), field.path]
        if origin:
            cells.append(came_from if came_from == "host" else (came_from, "yellow"))
        table.add([*cells, text if text == IGNORED else f"{text} {field.unit}".rstrip()])
    return table


def text_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: int = 0,
    alarming: Callable[[Sequence[str]], bool] = lambda cells: False,
) -> Table:
    """Rows of words. The last ``numbers`` columns are numbers; alarming rows are red."""
    first = len(headings) - numbers
    table = Table(*(Column(heading, right=number >= first) for number, heading in enumerate(headings)))
    for cells in rows:
        table.add(cells, "red" if alarming(cells) else "")
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
    first, *others = rows[0].timings
    headings = ["records", "bytes", f"{first} ns/record", "GB/s"]
    for who in others:
        headings += [f"{who} GB/s", "ratio"]
    table = Table(*(Column(heading, right=True) for heading in (*headings, "spread")))
    for row in rows:
        cells = [f"{row.records:,}", str(row.size), f"{row.nanoseconds(first):,.1f}", f"{row.gigabytes(first):.2f}"]
        for who in others:
            cells += [f"{row.gigabytes(who):.2f}", f"{row.gigabytes(first) / row.gigabytes(who):.2f}"]
        spread = max(timing.spread for timing in row.timings.values())
        table.add([*cells, (f"{spread:.0%} noisy", "red") if row.noisy else f"{spread:.0%}"])
    return table


def plot(rows: list[Row], title: str, what: str = "record") -> None:
    """Plot the nanoseconds for one record over the number of records, both on logarithmic axes."""
    try:
        plotext = import_module("plotext")
    except ImportError as error:
        raise CapcodecError("plots need plotext: pip install 'capcodec[cli]'; with --json there are none") from error

    plotext.clear_figure()
    plotext.plot_size(90, 18)
    plotext.theme("clear")
    plotext.title(f"{title}: ns/{what} by number of {what}s")
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
