"""``capcodec guest``."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ..meaning import describe
from ..meaning.guest_view import guest_view
from ..structs import json_text
from .arguments import add_host_arguments, read_host
from .commands import add, add_json
from .output import print_json
from .screen import IGNORED

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ..meaning.guest_view import GuestView, Seen
    from ..structs.field import Field
    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "guest",
        "Show which values a guest's driver uses: the host's, its own defaults, and those that it derives or replaces.",
        """
        capcodec guest host.bin              # what the driver does not take from the host, and why
        capcodec guest host.bin --all        # every field
        capcodec guest host.bin --size 696   # of a Mesa of 2021, whose struct is smaller
        """,
    )
    add_host_arguments(parser)
    parser.add_argument("--size", type=int, help="bytes of the guest's struct; today's if not given")
    parser.add_argument(
        "--no-coherent", action="store_true", help="the guest cannot map host memory: no blob=true,hostmem= in QEMU"
    )
    parser.add_argument(
        "--all", action="store_true", help="also show the fields whose values the driver takes from the host"
    )
    add_json(parser, "value, origin and rule of every field")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    data = read_host(arguments)
    view = guest_view(data, arguments.size, 2, coherent=not arguments.no_coherent)
    if arguments.json:
        print_json(as_dict(view))
        return
    from .screen import field_table, put, text_table

    rows = list(lines(view, arguments.all))
    derived = [(name, str(seen.value), seen.reason) for name, seen in view.derived.items()]
    told = f"host {len(data)} bytes, guest {view.caps.valid_size} bytes: {view.copied} copied"
    put((told, "bold"), field_table(rows, origin=True))
    if derived:
        put("", "derived by the driver", text_table(("name", "value", "rule"), derived))


def lines(view: GuestView, all: bool = False) -> Iterator[tuple[Field, str, str]]:
    """The fields as the driver uses them: value in words, and where it comes from; without ``all``, not the host's."""
    used = copy.copy(view.caps)
    for path, seen in view.items():
        if seen.value is not None:
            used[path] = seen.value
    for field, words in describe.lines(used):
        parts = parts_of(view, field)
        if all or any(seen.origin != "host" for seen in parts):
            yield field, IGNORED if [seen.value for seen in parts] == [None] * len(parts) else words, came_from(parts)


def parts_of(view: GuestView, field: Field) -> list[Seen]:
    """What the driver sees of a field, or of every field within it."""
    if field.path in view:
        return [view[field.path]]
    return [seen for seen in view.values() if seen.field and field.offset <= seen.field.offset < field.end]


def came_from(parts: list[Seen]) -> str:
    """Where a value comes from: the reasons of the driver's rules, or host or default."""
    rules = dict.fromkeys(seen.reason for seen in parts if seen.rule)
    return "; ".join(rules) or "/".join(dict.fromkeys(seen.origin for seen in parts))


def as_dict(view: GuestView) -> dict[str, Any]:
    """The view as plain dicts, for JSON."""

    def told(seen: Seen) -> dict[str, Any]:
        def plain(value: Any) -> Any:
            return json_text.plain(seen.field, value) if seen.field and value is not None else value

        shown = {"value": plain(seen.value), "origin": seen.origin}
        if seen.rule:
            shown |= {"sent": plain(seen.sent), "rule": seen.rule, "reason": seen.reason}
        return shown

    return {
        "size": view.caps.valid_size,
        "copied": view.copied,
        "fields": {path: told(seen) for path, seen in view.items()},
        "derived": {name: told(seen) for name, seen in view.derived.items()},
    }
