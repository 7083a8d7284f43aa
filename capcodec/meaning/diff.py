"""What differs between two capsets: which fields, and which formats and flags were added and removed."""

from __future__ import annotations

import sys
from itertools import compress

from ..errors import ArgumentError
from ..registry import decoded
from ..structs import json_text as text
from ..structs._classes import Struct
from ..structs._fields import Array
from ..structs.by_value import ByValue
from .identify import releases_of
from .vocabularies import FORMATS, is_set, named_members, set_of
from .walk import all_flags, units_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ..structs.field import Field


class Change(ByValue):
    """One field that differs.

    Attributes:
        path: of the field. ``_valid_size`` stands for how many bytes arrived, ``_tail`` for the bytes behind the newest
            layout known, ``_padding`` for bytes of no field that arrived whole.
        field: the field; None for those three.
        before, after: its values; None where it is absent.
        added, removed: of a set of formats or flags, the members that only one side has: their names, or the numbers of
            those without a name. Both are empty for any other field.
    """

    __slots__ = ("added", "after", "before", "field", "path", "removed")

    def __init__(
        self,
        path: str,
        before: Any,
        after: Any,
        added: Sequence[str | int] = (),
        removed: Sequence[str | int] = (),
        field: Field | None = None,
    ) -> None:
        self.path: str = path
        self.field: Field | None = field
        self.before: Any = before
        self.after: Any = after
        self.added: tuple[str | int, ...] = tuple(added)
        self.removed: tuple[str | int, ...] = tuple(removed)

    def as_dict(self) -> dict[str, Any]:
        """For JSON, with values as :mod:`capcodec.structs.json_text` spells them."""
        values = {"before": self.before, "after": self.after}
        for name, value in values.items():
            if self.field is not None and self.field.layout is None and value is not None:
                values[name] = text.plain(self.field, value)
            elif isinstance(value, bytes):
                values[name] = value.hex()
        return {"path": self.path, **values, "added": list(self.added), "removed": list(self.removed)}

    def __str__(self) -> str:
        if self.added or self.removed:
            parts = [f"+{member}" for member in self.added] + [f"-{member}" for member in self.removed]
            return f"{self.path}: {' '.join(parts)}"
        return f"{self.path}: {_shown(self.before)} -> {_shown(self.after)}"

    def __repr__(self) -> str:
        return f"<{self}>"


def diff(a: Any, b: Any, capset_id: int | str | None = None) -> tuple[Change, ...]:
    """What differs between ``a`` and ``b``, in the order of the header; empty if every byte is the same.

    Args:
        a: bytes as a host sent them, or an instance: what stands for ``before``.
        b: bytes or an instance of the same capset: what stands for ``after``.
        capset_id: which capset both are; guessed from each one's size if not given.

    Raises:
        ArgumentError: they are not the same capset, or a size does not tell which it is.
        BufferAccessError: one is no contiguous buffer.
    """
    one = decoded(a, capset_id)
    if type(a) is type(b) is bytes and a == b:
        return ()
    two = decoded(b, capset_id)
    if (one.variant_of or type(one)) is not (two.variant_of or type(two)):
        raise ArgumentError(f"a {one.name} and a {two.name} cannot be compared")
    if type(one) is type(two) and one == two:
        return ()
    before, after = _Side(one), _Side(two)
    length = min(one.valid_size, two.valid_size)
    unequal = before.number(length) ^ after.number(length)
    found = []
    looked_at = 0  # a mask of bits
    for path, field in _candidates(before, after, unequal):
        then, now = before.field(path), after.field(path)
        looked_at |= _bits_of(then) | _bits_of(now)
        if before.raw(then) != after.raw(now):
            old, new = before.value(then), after.value(now)
            added, removed = _members(field, old, new, before, after)
            found.append(Change(path, old, new, added, removed, field))
    if one.valid_size != two.valid_size:
        found.append(Change("_valid_size", one.valid_size, two.valid_size))
    if one.tail != two.tail:
        found.append(Change("_tail", one.tail, two.tail))
    left = unequal & ~looked_at
    if left:
        first, end = ((left & -left).bit_length() - 1) // 8, (left.bit_length() + 7) // 8
        found.append(Change("_padding", before.data[first:end], after.data[first:end]))
    return tuple(found)


def _candidates(before: _Side, after: _Side, unequal: int) -> Iterable[tuple[str, Field]]:
    """The units that can differ: those with a bit that does, and those that only one side has whole."""
    units = before.units
    if units is not after.units:
        return {**units.by_path, **after.units.by_path}.items()
    places: set[int] = set()
    words = memoryview(unequal.to_bytes(units.words * 4, sys.byteorder)).cast("I")
    for word in compress(range(units.words), words if sys.byteorder == "little" else reversed(words)):
        places.update(units.touching.get(word, ()))
    places.update(units.ending(*sorted((before.caps.valid_size, after.caps.valid_size))))
    return [(units.fields[place].path, units.fields[place]) for place in sorted(places)]


class _Side:
    """One of two capsets that are compared, as it was when the comparison began."""

    def __init__(self, caps: Struct) -> None:
        self.data = caps.pack()
        self.caps = type(caps).unpack(self.data)
        self.units = units_of(self.caps)
        self._releases: list[tuple[str, ...] | None] = []  # one, if it is known

    @property
    def releases(self) -> tuple[str, ...] | None:
        """Whose names formats have; few comparisons ask for that."""
        if not self._releases:
            self._releases.append(releases_of(self.caps))
        return self._releases[0]

    def field(self, path: str) -> Field | None:
        """The field at ``path``; None if it did not arrive whole, or only the other side's layout has it."""
        field = self.units.by_path.get(path) or self.caps.fields.get(path)
        return field if field is not None and field.end <= self.caps.valid_size else None

    def raw(self, field: Field | None) -> object:
        """What is compared: whole bytes where it can be, since a NaN equals nothing."""
        if field is None or field.bits is not None:
            return self.value(field)
        return self.data[field.offset : field.end]

    def value(self, field: Field | None) -> Any:
        """The value, None if it is absent."""
        value = None if field is None else self.caps[field.path]
        if isinstance(value, Array):
            return value.tolist()
        if isinstance(value, Struct):  # of flags; or a union of which no known member is selected
            return value.to_dict() if all_flags(value.layout) else value.pack()
        return value

    def number(self, length: int) -> int:
        """The first ``length`` bytes as one number."""
        return int.from_bytes(self.data[:length], "little")


def _bits_of(field: Field | None) -> int:
    """A mask of the bits that a field occupies, counted from the first bit of the struct."""
    if field is None:
        return 0
    width = 8 * field.size if field.bits is None else field.bits
    return (1 << width) - 1 << 8 * field.offset + field.shift


def _members(
    field: Field, then: Any, now: Any, before: _Side, after: _Side
) -> tuple[Sequence[str | int], Sequence[str | int]]:
    """What was added to a set, and what was removed. A member has the name that the side which has it gives it."""
    if isinstance(then, dict) or isinstance(now, dict):
        old, new = ([name for name, bit in (value or {}).items() if bit] for value in (then, now))
        return [name for name in new if name not in old], [name for name in old if name not in new]
    if not is_set(field):
        return (), ()
    had, has = set_of(field, then), set_of(field, now)
    return _named(field, has & ~had, after), _named(field, had & ~has, before)


def _named(field: Field, numbers: int, side: _Side) -> list[str | int]:
    return named_members(field, numbers, side.releases if field.meaning == FORMATS else None) if numbers else []


def _shown(value: Any) -> str:
    if value is None:
        return "absent"
    if isinstance(value, list):
        return " ".join(map(str, value))
    return repr(value)[1:] if isinstance(value, bytes) else str(value)
