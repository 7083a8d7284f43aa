"""``capcodec lint``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import add_capset_arguments, read_capset
from .commands import add, add_json
from .output import print_json

if TYPE_CHECKING:
    import argparse

    from .commands import _Commands

COLOURS = {"error": "red", "warning": "yellow", "note": "dim"}


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "lint",
        "Say what is wrong with a capset, and what comes of it in a guest.",
        """
        capcodec lint capset.bin                 # what is wrong, and the commit behind each rule
        capcodec lint --layout 0.9.0 capset.bin  # in the layout of release 0.9.0
        """,
        epilog="The exit status is 1 if a finding is an error.",
    )
    add_capset_arguments(parser)
    add_json(parser, "a list of findings")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..meaning.lint import lint

    found = lint(read_capset(arguments))
    if arguments.json:
        print_json([finding.as_dict() for finding in found])
    else:
        from .screen import put

        for finding in found:
            severity = (finding.severity, COLOURS[finding.severity])
            put([severity, f" {finding.message} [{finding.rule}]"], f"  see {finding.reference}")
        if not found:
            put("nothing is wrong with it")
    return int(any(finding.severity == "error" for finding in found))
