"""Structs that are nothing but a set of numbers, a bit for each: what a schema declares with ``mask=True``.

Number ``n`` is bit ``n`` of the struct's bytes, counted on from word to word: that holds for words of any size, since
all are little-endian. :mod:`capcodec.structs.define` puts these methods on each such class.
"""

from __future__ import annotations

from ..errors import FieldRangeError, FieldTypeError, shown
from .exact import exact_int

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._classes import Struct


def contains(self: Struct, number: object) -> bool:
    """Is the number in the set?

    Raises:
        FieldTypeError: it is none.
        FieldAbsentError: the mask did not arrive whole.
    """
    bit = _number(self, number)
    return bit >= 0 and _bits(self) >> bit & 1 == 1


def numbers(self: Struct) -> Iterator[int]:
    """The numbers in the set, from the smallest on."""
    left = _bits(self)
    return (bit for bit in range(left.bit_length()) if left >> bit & 1)


def count(self: Struct) -> int:
    """How many numbers are in the set."""
    return _bits(self).bit_count()


def union(self: Struct, other: Iterable[object]) -> Struct:
    """A new mask with the numbers of both."""
    bits = _bits_of(self, other)
    return NotImplemented if bits is None else _made(self, _bits(self) | bits)


def intersection(self: Struct, other: Iterable[object]) -> Struct:
    """A new mask with the numbers that are in both."""
    bits = _bits_of(self, other)
    return NotImplemented if bits is None else _made(self, _bits(self) & bits)


def difference(self: Struct, other: Iterable[object]) -> Struct:
    """A new mask with the numbers that are not in the other."""
    bits = _bits_of(self, other)
    return NotImplemented if bits is None else _made(self, _bits(self) & ~bits)


def taken_from(self: Struct, other: Iterable[object]) -> Struct:
    """A new mask with the numbers of the other that are not in this one."""
    bits = _bits_of(self, other)
    return NotImplemented if bits is None else _made(self, bits & ~_bits(self))


METHODS = {
    "__contains__": contains,
    "__iter__": numbers,
    "__len__": count,
    "__or__": union,
    "__ror__": union,
    "__and__": intersection,
    "__rand__": intersection,
    "__sub__": difference,
    "__rsub__": taken_from,
}


def _bits(mask: Struct) -> int:
    """The whole set as one number."""
    _ = mask[next(iter(mask.fields))]  # raises if it did not arrive whole
    return int.from_bytes(mask.pack()[: mask.size], "little")


def _bits_of(mask: Struct, other: object) -> int | None:
    """The same of a mask of that class, or of any set of numbers; None if it is neither."""
    if type(other) is type(mask):
        return _bits(other)
    if not isinstance(other, (set, frozenset)):
        return None
    bits = 0
    for number in tuple(other):
        bit = _number(mask, number)
        if not 0 <= bit < 8 * mask.size:
            raise FieldRangeError(f"{mask.name}: expected 0..{8 * mask.size - 1}, got {shown(number)}")
        bits |= 1 << bit
    return bits


def _number(mask: Struct, number: object) -> int:
    exact = exact_int(number)
    if exact is None:
        raise FieldTypeError(f"{mask.name}: expected a number, got {shown(number)}")
    return exact


def _made(mask: Struct, bits: int) -> Struct:
    return type(mask).unpack(bits.to_bytes(mask.size, "little"))
