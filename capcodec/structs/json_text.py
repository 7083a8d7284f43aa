"""Structs as JSON, and in one line.

The JSON is what ``to_dict`` gives, with the struct's name first, and spelt so that no byte is lost:

* a char array is a string of one character per byte (U+0000 to U+00FF), without the NULs at its end;
* a float is the shortest decimal that gives its bits back, or ``"inf"``, ``"-inf"``; or, since NaNs have payloads, its
  bits: ``"nan:0x7fc00000"``;
* ``_tail`` and ``_partial`` are hexadecimal.

Fields stand in the order of the header, one to a line. An array of scalars takes one line, and so does each element of
an array of structs, so that a diff shows what changed and little else.
"""

from __future__ import annotations

import json
import struct

from ..errors import TextError, clipped, shown
from ._fields import Array
from .exact import exact_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from ._classes import Struct
    from .field import Field
    from .layout import Layout

NAME_KEY = "_struct"
HEX_KEYS = ("_partial", "_tail")
SPECIAL_KEYS = (NAME_KEY, "_valid_size", *HEX_KEYS)
MAX_REPR = 160  # characters, and then the field at hand
MAX_UNCHECKED = 1 << 16  # characters of a text whose values nobody counts before they are made
_INFINITIES = (float("inf"), float("-inf"))


def dumps(capset: Struct) -> str:
    """``capset`` as JSON text that ends in a newline."""
    fields = _plain_struct(capset.layout, capset.to_dict())
    return _spell({NAME_KEY: _full_name(capset.layout), **fields}, "\n") + "\n"


def loads(cls: type[Struct], source: str | bytes) -> Struct:
    """An instance of ``cls`` from JSON text. Time and memory are in proportion to the text and the struct.

    Raises:
        TextError: not JSON, a key twice, a number JSON has not, another struct's text, or far more values than the
            struct has.
        CapcodecError: something in it does not fit the struct.
    """
    layout = cls.layout

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise TextError(f"{layout.name}: {clipped(_first_twice(pairs))} stands twice in one object")
        return found

    def refuse(constant: str) -> NoReturn:
        raise TextError(f"{layout.name}: {constant} is no JSON; expected a string such as 'inf' or 'nan:0x7fc00000'")

    try:
        given = json.loads(_checked_text(layout, source), object_pairs_hook=unique, parse_constant=refuse)
    except TextError:
        raise
    except (ValueError, RecursionError) as error:
        raise TextError(f"{layout.name}: not JSON: {error}") from error
    if not isinstance(given, dict):
        raise TextError(f"{layout.name}: expected a JSON object, got {type(given).__name__}")
    name = given.pop(NAME_KEY, _full_name(layout))
    if name != _full_name(layout):
        raise TextError(f"expected the text of a {_full_name(layout)}, got that of {clipped(name)}")
    for key in HEX_KEYS:
        if key in given:
            try:
                given[key] = bytes.fromhex(given[key])
            except (TypeError, ValueError) as error:
                raise TextError(f"{layout.name}: expected hexadecimal digits in {key}: {error}") from error
    return cls.from_dict(_rich_struct(layout, given))


def _first_twice(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            break
        seen.add(key)
    return key


def _checked_text(layout: Layout, source: object) -> str | bytes:
    """``source`` as text or bytes, if it has no more values than the struct can use.

    Objects take up to thirty times the memory of their text, and are made before anything can look at them.
    """
    text: str | bytes | None = exact_str(source)
    if text is None:
        try:
            text = bytes(memoryview(source))  # type: ignore[arg-type]
        except (TypeError, BufferError, ValueError) as error:
            raise TextError(f"{layout.name}: expected text, got {shown(source)} ({error})") from None
    if len(text) > MAX_UNCHECKED:
        found = sum(text.count(mark) if isinstance(text, str) else text.count(mark.encode()) for mark in ",[{")
        # Each value has a comma before it or is the first, and may be a list or an object; strings hold any character
        most = 2 * _count_values(layout, {}) + layout.size
        if found > most:
            raise TextError(f"{layout.name}: not JSON of this struct: {found} commas and brackets, of {most} at most")
    return text


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


def summary(capset: Struct) -> str:
    """One line for a person: how much arrived, and the first scalars that are not zero."""
    text = f"<{type(capset).__name__}: {capset.valid_size} of {capset.size} bytes"
    if capset.tail:
        text += f" and a tail of {len(capset.tail)}"
    for path, field in {**capset.layout.fields, **capset.layout.folded}.items():
        if field.layout is not None or (field.dims and (len(field.dims) > 1 or field.type != "char")):
            continue
        value = capset[path] if capset.has_field(path) else None
        if value:
            if len(text) > MAX_REPR:
                return text + ", ...>"
            text += f", {path}={clipped(value) if field.dims and len(value) > MAX_REPR else repr(value)}"
    return text + ">"


def _full_name(layout: Layout) -> str:
    return f"{layout.name} {layout.schema.variant}".rstrip()


def _spell(value: Any, newline: str) -> str:
    """``value`` as JSON; ``newline`` starts a line at the depth of its opening bracket."""
    inner = newline + " "
    if isinstance(value, dict) and value:
        parts = [f"{json.dumps(key)}: {_spell(part, inner)}" for key, part in value.items()]
        return "{" + inner + ("," + inner).join(parts) + newline + "}"
    if isinstance(value, list) and isinstance(value[0], (dict, list)):
        return "[" + inner + ("," + inner).join(json.dumps(part) for part in value) + newline + "]"
    return json.dumps(value)


def _plain_struct(layout: Layout, given: dict[str, Any]) -> dict[str, Any]:
    rows = layout.keys
    return {
        key: plain(rows[key], value) if key in rows else value.hex() if key in HEX_KEYS else value
        for key, value in given.items()
    }


def plain(field: Field, value: Any) -> Any:
    """The value of a field, as an attribute or from ``to_dict``, as JSON has it."""
    if isinstance(value, Array):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(field, element) for element in value]
    if isinstance(value, dict):
        assert field.layout is not None
        return _plain_struct(field.layout, value)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return _plain_float(value, field.type == "f32") if isinstance(value, float) else value


def _plain_float(value: float, single: bool) -> float | str:
    if value != value:
        bits: int = struct.unpack("<Q", struct.pack("<d", value))[0]
        if single:  # by hand, since a conversion would quiet a signalling NaN
            bits = bits >> 32 & 0x80000000 | 0xFF << 23 | bits >> 29 & 0x7FFFFF
        return f"nan:{bits:#x}"
    if value in _INFINITIES:
        return repr(value)
    if not single:
        return value
    packed = struct.pack("<f", value)
    candidates = (float(f"{value:.{digits}g}") for digits in range(1, 9))
    return next((short for short in candidates if _packs_to(short, packed)), float(f"{value:.9g}"))


def _packs_to(value: float, packed: bytes) -> bool:
    try:
        return struct.pack("<f", value) == packed
    except OverflowError:
        return False


def _rich_struct(layout: Layout, given: dict[str, Any]) -> dict[str, Any]:
    rows = layout.keys
    return {
        key: _rich(rows[key], value, 0) if key in rows and type(value) is not int else value
        for key, value in given.items()
    }


def _rich(field: Field, value: Any, depth: int) -> Any:
    """The inverse of :func:`plain`, of a value within ``depth`` lists.

    What is of the wrong type, or nested too deeply, is left for ``from_dict`` to refuse.
    """
    if isinstance(value, list) and depth < len(field.dims):
        # Most are ints, which need no call
        return [part if type(part) is int else _rich(field, part, depth + 1) for part in value]
    if isinstance(value, dict) and field.layout is not None:
        return _rich_struct(field.layout, value)
    if isinstance(value, str) and field.type == "char":
        try:
            return value.encode("latin-1")
        except UnicodeEncodeError as error:
            raise TextError(f"{field}: expected characters up to U+00FF, one for each byte: {error}") from error
    if isinstance(value, str) and field.type in ("f32", "f64"):
        return _rich_float(field, value)
    if isinstance(value, float) and value in _INFINITIES:  # JSON has no such number, but Python reads 1e999 as one
        raise TextError(f"{field}: expected a finite number, or a string such as 'inf'")
    return value


def _rich_float(field: Field, value: str) -> float:
    if value in ("inf", "-inf"):
        return float(value)
    width, top, mantissa = (32, 0xFF << 23, (1 << 23) - 1) if field.type == "f32" else (64, 0x7FF << 52, (1 << 52) - 1)
    try:
        prefix, _, digits = value.partition(":")
        bits = int(digits, 16)
        if prefix != "nan" or bits & top != top or not bits & mantissa or bits >> width:
            raise ValueError
    except ValueError:
        raise TextError(
            f"{field}: expected a number, 'inf', '-inf' or the bits of a NaN, got {clipped(value)}"
        ) from None
    if field.type == "f32":
        bits = (bits & 0x80000000) << 32 | 0x7FF << 52 | (bits & mantissa) << 29
    nan: float = struct.unpack("<d", struct.pack("<Q", bits))[0]
    return nan
