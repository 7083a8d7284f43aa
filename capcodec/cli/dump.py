"""``capcodec dump``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..files import hexdump
from ..files.c_array import MAX_BYTES
from .arguments import add_hex_argument, read_dumped_bytes
from .output import stdout

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "dump",
        help="print bytes as a hex dump, C array or base64",
        description="Print the bytes of a file as a dump: for a report, a test, or C source.",
    )
    parser.add_argument("file", metavar="FILE", help="any bytes; - for stdin")
    parser.add_argument("--style", choices=hexdump.STYLES, default="xxd", help="xxd if not given")
    add_hex_argument(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    data = read_dumped_bytes(arguments.file, arguments.hex, MAX_BYTES, "a dump")
    stdout().write(hexdump.dump(data, arguments.style))
