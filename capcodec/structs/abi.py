"""Offsets by the rules of the C ABI; refuses what C, or the rule that a struct grows only at its end, does not allow.

The rules are those of the System V ABI, which gcc and clang follow on every 64-bit Linux: a scalar is aligned to its
own size, a struct to its strictest member, and a bitfield shares the storage unit of its type with its neighbours
unless it would cross the unit's end. Bits are numbered from the least significant one, whatever the machine, since
what is laid out here is the little-endian wire.
"""

from __future__ import annotations

from ..errors import SchemaError
from ..schema import Mark, Member, Scalar, Schema, char, u8
from .field import Field, Selector, Since

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .layout import Layout

MAX_DIMS = 3  # CC_MAX_DIMS in src/cc_row.h
MAX_SIZE = (1 << 31) - 1  # offsets are uint32_t in src/cc_row.h, and sizes fit an int


class Placing:
    """A struct being laid out: what has been placed, and where the next member may go."""

    def __init__(self, schema: Schema, layout_of: Callable[[Schema], Layout]) -> None:
        self.schema = schema
        self.layout_of = layout_of
        self.cursor = 0  # bits
        self.align = 1
        self.fields: list[Field] = []
        self.steps: list[Since] = []
        self.marks: list[tuple[Mark, list[Field]]] = []
        self.unmarked: list[Field] = []  # since the last mark
        self.growing: Field | None = None  # a last member that grows, and the struct with it
        for member in schema.members:
            if isinstance(member, Mark):
                self.mark(member)
            elif member.bits is not None:
                self.place_bits(member, member.bits)
            else:
                self.place(member)
        if not self.fields:
            raise SchemaError(f"{schema.name} has no members")
        if self.growing is not None:
            self._grow(self.growing)
        self._mark_unreleased()
        reached = 0
        for mark, fields in self.marks:
            reached = mark.size or reached
            for field in fields:
                field.mark = mark
                field.since_size = reached if schema.union else 0
        if self.steps and self.steps[-1].size < self.size:
            raise SchemaError(f"{schema.name} has {self.size} bytes, but its last step is {self.steps[-1].size}")
        if not self.steps:
            self.steps.append(Since(self.size, "", "", ""))

    @property
    def size(self) -> int:
        """What C's ``sizeof`` would say now."""
        return max(_align_up(-(-self.cursor // 8), self.align), self.schema.min_size)

    def mark(self, mark: Mark) -> None:
        """What stands above came with ``mark``; check the size that it claims."""
        self._check_growing()
        if mark.size is not None:
            if self.steps and mark.size <= self.steps[-1].size:
                raise SchemaError(
                    f"{self.schema.name}: a step of {mark.size} bytes after one of {self.steps[-1].size}; "
                    "a struct grows only at its end"
                )
            # A member of a union may have grown since, within the bytes that a later member needs
            if mark.size != self.size and not (self.schema.union and mark.size < self.size):
                last = self.fields[-1].name if self.fields else "nothing"
                raise SchemaError(
                    f"{self.schema.name}: a step of {mark.size} bytes does not fall on the end of a field; "
                    f"with {last} the struct has {self.size}"
                )
            self.steps.append(Since(mark.size, mark.commit, mark.date, mark.release))
        self.marks.append((mark, self.unmarked))
        self.unmarked = []

    def place(self, member: Member) -> None:
        """Put a member that is no bitfield where its alignment allows, or where it says."""
        name = f"{self.schema.name}.{member.name}"
        type_: Layout | Scalar
        layout = None
        if isinstance(member.type, Scalar):
            type_ = member.type
        else:
            type_ = layout = self.layout_of(member.type)
        if len(member.dims) > MAX_DIMS + (type_ is char):
            raise SchemaError(f"{name}: more than {MAX_DIMS} dimensions")
        at = 0 if self.schema.union else _align_up(-(-self.cursor // 8), type_.align)
        if member.offset is not None:
            at = member.offset
            if at * 8 < self.cursor and not self.schema.union:
                raise SchemaError(f"{name} at byte {at} overlaps {self.fields[-1].path}, {self.fields[-1].place}")
            if at % type_.align:
                raise SchemaError(f"{name} at byte {at} is misaligned: {type_.name} is aligned to {type_.align} bytes")
        size = type_.size
        for count in member.dims:
            size *= count
        given = member.default
        if isinstance(given, (tuple, list)) and (len(given),) != member.dims:
            raise SchemaError(f"{name}: {len(given)} defaults for {member.dims or 1} elements")
        field = Field(
            member,
            struct=self.schema.name,
            path=member.name,
            offset=at,
            size=size,
            dims=member.dims,
            declared=member.default,
            steps=self.steps,
            layout=layout,
            selector=self._selector(member, name, at),
        )
        self.put(field, at * 8, size * 8, type_.align)
        if layout is not None and layout.grows:
            self.growing = field
            if self.schema.union or member.dims:
                self._check_growing()

    def place_bits(self, member: Member, width: int) -> None:
        """Put a bitfield behind the last bit taken, or into the next storage unit of its type."""
        name = f"{self.schema.name}.{member.name or 'unnamed bits'}"
        if not isinstance(member.type, Scalar) or member.type.kind not in ("unsigned", "signed"):
            raise SchemaError(f"{name}: a bitfield has an integer type, not {member.type.name}")
        if member.offset is not None or self.schema.union:
            raise SchemaError(f"{name}: the offset of a bitfield cannot be chosen")
        unit = member.type.size * 8
        if width > unit or (member.name and not width):
            raise SchemaError(f"{name}: {width} bits of {member.type.name}, which has {unit}")
        if not width or self.cursor // unit != (self.cursor + width - 1) // unit:
            self.cursor = _align_up(self.cursor, unit)
        if not member.name:
            self.cursor += width
            return
        offset, shift = divmod(self.cursor, 8)
        field = Field(
            member,
            struct=self.schema.name,
            path=member.name,
            offset=offset,
            size=-(-(shift + width) // 8),
            dims=(),
            shift=shift,
            declared=member.default,
            steps=self.steps,
        )
        self.put(field, self.cursor, width, member.type.align)

    def put(self, field: Field, start: int, width: int, align: int) -> None:
        """Add ``field``, which takes ``width`` bits from bit ``start`` on."""
        self._check_growing()
        once = self.steps[-1].size if self.steps and not self.schema.union else 0
        if start < once * 8:
            raise SchemaError(
                f"{field.struct}.{field.path} lies at {field.place}, within the {once} bytes at which "
                "the struct once ended; a struct grows only at its end"
            )
        self.cursor = max(self.cursor, start + width)
        self.align = max(self.align, align)
        self.fields.append(field)
        self.unmarked.append(field)
        if self.size > MAX_SIZE:
            raise SchemaError(f"{field.struct}.{field.path} ends beyond {MAX_SIZE} bytes")

    def _check_growing(self) -> None:
        """Nothing may stand behind a member that grows."""
        if self.growing is not None:
            name = f"{self.growing.struct}.{self.growing.path}"
            raise SchemaError(f"{name}: {self.growing.type} still grows, and would push what follows it")

    def _grow(self, last: Field) -> None:
        """The struct ended wherever its last member did."""
        assert last.layout is not None
        released = not (self.marks and self.unmarked != [last])  # nothing comes before what stands above it
        for step in last.layout.steps:
            origin = (step.commit, step.date, step.release) if released else ("", "", "")
            self.steps.append(Since(last.offset + step.size, *origin))
        if released:
            first = last.layout.steps[0]
            self.marks.append((Mark(None, first.commit, first.date, first.release), [last]))
            self.unmarked.remove(last)

    def _mark_unreleased(self) -> None:
        """What stands behind the last mark has no release yet; today's size is then a step of its own."""
        marked = [isinstance(member, Mark) for member in self.schema.members]
        if marked[-1] or not any(marked):
            return
        size = self.size if self.steps and self.steps[-1].size < self.size else None
        if size is not None:
            self.steps.append(Since(size, "", "", ""))
        self.marks.append((Mark(size, "", "", ""), self.unmarked))
        self.unmarked = []

    def _selector(self, member: Member, name: str, at: int) -> Selector | None:
        """What decides which member of a union is meant: a field that stands before it."""
        if member.select is None:
            return None
        by, names = member.select
        deciding = next((field for field in self.fields if field.name == by), None)
        if deciding is None or deciding.dims or deciding.type[0] != "u" or deciding.layout is not None:
            raise SchemaError(f"{name}: no unsigned field {by!r} before it can select a member")
        if member.dims or not isinstance(member.type, Schema) or not member.type.union:
            raise SchemaError(f"{name}: only a single union has members to select")
        known = self.layout_of(member.type).fields.named
        for value, case in names.items():
            if case not in known:
                raise SchemaError(f"{name}: {by} {value} selects {case!r}, which {member.type.name} has not")
        return Selector(deciding, at - deciding.offset, names)


def _align_up(value: int, unit: int) -> int:
    return -(-value // unit) * unit


def with_fillers(struct: str, fields: list[Field], size: int) -> Iterator[Field]:
    """The fields, and in between a row for all padding: its bits must survive too."""
    cursor = 0
    for field in fields:
        start = field.offset * 8 + field.shift
        yield from _fill(struct, cursor, start)
        yield field
        cursor = start + field.bits if field.bits is not None else field.end * 8
    yield from _fill(struct, cursor, size * 8)


def _fill(struct: str, start: int, stop: int) -> Iterator[Field]:
    """Rows over the bits from ``start`` to ``stop``: part of a byte, whole bytes, part of a byte."""
    while start < stop:
        offset, shift = divmod(start, 8)
        if shift or stop - start < 8:
            width = min(8 - shift, stop - start)
            member = Member(u8, f"_pad_{offset}_{shift}:{width}")
            yield Field(member, struct=struct, path=member.name, offset=offset, size=1, dims=(), shift=shift)
        else:
            width = (stop - start) // 8 * 8
            member = Member(char, f"_pad_{offset}[{width // 8}]")
            yield Field(member, struct=struct, path=member.name, offset=offset, size=width // 8, dims=member.dims)
        start += width
