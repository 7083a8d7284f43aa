"""``capcodec demo``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import captures
from ..classes import VirglCapsV1, VirglCapsV2
from ..meaning import describe
from ..structs._instances import min_copy
from .copy import origin

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ..structs._classes import Struct
    from ..structs.field import Field

FIRST_HOST = "virglrenderer-0.7.0-llvmpipe-gl.capset2.bin"
OLD_HOST = "virglrenderer-0.8.2-llvmpipe-gl.capset2.bin"
NEW_HOST = "virglrenderer-1.3.0-llvmpipe-gl.capset2.bin"
OLD_GUEST_SIZE = 688  # bytes, of a Mesa of 2019 to 2021
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


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "demo",
        help="why capset 2 exists, told on real bytes",
        description=(
            "Tell on real bytes why capset 2 exists: the copy that destroyed memory, and the one that does not."
        ),
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from .screen import byte_lines, escape, field_table, put

    guest_size, first_host = VirglCapsV1.size, captures.load(FIRST_HOST)[: VirglCapsV2.size_steps[0]]
    put(
        f"[bold]1. A guest whose struct has {guest_size} bytes, a host of February 2018 with {len(first_host)}[/]\n"
        f"The host's bytes are the first {len(first_host)} of {FIRST_HOST}.\n"
    )

    memory = bytearray(guest_size) + NEIGHBOUR
    copied = min_copy(memory, first_host)  # the old kernel did not know where the guest's struct ended
    put(
        f"Linux before 4.16 copies what the host has, {copied} bytes. Behind the guest's struct lay",
        escape(byte_lines(NEIGHBOUR, guest_size)),
        "and now lies",
        f"[red]{escape(byte_lines(memory[guest_size:], guest_size))}[/]",
        f"{changed(NEIGHBOUR, memory[guest_size:])} bytes beyond the struct were written, all of them the host's.\n",
    )

    memory = bytearray(guest_size) + NEIGHBOUR
    copied = min_copy(memoryview(memory)[:guest_size], first_host)
    put(
        f"Linux since 4.16 (9a191b114906) copies the smaller of the two sizes, {copied} bytes:",
        f"{changed(NEIGHBOUR, memory[guest_size:])} bytes beyond the struct were written. But old kernels live on, so "
        "capset 1 is frozen.\nNew fields go into capset 2, which drivers ask only a repaired kernel for.\n",
    )

    for title, host_name, size in (
        ("2. An old host, a new guest", OLD_HOST, VirglCapsV2.size),
        ("3. A new host, an old guest", NEW_HOST, OLD_GUEST_SIZE),
    ):
        host, guest = captures.load(host_name), VirglCapsV2.guest_defaults(size)
        copied = min_copy(guest, host)
        put(
            f"[bold]{title}[/]\n{host_name} offers {len(host)} bytes, the guest has {size}: {copied} are copied, "
            f"{len(host) - copied} cut off, {size - copied} keep the guest's default.",
            field_table(telling(guest, copied), origin=True),
            "",
        )


def telling(guest: Struct, copied: int) -> Iterator[tuple[Field, str, str]]:
    """Those of the telling fields that the guest has, with their values and where these come from."""
    for field, words in describe.lines(guest):
        if field.path in TELLING:
            yield field, words, origin(field, copied)


def changed(before: bytes, after: bytes | bytearray) -> int:
    """How many bytes a copy changed."""
    return sum(old != new for old, new in zip(before, after, strict=True))
