"""What rich makes of text and tables: lines that fit the terminal, in its colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich.table
from rich.console import Console
from rich.text import Text

from .output import colored, stdout
from .tables import Table

if TYPE_CHECKING:
    from .tables import _Line, _Span

MAX_WORD = 26  # letters of a word that is not cut: host_feature_check_version
WIDE = 100_000  # columns, where stdout is no terminal: no line is broken, for grep and diff


def paint(part: _Line | Table) -> str:
    """The lines of a paragraph or a table, each without blanks at its end."""
    colors = colored()
    console = Console(
        file=stdout(),
        highlight=False,
        width=None if stdout().isatty() else WIDE,
        force_terminal=colors,
        color_system="auto" if colors else None,
        no_color=not colors,
    )
    with console.capture() as captured:
        console.print(
            grid(part) if isinstance(part, Table) else Text.assemble(*(part if isinstance(part, list) else [part]))
        )
    return "".join(line.rstrip() + "\n" for line in captured.get().splitlines())


def grid(table: Table) -> rich.table.Table:
    """A table for rich."""
    made = rich.table.Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(table.columns):
        made.add_column(
            column.heading,
            justify="right" if column.right else "left",
            style=column.style,
            overflow="fold",
            min_width=min(table.longest_word(number), MAX_WORD),
        )
    for cells, style in table.rows:
        made.add_row(*map(text, cells), style=style)
    return made


def text(span: _Span) -> Text:
    """Text for rich, which shows square brackets as they are."""
    return Text(span) if isinstance(span, str) else Text(*span)
