"""``capcodec show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ArgumentError, CapcodecError, MessageError
from ..files import saved
from ..meaning import describe
from ..meaning.identify import releases_of
from ..meaning.walk import units
from . import bytemap
from .abi import add_compile_arguments
from .arguments import add_capset_arguments, read_bytes, read_capset, subject
from .commands import add, add_json
from .output import stdout

if TYPE_CHECKING:
    import argparse

    from ..structs._classes import Struct
    from ..structs.field import Since
    from .commands import _Commands

MAX_STRUCT = 1 << 24  # bytes of a struct of some header
MAX_TAIL = 64  # bytes of a tail that are shown


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "show",
        "Show the fields of a capset: their values, which of them are absent, and the bytes behind the last one.",
        """
        capcodec show capset.bin                   # what the capset says, field by field
        capcodec show --json capset.bin            # text for a golden file, which every command reads
        capcodec show --capset venus capset.bin    # of a size that does not tell which capset it is
        xxd capset.bin | capcodec show -           # a dump that somebody pasted
        """,
    )
    add_capset_arguments(parser)
    parser.add_argument("--header", metavar="HEADER", help="the bytes are of a struct that this C header declares")
    parser.add_argument("--struct", metavar="NAME", help="which one: its tag or typedef")
    add_compile_arguments(parser)
    add_json(parser, "text that loses nothing, for golden files")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    capset = read_struct(arguments) if arguments.header or arguments.struct else read_capset(arguments)
    if arguments.json:
        stdout().write(capset.to_json())
        return
    from .screen import field_table, put

    releases = () if arguments.header else releases_of(capset)
    rows = ((field, text, "") for field, text in describe.lines(capset, releases))
    put(
        (heading(capset), "bold"),
        *(() if arguments.header else (*bytemap.lines(capset), "")),
        field_table(rows),
        *remarks(capset),
    )


def read_struct(arguments: argparse.Namespace) -> Struct:
    """The bytes as the struct of a C header that the arguments name."""
    from ..structs.define import define
    from .schema import declared

    if not (arguments.header and arguments.struct):
        raise ArgumentError("--header and --struct go together")
    if arguments.capset or arguments.layout:
        raise ArgumentError("a struct of a header is no capset, and has no --capset and no --layout")
    cls = define(declared(arguments, arguments.header, arguments.struct).schema)
    content = read_bytes(arguments.file, MAX_STRUCT, f"a {cls.name}")
    try:
        kind = arguments.kind or form_of(content, cls.size)
        return cls.from_json(content) if kind == "json" else cls.unpack(saved.load(content, kind).data)
    except CapcodecError as error:
        raise MessageError(f"{subject(arguments.file)}: {error}") from None


def form_of(content: bytes, size: int) -> str:
    """The form of a file that has a struct of ``size`` bytes: what a text is, or the bytes themselves.

    Raises:
        MessageError: it is a text and of no form, or may be one and the bytes as well.
    """
    try:
        kind = saved.recognize(content) if saved.is_text(content) else "raw"
    except MessageError:
        if len(content) == size:
            return "raw"
        raise
    if kind != "raw" and len(content) == size:
        raise MessageError(f"it could be {saved.KINDS[kind]}, or the bytes of the struct: say which with --from")
    return kind


def heading(capset: Struct) -> str:
    """Which capset it is, and which layout has its size."""
    kind = capset.name + (f", layout {capset.variant}" if capset.variant else "")
    if capset.capset_id is not None:
        kind += f" (capset {capset.capset_id})"
    arrived = f"{kind}: {capset.valid_size} of {capset.size} bytes"
    step = next((step for step in capset.layout.steps if step.size == capset.valid_size), None)
    if step is None or not step.commit:
        return arrived
    return f"{arrived}, the layout of {step.commit} ({step.date}, {came_with(step)})"


def came_with(step: Since) -> str:
    """The release that first had a size step."""
    return f"first released in {step.release}" if step.release else "in no release"


def remarks(capset: Struct) -> list[str]:
    """What the table of fields cannot show: fields that are absent, and bytes of no known field."""
    found = []
    first = None
    if capset.valid_size < capset.size:  # else looking takes time, and finds nothing
        first = next((field for field in units(capset) if field.end > capset.valid_size), None)
    if first is not None:
        absent = sum(field.end > capset.valid_size for field in capset.fields.values())
        came = f", which came with release {first.since.release}" if first.since and first.since.release else ""
        found.append(f"absent: {absent} fields, from {first.path} at byte {first.offset} on{came}")
        if first.offset < capset.valid_size:
            found.append(f"of {first.path} arrived: {capset.pack()[first.offset : capset.valid_size].hex(' ')}")
    if capset.tail:
        shown = capset.tail[:MAX_TAIL].hex(" ") + (" ..." if len(capset.tail) > MAX_TAIL else "")
        found.append(f"tail: {len(capset.tail)} bytes behind the newest layout known: {shown}")
    return found
