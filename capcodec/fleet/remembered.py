"""Answers that are remembered."""

from __future__ import annotations

from functools import lru_cache, update_wrapper
from sys import maxsize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    _F = TypeVar("_F", bound=Callable[..., Any])


def remembered(most: int | None, longest: int = maxsize) -> Callable[[_F], _F]:
    """A decorator as ``lru_cache``, of which type checkers know that arguments and results stay what they are.

    Args:
        most: answers that are remembered; all if it is None.
        longest: bytes of arguments; of longer ones no answer is remembered.
    """

    def decorated(function: _F) -> _F:
        known = lru_cache(most)(function)

        def answered(*arguments: Any) -> Any:
            short = all(len(each) <= longest for each in arguments if isinstance(each, bytes))
            return (known if short else function)(*arguments)

        return update_wrapper(answered, known)  # type: ignore[return-value]

    return decorated
