"""``capcodec lint``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import add_capset_arguments, read_capset
from .output import print_json

if TYPE_CHECKING:
    import argparse

COLOURS = {"error": "red", "warning": "yellow", "note": "dim"}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "lint",
        help="say what is wrong with a capset",
        description="Say what is wrong with a capset, and what comes of it in a guest.",
        epilog="The exit status is 1 if a finding is an error.",
    )
    add_capset_arguments(parser)
    parser.add_argument("--json", action="store_true", help="as a JSON list of findings")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..meaning.lint import lint

    found = lint(read_capset(arguments))
    if arguments.json:
        print_json([finding.as_dict() for finding in found])
    else:
        from .screen import escape, put

        for finding in found:
            colour = COLOURS[finding.severity]
            put(f"[{colour}]{finding.severity}[/] {escape(finding.message)} {escape(f'[{finding.rule}]')}")
            put(f"  see {escape(str(finding.reference))}")
        if not found:
            put("nothing is wrong with it")
    return int(any(finding.severity == "error" for finding in found))
