"""``capcodec identify``."""

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
        "identify",
        "Tell which releases of virglrenderer can have made a capset, and what tells them.",
        """
        capcodec identify capset.bin          # which releases, and the evidence
        capcodec identify --json golden.json  # for a script, from a golden file
        """,
    )
    add_capset_arguments(parser)
    add_json(parser)
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
