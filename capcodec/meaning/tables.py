"""What is worked out of a layout once, and then looked up."""

from __future__ import annotations

from typing import TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_K = TypeVar("_K")
_V = TypeVar("_V")


class Tables(dict[_K, _V]):
    """What ``make`` makes of each key, when it is first looked up. Of several threads that ask first, all get the same.

    No more than ``LIMIT`` are kept, which is enough for all capsets: what comes later is made anew each time.
    """

    LIMIT = 1024

    def __init__(self, make: Callable[[_K], _V]) -> None:
        self._make = make

    def __missing__(self, key: _K) -> _V:
        made = self._make(key)
        return self.setdefault(key, made) if len(self) < self.LIMIT else made
