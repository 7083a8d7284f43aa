"""``capcodec diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import add_capset_arguments, read_capset
from .commands import add, add_json
from .output import print_json, print_text

if TYPE_CHECKING:
    import argparse

    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "diff",
        "Show what differs between two capsets, field by field. For formats and flags it shows what was added and "
        "removed.",
        """
        capcodec diff old.bin new.bin            # what the new host has that the old one lacks
        capcodec diff golden.json capset.bin     # is the host still what the golden file says?
        capcodec diff --json old.bin new.bin     # for a script
        """,
        epilog="The exit status is 1 if anything differs.",
    )
    add_capset_arguments(parser)
    parser.add_argument("other", metavar="OTHER", help="the same capset of another host, in any form")
    add_json(parser, "a list of changes")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..meaning.diff import diff

    found = diff(read_capset(arguments), read_capset(arguments, arguments.other))
    if arguments.json:
        print_json([change.as_dict() for change in found])
    else:
        print_text(*map(str, found))
    return int(bool(found))
