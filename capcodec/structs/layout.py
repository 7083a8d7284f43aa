"""From a declaration to offsets: what the core is given, and what tools ask of a struct."""

from __future__ import annotations

from _collections_abc import Mapping  # what collections.abc re-exports, at none of its cost

from ..errors import SchemaError
from ..schema import Schema
from . import field_errors
from .abi import Placing, with_fillers
from .field import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._core import Struct
    from .columns import Plan


class Fields(Mapping[str, Field]):
    """The fields of a struct in the order of the header, by name.

    Looking up takes names of folded fields and paths too: ``fields["video_caps[3].max_width"]``.
    """

    __slots__ = ("_layout", "named")

    def __init__(self, layout: Layout, named: dict[str, Field]) -> None:
        self._layout = layout
        self.named = named

    def __getitem__(self, path: str) -> Field:
        return self.named.get(path) or self._layout.resolve(path)

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
        size, align: bytes, of the newest layout.
        steps: where the struct once ended, oldest first; the last one is ``size``.
        fields: by name or path.
        folded: fields of nested structs that appear on this one too.
        rows: the fields in order of offset, and between them fillers for bits that no field covers; of a union, which
            alone does not tell which member is meant, one filler over all of it.
        cases: of a union, a layout for each member by name, as large as the union and with no other member.
        keys: what a dict of such a struct may hold: rows by name, and of a union those of all its cases.
    """

    __slots__ = (
        "_defaults",
        "align",
        "cases",
        "cls",
        "fields",
        "folded",
        "keys",
        "name",
        "plans",
        "rows",
        "schema",
        "size",
        "steps",
    )

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.name = schema.name
        self.cls: type[Struct] | None = None  # filled by capcodec.define
        self.plans: dict[str, Plan] = {}  # filled by capcodec.columns
        self._defaults: tuple[Field, ...] | None = None
        placed = Placing(schema, layout_of)
        self.size = placed.size
        self.align = placed.align
        self.steps = tuple(placed.steps)
        self.fields = Fields(self, {field.name: field for field in placed.fields})
        self.folded = _fold(placed.fields)
        self.rows = tuple(with_fillers(self.name, [] if schema.union else placed.fields, placed.size))
        self.cases = {field.name: self._case(field) for field in placed.fields} if schema.union else {}
        self.keys = {row.path: row for layout in (self, *self.cases.values()) for row in layout.rows}

    @property
    def grows(self) -> bool:
        """May it get longer? Then nothing can stand behind it in another struct."""
        return len(self.steps) > 1 and not self.schema.frozen

    def _case(self, field: Field) -> Layout:
        named = f"{self.name} ({field.name})"
        return layout_of(Schema(named, [field.member], header=self.schema.header, min_size=self.size))

    def step(self, size: int | None = None) -> int:
        """``size`` if the struct ever ended there; today's size if None."""
        if size is None:
            return self.size
        if not any(size == step.size for step in self.steps):
            raise field_errors.no_such_step(self, size)
        return size

    def resolve(self, path: str) -> Field:
        """The field at ``path``, spelt as in C; folded names too."""
        named, found = self.fields.named, None
        for name, indices in self.split(path):
            if name not in named:
                raise field_errors.unknown_field(self, path)
            found = named[name] if found is None else named[name].within(found)
            for index in indices:
                if not found.dims or index >= found.dims[0]:
                    raise field_errors.unknown_field(self, path, found)
                found = found.element(index)
            named = found.layout.fields.named if found.layout and not found.dims else {}
        assert found is not None
        return found

    def split(self, path: str) -> Iterator[tuple[str, list[int]]]:
        """``"sampler.bitmask[3]"`` to ``("v1", []), ("sampler", []), ("bitmask", [3])``.

        What is not spelt as in C comes out as a name that no field has.
        """
        if not isinstance(path, str):
            raise field_errors.unknown_field(self, path)
        first = path.partition(".")[0].partition("[")[0]
        if first in self.folded:
            path = self.folded[first].path + path[len(first) :]
        for part in path.split("."):
            name, *counts = part.split("[")
            indices = [int(count[:-1]) for count in counts if count.endswith("]") and count[:-1].isdecimal()]
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
    """The layout of ``schema``, computed once.

    Raises:
        SchemaError: C does not allow it, or it breaks the append-only rule; the message names the member.
    """
    if schema.layout is None:
        schema.layout = Layout(schema)
    return schema.layout


def _fold(fields: list[Field]) -> dict[str, Field]:
    folded: dict[str, Field] = {}
    taken = {field.name for field in fields}
    for field in fields:
        if not field.member.fold:
            continue
        if field.layout is None or field.dims:
            raise SchemaError(f"{field.struct}.{field.path}: only a single struct can be folded into another")
        for inner in (*field.layout.fields.values(), *field.layout.folded.values()):
            if inner.name in taken:
                raise SchemaError(f"{field.struct}.{field.path}.{inner.path} hides a field of that name when folded")
            taken.add(inner.name)
            folded[inner.name] = inner.within(field)
    return folded
