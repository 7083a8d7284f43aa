"""``capcodec identify``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import add_capset_arguments, read_capset
from .output import print_json, print_text

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "identify",
        help="tell which release made a capset",
        description="Tell which releases of virglrenderer can have made a capset, and what tells them.",
    )
    add_capset_arguments(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from ..meaning.identify import identify

    found = identify(read_capset(arguments))
    if arguments.json:
        print_json(found.as_dict())
        return
    print_text(str(found))
    if found.ambiguous:
        print_text(f"their layouts differ: {found.reason}")
        for cls in found.decodings:
            print_text(f"  decode with {cls.__name__}" + (f" (--layout {cls.variant})" if cls.variant else ""))
    print_text(*(f"  {clue}" for clue in found.evidence))
