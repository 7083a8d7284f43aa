"""``capcodec copy``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..classes import VirglCapsV1
from ..meaning import describe
from ..registry import guess
from ..structs import json_text
from ..structs._instances import min_copy
from .arguments import add_hex_argument, read_capset_bytes
from .output import print_json, write_file

if TYPE_CHECKING:
    import argparse

    from ..structs.field import Field


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "copy",
        help="show what a guest sees of a host's capset",
        description=(
            "Show what a guest sees of a host's capset: the smaller of the two sizes is copied over the "
            "guest's defaults."
        ),
    )
    parser.add_argument("host", metavar="HOST", help="the bytes that the host offers; - for stdin")
    parser.add_argument(
        "guest_size",
        metavar="GUEST_SIZE",
        type=int,
        help=f"bytes of the guest's struct: {VirglCapsV1.size} for capset 1",
    )
    add_hex_argument(parser)
    parser.add_argument("--json", action="store_true", help="as JSON: each field's value, and where it comes from")
    parser.add_argument(
        "--output", metavar="FILE", help="write the bytes that the guest ends up with to a file; - prints them alone"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    data = read_capset_bytes(arguments.host, arguments.hex)
    guest = guess(arguments.guest_size).guest_defaults(arguments.guest_size)
    copied = min_copy(guest, data)
    if arguments.output:
        write_file(arguments.output, guest.pack())
        if arguments.output == "-":
            return
    if arguments.json:
        fields: dict[str, Any] = {
            field.path: {"value": json_text.plain(field, guest[field.path]), "from": origin(field, copied)}
            for field in guest.layout.leaves()
            if field.end <= guest.valid_size
        }
        print_json({"struct": guest.name, "size": guest.valid_size, "copied": copied, "fields": fields})
        return
    from .screen import field_table, put

    rows = ((field, words, origin(field, copied)) for field, words in describe.lines(guest))
    put(
        f"[bold]host {len(data)} bytes, guest {guest.valid_size} bytes: {copied} copied, "
        f"{len(data) - copied} cut off, {guest.valid_size - copied} keep the guest's default[/]",
        field_table(rows, origin=True),
    )


def origin(field: Field, copied: int) -> str:
    """Who gave the value of a field, if the first ``copied`` bytes are the host's."""
    if field.end <= copied:
        return "host"
    if field.offset >= copied:
        return "default"
    return f"host, {copied - field.offset} of {field.size} bytes"
