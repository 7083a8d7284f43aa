"""Tell which releases of virglrenderer can have made a capset, and by what."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from . import arguments as source

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("identify", help="tell which release made a capset", description=__doc__)
    source.add_to(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from ..meaning.identify import identify

    found = identify(source.decode(source.read(arguments.file, arguments.hex), arguments.capset, arguments.layout))
    if arguments.json:
        json.dump(found.as_dict(), sys.stdout, indent=1)
        print()
        return
    print(found)
    if found.ambiguous:
        print(f"their layouts differ: {found.reason}")
        for cls in found.decodings:
            print(f"  decode with {cls.__name__}" + (f" (--layout {cls.variant})" if cls.variant else ""))
    for clue in found.evidence:
        print(f"  {clue}")
