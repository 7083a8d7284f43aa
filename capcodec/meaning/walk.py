"""The fields of an instance that count: of a union, those of the member that is meant."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..structs._core import Struct
    from ..structs.field import Field
    from ..structs.layout import Layout


def bits_of(words: Iterable[int]) -> list[int]:
    """Numbers of the bits that are set in 32-bit words, as one row of bits from the lowest on."""
    return [32 * index + bit for index, word in enumerate(words) for bit in range(32) if word >> bit & 1]


def all_flags(layout: Layout) -> bool:
    """Is it a struct of single bits, which reads best as one set?"""
    return all(row.bits == 1 for row in layout.rows)


def meant(caps: Struct, field: Field) -> Layout | None:
    """What a struct in another has to say: of a union, of whose members one is meant, only that one.

    None if no member is known to be meant.
    """
    if field.selector is None:
        return field.layout
    told = caps.fields[field.path[: -len(field.name)] + field.selector.field.path]
    name = field.selector.names.get(caps[told.path]) if caps.has_field(told.path) else None
    assert field.layout is not None
    return field.layout.cases[name] if name else None


def units(caps: Struct, layout: Layout | None = None, within: Field | None = None) -> Iterator[Field]:
    """Values, arrays of values, and structs of flags, whether they arrived or not, in the order of the header.

    A union of which no member is meant is one unit.
    """
    for field in (layout or caps.layout).fields.values():
        field = field if within is None else field.within(within)
        for part in field.elements() if field.layout else (field,):
            inner = meant(caps, part)
            if inner is None or all_flags(inner):
                yield part
            else:
                yield from units(caps, inner, part)
