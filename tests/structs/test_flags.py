"""Flags by name: paths, columns, dicts."""

from __future__ import annotations

import pytest

from capcodec import (
    Batch,
    CapcodecError,
    FieldAbsentError,
    FieldRangeError,
    FieldTypeError,
    UnknownFieldError,
    VirglCapsV2,
    captures,
    define,
    flags,
)
from capcodec.schema import s32, struct, u8, u16, u32, u64

BLOB = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
NAMES = {0: "LOW", 5: "MID", 7: "HIGH"}
inner = struct("inner", u16("word", flags=NAMES), u16("pad"))
Words = define(
    struct(
        "words",
        u8("a", flags=NAMES),
        u8("part:6", flags={5: "TOP", 6: "OUT"}),
        u8(":2"),
        s32("b", flags={**NAMES, 31: "SIGN"}),
        u64("c", flags={**NAMES, 63: "LAST"}),
        inner("parts[2]"),
        u32("array[3]", flags=NAMES),
    )
)


def test_every_flag_of_capset_2():
    caps = VirglCapsV2.unpack(BLOB)
    for word in ("capability_bits", "capability_bits_v2", "prim_mask"):
        for bit, name in VirglCapsV2.fields[word].flags.items():
            path, before = f"{word}.{name}", caps[word]
            assert caps[path] == before >> bit & 1
            for value in (1, 0, True, caps[path]):
                caps[path] = value
                assert caps[word] == before & ~(1 << bit) | int(value) << bit
            assert bytes(caps) == BLOB or caps[word] != before
            caps[word] = before
    assert bytes(caps) == BLOB
    assert caps.capability_bits & flags.VIRGL_CAP_COPY_IMAGE == 8 * caps["capability_bits.COPY_IMAGE"]
    assert (flags.VIRGL_CAP_3D_ASTC, flags.VIRGL_CAP_V2_SSO) == (1 << 24, 1 << 9)


def test_words_of_any_kind():
    words = Words()
    for path, word, value in (
        ("a.HIGH", "a", 128),
        ("part.TOP", "part", 32),
        ("b.SIGN", "b", -(1 << 31)),
        ("c.LAST", "c", 1 << 63),
        ("parts[1].word.MID", "parts[1].word", 32),
        ("array[2].LOW", "array[2]", 1),
    ):
        words[path] = 1
        assert (words[path], words[word]) == (1, value)
        words[path] = 0
        assert not any(bytes(words))
    for path in ("part.OUT", "array.LOW", "a.LOW.LOW", "a.LOW[0]", "a.", "a.low", "a[0].LOW"):
        with pytest.raises(UnknownFieldError):
            _ = words[path]


def test_a_flag_is_absent_with_its_word():
    caps = VirglCapsV2.unpack(BLOB[:393])
    assert not caps.has_field("capability_bits.COPY_IMAGE")
    with pytest.raises(FieldAbsentError, match=r"capability_bits\.COPY_IMAGE .* is absent: 393 bytes arrived"):
        _ = caps["capability_bits.COPY_IMAGE"]
    field = VirglCapsV2.fields["capability_bits.COPY_IMAGE"]
    assert (field.bits, field.shift, field.end, field.since.release) == (1, 3, 396, "0.7.0")
    assert VirglCapsV2.fields["prim_mask.QUADS"].since.size == 380


def test_columns():
    caps = VirglCapsV2.unpack(BLOB)
    caps["capability_bits.COPY_IMAGE"] = 0
    batch = Batch(VirglCapsV2, BLOB + bytes(caps), VirglCapsV2.size)
    assert batch.column("capability_bits.COPY_IMAGE").tolist() == [1, 0]
    assert batch.columns(["prim_mask.POINTS"])["prim_mask.POINTS"].tolist() == [1, 1]
    words = Batch(
        Words, bytes(Words(array=[1, 0, 33], parts=[{"word": 32, "pad": 0}, {"word": 0, "pad": 0}])), Words.size
    )
    assert words.column("array.LOW").tolist() == [[1, 0, 1]]
    assert words.column("parts.word.MID").tolist() == [[1, 0]]


def test_dicts():
    given = VirglCapsV2.unpack(BLOB).to_dict()
    caps = VirglCapsV2.from_dict(
        {**given, "capability_bits.COPY_IMAGE": 0, "v1": {**given["v1"], "prim_mask.QUADS": 0}}
    )
    assert caps.capability_bits == given["capability_bits"] & ~8
    assert caps.prim_mask == given["v1"]["prim_mask"] & ~(1 << 7)
    assert VirglCapsV2.from_dict({**given, "capability_bits.COPY_IMAGE": True}).pack() == BLOB
    whole = VirglCapsV2.unpack(BLOB.ljust(VirglCapsV2.size, b"\1")).to_dict()
    longer = VirglCapsV2.from_dict({**whole, "capability_bits.COPY_IMAGE": True, "_tail": b"xy"})
    assert (longer.valid_size, longer.tail, longer.capability_bits & 8) == (VirglCapsV2.size, b"xy", 8)
    del given["capability_bits"]
    assert VirglCapsV2.from_dict({**given, "capability_bits.COPY_IMAGE": 1}).capability_bits == 8
    cut = VirglCapsV2.unpack(BLOB[:400]).to_dict()
    assert VirglCapsV2.from_dict({**cut, "capability_bits.COPY_IMAGE": 0}).valid_size == 400
    odd = VirglCapsV2.unpack(BLOB[:398]).to_dict()
    assert VirglCapsV2.from_dict({**odd, "capability_bits.COPY_IMAGE": 1}).pack() == BLOB[:398]
    parts = [{"word.MID": 1, "pad": 0}, {"word": 1, "pad": 0}]
    assert Words.from_dict({**Words().to_dict(), "parts": parts}).parts[0].word == 32


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"capability_bits.COPY_IMAGE": 2}, FieldRangeError),
        ({"capability_bits.COPY_IMAGE": "1"}, FieldTypeError),
        ({"capability_bits": "8", "capability_bits.COPY_IMAGE": 1}, FieldTypeError),
        ({"capability_bits.COPY_IMAG": 1}, UnknownFieldError),
        ({"capability_bits.COPY_IMAGE": 1, "nothing": 1}, UnknownFieldError),
        ({"capability_bits.COPY_IMAGE": 1, 7: 1}, UnknownFieldError),
        ({"video_caps.COPY_IMAGE": 1}, UnknownFieldError),
        ({".": 1}, UnknownFieldError),
    ],
)
def test_dicts_that_are_refused(more, error):
    with pytest.raises(error):
        VirglCapsV2.from_dict({**VirglCapsV2.unpack(BLOB).to_dict(), **more})
    with pytest.raises(CapcodecError):
        VirglCapsV2.from_dict({"capability_bits.COPY_IMAGE": 1})


def test_a_dict_that_changes_while_it_is_read():
    class Bit:
        def __index__(self):
            given.clear()
            return 1

    given = {**VirglCapsV2.unpack(BLOB).to_dict(), "capability_bits.COPY_IMAGE": Bit()}
    assert VirglCapsV2.from_dict(given).pack() == BLOB


HINTS = {
    "has_fp64": "did you mean 'bset.has_fp64'?",
    "COPY_IMAGE": "did you mean 'capability_bits.COPY_IMAGE'?",
    "capability_bits.COPY_IMAG": "did you mean 'capability_bits.COPY_IMAGE'?",
    "prim_mask.XYZ": "its flags are POINTS, LINES,",
    "max_sample": "did you mean 'max_samples'?",
}


@pytest.mark.parametrize(("name", "hint"), HINTS.items(), ids=HINTS)
def test_hints(name, hint):
    """Wherever a name is taken: a path, a column, a keyword, a key."""
    caps = VirglCapsV2()
    uses = [
        lambda: caps[name],
        lambda: caps.__setitem__(name, 1),
        lambda: caps.has_field(name),
        lambda: VirglCapsV2.fields[name],
        lambda: Batch(VirglCapsV2, bytes(caps), caps.size).column(name),
        lambda: Batch(VirglCapsV2, bytes(caps), caps.size).columns([name]),
        lambda: VirglCapsV2(**{name: 1}),
        lambda: VirglCapsV2.from_dict({name: 1}),
    ]
    for use in uses:
        with pytest.raises(UnknownFieldError) as caught:
            use()
        assert hint in str(caught.value)


def test_a_hint_takes_no_long_time():
    """A struct with more paths than anybody can count."""
    made = struct("level0", u32("x"), u32("word", flags=NAMES))
    for level in range(1, 50):
        made = struct(f"level{level}", *([made("left"), made("right")] if level < 20 else [made("only")]))
    with pytest.raises(UnknownFieldError, match="has no field 'nothing'"):
        _ = define(made).fields["nothing"]
