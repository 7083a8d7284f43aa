"""What rich makes of text and tables: lines that fit the terminal, in its colours."""

from __future__ import annotations

from shutil import get_terminal_size
from typing import TYPE_CHECKING

import rich.table
from rich.console import Console
from rich.text import Text

from .output import colored, stdout
from .tables import Table

if TYPE_CHECKING:
    from .tables import _Line, _Span

MAX_WORD = 26  # letters of a word that is not broken: host_feature_check_version
MIN_WIDTH = 20  # columns, however few a terminal says that it has
GAP = 2  # blanks between two columns of a table
WIDE = 100_000  # columns, where stdout is no terminal: no line is broken, for grep and diff


def paint(part: _Line | Table) -> str:
    """The lines of a paragraph or a table, each without blanks at its end."""
    colors = colored()
    console = Console(
        file=stdout(),
        highlight=False,
        width=max(get_terminal_size().columns, MIN_WIDTH) if stdout().isatty() else WIDE,
        force_terminal=colors,
        color_system="auto" if colors else None,
        no_color=not colors,
    )
    with console.capture() as captured:
        console.print(
            grid(part, console.width)
            if isinstance(part, Table)
            else Text.assemble(*(part if isinstance(part, list) else [part]))
        )
    return "".join(line.rstrip() + "\n" for line in captured.get().splitlines())


def grid(table: Table, width: int) -> rich.table.Table:
    """A table for rich, whose columns have their widths here: rich itself cuts letters off where words do not fit."""
    made = rich.table.Table(box=None, pad_edge=False, header_style="bold")
    for column, columns in zip(table.columns, widths(table, width), strict=True):
        made.add_column(
            column.heading,
            justify="right" if column.right else "left",
            style=column.style,
            overflow="fold",
            width=columns,
        )
    for cells, style in table.rows:
        made.add_row(*map(text, cells), style=style)
    return made


def widths(table: Table, width: int) -> list[int]:
    """How wide each column is: the widest give way, and break words only where all have nothing else to give."""
    numbers = range(len(table.columns))
    room = max(width - GAP * (len(numbers) - 1), len(numbers))
    found = [min(table.longest_cell(number), room) for number in numbers]
    least = [min(table.longest_word(number), MAX_WORD, found[number]) for number in numbers]
    while sum(found) > room:
        wider = [number for number in numbers if found[number] > least[number]] or list(numbers)
        found[max(wider, key=found.__getitem__)] -= 1
    return found


def text(span: _Span) -> Text:
    """Text for rich, which shows square brackets as they are."""
    return Text(span) if isinstance(span, str) else Text(*span)
