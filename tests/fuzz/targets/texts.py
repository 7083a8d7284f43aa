"""Golden texts and dicts: what is not one of ours is refused, and what is reads back the same."""

from __future__ import annotations

import contextlib
import json

from capcodec import CapcodecError, VirglCapsV2, VirglVideoCaps, captures, define, schema
from capcodec.registry import CAPSETS
from choices import CallerError, Choices, hostile, hostile_dict

from . import MAX_MESSAGE, refusing, target

# Short texts of every kind of field, beside the real ones
Sample = define(
    schema.struct(
        "sample",
        schema.u8("a"),
        schema.s16("b[2][3]"),
        schema.u64("c:37"),
        schema.s64("d:20"),
        schema.f32("e[2]"),
        schema.f64("g"),
        schema.char("name[5]"),
        schema.struct("inner", schema.u16("x"), schema.s8("y[2]"), schema.u8("z:3"), schema.u8("w:5"))("parts[3]"),
        schema.s32("last"),
    )
)
CLASSES = [Sample, VirglVideoCaps, *(capset.cls for capset in CAPSETS.values()), *VirglCapsV2.variants.values()]
KEYS = {cls: [*cls.layout.keys, "_struct", "_tail", "_partial", "_valid_size"] for cls in CLASSES}
INNER = ["x", "y", "z", "w", "bitmask", "profile", "max_width", "max_version", "v1", "bset"]


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
    return [*found, bytes((0, CLASSES.index(VirglCapsV2))) + VirglCapsV2.unpack(newest).to_json().encode()]


WORDS = (
    *("_struct", "_tail", "_partial", "_valid_size", '"nan:0x7fc00000"', '"nan:0x', '"inf"', '"-inf"', "NaN", "null"),
    *('{"":0}', "[[]]", '"\\ud800"', "1e400", "0.5", "-1", "18446744073709551616", '"parts": ', '"name"', '"e"', '"g"'),
)


def plain(value: object) -> object:
    return value.decode("latin-1") if isinstance(value, (bytes, bytearray)) else repr(value)


@target(
    "capcodec/structs/json_text.py",
    plant=("capcodec/structs/json_text.py", "0xFF << 23 | bits >> 29 & 0x7FFFFF", "0xFF << 23 | bits >> 29 & 0x3FFFFF"),
    seeds=texts,
    words=WORDS,
)
def json_text(data: bytes) -> None:
    """Any text, JSON of any shape, and texts of any bytes."""
    choices = Choices(data)
    kind, cls = choices.below(4), choices.pick(CLASSES)
    text: object
    if kind == 1:
        try:
            text = json.dumps(hostile_dict(choices, KEYS[cls] + INNER), default=plain)
        except (TypeError, ValueError):
            return
    elif kind == 2:
        text = cls.unpack(choices.rest()).to_json()
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
    assert kind != 2 or capset is not None


@target(
    "src/_dicts.pyx",
    plant=(
        "src/_dicts.pyx",
        "store_part(slot, depth, scratch, value, path)",
        "store_part(slot, depth, p, value, path)",
    ),
    seeds=lambda: [bytes((index, *range(9, 90))) for index in range(len(CLASSES))],
)
def dict_objects(data: bytes) -> None:
    """Dicts and values of any kind: stored and read back, or refused with nothing changed."""
    choices = Choices(data)
    cls = choices.pick(CLASSES)
    capset = cls.unpack(choices.take(choices.number(2)))
    before = capset.pack()
    with contextlib.suppress(CallerError), refusing():
        made = cls.from_dict(hostile_dict(choices, KEYS[cls] + INNER))
        assert cls.from_dict(made.to_dict()) == made
        assert repr(made)
    path, value = choices.pick(KEYS[cls]), hostile(choices, INNER)
    try:
        capset[path] = value
    except (CapcodecError, CallerError):
        assert capset.pack() == before
