"""The arguments that name a capset, and the capset that they name."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..errors import ArgumentError
from ..files import hexdump
from ..messages.virtio_gpu import MAX_CAPSET_SIZE
from ..registry import CAPSETS, decoded

if TYPE_CHECKING:
    import argparse

    from ..structs._classes import Struct


def add_capset_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, and how to read it."""
    parser.add_argument("file", metavar="FILE", help="the bytes of a capset, as a host sent them; - for stdin")
    parser.add_argument(
        "--capset",
        type=number_or_name,
        metavar="ID",
        help="which capset it is, by number or name: "
        + ", ".join(f"{entry.capset_id} {entry.name}" for entry in CAPSETS.values())
        + "; guessed from the size if not given",
    )
    parser.add_argument(
        "--layout", metavar="NAME", help="the layout, if it is one that broke with the others, such as 0.9.0"
    )
    add_hex_argument(parser)


def add_hex_argument(parser: argparse.ArgumentParser) -> None:
    """Whether bytes come as text."""
    parser.add_argument("--hex", action="store_true", help="the file is a hex dump: xxd, hexdump -C, a C array, base64")


def number_or_name(text: str) -> int | str:
    """A capset's number or name, as an argument gives it."""
    return int(text) if text.isdecimal() else text


def read_bytes(name: str, max_size: int, what: str) -> bytes:
    """All bytes of a file, or of stdin.

    Args:
        name: the file's name; ``-`` is stdin.
        max_size: bytes that it may have. No more are read, since a pipe or a device may never end.
        what: what the file should be, with its article, for the error.

    Raises:
        ArgumentError: it has more bytes, or stdin is closed.
        OSError: it cannot be read.
    """
    if name == "-":
        if sys.stdin is None:
            raise ArgumentError("standard input is closed")
        data = sys.stdin.buffer.read(max_size + 1)
    else:
        with open(name, "rb") as file:
            data = file.read(max_size + 1)
    if len(data) > max_size:
        subject = "standard input" if name == "-" else name
        raise ArgumentError(f"{subject} has more than {max_size} bytes, too many for {what}; no more were read")
    return data


def read_dumped_bytes(name: str, hex: bool, max_size: int, what: str) -> bytes:
    """All bytes of a file, or with ``hex`` those that its text is a dump of. Errors as of :func:`read_bytes`."""
    if not hex:
        return read_bytes(name, max_size, what)
    data = hexdump.parse(read_bytes(name, hexdump.MAX_TEXT, "a hex dump"))
    if len(data) > max_size:
        raise ArgumentError(f"the hex dump stands for {len(data)} bytes, too many for {what}")
    return data


def read_capset_bytes(name: str, hex: bool) -> bytes:
    """The bytes of a capset. Errors as of :func:`read_bytes`."""
    return read_dumped_bytes(name, hex, MAX_CAPSET_SIZE, "a capset")


def read_capset(arguments: argparse.Namespace, name: str | None = None) -> Struct:
    """The capset that the arguments name, or another file read in the same way."""
    data = read_capset_bytes(arguments.file if name is None else name, arguments.hex)
    return decode(data, arguments.capset, arguments.layout)


def decode(data: bytes, capset_id: int | str | None = None, layout: str | None = None) -> Struct:
    """The bytes as the capset and the layout that they are said to be.

    Raises:
        ArgumentError: there is no such capset or layout, or the size does not tell which capset it is.
    """
    if not layout:
        return decoded(data, capset_id)
    if capset_id is None:
        fitting = [entry.cls for entry in CAPSETS.values() if layout in entry.cls.variants]
        if len(fitting) != 1:
            known = ", ".join(f"{name} of {entry.name}" for entry in CAPSETS.values() for name in entry.cls.variants)
            raise ArgumentError(f"no capset alone has a layout {layout!r}; there are {known}")
        cls: type[Struct] = fitting[0]
    else:
        found = type(decoded(data, capset_id))
        cls = found.variant_of or found
    if layout not in cls.variants:
        known = ", ".join(cls.variants) or "none"
        raise ArgumentError(f"{cls.name} has no other layout {layout!r}; there are {known}")
    return cls.variants[layout].unpack(data)
