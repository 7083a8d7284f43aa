"""What commands print and write."""

from __future__ import annotations

import errno
import json
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


def stdout() -> TextIO:
    """Standard output.

    Raises:
        OSError: it is closed.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    return sys.stdout


def print_text(*lines: str) -> None:
    """Print lines."""
    stdout().write("".join(f"{line}\n" for line in lines))


def print_json(value: Any) -> None:
    """Print a value as JSON, indented."""
    json.dump(value, stdout(), indent=1)
    stdout().write("\n")


def write_file(name: str, data: bytes) -> None:
    """Write bytes to a file: all of them or none, since a file that is there stays until the new one is whole.

    Args:
        name: the file's name; ``-`` is stdout.
        data: the bytes.

    Raises:
        OSError: it cannot be written.
    """
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
    file = open(beside, "xb")  # noqa: SIM115 - closed before it is renamed
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
