"""Structs as JSON: the form of the text, and what little of it is not the core's.

The JSON is what ``to_dict`` gives, with the struct's name first, and spelt so that no byte is lost:

* a char array is a string of one character per byte (U+0000 to U+00FF), without the NULs at its end;
* a float is the shortest decimal that gives its bits back, or ``"inf"``, ``"-inf"``; or, since NaNs have payloads, its
  bits: ``"nan:0x7fc00000"``;
* ``_tail`` and ``_partial`` are hexadecimal.

Fields stand in the order of the header, one to a line. An array of scalars takes one line, and so does each element of
an array of structs, so that a diff shows what changed and little else.
"""

from __future__ import annotations

from ..errors import TextError, clipped, shown
from ._fields import Array
from ._json_write import plain_float
from .exact import exact_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .field import Field
    from .layout import Layout

NAME_KEY = "_struct"
HEX_KEYS = ("_partial", "_tail")
SPECIAL_KEYS = (NAME_KEY, "_valid_size", *HEX_KEYS)
MAX_UNCHECKED = 1 << 16  # bytes of a text whose values are not limited in number


def unescaped(text: str) -> str:
    """What the inside of a JSON string stands for."""
    from json import loads

    found: str = loads(f'"{text}"')
    return found


def as_utf8(layout: Layout, source: object) -> bytes:
    """``source``, text or bytes in any encoding that JSON may have, as UTF-8. Lone surrogates are kept.

    Raises:
        TextError: it is neither, or bytes in none of these encodings.
    """
    text = exact_str(source)
    if text is None:
        try:
            data = bytes(memoryview(source))  # type: ignore[arg-type]
        except (TypeError, BufferError, ValueError) as error:
            raise TextError(f"{layout.name}: expected text, got {shown(source)} ({error})") from None
        if data.isascii() and 0 not in data:
            return data
        from json import detect_encoding

        try:
            text = data.decode(detect_encoding(data), "surrogatepass")
        except UnicodeError as error:
            raise TextError(f"{layout.name}: not JSON: {error}") from None
    return text.encode("utf-8", "surrogatepass")


def max_tokens(layout: Layout) -> int:
    """How many keys and values a text of the struct may have."""
    return 2 * _count_values(layout, {}) + layout.size


def _count_values(layout: Layout, known: dict[Layout, int]) -> int:
    """How many values a dict of the struct may have, lists and dicts among them; ``known`` has other structs'."""
    if layout not in known:
        count = 1 + len(SPECIAL_KEYS)
        for row in layout.keys.values():
            inner = 1 if row.layout is None else _count_values(row.layout, known)
            for elements in reversed(row.dims[:-1] if row.type == "char" else row.dims):
                inner = 1 + elements * inner
            count += inner
        known[layout] = count
    return known[layout]


def first_unknown(layout: Layout, given: dict[str, Any]) -> str:
    """The first of the keys that is no field; there is one."""
    known = {row.path for row in layout.rows}
    return next(key for key in given if key not in known)


def special_value(layout: Layout, key: str, value: str | int | None, got: str) -> object:
    """What a key says that is no field, as a dict has it.

    Args:
        layout: of the outermost struct.
        key: one of ``SPECIAL_KEYS``.
        value: a string or an integer from 0 on; None if it is neither.
        got: the same in words.

    Raises:
        TextError: it cannot be the value of that key, or names another struct.
    """
    if key == NAME_KEY:
        if value != layout.full_name:
            named = clipped(value) if isinstance(value, str) else got
            raise TextError(f"expected the text of a {layout.full_name}, got that of {named}")
        return value
    if key in HEX_KEYS:
        try:
            return bytes.fromhex(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise TextError(f"{layout.name}: expected hexadecimal digits in {key}, got {got}") from None
    if not isinstance(value, int):
        raise TextError(f"{layout.name}: expected a {key} of 0..{layout.size}, got {got}")
    return value


def plain(field: Field, value: Any) -> Any:
    """The value of a field, as an attribute or from ``to_dict``, as JSON has it."""
    if isinstance(value, Array):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(field, element) for element in value]
    if isinstance(value, dict):
        assert field.layout is not None
        rows = field.layout.keys
        return {key: plain(rows[key], part) for key, part in value.items()}
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return plain_float(value, field.type == "f32") if isinstance(value, float) else value
