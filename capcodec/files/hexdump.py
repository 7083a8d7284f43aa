"""Hex dumps of xxd and hexdump -C, C arrays and base64: bytes as people paste them. Read and written.

A dump that contradicts itself is refused, and so is a dump that could stand for different bytes in different styles.
Where a dump shows its bytes as text beside the digits, text and digits have to agree: this catches the byte-swapped and
the binary dumps of ``xxd -e`` and ``xxd -b``.
"""

from __future__ import annotations

import base64
import binascii
import io
import re

from ..errors import ArgumentError, MessageError, clipped
from ..structs.exact import bytes_of, text_of
from . import c_array
from .c_array import MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

MAX_TEXT = 16 * MAX_BYTES  # characters of a dump: xxd -c 1 spends 16 on a byte
MAX_LINE = 4096  # characters of a line of xxd or hexdump: xxd -c 256 spends 908
SURELY_PLAIN = 32  # digits: by chance, as many signs of base64 are all hexadecimal digits once in 2 ** 64
QUOTED = " \t>"  # before the lines of a dump that somebody has indented, or answers in a mail
WIDTH = 16  # bytes that a line of a dump has

# No pattern can match the same text in two ways, so the time grows in a straight line with the length
_XXD = re.compile(r"([0-9a-fA-F]{4,16}): ?((?:[0-9a-fA-F]{2} ?)+)(.*)")
_HEXDUMP = re.compile(r"([0-9a-fA-F]{8})((?: {1,2}[0-9a-fA-F]{2}){0,16})(.*)")
_HEXDUMP_STARTS = re.compile(r"[0-9a-fA-F]{8}  [0-9a-fA-F]{2}(?: |$)")
_NO_HEX = re.compile(r"[^0-9a-fA-F\s]")
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/=\s]")
_SPACE = {code: None for code in range(0x3001) if chr(code).isspace()}  # for str.translate: leave it out


def parse(text: str | bytes, style: str | None = None) -> bytes:
    """The bytes that a dump stands for.

    Args:
        text: the dump.
        style: ``xxd``, ``hexdump`` (with ``-C``), ``plain`` (digits alone, as from ``xxd -p``), ``c`` (see
            :mod:`capcodec.files.c_array`) or ``base64``. Recognized from the text if not given.

    Raises:
        MessageError: the text is no dump, or could be one in two styles; it contradicts itself by a gap, a wrong count,
            a value that is no byte, or another text beside the digits; it has more than 16 Mi characters
            (``MAX_TEXT``), or stands for more than 1 MiB (``MAX_BYTES``). The message names line and column.
        ArgumentError: there is no such style, or ``text`` is none.
    """
    if not isinstance(text, bytes):
        text = text_of("hex dump", text)
    if style is not None and text_of("style", style) not in PARSERS:
        raise ArgumentError(f"no dump is called {clipped(style)}; there are {', '.join(PARSERS)}")
    if len(text) > MAX_TEXT:
        raise MessageError(f"hex dump: {len(text)} characters are more than the {MAX_TEXT} that a dump may have")
    if isinstance(text, bytes):
        try:
            text = text.decode("ascii")
        except UnicodeDecodeError as error:
            raise MessageError(f"hex dump: byte {error.start} is no ASCII") from None
    data = PARSERS[recognized(text) if style is None else style](text)
    _check_size(len(data))
    return data


def dump(data: Buffer, style: str) -> str:
    """A dump, as the program of that name prints it.

    Args:
        data: the bytes.
        style: ``xxd``, ``hexdump`` (with ``-C``), ``c`` (an array, as ``xxd -i`` prints it for stdin) or ``base64``.

    Raises:
        ArgumentError: there is no such style.
        BufferAccessError: ``data`` is no buffer.
    """
    if text_of("style", style) not in STYLES:
        raise ArgumentError(f"no dump is called {clipped(style)}; there are {', '.join(STYLES)}")
    return STYLES[style](bytes_of("hex dump", data))


def style_of_lines(text: str) -> str | None:
    """The style of a dump whose lines have offsets, ``xxd`` or ``hexdump``; None if the text is none.

    Raises:
        ArgumentError: ``text`` is no string.
    """
    first = text_of("hex dump", text).lstrip(QUOTED + "\r\n").partition("\n")[0][:MAX_LINE]
    return "xxd" if _XXD.match(first) else "hexdump" if _HEXDUMP_STARTS.match(first) else None


def recognized(text: str) -> str:
    """The style of a dump.

    Raises:
        MessageError: it is none, or could be two.
        ArgumentError: ``text`` is no string.
    """
    first = text_of("hex dump", text).lstrip()[:2]
    if not first:
        raise MessageError("hex dump: there is nothing")
    style = style_of_lines(text)
    if style is not None:
        return style
    stranger = _NO_BASE64.search(text)
    if "{" in text or (stranger and first in ("0x", "0X")):
        return "c"
    if stranger:
        kinds = "xxd, hexdump -C, plain digits, a C array, base64"
        raise _wrong("hex dump", text, stranger.start(), f"no known style has {stranger[0]!r}: {kinds}")
    size = len(text.translate(_SPACE))
    if first in ("0x", "0X"):
        if size % 4 == 0 and not text[0].isspace():  # xxd -i indents, base64 does not
            raise MessageError("hex dump: it could be a number of a C array, or base64: say which style it is")
        return "c"
    one_case = text in (text.lower(), text.upper())
    no_hex = _NO_HEX.search(text)
    if no_hex is None:
        # Base64 of anything but few or monotonous bytes, such as an all-zero capset, has letters that are no digits
        surely = size >= SURELY_PLAIN or all(len(word) == 2 for word in text.split())
        if size % 4 == 0 and not (surely and one_case and re.search("[0-9]", text)):
            raise MessageError("hex dump: it could be plain digits, or base64: say which style it is")
        return "plain"
    if one_case and not re.search("[+/=]", text):
        what = f"{no_hex[0]!r} is no digit, unless this is base64, which has letters of both cases: say if it is"
        raise _wrong("hex dump", text, no_hex.start(), what)
    return "base64"


def _wrong(kind: str, text: str, at: int, what: str) -> MessageError:
    """An error at the character ``at``: lines and columns are numbered from 1."""
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return MessageError(f"{kind}, line {line}, column {column}: {what}")


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise MessageError(f"hex dump: {size} bytes are more than the {MAX_BYTES} that a dump may stand for")


def _lines(kind: str, text: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, one at a time, numbered from 1."""
    for number, line in enumerate(io.StringIO(text, newline="\n"), 1):
        if line.isspace():
            continue
        if len(line) > MAX_LINE:
            raise MessageError(f"{kind}, line {number}: expected at most {MAX_LINE} characters in a line")
        yield number, line.strip().lstrip(QUOTED)


def _xxd(text: str) -> bytes:
    data = bytearray()
    for number, line in _lines("xxd", text):
        match = _XXD.fullmatch(line)
        if match is None:
            raise MessageError(f"xxd, line {number}: expected an offset, a colon and hexadecimal digits")
        _expect_offset("xxd", number, match[1], len(data))
        part = bytes.fromhex(match[2])
        _expect_beside("xxd", number, match, _text(part).strip())
        data += part
        _check_size(len(data))
    return bytes(data)


def _hexdump(text: str) -> bytes:
    data = bytearray()
    repeated = ended = False
    number = 0
    for number, line in _lines("hexdump", text):
        if ended:
            raise MessageError(f"hexdump, line {number}: an offset alone ends a dump, and there is more")
        if line == "*" and data and len(data) % WIDTH == 0 and not repeated:
            repeated = True
            continue
        match = _HEXDUMP.fullmatch(line)
        if match is None:
            raise MessageError(f"hexdump, line {number}: expected an offset of 8 digits, then bytes of 2 digits")
        if repeated:
            gap = int(match[1], 16) - len(data)
            if gap <= 0 or gap % WIDTH:
                raise MessageError(
                    f"hexdump, line {number}, column 1: offset 0x{match[1]} does not continue the lines repeated by *"
                )
            _check_size(len(data) + gap)
            data += data[-WIDTH:] * (gap // WIDTH)
            repeated = False
        _expect_offset("hexdump", number, match[1], len(data))
        part = bytes.fromhex(match[2])
        _expect_beside("hexdump", number, match, f"|{_text(part)}|")
        data += part
        _check_size(len(data))
        ended = not part
    if not ended and data:
        raise MessageError(f"hexdump, line {number}: the end is missing: the last line has to be an offset alone")
    return bytes(data)


def _expect_offset(kind: str, number: int, digits: str, expected: int) -> None:
    if int(digits, 16) != expected:
        raise MessageError(f"{kind}, line {number}, column 1: expected offset {expected:#x}, got {int(digits, 16):#x}")


def _expect_beside(kind: str, number: int, match: re.Match[str], expected: str) -> None:
    """Behind the digits there is nothing, or the bytes as text."""
    beside = match[3].strip()
    if beside and beside != expected:
        column = match.end() - len(match[3].lstrip()) + 1
        raise MessageError(
            f"{kind}, line {number}, column {column}: expected the text {expected!r}, got {beside[:WIDTH]!r}"
        )


def _plain(text: str) -> bytes:
    stranger = _NO_HEX.search(text)
    if stranger:
        raise _wrong("hex dump", text, stranger.start(), f"{stranger[0]!r} is no hexadecimal digit")
    words = text.lstrip().partition("\n")[0].split(maxsplit=2)
    if len(words) > 1 and len(words[0]) > len(words[1]):
        what = f"{clipped(words[0])} may be an offset, as od and hexdump print it: expected digits alone, or hexdump -C"
        raise _wrong("hex dump", text, text.index(words[0]), what)
    digits = text.translate(_SPACE)
    if len(digits) % 2:
        end = len(text.rstrip()) - 1
        raise _wrong("hex dump", text, end, f"{len(digits)} digits are no whole number of bytes")
    return bytes.fromhex(digits)


def _base64(text: str) -> bytes:
    stranger = _NO_BASE64.search(text)
    if stranger:
        raise _wrong("base64", text, stranger.start(), f"base64 has no {stranger[0]!r}")
    encoded = text.translate(_SPACE)
    end = text.find("=") if "=" in text else max(len(text.rstrip()) - 1, 0)
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise _wrong("base64", text, end, str(error)) from None
    if base64.b64encode(data).decode() != encoded:
        raise _wrong("base64", text, end, "it ends in bits or signs that belong to no byte")
    return data


def _to_xxd(data: bytes) -> str:
    lines = []
    for at in range(0, len(data), WIDTH):
        part = data[at : at + WIDTH]
        lines.append(f"{at:08x}: {part.hex(' ', -2):<39}  {_text(part)}\n")
    return "".join(lines)


def _to_hexdump(data: bytes) -> str:
    lines: list[str] = []
    before = b""
    for at in range(0, len(data), WIDTH):
        part = data[at : at + WIDTH]
        if part == before and len(part) == WIDTH:
            if lines[-1] != "*\n":
                lines.append("*\n")
            continue
        before = part
        lines.append(f"{at:08x}  {part[:8].hex(' '):<23}  {part[8:].hex(' '):<23}  |{_text(part)}|\n")
    return "".join(lines) + f"{len(data):08x}\n" * bool(data)


def _to_c(data: bytes) -> str:
    lines = [", ".join(f"0x{byte:02x}" for byte in data[at : at + 12]) for at in range(0, len(data), 12)]
    return "{\n" + "".join(f"  {line},\n" for line in lines).removesuffix(",\n") + "\n" * bool(data) + "};\n"


def _to_base64(data: bytes) -> str:
    encoded = base64.b64encode(data).decode()
    return "".join(encoded[at : at + 76] + "\n" for at in range(0, len(encoded), 76))


def _text(data: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data)


PARSERS = {"xxd": _xxd, "hexdump": _hexdump, "plain": _plain, "c": c_array.parse, "base64": _base64}
STYLES = {"xxd": _to_xxd, "hexdump": _to_hexdump, "c": _to_c, "base64": _to_base64}
