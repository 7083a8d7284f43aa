"""What is known of one field of a struct."""

from __future__ import annotations

from ..schema import COMMON, EITHER, Mark, Member, Scalar, u8, u16, u32, u64
from .abi import where
from .described import documented

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from ..schema import Less, _Default
    from .layout import Layout


class Since:
    """What brought a field: the size step in bytes, the commit, its author date, the first release that has it.

    The release is empty if none has it yet. Of a field behind the last mark the commit and the date are empty too.
    """

    __slots__ = ("commit", "date", "release", "size")

    def __init__(self, size: int, commit: str, date: str, release: str) -> None:
        self.size: int = size
        self.commit: str = commit
        self.date: str = date
        self.release: str = release

    def __str__(self) -> str:
        origin = ", ".join(
            part for part in (self.release and f"release {self.release}", self.commit, self.date) if part
        )
        return f"{self.size} ({origin})" if origin else str(self.size)

    def __repr__(self) -> str:
        return f"Since(size={self.size}, commit={self.commit!r}, date={self.date!r}, release={self.release!r})"


class Selector:
    """What says which member of a union is meant.

    Attributes:
        field: of the struct that holds the union, and before it; its value decides.
        distance: from there to the union, in bytes.
        names: of the union's members, by that value.
    """

    __slots__ = ("distance", "field", "names")

    def __init__(self, field: Field, distance: int, names: Mapping[int, str]) -> None:
        self.field: Field = field
        self.distance: int = distance
        self.names: Mapping[int, str] = names


class Field:
    """One field of a struct, and all that is known of it. Offsets and sizes are in bytes.

    Attributes:
        struct: name of the outermost struct.
        path: from there, spelt as in C: ``v1.sampler.bitmask[3]``.
        offset: of the first byte that holds any of it.
        size: how many bytes it touches, all elements together.
        dims: elements per dimension, outermost first; ``()`` for one value. A char array's length is a dimension.
        shift: of a bitfield, its lowest bit, counted from bit 0 of the byte at ``offset``.
        mark: what it came with; None where the struct has no history. See ``since``.
        since_size: size of the struct when it came, where that is more than its end tells: in a union.
        steps: of the outermost struct.
        layout: of the struct it is one of, or an array of; else None.
        selector: of a union, what says which of its members is meant; else None.
        less: which of two values promises a guest less; None if nobody has said it.
    """

    __doc__ = documented(__doc__)
    __slots__ = (
        "declared",
        "dims",
        "layout",
        "less",
        "mark",
        "member",
        "offset",
        "path",
        "selector",
        "shift",
        "since_size",
        "size",
        "steps",
        "struct",
    )

    def __init__(
        self,
        member: Member,
        *,
        struct: str,
        path: str,
        offset: int,
        size: int,
        dims: tuple[int, ...],
        shift: int = 0,
        mark: Mark | None = None,
        steps: Sequence[Since] = (),
        declared: _Default | None = None,
        layout: Layout | None = None,
        selector: Selector | None = None,
        less: Less | None = None,
    ) -> None:
        self.member: Member = member
        self.struct: str = struct
        self.path: str = path
        self.offset: int = offset
        self.size: int = size
        self.dims: tuple[int, ...] = dims
        self.shift: int = shift
        self.mark: Mark | None = mark
        self.since_size: int = 0
        self.steps: Sequence[Since] = steps
        self.declared: _Default | None = declared
        self.layout: Layout | None = layout
        self.selector: Selector | None = selector
        self.less: Less | None = member.less or less

    @property
    def since(self) -> Since | None:
        """The size step, commit, date and release that brought it; None where the struct has no history."""
        from bisect import bisect_left  # seldom needed

        mark = self.mark
        if mark is None:
            return None
        end = self.offset + self.layout.steps[0].size if self.layout and self.layout.grows else self.end
        step = bisect_left(self.steps, max(end, self.since_size), key=lambda step: step.size)
        return Since(self.steps[step].size, mark.commit, mark.date, mark.release)

    @property
    def end(self) -> int:
        """``offset + size``. The field arrived whole if that many bytes did."""
        return self.offset + self.size

    @property
    def name(self) -> str:
        """As in the header."""
        return self.member.name

    @property
    def type(self) -> str:
        """``u8`` … ``f64``, ``char``, or the name of a struct."""
        return self.member.type.name

    @property
    def bits(self) -> int | None:
        """Width of a bitfield in bits; None for anything else."""
        return self.member.bits

    @property
    def default(self) -> Any:
        """What the reader assumes before it asks; None for a struct, whose fields have their own."""
        if not isinstance(self.member.type, Scalar):
            return None
        kind = self.member.type.kind
        default: Any = _ZEROS[kind] if self.declared is None else self.declared
        if not isinstance(default, (tuple, list)):
            for count in reversed(self.dims[:-1] if kind == "char" else self.dims):
                default = (default,) * count
        return default

    @property
    def doc(self) -> str:
        """What it means, in one line."""
        return self.member.doc

    @property
    def unit(self) -> str:
        """Unit of the value, where it has one."""
        return self.member.unit

    @property
    def source(self) -> str:
        """Where the sender takes the value from."""
        return self.member.source

    @property
    def meaning(self) -> str:
        """The vocabulary in which its numbers are words; see :mod:`capcodec.meaning`."""
        return self.member.meaning

    @property
    def flags(self) -> Mapping[int, str] | None:
        """Names of the bits of a flag word, by bit number."""
        return self.member.flags

    @property
    def flag_marks(self) -> Mapping[int, Mark]:
        """What brought each flag, by bit number. A flag without a mark is not released yet."""
        return self.member.flag_marks

    @property
    def spelling(self) -> str:
        """The type with its counts or bits: ``u32[6]``, ``u32:1``, ``char[64]``."""
        if self.bits is not None:
            return f"{self.type}:{self.bits}"
        return self.type + "".join(f"[{count}]" for count in self.dims)

    @property
    def place(self) -> str:
        """``byte 284``, ``byte 262 bit 2`` or ``bytes 4..68``, the last one exclusive."""
        return where(self.offset, self.size, self.shift, self.bits)

    def element(self, index: int) -> Field:
        """The ``index``-th element along the first dimension."""
        size = self.size // self.dims[0]
        field = Field(
            self.member,
            struct=self.struct,
            path=f"{self.path}[{index}]",
            offset=self.offset + index * size,
            size=size,
            dims=self.dims[1:],
            mark=self.mark,
            steps=self.steps,
            declared=self.declared[index] if isinstance(self.declared, (tuple, list)) else self.declared,
            layout=self.layout,
            less=self.less,
        )
        field.since_size = self.since_size
        return field

    def flag(self, name: str) -> Field | None:
        """A flag of a word of flags, as a field of one bit; None if there is none of that name.

        It is absent where any of its word is. Of an array of words, it is the flag in the first.
        """
        type_ = self.member.type
        width = self.bits or 8 * type_.size if isinstance(type_, Scalar) else 0
        for bit, known in (self.flags or {}).items():
            if known == name and bit < width and isinstance(type_, Scalar):
                less = self.less and (EITHER if name in self.less.either else COMMON)
                member = Member(_UNSIGNED[type_.size], "flag:1", f"bit {bit} of {self.name}: {self.doc}", less=less)
                member.name = name
                return self._bit(member, bit, type_.size if self.bits is None else self.size)
        return None

    def _bit(self, member: Member, bit: int, size: int) -> Field:
        marked = self.mark is not None and bool(self.flag_marks)
        field = Field(
            member,
            struct=self.struct,
            path=f"{self.path}.{member.name}",
            offset=self.offset,
            size=size,
            dims=(),
            shift=self.shift + bit,
            mark=_later(self.mark, self.flag_marks.get(bit, _NOT_RELEASED)) if marked else self.mark,
            steps=self.steps,
        )
        field.since_size = self.since_size
        return field

    def within(self, outer: Field) -> Field:
        """This field of a nested struct, as a field of the struct that ``outer`` belongs to."""
        field = Field(
            self.member,
            struct=outer.struct,
            path=f"{outer.path}.{self.path}",
            offset=outer.offset + self.offset,
            size=self.size,
            dims=self.dims,
            shift=self.shift,
            mark=_later(outer.mark, self.mark),
            steps=outer.steps,
            declared=self.declared,
            layout=self.layout,
            selector=self.selector,
            less=self.less or outer.less,
        )
        field.since_size = max(outer.since_size, outer.offset + self.since_size if self.since_size else 0)
        return field

    def elements(self) -> Iterator[Field]:
        """The field itself, or every single element of it if it is an array."""
        if not self.dims:
            yield self
            return
        for index in range(self.dims[0]):
            yield from self.element(index).elements()

    def __str__(self) -> str:
        return f"{self.struct}.{self.path} ({self.spelling} at {self.place})"

    def __repr__(self) -> str:
        return f"<Field {self}>"


def _later(outer: Mark | None, inner: Mark | None) -> Mark | None:
    """Of a field in a nested struct: it came with the struct, unless it was added to that later."""
    return outer if outer is None or inner is None or _when(inner) <= _when(outer) else inner


def _when(mark: Mark) -> tuple[bool, str]:
    """For comparing: what has no date yet comes after everything that has one."""
    return not mark.date, mark.date


_NOT_RELEASED = Mark(None, "", "", "")
_UNSIGNED = {scalar.size: scalar for scalar in (u8, u16, u32, u64)}
_ZEROS: dict[str, int | float | bytes] = {"unsigned": 0, "signed": 0, "float": 0.0, "char": b""}
