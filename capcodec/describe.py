"""A struct as lines for a person: which field, and what it says. Knows no screen."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._core import Struct
    from .field import Field
    from .layout import Layout


def lines(capset: Struct) -> Iterator[tuple[Field, str]]:
    """The fields that arrived whole, each with its value in words.

    Nested structs are spread out to their fields, except where one line reads better: structs of flags, and elements of
    arrays. Elements that are all zero are summed up in one line.
    """
    return _lines(capset, capset.fields.values())


def _lines(capset: Struct, fields: Iterable[Field]) -> Iterator[tuple[Field, str]]:
    for field in fields:
        if field.layout and not field.dims and not (_all_flags(field.layout) and capset.has_field(field.path)):
            yield from _lines(capset, (inner.within(field) for inner in field.layout.fields.values()))
        elif not capset.has_field(field.path):
            continue
        elif field.layout and field.dims:
            yield from _elements(capset, field)
        else:
            yield field, in_words(field, capset[field.path])


def _elements(capset: Struct, field: Field) -> Iterator[tuple[Field, str]]:
    zeros = 0
    for index, element in enumerate(capset[field.path]):
        if any(element.pack()):
            yield field.element(index), in_words(field, element)
        else:
            zeros += 1
    if zeros:
        yield field, f"{zeros} of {field.dims[0]} elements are zero"


def in_words(field: Field, value: object) -> str:
    """The value of a field, or of one element of it, for a person."""
    if isinstance(value, bytes):
        return repr(value)[1:]
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, int):
        return f"{value:#x} {_named(_bits(value), field.flags)}".rstrip() if field.flags is not None else str(value)
    if field.layout is not None:
        values = value.to_dict()  # type: ignore[attr-defined]
        if _all_flags(field.layout):
            return " ".join(name for name, bit in values.items() if bit) or "none"
        return " ".join(f"{name}={part}" for name, part in values.items())
    if field.meaning.endswith("_mask"):
        numbers = value.bits()  # type: ignore[attr-defined]
        return f"{len(numbers)} set: {_named(numbers, {})}" if numbers else "none set"
    return " ".join(map(str, value))  # type: ignore[call-overload]


def _all_flags(layout: Layout) -> bool:
    return all(row.bits == 1 for row in layout.rows)


def _bits(word: int) -> list[int]:
    return [bit for bit in range(word.bit_length()) if word >> bit & 1]


def _named(numbers: list[int], names: object) -> str:
    """Names where they are known, and runs of numbers where not: ``COPY_IMAGE TXQS 40-43 47``."""
    assert hasattr(names, "get")
    words: list[str] = []
    first = last = -2
    for number in numbers:
        if names.get(number):
            words.append(names.get(number))
        elif number == last + 1:
            last = number
            words[-1] = f"{first}-{last}"
        else:
            first = last = number
            words.append(str(number))
    return " ".join(words)
