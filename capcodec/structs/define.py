"""From a declaration to a class."""

from __future__ import annotations

from _collections_abc import Mapping  # what collections.abc re-exports, at none of its cost

from ..errors import ArgumentError, UnknownLayoutError, clipped, shown
from ..schema import Schema
from . import masks, methods
from ._classes import Struct, new_class
from .exact import text_of
from .layout import layout_of
from .memo import Memo
from .misplaced import misplaced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._classes import _AnyStruct
    from .field import Field
    from .layout import Layout

_classes = Memo()
_of_every_class = frozenset(dir(Struct)) | {"_codec", "unpack", "view", "from_dict"}


def define(schema: Schema, *, module: str = "") -> type[_AnyStruct]:
    """The class for a declared struct; the same one every time, for as long as anybody keeps it.

    It is named as the struct, in camel case: ``virgl_caps_v2`` becomes ``VirglCapsV2``. A field whose name the class
    needs for itself, such as ``size``, appears as ``size_``; by path it keeps its name: ``caps["size"]``.

    Args:
        schema: from :func:`capcodec.schema.struct`.
        module: where the class can be imported from, as its instances need for pickling; the caller's if not given.

    Raises:
        SchemaError: C does not allow the struct, or it breaks the append-only rule; the message names the member.
    """
    if not text_of("module", module).isprintable():
        raise ArgumentError(f"module: expected a name, got {shown(module)}")
    if not module:
        import sys

        module = sys._getframe(1).f_globals.get("__name__", "__main__")
    return _classes.get(schema, lambda: _make(layout_of(schema), module))


class Variants(Mapping[str, "type[_AnyStruct]"]):
    """Classes for the layouts of a struct that are no prefix of the newest, each made when first asked for."""

    __slots__ = ("_made", "_module", "_schema")

    def __init__(self, schema: Schema, module: str) -> None:
        self._schema = schema
        self._module = module
        self._made: dict[str, type[_AnyStruct]] = {}

    def __getitem__(self, name: str) -> type[_AnyStruct]:
        found = self._made.get(name)
        if found is None:
            if name not in self._schema.variants:
                known = ", ".join(self) or "none"
                raise UnknownLayoutError(f"{self._schema.name} has no layout {clipped(name)}; there are {known}")
            found = self._made[name] = define(self._schema.variants[name], module=self._module)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._schema.variants)

    def __len__(self) -> int:
        return len(self._schema.variants)

    def __getattr__(self, name: str) -> type[_AnyStruct]:
        for variant in self._schema.variants:
            if _attribute(variant) == name:
                return self[variant]
        raise AttributeError(f"{self!r} has no attribute {name!r}")

    def __repr__(self) -> str:
        return f"<variants of {self._schema.name}: {', '.join(self) or 'none'}>"


def _make(layout: Layout, module: str) -> type[_AnyStruct]:
    schema = layout.schema
    name = "".join(word[:1].upper() + word[1:] for word in schema.name.split("_"))
    steps = ", ".join(str(step.size) for step in layout.steps)
    told = f"\n\nSize steps, in bytes: {steps}. " if layout.steps[1:] else "\n\n"
    origin = f" of {schema.header}" if schema.header else ""
    attributes = {
        "__doc__": f"{schema.doc or schema.name}: {layout.size} bytes, struct {schema.name}{origin}"
        f"{told}``help({name}.{next(iter(layout.fields))})`` tells of a field.",
        "name": schema.name,
        "size": layout.size,
        "size_steps": tuple(step.size for step in layout.steps),
        "capset_id": schema.capset_id,
        "fields": layout.fields,
        "layout": layout,
        "variants": Variants(schema, module),
        "variant": schema.variant,
        "variant_of": define(schema.base, module=module) if schema.base else None,
        "guest_defaults": classmethod(methods.guest_defaults),
        "to_json": methods.to_json,
        "from_json": classmethod(methods.from_json),
        "__contains__": None,  # Python would ask __getitem__ for 0, 1, 2 ...
        "__iter__": None,
        "__init_subclass__": classmethod(methods.refuse_subclass),
        "__repr__": methods.to_repr,
        "__reduce__": methods.reduce,
        "_ipython_key_completions_": methods.key_completions,
        "_repr_html_": methods.to_html,
    }
    if schema.mask:
        attributes.update(masks.METHODS)
    own = {*_of_every_class, *attributes}
    fields: dict[str, Field] = {}
    named = {**layout.fields, **layout.folded}
    for field in named.values():
        attribute = field.name
        while attribute in own or _is_special(attribute) or named.get(attribute, field) is not field:
            attribute += "_"
        fields[attribute] = field
    attributes["__qualname__"] = name
    if schema.variant:
        attributes["__qualname__"] = f"{name}.variants.{_attribute(schema.variant)}"  # by which pickle finds it
        name += f"[{schema.variant}]"
    inner = [*(field.layout for field in layout.fields.values()), *layout.cases.values()]
    nested = {found: define(found.schema, module=module) for found in inner if found is not None}
    return new_class(layout, name, module, attributes, fields, nested, misplaced(layout))


def _attribute(variant: str) -> str:
    """The name of a variant as an attribute of :class:`Variants`."""
    return variant.replace(".", "_")


def _is_special(name: str) -> bool:
    """Has Python a meaning for it, such as ``__del__``?"""
    return name.startswith("__") and name.endswith("__") and not name.endswith("___")
