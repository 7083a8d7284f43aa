"""Golden texts and dicts: what is not one of ours is refused, and what is reads back the same."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import golden
from capcodec import CapcodecError, VirglCapsV2, VirglVideoCaps, captures
from capcodec.registry import CAPSETS
from capcodec.structs._json_write import dumps
from capcodec.structs.json_text import plain as json_text_of
from choices import CallerError, Choices, hostile, hostile_dict

from . import MAX_MESSAGE, refusing, target
from .capsets import Sample

CLASSES = [Sample, VirglVideoCaps, *(capset.cls for capset in CAPSETS.values()), *VirglCapsV2.variants.values()]
KEYS = {cls: [*cls.layout.keys, "_struct", "_tail", "_partial", "_valid_size"] for cls in CLASSES}
INNER = ["x", "y", "z", "w", "bitmask", "profile", "max_width", "max_version", "v1", "bset"]
INNER += ["capability_bits.COPY_IMAGE", "prim_mask.QUADS"]


def spellings() -> list[str]:
    """Texts of the sample with numbers and strings that few inputs have."""
    given = json.loads(Sample.unpack(bytes(range(Sample.size))).to_json())
    numbers = ('"inf"', '"-inf"', "1e999", '"nan:0x1"', '"nan:0x7fc00001"', '"nan:0x7ff8000000000001"', "3e38", "0.1")
    changes = [(key, number) for key in ("g", "single") for number in numbers] + [("name", '"\\u0100"')]
    return [json.dumps({**given, key: "@"}).replace('"@"', text) for key, text in changes]


def texts() -> list[bytes]:
    """A choice of class, then its text; and choices that become a dict."""
    found = []
    for index, cls in enumerate(CLASSES):
        for size in (cls.size, cls.size // 3):
            found.append(bytes((0, index)) + cls.unpack(bytes(range(1, 256))[:size]).to_json().encode())
        found.append(bytes((1, index)) + bytes(range(64)))
        found += [bytes((2, index)) + bytes((byte,)) * 99 for byte in (0, 0x7F, 0x80, 0xFF)]
        found.append(bytes((0, index)) + b'{"_struct": "%s", "_tail": "00ff", "%s": [1, 2], "x": "nan:0x7fc00000"}')
    newest = captures.load(captures.names(2)[-1])
    found += [b"\3\0\4[" + b"[1, {}," * 4 + b"\xff"]
    found += [bytes((0, CLASSES.index(Sample))) + text.encode() for text in spellings()]
    return [*found, bytes((0, CLASSES.index(VirglCapsV2))) + VirglCapsV2.unpack(newest).to_json().encode()]


WORDS = (
    *("_struct", "_tail", "_partial", "_valid_size", '"nan:0x7fc00000"', '"nan:0x', '"inf"', '"-inf"', "NaN", "null"),
    *('{"":0}', "[[]]", '"\\ud800"', "1e400", "0.5", "-1", "18446744073709551616", '"parts": ', '"name"', '"e"', '"g"'),
)


def plain(value: object) -> object:
    return value.decode("latin-1") if isinstance(value, (bytes, bytearray)) else repr(value)


@target(
    "src/_json_read.pyx",
    "src/_json_write.pyx",
    "capcodec/structs/json_text.py",
    "capcodec/structs/json_errors.py",
    plant=("src/_json_write.pyx", "shortest(value) if single else value", "value"),
    seeds=texts,
    words=WORDS,
    longest=1024,
)
def json_text(data: bytes) -> None:
    """Any text, JSON of any shape, and texts of any bytes, as Python's json module reads and writes them."""
    choices = Choices(data)
    kind, cls = choices.below(4), choices.pick(CLASSES)
    text: object
    if kind == 1:
        try:
            text = json.dumps(hostile_dict(choices, KEYS[cls] + INNER), default=plain)
        except (TypeError, ValueError):
            return
    elif kind == 2:
        original = cls.unpack(choices.rest())
        text = original.to_json()
        assert text == golden.dumps(original)
        told = json.loads(text)
        for key, value in original.to_dict().items():
            assert key[0] == "_" or json_text_of(cls.fields[key], value) == told[key]
        with refusing():
            dumps(told)
    elif kind == 3:
        part = choices.take(choices.number())
        text = part + choices.take(20) * (5000 if choices.number() == 255 else 9) + part
        text = choices.pick([text, bytearray(text), text.decode("latin-1"), memoryview(text)[::2], None])
    else:
        text = choices.rest()
    capset = None
    with refusing():
        capset = cls.from_json(text)
    if capset is not None:
        written = capset.to_json()
        again = cls.from_json(written)
        assert again == capset
        assert len(written) > MAX_MESSAGE or (again.to_json() == written and json.loads(written))
        assert len(repr(capset)) < MAX_MESSAGE
    assert kind != 2 or capset == original
    if kind == 1:
        expected = None
        with contextlib.suppress(CapcodecError, ValueError, TypeError, OverflowError, RecursionError):
            expected = golden.loads(cls, text)
        assert capset == expected


def lists() -> list[bytes]:
    """For each field of each class a list, of numbers but for the last element."""
    whole = [
        (200, 0, 0, 0, 0, 0, at, 12, count, *(1, 5) * (count - 1), 7, 1, 65) for at in range(40) for count in (2, 3)
    ]
    return [bytes((index, *part)) for index, cls in enumerate(CLASSES) for part in whole if part[6] < len(KEYS[cls])]


@target(
    "src/_dicts.pyx",
    plant=(
        "src/_dicts.pyx",
        "store_part(slot, depth, scratch, value, path)",
        "store_part(slot, depth, p, value, path)",
    ),
    seeds=lambda: [*(bytes((index, *range(9, 90))) for index in range(len(CLASSES))), *lists()],
)
def dict_objects(data: bytes) -> None:
    """Dicts and values of any kind, and real ones changed: read back the same, or refused with nothing changed."""
    choices = Choices(data)
    cls = choices.pick(CLASSES)
    capset = cls.unpack(bytes(at * 7 % 256 for at in range(choices.number())) + bytes(choices.number(2) % 1500))
    before = capset.pack()
    given = capset.to_dict()
    assert cls.from_dict(given).pack() == before
    if choices.flag():
        for _ in range(choices.below(3)):
            change(choices, given, cls)
    else:
        given = hostile_dict(choices, KEYS[cls] + INNER)
    with contextlib.suppress(CallerError), refusing():
        made = cls.from_dict(given)
        assert cls.from_dict(made.to_dict()) == made
        assert repr(made)
    path, value = choices.pick(KEYS[cls]), hostile(choices, INNER)
    if choices.flag():
        other = choices.pick(CLASSES).unpack(bytes(range(256)) * 6)
        with refusing():
            value = other[choices.pick(KEYS[type(other)])]
    try:
        capset[path] = value
    except (CapcodecError, CallerError):
        assert capset.pack() == before


def change(choices: Choices, given: dict, cls: type) -> None:
    """Put something else somewhere into a dict, or take something out."""
    node: Any = given
    while node:
        key = choices.pick(list(node)) if isinstance(node, dict) else choices.below(len(node))
        if not isinstance(node[key], (dict, list)) or choices.number() % 4 == 0:
            how = choices.below(5)
            if how == 0:
                del node[key]
            elif how == 1 and isinstance(node, dict):
                node[choices.pick(KEYS[cls] + INNER)] = node.pop(key)
            elif how == 2:
                node[key] = cls.unpack(bytes(range(256)) * 6)
                with refusing():
                    node[key] = node[key][choices.pick(KEYS[cls])]
            else:
                node[key] = hostile(choices, KEYS[cls] + INNER)
            return
        node = node[key]
