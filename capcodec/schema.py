"""How a struct is declared: names, types, counts, defaults and history. Pure data.

A declaration reads like the C header it mirrors::

    my_caps = struct(
        "my_caps",
        u32("version", "version of the protocol"),
        step(4, "1f2e3d4c5b6a", "2023-01-01", "1.0"),
        u32("flags:4", "what the host can do"),
        u32(":28"),
        f32("limits[3]", "largest extent along each axis", unit="texels", default=1.0),
        step(20, "6a5b4c3d2e1f", "2024-01-01", "1.1"),
        header="my_protocol.h",
    )

A ``step`` is a mark: the struct once ended here, at that size in bytes, and the members above it came with that step.
Members below the last mark are not released yet. The marks may also stand apart from the members, in a mapping that is
given as ``history``: it has, by name of the member that stands above a mark, the mark. This means the same as above::

    my_caps = struct(
        "my_caps",
        u32("version", "version of the protocol"),
        u32("flags:4", "what the host can do"),
        u32(":28"),
        f32("limits[3]", "largest extent along each axis", unit="texels", default=1.0),
        header="my_protocol.h",
        history={
            "version": step(4, "1f2e3d4c5b6a", "2023-01-01", "1.0"),
            "limits": step(20, "6a5b4c3d2e1f", "2024-01-01", "1.1"),
        },
    )

Nobody writes offsets down: :mod:`capcodec.structs.layout` computes them by the rules of the C ABI, and refuses what
breaks the rules.
"""

from __future__ import annotations

from .errors import SchemaError, clipped, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Literal, TypeAlias

    _Number: TypeAlias = int | float
    _Default: TypeAlias = _Number | bytes | list[_Number] | tuple[_Number, ...]
    _Kind = Literal["unsigned", "signed", "float", "char"]


class Mark:
    """What brought some members of a struct: those above the mark, up to the mark before it. Or what brought a flag.

    Attributes:
        size: bytes at which the struct then ended; None if the struct did not grow, as when unused bits got a name.
        commit: of the header's repository; empty if unknown.
        date: author date of the commit, ISO; empty if unknown.
        release: the first release with that commit; empty if there is none yet.
    """

    __slots__ = ("commit", "date", "release", "size")

    def __init__(self, size: int | None, commit: str, date: str, release: str) -> None:
        self.size: int | None = size
        self.commit: str = commit
        self.date: str = date
        self.release: str = release


def step(size: int, commit: str = "", date: str = "", release: str = "") -> Mark:
    """Mark an end of the struct: it once ended here, and C's ``sizeof`` was ``size`` bytes."""
    return Mark(size, commit, date, release)


def since(commit: str, date: str = "", release: str = "") -> Mark:
    """Mark a commit that brought the members above, or a flag, and did not change the size of the struct."""
    return Mark(None, commit, date, release)


class Less:
    """Which of the values that several hosts send promises a guest less; :mod:`capcodec.fleet` reckons by it.

    Attributes:
        name: of the way: one of those below, or a rule's own.
        reason: why it is so.
        either: of a word of flags, those that go the other way, as restrictions do: set where any host has them.
    """

    __slots__ = ("either", "name", "reason")

    def __init__(self, name: str, reason: str, either: tuple[str, ...] = ()) -> None:
        self.name: str = name
        self.reason: str = reason
        self.either: tuple[str, ...] = either

    def __repr__(self) -> str:
        return f"<less is {self.name}: {self.reason}>"


SMALLER = Less("smaller", "a guest keeps below a limit")
LARGER = Less("larger", "a guest keeps above a limit")
ALIGNMENT = Less("alignment", "a multiple of all alignments suits all hosts; 0 cannot be done")
COMMON = Less("common", "a guest uses what the bits name")
EITHER = Less("either", "a guest has to heed what any host demands")
SAME = Less("same", "no value stands between two; zero or empty where they differ")


def common(reason: str, *either: str) -> Less:
    """The bits that all hosts have, but for the flags that go the other way."""
    return Less(COMMON.name, reason, either)


def own(name: str, reason: str) -> Less:
    """A rule of its own, which :mod:`capcodec.fleet` has under that name."""
    return Less(name, reason)


class Member:
    """One declarator of a struct: ``u32("max_samples", ...)``. Made by calling a type."""

    __slots__ = (
        "bits",
        "default",
        "dims",
        "doc",
        "flag_marks",
        "flags",
        "fold",
        "less",
        "meaning",
        "name",
        "offset",
        "select",
        "source",
        "type",
        "unit",
    )

    name: str
    dims: tuple[int, ...]
    bits: int | None

    def __init__(
        self,
        type: Scalar | Schema,
        declarator: str,
        doc: str = "",
        source: str = "",
        *,
        unit: str = "",
        meaning: str = "",
        default: _Default | None = None,
        flags: Mapping[int, str] | None = None,
        flag_marks: Mapping[int, Mark] | None = None,
        offset: int | None = None,
        fold: bool = False,
        select: tuple[str, Mapping[int, str]] | None = None,
        less: Less | None = None,
    ) -> None:
        self.type: Scalar | Schema = type
        self.name, self.dims, self.bits = _declarator(declarator)
        self.doc: str = doc
        self.source: str = source
        self.unit: str = unit
        self.meaning: str = meaning
        self.default: _Default | None = default
        self.flags: Mapping[int, str] | None = flags
        self.flag_marks: Mapping[int, Mark] = flag_marks or {}
        self.offset: int | None = offset
        self.fold: bool = fold
        self.select: tuple[str, Mapping[int, str]] | None = select
        self.less: Less | None = less
        for bit in self.flag_marks:
            if bit not in (flags or ()):
                raise SchemaError(f"{self.name}: flag_marks dates bit {bit}, which flags does not name")


class Scalar:
    """A C type of one value. Calling it declares a member of that type; see :meth:`__call__`."""

    __slots__ = ("kind", "name", "size")

    def __init__(self, name: str, size: int, kind: _Kind) -> None:
        self.name: str = name
        self.size: int = size
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
        default: _Default | None = None,
        flags: Mapping[int, str] | None = None,
        flag_marks: Mapping[int, Mark] | None = None,
        offset: int | None = None,
        less: Less | None = None,
    ) -> Member:
        """Declare a member of this type.

        Args:
            declarator: as in C: ``"name"``, ``"name[6]"``, ``"name:3"``, or ``":5"`` for unnamed bits.
            doc: one line that says what the value is.
            source: where the sender takes the value from.
            unit: of the value.
            meaning: the vocabulary that has words for its numbers; see :mod:`capcodec.meaning.vocabularies`.
            default: what the reader assumes before it asks: one value, which an array repeats, or one per element. 0 if
                not given.
            flags: of a word of flags, names of its bits by bit number.
            flag_marks: what brought each of these flags, by bit number. A flag without a mark is not released yet.
            offset: in bytes, if the member must lie there.
            less: which of two values promises less. If not given, as of the struct that it is in.

        Raises:
            SchemaError: ``declarator`` is none, or ``flag_marks`` has a bit that ``flags`` does not name.
        """
        return Member(
            self,
            declarator,
            doc,
            source,
            unit=unit,
            meaning=meaning,
            default=default,
            flags=flags,
            flag_marks=flag_marks,
            offset=offset,
            less=less,
        )

    def __repr__(self) -> str:
        return self.name


u8: Scalar = Scalar("u8", 1, "unsigned")
u16: Scalar = Scalar("u16", 2, "unsigned")
u32: Scalar = Scalar("u32", 4, "unsigned")
u64: Scalar = Scalar("u64", 8, "unsigned")
s8: Scalar = Scalar("s8", 1, "signed")
s16: Scalar = Scalar("s16", 2, "signed")
s32: Scalar = Scalar("s32", 4, "signed")
s64: Scalar = Scalar("s64", 8, "signed")
f32: Scalar = Scalar("f32", 4, "float")
f64: Scalar = Scalar("f64", 8, "float")
char: Scalar = Scalar("char", 1, "char")


class Schema:
    """A struct or union as declared. Calling it declares a member of that type in another struct.

    Attributes:
        members: in the order of the header, and the marks among them.
        min_size: bytes; the struct is never smaller.
        variant: name of this layout among the variants of ``base``; empty if it is the newest layout itself.
        variants: by name, layouts of this struct that are no prefix of the newest.
        doc, header, capset_id, frozen, union, mask: as given to :func:`struct` or :func:`union`.
    """

    __slots__ = (
        "base",
        "capset_id",
        "doc",
        "frozen",
        "header",
        "mask",
        "members",
        "min_size",
        "name",
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
        min_size: int = 0,
        mask: bool = False,
    ) -> None:
        self.name: str = name
        self.members: tuple[Member | Mark, ...] = tuple(members)
        self.doc: str = doc
        self.header: str = header
        self.capset_id: int | None = capset_id
        self.frozen: bool = frozen
        self.base: Schema | None = base
        self.variant: str = variant
        self.union: bool = union
        self.min_size: int = min_size
        self.mask: bool = mask
        self.variants: dict[str, Schema] = {}

    def __call__(
        self,
        declarator: str,
        doc: str = "",
        source: str = "",
        *,
        fold: bool = False,
        offset: int | None = None,
        select: tuple[str, Mapping[int, str]] | None = None,
        less: Less | None = None,
    ) -> Member:
        """Declare a member of this type.

        Args:
            declarator: as in C: ``"name"`` or ``"name[6]"``.
            doc: one line that says what it holds.
            source: where the sender takes it from.
            fold: the inner fields appear on the outer struct too, as those of C's anonymous structs do.
            offset: in bytes, if the member must lie there.
            select: of a union, which of its members is meant: name of a field that stands before the union, and by the
                values of that field the names of the union's members: ``("kind", {1: "a", 2: "b"})``.
            less: which of two values promises less, for its fields that do not say it themselves.

        Raises:
            SchemaError: ``declarator`` is none.
        """
        return Member(self, declarator, doc, source, offset=offset, fold=fold, select=select, less=less)

    def until(self, size: int, /, **replaced: Member) -> Iterator[Member | Mark]:
        """The members and marks up to the step of ``size`` bytes, that step included.

        Args:
            size: of a step, in bytes.
            replaced: by name of a member, another one to stand in its place.

        Raises:
            SchemaError: there is no such step, or no such member above it.
        """
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
    mask: bool = False,
    history: Mapping[str, Mark] | None = None,
) -> Schema:
    """Declare a struct.

    Args:
        name: as in C.
        members: calls of types; and ``step`` or ``since`` marks, each below the members that it brought.
        doc: one line.
        header: the upstream file it mirrors.
        capset_id: if it is a capability set.
        frozen: it will never grow again, so that members of other structs may stand behind it.
        mask: it is a set of numbers, a bit for each, and its one member an array of unsigned integers: ``n in mask``.
        history: more marks, each by the name of the member below which it belongs.

    Raises:
        SchemaError: a name is no C identifier, or stands twice; or ``history`` names no member.
    """
    members = _with_history(name, members, history)
    schema = Schema(name, members, doc=doc, header=header, capset_id=capset_id, frozen=frozen, mask=mask)
    _check_names(schema)
    return schema


def union(
    name: str,
    *members: Member | Mark,
    doc: str = "",
    header: str = "",
    history: Mapping[str, Mark] | None = None,
) -> Schema:
    """Declare a union: all members start at byte 0.

    Args:
        name: as in C.
        members: as of a struct. A step says how large the union was when the member above was its newest.
        doc: one line.
        header: the upstream file it mirrors.
        history: more marks, each by the name of the member below which it belongs.

    Raises:
        SchemaError: a name is no C identifier, or stands twice; or ``history`` names no member.
    """
    schema = Schema(name, _with_history(name, members, history), doc=doc, header=header, union=True)
    _check_names(schema)
    return schema


def variant(
    base: Schema, name: str, doc: str, *members: Member | Mark, history: Mapping[str, Mark] | None = None
) -> Schema:
    """Declare a layout of ``base`` that some revision had, and that is no prefix of the newest layout.

    Args:
        base: the newest layout. It lists the new one in its ``variants``.
        name: of this layout. Users ask for it by this name; no size leads to it where sizes do not tell it apart.
        doc: one line: who had it, and how it differs.
        members: all of them, as of a struct; :meth:`Schema.until` has those that are the same.
        history: more marks, each by the name of the member below which it belongs.

    Raises:
        SchemaError: a name is no C identifier, or stands twice; or ``history`` names no member.
    """
    schema = Schema(
        base.name,
        _with_history(f"{base.name} {name}", members, history),
        doc=doc,
        header=base.header,
        capset_id=base.capset_id,
        frozen=base.frozen,
        mask=base.mask,
        base=base,
        variant=name,
    )
    _check_names(schema)
    base.variants[name] = schema
    return schema


def _with_history(
    name: str, members: tuple[Member | Mark, ...], history: Mapping[str, Mark] | None
) -> tuple[Member | Mark, ...]:
    """The members, and below each that ``history`` names its mark."""
    if not history:
        return members
    missing = set(history).difference(member.name for member in members if isinstance(member, Member) and member.name)
    if missing:
        raise SchemaError(f"{name}: the history names {', '.join(map(repr, sorted(missing)))}, which is no member")
    together: list[Member | Mark] = []
    for member in members:
        together.append(member)
        if isinstance(member, Member) and member.name in history:
            together.append(history[member.name])
    return tuple(together)


def _check_names(schema: Schema) -> None:
    if not _is_identifier(schema.name):
        raise SchemaError(f"{clipped(schema.name)} is no C identifier")
    seen = set()
    for member in schema.members:
        if not isinstance(member, (Member, Mark)):
            raise SchemaError(f"{schema.name}: expected members and marks, got {shown(member)}")
        if isinstance(member, Mark) or not member.name:
            continue
        if member.name in seen:
            raise SchemaError(f"{schema.name}.{member.name} is declared twice")
        seen.add(member.name)


def _is_identifier(text: object) -> bool:
    return isinstance(text, str) and text.isidentifier() and text.isascii()


def _declarator(text: str) -> tuple[str, tuple[int, ...], int | None]:
    """``"x[4][2]"`` to ``("x", (4, 2), None)``, ``"x:3"`` to ``("x", (), 3)``, ``":5"`` to ``("", (), 5)``."""
    if not isinstance(text, str):
        raise SchemaError(f"expected a declarator such as 'name[3]', got {shown(text)}")
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
