"""What can go wrong, each under one root and each also the built-in error that fits."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    _Error = TypeVar("_Error", bound="CapcodecError")


class CapcodecError(Exception):
    """Root of every error this package raises on purpose."""


class ArgumentError(CapcodecError, ValueError):
    """An argument is none of the values it may take."""


class SchemaError(CapcodecError, ValueError):
    """A struct is declared in a way that C, or the append-only rule, does not allow."""


class FieldAbsentError(CapcodecError, AttributeError):
    """The bytes that arrived end before the field does. Absent is not zero."""


class UnknownFieldError(CapcodecError, AttributeError, KeyError):
    """No field has that name or path."""

    __str__ = Exception.__str__  # KeyError's puts the message in quotes


class UnknownLayoutError(CapcodecError, KeyError):
    """A struct has no layout of that name."""

    __str__ = Exception.__str__


class FieldTypeError(CapcodecError, TypeError):
    """A value is of the wrong type for its field."""


class FieldRangeError(CapcodecError, OverflowError):
    """A value does not fit its field. Nothing is ever masked to make it fit."""


class FieldIndexError(CapcodecError, IndexError):
    """An index lies outside the array as declared, whatever a count in the payload says."""


class FieldLengthError(CapcodecError, ValueError):
    """A sequence, or a string of bytes, has the wrong length for its field."""


class SizeStepError(CapcodecError, ValueError):
    """The struct never ended at that size."""


class BufferAccessError(CapcodecError, BufferError, TypeError):
    """An object gives no buffer, or none that will do: it is read-only, or not contiguous."""


class TextError(CapcodecError, ValueError):
    """A dict or a text does not describe the struct."""


class MessageError(CapcodecError, ValueError):
    """Bytes are not the message, or not the file, that they should be; says at which byte they stop being it."""


class ResponseError(MessageError):
    """A message is whole, and says that its sender failed.

    Attributes:
        code: the response's type, such as VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message, code)
        self.code = code

    def __str__(self) -> str:
        return str(self.args[0])


class BaselineError(CapcodecError, ValueError):
    """No one capset serves all hosts.

    Attributes:
        field: of which guests would assume more than a host has, or in which hosts differ.
    """

    field: str


class KernelError(CapcodecError, OSError):
    """The modelled kernel's answer is an errno."""

    errno: int


class HeaderError(CapcodecError, ValueError):
    """A C header is not read: the compiler refuses it, or it reaches beyond its bounds."""


class RepositoryError(CapcodecError, OSError):
    """A git repository does not have what is asked of it; the message has git's own words."""


class SourceError(CapcodecError, OSError):
    """A live party did not answer, or not with a capset; the message says which party, and what it did."""


def clipped(value: object) -> str:
    """``repr(value)``, or its start where that is long; for messages."""
    from reprlib import Repr  # seldom needed

    short = Repr()
    short.maxstring = short.maxother = short.maxlong = 60
    try:
        text = short.repr(value[:61] if isinstance(value, (bytes, bytearray)) else value)
    except Exception:  # a repr may raise anything, and an int may have too many digits for one
        text = f"<{type(value).__name__}>"
    return text if len(text) <= 60 else text[:57] + "..."


def shown(value: object) -> str:
    """Type and ``repr`` of a value, for messages."""
    return f"{type(value).__name__} {clipped(value)}"


def without_frames(error: _Error) -> _Error:
    """The error, to be kept: its frames, and those of its causes, would keep what stands in them."""
    each: BaseException | None = error
    while each is not None:
        each.__traceback__ = None
        each = each.__cause__ or each.__context__
    return error


def wrong_buffer(subject: object, expected: str, value: object, reason: object) -> BufferAccessError:
    """What a caller gave is not the buffer that is needed.

    Args:
        subject: who needs it: a layout, which has a name, or a phrase.
        expected: which buffer.
        value: what was given.
        reason: why that will not do.
    """
    return BufferAccessError(f"{getattr(subject, 'name', subject)}: expected {expected}, got {shown(value)} ({reason})")
