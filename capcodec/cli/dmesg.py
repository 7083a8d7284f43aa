"""``capcodec dmesg``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import CapcodecError
from ..registry import find
from .arguments import read_bytes
from .lint import COLOURS
from .output import print_json

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "dmesg",
        help="tell what a guest's kernel log says of capsets",
        description="Tell what a guest's kernel log says of its capsets, and what that means.",
    )
    parser.add_argument("file", nargs="?", metavar="FILE", default="-", help="the log; - for stdin, as if not given")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from ..files import dmesg

    report = dmesg.read(read_bytes(arguments.file, dmesg.MAX_TEXT, "a kernel log").decode(errors="replace"))
    if arguments.json:
        print_json(report.as_dict())
        return
    from .screen import escape, put, text_table

    if report.features:
        put("features: " + " ".join(f"{'+' if has else '-'}{name}" for name, has in report.features.items()))
    if report.capsets:
        rows = [
            (str(c.capset_index), str(c.capset_id), name_of(c.capset_id), str(c.max_version), str(c.max_size))
            for c in report.capsets
        ]
        put(text_table(("index", "id", "capset", "max-version", "max-size"), rows, numbers=2))
    put(*(f"[{COLOURS[remark.severity]}]{escape(str(remark))}[/]" for remark in report.remarks))
    if not report.capsets and not report.remarks:
        put("the log says nothing of capsets")


def name_of(capset_id: int) -> str:
    """The capset's name; a question mark if it has none."""
    try:
        return find(capset_id).name
    except CapcodecError:
        return "?"
