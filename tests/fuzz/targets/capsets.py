"""Bytes as every capset there is, and every layout that it ever had."""

from __future__ import annotations

import contextlib
import copy
import sys

from capcodec import Batch, FieldAbsentError, captures, define, schema
from capcodec.registry import CAPSETS
from choices import CallerError, Choices, hostile

from . import refusing, target

# Every kind of field, beside the real ones
Sample = define(
    schema.struct(
        "sample",
        schema.u8("a"),
        schema.s16("b[2][3]"),
        schema.u64("c:37"),
        schema.s64("d:20"),
        schema.f32("e[2]"),
        schema.f64("g"),
        schema.f32("single"),
        schema.char("name[5]"),
        schema.struct("inner", schema.u16("x"), schema.s8("y[2]"), schema.u8("z:3"), schema.u8("w:5"))("parts[3]"),
        schema.s8("small"),
        schema.s64("large"),
        schema.u16("two"),
        schema.u64("eight"),
        schema.s32("last"),
    )
)
Inner = type(Sample.zeros().parts[0])  # it is pickled by this name
CLASSES = [Sample]
CLASSES += [cls for capset in CAPSETS.values() for cls in (capset.cls, *capset.cls.variants.values())]
LEAVES = {cls: list(cls.layout.leaves()) for cls in CLASSES}
KEYS = {cls: [*cls.layout.keys, *(leaf.name for leaf in LEAVES[cls]), "_tail", "_partial"] for cls in CLASSES}


def real_capsets() -> list[bytes]:
    """A choice of class, a few choices more, and a real capset of that class."""
    found = []
    for capset_id in (1, 2, 4):
        newest = captures.load(captures.names(capset_id)[-1])
        index = CLASSES.index(CAPSETS[capset_id].cls)
        found += [bytes((index, 7, 9, 1)) + newest[:size] for size in (len(newest), len(newest) // 2)]
    return found + [bytes((index, 1, 2, 3)) + bytes(range(200)) for index in range(len(CLASSES))]


def stores() -> list[bytes]:
    """Every kind of object for every field of the sample, and the extremes of numbers."""
    kinds = [
        (6, 60, 3),
        *((kind, 0, 3) for kind in (0, 2, 5, 6, 7, 8, 9, 10, 11, 12, 15)),
        *((4, 1, at) for at in range(22)),
    ]
    leaves = range(len(LEAVES[Sample]))
    return [bytes((0, leaf, 0, 3, *kind)) + bytes(range(Sample.size)) for leaf in leaves for kind in kinds]


@target(
    "src/_values.pyx",
    plant=("src/cc_field.h", "(p[i] & keep) |", "(p[i] & keep & 0x7f) |"),
    seeds=lambda: real_capsets() + stores(),
)
def capset_bytes(data: bytes) -> None:
    """Any bytes in, the same bytes out, by every way there is; a field is there if its bytes arrived."""
    choices = Choices(data)
    cls = choices.pick(CLASSES)
    leaf, other = choices.pick(LEAVES[cls]), choices.pick(LEAVES[cls])
    change = choices.number()
    blob = choices.rest()
    capset, memory = cls.unpack(blob), bytearray(blob)
    view = cls.view(memory)
    assert capset.pack() == view.pack() == blob
    assert capset == view
    assert capset.readonly is view.readonly is False
    assert cls.view(blob).readonly
    assert copy.copy(capset) == copy.deepcopy(view) == capset
    assert sys.getsizeof(capset) >= len(blob)
    assert len(capset.tail) == max(0, len(blob) - cls.size)
    assert cls.zeros().pack() == bytes(cls.size)
    for field in (leaf, other):
        assert capset.has_field(field.path) == (field.end <= len(blob))
        try:
            value = capset[field.path]
        except FieldAbsentError:
            assert field.end > len(blob)
        else:
            assert field.end <= len(blob)
            view[field.path] = value
            assert memory == blob
    if change % 4 == 0:
        assert cls.from_dict(capset.to_dict()).pack() == blob
    elif change % 4 == 1:
        assert repr(capset).startswith(f"<{cls.__name__}")
        assert repr(capset).endswith(">")
    elif change % 32 == 2:
        assert cls.from_json(capset.to_json()).pack() == blob
    elif leaf.end <= len(blob):
        with contextlib.suppress(CallerError), refusing():
            cls.zeros(hostile(Choices(blob), ["x"]))
        with contextlib.suppress(CallerError), refusing():
            assert len(Batch(cls, blob, hostile(Choices(blob), ["x"]))) >= bool(blob)
        with contextlib.suppress(CallerError), refusing():
            view[leaf.path] = hostile(Choices(blob), ["x"])
        assert memory[: leaf.offset] == blob[: leaf.offset]
        assert memory[leaf.end :] == blob[leaf.end :]
