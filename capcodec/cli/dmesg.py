"""``capcodec dmesg``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import CapcodecError, MessageError
from ..registry import find
from .arguments import add_from_argument, read_bytes, subject
from .commands import add, add_json
from .lint import COLOURS
from .output import print_json

if TYPE_CHECKING:
    import argparse

    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "dmesg",
        "Tell what a guest's kernel log says of its capsets, and what that means.",
        """
        dmesg | capcodec dmesg                # in the guest
        capcodec dmesg guest.log              # what somebody sent
        """,
    )
    parser.add_argument("file", nargs="?", metavar="FILE", default="-", help="the log; - for stdin, as if not given")
    add_from_argument(parser)
    add_json(parser, "features, capsets and remarks")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from ..files import dmesg, saved

    data = read_bytes(arguments.file, dmesg.MAX_TEXT, "a kernel log")
    kind = arguments.kind or (saved.recognize(data) if data else "log")
    if kind != "log":
        raise MessageError(f"{subject(arguments.file)}: this is {saved.KINDS[kind]}, and no kernel log")
    report = dmesg.read(data.decode(errors="replace"))
    if arguments.json:
        print_json(report.as_dict())
        return
    from .screen import put, text_table

    if report.features:
        put("features: " + " ".join(f"{'+' if has else '-'}{name}" for name, has in report.features.items()))
    if report.capsets:
        rows = [
            (str(c.capset_index), str(c.capset_id), name_of(c.capset_id), str(c.max_version), str(c.max_size))
            for c in report.capsets
        ]
        put(text_table(("index", "id", "capset", "max-version", "max-size"), rows, numbers=2))
    put(*((str(remark), COLOURS[remark.severity]) for remark in report.remarks))
    if not report.capsets and not report.remarks:
        put("the log says nothing of capsets")


def name_of(capset_id: int) -> str:
    """The capset's name; a question mark if it has none."""
    try:
        return find(capset_id).name
    except CapcodecError:
        return "?"
