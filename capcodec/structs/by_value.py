"""Results that are equal if all they say is equal."""

from __future__ import annotations

from .field import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable


class ByValue:
    """Compares and hashes by what is in the slots of the class."""

    __slots__: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return _frozen(self) == _frozen(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(_frozen(self))


def _frozen(value: object) -> Hashable:
    """What stands for a value in comparisons: a NaN equals one of the same bits, and a field itself, found twice."""
    if isinstance(value, ByValue):
        return (type(value).__name__, *(_frozen(getattr(value, name)) for name in type(value).__slots__))
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, value))
    if isinstance(value, dict):
        return tuple((key, _frozen(part)) for key, part in value.items())
    if isinstance(value, Field):
        return str(value)
    if isinstance(value, float) and value != value:
        from struct import pack  # of a NaN, repr does not show the bits

        return pack("<d", value)
    return value
