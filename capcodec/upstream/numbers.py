"""Does every number keep its name, and every name its number? Enumerators and ``#define``s of two revisions."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from .verdict import FINE, NOTE, Change, change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .model import Header

SENTINEL = re.compile(r"(^|_)(MAX|COUNT|LAST|END|NR|NUM|SENTINEL|FORCE_ENUM)(_EXTENDED)?_*$", re.IGNORECASE)
LAST_OF_ENUM = re.compile(r"(^|_)(MAX|COUNT|LAST|END|NR|NUM|UNDEFINED)(_|$)", re.IGNORECASE)
VERSION = re.compile(r"(^|_)VERSION(_|$)", re.IGNORECASE)
MEASURE = re.compile(r"(^|_)(SIZE|LEN|LENGTH|SZ|MASK|SHIFT|BITS|VERSION)(_|$)", re.IGNORECASE)  # names no single thing
SIGN = -(1 << 31)  # what 1 << 31 is worth
MIN_FAMILY = 4  # #defines, before their numbers are taken for a family's


class Number(NamedTuple):
    """A name that stands for a number.

    Attributes:
        name: as in the header.
        value: as the compiler has it.
        family: names that share their numbers with no other of the same family; empty if it is in none.
        same_as: the name that the header defines it by.
        line: of the header.
    """

    name: str
    value: int | float | bytes
    family: str
    same_as: str
    line: int


def numbers(header: Header) -> dict[str, Number]:
    """All of a header, by name."""
    found = {}
    for enum in header.enums:
        if not enum.members:
            continue
        family = f"enum {enum.name or enum.members[0].name}"
        for member in enum.members:
            found[member.name] = Number(member.name, member.value, family, member.same_as, enum.line)
    for family, names in _families(header):
        for name in names:
            constant = header.constants[name]
            found[name] = Number(name, constant.value, family, constant.same_as, constant.line)
    return found


def compare(old: Header, new: Header) -> Iterator[Change]:
    """Compare the numbers of two revisions of a header.

    Yields:
        Changes in the order of the old header, then what is new.
    """
    before, after = numbers(old), numbers(new)
    sentinel = sentinels(before), sentinels(after)
    file = new.name
    fresh = {name: number for name, number in after.items() if name not in before}
    taken: set[str] = set()
    for name, number in before.items():
        if name in after:
            if after[name].value != number.value:
                grew = name in sentinel[0] & sentinel[1] and _grew(number.value, after[name].value)
                yield _renumbered(number, after[name], grew, file)
            continue
        heirs = [
            other for other in fresh.values()
            if other.value == number.value and other.name not in taken and _related(other, number)
        ]  # fmt: skip
        if heirs:
            heir = heirs[0]
            taken.add(heir.name)
            yield change(
                "rename", heir.name, f"was named {name}", file=file, line=heir.line, old=_shown(number.value),
                new=_shown(heir.value),
            )  # fmt: skip
        elif name not in sentinel[0] or not number.family.startswith("enum "):
            yield change("removal", name, "is gone", file=file, line=number.line, old=_shown(number.value))
    yield from _fresh(fresh, before, [after[name] for name in after if name not in sentinel[1]], taken, file)


def _renumbered(old: Number, new: Number, grew: bool, file: str) -> Change:
    severity = ""
    if grew:
        kind, text = "sentinel-moved", "stands behind a new last number"
    elif VERSION.search(new.name):
        kind, text, severity = "constant-changed", "is another version", NOTE
    elif isinstance(old.value, int) and isinstance(new.value, int) and not (old.value - new.value) % (1 << 32):
        kind, text, severity = "signedness", "has the same 32 bits, with another sign", NOTE
    elif (new.family and old.family and not MEASURE.search(new.name)) or (_is_bit(old.value) and _is_bit(new.value)):
        kind, text = "renumbered", "has another number"
    else:
        kind, text = "constant-changed", "has another value"
    places = {"old": _shown(old.value), "new": _shown(new.value)}
    return change(kind, new.name, text, file=file, line=new.line, severity=severity, **places)


def sentinels(all_numbers: dict[str, Number]) -> set[str]:
    """The names that say how many there are: of an enum those above all others, and what two of them enclose.

    ``VIRGL_FORMAT_MAX`` and ``VIRGL_FORMAT_MAX_EXTENDED`` enclose formats that are of no use outside.
    """
    found: set[str] = set()
    families: dict[str, dict[str, int]] = {}
    for name, value, family, *_ in all_numbers.values():
        if family.startswith("enum "):
            if isinstance(value, int):
                families.setdefault(family, {})[name] = value
        elif SENTINEL.search(name):
            found.add(name)
    for members in families.values():
        named = {name for name in members if SENTINEL.search(name)}
        named |= {
            name for name, value in members.items()
            for first in named for last in named
            if last.startswith(f"{first}_") and members[first] < value < members[last]
        }  # fmt: skip
        top = max((value for name, value in members.items() if name not in named), default=0)
        found |= {name for name in named if members[name] >= top} | {
            name for name, value in members.items() if value == top and LAST_OF_ENUM.search(name)
        }
    return found


def _fresh(
    fresh: dict[str, Number], before: dict[str, Number], after: Sequence[Number], taken: set[str], file: str
) -> Iterator[Change]:
    """Names that were not there: beside others, for a number that is free or one that is not."""
    same: dict[tuple[str, object], list[Number]] = {}
    for number in after:
        same.setdefault((number.family, number.value), []).append(number)
    for number in after:
        name = number.name
        if name in taken or name not in fresh:
            continue
        others = [
            other for other in same[number.family, number.value]
            if number.family and other is not number and _clash(number, other, before)
        ]  # fmt: skip
        others.sort(key=lambda other: (other.name in fresh, other.line, other.name))
        alias = next((o for o in others if number.same_as == o.name or o.same_as == name), None)
        if alias is not None:
            yield change(
                "rename", name, f"is another name of {alias.name}, which stays", file=file, line=number.line,
                new=_shown(number.value), severity=FINE,
            )  # fmt: skip
        elif others:
            yield change(
                "number-given-twice", name, f"has the number of {others[0].name}", file=file, line=number.line,
                new=_shown(number.value),
            )  # fmt: skip
        else:
            yield change("added", name, "is new", file=file, line=number.line, new=_shown(number.value))


def _clash(number: Number, other: Number, before: dict[str, Number]) -> bool:
    """Do two names of one number stand for two things? Of two new ones in an enum, the later is told of."""
    if number.family.startswith("enum "):
        return other.name in before or other.name < number.name
    return other.name in before and not (MEASURE.search(number.name) or MEASURE.search(other.name))


def _families(header: Header) -> Iterator[tuple[str, list[str]]]:
    """Runs of ``#define``s whose numbers count up, bit by bit or one by one, under names that begin alike.

    The family of the rest is empty.
    """
    rest = set(header.constants)
    numbered = [(line, name, value) for name, value, _, line in header.constants.values() if isinstance(value, int)]
    ordered = [_Define(name, value, line) for line, name, value in sorted(numbered)]
    for continues, counts in ((_next_flag, _are_flags), (_next_number, _count_up)):
        run: list[_Define] = []
        for define in [*ordered, None]:
            if run and (define is None or not continues(run, define)):
                if len(run) >= MIN_FAMILY and counts([other.value for other in run]):
                    yield run[0].name, [other.name for other in run]
                    rest -= {other.name for other in run}
                run = []
            if define is not None and define.name in rest:
                run.append(define)
    if rest:
        yield "", sorted(rest)


class _Define(NamedTuple):
    name: str
    value: int
    line: int


def _next_flag(run: Sequence[_Define], define: _Define) -> bool:
    """Does a ``#define`` belong to the flags before it? Not if it is none, or another prefix or count begins."""
    lowest = min((other.value for other in run if other.value > 0), default=0)
    next_line = define.line - run[-1].line == 1
    flags = all(not other.value or _is_bit(other.value) for other in (run[-1], define))
    if not _begin_alike(run[0].name, define.name):
        # FOPEN_KEEP_CACHE, and on the next line FOPEN_NONSEEKABLE
        return flags and next_line and _share_a_word(run[0].name, define.name) and define.value > lowest
    return flags and (next_line or define.value > lowest)


def _next_number(run: Sequence[_Define], define: _Define) -> bool:
    """Does a ``#define`` belong to the numbers before it?"""
    alike = _share_a_word(run[-1].name, define.name)
    return alike and define.line - run[-1].line == 1 and define.value > min(other.value for other in run)


def _are_flags(values: Sequence[int]) -> bool:
    return all(value == 0 or _is_bit(value) for value in values) and max(values) >= 1 << MIN_FAMILY - 1


def _count_up(values: Sequence[int]) -> bool:
    """Each one more than the one before; one that repeats another, or leaves a gap, may be among them."""
    return sum(second - first == 1 for first, second in pairwise(values)) >= len(values) - 2


def _share_a_word(one: str, other: str) -> bool:
    return one.partition("_")[0] == other.partition("_")[0]


def _begin_alike(one: str, other: str) -> bool:
    """Do two names share their first two words, or the first where one has no more before its own?"""
    first, second = one.split("_"), other.split("_")
    count = max(1, min(2, len(first) - 1, len(second) - 1))
    return first[:count] == second[:count]


def _related(one: Number, other: Number) -> bool:
    """Can one be the new name of the other? In the same enum, or under names that begin alike."""
    enums = [number.family if number.family.startswith("enum ") else "" for number in (one, other)]
    return enums[0] == enums[1] and (bool(enums[0]) or _begin_alike(one.name, other.name))


def _grew(old: int | float | bytes, new: int | float | bytes) -> bool:
    return isinstance(old, int) and isinstance(new, int) and new > old


def _is_bit(value: int | float | bytes) -> bool:
    """One bit, that of the sign of an int too."""
    return isinstance(value, int) and (value == SIGN or (value > 0 and not value & value - 1))


def _shown(value: int | float | bytes) -> str:
    if isinstance(value, int) and value > 9 and _is_bit(value):
        return f"1 << {value.bit_length() - 1}"
    return repr(value)
