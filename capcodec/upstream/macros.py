"""Macros of a C header: which it defines, as a compiler's preprocessor lists them, and which may stand for a value."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFINE = re.compile(r"#define ([\w$]+)(?: (.*))?")  # of one with parameters the name ends in "("
_WORD = re.compile(r"(?<![\w$])(?!\d)[\w$]+")
_MARKER = re.compile(r'# (\d+) "((?:[^"\\]|\\.)*)"')


def defined(listing: str, real: str) -> dict[str, tuple[str, int]]:
    """Body and line of each macro without parameters that the header itself defines, in order."""
    found: dict[str, tuple[str, int]] = {}
    file, line = "", 0
    for text in listing.split("\n"):  # other ends of lines may stand in a string
        if not text.startswith("#"):
            line += 1
            continue
        marker = _MARKER.match(text)
        if marker:
            file, line = re.sub(r"\\(.)", r"\1", marker[2]), int(marker[1])
            continue
        if text.startswith("#define ") and file == real:
            define = _DEFINE.fullmatch(text)
            if define and define[1].replace("$", "_").isidentifier():  # compilers allow $
                found[define[1]] = ((define[2] or "").strip(), line)
        elif text.startswith("#undef "):
            found.pop(text[7:].strip(), None)
        line += 1
    return found


def words(name: str, macros: Mapping[str, tuple[str, int]]) -> set[str]:
    """The identifiers that a macro of the header comes to, by way of others of it."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        word = waiting.pop()
        if word not in found:
            found.add(word)
            waiting += _WORD.findall(macros[word][0]) if word in macros else []
    return found


def may_be_worth(body: str) -> bool:
    """Could the compiler take the body for an expression, without breaking what stands behind it?"""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', "", body)
    depth = 0
    for char in bare:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return bool(body) and not depth and not re.search(r"[{};\"'#]|__asm__|\basm\b|^__attribute__", bare)
