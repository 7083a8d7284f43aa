"""``capcodec file``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ArgumentError
from ..files import capset_file
from ..registry import find
from .arguments import read_bytes
from .output import print_json, write_file

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "file",
        help="list, unpack or make a capset file of RVGPU",
        description="List, unpack and make capset files of RVGPU, which hold capsets one after another.",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    listing = actions.add_parser("list", help="show which capsets are in a file")
    listing.add_argument("file", metavar="FILE", help="a capset file; - for stdin")
    listing.add_argument("--json", action="store_true", help="as JSON: id, name, version and size of every record")
    listing.set_defaults(run=list_records)

    extracting = actions.add_parser("extract", help="write the bytes of one capset to a file of their own")
    extracting.add_argument("file", metavar="FILE", help="a capset file; - for stdin")
    extracting.add_argument(
        "which", metavar="ID[:VERSION]", help="which capset, by number or name; its highest version if not given"
    )
    extracting.add_argument("output", metavar="OUT", help="where to write it; - for stdout")
    extracting.set_defaults(run=extract)

    packing = actions.add_parser("pack", help="make a file of capsets")
    packing.add_argument("output", metavar="OUT", help="where to write it; - for stdout")
    packing.add_argument(
        "records", nargs="+", metavar="ID:VERSION:BLOB", help="a capset by number or name, and the file of its bytes"
    )
    packing.set_defaults(run=pack)


def list_records(arguments: argparse.Namespace) -> None:
    records = load(arguments.file)
    if arguments.json:
        listed = [
            {
                "capset_id": record.capset_id,
                "name": name_of(record.capset_id) or None,
                "capset_version": record.capset_version,
                "size": len(record.data),
            }
            for record in records
        ]
        print_json(listed)
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
    write_file(arguments.output, record.data)


def pack(arguments: argparse.Namespace) -> None:
    records = []
    for text in arguments.records:
        capset, _, rest = text.partition(":")
        version, colon, blob = rest.partition(":")
        if not colon:
            raise ArgumentError(f"expected ID:VERSION:BLOB, got {text!r}")
        data = read_bytes(blob, capset_file.MAX_SIZE, "a capset in a capset file")
        records.append(capset_file.Record(id_of(capset), number(version, "a version"), data))
    write_file(arguments.output, capset_file.dump(records))


def load(name: str) -> tuple[capset_file.Record, ...]:
    """The records of a file."""
    return capset_file.load(read_bytes(name, capset_file.MAX_FILE, "a capset file"))


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
