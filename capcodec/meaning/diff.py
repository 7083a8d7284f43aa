"""What differs between two capsets: which fields, and which formats and flags were added and removed."""

from __future__ import annotations

from ..errors import ArgumentError
from ..registry import decoded
from ..structs import json_text as text
from ..structs._classes import Struct
from ..structs._fields import Array
from ..structs.by_value import ByValue
from .identify import releases_of
from .vocabularies import members_of
from .walk import all_flags, units

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
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
    one, two = decoded(a, capset_id), decoded(b, capset_id)
    if (one.variant_of or type(one)) is not (two.variant_of or type(two)):
        raise ArgumentError(f"a {one.name} and a {two.name} cannot be compared")
    if type(one) is type(two) and one == two:
        return ()
    before, after = _Side(one), _Side(two)
    found = []
    looked_at = 0  # a mask of bits
    for path, field in {**before.units, **after.units}.items():
        then, now = before.field(path), after.field(path)
        looked_at |= _bits_of(then) | _bits_of(now)
        if before.raw(then) != after.raw(now):
            added, removed = _members(field, before, after)
            found.append(Change(path, before.value(then), after.value(now), added, removed, field))
    if one.valid_size != two.valid_size:
        found.append(Change("_valid_size", one.valid_size, two.valid_size))
    if one.tail != two.tail:
        found.append(Change("_tail", one.tail, two.tail))
    length = min(one.valid_size, two.valid_size)
    left = (before.number(length) ^ after.number(length)) & ~looked_at
    if left:
        first, end = ((left & -left).bit_length() - 1) // 8, (left.bit_length() + 7) // 8
        found.append(Change("_padding", before.data[first:end], after.data[first:end]))
    return tuple(found)


class _Side:
    """One of two capsets that are compared, as it was when the comparison began."""

    def __init__(self, caps: Struct) -> None:
        self.data = caps.pack()
        self.caps = type(caps).unpack(self.data)
        self.units = {unit.path: unit for unit in units(self.caps)}
        self.releases = releases_of(self.caps)

    def field(self, path: str) -> Field | None:
        """The field at ``path``; None if it did not arrive whole, or only the other side's layout has it."""
        field = self.units.get(path) or self.caps.fields.get(path)
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


def _members(field: Field, before: _Side, after: _Side) -> tuple[list[str | int], list[str | int]]:
    """What was added to a set, and what was removed. A member has the name that the side which has it gives it."""
    members: list[dict[int | str, str | int]] = []
    for side in (before, after):
        value = side.value(side.field(field.path))
        if value is None:
            members.append({})
        elif isinstance(value, dict):
            members.append({name: name for name, bit in value.items() if bit})
        else:
            named = members_of(field, value, side.releases)
            if named is None:
                return [], []
            members.append({number: number if name is None else name for number, name in named})
    old, new = members
    added = [name for number, name in new.items() if number not in old]
    return added, [name for number, name in old.items() if number not in new]


def _shown(value: Any) -> str:
    if value is None:
        return "absent"
    if isinstance(value, list):
        return " ".join(map(str, value))
    return repr(value)[1:] if isinstance(value, bytes) else str(value)
