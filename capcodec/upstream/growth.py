"""Did a struct only grow? What changed between two revisions of it: the causes, not all that moved in their wake."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from .model import Scalar, Struct, flat
from .verdict import BROKEN, FINE, Change, change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from .model import Field, _Type


class _Pair(NamedTuple):
    """Both revisions of one field."""

    old: Field
    new: Field

    @property
    def shifted(self) -> bool:
        return self.old.bit != self.new.bit


def compare(
    old: Struct, new: Struct, is_padding: Callable[[str], bool], file: str, subject: str = ""
) -> Iterator[Change]:
    """Compare two revisions of a struct or union.

    Args:
        old: as it was.
        new: as it is.
        is_padding: does a field of that name only take up room? What stands in its place is no change to anyone.
        file: the header, for the changes.
        subject: what the changes are told of; title of the struct if not given.

    Yields:
        Changes in the order of the fields. Fields that moved because of another change are told with that change.
    """
    subject = subject or new.title
    before = [field for field in flat(old) if not is_padding(field.name)]
    after = [field for field in flat(new) if not is_padding(field.name)]
    older, newer = {field.name: field for field in before}, {field.name: field for field in after}
    pairs = {name: _Pair(field, newer[name]) for name, field in older.items() if name in newer}
    gone = [field for field in before if field.name not in newer]
    come = [field for field in after if field.name not in older]
    for field in list(gone):
        match = next((other for other in come if _renamed(field, other, before, after)), None)
        if match is not None:
            gone.remove(field)
            come.remove(match)
            pairs[field.name] = _Pair(field, match)
            yield change(
                "rename", f"{subject}.{match.name}", f"was named {field.name}",
                file=file, line=match.line, old=field.place, new=match.place,
            )  # fmt: skip
    kept = [pairs[field.name] for field in before if field.name in pairs]
    moved = _out_of_order(kept)
    steady = [pair for pair in kept if pair.new.name not in moved]
    found = [*_changed(kept, subject, is_padding, file)]
    found += [_moved(pair, subject, file) for pair in kept if pair.new.name in moved]
    found += [
        change("removal", f"{subject}.{field.name}", "is gone", file=file, line=new.line, old=field.place)
        for field in gone
    ]
    found += [_come(field, old, new, subject, steady, gone, after, file) for field in come]
    shifted = [pair for pair in steady if pair.shifted]
    causes = [item for item in found if item.kind not in ("append", "filled-padding", "signedness", "retype")]
    if shifted and not causes:
        yield _moved(shifted[0], subject, file, len(shifted) - 1)
    elif new.size > old.size and not found and (room := _room(old, new)):
        yield change(
            "append", f"{subject}.{room.name}", "takes up room at the end", file=file, line=room.line,
            new=f"{room.declared} at {room.place}",
        )  # fmt: skip
    elif new.size != old.size and not found and not shifted:
        kind = "resize" if new.size > old.size else "removal"
        yield change(
            kind, subject, "has another size, though all its fields are as they were", file=file, line=new.line,
            old=f"{old.size} bytes", new=f"{new.size} bytes",
        )  # fmt: skip
    if causes and shifted:
        wake = f", which moves {_fields(len(shifted))}, from {shifted[0].new.name} on"
        first = next((item for item in causes if item.severity == BROKEN), causes[0])
        if "which moves" not in first.text:
            found[found.index(first)] = first._replace(text=first.text + wake)
    yield from sorted(found, key=lambda item: item.line)


def _room(old: Struct, new: Struct) -> Field | None:
    """The first field behind the old end of a struct whose other fields are as they were: it only takes up room."""
    return next((field for field in flat(new) if field.end_bit > old.size * 8), None)


def _renamed(old: Field, new: Field, before: Sequence[Field], after: Sequence[Field]) -> bool:
    """Does a field stand where one of another name stood, with the same type?"""
    if wire(old.type) != wire(new.type) or (old.dims, old.bits) != (new.dims, new.bits):
        return False
    return old.bit == new.bit and not any(
        other.bit == old.bit and other is not new and other.name == old.name for other in after
    )


def _out_of_order(kept: Sequence[_Pair]) -> set[str]:
    """New names of the fields that changed places among the others; of two that were swapped, both."""
    order = sorted(kept, key=lambda pair: pair.new.bit)
    differing = [place for place, pair in enumerate(kept) if order[place] is not pair]
    if len(differing) == 2:
        return {kept[place].new.name for place in differing if kept[place].shifted}
    staying = _longest_increasing([pair.new.bit for pair in kept])
    return {pair.new.name for place, pair in enumerate(kept) if place not in staying and pair.shifted}


def _longest_increasing(values: Sequence[int]) -> set[int]:
    """Places of a longest run of values that never decrease."""
    ends: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        at = bisect_left(ends, value + 1)
        before.append(places[at - 1] if at else -1)
        if at == len(ends):
            ends.append(value)
            places.append(place)
        else:
            ends[at], places[at] = value, place
    found = set()
    place = places[-1] if places else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found


def _moved(pair: _Pair, subject: str, file: str, others: int = 0) -> Change:
    old, new = pair
    return change(
        "bit-moved" if new.bits is not None else "move", f"{subject}.{new.name}",
        "changed its place" + (f", and {_fields(others)} with it" if others else ""),
        file=file, line=new.line, old=old.place, new=new.place,
    )  # fmt: skip


def _fields(count: int) -> str:
    return f"{count} other fields" if count > 1 else "one other field"


def _changed(kept: Sequence[_Pair], subject: str, is_padding: Callable[[str], bool], file: str) -> Iterator[Change]:
    """Fields whose type is another one."""
    for old, new in kept:
        name = f"{subject}.{new.name}"
        if isinstance(old.type, Struct) and isinstance(new.type, Struct) and old.dims == new.dims:
            yield from _nested(old, new, name, subject, kept, is_padding, file)
            continue
        kind = _difference(old, new)
        if kind:
            words = {"resize": "has another size", "signedness": "counts its sign otherwise"}
            yield change(
                kind, name, words.get(kind, "has another type"), file=file, line=new.line,
                old=f"{old.declared} at {old.place}", new=f"{new.declared} at {new.place}",
            )  # fmt: skip


def _nested(
    old: Field,
    new: Field,
    name: str,
    subject: str,
    kept: Sequence[_Pair],
    is_padding: Callable[[str], bool],
    file: str,
) -> Iterator[Change]:
    """A struct within the struct, in both revisions."""
    assert isinstance(old.type, Struct)
    assert isinstance(new.type, Struct)
    arm = any(pair.new.bit == new.bit and pair.new is not new for pair in kept)
    if not new.type.name or not old.type.name:
        within = list(compare(old.type, new.type, is_padding, file, name))
        yield from within
    elif wire(old.type) == wire(new.type):
        return
    elif old.type.title != new.type.title and old.type.size == new.type.size:
        yield change("retype", name, "has another type", file=file, line=new.line, old=old.declared, new=new.declared)
        return
    if new.type.size == old.type.size:
        return
    places = {"old": f"{old.size} bytes at {old.place}", "new": f"{new.size} bytes at {new.place}"}
    if new.type.size < old.type.size:
        yield change("resize", name, "has another size", file=file, line=new.line, **places)
        return
    last = not new.dims and not any(pair.shifted and pair.new.bit > new.bit for pair in kept)
    yield change(
        "union-arm-grew" if arm else "nested-grew", name,
        f"grew with {new.type.title}" if new.type.name else "grew", file=file, line=new.line,
        severity=FINE if last else BROKEN, **places,
    )  # fmt: skip


def _difference(old: Field, new: Field) -> str:
    """What kind of change of type it is; empty if the bytes mean the same."""
    if old.width != new.width or old.dims != new.dims:
        return "resize"
    if (old.bits is None) != (new.bits is None):
        return "retype"
    one, other = wire(old.type), wire(new.type)
    if one == other:
        return ""
    integers = {"unsigned", "signed", "char"}
    if isinstance(old.type, Scalar) and isinstance(new.type, Scalar) and {old.type.kind, new.type.kind} <= integers:
        return "resize" if old.type.size != new.type.size and old.bits is None else _sign(old.type.kind, new.type.kind)
    return "retype"


def _sign(old: str, new: str) -> str:
    return "signedness" if old != new else ""


def _come(
    field: Field,
    old: Struct,
    new: Struct,
    subject: str,
    steady: Sequence[_Pair],
    gone: Collection[Field],
    after: Sequence[Field],
    file: str,
) -> Change:
    """A field that was not there."""
    rank = {id(other): place for place, other in enumerate(after)}
    behind = [pair for pair in steady if rank[id(pair.new)] > rank[id(field)]]
    shared = [pair for pair in steady if pair.new.bit < field.end_bit and field.bit < pair.new.end_bit]
    kind, text = "insertion", "stands between fields that were there"
    if new.keyword == "union" or (shared and not any(pair.shifted for pair in steady)):
        kind, text = "union-arm-added", "is another way to see the same bytes"
    elif field.bit >= old.size * 8 and not behind:
        kind, text = "append", "was added at the end"
    elif not any(pair.shifted for pair in behind) and not any(
        other.bit < field.end_bit and field.bit < other.end_bit for other in gone
    ):
        kind, text = "filled-padding", "takes room that was padding"
    return change(
        kind, f"{subject}.{field.name}", text, file=file, line=field.line, new=f"{field.declared} at {field.place}"
    )


def wire(type_: _Type) -> object:
    """What tells two types apart once they are bytes: equal for equal layouts, whatever their names."""
    if isinstance(type_, Scalar):
        return (type_.kind, type_.size)
    return (
        type_.size,
        tuple((field.name, field.bit, field.dims, field.bits, wire(field.type)) for field in type_.fields),
    )
