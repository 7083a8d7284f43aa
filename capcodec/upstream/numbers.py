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
LAST_OF_ENUM = re.compile(r"(^|_)(MAX|COUNT|LAST|END|NR|NUM)(_|$)", re.IGNORECASE)
VERSION = re.compile(r"(^|_)VERSION(_|$)", re.IGNORECASE)
MEASURE = re.compile(r"(^|_)(SIZE|LEN|LENGTH|SZ|MASK|SHIFT|BITS|VERSION)(_|$)", re.IGNORECASE)  # names no single thing
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
    file = new.name
    fresh = {name: number for name, number in after.items() if name not in before}
    taken: set[str] = set()
    for name, number in before.items():
        if name in after:
            if after[name].value != number.value:
                yield _renumbered(number, after[name], before, after, file)
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
        elif not _is_sentinel(number, before):
            yield change("removal", name, "is gone", file=file, line=number.line, old=_shown(number.value))
    yield from _fresh(fresh, before, after, taken, file)


def _renumbered(old: Number, new: Number, before: dict[str, Number], after: dict[str, Number], file: str) -> Change:
    severity = ""
    if _is_sentinel(old, before) and _is_sentinel(new, after):
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


def _is_sentinel(number: Number, all_numbers: dict[str, Number]) -> bool:
    """Does it say how many there are? Or does it stand behind what says so, and is of no use outside?"""
    if SENTINEL.search(number.name):
        return True
    if not number.family.startswith("enum ") or not isinstance(number.value, int):
        return False
    value = number.value
    family = [(other.name, other.value) for other in all_numbers.values() if other.family == number.family]
    below = [name for name, other in family if isinstance(other, int) and other < value]
    above = [name for name, other in family if isinstance(other, int) and other > value]
    return bool((LAST_OF_ENUM.search(number.name) and not above) or any(SENTINEL.search(name) for name in below))


def _fresh(
    fresh: dict[str, Number], before: dict[str, Number], after: dict[str, Number], taken: set[str], file: str
) -> Iterator[Change]:
    """Names that were not there: beside others, for a number that is free or one that is not."""
    families: dict[str, set[str]] = {}
    for number in after.values():
        families.setdefault(number.family, set()).add(number.name)
    for name, number in fresh.items():
        if name in taken or _is_sentinel(number, after):
            continue
        others = [
            after[other] for other in families[number.family]
            if number.family and other != name and after[other].value == number.value
            and not _is_sentinel(after[other], after) and _clash(number, after[other], before)
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
    """Does a ``#define`` belong to the flags before it? Not where another prefix begins, or the count anew."""
    lowest = min((other.value for other in run if other.value), default=0)
    anew = define.line - run[-1].line > 1 and define.value <= lowest
    return _begin_alike(run[0].name, define.name) and not anew


def _next_number(run: Sequence[_Define], define: _Define) -> bool:
    """Does a ``#define`` belong to the numbers before it?"""
    alike = run[-1].name.partition("_")[0] == define.name.partition("_")[0]
    return alike and define.line - run[-1].line == 1 and define.value > min(other.value for other in run)


def _are_flags(values: Sequence[int]) -> bool:
    return all(value == 0 or _is_bit(value) for value in values) and max(values) >= 1 << MIN_FAMILY - 1


def _count_up(values: Sequence[int]) -> bool:
    """Each one more than the one before; one that repeats another, or leaves a gap, may be among them."""
    return sum(second - first == 1 for first, second in pairwise(values)) >= len(values) - 2


def _begin_alike(one: str, other: str) -> bool:
    """Do two names share their first two words, or the first where one has no more before its own?"""
    first, second = one.split("_"), other.split("_")
    count = max(1, min(2, len(first) - 1, len(second) - 1))
    return first[:count] == second[:count]


def _related(one: Number, other: Number) -> bool:
    """Can one be the new name of the other? In the same enum, or under names that begin alike."""
    enums = [number.family if number.family.startswith("enum ") else "" for number in (one, other)]
    return enums[0] == enums[1] and (bool(enums[0]) or _begin_alike(one.name, other.name))


def _is_bit(value: int | float | bytes) -> bool:
    return isinstance(value, int) and value > 0 and not value & value - 1


def _shown(value: int | float | bytes) -> str:
    if isinstance(value, int) and value > 9 and _is_bit(value):
        return f"1 << {value.bit_length() - 1}"
    return repr(value)
