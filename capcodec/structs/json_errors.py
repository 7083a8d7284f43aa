"""Errors about JSON texts, put into words: what was expected, what stands there, and where.

The core decides that something is wrong. Positions are bytes of the text as UTF-8.
"""

from __future__ import annotations

from ..errors import CapcodecError, FieldTypeError, TextError, clipped
from .field_errors import fault, is_char_array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from .field import Field
    from .layout import Layout

    _E = TypeVar("_E", bound=CapcodecError)

# By cc_json_kind in src/cc_json_read.h
KINDS = (*["number"] * 3, *["string"] * 2, "list", "dict", "true", "false", "null")
MAX_GOT = 60  # characters of a value that a message repeats
NOT_NUMBERS = ("NaN", "Infinity", "-Infinity")  # that other writers of JSON write all the same


def located(error: _E, data: bytes, at: int) -> _E:
    """The same error, which now says where the text is wrong."""
    line = data.count(b"\n", 0, at) + 1
    column = len(data[data.rfind(b"\n", 0, at) + 1 : at].decode("utf-8", "surrogatepass")) + 1
    error.args = (f"{error.args[0]} (line {line}, column {column})", *error.args[1:])
    return error


def not_json(layout: Layout, data: bytes, at: int, expected: str) -> TextError:
    """``at``: where the text should have gone on with what is ``expected``."""
    words = f"not JSON: expected {expected}"
    for name in NOT_NUMBERS:
        if data.startswith(name.encode(), at):
            words = f"{name} is no JSON; expected a string such as 'inf' or 'nan:0x7fc00000'"
    return located(TextError(f"{layout.name}: {words}"), data, at)


def too_many(layout: Layout, data: bytes, at: int, most: int) -> TextError:
    return located(TextError(f"{layout.name}: not JSON of this struct: more than {most} keys and values"), data, at)


def twice(layout: Layout, key: str) -> TextError:
    return TextError(f"{layout.name}: {clipped(key)} stands twice in one object")


def got(data: bytes, kind: int, start: int, size: int) -> str:
    """What stands in the text: a number or a string with its value, or of which kind it is."""
    word = KINDS[kind]
    if word == "string":
        value = data[start - 1 : start + min(size, MAX_GOT) + 1]
    elif word == "number":
        value = data[start : start + MAX_GOT + 1].split(b",")[0].split(b"]")[0].split(b"}")[0].split()[0]
    else:
        return word
    text = value.decode("utf-8", "replace")
    return f"{word} {text if len(text) <= MAX_GOT else text[: MAX_GOT - 3] + '...'}"


def wrong_value(status: int, field: Field, got: str, count: int) -> CapcodecError:
    """What the core found wrong with a value.

    Args:
        status: as :func:`capcodec.structs.field_errors.wrong_value` has it; or 4, a number too large for any float;
            5, a string that stands for no float; 6, one with characters that are no bytes.
        field: that the value is for.
        got: the value in words.
        count: of elements, or of characters.
    """
    if status == 4:
        return TextError(f"{field}: expected a finite number, or a string such as 'inf', got {got}")
    if status == 5:
        return TextError(f"{field}: expected a number, 'inf', '-inf' or the bits of a NaN, got {got}")
    if status == 6:
        return TextError(f"{field}: expected characters up to U+00FF, one for each byte, got {got}")
    if status == 1:
        return FieldTypeError(f"{field}: expected {_expected(field)}, got {got}")
    return fault(status, field, got, count)


def _expected(field: Field) -> str:
    if is_char_array(field):
        return "a string"
    if field.dims:
        return f"an array of {field.dims[0]}"
    if field.layout is not None:
        return f"an object: a {field.type}"
    return "a number" if field.type[0] == "f" else "an integer"
