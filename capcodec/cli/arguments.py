"""Capsets named on a command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..errors import ArgumentError
from ..files import hexdump
from ..registry import CAPSETS, decoded

if TYPE_CHECKING:
    import argparse

    from ..structs._core import Struct


def add_to(parser: argparse.ArgumentParser, name: str = "file") -> None:
    """The arguments that name a capset."""
    parser.add_argument(name, metavar=name.upper(), help="the bytes of a capset, as a host sent them; - for stdin")
    parser.add_argument(
        "--capset",
        type=number_or_name,
        metavar="ID",
        help="which capset it is, by number or name: "
        + ", ".join(f"{entry.capset_id} {entry.name}" for entry in CAPSETS.values())
        + "; guessed from the size if not given",
    )
    parser.add_argument("--layout", metavar="NAME", help="of a layout that broke with the others, such as 0.9.0")
    add_hex_to(parser)


def add_hex_to(parser: argparse.ArgumentParser) -> None:
    """The argument that says that bytes come as text."""
    parser.add_argument("--hex", action="store_true", help="from a hex dump: xxd, hexdump -C, a C array, or base64")


def number_or_name(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def read(name: str, hex: bool = False) -> bytes:
    """All bytes of the file, or of stdin, or those that its text is a dump of."""
    if name == "-":
        data = sys.stdin.buffer.read()
    else:
        with open(name, "rb") as file:
            data = file.read()
    return hexdump.parse(data) if hex else data


def decode(data: bytes, capset_id: int | str | None = None, layout: str | None = None) -> Struct:
    """The bytes as the capset that they are said to be, or seem to be."""
    capset = decoded(data, capset_id)
    if not layout:
        return capset
    cls = type(capset).variant_of or type(capset)
    if layout not in cls.variants:
        known = ", ".join(cls.variants) or "none"
        raise ArgumentError(f"{cls.name} has no other layout {layout!r}; there are {known}")
    return cls.variants[layout].unpack(data)
