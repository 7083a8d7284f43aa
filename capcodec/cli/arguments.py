"""The arguments that name a capset, and the capset that they name."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from ..errors import ArgumentError, CapcodecError, MessageError
from ..files import saved
from ..registry import CAPSETS, MAX_CAPSET_SIZE, capset_for, decoded, guess

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from ..files.saved import Saved
    from ..structs._classes import Struct

VIRGL = (2, 1)  # the capsets of OpenGL; a guest prefers the first


def add_capset_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, and how to read it."""
    parser.add_argument("file", metavar="FILE", help="a capset in any form that --from names; - for stdin")
    add_form_arguments(parser)
    parser.add_argument(
        "--layout", metavar="NAME", help="the layout, if it is one that broke with the others, such as 0.9.0"
    )


def add_host_arguments(parser: argparse.ArgumentParser) -> None:
    """HOST, and how to read it."""
    parser.add_argument(
        "file", metavar="HOST", help="the capset that the host offers, in any form that --from names; - for stdin"
    )
    add_form_arguments(parser)


def add_form_arguments(parser: argparse.ArgumentParser) -> None:
    """Which capset a file has, and in which form."""
    parser.add_argument(
        "--capset",
        type=number_or_name,
        metavar="ID",
        help="which capset it is, by number or name: "
        + ", ".join(f"{entry.capset_id} {entry.name}" for entry in CAPSETS.values())
        + "; if not given, the file or its size tells",
    )
    add_from_argument(parser)


def add_from_argument(parser: argparse.ArgumentParser) -> None:
    """The form alone."""
    forms = ", ".join(f"{name} ({words})" for name, words in saved.KINDS.items())
    parser.add_argument(
        "--from",
        dest="kind",
        choices=tuple(saved.KINDS),
        metavar="KIND",
        help=f"the form of the file, recognized if not given: {forms}",
    )


def number_or_name(text: str) -> int | str:
    """A capset's number or name, as an argument gives it."""
    return int(text) if text.isdecimal() else text


def read_bytes(name: str, max_size: int, what: str, max_text: int = 0) -> bytes:
    """All bytes of a file, or of stdin.

    Args:
        name: the file's name; ``-`` is stdin.
        max_size: bytes that it may have. No more are read, since a pipe or a device may never end.
        what: what the file should be, with its article, for the error.
        max_text: bytes that it may have if it is a text, where this is more.

    Raises:
        ArgumentError: it has more bytes, or stdin is closed.
        OSError: it cannot be read.
    """
    if name == "-" and sys.stdin is None:
        raise ArgumentError("standard input is closed")
    with ExitStack() as stack:  # between open and `with`, Python 3.10 would see no interrupt, and the read may block
        file = sys.stdin.buffer if name == "-" else stack.enter_context(open(name, "rb"))
        data = file.read(max_size + 1)
        if max_size < len(data) <= max_text and saved.is_text(data):
            data += file.read(max_text + 1 - len(data))
            max_size, what = max_text, "a text"
    if len(data) > max_size:
        raise ArgumentError(f"{subject(name)} has more than {max_size} bytes, too many for {what}; no more were read")
    return data


def subject(name: str) -> str:
    """What errors call a file."""
    return "standard input" if name == "-" else name


def read_saved(
    name: str,
    kind: str | None,
    capset_id: int | str | None = None,
    prefer: Sequence[int] = (),
    max_size: int = MAX_CAPSET_SIZE,
    what: str = "a capset",
    layout: str | None = None,
) -> Saved:
    """The capset that a file holds, in any form. See :func:`capcodec.files.saved.load`.

    Args:
        name: of the file; ``-`` is stdin.
        kind: its form; recognized if not given.
        capset_id: which capset it is, or which to take of several.
        prefer: which to take of several if ``capset_id`` is not given.
        max_size: bytes that the capset may have.
        what: what it should be, with its article, for the error.
        layout: which layout it is, if that is said.

    Raises:
        ArgumentError: the file or the capset is too long, or there is nothing, and nothing says what that should be.
        MessageError: the file is no capset, or not the one that is asked for.
        OSError: it cannot be read.
    """
    content = read_form(name, kind, max_size, what)
    try:
        found = saved.load(content, kind, capset_id, prefer)
    except CapcodecError as error:
        raise MessageError(f"{subject(name)}: {error}") from None
    if len(found.data) > max_size:
        form = saved.KINDS[found.kind].replace("a ", "the ", 1)
        raise ArgumentError(f"{form} stands for {len(found.data)} bytes, too many for {what}")
    if not found.data and kind is None and capset_id is None and not layout:
        raise ArgumentError(f"{subject(name)}: there is nothing; of which capset, --capset would say")
    return found


def read_form(name: str, kind: str | None, max_size: int = MAX_CAPSET_SIZE, what: str = "a capset") -> bytes:
    """The content of a file in any form; arguments and errors as of :func:`read_saved`."""
    if kind is None:
        return read_bytes(name, max_size, what, saved.MAX_TEXT)
    if kind in ("raw", "file"):
        return read_bytes(name, max_size, what)
    return read_bytes(name, saved.MAX_TEXT, saved.KINDS[kind])


def read_capset(arguments: argparse.Namespace, name: str | None = None) -> Struct:
    """The capset that the arguments name, or another file read in the same way."""
    name = arguments.file if name is None else name
    found = read_saved(name, arguments.kind, arguments.capset, layout=arguments.layout)
    return decode(found.data, given(arguments, found), arguments.layout or found.layout)


def read_host(arguments: argparse.Namespace, capset_ids: Sequence[int] = VIRGL) -> bytes:
    """The bytes of a host's capset, which has to be one of these; of a file that has several, the first of these.

    Raises:
        ArgumentError: it is another capset.
    """
    found = read_saved(arguments.file, arguments.kind, arguments.capset, capset_ids)
    capset_id = given(arguments, found)
    try:
        cls = guess(len(found.data), found.data) if capset_id is None else capset_for(capset_id)
    except ArgumentError:
        if capset_id is not None:
            raise
        return found.data  # cut to a size that never was
    if cls.capset_id not in capset_ids:
        wanted = " or ".join(map(str, sorted(capset_ids)))
        raise ArgumentError(
            f"this needs capset {wanted}, and {subject(arguments.file)} has {cls.name}, capset {cls.capset_id}"
        )
    return found.data


def given(arguments: argparse.Namespace, found: Saved) -> int | str | None:
    """Which capset it is, as the arguments or the file say; None if only its size tells."""
    return found.capset_id if arguments.capset is None else arguments.capset


def decode(data: bytes, capset_id: int | str | None = None, layout: str | None = None) -> Struct:
    """The bytes as the capset and the layout that they are said to be.

    Raises:
        ArgumentError: there is no such capset or layout, or the size does not tell which capset it is.
    """
    if not layout:
        return decoded(data, capset_id)
    if capset_id is None:
        fitting = [entry.cls for entry in CAPSETS.values() if layout in entry.cls.variants]
        if len(fitting) != 1:
            known = ", ".join(f"{name} of {entry.name}" for entry in CAPSETS.values() for name in entry.cls.variants)
            raise ArgumentError(f"no capset alone has a layout {layout!r}; there are {known}")
        cls: type[Struct] = fitting[0]
    else:
        found = type(decoded(data, capset_id))
        cls = found.variant_of or found
    if layout not in cls.variants:
        known = ", ".join(cls.variants) or "none"
        raise ArgumentError(f"{cls.name} has no other layout {layout!r}; there are {known}")
    return cls.variants[layout].unpack(data)
