"""Changes to a capset, as a command line has them: ``max_samples=8``, ``capability_bits.COPY_IMAGE``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ArgumentError
from ..registry import MAX_CAPSET_SIZE

if TYPE_CHECKING:
    import argparse

    from ..structs._classes import Struct
    from ..structs.field import Field


def add_to(parser: argparse.ArgumentParser) -> None:
    """The arguments that change a capset. The changes are made in the order of the arguments."""
    parser.add_argument("--size", type=int, help="cut the capset to that many bytes, or fill it up with zeros")
    parser.add_argument(
        "--set",
        dest="edits",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        type=lambda text: ("set", text),
        help="set a field, or with FIELD.NAME one flag; elements of an array are separated by commas",
    )
    parser.add_argument(
        "--clear",
        dest="edits",
        action="append",
        metavar="FIELD",
        type=lambda text: ("clear", text),
        help="set a field to zero, or clear one flag: capability_bits.COPY_IMAGE",
    )


def resized(data: bytes, size: int | None) -> bytes:
    """The bytes cut, or filled up with zeros.

    Raises:
        ArgumentError: the size is negative, or above 64 KiB (``MAX_CAPSET_SIZE``).
    """
    if size is None:
        return data
    if not 0 <= size <= MAX_CAPSET_SIZE:
        raise ArgumentError(f"expected a size of 0..{MAX_CAPSET_SIZE} bytes, got {size}")
    return data[:size].ljust(size, b"\0")


def apply(capset: Struct, edits: list[tuple[str, str]]) -> None:
    """Make the changes, one after the other.

    Raises:
        CapcodecError: there is no such field or flag, the field is absent, or the value does not fit.
    """
    for kind, text in edits:
        path, equals, value = text.partition("=")
        if (kind == "set") != bool(equals):
            raise ArgumentError(f"expected {'FIELD=VALUE' if kind == 'set' else 'FIELD alone'}, got {text!r}")
        if equals:
            capset[path] = _parsed(capset.fields[path], value)
        else:
            capset[path] = type(capset).zeros()[path]


def _parsed(field: Field, text: str) -> object:
    if field.layout is not None:
        raise ArgumentError(f"{field} is a struct: set its fields one by one")
    if field.type == "char":
        return text.encode("utf-8", "surrogateescape")
    if field.dims:
        return [_number(field, part) for part in text.split(",")]
    return _number(field, text)


def _number(field: Field, text: str) -> int | float:
    try:
        return float(text) if field.type[0] == "f" else int(text, 0)
    except ValueError:
        raise ArgumentError(f"{field}: expected a number, got {text!r}") from None
