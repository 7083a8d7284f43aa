"""Say what is wrong with a capset, and what a guest will make of that."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from . import arguments as source

if TYPE_CHECKING:
    import argparse

COLOURS = {"error": "red", "warning": "yellow", "note": "dim"}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "lint",
        help="say what is wrong with a capset",
        description=__doc__,
        epilog="The exit status is 1 if a finding is an error.",
    )
    source.add_to(parser)
    parser.add_argument("--json", action="store_true", help="as a JSON list of findings")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..meaning.lint import lint

    found = lint(source.decode(source.read(arguments.file, arguments.hex), arguments.capset, arguments.layout))
    if arguments.json:
        json.dump([finding.as_dict() for finding in found], sys.stdout, indent=1)
        print()
    else:
        from .screen import escape, put

        for finding in found:
            colour = COLOURS[finding.severity]
            put(f"[{colour}]{finding.severity}[/] {escape(finding.message)} {escape(f'[{finding.rule}]')}")
            put(f"  see {escape(finding.reference)}")
        if not found:
            put("nothing is wrong with it")
    return int(any(finding.severity == "error" for finding in found))
