"""The fields of an instance that are compared and shown. Of a union, these are the fields of the selected member."""

from __future__ import annotations

from ..capsets.virgl import virgl_supported_format_mask
from ..errors import UnknownFieldError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..structs._classes import Struct
    from ..structs.field import Field
    from ..structs.layout import Layout


def bits_of(words: Iterable[int]) -> list[int]:
    """Numbers of the bits that are set in 32-bit words, counted through from the lowest bit of the first word."""
    return [32 * index + bit for index, word in enumerate(words) for bit in range(32) if word >> bit & 1]


def flags_set(field: Field, value: int) -> list[int]:
    """Numbers of the bits that are set in a word of flags, which may be of any width."""
    width = 8 * field.size if field.bits is None else field.bits
    return [bit for bit in range(width) if value >> bit & 1]


def flag(field: Field, name: str) -> int:
    """The value of a flag in its word, one bit.

    Raises:
        UnknownFieldError: the word has no flag of that name.
    """
    for bit, known in (field.flags or {}).items():
        if known == name:
            return 1 << bit
    raise UnknownFieldError(f"{field} has no flag {name!r}")


def format_masks(caps: Struct) -> Iterator[tuple[str, list[int]]]:
    """The sets of formats that arrived whole, each with its path and the numbers in it, in the order of the header."""
    layout = caps.layout
    for field in (*layout.folded.values(), *layout.fields.values()):
        if field.layout and field.type == virgl_supported_format_mask.name and field.end <= caps.valid_size:
            yield field.path, caps[f"{field.path}.bitmask"].bits()


def all_flags(layout: Layout) -> bool:
    """Is it a struct of single bits? Then it reads best as one set."""
    return all(row.bits == 1 for row in layout.rows)


def layout_in(caps: Struct, field: Field) -> Layout | None:
    """The layout of a nested struct. Of a union, the layout of the member that ``caps`` selects.

    None if the field is no struct, or is a union of which ``caps`` selects no known member.
    """
    if field.selector is None:
        return field.layout
    selector = caps.fields[field.path[: -len(field.name)] + field.selector.field.path]
    name = field.selector.names.get(caps[selector.path]) if caps.has_field(selector.path) else None
    assert field.layout is not None
    return field.layout.cases[name] if name else None


def units(caps: Struct, layout: Layout | None = None, within: Field | None = None) -> Iterator[Field]:
    """The fields to compare or to show one by one, in the order of the header, whether they arrived or not.

    A unit is a value, an array of values, a struct of flags, or a union of which no known member is selected.
    """
    for field in (layout or caps.layout).fields.values():
        field = field if within is None else field.within(within)
        for part in field.elements() if field.layout else (field,):
            inner = layout_in(caps, part)
            if inner is None or all_flags(inner):
                yield part
            else:
                yield from units(caps, inner, part)
