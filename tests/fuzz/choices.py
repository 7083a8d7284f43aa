"""Decisions from a fuzzer's bytes: numbers, picks, and Python objects that no caller should pass."""

from __future__ import annotations

import math
from collections import OrderedDict, UserDict
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

INTERESTING = [0, 1, -1, 7, 127, 128, 255, 256, 32768, 65535, 1 << 31, -(1 << 31), (1 << 32) - 1, 1 << 32]
INTERESTING += [(1 << 63) - 1, 1 << 63, -(1 << 63), (1 << 64) - 1, 1 << 64, 10**30, -(10**30), 10**400]


class Choices:
    """Reads decisions off the front of ``data``. Behind its end every byte is 0. True while bytes are left."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes, or fewer if there are no more."""
        part = self._data[self._at : self._at + size]
        self._at += size
        return part

    def rest(self) -> bytes:
        return self.take(len(self._data))

    def number(self, size: int = 1) -> int:
        at = self._at
        self._at += size
        if size == 1:  # most of all decisions
            return self._data[at] if at < len(self._data) else 0
        return int.from_bytes(self._data[at : at + size], "little")

    def below(self, limit: int) -> int:
        return self.number(1 if limit <= 256 else 2) % limit

    def pick(self, among: Sequence[T]) -> T:
        return among[self.below(len(among))]

    def flag(self) -> bool:
        return bool(self.number() & 1)


class Liar(int):
    """An int that claims to be equal to, smaller and larger than everything."""

    __hash__ = int.__hash__

    def __eq__(self, other: object) -> bool:
        return True

    def __lt__(self, other: object) -> bool:
        return True

    __le__ = __gt__ = __ge__ = __lt__


class CallerError(Exception):
    """What an object of the caller raises: it passes through, and is no finding."""


class Raises:
    """Every question that a decoder may ask of it ends in an error."""

    def _fail(self, *_: object) -> int:
        raise CallerError

    __index__ = __int__ = __float__ = __len__ = __iter__ = __getitem__ = keys = __bool__ = _fail


class Index:
    """No number, but good for an index."""

    def __init__(self, value: int) -> None:
        self._value = value

    def __index__(self) -> int:
        return self._value


def number(choices: Choices) -> int:
    """Any int, of the sizes where something changes most of all."""
    return choices.pick(INTERESTING) if choices.flag() else choices.number(4)


def hostile(choices: Choices, keys: Sequence[str], depth: int = 0) -> object:
    """Any object; ``keys`` are those that its dicts have most of the time."""
    kind = choices.below(18 if depth < 4 else 12)
    if kind == 0:
        return None
    if kind <= 2:
        return choices.number()
    if kind <= 4:
        return number(choices)
    if kind == 5:
        return choices.pick([0.5, -0.0, math.inf, -math.inf, math.nan, 1e300, 1e-45, 16777217.0])
    if kind == 6:
        return choices.take(choices.below(70))
    if kind == 7:
        return choices.take(choices.below(70)).decode("latin-1")
    if kind == 8:
        return choices.pick([True, False, "nan:0x7fc00001", "inf", "", "\ud800", "\u0100", bytearray(b"ab"), 1j])
    if kind == 9:
        return Liar(number(choices))
    if kind == 10:
        return Index(number(choices))
    if kind == 11:
        return Raises()
    if kind <= 14:
        sequence = [hostile(choices, keys, depth + 1) for _ in range(choices.below(6))]
        if sequence and choices.flag():
            sequence = sequence[:1] * choices.pick([1, 2, 4, 8, 16, 32])  # the lengths that arrays have
        return tuple(sequence) if choices.flag() else sequence
    return hostile_dict(choices, keys, depth)


def hostile_dict(choices: Choices, keys: Sequence[str], depth: int = 0) -> object:
    """A mapping of a few of ``keys``, or of what should be none, to anything."""
    made: dict = {}
    for _ in range(choices.below(8)):
        key = choices.pick(keys) if choices.number() % 8 else choices.pick(["", "x", 7, None, "_tail", "\ud800"])
        made[key] = hostile(choices, keys, depth + 1)
    return choices.pick([dict, dict, OrderedDict, UserDict])(made)
