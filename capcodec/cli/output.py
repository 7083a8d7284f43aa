"""What commands print and write."""

from __future__ import annotations

import errno
import os
import sys

from ..errors import ArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


COLORS = ("auto", "always", "never")  # when there are colours
_color = "auto"


def use_color(when: str) -> None:
    """From now on, colour what is printed: one of ``COLORS``."""
    global _color
    _color = when


def colored() -> bool:
    """Are there colours? As the user says; else as NO_COLOR says, then as FORCE_COLOR; else on a terminal."""
    if _color != "auto":
        return _color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stdout().isatty() and os.environ.get("TERM") != "dumb")


def stdout() -> TextIO:
    """Standard output.

    Raises:
        OSError: it is closed.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    return sys.stdout


def printable(text: str) -> str:
    """A text of somebody else's, which shall not steer the terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def print_text(*lines: str) -> None:
    """Print lines."""
    stdout().write("".join(f"{line}\n" for line in lines))


def print_json(value: Any) -> None:
    """Print a value as JSON, indented."""
    import json  # not for the help

    json.dump(value, stdout(), indent=1)
    stdout().write("\n")


def write_file(name: str, data: bytes, told: bool = False) -> None:
    """Write bytes to a file: all of them or none, since a file that is there stays until the new one is whole.

    Args:
        name: the file's name; ``-`` is stdout.
        data: the bytes.
        told: will JSON on stdout tell of it?

    Raises:
        ArgumentError: both would be on stdout.
        OSError: it cannot be written.
    """
    if name == "-" and told:
        raise ArgumentError("the bytes and the JSON cannot both be on stdout")
    if name == "-":
        stdout().flush()
        stdout().buffer.write(data)
        stdout().buffer.flush()
        return
    target = os.path.realpath(name)  # a link keeps leading where it led
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as device:
            device.write(data)
        return
    beside = f"{target}.{os.getpid()}.tmp"
    try:
        file = open(beside, "xb")  # noqa: SIM115 - closed before it is renamed
    except OSError as error:
        error.filename = name
        raise
    try:
        with file:
            file.write(data)
        os.replace(beside, target)
    except BaseException:
        os.unlink(beside)
        raise


def version_text(version: tuple[int, int] | None) -> str:
    """A version of OpenGL as a person writes it."""
    return "none" if version is None else "{}.{}".format(*version)
