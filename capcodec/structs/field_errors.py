"""Errors about fields, put into words.

The core decides that something is wrong; these functions say what: the struct, the field, where it lies, what was
expected and what was got.
"""

from __future__ import annotations

from ..errors import (
    BufferAccessError,
    CapcodecError,
    FieldAbsentError,
    FieldIndexError,
    FieldLengthError,
    FieldRangeError,
    FieldTypeError,
    SchemaError,
    TextError,
    UnknownFieldError,
    shown,
)
from .described import limits
from .layout import unknown_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .field import Field
    from .layout import Layout


def absent_field(field: Field, valid_size: int) -> FieldAbsentError:
    came = f"; it came with size {field.since}" if field.since else ""
    return FieldAbsentError(f"{field} is absent: {valid_size} bytes arrived{came}")


def wrong_value(status: int, field: Field, value: object) -> CapcodecError:
    """What the core found wrong with a value: 1, its type; 2, its range; 3, its length."""
    if status == 1:
        return wrong_type(field, _expected(field), value)
    return fault(status, field, shown(value), len(value) if status == 3 else 0)  # type: ignore[arg-type]


def fault(status: int, field: Field, got: str, count: int) -> CapcodecError:
    """The error for a value of the right type, which in words is ``got``, or has ``count`` elements or bytes."""
    if status == 3:
        expected = f"at most {field.size} bytes" if is_char_array(field) else f"{field.size} bytes"
        if field.dims and not is_char_array(field):
            expected = f"{field.dims[0]} elements"
        return FieldLengthError(f"{field}: expected {expected}, got {count}")
    low, high = limits(field)
    return FieldRangeError(f"{field}: expected {low}..{high}, got {got}")


def wrong_type(field: Field, expected: str, value: object) -> FieldTypeError:
    return FieldTypeError(f"{field}: expected {expected}, got {shown(value)}")


def is_char_array(field: Field) -> bool:
    """Is its value one string of bytes?"""
    return field.type == "char" and len(field.dims) <= 1


def _expected(field: Field) -> str:
    if is_char_array(field):
        return "bytes"
    if field.dims:
        return f"a sequence of {field.dims[0]}"
    if field.layout is not None:
        return f"a dict or a {field.type}"
    return "a number" if field.type[0] == "f" else "an int"


def read_only(field: Field) -> BufferAccessError:
    return BufferAccessError(f"{field}: expected a writable buffer behind the view, got a read-only one")


def wrong_index(field: Field, index: int) -> FieldIndexError:
    return FieldIndexError(f"{field}: expected an index below {field.dims[0]}, got {index}")


def missing_field(field: Field) -> TextError:
    return TextError(f"{field} is missing")


def gap(present: Field, missing: int) -> TextError:
    return TextError(f"{present} is given, but a field before it is missing, at byte {missing}; only the end may be")


def unknown_key(layout: Layout, key: str, field: Field | None) -> UnknownFieldError:
    where = "" if field is None else f"{field.struct}.{field.path}: "
    if key in layout.folded:
        path = layout.folded[key].path
        return UnknownFieldError(f"{where}{layout.name} has {key!r} as {path!r}, and a dict is nested as the struct is")
    return UnknownFieldError(f"{where}{unknown_field(layout, key)}")


def stray(field: Field) -> SchemaError:
    """Python code can change what is known of a field. The core checks what it goes by, and refuses."""
    return SchemaError(f"{field}: its layout was changed, and its bytes do not lie within its struct any more")
