"""The JSON text: golden files, floats of every kind, and that a diff shows what changed."""

from __future__ import annotations

import difflib
import json
import math
import random
import struct

import pytest

from capcodec import VirglCapsV2, VirglVideoCaps, captures
from recorded import DATA

GOLDEN = "virglrenderer-0.10.4-softpipe-gles.capset2"


def test_golden_file():
    """Text made once must be made, and read, the same for ever."""
    golden = (DATA / f"{GOLDEN}.json").read_text()
    data = captures.load(f"{GOLDEN}.bin")
    assert VirglCapsV2.unpack(data).to_json() == golden
    assert VirglCapsV2.from_json(golden).pack() == data
    assert VirglCapsV2.from_json(golden.encode()).pack() == data


def test_order_is_the_headers(newest):
    def keys(value, path=""):
        for key, part in value.items() if isinstance(value, dict) else ():
            yield path + key
            yield from keys(part, f"{path}{key}.")

    order = [key for key in keys(json.loads(VirglCapsV2.unpack(newest).to_json())) if not key.startswith("_")]
    offsets = [VirglCapsV2.fields[key].offset * 8 + VirglCapsV2.fields[key].shift for key in order]
    assert offsets == sorted(offsets)


def test_one_change_is_one_line_in_a_diff(newest):
    for path, value in {
        "max_samples": 7,
        "v1.bset.ubo": 1,
        "sample_locations[3]": 5,
        "video_caps[30].max_width": 5,
        "renderer": b"else",
        "max_anisotropy": 2.5,
    }.items():
        changed = VirglCapsV2.unpack(newest)
        changed[path] = value
        old, new = VirglCapsV2.unpack(newest).to_json().splitlines(), changed.to_json().splitlines()
        lines = [line for line in difflib.ndiff(old, new) if line[0] in "+-"]
        assert len(lines) == 2, lines


def bits_of(capset) -> int:
    return int.from_bytes(capset.pack()[760:764], "little")


def with_bits(bits: int):
    capset = VirglCapsV2.zeros()
    memoryview(capset)[760:764] = struct.pack("<I", bits)
    return capset


SPECIAL = [0, 1 << 31, 1, 0x7FFFFF, 0x800000, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0xFFFFFFFF]


@pytest.mark.parametrize("bits", [*SPECIAL, *(random.Random(3).getrandbits(32) for _ in range(500))])
def test_every_float_survives(bits):
    """As an attribute, in a dict and in text: signed zeros, subnormals, NaN payloads, signalling NaNs."""
    capset, copied = with_bits(bits), VirglCapsV2.zeros()
    copied.max_anisotropy = capset.max_anisotropy
    assert bits_of(copied) == bits
    assert bits_of(VirglCapsV2.from_dict(capset.to_dict())) == bits
    assert bits_of(VirglCapsV2.from_json(capset.to_json())) == bits
    expected = struct.unpack("<f", struct.pack("<I", bits))[0]
    assert capset.max_anisotropy == expected or math.isnan(expected)


def test_floats_are_short():
    capset = VirglCapsV2.zeros()
    for value, text in (
        (0.1, "0.1"),
        (255.0, "255.0"),
        (1 / 3, "0.33333334"),
        (math.inf, '"inf"'),
        (-math.inf, '"-inf"'),
    ):
        capset.max_anisotropy = value
        assert f'"max_anisotropy": {text},' in capset.to_json()
    assert '"max_anisotropy": "nan:0x7f800001",' in with_bits(0x7F800001).to_json()


def test_strings_hold_any_byte(newest):
    capset = VirglCapsV2.unpack(newest)
    for renderer in (bytes(range(1, 65)), bytes(range(192, 256)), b"\0\0x", b'"\\\n', b"\xff" * 64, b""):
        capset.renderer = renderer
        assert capset.renderer == renderer
        assert VirglCapsV2.from_json(capset.to_json()) == capset
        assert capset.to_json().isascii()


def test_unterminated_and_dirty_renderer(newest):
    """No NUL at all, and rubbish behind the first one: both come back as they were."""
    for content in (b"x" * 64, b"short\0rubbish" + bytes(51), b"end is not zero\0" + bytes(47) + b"!"):
        data = newest[:696] + content + newest[760:]
        capset = VirglCapsV2.unpack(data)
        assert capset.renderer == content.rstrip(b"\0")
        assert VirglCapsV2.from_dict(capset.to_dict()).pack() == data
        assert VirglCapsV2.from_json(capset.to_json()).pack() == data


def test_text_of_a_part(newest):
    part = VirglCapsV2.unpack(newest).video_caps[0]
    assert VirglVideoCaps.from_json(part.to_json()) == part


def test_text_names_its_layout(newest):
    variant = VirglCapsV2.variants["0.9.0"]
    text = variant.unpack(newest[:696]).to_json()
    assert json.loads(text)["_struct"] == "virgl_caps_v2 0.9.0"
    assert variant.from_json(text).pack() == newest[:696]
