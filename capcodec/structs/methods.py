"""Methods of every struct class that need more than the core. :mod:`capcodec.structs.define` puts them on each class.

They are no base class: with a class written in Python among its bases, an instance carries a header for the garbage
collector, and takes longer to free.
"""

from __future__ import annotations

from ..errors import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._classes import Struct

MAX_REPR = 160  # characters, and then the field at hand


def guest_defaults(cls: type[Struct], size: int | None = None) -> Struct:
    """What a guest whose struct has ``size`` bytes assumes before it asks: Mesa's pre-fill, zero elsewhere.

    Args:
        size: one of ``size_steps``; today's size if not given.

    Raises:
        SizeStepError: the struct never had that size.
    """
    layout = cls.layout
    step = layout.step(size)
    data = layout.prefilled.get(step)
    if data is None:
        made = cls.zeros(step)
        for field in layout.defaults:
            if field.end <= step:
                made[field.path] = field.default
        data = layout.prefilled[step] = made.pack()
    return cls.unpack(data)


def to_json(self: Struct) -> str:
    """Text that loses nothing and reads well in a diff. See :mod:`capcodec.structs.json_text`."""
    from ._json_write import dumps

    return dumps(self)


def from_json(cls: type[Struct], source: str | bytes) -> Struct:
    """An instance from what :meth:`to_json` made.

    Raises:
        TextError: it is no such text; the message says where it stops being one.
        CapcodecError: it is, but something in it does not fit the struct; the message says what, and where.
    """
    from ._json_read import loads

    return loads(cls, source)


def to_repr(self: Struct) -> str:
    """One line for a person: how much arrived, and the first scalars that are not zero."""
    text = f"<{type(self).__name__}: {self.valid_size} of {self.size} bytes"
    if self.tail:
        text += f" and a tail of {len(self.tail)}"
    for path, field in {**self.layout.fields, **self.layout.folded}.items():
        if field.layout is not None or (field.dims and (len(field.dims) > 1 or field.type != "char")):
            continue
        value = self[path] if self.has_field(path) else None
        if value:
            if len(text) > MAX_REPR:
                return text + ", ...>"
            text += f", {path}={clipped(value) if field.dims and len(value) > MAX_REPR else repr(value)}"
    return text + ">"


def to_html(self: Struct) -> str:
    """The fields and their values as a table, for notebooks."""
    from . import html_text as text

    return text.table(self)


def key_completions(self: Struct) -> list[str]:
    """What IPython offers behind ``caps["``."""
    from .layout import paths

    return paths(self.layout)


def refuse_subclass(cls: type[Struct], /, **keywords: object) -> None:
    raise TypeError(
        f"{cls.__mro__[1].__name__} is not meant to be subclassed: its instances are the bytes of a C struct, and "
        "nothing more. Let an object of your own keep one, or declare a struct and make its class with capcodec.define"
    )


def reduce(self: Struct) -> tuple[Any, ...]:
    cls = type(self)
    return _unpickle, (cls.variant_of or cls, cls.variant, self.pack())


def _unpickle(cls: type[Struct], variant: str, data: bytes) -> Struct:
    return (cls.variants[variant] if variant else cls).unpack(data)
