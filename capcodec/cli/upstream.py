"""``capcodec upstream``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .commands import add, add_json
from .output import print_json, print_text, write_file

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import Any

    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "upstream",
        "Read a git repository of virglrenderer, and write the data modules of this package: size steps, flags, "
        "formats and releases, with commits and dates.",
        """
        capcodec upstream virglrenderer.git --check    # what differs from what is shipped
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
    add_json(parser, "what became of each module, and what a person has to say")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import difflib
    import os
    from pathlib import Path

    from .. import capsets
    from ..upstream import data_modules
    from .shipped_tables import harvested

    into = arguments.into or os.path.dirname(str(capsets.__file__))
    found = harvested(arguments.repository, arguments.newest)
    modules = []
    for module, tables in found.tables.items():
        path = Path(into, module)
        old = path.read_text()
        new = data_modules.with_tables(old, tables)
        for name, struct, fields in found.fields:
            if name == module:
                new = data_modules.with_fields(new, struct, fields)
        state = "same" if old == new else "differs" if arguments.check else "written"
        if state == "written":
            write_file(str(path), new.encode())
        lines = difflib.unified_diff(old.splitlines(), new.splitlines(), f"shipped/{module}", module, lineterm="")
        modules.append({"path": str(path), "state": state, "changes": list(lines)})
    if arguments.json:
        print_json({"modules": modules, "remarks": list(found.remarks)})
    else:
        tell(modules, found.remarks)
    return int(any(module["state"] == "differs" for module in modules))


def tell(modules: list[dict[str, Any]], remarks: Sequence[str]) -> None:
    """For a person: the changes of what was only looked at, the names of what was written."""
    for module in modules:
        if module["state"] == "differs":
            print_text(*module["changes"])
        elif module["state"] == "written":
            print_text(f"{module['path']}: written")
    counts = Counter(module["state"] for module in modules)
    print_text(*remarks, f"of {len(modules)} modules {counts['written']} were written, and {counts['differs']} differ")
