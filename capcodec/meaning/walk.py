"""The fields of an instance that are compared and shown. Of a union, these are the fields of the selected member."""

from __future__ import annotations

from bisect import bisect

from ..capsets.virgl import virgl_supported_format_mask
from ..errors import UnknownFieldError
from .tables import Tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..structs._classes import Struct
    from ..structs.field import Field
    from ..structs.layout import Layout


def bits_of(words: Iterable[int]) -> list[int]:
    """Numbers of the bits that are set in 32-bit words, counted through from the lowest bit of the first word."""
    return bits_in(mask_of(words))


def bits_in(mask: int) -> list[int]:
    """Numbers of the bits that are set."""
    data = mask.to_bytes((mask.bit_length() + 7) // 8, "little")
    return [8 * place + bit for place, byte in enumerate(data) if byte for bit in _BITS_OF_BYTE[byte]]


_BITS_OF_BYTE = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]


def numbers_in(mask: Struct) -> int:
    """A set of formats as one number, whose bits are the formats."""
    return int.from_bytes(mask.pack(), "little")


def mask_of(words: Iterable[int]) -> int:
    """32-bit words as one number, of which the first word is the lowest."""
    return sum([word << 32 * index for index, word in enumerate(words)])


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


def named_flags(field: Field) -> int:
    """The bits of a word that are flags with a name, as a mask."""
    return sum(1 << bit for bit in field.flags or ())


def format_masks(caps: Struct) -> Iterator[tuple[str, int]]:
    """The sets of formats that arrived whole, in the order of the header: paths, and numbers whose bits are formats."""
    data, valid = caps.pack(), caps.valid_size
    for path, start, end in _MASKS[caps.layout]:
        if end <= valid:
            yield path, int.from_bytes(data[start:end], "little")


def _masks(layout: Layout) -> list[tuple[str, int, int]]:
    """Path, start and end of each set of formats."""
    fields = (*layout.folded.values(), *layout.fields.values())
    masks = [field for field in fields if field.layout and field.type == virgl_supported_format_mask.name]
    return [(field.path, field.offset, field.end) for field in masks]


_MASKS = Tables(_masks)


def all_flags(layout: Layout) -> bool:
    """Is it a struct of single bits? Then it reads best as one set."""
    return all(row.bits == 1 for row in layout.rows)


def layout_in(caps: Struct, field: Field) -> Layout | None:
    """The layout of a nested struct. Of a union, the layout of the member that ``caps`` selects.

    None if the field is no struct, or is a union of which ``caps`` selects no known member.
    """
    if field.selector is None:
        return field.layout
    case = _case_in(caps, field)
    assert field.layout is not None
    return field.layout.cases[case] if case else None


_BLOCK = 512  # bytes that are looked at together


class Units:
    """The fields of a layout that are compared and shown one by one, for one choice of the members of its unions.

    Attributes:
        fields: in the order of the header. A unit is a value, an array of values, a struct of flags, or a union of
            which no known member is selected.
        by_path: the same.
    """

    def __init__(self, layout: Layout, fields: Iterable[Field]) -> None:
        self.fields: tuple[Field, ...] = tuple(fields)
        self.by_path: dict[str, Field] = {field.path: field for field in self.fields}
        words: list[list[int]] = [[] for _ in range((layout.size + 3) // 4)]
        for place, field in enumerate(self.fields):
            for word in range(field.offset // 4, (field.end + 3) // 4):
                words[word].append(place)
        self._words: list[tuple[list[int], int]] = [
            (places, self._behind(word, places)) for word, places in enumerate(words)
        ]
        self._ends: list[tuple[int, int]] = sorted((field.end, place) for place, field in enumerate(self.fields))

    def _behind(self, word: int, places: list[int]) -> int:
        """Where to look on after a word that differs: of a unit that shares no byte, behind all of it."""
        alone = len(places) == 1 and self.fields[places[0]].bits is None
        return max(self.fields[places[0]].end if alone else 0, 4 * word + 4)

    def under(self, bits: bytes) -> set[int]:
        """The places of the units with a bit in a word of the struct where ``bits`` are not all zero."""
        places: set[int] = set()
        at, end = 0, len(bits)
        while at < end:
            block = bits[at : at + _BLOCK]
            rest = block.lstrip(b"\0")
            if rest:
                found, at = self._words[(at + len(block) - len(rest)) // 4]
                places.update(found)
            else:
                at += _BLOCK
        return places

    def ending(self, after: int, upto: int) -> list[int]:
        """The places of the units that end behind byte ``after``, and not behind ``upto``."""
        first, last = bisect(self._ends, (after + 1,)), bisect(self._ends, (upto + 1,))
        return [place for _, place in self._ends[first:last]]


def units_of(caps: Struct) -> Units:
    """The units of an instance, whether they arrived or not."""
    layout = caps.layout
    chosen = [_case_in(caps, union) for union in _UNIONS[layout]]
    return _UNITS[layout, tuple(chosen)]


def units(caps: Struct) -> tuple[Field, ...]:
    """The fields to compare or to show one by one, in the order of the header, whether they arrived or not."""
    return units_of(caps).fields


def _case_in(caps: Struct, union: Field) -> str | None:
    """The name of the member of a union that ``caps`` selects; None if it selects no known one."""
    assert union.selector is not None
    selector = caps.fields[union.path[: -len(union.name)] + union.selector.field.path]
    return union.selector.names.get(caps[selector.path]) if caps.has_field(selector.path) else None


def _unions(layout: Layout, within: Field | None = None) -> Iterator[Field]:
    """The unions in a layout of which a field selects the member, those in members of other unions too."""
    for field in layout.fields.values():
        field = field if within is None else field.within(within)
        if field.layout is None:
            continue
        for part in field.elements():
            if part.selector is not None:
                yield part
            for inner in field.layout.cases.values() if part.selector else (field.layout,):
                yield from _unions(inner, part)


def _walk(layout: Layout, cases: dict[str, str | None], within: Field | None = None) -> Iterator[Field]:
    for field in layout.fields.values():
        field = field if within is None else field.within(within)
        for part in field.elements() if field.layout else (field,):
            inner = part.layout
            if inner is not None and part.selector is not None:
                case = cases[part.path]
                inner = inner.cases[case] if case else None
            if inner is None or all_flags(inner):
                yield part
            else:
                yield from _walk(inner, cases, part)


def _units(key: tuple[Layout, tuple[str | None, ...]]) -> Units:
    layout, chosen = key
    cases = {union.path: case for union, case in zip(_UNIONS[layout], chosen, strict=True)}
    return Units(layout, _walk(layout, cases))


_UNIONS: Tables[Layout, tuple[Field, ...]] = Tables(lambda layout: tuple(_unions(layout)))
_UNITS = Tables(_units)
