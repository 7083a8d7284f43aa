"""``capcodec file``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ArgumentError, MessageError
from ..files import capset_file
from ..registry import CAPSETS, find
from .arguments import add_from_argument, read_bytes, read_saved, subject
from .commands import add, add_json
from .output import print_json, write_file

if TYPE_CHECKING:
    import argparse

    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "file",
        "List, unpack and make capset files of RVGPU, which hold capsets one after another.",
        """
        capcodec file list virgl.capset                                    # what is in it
        capcodec file extract virgl.capset virgl2 capset.bin               # one capset, as a file of its own
        capcodec file pack new.capset virgl:1:capset1.bin virgl2:2:capset.bin
        """,
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    listing = add(
        actions,
        "list",
        "Show which capsets are in a file.",
        "capcodec file list virgl.capset",
        help="show which capsets are in a file",
    )
    listing.add_argument("file", metavar="FILE", help="a capset file; - for stdin")
    add_json(listing, "id, name, version and size of every record")
    listing.set_defaults(run=list_records)

    extracting = add(
        actions,
        "extract",
        "Write the bytes of one capset to a file of their own.",
        """
        capcodec file extract virgl.capset virgl2 capset.bin   # the highest version of capset 2
        capcodec file extract virgl.capset 2:1 capset.bin      # version 1 of it
        """,
        help="write the bytes of one capset to a file of their own",
    )
    extracting.add_argument("file", metavar="FILE", help="a capset file; - for stdin")
    extracting.add_argument(
        "which", metavar="ID[:VERSION]", help="which capset, by number or name; its highest version if not given"
    )
    extracting.add_argument("output", metavar="OUT", help="where to write it; - for stdout")
    add_json(extracting, "what was written")
    extracting.set_defaults(run=extract)

    packing = add(
        actions,
        "pack",
        "Make a file of capsets.",
        "capcodec file pack new.capset virgl:1:capset1.bin virgl2:2:capset.bin",
        help="make a file of capsets",
    )
    packing.add_argument("output", metavar="OUT", help="where to write it; - for stdout")
    packing.add_argument(
        "records", nargs="+", metavar="ID:VERSION:BLOB", help="a capset by number or name, and a file that has it"
    )
    add_from_argument(packing)
    add_json(packing, "what was written")
    packing.set_defaults(run=pack)


def list_records(arguments: argparse.Namespace) -> None:
    records = load(arguments.file)
    if arguments.json:
        print_json([told(record) for record in records])
        return
    from .screen import put, text_table

    rows = [
        (name_of(record.capset_id), str(record.capset_id), str(record.capset_version), str(len(record.data)))
        for record in records
    ]
    put(text_table(("capset", "id", "version", "bytes"), rows, numbers=3))


def extract(arguments: argparse.Namespace) -> None:
    capset, colon, version = arguments.which.partition(":")
    records = load(arguments.file)
    record = capset_file.find(records, id_of(capset), number(version, "a version") if colon else None)
    write_file(arguments.output, record.data, arguments.json)
    if arguments.json:
        print_json({"output": arguments.output, **told(record)})


def pack(arguments: argparse.Namespace) -> None:
    records = []
    for text in arguments.records:
        capset, _, rest = text.partition(":")
        version, colon, blob = rest.partition(":")
        if not colon:
            raise ArgumentError(f"expected ID:VERSION:BLOB, got {text!r}")
        capset_id, capset_version = id_of(capset), number(version, "a version")
        wanted = capset_id if capset_id in CAPSETS else None
        found = read_saved(blob, arguments.kind, wanted, (), capset_file.MAX_SIZE, "a capset in a capset file")
        records.append(capset_file.Record(capset_id, capset_version, found.data))
    write_file(arguments.output, capset_file.dump(records), arguments.json)
    if arguments.json:
        print_json({"output": arguments.output, "records": [told(record) for record in records]})


def load(name: str) -> tuple[capset_file.Record, ...]:
    """The records of a file."""
    try:
        return capset_file.load(read_bytes(name, capset_file.MAX_FILE, "a capset file"))
    except MessageError as error:
        raise MessageError(f"{subject(name)}: {error}") from None


def told(record: capset_file.Record) -> dict[str, int | str | None]:
    """A record for JSON."""
    return {
        "capset_id": record.capset_id,
        "name": name_of(record.capset_id) or None,
        "capset_version": record.capset_version,
        "size": len(record.data),
    }


def id_of(text: str) -> int:
    """The id of any capset by its number, or of a known one by its name."""
    return number(text, "a capset") if text.isdecimal() else find(text).capset_id


def name_of(capset_id: int) -> str:
    """The capset's name; empty if it has none."""
    try:
        return find(capset_id).name
    except ArgumentError:
        return ""


def number(text: str, what: str) -> int:
    """The number that a text is; errors call it ``what``."""
    try:
        return int(text)
    except ValueError:
        raise ArgumentError(f"expected {what} by number, got {text!r}") from None
