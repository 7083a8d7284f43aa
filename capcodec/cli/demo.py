"""``capcodec demo``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import captures
from ..classes import VirglCapsV1, VirglCapsV2
from ..meaning import describe
from ..structs._instances import min_copy
from .commands import add, add_json
from .copy import origin
from .output import print_json

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ..structs._classes import Struct
    from ..structs.field import Field
    from .commands import _Commands

FIRST_HOST = "virglrenderer-0.7.0-llvmpipe-gl.capset2.bin"
OLD_HOST = "virglrenderer-0.8.2-llvmpipe-gl.capset2.bin"
NEW_HOST = "virglrenderer-1.3.0-llvmpipe-gl.capset2.bin"
OLD_GUEST_SIZE = 688  # bytes, of a Mesa of 2019 to 2021
PAIRS = ((OLD_HOST, VirglCapsV2.size), (NEW_HOST, OLD_GUEST_SIZE))  # host, and bytes of the guest's struct
NEIGHBOUR = b"Another object lives here, right behind the struct of the guest driver. "
TELLING = (  # the fields that the tables show
    "v1.max_version",
    "v1.max_samples",
    "max_texture_2d_size",
    "max_video_memory",
    "renderer",
    "max_texture_samplers",
    "max_const_buffer_size",
    "max_shader_storage_blocks",
)


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "demo",
        "Tell on real bytes why capset 2 exists: the copy that destroyed memory, and the one that does not.",
        "capcodec demo",
    )
    add_json(parser, "the bytes of each copy")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    if arguments.json:
        print_json(list(copies()))
        return
    from .screen import byte_lines, field_table, put

    guest_size, first_host = VirglCapsV1.size, captures.load(FIRST_HOST)[: VirglCapsV2.size_steps[0]]
    put(
        (f"1. A guest whose struct has {guest_size} bytes, a host of February 2018 with {len(first_host)}", "bold"),
        f"The host's bytes are the first {len(first_host)} of {FIRST_HOST}.",
        "",
    )

    memory = bytearray(guest_size) + NEIGHBOUR
    copied = min_copy(memory, first_host)  # the old kernel did not know where the guest's struct ended
    put(
        f"Linux before 4.16 copies what the host has, {copied} bytes. Behind the guest's struct lay",
        byte_lines(NEIGHBOUR, guest_size),
        "and now lies",
        (byte_lines(memory[guest_size:], guest_size), "red"),
        f"{changed(NEIGHBOUR, memory[guest_size:])} bytes beyond the struct were written, all of them the host's.",
        "",
    )

    memory = bytearray(guest_size) + NEIGHBOUR
    copied = min_copy(memoryview(memory)[:guest_size], first_host)
    put(
        f"Linux since 4.16 (9a191b114906) copies the smaller of the two sizes, {copied} bytes:",
        f"{changed(NEIGHBOUR, memory[guest_size:])} bytes beyond the struct were written. But old kernels live on, so "
        "capset 1 is frozen.\nNew fields go into capset 2, which drivers ask only a repaired kernel for.",
        "",
    )

    for title, (host_name, size) in zip(
        ("2. An old host, a new guest", "3. A new host, an old guest"), PAIRS, strict=True
    ):
        host, guest = captures.load(host_name), VirglCapsV2.guest_defaults(size)
        copied = min_copy(guest, host)
        put(
            (title, "bold"),
            f"{host_name} offers {len(host)} bytes, the guest has {size}: {copied} are copied, "
            f"{len(host) - copied} cut off, {size - copied} keep the guest's default.",
            field_table(telling(guest, copied), origin=True),
            "",
        )


def copies() -> Iterator[dict[str, object]]:
    """The copies of the story, for JSON: the one that destroyed memory is the first."""
    size, first = VirglCapsV1.size, VirglCapsV2.size_steps[0]
    yield {"host": FIRST_HOST, "host_size": first, "guest_size": size, "copied": first, "destroyed": first - size}
    for name, host_size, guest_size in (
        (FIRST_HOST, first, size),
        *((name, len(captures.load(name)), guest_size) for name, guest_size in PAIRS),
    ):
        copied = min(host_size, guest_size)
        yield {"host": name, "host_size": host_size, "guest_size": guest_size, "copied": copied, "destroyed": 0}


def telling(guest: Struct, copied: int) -> Iterator[tuple[Field, str, str]]:
    """Those of the telling fields that the guest has, with their values and where these come from."""
    for field, words in describe.lines(guest):
        if field.path in TELLING:
            yield field, words, origin(field, copied)


def changed(before: bytes, after: bytes | bytearray) -> int:
    """How many bytes a copy changed."""
    return sum(old != new for old, new in zip(before, after, strict=True))
