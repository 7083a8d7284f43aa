"""Print the bytes of a file as a dump: for a report, a test, or C source."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..files import hexdump
from . import arguments as source

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("dump", help="print bytes as a hex dump, C array or base64", description=__doc__)
    parser.add_argument("file", metavar="FILE", help="any bytes; - for stdin")
    parser.add_argument("--style", choices=hexdump.STYLES, default="xxd", help="xxd if not given")
    source.add_hex_to(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    sys.stdout.write(hexdump.dump(source.read(arguments.file, arguments.hex), arguments.style))
