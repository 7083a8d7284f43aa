"""Calls of tests/core/json_headers.c, and what Python's json and struct say that it must print."""

from __future__ import annotations

import json
import math
import random
import struct
from typing import Any

# Texts that are refused, where, and what should stand there
REFUSED = [
    ("", 0, "a value"),
    (" \t", 2, "a value"),
    ("x", 0, "a value"),
    ("-", 0, "a value"),
    ("-x", 0, "a value"),
    (".5", 0, "a value"),
    ("tru", 0, "a value"),
    ("falsy", 0, "a value"),
    ("nul", 0, "a value"),
    ("[", 1, "a value"),
    ("[,1]", 1, "a value"),
    ("[1,]", 3, "a value"),
    ('{"a":', 5, "a value"),
    ('{"a":}', 5, "a value"),
    ("1 2", 2, "nothing more"),
    ("01", 1, "nothing more"),
    ("1.", 1, "nothing more"),
    ("1.e5", 1, "nothing more"),
    ("1e", 1, "nothing more"),
    ("1E+", 1, "nothing more"),
    ("1e-x", 1, "nothing more"),
    ("[]]", 2, "nothing more"),
    ("1\0", 1, "nothing more"),
    ("[1 2]", 3, "',' or ']'"),
    ("[1}", 2, "',' or ']'"),
    ("[1", 2, "',' or ']'"),
    ('{"a":1 2}', 7, "',' or '}'"),
    ('{"a":1]', 6, "',' or '}'"),
    ("{", 1, "a key in double quotes"),
    ("{a", 1, "a key in double quotes"),
    ("{,}", 1, "a key in double quotes"),
    ('{"a":1,}', 7, "a key in double quotes"),
    ('{"a"', 4, "':'"),
    ('{"a" 1}', 5, "':'"),
    ('"a', 2, "a quote at the end of the string"),
    ('{"a', 3, "a quote at the end of the string"),
    ('"a\tb"', 2, "no control character within a string"),
    ('"a\0b"', 2, "no control character within a string"),
    ('{"\n":1}', 2, "no control character within a string"),
    ('"\\', 1, "an escape that JSON knows"),
    ('"\\q"', 1, "an escape that JSON knows"),
    ('"a\\u12"', 2, "an escape that JSON knows"),
    ('"\\u12', 1, "an escape that JSON knows"),
    *((f'"\\u00{stranger}0"', 1, "an escape that JSON knows") for stranger in "/:@G`g"),
]
REALS = ["0.5", "-0.0", "1.50", "1e5", "1E5", "12e+30", "-1.25E-30", "0e0"]
TEXTS = ["-0", "0", '"\\/\\u00Ff\\u00aF\\"\\\\"', '"\x7f\xff\xc0"', '{ "a" : [ ] , "b" : { } }', "[[], {}, [{}]]"]
TEXTS += [str(sign * ((1 << 64) // part + more)) for sign in (1, -1) for part in (1, 2, 10) for more in (-1, 0, 1, 9)]
NOT_SPECIAL = ["", "-", "i", "ing", "-ing", "infx", "nan", "nan:", "non:1", "nan:7f800000", "nan:0x", "nan:0y7fc00000"]
NOT_SPECIAL += ["nan:1x7fc00000", "nan:7fc0000g", "nan:7fc000001", "nan:0x7ff80000000000001", "nan:3fc00000", "nan:1"]
FORMATS = {32: (23, "<I", "<f"), 64: (52, "<Q", "<d")}


def cases() -> tuple[list[str], list[str]]:
    """Calls of the program, and the lines that they must print."""
    rng = random.Random(6)
    calls: list[str] = []
    expected: list[str] = []

    def add(call: str, text: str | None, *arguments: object, lines: str) -> None:
        literal = [] if text is None else [_literal(text), str(len(text.encode()))]
        calls.append(f"{call}({', '.join([*literal, *map(str, arguments)])});")
        expected.extend(lines.split("\n"))

    for text, at, what in REFUSED:
        assert not _readable(text), text
        add("wrong", text, lines=f"{at} {what}")
    for text in REALS:
        add("right", f"[{text},\n{text}]", 1, -1, lines=f"[{text}, {text}]")
    for text in TEXTS:
        add("right", text, 1, -1, lines=_dumped(json.loads(text), None))
    for _ in range(200):
        value, indent = _any(rng, 4), rng.choice([None, 0, 1, 3])
        text = json.dumps(value, indent=rng.choice([None, 2]), separators=rng.choice([(",", ":"), (" ,\t", "\r: \n")]))
        add("right", text, rng.randint(1, 7), -1 if indent is None else indent, lines=_dumped(value, indent))
    for v in (0, 9, 10, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, *(rng.getrandbits(64) >> k for k in range(64))):
        add("number", None, f"UINT64_C({v})", lines=f"{v} {v - (v >> 63 << 64)}")
    for _ in range(100):
        value = _string(rng, rng.choice([0x80, 0x100, 0x110]))
        text = json.dumps(value, ensure_ascii=rng.random() < 0.5)
        capacity = rng.randint(0, 2 * len(value))
        fits = max(value, default="") <= "\xff"
        stored = value.encode("latin-1")[:capacity].ljust(capacity, b"\0").hex() if fits else ""
        add("bytes", text, capacity, lines=f"{len(value) if fits else -1} {stored}")
    for width, (fraction, whole, real) in FORMATS.items():
        for text in NOT_SPECIAL:
            if width == 32 or "nan:7f" not in text:
                add("special", json.dumps(text), width, fraction, lines="-1 0")
        for text in ("inf", "-inf"):
            (bits,) = struct.unpack(whole, struct.pack(real, float(text)))
            add("special", json.dumps(text), width, fraction, lines=f"0 {bits:x}")
        (infinity,) = struct.unpack(whole, struct.pack(real, math.inf))
        for _ in range(60):
            bits = rng.choice([0, infinity]) | rng.getrandbits(width)
            is_nan = math.isnan(struct.unpack(real, struct.pack(whole, bits))[0])
            text = rng.choice(["nan:{:x}", "nan:0x{:x}", "nan:0X{:X}"]).format(bits)
            add("special", json.dumps(text), width, fraction, lines=f"0 {bits:x}" if is_nan else "-1 0")
    return calls, expected


def _literal(text: str) -> str:
    return '"' + "".join(f"\\{byte:03o}" for byte in text.encode()) + '"'


def _readable(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _dumped(value: object, indent: int | None) -> str:
    return json.dumps(value, indent=indent).replace("\x7f", "\\u007f")


def _string(rng: random.Random, beyond: int) -> str:
    return "".join(chr(rng.randrange(beyond)) for _ in range(rng.randint(0, 12)))


def _any(rng: random.Random, depth: int) -> Any:
    kind = rng.randrange(8 if depth else 6)
    if kind == 6:
        return [_any(rng, depth - 1) for _ in range(rng.randint(0, 5))]
    if kind == 7:
        return {_string(rng, 0x100): _any(rng, depth - 1) for _ in range(rng.randint(0, 5))}
    if kind == 0:
        return rng.choice([True, False, None])
    if kind == 1:
        return rng.uniform(-1, 1) * 10.0 ** rng.randint(-300, 300)
    if kind < 4:
        return rng.choice([1, -1]) * (rng.getrandbits(80) >> rng.randrange(80))
    return _string(rng, rng.choice([0x100, 0x110]))
