"""C arrays of bytes or of 32-bit words, as people paste them: the initializer, with or without its declaration.

What is read is what a compiler makes of it on a little-endian machine, or it is refused. Nothing is evaluated: elements
are plain decimal or hexadecimal numbers.
"""

from __future__ import annotations

import re

from ..errors import MessageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Token: TypeAlias = tuple[str, int]  # and where it starts

BYTES = {"char", "unsigned char", "uint8_t", "u8", "__u8"}
WORDS = {"unsigned int", "unsigned", "uint32_t", "u32", "__u32", "__le32"}
QUALIFIERS = {"static", "const", "extern", "volatile"}

# Each alternative starts in its own way and none is tried twice on the same text, so time grows with length and no more
_TOKEN = re.compile(r"(?:\s+|//[^\n]*|/\*.*?(?:\*/|\Z))+|(\w+)|(.)", re.DOTALL)
_NUMBER = re.compile(r"(0[xX]([0-9a-fA-F]+)|0|[1-9][0-9]*)(?:[uU][lL]{0,2}|[lL]{1,2}[uU]?)?", re.ASCII)


def parse(text: str) -> bytes:
    """The bytes of an array.

    Args:
        text: a declaration with its initializer, and behind it perhaps its length as ``xxd -i`` prints it; or the part
            in braces; or only what stands between them. Where no type is given, elements of two digits are bytes and
            elements of eight are words.

    Raises:
        MessageError: it is no such array, or more than one, or has not the length that it says; names line and column.
    """
    tokens = [(match[0], match.start()) for match in _TOKEN.finditer(text) if match[1] or match[2]]
    braces = [index for index, (token, _) in enumerate(tokens) if token in "{}"]
    if not braces:
        return _pack(text, tokens, "", len(text))
    if [tokens[index][0] for index in braces] != ["{", "}"]:
        second = next((index for index in braces[1:] if tokens[index][0] == "{"), braces[-1])
        raise _wrong(text, tokens[second][1], "expected one array, in one pair of braces")
    start, stop = braces
    type_, count = _declared(tokens[:start])
    data = _pack(text, tokens[start + 1 : stop], type_, tokens[stop][1])
    elements = len(data) // (4 if type_ in WORDS else 1)
    if count and count != str(elements):
        raise _wrong(text, tokens[start][1], f"expected {count} elements, as declared, got {elements}")
    _check_length(text, tokens[stop + 1 :], len(data))
    return data


def _declared(tokens: list[Token]) -> tuple[str, str]:
    """Type and count of the array, each empty if not said."""
    words = [token for token, _ in tokens]
    if "[" not in words:
        return "", ""
    bracket = words.index("[")
    name = bracket
    while name and words[name - 1].isidentifier():
        name -= 1
    type_ = " ".join(word for word in words[name : bracket - 1] if word not in QUALIFIERS)
    count = words[bracket + 1] if bracket + 1 < len(words) and words[bracket + 1].isdecimal() else ""
    return type_, count


def _pack(text: str, tokens: list[Token], type_: str, end: int) -> bytes:
    numbers = []
    for index, (token, at) in enumerate(tokens):
        if index % 2:
            if token != ",":
                raise _wrong(text, at, f"expected a comma, got {token!r}")
            continue
        match = _NUMBER.fullmatch(token)
        if match is None:
            raise _wrong(text, at, f"expected a decimal or hexadecimal number, got {token!r}")
        numbers.append((match, at))
    size = _size(text, type_, [match for match, _ in numbers], end)
    data = bytearray()
    for match, at in numbers:
        if len(match[1]) > 12 or int(match[1], 0) >> size * 8:
            raise _wrong(text, at, f"expected a number of {size * 8} bits, got {match[0][:20]!r}")
        data += int(match[1], 0).to_bytes(size, "little")
    return bytes(data)


def _size(text: str, type_: str, numbers: list[re.Match[str]], end: int) -> int:
    """Bytes of an element."""
    if type_:
        if type_ not in BYTES | WORDS:
            raise _wrong(text, 0, f"elements of type {type_!r} are neither bytes nor 32-bit words")
        return 4 if type_ in WORDS else 1
    digits = {len(match[2] or "") for match in numbers}
    if digits == {8}:
        return 4
    if digits - {0, 1, 2}:
        raise _wrong(text, end, "without a type, expected elements of at most two digits, or all of eight")
    return 1


def _check_length(text: str, tokens: list[Token], size: int) -> None:
    """What ``xxd -i`` prints behind the array of a file: ``unsigned int NAME_len = 1376;``."""
    for (name, _), (equals, _), (value, at) in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if name.lower().endswith("_len") and equals == "=" and value != str(size):
            raise _wrong(text, at, f"expected the length {size}, as there are bytes, got {value}")


def _wrong(text: str, at: int, what: str) -> MessageError:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return MessageError(f"C array, line {line}, column {column}: {what}")
