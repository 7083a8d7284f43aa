"""``capcodec upstream``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .commands import add
from .output import print_text, write_file

if TYPE_CHECKING:
    import argparse

    from .commands import Commands


def add_to(commands: Commands) -> None:
    parser = add(
        commands,
        "upstream",
        "Read a git repository of virglrenderer, and write the data modules of this package: size steps, flags, "
        "formats and releases, with commits and dates.",
        """
        capcodec upstream virglrenderer --check                     # what differs from what is shipped
        capcodec upstream virglrenderer --into capcodec/capsets     # write it into a checkout of this package
        """,
        epilog="Exit status: 0 fine, 1 something differs, 2 could not be read.",
    )
    parser.add_argument("repository", metavar="REPO", help="a clone, bare or partial; no work tree is needed")
    parser.add_argument("--check", action="store_true", help="write nothing, and show what differs")
    parser.add_argument(
        "--into", metavar="DIR", help="the directory of the data modules; that of this package if not given"
    )
    parser.add_argument(
        "--newest", metavar="COMMIT", default="", help="the newest commit to look at; HEAD if not given"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import difflib
    import os
    from pathlib import Path

    from .. import capsets
    from ..upstream import data_modules
    from .harvest import harvested

    into = arguments.into or os.path.dirname(str(capsets.__file__))
    found = harvested(arguments.repository, arguments.newest)
    differing = 0
    for module, tables in found.tables.items():
        path = Path(into, module)
        old = path.read_text()
        new = data_modules.with_tables(old, tables)
        for name, struct, fields in found.fields:
            if name == module:
                new = data_modules.with_fields(new, struct, fields)
        if old != new:
            differing += 1
            if arguments.check:
                lines = difflib.unified_diff(
                    old.splitlines(), new.splitlines(), f"shipped/{module}", module, lineterm=""
                )
                print_text(*lines)
            else:
                write_file(str(path), new.encode())
                print_text(f"{path}: written")
    print_text(
        *found.remarks, f"{differing} of {len(found.tables)} modules {'differ' if arguments.check else 'changed'}"
    )
    return int(bool(differing and arguments.check))
