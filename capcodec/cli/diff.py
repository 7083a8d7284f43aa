"""Show what differs between two capsets: by field, and for formats and flags what was added and removed."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from . import arguments as source

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "diff",
        help="show what differs between two capsets",
        description=__doc__,
        epilog="The exit status is 1 if anything differs.",
    )
    source.add_to(parser)
    parser.add_argument("other", metavar="OTHER", help="the same of another host")
    parser.add_argument("--json", action="store_true", help="as a JSON list of changes")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..meaning.diff import diff

    one, two = (
        source.decode(source.read(name, arguments.hex), arguments.capset, arguments.layout)
        for name in (arguments.file, arguments.other)
    )
    found = diff(one, two)
    if arguments.json:
        json.dump([change.as_dict() for change in found], sys.stdout, indent=1)
        print()
    else:
        for change in found:
            print(change)
    return int(bool(found))
