"""``capcodec copy``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..classes import VirglCapsV1, VirglCapsV2
from ..errors import ArgumentError
from ..meaning import describe
from ..registry import capset_for, guess
from ..structs import json_text
from ..structs._instances import min_copy
from .arguments import VIRGL, add_host_arguments, given, read_saved
from .commands import add, add_json
from .output import print_json, write_file

if TYPE_CHECKING:
    import argparse

    from ..structs._classes import Struct
    from ..structs.field import Field
    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "copy",
        "Show what a guest sees of a host's capset: the smaller of the two sizes is copied over the guest's defaults.",
        """
        capcodec copy host.bin 688                      # what a Mesa of 2019 sees of the host
        capcodec copy host.bin 308 --output guest.bin   # the bytes that a guest of capset 1 ends up with
        """,
    )
    add_host_arguments(parser)
    parser.add_argument(
        "guest_size",
        metavar="GUEST_SIZE",
        type=int,
        help=f"bytes of the guest's struct: {VirglCapsV1.size} for capset 1",
    )
    add_json(parser, "each field's value, and where it comes from")
    parser.add_argument(
        "--output", metavar="FILE", help="write the bytes that the guest ends up with to a file; - prints them alone"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    of_capset_1 = arguments.guest_size in VirglCapsV1.size_steps
    found = read_saved(arguments.file, arguments.kind, arguments.capset, VIRGL[::-1] if of_capset_1 else VIRGL)
    data = found.data
    guest = struct_of(given(arguments, found), data, of_capset_1).guest_defaults(arguments.guest_size)
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
    told = (
        f"host {len(data)} bytes, guest {guest.valid_size} bytes: {copied} copied, "
        f"{len(data) - copied} cut off, {guest.valid_size - copied} keep the guest's default"
    )
    put((told, "bold"), field_table(rows, origin=True))


def struct_of(capset_id: int | str | None, data: bytes, of_capset_1: bool) -> type[Struct]:
    """The guest's struct for a host's capset: capset 2 begins with capset 1, so a guest of either takes both."""
    host: type[Struct] = VirglCapsV2  # if it was cut to a size that never was
    try:
        host = guess(len(data), data) if capset_id is None else capset_for(capset_id)
    except ArgumentError:
        if capset_id is not None:
            raise
    return (VirglCapsV1 if of_capset_1 else VirglCapsV2) if host.capset_id in VIRGL else host


def origin(field: Field, copied: int) -> str:
    """Who gave the value of a field, if the first ``copied`` bytes are the host's."""
    if field.end <= copied:
        return "host"
    if field.offset >= copied:
        return "default"
    return f"host, {copied - field.offset} of {field.size} bytes"
