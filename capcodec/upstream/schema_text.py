"""A module that declares a struct of a C header, in the style of ``capsets``; or the same as a schema at once."""

from __future__ import annotations

from ..errors import HeaderError, SchemaError
from ..schema import Mark, Member, Scalar, Schema, step
from ..schema import struct as declare_struct
from ..schema import union as declare_union
from ..structs.layout import layout_of
from . import data_modules, model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .harvest import Origin


class Declared:
    """The declarations of a struct and of those within it, innermost first.

    Args:
        struct: as the compiler has it.
        header: name of the header, for the declaration.
        history: what brought its fields, if that is known.

    Raises:
        HeaderError: the struct has something that no schema can say: a packed member, a type without a name.
    """

    def __init__(self, struct: model.Struct, header: str, history: Mapping[str, Origin] | None = None) -> None:
        self.header: str = header
        self.lines: list[str] = []
        self.used: set[str] = set()
        self.schemas: dict[model.Struct, tuple[str, Schema]] = {}
        self.names: set[str] = set()
        self.schema: Schema = self._declare(struct, struct.name, history or {})
        layout = layout_of(self.schema)
        if layout.size != struct.size:
            raise HeaderError(f"{struct.title} has {struct.size} bytes, and {layout.size} by the rules of a schema")

    def text(self) -> str:
        """The module."""
        imports = ", ".join(sorted(self.used))
        title = self.schema.name
        return (
            f'"""``{title}``, as in ``{self.header}``."""\n\nfrom __future__ import annotations\n\n'
            f"from capcodec.schema import {imports}\n\n" + "\n\n".join(self.lines) + "\n"
        )

    def _declare(
        self, struct: model.Struct, name: str, history: Mapping[str, Origin], unnamed: str = "anonymous"
    ) -> Schema:
        if struct in self.schemas:
            return self.schemas[struct][1]
        name = self._free(name or "anonymous")
        pieces: list[tuple[str, Member | Mark]] = []
        for text, member in self._members(struct, name, unnamed):
            pieces.append((text, member))
            origin = history.get(member.name)
            if origin is not None and origin.size is not None:
                told = (origin.commit, origin.date, origin.release)
                self.used.add("step")
                pieces.append((f"step({', '.join([str(origin.size), *map(_text, told)])})", step(origin.size, *told)))
        members = [member for _, member in pieces]
        try:
            maker = declare_union if struct.keyword == "union" else declare_struct
            last = struct.fields[-1:]
            behind = "".join(f"; behind it {field.name}, {field.declared}" for field in last if 0 in field.dims)
            schema = maker(name, *members, doc=f"{struct.title} of {self.header}{behind}", header=self.header)
            layout = layout_of(schema)
        except SchemaError as error:
            raise HeaderError(f"no schema can say {struct.title}: {error}") from None
        for field in struct.fields:
            there = layout.fields.get(field.name) if field.name and 0 not in field.dims else None
            if there is not None and (there.offset * 8 + there.shift, there.bits) != (field.bit, field.bits):
                raise HeaderError(f"no schema can say {struct.title}: {field.name} lies at {field.place}")
        if layout.size != struct.size:
            raise HeaderError(
                f"no schema can say {struct.title}: it has {struct.size} bytes, and {layout.size} by its members"
            )
        self.used.add(struct.keyword)
        inside = "".join(f"    {text},\n" for text, _ in pieces)
        self.lines.append(
            f"{name} = {struct.keyword}(\n    {_text(name)},\n{inside}"
            f"    doc={_text(schema.doc)},\n    header={_text(self.header)},\n)"
        )
        self.schemas[struct] = (name, schema)
        return schema

    def _members(self, struct: model.Struct, name: str, unnamed: str) -> Iterator[tuple[str, Member]]:
        count = 0
        cursor = 0
        for field in struct.fields:
            if 0 in field.dims:
                if field is struct.fields[-1]:
                    continue  # it has no bytes of its own
                raise HeaderError(f"no schema can say {struct.title}: {field.name} has no length")
            if struct.keyword == "struct" and field.bits is not None and field.bit > cursor:
                yield from self._gap(field, cursor)
            cursor = field.end_bit
            called = field.name
            if not called:
                count += 1
                called = f"{unnamed}_{count}"
            named = field._replace(name=called)
            if isinstance(field.type, model.Struct):
                fold = not field.name
                # What is folded in shares a scope with what it is folded into
                own = field.type.name or f"{name.removesuffix(f'_{unnamed}')}_{called}"
                inner = self._declare(field.type, own, {}, called if fold else "anonymous")
                variable = self.schemas[field.type][0]
                text = f"{variable}({_text(data_modules.declarator(named))}{', fold=True' if fold else ''})"
                yield text, inner(data_modules.declarator(named), fold=fold)
                continue
            type_ = data_modules.type_name(field)
            self.used.add(type_)
            offset = self._offset(field, struct)
            said = f", offset={offset}" if offset is not None else ""
            doc = f", {_text(f'{field.spelling}')}" if type_ != field.spelling and _telling(field) else ""
            text = f"{type_}({_text(data_modules.declarator(named))}{doc}{said})"
            yield text, SCALARS[type_](data_modules.declarator(named), field.spelling if doc else "", offset=offset)

    def _gap(self, field: model.Field, cursor: int) -> Iterator[tuple[str, Member]]:
        """Unnamed bits before a bitfield, where the declaration would not leave them by itself."""
        unit = field.type.size * 8
        start = max(cursor, field.bit // unit * unit)
        if field.bit > start:
            type_ = data_modules.type_name(field)
            self.used.add(type_)
            width = field.bit - start
            yield f"{type_}({_text(f':{width}')})", SCALARS[type_](f":{width}")

    def _offset(self, field: model.Field, struct: model.Struct) -> int | None:
        """Where a member has to lie, if its alignment alone does not say so."""
        if field.bits is not None or struct.keyword == "union":
            return None
        place = struct.fields.index(field)
        end = -(-max((other.end_bit for other in struct.fields[:place]), default=0) // 8)
        natural = -(-end // field.type.size) * field.type.size
        return None if natural == field.offset else field.offset

    def _free(self, name: str) -> str:
        found, count = name, 1
        while found in self.names:
            count += 1
            found = f"{name}_{count}"
        self.names.add(found)
        return found


def _scalars() -> Iterable[Scalar]:
    from .. import schema

    return (value for value in vars(schema).values() if isinstance(value, Scalar))


SCALARS = {scalar.name: scalar for scalar in _scalars()}


def _telling(field: model.Field) -> bool:
    """Does the header's name for a type say more than how many bits it has?"""
    plain = {"bool", "pointer"}
    return isinstance(field.type, model.Scalar) and (field.type.kind in plain or field.type.name.startswith("enum "))


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
