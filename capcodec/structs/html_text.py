"""A struct as a table in HTML, for notebooks: fields, types and values. What values mean is for higher rooms to say."""

from __future__ import annotations

from html import escape
from itertools import islice
from math import prod

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._classes import Struct
    from .field import Field

MAX_ROWS = 1000
MAX_ELEMENTS = 64  # of an array that are shown
MAX_CELL = 1000  # characters


def table(capset: Struct) -> str:
    """A row for each field that holds a value itself, 1000 at most; all text in it is escaped."""
    fields = list(islice(capset.layout.leaves(), MAX_ROWS + 1))
    arrived = f"{capset.valid_size} of {capset.size} bytes" + (f", a tail of {len(capset.tail)}" if capset.tail else "")
    head = f"<caption>{_text(type(capset).__name__)}: {arrived}</caption>"
    rows = [_row(field.path, field.spelling, value) for field, value in _values(capset, fields[:MAX_ROWS])]
    if len(fields) > MAX_ROWS:
        rows.append(_row("…", "", "more fields than are shown"))
    return (
        f"<table>{head}<thead><tr><th>field</th><th>type</th><th>value</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _values(capset: Struct, fields: list[Field]) -> Iterator[tuple[Field, str]]:
    for field in fields:
        if field.end > capset.valid_size:
            yield field, "absent"
            continue
        value = capset[field.path]
        if field.type == "char" and len(field.dims) <= 1:
            yield field, repr(value)
        elif not field.dims:
            yield field, repr(value) + (f" {field.unit}" if field.unit else "")
        elif prod(field.dims) <= MAX_ELEMENTS:
            yield field, repr(value)
        else:
            yield field, f"{prod(field.dims)} elements"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>"


def _text(text: str) -> str:
    return escape(text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…")
