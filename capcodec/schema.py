"""How a struct is declared: names, types, counts, defaults, and where it once ended. Pure data.

A declaration reads like the header it mirrors, declarators and all::

    my_caps = struct(
        "my_caps",
        u32("version", "of the protocol"),
        step(4, "1f2e3d4c5b6a", "2023-01-01", "1.0"),
        u32("flags:4", "what the host can do"),
        u32(":28"),
        f32("limits[3]", "largest extent along each axis", unit="texels", default=1.0),
        step(20, "6a5b4c3d2e1f", "2024-01-01", "1.1"),
        header="my_protocol.h",
    )

A ``step`` says: here the struct once ended, at that size in bytes; what stands above it came with it. Offsets are not
written down: :mod:`capcodec.structs.layout` computes them by the rules of the C ABI, and refuses what breaks them.
"""

from __future__ import annotations

from .errors import SchemaError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Literal, TypeAlias

    from .structs.layout import Layout

    Number: TypeAlias = int | float
    Default: TypeAlias = Number | bytes | list[Number] | tuple[Number, ...]
    Kind = Literal["unsigned", "signed", "float", "char"]


class Mark:
    """Stands among the members of a struct and says what brought those above it, up to the mark before.

    Attributes:
        size: bytes at which the struct then ended; None if it did not grow, since bits of a word there was were taken.
        commit, date, release: that brought it: of the header's repository, ISO, the first release that has it.
    """

    __slots__ = ("commit", "date", "release", "size")

    def __init__(self, size: int | None, commit: str, date: str, release: str) -> None:
        self.size = size
        self.commit = commit
        self.date = date
        self.release = release


def step(size: int, commit: str = "", date: str = "", release: str = "") -> Mark:
    """The struct once ended here, at ``size`` bytes, as its ``sizeof`` said."""
    return Mark(size, commit, date, release)


def since(commit: str, date: str = "", release: str = "") -> Mark:
    """What stands above came with ``commit``, which did not change the size."""
    return Mark(None, commit, date, release)


class Member:
    """One declarator of a struct: ``u32("max_samples", ...)``. Made by calling a type."""

    __slots__ = (
        "bits",
        "default",
        "dims",
        "doc",
        "flags",
        "fold",
        "meaning",
        "name",
        "offset",
        "select",
        "source",
        "type",
        "unit",
    )

    def __init__(
        self,
        type: Scalar | Schema,
        declarator: str,
        doc: str = "",
        source: str = "",
        *,
        unit: str = "",
        meaning: str = "",
        default: Default | None = None,
        flags: Mapping[int, str] | None = None,
        offset: int | None = None,
        fold: bool = False,
        select: tuple[str, Mapping[int, str]] | None = None,
    ) -> None:
        self.type = type
        self.name, self.dims, self.bits = _declarator(declarator)
        self.doc = doc
        self.source = source
        self.unit = unit
        self.meaning = meaning
        self.default = default
        self.flags = flags
        self.offset = offset
        self.fold = fold
        self.select = select


class Scalar:
    """A C type of one value. Calling it declares a member of that type.

    Arguments of the call: the declarator as in C (``"name"``, ``"name[6]"``, ``"name:3"``, ``":5"`` for unnamed
    bits); ``doc``, one line of meaning; ``source``, where the sender takes the value from; ``unit``; ``meaning``, the
    vocabulary in which its numbers are words (see :mod:`capcodec.meaning`); ``default``, what the reader assumes before
    it asks (one value, repeated over an array, or a value per element; zero if not given); ``flags``, names of the bits
    of a flag word by bit number; ``offset`` in bytes, to say where the member must lie.
    """

    __slots__ = ("kind", "name", "size")

    def __init__(self, name: str, size: int, kind: Kind) -> None:
        self.name = name
        self.size = size
        self.kind = kind

    @property
    def align(self) -> int:
        """Bytes."""
        return self.size

    def __call__(
        self,
        declarator: str,
        doc: str = "",
        source: str = "",
        *,
        unit: str = "",
        meaning: str = "",
        default: Default | None = None,
        flags: Mapping[int, str] | None = None,
        offset: int | None = None,
    ) -> Member:
        """Declare a member of this type."""
        return Member(
            self, declarator, doc, source, unit=unit, meaning=meaning, default=default, flags=flags, offset=offset
        )

    def __repr__(self) -> str:
        return self.name


u8 = Scalar("u8", 1, "unsigned")
u16 = Scalar("u16", 2, "unsigned")
u32 = Scalar("u32", 4, "unsigned")
u64 = Scalar("u64", 8, "unsigned")
s8 = Scalar("s8", 1, "signed")
s16 = Scalar("s16", 2, "signed")
s32 = Scalar("s32", 4, "signed")
s64 = Scalar("s64", 8, "signed")
f32 = Scalar("f32", 4, "float")
f64 = Scalar("f64", 8, "float")
char = Scalar("char", 1, "char")


class Schema:
    """A struct or union as declared. Calling it declares a member of that type in another struct.

    In that call, ``fold=True`` lets the inner fields appear on the outer struct too, as C's anonymous members do. Of a
    union, ``select=("kind", {1: "a", 2: "b"})`` says which member is meant, by the value of a field before it.
    """

    __slots__ = (
        "base",
        "capset_id",
        "doc",
        "frozen",
        "header",
        "layout",
        "members",
        "name",
        "room",
        "union",
        "variant",
        "variants",
    )

    def __init__(
        self,
        name: str,
        members: Sequence[Member | Mark],
        *,
        doc: str = "",
        header: str = "",
        capset_id: int | None = None,
        frozen: bool = False,
        base: Schema | None = None,
        variant: str = "",
        union: bool = False,
        room: int = 0,
    ) -> None:
        self.name = name
        self.members = tuple(members)
        self.doc = doc
        self.header = header
        self.capset_id = capset_id
        self.frozen = frozen
        self.base = base
        self.variant = variant
        self.union = union
        self.room = room  # bytes that it takes at least
        self.variants: dict[str, Schema] = {}
        self.layout: Layout | None = None  # filled by capcodec.layout

    def __call__(
        self,
        declarator: str,
        doc: str = "",
        source: str = "",
        *,
        fold: bool = False,
        offset: int | None = None,
        select: tuple[str, Mapping[int, str]] | None = None,
    ) -> Member:
        """Declare a member of this type."""
        return Member(self, declarator, doc, source, offset=offset, fold=fold, select=select)

    def until(self, size: int, /, **replaced: Member) -> Iterator[Member | Mark]:
        """The members up to and with the step of ``size`` bytes, some of them replaced by name."""
        if not any(isinstance(member, Mark) and member.size == size for member in self.members):
            raise SchemaError(f"{self.name}: there is no step of {size} bytes to stop at")
        for member in self.members:
            yield replaced.pop(member.name, member) if isinstance(member, Member) else member
            if isinstance(member, Mark) and member.size == size:
                break
        if replaced:
            raise SchemaError(f"{self.name}: no member {', '.join(replaced)} up to {size} bytes")

    def __repr__(self) -> str:
        return f"<{'union' if self.union else 'struct'} {self.name}{self.variant and ' ' + self.variant}>"


def struct(
    name: str,
    *members: Member | Mark,
    doc: str = "",
    header: str = "",
    capset_id: int | None = None,
    frozen: bool = False,
) -> Schema:
    """Declare a struct.

    Args:
        name: as in C.
        members: calls of types, and ``step`` or ``since`` marks below what they brought.
        doc: one line.
        header: the upstream file it mirrors.
        capset_id: if it is a capability set.
        frozen: it grew in the past and never will again, so other structs may embed it.

    Raises:
        SchemaError: a name is no C identifier, or stands twice.
    """
    schema = Schema(name, members, doc=doc, header=header, capset_id=capset_id, frozen=frozen)
    _check_names(schema)
    return schema


def union(name: str, *members: Member | Mark, doc: str = "", header: str = "") -> Schema:
    """Declare a union: all members start at byte 0. A step says its size when the member above was its newest.

    Raises:
        SchemaError: a name is no C identifier, or stands twice.
    """
    schema = Schema(name, members, doc=doc, header=header, union=True)
    _check_names(schema)
    return schema


def variant(base: Schema, name: str, doc: str, *members: Member | Mark) -> Schema:
    """Declare a layout of ``base`` that some revision had and that is no prefix of today's. Known by ``name`` only."""
    schema = Schema(
        base.name,
        members,
        doc=doc,
        header=base.header,
        capset_id=base.capset_id,
        frozen=base.frozen,
        base=base,
        variant=name,
    )
    _check_names(schema)
    base.variants[name] = schema
    return schema


def _check_names(schema: Schema) -> None:
    if not _is_identifier(schema.name):
        raise SchemaError(f"{schema.name!r} is no C identifier")
    seen = set()
    for member in schema.members:
        if isinstance(member, Mark) or not member.name:
            continue
        if member.name in seen:
            raise SchemaError(f"{schema.name}.{member.name} is declared twice")
        seen.add(member.name)


def _is_identifier(text: str) -> bool:
    return text.isidentifier() and text.isascii()


def _declarator(text: str) -> tuple[str, tuple[int, ...], int | None]:
    """``"x[4][2]"`` to ``("x", (4, 2), None)``, ``"x:3"`` to ``("x", (), 3)``, ``":5"`` to ``("", (), 5)``."""
    name, colon, width = text.partition(":")
    name, *counts = name.split("[")
    try:
        if colon and (counts or not width.isdecimal()):
            raise ValueError
        if not all(count.endswith("]") and count[:-1].isdecimal() for count in counts):
            raise ValueError
        if not (_is_identifier(name) or (colon and not name)):
            raise ValueError
        dims = tuple(int(count[:-1]) for count in counts)
    except ValueError:
        raise SchemaError(f"{text!r} is no declarator: expected 'name', 'name[3]', 'name:3' or ':3'") from None
    if 0 in dims:
        raise SchemaError(f"{text!r}: an array has at least one element")
    return name, dims, int(width) if colon else None
