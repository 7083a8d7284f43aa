"""Flags by name in a dict: ``{"capability_bits": 0, "capability_bits.COPY_IMAGE": 1}``."""

from __future__ import annotations

from ..errors import UnknownFieldError
from .exact import exact_int, exact_str
from .field_errors import unknown_key, wrong_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..errors import CapcodecError
    from .field import Field
    from .layout import Layout

TYPE, RANGE = 1, 2  # of wrong_value: what is wrong with a value


def merged(layout: Layout, given: dict[Any, Any]) -> dict[Any, Any] | None:
    """The dict with its flags put into the words that they are bits of; None if there are none in it.

    A flag counts for more than the bit in its word, and a word that is not given is 0 but for its flags.

    Raises:
        FieldTypeError, FieldRangeError: of a flag that is neither 0 nor 1.
    """
    items = list(given.items())  # of what may change meanwhile
    found, changed = dict(items), False
    for key, value in items:
        name = exact_str(key) or ""
        row = layout.keys.get(name)
        if row is not None:
            part = None if row.layout is None else _merged_within(row.layout, value)
            if part is not None:
                found[key], changed = part, True
            continue
        place = _place(layout, name)
        if place is None:
            continue
        word, whole, flag = place
        bit, on, before = flag.shift - whole.shift, exact_int(value), exact_int(found.get(word, 0))
        if on is None:
            raise wrong_value(TYPE, flag, value)
        if on not in (0, 1):
            raise wrong_value(RANGE, flag, value)
        if before is not None:  # else what is there for the word is refused
            found[word] = before & ~(1 << bit) | on << bit
        del found[key]
        changed = True
    return found if changed else None


def unknown_in(layout: Layout, given: dict[Any, Any], field: Field | None, outermost: bool) -> CapcodecError | None:
    """What is wrong with the first key of a dict that is no field of its struct; None if all are.

    Args:
        layout: of the struct.
        given: the dict.
        field: of the struct, in another; None if there is no other.
        outermost: may flags be among the keys? Then nobody reads of the first: it is merged into its word.
    """
    known = {row.path for row in layout.rows}
    for key in list(given):
        if key not in known:
            flag = outermost and _place(layout, exact_str(key) or "") is not None
            return UnknownFieldError(key) if flag else unknown_key(layout, key, field)
    return None


def _place(layout: Layout, name: str) -> tuple[str, Field, Field] | None:
    """The word of a flag: its key and its field; and the flag's own field. None if the name is no flag's."""
    word, dot, flag_name = name.rpartition(".")
    whole = layout.keys.get(word) if dot else None
    flag = whole.flag(flag_name) if whole is not None and not whole.dims else None
    return None if whole is None or flag is None else (word, whole, flag)


def _merged_within(layout: Layout, value: object) -> object | None:
    """The same of a struct within, or of a list of structs."""
    if type(value) is dict:
        return merged(layout, value)
    if type(value) is list:
        parts = [_merged_within(layout, part) for part in value]
        if any(part is not None for part in parts):
            return [old if new is None else new for old, new in zip(value, parts, strict=False)]
    return None
