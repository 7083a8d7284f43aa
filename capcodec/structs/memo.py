"""Objects that are made once for each schema, by whichever thread asks first."""

from __future__ import annotations

from _thread import RLock
from _weakref import ref
from posix import register_at_fork

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from ..schema import Schema

    _T = TypeVar("_T")


class Memo:
    """What was made, by schema, for as long as anybody keeps it.

    What is made must keep its schema: then no other schema has the same ``id`` while the entry is alive.
    """

    __slots__ = ("_lock", "_made", "_sweep_at")

    def __init__(self) -> None:
        self._lock = RLock()  # to make one may take others
        self._made: dict[int, ref[Any]] = {}
        self._sweep_at = 64
        register_at_fork(after_in_child=self._lock._at_fork_reinit)  # type: ignore[attr-defined]

    def get(self, schema: Schema, make: Callable[[], _T]) -> _T:
        """What was made for ``schema``; made now if it is the first time, or if nobody kept it."""
        found: _T | None = self._alive(schema)
        if found is None:
            with self._lock:
                found = self._alive(schema)
                if found is None:
                    found = make()
                    self._forget_the_dead()
                    self._made[id(schema)] = ref(found)
        return found

    def _alive(self, schema: Schema) -> Any:
        found = self._made.get(id(schema))
        return None if found is None else found()

    def _forget_the_dead(self) -> None:
        if len(self._made) >= self._sweep_at:
            self._made = {key: found for key, found in self._made.items() if found() is not None}
            self._sweep_at = 2 * len(self._made) + 64
