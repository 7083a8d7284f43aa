"""Bytes as people paste them: hex dumps of xxd and hexdump -C, C arrays, base64. Both ways."""

from __future__ import annotations

import base64
import binascii
import re

from .errors import ArgumentError, MessageError

MOST = 1 << 20  # bytes that any dump may stand for
WIDTH = 16

_XXD = re.compile(r"([0-9a-fA-F]{4,16}): ?((?:[0-9a-fA-F]{2,} ?)+)(?: .*)?")
_HEXDUMP = re.compile(r"([0-9a-fA-F]{8})(?:  ((?:[0-9a-fA-F]{2} {1,2})*[0-9a-fA-F]{2})(?: +\|.*\|)?)?\s*")
_PLAIN = re.compile(r"[0-9a-fA-F\s]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
_ELEMENTS = re.compile(r"\s*0[xX][0-9a-fA-F]+\s*(?:,\s*0[xX][0-9a-fA-F]+\s*)*,?\s*")  # as xxd -i prints of stdin
_ARRAY = re.compile(r"\{([^{}]*)\}")
_LENGTH = re.compile(r"\w+_len\s*=\s*(\d+)\s*;")
_WORD_TYPES = re.compile(r"\b(uint32_t|u32|__u32|__le32|unsigned int)\s+\w+\s*\[")


def parse(text: str | bytes) -> bytes:
    """The bytes of a dump, whichever of the kinds it is.

    An array of 32-bit words, known by its type or by its elements of eight digits, is little-endian.

    Raises:
        MessageError: it is none, or it contradicts itself: a gap, a wrong count, a value that is no byte; says in which
            line.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("ascii")
        except UnicodeDecodeError as error:
            raise MessageError(f"hex dump: byte {error.start} is no ASCII") from None
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise MessageError("hex dump: there is nothing")
    first = lines[0][1]
    if _XXD.fullmatch(first):
        return _xxd(lines)
    if _HEXDUMP.fullmatch(first) and (len(lines) > 1 or "  " in first):
        return _hexdump(lines)
    if "{" in text or _ELEMENTS.fullmatch(text):
        return _array(text if "{" in text else "{" + text + "}")
    if _PLAIN.fullmatch(text):
        digits = "".join(text.split())
        if len(digits) % 2:
            raise MessageError(f"hex dump: {len(digits)} digits are no whole number of bytes")
        return _bounded(bytes.fromhex(digits))
    if _BASE64.fullmatch(text):
        try:
            return _bounded(base64.b64decode("".join(text.split()), validate=True))
        except binascii.Error as error:
            raise MessageError(f"base64: {error}") from None
    raise MessageError("line 1 of the dump is of no kind that is known: xxd, hexdump -C, a C array, base64")


def dump(data: bytes, style: str) -> str:
    """A dump, as the program of that name prints it.

    Args:
        data: the bytes.
        style: ``xxd``, ``hexdump`` (with ``-C``), ``c`` (an array, as ``xxd -i`` prints of stdin) or ``base64``.

    Raises:
        ArgumentError: there is no such style.
    """
    if style not in STYLES:
        raise ArgumentError(f"no dump is called {style!r}; there are {', '.join(STYLES)}")
    return STYLES[style](data)


def _bounded(data: bytes | bytearray) -> bytes:
    if len(data) > MOST:
        raise MessageError(f"hex dump: {len(data)} bytes are more than the {MOST} that one may have")
    return bytes(data)


def _xxd(lines: list[tuple[int, str]]) -> bytes:
    data = bytearray()
    for number, line in lines:
        match = _XXD.fullmatch(line)
        if match is None:
            raise MessageError(f"xxd, line {number}: expected an offset, a colon and hexadecimal digits")
        _expect_offset("xxd", number, int(match[1], 16), len(data))
        digits = match[2].replace(" ", "")
        if len(digits) % 2:
            raise MessageError(f"xxd, line {number}: {len(digits)} digits are no whole number of bytes")
        data += bytes.fromhex(digits)
    return _bounded(data)


def _hexdump(lines: list[tuple[int, str]]) -> bytes:
    data = bytearray()
    repeated = False
    for number, line in lines:
        if line.strip() == "*" and len(data) >= WIDTH:
            repeated = True
            continue
        match = _HEXDUMP.fullmatch(line)
        if match is None:
            raise MessageError(f"hexdump, line {number}: expected an offset of 8 digits, then bytes of 2")
        offset = int(match[1], 16)
        if repeated:
            gap = offset - len(data)
            if gap < 0 or gap % WIDTH or offset > MOST:
                raise MessageError(
                    f"hexdump, line {number}: offset {offset:#x} does not continue the lines repeated by *"
                )
            data += data[-WIDTH:] * (gap // WIDTH)
            repeated = False
        _expect_offset("hexdump", number, offset, len(data))
        data += bytes.fromhex(match[2] or "")
        if match[2] is None and (number, line) != lines[-1]:
            raise MessageError(f"hexdump, line {number}: an offset alone ends a dump, and there is more")
    if repeated:
        raise MessageError(f"hexdump, line {lines[-1][0]}: nothing says how often * repeats the line before")
    return _bounded(data)


def _expect_offset(kind: str, number: int, offset: int, expected: int) -> None:
    if offset != expected:
        raise MessageError(f"{kind}, line {number}: expected offset {expected:#x}, got {offset:#x}")


def _array(text: str) -> bytes:
    match = _ARRAY.search(text)
    if match is None:
        raise MessageError("C array: expected one pair of braces")
    parts = [part.strip() for part in match[1].split(",")]
    if parts[-1] == "":
        parts.pop()  # C allows a comma at the end
    words = bool(_WORD_TYPES.search(text[: match.start()])) or (
        bool(parts) and all(re.fullmatch(r"0[xX][0-9a-fA-F]{8}[uU]?", part) for part in parts)
    )
    size = 4 if words else 1
    data = bytearray()
    for index, part in enumerate(parts):
        line = text.count("\n", 0, match.start()) + 1
        try:
            value = int(part.rstrip("uUlL"), 0)
            data += value.to_bytes(size, "little")
        except (ValueError, OverflowError):
            raise MessageError(
                f"C array from line {line}, element {index}: expected a number of {size * 8} bits, got {part!r}"
            ) from None
    length = _LENGTH.search(text, match.end())
    if length and int(length[1]) != len(data):
        raise MessageError(f"C array: its length is said to be {length[1]}, and there are {len(data)} bytes")
    return _bounded(data)


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
    return "".join(f"  {line}" + (",\n" if number < len(lines) else "\n") for number, line in enumerate(lines, 1))


def _to_base64(data: bytes) -> str:
    encoded = base64.b64encode(data).decode()
    return "".join(encoded[at : at + 76] + "\n" for at in range(0, len(encoded), 76))


def _text(data: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data)


STYLES = {"xxd": _to_xxd, "hexdump": _to_hexdump, "c": lambda data: "{\n" + _to_c(data) + "};\n", "base64": _to_base64}
