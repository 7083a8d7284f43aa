"""Bytes in, the same bytes out; and what is read in between is what ctypes reads."""

from __future__ import annotations

import ctypes
import random

import pytest

from capcodec import VirglCapsV1, VirglCapsV2, captures
from capcodec.registry import CAPSETS

C_TYPES = {"unsigned int": ctypes.c_uint32, "int": ctypes.c_int32, "float": ctypes.c_float, "char": ctypes.c_char}


def class_of(name: str):
    return VirglCapsV1 if name.endswith("capset1.bin") else VirglCapsV2


def ctypes_struct(structs: dict, name: str) -> type[ctypes.Structure]:
    """A ctypes structure of one revision of the header."""
    fields = []
    for field in structs[name]["fields"]:
        type_ = C_TYPES.get(field["type"]) or ctypes_struct(structs, field["type"].split()[1])
        if "count" in field:
            type_ = type_ * field["count"]
        fields.append((field["name"], type_, *([field["bit_size"]] if "bit_size" in field else [])))
    return type(name, (ctypes.LittleEndianStructure,), {"_fields_": fields})


def ctypes_value(value):
    """What ctypes reads, in the words of our to_dict."""
    if isinstance(value, ctypes.Structure):
        return {name: ctypes_value(getattr(value, name)) for name, *_ in value._fields_}
    if isinstance(value, ctypes.Array):
        return [ctypes_value(element) for element in value]
    return value


def attributes(capset, layout):
    """The same by attributes of ours, one after the other."""
    found = {}
    for field in layout.fields.values():
        value = getattr(capset, field.name)
        if field.layout is None:
            found[field.name] = list(value) if field.dims and field.type != "char" else value
        elif field.dims:
            found[field.name] = [attributes(element, field.layout) for element in value]
        else:
            found[field.name] = attributes(value, field.layout)
    return found


def test_every_field_is_what_ctypes_reads(capture, history):
    name, data = capture
    cls = class_of(name)
    key = "capset1_size" if cls is VirglCapsV1 else "capset2_size"
    swapped = "0.9.0" in name and cls is VirglCapsV2
    revision = [revision for revision in history if revision[key] == len(data)][0 if swapped else -1]
    theirs = ctypes_value(ctypes_struct(revision["structs"], cls.name).from_buffer_copy(data))
    if swapped:
        cls = cls.variants["0.9.0"]
    elif "max_texture_image_units" in theirs:
        cls = cls.variants["before-328e5f66"]
    assert cls.unpack(data).to_dict() == theirs
    whole = cls.guest_defaults()
    assert memoryview(whole)[: len(data)] != data
    memoryview(whole)[: len(data)] = data
    assert {key: value for key, value in attributes(whole, cls.layout).items() if key in theirs} == theirs


def test_pack_gives_back_every_prefix(capture):
    name, data = capture
    cls = class_of(name)
    for size in range(len(data) + 1):
        capset = cls.unpack(data[:size])
        assert capset.pack() == data[:size]
        assert (capset.valid_size, capset.tail) == (size, b"")
        assert cls.from_dict(capset.to_dict()) == capset


def test_pack_gives_back_whatever_is_appended(capture):
    name, data = capture
    cls = class_of(name)
    rng = random.Random(name)
    for extra in range(301):
        longer = data + rng.randbytes(extra)
        capset = cls.unpack(longer)
        assert capset.pack() == longer
        assert capset.valid_size == min(len(longer), cls.size)
        assert capset.tail == longer[cls.size :]
        assert cls.view(longer).pack() == longer


@pytest.mark.parametrize("name", captures.names(2))
def test_text_gives_back_prefixes_and_tails(name):
    data = captures.load(name) + random.Random(name).randbytes(80)
    for size in (*range(0, 700, 7), *range(700, len(data) + 1, 41), *VirglCapsV2.size_steps, len(data)):
        capset = VirglCapsV2.unpack(data[:size])
        assert VirglCapsV2.from_json(capset.to_json()).pack() == data[:size]


def test_what_no_field_covers_survives(history):
    """Bits that the first bset did not name, and padding, come back too."""
    old = VirglCapsV1.variants["before-03e3116a"]
    data = bytes(range(256)) + b"\xff" * 32
    assert old.from_dict(old.unpack(data).to_dict()).pack() == data
    assert old.from_json(old.unpack(data).to_json()).pack() == data


@pytest.mark.parametrize(
    "cls", [cls for capset in CAPSETS.values() for cls in (capset.cls, *capset.cls.variants.values())]
)
def test_dicts_give_back_every_prefix(cls):
    """Found by fuzzing: of 264 bytes of a variant, the last was lost."""
    data = bytes(range(1, 256)) * (cls.size // 255 + 1)
    for size in range(cls.size + 1):
        assert cls.from_dict(cls.unpack(data[:size]).to_dict()).pack() == data[:size]
