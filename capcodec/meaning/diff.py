"""What differs between two capsets: which fields, and which formats and flags were added and removed."""

from __future__ import annotations

from typing import overload

from ..errors import ArgumentError
from ..registry import class_of, decoded
from ..structs import json_text as text
from ..structs._bulk import Batch
from ..structs._classes import Struct
from ..structs._fields import Array
from ..structs.by_value import ByValue
from .identify import releases_of
from .many import of_each_pair
from .vocabularies import FORMATS, is_set, named_members, set_of
from .walk import all_flags, units_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..structs.field import Field
    from .many import Answers


class _Between(ByValue):
    """What a change keeps of the two capsets, to decode values when somebody looks at them."""

    __slots__ = ("_sides",)

    _sides: tuple[_Side, _Side]


class Change(_Between):
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

    def __getattr__(self, name: str) -> Any:
        """What :func:`diff` left to be worked out."""
        if name in ("before", "after"):
            self.before, self.after = [side.value(side.field(self.path)) for side in self._sides]
        elif name in ("added", "removed") and self.field is not None:  # else they are there
            self.added, self.removed = map(tuple, _members(self.field, *self._sides))
        return object.__getattribute__(self, name)

    def __reduce__(self) -> tuple[object, ...]:
        return Change, (self.path, self.before, self.after, self.added, self.removed, self.field)

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


@overload
def diff(a: Batch[Any], b: Any, capset_id: int | str | None = None) -> Answers[tuple[Change, ...]]: ...
@overload
def diff(a: Any, b: Batch[Any], capset_id: int | str | None = None) -> Answers[tuple[Change, ...]]: ...
@overload
def diff(a: Any, b: Any, capset_id: int | str | None = None) -> tuple[Change, ...]: ...
def diff(a: Any, b: Any, capset_id: int | str | None = None) -> tuple[Change, ...] | Answers[tuple[Change, ...]]:
    """What differs between ``a`` and ``b``, in the order of the header; empty if every byte is the same.

    Args:
        a: bytes as a host sent them, or an instance: what stands for ``before``.
        b: bytes or an instance of the same capset: what stands for ``after``. Where either is a batch, there is an
            :class:`~capcodec.meaning.many.Answers` with the changes of each record: two batches, of one length, are
            compared record by record, and one batch with the one capset.
        capset_id: which capset both are; guessed from each one's size if not given.

    Raises:
        ArgumentError: they are not the same capset, or a size does not tell which it is; or two batches are not of one
            length.
        BufferAccessError: one is no contiguous buffer.
    """
    if type(a) is type(b) is bytes and a == b:
        class_of(a, capset_id)  # raises if it is no capset
        return ()
    if isinstance(a, Batch) or isinstance(b, Batch):
        return of_each_pair(a, b, lambda one, two: diff(one, two, capset_id), capset_id)
    one, two = decoded(a, capset_id), decoded(b, capset_id)
    if (one.variant_of or type(one)) is not (two.variant_of or type(two)):
        raise ArgumentError(f"a {one.name} and a {two.name} cannot be compared")
    if type(one) is type(two) and one == two:
        return ()
    sides = before, after = _Side(one), _Side(two)
    length = min(before.valid, after.valid)
    unequal = (before.number(length) ^ after.number(length)).to_bytes(length, "little")
    left = bytearray(unequal)  # but for the bits of fields
    found = []
    for field, then, now in _candidates(before, after, unequal):
        if before.raw(then) != after.raw(now):
            found.append(_change(field, sides))
        for part in (then,) if then is now else (then, now):
            if part is not None and part.offset < length:
                _clear(left, part)
    if one.valid_size != two.valid_size:
        found.append(Change("_valid_size", one.valid_size, two.valid_size))
    if one.tail != two.tail:
        found.append(Change("_tail", one.tail, two.tail))
    end = len(left.rstrip(b"\0"))
    if end:
        first = len(left) - len(left.lstrip(b"\0"))
        found.append(Change("_padding", before.data[first:end], after.data[first:end]))
    return tuple(found)


def _change(field: Field, sides: tuple[_Side, _Side]) -> Change:
    """A change whose values nobody has looked at."""
    made = Change.__new__(Change)
    made.path, made.field, made._sides = field.path, field, sides
    return made


def _candidates(before: _Side, after: _Side, unequal: bytes) -> list[tuple[Field, Field | None, Field | None]]:
    """The units that can differ: those with a word that does, and those that only one side has whole.

    Each with the fields of both sides, which are None where they are absent.
    """
    units = before.units
    if units is not after.units:
        paths = {**units.by_path, **after.units.by_path}.items()
        return [(field, before.field(path), after.field(path)) for path, field in paths]
    places = units.under(unequal)
    places.update(units.ending(*sorted((before.valid, after.valid))))
    ends = [(field, field.end) for field in map(units.fields.__getitem__, sorted(places))]
    return [
        (field, field if end <= before.valid else None, field if end <= after.valid else None) for field, end in ends
    ]


def _clear(data: bytearray, field: Field) -> None:
    """Make the bits of a field zero."""
    if field.bits is None:
        data[field.offset : field.end] = bytes(field.size)
    else:
        bits = int.from_bytes(data[field.offset : field.end], "little") & ~((1 << field.bits) - 1 << field.shift)
        data[field.offset : field.end] = bits.to_bytes(field.size, "little")


class _Side:
    """One of two capsets that are compared, as it was when the comparison began."""

    def __init__(self, caps: Struct) -> None:
        self.data = caps.pack()
        self.caps = type(caps).unpack(self.data)
        self.valid = self.caps.valid_size
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
        return field if field is not None and field.end <= self.valid else None

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

    def members(self, field: Field | None) -> int:
        """What a set holds, as one number; nothing where it is absent."""
        if field is None:
            return 0
        words = self.data[field.offset : field.end]
        return set_of(field, int.from_bytes(words, "little") if field.bits is None else self.value(field))

    def number(self, length: int) -> int:
        """The first ``length`` bytes as one number."""
        return int.from_bytes(self.data[:length], "little")


def _members(field: Field, before: _Side, after: _Side) -> tuple[Sequence[str | int], Sequence[str | int]]:
    """What was added to a set, and what was removed. A member has the name that the side which has it gives it."""
    then, now = before.field(field.path), after.field(field.path)
    if is_set(field):
        had, has = before.members(then), after.members(now)
        return _named(field, has & ~had, after), _named(field, had & ~has, before)
    if field.layout is None:
        return (), ()
    values = before.value(then), after.value(now)
    old, new = ([name for name, bit in value.items() if bit] if isinstance(value, dict) else [] for value in values)
    return [name for name in new if name not in old], [name for name in old if name not in new]


def _named(field: Field, numbers: int, side: _Side) -> list[str | int]:
    return named_members(field, numbers, side.releases if field.meaning == FORMATS else None) if numbers else []


def _shown(value: Any) -> str:
    if value is None:
        return "absent"
    if isinstance(value, list):
        return " ".join(map(str, value))
    return repr(value)[1:] if isinstance(value, bytes) else str(value)
