"""A capset in whatever form somebody saved it: raw bytes, a dump, a capset file, or golden JSON.

A form is recognized by its content, never by the name of the file. What could be none of them is refused: every file
has bytes, and few are capsets. Modules are imported when a form needs them, since commands shall start quickly on raw
bytes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import ArgumentError, MessageError, clipped
from ..registry import CAPSETS, capset_for, find
from ..structs.exact import bytes_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Buffer

    from ..structs._classes import Struct

KINDS = {
    "raw": "the bytes of a capset",
    "hex": "a hex dump",  # of xxd, hexdump -C or xxd -p
    "c": "a C array",
    "base64": "base64",
    "file": "a capset file of RVGPU",
    "json": "golden JSON",
    "log": "a kernel log",
}
DUMPS = ("hex", "c", "base64")
MAX_TEXT = 1 << 24  # bytes of a text
MAX_VERSION = 0xFFFF  # the first word of every capset is a version, and none has gone beyond 2

_CONTROL = bytes({*range(32), 127} - set(b"\t\n\f\r\x1b"))  # bytes that no text has; a log may have escapes
_OBJECT = rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*[{"\]])'  # JSON starts so, and a C array does not
_STRUCT = r'(?<!\\)"_struct"\s*:\s*"([^"\\]{1,200})"'
_ARRAY = r"(?:\{(?:\s|/\*[^*]*\*/|//[^\n]*\n)*|\A\s*)(?:0[xX]|[0-9]+[\s,}]|\})"


class Saved(NamedTuple):
    """What a file holds.

    Attributes:
        kind: one of :data:`KINDS`.
        data: the bytes of the capset.
        capset_id: which capset, where the form says so.
        layout: name of the variant, where the form says so and it is one; else empty.
    """

    kind: str
    data: bytes
    capset_id: int | None = None
    layout: str = ""


def load(
    data: Buffer, kind: str | None = None, capset_id: int | str | None = None, prefer: Sequence[int] = ()
) -> Saved:
    """The capset that a file holds.

    Args:
        data: the content of the file.
        kind: one of :data:`KINDS`; recognized if not given.
        capset_id: which capset it is, by number or name. Of a capset file, the one to take.
        prefer: of a capset file, the numbers of those to take if ``capset_id`` is not given, the best first.

    Raises:
        MessageError: the content is none of these, or not the one that ``kind`` says; or no ``kind`` is given, and its
            first word is not the version that every capset begins with.
        ArgumentError: there is no such kind or capset; the file has another capset than ``capset_id``, or several; or
            it is a kernel log, which holds none.
        TextError, UnknownFieldError, FieldRangeError: golden JSON does not fit its struct.
        BufferAccessError: ``data`` is no buffer.
    """
    data = bytes_of("saved capset", data)
    found = recognize(data) if kind is None else text_of("kind", kind)
    if found not in KINDS:
        raise ArgumentError(f"no kind is called {clipped(found)}; there are {', '.join(KINDS)}")
    if found == "log":
        raise ArgumentError("a kernel log tells of capsets, and holds none: capcodec dmesg reads it")
    if found == "file":
        return _from_file(data, capset_id, prefer)
    if found == "json":
        return _from_json(_text(data), capset_id)
    if found in DUMPS:
        from . import hexdump

        if not data.strip():
            raise MessageError(f"{KINDS[found]}: there is nothing")
        data = hexdump.parse(_text(data), _style(data) if found == "hex" else found)
        if kind is None:
            _check_version(data, KINDS[found])
    return Saved(found, data)


def load_all(data: Buffer, kind: str | None = None, capset_id: int | str | None = None) -> list[Saved]:
    """Every capset that a file holds, of each the newest version; see :func:`load`.

    Arguments and errors are those of :func:`load`.
    """
    data = bytes_of("saved capset", data)
    if capset_id is None and (recognize(data) if kind is None else kind) == "file":
        from . import capset_file

        records = capset_file.load(data)
        found = [capset_file.find(records, number) for number in dict.fromkeys(each.capset_id for each in records)]
        return [Saved("file", record.data, record.capset_id) for record in found]
    return [load(data, kind, capset_id)]


def recognize(data: Buffer) -> str:
    """Which of :data:`KINDS` a content is.

    Raises:
        MessageError: it is none of them, or could be two.
        BufferAccessError: ``data`` is no buffer.
    """
    data = bytes_of("saved capset", data)
    if not is_text(data):
        if _is_file(data):
            return "file"
        _check_version(data, "a binary file")
        return "raw"
    if not data:
        return "raw"
    if re.match(_OBJECT, data):
        return "json"
    from . import dmesg, hexdump

    text = _text(data)
    if hexdump.style_of_lines(text):
        return "hex"
    if dmesg.is_log(text):
        return "log"
    try:
        style = hexdump.recognized(text)
        if style == "c" and not re.search(_ARRAY, text):
            raise MessageError("C array: no number follows a brace")
    except MessageError as error:
        kinds = ", ".join(words for kind, words in KINDS.items() if kind not in ("raw", "file"))
        raise MessageError(f"this text is none of {kinds} ({error})") from None
    return style if style in KINDS else "hex"


def is_text(data: Buffer) -> bool:
    """Are these the bytes of a text? A capset has a byte that no text has: its first word is a small number.

    Raises:
        BufferAccessError: ``data`` is no buffer.
    """
    data = bytes_of("saved capset", data)
    return len(data.translate(None, _CONTROL)) == len(data)


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")


def _style(data: bytes) -> str:
    from . import hexdump

    return hexdump.style_of_lines(_text(data)) or "plain"


def _is_file(data: bytes) -> bool:
    size = int.from_bytes(data[8:12], "little")
    if not 0 < size <= len(data) - 12:  # of the first record, with its header
        return False
    from . import capset_file

    try:
        records = capset_file.load(data)
    except MessageError:
        return False
    return bool(records)


def _check_version(data: bytes, what: str) -> None:
    version = int.from_bytes(data[:4], "little")
    if len(data) < 4 or version > MAX_VERSION:
        why = f"{len(data)} bytes" if len(data) < 4 else f"the first word {version:#x}, which is no version"
        raise MessageError(f"this is {what}, and no capset: it has {why}")


def _from_file(data: bytes, capset_id: int | str | None, prefer: Sequence[int]) -> Saved:
    from . import capset_file

    records = capset_file.load(data)
    there = list(dict.fromkeys(record.capset_id for record in records))
    wanted = [number for number in prefer if number in there]
    if capset_id is not None:
        wanted = [find(capset_id).capset_id]
    elif len(there) == 1:
        wanted = there
    if not wanted:
        known = ", ".join(map(str, there)) or "none"
        raise ArgumentError(f"the capset file has capsets {known}: say which to take, by capset_id or --capset")
    record = capset_file.find(records, wanted[0])
    return Saved("file", record.data, record.capset_id)


def _from_json(text: str, capset_id: int | str | None) -> Saved:
    match = re.search(_STRUCT, text)
    if match:
        cls = _class_of(match[1])
    elif capset_id is not None:
        cls = capset_for(capset_id)
    else:
        raise MessageError(
            'this is JSON, and no capset: "_struct" names the struct in what to_json and show --json write'
        )
    if capset_id is not None and find(capset_id).capset_id != cls.capset_id:
        raise ArgumentError(f"this is the text of a {cls.name}, capset {cls.capset_id}, and not of capset {capset_id}")
    return Saved("json", cls.from_json(text).pack(), cls.capset_id, cls.variant)


def _class_of(name: str) -> type[Struct]:
    """The capset whose golden JSON has that ``_struct``."""
    for entry in CAPSETS.values():
        for cls in (entry.cls, *entry.cls.variants.values()):
            if f"{cls.name} {cls.variant}".rstrip() == name:
                return cls
    known = ", ".join(entry.cls.name for entry in CAPSETS.values())
    raise MessageError(f"this is the text of a {name!r}, which is no capset; the capsets are {known}")
