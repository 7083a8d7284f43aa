"""``capcodec show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ArgumentError
from ..meaning import describe
from ..meaning.identify import releases_of
from ..meaning.walk import units
from .abi import add_compile_arguments
from .arguments import add_capset_arguments, read_capset, read_dumped_bytes
from .output import stdout

if TYPE_CHECKING:
    import argparse

    from ..structs._classes import Struct

MAX_STRUCT = 1 << 24  # bytes of a struct of some header
MAX_TAIL = 64  # bytes of a tail that are shown


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "show",
        help="show the fields of a capset",
        description=(
            "Show the fields of a capset: their values, which of them are absent, and the bytes behind the last one."
        ),
    )
    add_capset_arguments(parser)
    parser.add_argument("--header", metavar="HEADER", help="the bytes are of a struct that this C header declares")
    parser.add_argument("--struct", metavar="NAME", help="which one: its tag or typedef")
    add_compile_arguments(parser)
    parser.add_argument("--json", action="store_true", help="as JSON that loses nothing, for golden files")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    capset = read_struct(arguments) if arguments.header or arguments.struct else read_capset(arguments)
    if arguments.json:
        stdout().write(capset.to_json())
        return
    from .screen import escape, field_table, put

    releases = () if arguments.header else releases_of(capset)
    rows = ((field, text, "") for field, text in describe.lines(capset, releases))
    put(f"[bold]{escape(heading(capset))}[/]", field_table(rows), *map(escape, remarks(capset)))


def read_struct(arguments: argparse.Namespace) -> Struct:
    """The bytes as the struct of a C header that the arguments name."""
    from ..structs.define import define
    from .schema import declared

    if not (arguments.header and arguments.struct):
        raise ArgumentError("--header and --struct go together")
    if arguments.capset or arguments.layout:
        raise ArgumentError("a struct of a header is no capset, and has no --capset and no --layout")
    cls = define(declared(arguments, arguments.header, arguments.struct).schema)
    data = read_dumped_bytes(arguments.file, arguments.hex, MAX_STRUCT, f"a {cls.name}")
    return cls.unpack(data)


def heading(capset: Struct) -> str:
    """Which capset it is, and which layout has its size."""
    kind = capset.name + (f", layout {capset.variant}" if capset.variant else "")
    if capset.capset_id is not None:
        kind += f" (capset {capset.capset_id})"
    arrived = f"{kind}: {capset.valid_size} of {capset.size} bytes"
    step = next((step for step in capset.layout.steps if step.size == capset.valid_size), None)
    if step is None or not step.commit:
        return arrived
    return f"{arrived}, the layout of {step.commit} ({step.date}, first released in {step.release or 'none'})"


def remarks(capset: Struct) -> list[str]:
    """What the table of fields cannot show: fields that are absent, and bytes of no known field."""
    found = []
    absent = sum(field.end > capset.valid_size for field in capset.fields.values())
    first = next((field for field in units(capset) if field.end > capset.valid_size), None)
    if first is not None:
        came = f", which came with release {first.since.release}" if first.since and first.since.release else ""
        found.append(f"absent: {absent} fields, from {first.path} at byte {first.offset} on{came}")
        if first.offset < capset.valid_size:
            found.append(f"of {first.path} arrived: {capset.pack()[first.offset : capset.valid_size].hex(' ')}")
    if capset.tail:
        shown = capset.tail[:MAX_TAIL].hex(" ") + (" ..." if len(capset.tail) > MAX_TAIL else "")
        found.append(f"tail: {len(capset.tail)} bytes behind the newest layout known: {shown}")
    return found
