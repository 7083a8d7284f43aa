"""From a declaration to fields: what the core is given, and what tools ask of a struct."""

from __future__ import annotations

from _collections_abc import Mapping  # what collections.abc re-exports, at none of its cost
from itertools import islice

from ..errors import SchemaError, SizeStepError, TextError, UnknownFieldError, clipped, shown
from ..schema import Mark, Member, Scalar, Schema, char, u8
from .abi import Placing, padding
from .exact import exact_int, exact_str
from .field import Field, Selector
from .memo import Memo
from .since import History

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .field import Since

MAX_DIMS = 3  # CC_MAX_DIMS in src/cc_row.h
MAX_DEPTH = 64  # structs within structs; much is recursive, in C too
RESERVED = ("_struct", "_valid_size", "_partial", "_tail")  # keys of dicts and of JSON beside the fields
MAX_NAME = 100  # characters of a misspelt flag
MAX_HINTS = 4096  # paths that a misspelt name is compared with
MAX_INDEX_DIGITS = 10  # of an index in a path; no array has more elements

TOO_LARGE = {"f32": 2**128 - 2**103, "f64": 2**1024 - 2**970}  # would be rounded to an infinity

_layouts = Memo()
_making: tuple[Schema, ...] = ()  # structs being laid out, each within the one before; the lock of the memo is held


class Fields(Mapping[str, Field]):
    """The fields of a struct in the order of the header, by name.

    Looking up takes names of folded fields and paths too: ``fields["video_caps[3].max_width"]``.
    """

    __slots__ = ("_layout", "named")

    def __init__(self, layout: Layout, named: dict[str, Field]) -> None:
        self._layout = layout
        self.named: dict[str, Field] = named

    def __getitem__(self, path: str) -> Field:
        found = self._layout.member(path) if type(path) is str else None
        return self._layout.resolve(path) if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self.named)

    def __len__(self) -> int:
        return len(self.named)

    def __repr__(self) -> str:
        return f"<fields of {self._layout.name}: {', '.join(self.named)}>"


class Layout:
    """Where the fields of a declared struct lie.

    Attributes:
        schema: what was declared.
        name: of the struct.
        size, align: bytes, of the newest layout.
        depth: 1 if no field is a struct, else one more than that of the deepest struct within.
        steps: where the struct once ended, oldest first; the last one is ``size``.
        fields: by name or path.
        folded: fields of nested structs that appear on this one too.
        rows: the fields in order of offset, and between them fillers for bits that no field covers; of a union, which
            alone does not tell which member is meant, one filler over all of it.
        cases: of a union, a layout for each member by name, as large as the union and with no other member.
        prefilled: by size step, the bytes that a guest assumes before it asks; of those steps that were asked for.
        keys: what a dict of such a struct may hold: rows by name, and of a union those of all its cases.
    """

    __slots__ = (
        "__weakref__",
        "_defaults",
        "align",
        "cases",
        "depth",
        "fields",
        "folded",
        "keys",
        "name",
        "prefilled",
        "rows",
        "schema",
        "size",
        "steps",
    )

    def __init__(self, schema: Schema) -> None:
        self.schema: Schema = schema
        self.name: str = schema.name
        self._defaults: tuple[Field, ...] | None = None
        self.prefilled: dict[int, bytes] = {}
        made = _Builder(schema)
        self.size: int = made.placing.size
        self.align: int = made.placing.align
        self.depth: int = made.depth
        self.steps: tuple[Since, ...] = tuple(made.history.steps)
        self.fields: Fields = Fields(self, made.fields)
        self.folded: dict[str, Field] = _fold(made.fields)
        self.rows: tuple[Field, ...] = tuple(self._rows())
        self.cases: dict[str, Layout] = (
            {field.name: self._case(field) for field in self.fields.values()} if schema.union else {}
        )
        self.keys: dict[str, Field] = {row.path: row for layout in (self, *self.cases.values()) for row in layout.rows}

    @property
    def grows(self) -> bool:
        """May it get longer? Then nothing can stand behind it in another struct."""
        return len(self.steps) > 1 and not self.schema.frozen

    @property
    def full_name(self) -> str:
        """The name, and the variant's behind it."""
        return f"{self.name} {self.schema.variant}".rstrip()

    def _rows(self) -> Iterator[Field]:
        """The fields, and in between a row for all padding: its bits must survive too."""
        fields = [] if self.schema.union else list(self.fields.values())
        spans = [_span(field) for field in fields]
        rows = [_filler(self.name, start, stop) for start, stop in padding(spans, self.size)]
        return iter(sorted([*fields, *rows], key=_span))

    def _case(self, field: Field) -> Layout:
        named = f"{self.name} ({field.name})"
        return layout_of(Schema(named, [field.member], header=self.schema.header, min_size=self.size))

    def step(self, size: int | None = None) -> int:
        """``size`` if the struct ever ended there; today's size if None.

        Raises:
            SizeStepError: it never did.
        """
        exact = self.size if size is None else exact_int(size)
        if exact == self.size:
            return self.size
        for step in self.steps:
            if step.size == exact:
                return step.size
        steps = ", ".join(str(step.size) for step in self.steps)
        raise SizeStepError(f"{self.name} never had {clipped(size)} bytes; its size steps are {steps}")

    def resolve(self, path: str) -> Field:
        """The field at ``path``, spelt as in C; folded names too.

        Raises:
            UnknownFieldError: there is none.
        """
        inner: Layout | None = self
        found: Field | None = None
        for name, indices in self.split(path):
            field = None if inner is None else inner.member(name)
            if field is None:
                flag = found.flag(name) if found is not None and not found.dims and not indices else None
                if flag is None:
                    raise unknown_field(self, path)
                found, inner = flag, None
                continue
            found = field if found is None else field.within(found)
            for index in indices:
                if not found.dims or index >= found.dims[0]:
                    raise unknown_field(self, path, found)
                found = found.element(index)
            inner = None if found.dims else found.layout
        assert found is not None
        return found

    def member(self, name: str) -> Field | None:
        """The field of that name, of a struct folded into this one too; None if there is none."""
        return self.fields.named.get(name) or self.folded.get(name)

    def split(self, path: str) -> Iterator[tuple[str, list[int]]]:
        """``"sampler.bitmask[3]"`` to ``("sampler", []), ("bitmask", [3])``.

        What is not spelt as in C comes out as a name that no field has.

        Raises:
            UnknownFieldError: ``path`` is no string.
        """
        exact = exact_str(path)
        if exact is None:
            raise unknown_field(self, path)
        for part in exact.split("."):
            name, *counts = part.split("[", MAX_DIMS + 2)
            indices = [
                int(count[:-1])
                for count in counts
                if count.endswith("]") and count[:-1].isdecimal() and len(count) <= MAX_INDEX_DIGITS + 1
            ]
            canonical = name + "".join(f"[{index}]" for index in indices) == part
            yield (name, indices) if canonical else (part, [])

    @property
    def defaults(self) -> tuple[Field, ...]:
        """The fields with a declared default other than zero, nested ones too."""
        if self._defaults is None:
            found = []
            for field in self.fields.values():
                if field.layout is None:
                    found += [field] * bool(field.declared)
                elif field.layout.defaults:
                    found += [inner.within(part) for part in field.elements() for inner in field.layout.defaults]
            self._defaults = tuple(found)
        return self._defaults

    def leaves(self, within: Field | None = None) -> Iterator[Field]:
        """Every field that holds a value itself, nested ones too; arrays of values whole, arrays of structs spread."""
        for field in self.fields.values():
            if within is not None:
                field = field.within(within)
            for part in field.elements() if field.layout else (field,):
                if part.layout:
                    yield from part.layout.leaves(part)
                else:
                    yield part


def layout_of(schema: Schema) -> Layout:
    """The layout of ``schema``, computed once for as long as anybody keeps it.

    Raises:
        SchemaError: C does not allow it, or it breaks the append-only rule; the message names the member.
    """
    if not isinstance(schema, Schema):
        raise SchemaError(f"expected a schema, got {shown(schema)}")
    return _layouts.get(schema, lambda: _make(schema))


def _make(schema: Schema) -> Layout:
    global _making
    above = _making
    if schema in above:
        raise SchemaError(f"{schema.name} contains itself")
    if len(above) >= MAX_DEPTH:
        raise _too_deep(above[0])
    _making = (*above, schema)
    try:
        return Layout(schema)
    finally:
        _making = above  # takes no memory, where shortening a list may fail


def _too_deep(schema: Schema) -> SchemaError:
    return SchemaError(f"{schema.name}: more than {MAX_DEPTH} structs within one another")


def unknown_field(layout: Layout, path: object, array: Field | None = None) -> UnknownFieldError:
    """No field of ``layout`` is at ``path``; ``array`` is one that the path has an index too large for."""
    if array is not None and array.dims:
        return UnknownFieldError(f"{layout.name} has no {clipped(path)}: {array.path} has {array.dims[0]} elements")
    name = exact_str(path)
    if name is None:
        return UnknownFieldError(f"{layout.name} has no field {clipped(path)}")
    if layout.schema.union and name in layout.fields.named:
        return UnknownFieldError(
            f"{layout.name} is a union, which a dict has as bytes: set {name!r} by attribute or path"
        )
    return UnknownFieldError(f"{layout.name} has no field {clipped(name)}{_hint(layout, name)}")


def _hint(layout: Layout, name: str) -> str:
    """What the caller may have meant: a flag of that word, a name within a struct, or one that is spelt nearly so."""
    from difflib import get_close_matches  # slow to import, and only ever needed here

    word, _, _ = name.rpartition(".")
    named = {**layout.fields.named, **layout.folded}
    if word in named and named[word].flags:
        flags = list((named[word].flags or {}).values())
        close = get_close_matches(name[len(word) + 1 :], flags, 1) if len(name) <= MAX_NAME else []
        return f"; did you mean '{word}.{close[0]}'?" if close else f"; its flags are {', '.join(flags)}"
    known = [*paths(layout), *(field.path for field in layout.folded.values())]
    meant = [path for path in known if path.endswith(f".{name}")]
    if not meant and len(name) <= 2 * max(map(len, known)):
        meant = get_close_matches(name, known, 1)
    return f"; did you mean {meant[0]!r}?" if meant else ""


def take_special_keys(layout: Layout, given: dict[str, object]) -> tuple[int, bytes, bytes]:
    """Remove the keys of a dict that are no fields; returns ``_valid_size`` or -1, ``_partial`` and ``_tail``.

    Raises:
        TextError: one of them has no such value.
    """
    declared = given.pop("_valid_size", None)
    partial, tail = given.pop("_partial", b""), given.pop("_tail", b"")
    if type(partial) is not bytes or type(tail) is not bytes:
        raise TextError(f"{layout.name}: expected bytes in _partial and _tail")
    if declared is None:
        if partial:
            raise TextError(f"{layout.name}: _partial without _valid_size")
        return -1, partial, tail
    size = exact_int(declared)
    if size is None or not len(partial) <= size <= layout.size:
        expected = f"a _valid_size of {len(partial)}..{layout.size}"
        raise TextError(f"{layout.name}: expected {expected}, got {shown(declared)}")
    return size, partial, tail


def paths(layout: Layout) -> list[str]:
    """What a user may write in square brackets: names, and paths of flags and within single structs; not too many."""
    named = {**layout.fields.named, **layout.folded}
    return [*named, *islice(_inner_paths(named), MAX_HINTS)]


def _inner_paths(named: Mapping[str, Field]) -> Iterator[str]:
    """Paths of the flags, and of the fields of single structs, as they are written from the outermost struct."""
    for name, field in named.items():
        yield from (f"{name}.{flag}" for flag in (field.flags or {}).values())
        if field.layout is not None and not field.dims and not field.member.fold:
            inner = {**field.layout.fields.named, **field.layout.folded}
            yield from (f"{name}.{path}" for path in inner)
            yield from (f"{name}.{path}" for path in _inner_paths(inner))


class _Builder:
    """Places the members of a schema, one after the other, and makes a field of each."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.placing = Placing(schema.name, union=schema.union, min_size=schema.min_size)
        self.history = History(schema.union)
        self.fields: dict[str, Field] = {}
        self.depth = 1
        self._growing: Field | None = None  # a last member that grows, and the struct with it
        for member in schema.members:
            self._refuse_behind_growing()
            if isinstance(member, Mark):
                if member.size is not None:
                    self.placing.end_step(member.size)
                self.history.mark(member)
            elif member.bits is not None:
                self._place_bits(member, member.bits)
            else:
                self._place(member)
        if not self.fields:
            raise SchemaError(f"{schema.name} has no members")
        if schema.mask and not self._is_mask():
            raise SchemaError(f"{schema.name}: a mask has one member, an array of unsigned integers")
        if self._growing is not None and self._growing.layout is not None:
            self.history.grow_with(self._growing, self._growing.layout.steps)
        marks = [isinstance(member, Mark) for member in schema.members]
        self.history.end(self.placing.size, unreleased=any(marks) and not marks[-1])
        last = self.history.steps[-1].size
        if last < self.placing.size:
            raise SchemaError(f"{schema.name} has {self.placing.size} bytes, but its last step is {last}")

    def _is_mask(self) -> bool:
        first = next(iter(self.fields.values()))
        return len(self.fields) == len(first.dims) == 1 and first.type[0] == "u" and first.layout is None

    def _place(self, member: Member) -> None:
        name = f"{self.schema.name}.{member.name}"
        type_ = member.type if isinstance(member.type, Scalar) else layout_of(member.type)
        layout = type_ if isinstance(type_, Layout) else None
        if len(member.dims) > MAX_DIMS + (type_ is char):
            raise SchemaError(f"{name}: more than {MAX_DIMS} dimensions")
        size = type_.size
        for count in member.dims:
            size *= count
        given = member.default
        if isinstance(given, (tuple, list)) and (len(given),) != member.dims:
            raise SchemaError(f"{name}: {len(given)} defaults for {member.dims or 1} elements")
        at = self.placing.place(member.name, type_.name, size, type_.align, member.offset)
        field = self._add(member, at, size, layout=layout, selector=self._selector(member, name, at))
        if layout is not None:
            self.depth = max(self.depth, layout.depth + 1)
            if self.depth > MAX_DEPTH:
                raise _too_deep(self.schema)
            if layout.grows:
                self._growing = field
                if self.schema.union or member.dims:
                    self._refuse_behind_growing()

    def _place_bits(self, member: Member, width: int) -> None:
        name = f"{self.schema.name}.{member.name or 'unnamed bits'}"
        if not isinstance(member.type, Scalar) or member.type.kind not in ("unsigned", "signed"):
            raise SchemaError(f"{name}: a bitfield has an integer type, not {member.type.name}")
        if member.offset is not None or self.schema.union:
            raise SchemaError(f"{name}: the offset of a bitfield cannot be chosen")
        offset, shift = self.placing.place_bits(member.name, member.type.name, member.type.size, width)
        if member.name:
            self._add(member, offset, -(-(shift + width) // 8), shift=shift)

    def _add(
        self,
        member: Member,
        offset: int,
        size: int,
        shift: int = 0,
        layout: Layout | None = None,
        selector: Selector | None = None,
    ) -> Field:
        field = Field(
            member,
            struct=self.schema.name,
            path=member.name,
            offset=offset,
            size=size,
            dims=member.dims,
            shift=shift,
            declared=member.default,
            steps=self.history.steps,
            layout=layout,
            selector=selector,
        )
        if member.default is not None and not _fits(member.default, field):
            raise SchemaError(
                f"{field.struct}.{field.name}: {clipped(member.default)} is no default of a {field.spelling}"
            )
        if field.name in RESERVED or field.name.startswith("_pad_"):
            raise SchemaError(f"{field.struct}.{field.name}: dicts use this name for what is no field")
        self.fields[field.name] = field
        self.history.add(field)
        return field

    def _refuse_behind_growing(self) -> None:
        if self._growing is not None:
            name = f"{self._growing.struct}.{self._growing.path}"
            raise SchemaError(f"{name}: {self._growing.type} still grows, and would push what follows it")

    def _selector(self, member: Member, name: str, at: int) -> Selector | None:
        """What decides which member of a union is meant: a field that stands before it."""
        if member.select is None:
            return None
        by, names = member.select
        deciding = self.fields.get(by)
        if deciding is None or deciding.dims or deciding.type[0] != "u" or deciding.layout is not None:
            raise SchemaError(f"{name}: no unsigned field {by!r} before it can select a member")
        if member.dims or not isinstance(member.type, Schema) or not member.type.union:
            raise SchemaError(f"{name}: only a single union has members to select")
        known = layout_of(member.type).fields.named
        for value, case in names.items():
            if case not in known:
                raise SchemaError(f"{name}: {by} {value} selects {case!r}, which {member.type.name} has not")
        return Selector(deciding, at - deciding.offset, names)


def _fits(default: Any, field: Field) -> bool:
    """Can a field hold its default, or each of its elements the one that is given for it?"""
    if isinstance(default, (tuple, list)):
        return all(not isinstance(value, (tuple, list)) and _fits(value, field) for value in default)
    if field.type == "char":
        return isinstance(default, bytes) and len(default) <= (field.dims[-1] if field.dims else 1)
    if field.type[0] == "f":
        if not isinstance(default, (int, float)):
            return False
        return (
            abs(default) < TOO_LARGE[field.type] or default - default != 0
        )  # of an infinity, and of what is no number
    width = int(field.type[1:]) if field.bits is None else field.bits
    low = -(1 << width - 1) if field.type[0] == "s" else 0
    return isinstance(default, int) and low <= default < low + (1 << width)


def _fold(fields: dict[str, Field]) -> dict[str, Field]:
    """The fields of folded structs, by the names under which they appear on the outer one."""
    folded: dict[str, Field] = {}
    for field in fields.values():
        if not field.member.fold:
            continue
        if field.layout is None or field.dims:
            raise SchemaError(f"{field.struct}.{field.path}: only a single struct can be folded into another")
        for inner in (*field.layout.fields.values(), *field.layout.folded.values()):
            if inner.name in fields or inner.name in folded:
                raise SchemaError(f"{field.struct}.{field.path}.{inner.path} hides a field of that name when folded")
            folded[inner.name] = inner.within(field)
    return folded


def _filler(struct: str, start: int, stop: int) -> Field:
    """A row over bits that no field covers: a part of one byte, or whole bytes."""
    offset, shift = divmod(start, 8)
    size, rest = divmod(stop - start, 8)
    if shift or rest:
        member = Member(u8, f"_pad_{offset}_{shift}:{stop - start}")
        return Field(member, struct=struct, path=member.name, offset=offset, size=1, dims=(), shift=shift)
    member = Member(char, f"_pad_{offset}[{size}]")
    return Field(member, struct=struct, path=member.name, offset=offset, size=size, dims=member.dims)


def _span(row: Field) -> tuple[int, int]:
    """The first bit of a row, and the one behind its last."""
    start = row.offset * 8 + row.shift
    return start, start + (row.size * 8 if row.bits is None else row.bits)
