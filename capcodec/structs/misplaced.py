"""Bits that somebody looks for one level too high: ``has_fp64`` for ``bset.has_fp64``, or a flag without its word.

A descriptor for each of them says where it is. A ``__getattr__`` could say it of any name, and would make every call of
a method slower: the interpreter looks methods up faster where a class has none.
"""

from __future__ import annotations

from .layout import unknown_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn

    from .layout import Layout


class Misplaced:
    """An attribute that no instance has."""

    __slots__ = ("_layout", "_name")

    def __init__(self, layout: Layout, name: str) -> None:
        self._layout = layout
        self._name = name

    def __get__(self, instance: object, owner: type | None = None) -> NoReturn:
        raise unknown_field(self._layout, self._name)

    def __set__(self, instance: object, value: object) -> NoReturn:
        raise unknown_field(self._layout, self._name)

    def __delete__(self, instance: object) -> NoReturn:
        raise unknown_field(self._layout, self._name)


def misplaced(layout: Layout) -> type | None:
    """A class with every flag of a struct, and every bitfield of the structs within it; None if there are none.

    Arrays of structs are left out.
    """
    names = {name: Misplaced(layout, name) for name in _bits(layout) if not name.startswith("_")}
    return type("misplaced", (), {"__slots__": (), **names}) if names else None


def _bits(layout: Layout) -> Iterator[str]:
    waiting = [layout]
    seen = {layout}  # a struct may be in another many times over
    while waiting:
        for field in waiting.pop().fields.values():
            yield from (field.flags or {}).values()
            inner = field.layout
            if inner is not None and not field.dims and inner not in seen:
                seen.add(inner)
                waiting.append(inner)
                yield from (part.name for part in inner.fields.values() if part.bits is not None)
