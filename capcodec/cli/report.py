"""``capcodec report``: one page of all that is known of a capset, by jinja2, which the extra ``report`` brings."""

from __future__ import annotations

import base64
import hashlib
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import CapcodecError
from ..meaning import describe
from ..meaning.diff import diff
from ..meaning.gl import gl
from ..meaning.guest_view import guest_view
from ..meaning.identify import identify, releases_of
from ..meaning.lint import lint
from ..meaning.walk import units
from . import guest
from .arguments import add_capset_arguments, read_capset, subject
from .bytemap import runs, step_of
from .commands import add, add_json
from .gl import lines as gl_lines
from .output import print_json, write_file
from .screen import byte_lines
from .show import heading, remarks

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from ..structs._classes import Struct
    from ..structs.field import Field
    from .commands import _Commands

PAGES = Path(__file__).with_name("pages")
WIDTH = 64  # bytes in a row of the map
CELL = 10  # pixels of a byte of the map
HEIGHT = 18  # pixels of its rows
COLORS = 10  # that report.css has for releases
LONG = 100  # characters of a value that is not folded
MAX_TAIL = 1024  # bytes of the tail that are shown
MAX_CHANGES = 500  # differences that are shown


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "report",
        "Make one page of all that is known of a capset, for a bug report: what it is, its bytes and fields, what a "
        "guest makes of it, which OpenGL version that gets, and what is wrong. The page needs no network, and runs no "
        "script but its own.",
        """
        capcodec report capset.bin -o page.html         # to send
        capcodec report old.bin new.bin -o page.html    # with what differs
        """,
    )
    add_capset_arguments(parser)
    parser.add_argument("other", nargs="?", metavar="OTHER", help="the same capset of another host, to compare with")
    parser.add_argument("-o", "--output", default="-", metavar="PAGE", help="where to write it; stdout if not given")
    add_json(parser, "what was written")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    capset = read_capset(arguments)
    other = read_capset(arguments, arguments.other) if arguments.other else None
    told = page(capset, subject(arguments.file), other, subject(arguments.other or ""))
    text = told.encode("utf-8", "replace").decode()  # the name of a file may be no text
    data = text.encode("ascii", "xmlcharrefreplace")  # for every terminal and every mail
    write_file(arguments.output, data, arguments.json)
    if arguments.json:
        print_json({"output": arguments.output, "size": len(data)})


def page(capset: Struct, name: str, other: Struct | None = None, other_name: str = "") -> str:
    """The page as HTML.

    Args:
        capset: what it is about.
        name: of its file.
        other: what to compare with.
        other_name: of its file.

    Raises:
        ArgumentError: the other one is of another kind.
        CapcodecError: jinja2 is missing.
    """
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise CapcodecError("the page needs jinja2: pip install 'capcodec[report]'") from error

    environment = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style, script = ((PAGES / file).read_text("utf-8") for file in ("report.css", "report.js"))
    changes = diff(capset, other) if other is not None else ()
    return environment.get_template("report.html").render(
        version=__version__,
        style=style,
        script=script,
        style_hash=digest(style),
        script_hash=digest(script),
        name=name,
        capset=capset,
        heading=heading(capset),
        remarks=remarks(capset),
        tail=byte_lines(capset.tail[:MAX_TAIL], capset.size),
        max_tail=MAX_TAIL,
        identity=told(identify, capset),
        findings=told(lint, capset),
        opengl=told(lambda caps: gl_lines(gl(caps)), capset),
        guest=told(seen_by_guest, capset),
        parts=parts(capset),
        boxes=list(boxes(capset)),
        width=WIDTH * CELL,
        height=-(-capset.size // WIDTH) * HEIGHT,
        end_row=capset.valid_size // WIDTH * HEIGHT,
        end_column=capset.valid_size % WIDTH * CELL,
        row_height=HEIGHT,
        other=other and heading(other),
        other_name=other_name,
        changes=[str(change) for change in changes[:MAX_CHANGES]],
        more_changes=len(changes[MAX_CHANGES:]),
        long=LONG,
    )


def digest(text: str) -> str:
    """How a Content-Security-Policy names a style or a script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def told(ask: Callable[[Any], Any], capset: Struct) -> dict[str, Any]:
    """An answer, or why there is none."""
    try:
        return {"answer": ask(capset), "error": ""}
    except CapcodecError as error:
        return {"answer": None, "error": str(error)}


def seen_by_guest(capset: Struct) -> dict[str, Any]:
    """What a guest's driver does not take from the host as it is."""
    view = guest_view(capset)
    return {
        "copied": view.copied,
        "size": view.caps.valid_size,
        "lines": list(guest.lines(view)),
        "derived": view.derived,
    }


def parts(capset: Struct) -> list[tuple[str, int, list[dict[str, Any]]]]:
    """The fields by the release that brought them: its name, its number, and rows of the table."""
    rows = [
        *(row(field, words) for field, words in describe.lines(capset, releases_of(capset))),
        *(row(field, None) for field in units(capset) if field.end > capset.valid_size),
    ]
    rows.sort(key=lambda row: (row["field"].offset, row["field"].shift))
    numbers = release_numbers(capset)
    return [
        (release, numbers[release] % COLORS, list(grouped))
        for release, grouped in groupby(rows, key=lambda row: release_of(capset, row["field"]))
    ]


def row(field: Field, words: str | None) -> dict[str, Any]:
    """A row of the table; without words the field is absent."""
    return {"field": field, "words": words, "default": field.default if words is None else None}


def release_numbers(capset: Struct) -> dict[str, int]:
    """The releases that brought bytes, numbered."""
    return {
        release: number for number, release in enumerate(dict.fromkeys(step.release for step in capset.layout.steps))
    }


def release_of(capset: Struct, field: Field) -> str:
    """The release that brought the end of a field; empty if none has it yet."""
    steps = capset.layout.steps
    return steps[step_of(steps, field.end - 1)].release


def boxes(capset: Struct) -> Iterator[dict[str, Any]]:
    """The rectangles of the byte map."""
    numbers = release_numbers(capset)
    for field in (*capset.layout.folded.values(), *capset.layout.fields.values()):
        if field.bits is not None or (field.path == "v1" and capset.layout.folded):
            continue
        for at, column, width in runs(field, WIDTH):
            yield {
                "x": column * CELL,
                "y": at * HEIGHT,
                "width": width * CELL,
                "label": field.path if len(field.path) * 7 < width * CELL else "",
                "field": field,
                "color": numbers[release_of(capset, field)] % COLORS,
                "arrived": field.end <= capset.valid_size,
            }
