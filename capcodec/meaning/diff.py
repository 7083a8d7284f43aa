"""What differs between two capsets: by field, and for formats and flags by what was added and removed."""

from __future__ import annotations

from ..errors import ArgumentError, CapcodecError
from ..registry import decoded
from ..structs import json_text as text
from ..structs._core import Array, Struct
from .identify import identify
from .vocabularies import members_of
from .walk import all_flags, units

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..structs.field import Field


class Change:
    """One field that differs.

    Attributes:
        path: of the field; ``_valid_size`` or ``_tail`` for how many bytes arrived, and what lies behind.
        field: there; None for what is no field.
        before, after: its values; None where it is absent.
        added, removed: of formats and flags, what one has and the other has not: names, or numbers that have none.
            Both empty for any other field.
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
        self.path = path
        self.field = field
        self.before = before
        self.after = after
        self.added = tuple(added)
        self.removed = tuple(removed)

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
    """What differs from ``a`` to ``b``, in the order of the header; empty if every byte is the same.

    Args:
        a: bytes as a host sent them, or an instance.
        b: the same of another host.
        capset_id: which capset both are; guessed from each one's size if not given.

    Raises:
        ArgumentError: they are not the same capset, or a size does not tell which it is.
        BufferAccessError: one is no contiguous buffer.
    """
    one, two = decoded(a, capset_id), decoded(b, capset_id)
    if one.capset_id != two.capset_id or one.name != two.name:
        raise ArgumentError(f"a {one.name} and a {two.name} cannot be compared")
    fields = {unit.path: unit for caps in (one, two) for unit in units(caps)}
    releases = [_releases(caps) for caps in (one, two)]
    found = []
    for path, field in fields.items():
        raw = [_raw(caps, path) for caps in (one, two)]
        if raw[0] != raw[1]:
            before, after = (_value(caps, path) for caps in (one, two))
            added, removed = _members(field, one, two, releases)
            found.append(Change(path, before, after, added, removed, field))
    if one.valid_size != two.valid_size:
        found.append(Change("_valid_size", one.valid_size, two.valid_size))
    if one.tail != two.tail:
        found.append(Change("_tail", one.tail, two.tail))
    if not found and one.pack() != two.pack():
        found.append(Change("_padding", one.pack(), two.pack()))
    return tuple(found)


def _raw(caps: Struct, path: str) -> object:
    """What is compared: floats and structs by their bytes, since a NaN equals nothing; None if it is absent."""
    try:
        value = caps[path]
    except CapcodecError:
        return None
    field = caps.fields[path]
    if field.bits is None:
        return caps.pack()[field.offset : field.end]
    return value


def _value(caps: Struct, path: str) -> Any:
    try:
        value = caps[path]
    except CapcodecError:
        return None
    if isinstance(value, Array):
        return value.tolist()
    if isinstance(value, Struct):  # flags; or a union of which no member is known to be meant
        return value.to_dict() if all_flags(value.layout) else value.pack()
    return value


def _members(
    field: Field, one: Struct, two: Struct, releases: list[tuple[str, ...] | None]
) -> tuple[list[str | int], list[str | int]]:
    """What was added and what was removed, of a set; names are those of the side that has it."""
    sides: list[dict[int | str, str | int]] = []
    for caps, window in zip((one, two), releases, strict=True):
        value = _value(caps, field.path)
        if value is None:
            sides.append({})
        elif isinstance(value, dict) and field.layout is not None:
            sides.append({name: name for name, bit in value.items() if bit})
        else:
            members = members_of(field, value, window)
            if members is None:
                return [], []
            sides.append({number: number if name is None else name for number, name in members})
    before, after = sides
    added = [name for number, name in after.items() if number not in before]
    return added, [name for number, name in before.items() if number not in after]


def _releases(caps: Struct) -> tuple[str, ...] | None:
    """The releases whose names of formats are meant."""
    return identify(caps).releases or None if caps.capset_id in (1, 2) else None


def _shown(value: Any) -> str:
    if value is None:
        return "absent"
    if isinstance(value, list):
        return " ".join(map(str, value))
    return repr(value)[1:] if isinstance(value, bytes) else str(value)
