"""What a C header declares, as the compiler lays it out. Offsets and sizes are in bytes unless a name says bits."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias


class Scalar(NamedTuple):
    """A type of one value.

    Attributes:
        name: as the compiler calls it, typedefs resolved: ``unsigned int``, ``enum virgl_formats``.
        kind: ``unsigned``, ``signed``, ``float``, ``char``, ``bool``, ``pointer`` or ``other``. Of an enum, that of the
            integers which hold it.
        size: bytes.
    """

    name: str
    kind: str
    size: int


class Struct(NamedTuple):
    """A struct or a union.

    Attributes:
        keyword: ``struct`` or ``union``.
        name: its tag, or the typedef of one that has no tag; empty if it has neither.
        size: bytes, C's ``sizeof``.
        align: bytes, if an attribute says so; else 0.
        fields: in the order of the header, unnamed bits left out.
        file, line: where it is declared.
        tagged: is the name a tag?
    """

    keyword: str
    name: str
    size: int
    align: int
    fields: tuple[Field, ...]
    file: str
    line: int
    tagged: bool = True

    @property
    def title(self) -> str:
        """As in C: ``struct virgl_caps_v2``, or the typedef alone."""
        return f"{self.keyword} {self.name or '(anonymous)'}" if self.tagged or not self.name else self.name


class Field(NamedTuple):
    """A member of a struct.

    Attributes:
        name: empty for an anonymous struct or union.
        type: of one element.
        dims: elements per dimension, outermost first; 0 for a flexible array.
        bit: its first bit, counted from the start of the struct; in each byte the least significant one first, or the
            most significant one where the compiler is for a big-endian machine.
        size: bytes of all elements together; of a bitfield, of its type.
        bits: width of a bitfield in bits; None for anything else.
        spelling: the type as the header spells it, counts left out.
        line: where it is declared.
    """

    name: str
    type: _Type
    dims: tuple[int, ...]
    bit: int
    size: int
    bits: int | None
    spelling: str
    line: int

    @property
    def offset(self) -> int:
        """Of the byte that holds its first bit."""
        return self.bit // 8

    @property
    def width(self) -> int:
        """Bits that it takes."""
        return self.size * 8 if self.bits is None else self.bits

    @property
    def end_bit(self) -> int:
        """The bit behind its last one."""
        return self.bit + self.width

    @property
    def declared(self) -> str:
        """Type with counts or bits: ``uint32_t[6]``, ``uint32_t:1``."""
        if self.bits is not None:
            return f"{self.spelling}:{self.bits}"
        return self.spelling + "".join(f"[{count or ''}]" for count in self.dims)

    @property
    def place(self) -> str:
        """``byte 284``, ``bytes 4..68`` or ``byte 262 bit 2``; the last byte of a range is exclusive."""
        if self.bits is not None:
            return f"byte {self.bit // 8} bit {self.bit % 8}"
        return f"byte {self.offset}" if self.size == 1 else f"bytes {self.offset}..{self.offset + self.size}"


if TYPE_CHECKING:
    _Type: TypeAlias = Scalar | Struct


class Enumerator(NamedTuple):
    """A member of an enum.

    Attributes:
        name: as in the header.
        value: as the compiler numbers it.
        same_as: the other enumerator, if the header gives it the other's number by name; else empty.
    """

    name: str
    value: int
    same_as: str = ""


class Enum(NamedTuple):
    """An enum.

    Attributes:
        name: its tag or typedef; empty if it has neither.
        size: bytes.
        members: in the order of the header.
        file, line: where it is declared.
    """

    name: str
    size: int
    members: tuple[Enumerator, ...]
    file: str
    line: int


class Constant(NamedTuple):
    """A ``#define`` with a value.

    Attributes:
        name: of the macro.
        value: what it is worth to the compiler. A string is bytes, without the NUL.
        same_as: the other macro, if the body is just its name; else empty.
        line: where it is defined.
    """

    name: str
    value: int | float | bytes
    same_as: str
    line: int


class Header(NamedTuple):
    """What one header declares.

    Attributes:
        name: of the file.
        structs: of the header itself that have a name, by title such as ``struct virgl_caps_v2``.
        enums: of the header itself, in order.
        constants: its ``#define``s that have a value, by name.
        foreign: structs of the headers that it includes, by title.
        includes: headers that had to be included before it, as the caller said.
        defines: macros that were defined before it, as the caller said.
        files: the files that were read for it, the header itself first.
        valueless: names of its ``#define``s that are worth nothing by themselves: types, attributes, statements.
    """

    name: str
    structs: dict[str, Struct]
    enums: tuple[Enum, ...]
    constants: dict[str, Constant]
    foreign: dict[str, Struct]
    includes: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    valueless: tuple[str, ...] = ()

    @property
    def shows_nothing(self) -> bool:
        """Does it declare nothing at all under these defines?"""
        return not (self.structs or self.enums or self.constants)

    def find(self, name: str) -> Struct | None:
        """The struct or union of that tag, typedef or title; None if there is none."""
        for known in (self.structs, self.foreign):
            for title in (name, f"struct {name}", f"union {name}"):
                if title in known:
                    return known[title]
        return None


def flat(struct: Struct, base: int = 0) -> Iterator[Field]:
    """The named fields, those of anonymous structs and unions among them, as C finds them by name."""
    for field in struct.fields:
        if not field.name and isinstance(field.type, Struct):
            yield from flat(field.type, base + field.bit)
        elif base:
            yield field._replace(bit=base + field.bit)
        else:
            yield field
