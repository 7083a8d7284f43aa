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

__all__ = ["escape", "field_table", "put"]

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..field import Field

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
        cells = [str(field.offset), escape(field.path), escape(f"{text} {field.unit}".rstrip())]
        if origin:
            cells.insert(2, came_from if came_from == "host" else f"[yellow]{escape(came_from)}[/]")
        table.add_row(*cells)
    return table
