"""Numbers and names that callers give, as plain ints and strings.

An instance of a subclass of ``int`` or ``str`` may answer every comparison as it likes. Plain ones cannot.
"""

from __future__ import annotations

from _operator import index


def exact_int(value: object) -> int | None:
    """``value`` as a plain int; None if it is no integer."""
    if type(value) is int:
        return value
    try:
        return int.__index__(index(value))  # type: ignore[arg-type]
    except TypeError:
        return None


def exact_str(value: object) -> str | None:
    """``value`` as a plain string; None if it is none."""
    if type(value) is str:
        return value
    return str.__str__(value) if issubclass(type(value), str) else None
