"""``capcodec diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import add_capset_arguments, read_capset
from .output import print_json, print_text

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "diff",
        help="show what differs between two capsets",
        description=(
            "Show what differs between two capsets, field by field. For formats and flags it shows what was "
            "added and removed."
        ),
        epilog="The exit status is 1 if anything differs.",
    )
    add_capset_arguments(parser)
    parser.add_argument("other", metavar="OTHER", help="the same capset of another host")
    parser.add_argument("--json", action="store_true", help="as a JSON list of changes")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..meaning.diff import diff

    found = diff(read_capset(arguments), read_capset(arguments, arguments.other))
    if arguments.json:
        print_json([change.as_dict() for change in found])
    else:
        print_text(*map(str, found))
    return int(bool(found))
