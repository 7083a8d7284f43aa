"""``capcodec guest``."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ..meaning import describe
from ..meaning.guest_view import guest_view
from ..structs import json_text
from .arguments import add_hex_argument, read_capset_bytes
from .output import print_json

if TYPE_CHECKING:
    import argparse

    from ..meaning.guest_view import GuestView, Seen
    from ..structs.field import Field


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "guest",
        help="show which values a guest's driver uses",
        description=(
            "Show which values a guest's driver uses: the host's, its own defaults, and those that it derives "
            "or replaces."
        ),
    )
    parser.add_argument("host", metavar="HOST", help="the bytes of capset 2 that the host offers; - for stdin")
    parser.add_argument("--size", type=int, help="bytes of the guest's struct; today's if not given")
    parser.add_argument(
        "--no-coherent", action="store_true", help="the guest cannot map host memory: no blob=true,hostmem= in QEMU"
    )
    parser.add_argument(
        "--all", action="store_true", help="also show the fields whose values the driver takes from the host"
    )
    add_hex_argument(parser)
    parser.add_argument("--json", action="store_true", help="as JSON: value, origin and rule of every field")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    data = read_capset_bytes(arguments.host, arguments.hex)
    view = guest_view(data, arguments.size, 2, coherent=not arguments.no_coherent)
    if arguments.json:
        print_json(as_dict(view))
        return
    from .screen import IGNORED, field_table, put, text_table

    used = copy.copy(view.caps)
    for path, seen in view.items():
        if seen.value is not None:
            used[path] = seen.value
    rows = []
    for field, words in describe.lines(used):
        parts = parts_of(view, field)
        if arguments.all or any(seen.origin != "host" for seen in parts):
            ignored = all(seen.value is None for seen in parts)
            rows.append((field, IGNORED if ignored else words, came_from(parts)))
    derived = [(name, str(seen.value), seen.reason) for name, seen in view.derived.items()]
    put(
        f"[bold]host {len(data)} bytes, guest {view.caps.valid_size} bytes: {view.copied} copied[/]",
        field_table(rows, origin=True),
    )
    if derived:
        put("\nderived by the driver", text_table(("name", "value", "rule"), derived))


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
