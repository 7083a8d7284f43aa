"""List, unpack and make capset files of RVGPU, which hold capsets one after another."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from ..errors import ArgumentError
from ..files import capset_file
from ..registry import find
from . import arguments as source

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("file", help="list, unpack or make a capset file of RVGPU", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    listing = actions.add_parser("list", help="show which capsets are in a file")
    listing.add_argument("file", metavar="FILE", help="a capset file; - for stdin")
    listing.add_argument("--json", action="store_true", help="as JSON: id, name, version and size of every record")
    listing.set_defaults(run=list_records)

    extracting = actions.add_parser("extract", help="write the bytes of one capset in a file to another")
    extracting.add_argument("file", metavar="FILE", help="a capset file; - for stdin")
    extracting.add_argument(
        "which", metavar="ID[:VERSION]", help="which capset, by number or name; its highest version if not given"
    )
    extracting.add_argument("output", metavar="OUT", help="where to write it")
    extracting.set_defaults(run=extract)

    packing = actions.add_parser("pack", help="make a file of capsets")
    packing.add_argument("output", metavar="OUT", help="where to write it")
    packing.add_argument(
        "records", nargs="+", metavar="ID:VERSION:BLOB", help="a capset by number or name, and the file of its bytes"
    )
    packing.set_defaults(run=pack)


def list_records(arguments: argparse.Namespace) -> None:
    records = capset_file.load(source.read(arguments.file))
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
        json.dump(listed, sys.stdout, indent=1)
        print()
        return
    from .screen import put, text_table

    rows = [
        (name_of(record.capset_id), str(record.capset_id), str(record.capset_version), str(len(record.data)))
        for record in records
    ]
    put(text_table(("capset", "id", "version", "bytes"), rows, numbers=3))


def extract(arguments: argparse.Namespace) -> None:
    capset, colon, version = arguments.which.partition(":")
    records = capset_file.load(source.read(arguments.file))
    record = capset_file.find(records, id_of(capset), number(version, "a version") if colon else None)
    write(arguments.output, record.data)


def pack(arguments: argparse.Namespace) -> None:
    records = []
    for text in arguments.records:
        capset, _, rest = text.partition(":")
        version, colon, blob = rest.partition(":")
        if not colon:
            raise ArgumentError(f"expected ID:VERSION:BLOB, got {text!r}")
        records.append(capset_file.Record(id_of(capset), number(version, "a version"), source.read(blob)))
    write(arguments.output, capset_file.dump(records))


def write(name: str, data: bytes) -> None:
    """All of it under that name, or nothing: a file that is there stays until the new one is whole."""
    target = os.path.realpath(name)  # a link keeps leading where it led
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as device:
            device.write(data)
        return
    beside = f"{target}.{os.getpid()}.tmp"
    file = open(beside, "xb")  # noqa: SIM115 - closed before it is renamed
    try:
        with file:
            file.write(data)
        os.replace(beside, target)
    except BaseException:
        os.unlink(beside)
        raise


def id_of(text: str) -> int:
    """Of a capset, known or not, by number; of a known one also by name."""
    return number(text, "a capset") if text.isdecimal() else find(text).capset_id


def name_of(capset_id: int) -> str:
    """What a capset is called, or nothing."""
    try:
        return find(capset_id).name
    except ArgumentError:
        return ""


def number(text: str, what: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ArgumentError(f"expected {what} by number, got {text!r}") from None
