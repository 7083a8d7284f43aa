"""C arrays of bytes or of 32-bit words: an initializer, with or without its declaration.

An array is read as a compiler for a little-endian machine reads it, or it is refused. Nothing is evaluated: an element
is a plain decimal or hexadecimal number.
"""

from __future__ import annotations

import re
from array import array

from ..errors import MessageError
from ..structs.exact import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

BYTE_TYPES = {"char", "unsigned char", "uint8_t", "u8", "__u8"}
WORD_TYPES = {"unsigned int", "unsigned", "uint32_t", "u32", "__u32", "__le32"}
QUALIFIERS = {"static", "const", "extern", "volatile"}

MAX_BYTES = 1 << 20  # bytes of the array
MAX_AROUND = 1 << 16  # characters of C source before the array, and as many behind it

# No two alternatives match the same text, so the time grows in a straight line with the length
_COMMENT = r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_TOKEN = re.compile(rf"\s+|{_COMMENT}|(\w+)|(.)", re.DOTALL)
_BRACE = re.compile(rf"{_COMMENT}|([{{}}])", re.DOTALL)
_NUMBER = re.compile(r"(0[xX]([0-9a-fA-F]+)|0|[1-9][0-9]*)(?:[uU][lL]{0,2}|[lL]{1,2}[uU]?)?", re.ASCII)


def parse(text: str) -> bytes:
    """The bytes of an array.

    Args:
        text: an initializer in braces, or only what is between the braces. A declaration may stand before it, and the
            line that ``xxd -i`` prints behind it, with the array's length. Where no type is given, elements of at
            most two digits are bytes, and elements of eight digits are words.

    Raises:
        MessageError: the text is no such array, or has more than one; the length is not the one that the text gives;
            the array has more than 1 MiB (``MAX_BYTES``), or the text around it more than 64 Ki characters
            (``MAX_AROUND``). The message names line and column.
        ArgumentError: ``text`` is no string.
    """
    text = text_of("C array", text)
    braces = _braces(text)
    if not braces:
        return _Elements(text, "").read(0, len(text))
    if [text[at] for at in braces] != ["{", "}"]:
        wrong = next((at for at in braces[1:] if text[at] == "{"), braces[-1])
        raise _wrong(text, wrong, "expected one array, in one pair of braces")
    start, stop = braces
    if max(start, len(text) - stop) > MAX_AROUND:
        raise _wrong(text, 0, f"expected at most {MAX_AROUND} characters before the array, and behind it")
    type_, count = _declared([token for token, _ in _tokens(text, 0, start)])
    elements = _Elements(text, type_)
    data = elements.read(start + 1, stop)
    if count and count != str(elements.count):
        raise _wrong(text, start, f"expected {count[:20]} elements, as declared, got {elements.count}")
    _check_length(text, stop + 1, len(data))
    return data


def _braces(text: str) -> list[int]:
    """Places of the first three braces outside comments: a fourth tells nothing new."""
    found: list[int] = []
    for match in _BRACE.finditer(text):
        if match[1]:
            found.append(match.start())
            if len(found) == 3:
                break
    return found


def _tokens(text: str, start: int, stop: int) -> Iterator[tuple[str, int]]:
    """Words and signs with their places, without space and comments."""
    for match in _TOKEN.finditer(text, start, stop):
        if match.lastindex:
            yield match[0], match.start()


def _declared(words: list[str]) -> tuple[str, str]:
    """Type and count of the array; each is empty where the declaration does not give it."""
    if "[" not in words:
        return "", ""
    bracket = words.index("[")
    name = bracket
    while name and words[name - 1].isidentifier():
        name -= 1
    type_ = " ".join(word for word in words[name : bracket - 1] if word not in QUALIFIERS)
    count = words[bracket + 1] if bracket + 1 < len(words) and words[bracket + 1].isdecimal() else ""
    return type_, count


class _Elements:
    """The elements of one array. Where no type is given, only the last element tells the size of each."""

    def __init__(self, text: str, type_: str) -> None:
        if type_ and type_ not in BYTE_TYPES | WORD_TYPES:
            raise _wrong(text, 0, f"elements of type {type_[:60]!r} are neither bytes nor 32-bit words")
        self._text = text
        self._type = type_
        self._values = array("I")
        self._digits: set[int] = set()  # how many hexadecimal digits elements have; 0 for a decimal number
        self._too_wide: dict[int, tuple[str, int]] = {}  # by size in bytes: the first element that does not fit
        self._bytes: dict[str, int] = {}  # elements of one byte that came before, which need no second look

    @property
    def count(self) -> int:
        return len(self._values)

    def read(self, start: int, stop: int) -> bytes:
        """The bytes of the elements between two places of the text."""
        comma_next = False
        for token, at in _tokens(self._text, start, stop):
            if comma_next:
                if token != ",":
                    raise _wrong(self._text, at, f"expected a comma, got {token[:20]!r}")
            else:
                self._add(token, at)
            comma_next = not comma_next
        size = self._size(stop)
        if size * self.count > MAX_BYTES:
            raise _wrong(self._text, stop, f"expected at most {MAX_BYTES} bytes, got {size * self.count}")
        if size in self._too_wide:
            number, at = self._too_wide[size]
            raise _wrong(self._text, at, f"expected a number of {size * 8} bits, got {number[:20]!r}")
        if size == 1:
            return bytes(self._values.tolist())
        return b"".join(value.to_bytes(4, "little") for value in self._values)

    def _add(self, token: str, at: int) -> None:
        if len(self._values) == MAX_BYTES:
            raise _wrong(self._text, at, f"expected at most {MAX_BYTES} elements")
        if token in self._bytes:
            self._values.append(self._bytes[token])
            return
        match = _NUMBER.fullmatch(token)
        if match is None:
            raise _wrong(self._text, at, f"expected a decimal or hexadecimal number, got {token[:20]!r}")
        # Twelve characters hold every number of 32 bits; int() takes its time over long ones
        value = int(match[1], 0) if len(match[1]) <= 12 else 1 << 32
        self._digits.add(len(match[2] or ""))
        for size in (1, 4):
            if value >> size * 8:
                self._too_wide.setdefault(size, (token, at))
        if value < 256 and len(token) <= 4:
            self._bytes[token] = value
        self._values.append(value & 0xFFFFFFFF)

    def _size(self, end: int) -> int:
        """Bytes of an element."""
        if self._type:
            return 4 if self._type in WORD_TYPES else 1
        if self._digits == {8}:
            return 4
        if self._digits - {0, 1, 2}:
            raise _wrong(self._text, end, "without a type, expected elements of at most two digits, or all of eight")
        return 1


def _check_length(text: str, start: int, size: int) -> None:
    """The line that ``xxd -i`` prints behind the array of a file: ``unsigned int NAME_len = 1376;``."""
    tokens = list(_tokens(text, start, len(text)))
    for (name, _), (equals, _), (value, at) in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if name.lower().endswith("_len") and equals == "=" and value != str(size):
            raise _wrong(text, at, f"expected the length {size}, the number of bytes in the array, got {value[:20]}")


def _wrong(text: str, at: int, what: str) -> MessageError:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return MessageError(f"C array, line {line}, column {column}: {what}")
