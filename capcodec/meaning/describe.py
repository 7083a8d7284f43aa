"""A struct as lines of text for a person: a field, and its value in words."""

from __future__ import annotations

from .vocabularies import meaning_of
from .walk import all_flags, layout_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from ..structs._classes import Struct
    from ..structs.field import Field


def lines(capset: Struct, releases: Iterable[str] | None = None) -> Iterator[tuple[Field, str]]:
    """The fields that arrived whole, each with its value in words.

    A nested struct takes a line for each of its fields. One line is enough for a struct of flags, and for an element of
    an array. One line counts all elements that are zero. Of a union, only the selected member is shown.

    Args:
        capset: any instance.
        releases: of virglrenderer, whose names formats are given; without them, a format has the name that all releases
            give it.
    """
    return _lines(capset, capset.fields.values(), releases)


def _lines(capset: Struct, fields: Iterable[Field], releases: Iterable[str] | None) -> Iterator[tuple[Field, str]]:
    for field in fields:
        inner = None if field.dims else layout_in(capset, field)
        if inner is not None and not (all_flags(inner) and capset.has_field(field.path)):
            yield from _lines(capset, (part.within(field) for part in inner.fields.values()), releases)
        elif not capset.has_field(field.path):
            continue
        elif field.layout and field.dims:
            yield from _elements(capset, field, releases)
        else:
            yield field, in_words(field, capset[field.path], releases)


def _elements(capset: Struct, field: Field, releases: Iterable[str] | None) -> Iterator[tuple[Field, str]]:
    zeros = 0
    for index, element in enumerate(capset[field.path]):
        if any(element.pack()):
            yield field.element(index), in_words(field, element, releases)
        else:
            zeros += 1
    if zeros:
        yield field, f"{zeros} of {field.dims[0]} elements are zero"


def in_words(field: Field, value: Any, releases: Iterable[str] | None = None) -> str:
    """The value of a field, or of one element of it, for a person."""
    if isinstance(value, bytes):
        return repr(value)[1:]
    if isinstance(value, float):
        return _compact(value)
    if field.layout is not None and not isinstance(value, int):
        return _struct(field, value, releases)
    words = meaning_of(field, value, releases)
    if isinstance(value, int) and field.flags is not None:
        return f"{value:#x} {_joined(words)}".rstrip()
    if field.meaning.endswith("_mask"):
        return words if isinstance(words, str) else f"{len(words)} set: {_joined(words)}" if words else "none set"
    if isinstance(words, dict):
        return " ".join(f"{name}={_compact(part)}" for name, part in words.items())
    if words is None:
        return "unknown"
    return words if isinstance(words, str) else _compact(words)


def _struct(field: Field, value: Any, releases: Iterable[str] | None) -> str:
    assert field.layout is not None
    if field.selector is not None:
        return f"{value.pack().hex(' ')}, of no known member"
    if all_flags(field.layout):
        return " ".join(name for name, bit in value.to_dict().items() if bit) or "none"
    parts = ((part.name, in_words(part, value[part.path], releases)) for part in value.fields.values())
    return " ".join(f"{name}={words}" for name, words in parts)


def _compact(value: Any) -> str:
    """Numbers with blanks between them. Arrays of arrays, and pairs that are coordinates, stand in parentheses."""
    if isinstance(value, float):
        return f"{value:.9g}"
    if not isinstance(value, list):
        return str(value)
    if value and isinstance(value[0], list):
        return "".join(f"({','.join(map(_compact, inner))})" for inner in value)
    return " ".join(map(_compact, value))


def _joined(members: list[str | int]) -> str:
    """Names, and numbers that have no name, with successive ones as a range: ``COPY_IMAGE TXQS 40-43 47``."""
    words: list[str] = []
    first = last = -2
    for member in members:
        if isinstance(member, str):
            words.append(member)
        elif member == last + 1:
            last = member
            words[-1] = f"{first}-{last}"
        else:
            first = last = member
            words.append(str(member))
    return " ".join(words)
