"""Numbers, names, texts and bytes that callers give, as plain ints, strings and bytes.

An instance of a subclass of ``int`` or ``str`` may answer every comparison as it likes. Plain ones cannot.
"""

from __future__ import annotations

from _operator import index

from ..errors import ArgumentError, shown, wrong_buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Buffer


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


def text_of(subject: str, value: object) -> str:
    """A text that a caller gave, as a plain string.

    Raises:
        ArgumentError: ``value`` is no string; the message begins with ``subject``.
    """
    text = exact_str(value)
    if text is None:
        raise ArgumentError(f"{subject}: expected a str, got {shown(value)}")
    return text


def bytes_of(subject: str, value: Buffer, expected: str = "a buffer") -> bytes:
    """The bytes of a buffer that a caller gave.

    Raises:
        BufferAccessError: ``value`` is no buffer; the message begins with ``subject``, and says what was ``expected``.
    """
    if type(value) is bytes:
        return value
    try:
        return bytes(memoryview(value))
    except (TypeError, BufferError, ValueError) as error:  # a ValueError if it was released
        raise wrong_buffer(subject, expected, value, error) from None
