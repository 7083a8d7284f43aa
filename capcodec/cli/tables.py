"""Text and tables with styles, before they are printed or painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    _Span: TypeAlias = str | tuple[str, str]  # text, or text and its style as rich calls it
    _Line: TypeAlias = _Span | list[_Span]


class Column(NamedTuple):
    """Heading and looks of a column."""

    heading: str
    right: bool = False
    style: str = ""


class Table:
    """Columns of text.

    Attributes:
        columns: their headings.
        rows: cells, and the style of the whole row.
    """

    def __init__(self, *columns: Column) -> None:
        self.columns = columns
        self.rows: list[tuple[Sequence[_Span], str]] = []

    def add(self, cells: Sequence[_Span], style: str = "") -> None:
        """Add a row."""
        self.rows.append((cells, style))

    def longest_cell(self, column: int) -> int:
        """Letters of the longest text in a column, its heading included."""
        return max(map(len, self._texts(column)))

    def longest_word(self, column: int) -> int:
        """Letters of the longest word in a column."""
        return max((len(word) for text in self._texts(column) for word in text.split()), default=0)

    def _texts(self, column: int) -> Iterator[str]:
        yield self.columns[column].heading
        for cells, _ in self.rows:
            yield text_of(cells[column])

    def plain(self) -> str:
        """Without styles, a row to a line."""
        lines = [
            [column.heading for column in self.columns],
            *([text_of(cell) for cell in cells] for cells, _ in self.rows),
        ]
        widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(
                cell.rjust(width) if column.right else cell.ljust(width)
                for cell, width, column in zip(cells, widths, self.columns, strict=True)
            ).rstrip()
            for cells in lines
        )


def text_of(line: _Line) -> str:
    """What a line says."""
    if isinstance(line, list):
        return "".join(map(text_of, line))
    return line if isinstance(line, str) else line[0]
