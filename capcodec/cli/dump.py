"""``capcodec dump``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..files import hexdump
from ..files.c_array import MAX_BYTES
from .arguments import add_form_arguments, read_saved
from .commands import add, add_json
from .output import print_json, stdout

if TYPE_CHECKING:
    import argparse

    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "dump",
        "Print the bytes of a capset as a dump: for a bug report, a test, or C source.",
        """
        capcodec dump capset.bin                         # as xxd
        capcodec dump capset.bin --style c               # as a C array
        capcodec dump golden.json --style base64         # of a golden file
        capcodec dump --from raw archive.tar             # any bytes
        """,
    )
    parser.add_argument("file", metavar="FILE", help="a capset in any form that --from names; - for stdin")
    parser.add_argument("--style", choices=tuple(hexdump.STYLES), default="xxd", help="xxd if not given")
    add_form_arguments(parser)
    add_json(parser, "form, capset, size, and the bytes in hexadecimal")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    found = read_saved(arguments.file, arguments.kind, arguments.capset, (), MAX_BYTES, "a dump")
    if arguments.json:
        print_json(
            {"from": found.kind, "capset_id": found.capset_id, "size": len(found.data), "data": found.data.hex()}
        )
    else:
        stdout().write(hexdump.dump(found.data, arguments.style))
