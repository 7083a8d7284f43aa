"""The JSON text: golden files, floats of every kind, and that a diff shows what changed."""

from __future__ import annotations

import contextlib
import difflib
import json
import math
import random
import time
import tracemalloc
from struct import pack, unpack

import pytest
from hypothesis import given
from hypothesis import strategies as st

import golden
from capcodec import CapcodecError, TextError, VirglCapsV1, VirglCapsV2, VirglVideoCaps, captures, define, schema
from capcodec.registry import CAPSETS
from capcodec.schema import char, f32, f64, s8, s64, struct, u8, u16, u32, u64
from capcodec.structs.json_text import MAX_UNCHECKED
from liars import Str
from recorded import DATA

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["max_version", "sampler", "bitmask", "y"]), inner),
    max_leaves=20,
)
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


EVERYTHING = define(
    struct(
        "everything",
        *(u8("a"), u64("bits:37"), s64("more:20"), f32("e[2]"), f64("g"), char("name[5]"), char("names[2][3]")),
        *(struct("in", u16("x"), s8("y[2][2]"), u8("z:3"))("parts[3]"), struct("on", u32("o"))("alone")),
        *(s8("small"), s64("large"), u32("cube[2][1][2]"), f32("last")),
    )
)
CLASSES = [
    EVERYTHING,
    VirglVideoCaps,
    *(capset.cls for capset in CAPSETS.values()),
    *VirglCapsV2.variants.values(),
]


@pytest.mark.parametrize("name", [*captures.names(1), *captures.names(2)])
def test_a_capture_is_written_as_python_would(name):
    cls, data = {"1": VirglCapsV1, "2": VirglCapsV2}[name[-5]], captures.load(name)
    for size in {*cls.size_steps, *range(0, len(data), 97), len(data)}:
        caps = cls.unpack(data[:size])
        assert caps.to_json() == golden.dumps(caps)
        assert cls.from_json(caps.to_json()) == caps


@given(st.sampled_from(CLASSES), st.data())
def test_any_bytes_are_written_as_python_would(cls, choose):
    caps = cls.unpack(choose.draw(st.binary(max_size=cls.size + 9)))
    assert caps.to_json() == golden.dumps(caps)
    assert golden.loads(cls, caps.to_json()) == caps


PARTS = (
    *(
        "0",
        "-1",
        "18446744073709551616",
        "1e3",
        "0.1",
        "-0",
        "-0.0",
        "1E400",
        "true",
        "false",
        "null",
        "NaN",
        "[]",
        "{}",
    ),
    *(
        '"a"',
        '"\\u00e9"',
        '"\\ud800"',
        '"inf"',
        '"nan:0x7fc00001"',
        '"_tail": "00"',
        '"_valid_size": 40',
        "\u20ac",
        "\xff",
    ),
    *'[]{}:," \n\\',
)


@given(st.sampled_from(CLASSES), st.data())
def test_changed_text_is_read_as_python_would(cls, choose):
    """To the same instance, or neither reads it."""
    text = cls.unpack(choose.draw(st.binary(max_size=cls.size))).to_json()
    start = choose.draw(st.integers(0, len(text)))
    stop = choose.draw(st.integers(start, min(len(text), start + 20)))
    check_as_python(cls, text[:start] + choose.draw(st.sampled_from(PARTS)) + text[stop:])


@given(st.sampled_from(CLASSES), st.data())
def test_changed_values_are_read_as_python_would(cls, choose):
    """Keys in another order, missing or misspelt, and values of other types."""
    given = json.loads(cls.unpack(choose.draw(st.binary(min_size=cls.size // 2, max_size=cls.size))).to_json())
    node = given
    while node and choose.draw(st.booleans()):
        key = choose.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        if isinstance(node[key], (dict, list)):
            node = node[key]
        else:
            node[key] = choose.draw(JSON)
    if isinstance(node, dict) and node:
        items = choose.draw(st.permutations(list(node.items())))
        node.clear()
        node.update(items[choose.draw(st.integers(0, 1)) :])
    check_as_python(cls, json.dumps(given, ensure_ascii=choose.draw(st.booleans())))


def check_as_python(cls, text: str) -> None:
    expected = found = None
    with contextlib.suppress(CapcodecError, ValueError, TypeError, RecursionError):
        expected = golden.loads(cls, text)
    with contextlib.suppress(CapcodecError):
        found = cls.from_json(text)
    assert found == expected


def bits_of(capset) -> int:
    return int.from_bytes(capset.pack()[760:764], "little")


def with_bits(bits: int):
    capset = VirglCapsV2.zeros()
    memoryview(capset)[760:764] = pack("<I", bits)
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
    expected = unpack("<f", pack("<I", bits))[0]
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


@pytest.mark.parametrize(
    "bits", [0, 1 << 63, 1, 0x7FF << 52, 0xFFF << 52, (0x7FF << 52) + 1, (1 << 64) - 1, 0x3FB999999999999A]
)
def test_every_double_survives(bits):
    cls = define(struct("doubles", f64("one"), f64("many[2]"), u16("rest")))
    caps = cls.unpack(pack("<3QH", bits, bits, 0, 7))
    assert cls.from_dict(caps.to_dict()) == caps
    assert cls.from_json(caps.to_json()) == caps
    if bits == 0x3FB999999999999A:
        assert '"one": 0.1,\n "many": [0.1, 0.0],\n "rest": 7' in caps.to_json()


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


def test_a_variant_of_any_name():
    for variant in ("x", '"\\ \x7f', "gr\xfc\xdf", "\u20ac \U0001f600"):
        named = struct("named", u8("x"))
        schema.variant(named, variant, "another", u8("y"))
        cls = define(named).variants[variant]
        assert cls.zeros().to_json() == golden.dumps(cls.zeros())
        assert cls.from_json(cls.zeros().to_json()) == cls.zeros()


def seconds(read) -> float:
    start = time.process_time()
    read()
    return time.process_time() - start


def peak(read) -> int:
    """Bytes that reading takes at most."""
    tracemalloc.start()
    try:
        read()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


BOMBS = {
    "one key again and again": '{"v1": {}' + ', "v1": {}' * 400_000 + "}",
    "keys of all kinds": "{" + ", ".join(f'"key{i}": {i}' for i in range(300_000)) + "}",
    "long lists": '{"v1": {"max_version": [' + "0, " * 1_000_000 + "0]}}",
    "deep lists": "[" * 5_000_000,
    "deep lists in a field": '{"v1": {"max_version": ' + "[" * 900 + "]" * 900 + "}}",
    "deep lists in a list": '{"sample_locations": ' + "[" * 30_000 + "]" * 30_000 + "}",
    "deep dicts": '{"v1":' * 500_000,
    "a long number": '{"v1": {"max_version": ' + "9" * 3_000_000 + "}}",
    "a number of 4000 digits": '{"v1": {"max_version": ' + "9" * 4000 + "}}",
    "a long key": '{"' + "k" * 5_000_000 + '": 1}',
    "a long string": '{"renderer": "' + "r" * 5_000_000 + '"}',
    "a long name": '{"_struct": "' + "s" * 5_000_000 + '"}',
    "a long float": '{"max_anisotropy": "nan:0x' + "f" * 5_000_000 + '"}',
    "spaces": " " * 5_000_000,
    "a dot": '{"v1": {"max_version": 1.' + "0" * 3_000_000 + "}}",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_bombs(text):
    """What is no capset is refused in few words, in time and memory that the text's length bounds."""

    def read():
        with pytest.raises(CapcodecError) as caught:
            VirglCapsV2.from_json(text)
        assert len(str(caught.value)) < 400

    assert seconds(read) < 1
    assert peak(read) < 3 * len(text) + 3_000_000


def test_time_of_doubled_keys_grows_in_a_straight_line():
    def text(count: int) -> str:
        return "{" + ", ".join(f'"a{i}": 0' for i in range(count)) + ', "a1": 0}'

    wide = define(struct("wide", *(u8(f"a{i}") for i in range(20_000))))

    def read(count: int) -> None:
        with pytest.raises(TextError, match="'a1' stands twice in one object"):
            wide.from_json(text(count))

    assert min(seconds(lambda: read(20_000)) for _ in range(3)) < 40 * min(
        seconds(lambda: read(2000)) for _ in range(3)
    )


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" + "0" * 400 + ".0"])
def test_numbers_that_are_too_large_do_not_become_infinite(number):
    with pytest.raises(
        TextError, match="virgl_caps_v2.max_anisotropy .* expected a finite number, or a string such as"
    ):
        VirglCapsV2.from_json(
            VirglCapsV2.zeros().to_json().replace('"max_anisotropy": 0.0', f'"max_anisotropy": {number}')
        )


@pytest.mark.parametrize("source", [None, 5, [], object()], ids=lambda value: type(value).__name__)
def test_what_is_no_text(source):
    with pytest.raises(TextError, match="virgl_caps_v2: expected text, got"):
        VirglCapsV2.from_json(source)


def test_text_in_any_buffer(newest):
    caps = VirglCapsV2.unpack(newest)
    text = caps.to_json()
    for source in (
        text.encode(),
        bytearray(text.encode()),
        memoryview(text.encode()),
        text.encode("utf-16"),
        Str(text),
    ):
        assert VirglCapsV2.from_json(source) == caps
    released = memoryview(b"{}")
    released.release()
    with pytest.raises(TextError, match="expected text, got memoryview"):
        VirglCapsV2.from_json(released)


def test_text_of_a_struct_that_has_many_values():
    """However many, and with every character that could be taken for structure: not refused for their number."""
    cls = define(
        struct("many", u8("a[5000][3]"), char("text[70000]"), char("names[50][20]"), struct("in", u8("b[2]"))("s[900]"))
    )
    caps = cls.unpack(random.Random(1).randbytes(cls.size) + bytes(100_000))
    caps.text = b"[{," * 23_000
    assert len(caps.to_json()) > MAX_UNCHECKED
    assert cls.from_json(caps.to_json()) == caps


def test_nested_structs_that_double_at_each_level():
    """2**30 bytes of struct, and nothing counts them one by one."""
    made = struct("leaf", u8("x"))
    for level in range(30):
        made = struct(f"level{level}", made("left"), made("right"))
    with pytest.raises(TextError, match="stands twice"):
        define(made).from_json('{"left": {}, "left": {}' + ', "a": 1' * 20_000 + "}")


def test_a_line_for_a_person():
    caps = VirglCapsV2.zeros()
    assert repr(caps) == f"<VirglCapsV2: {VirglCapsV2.size} of {VirglCapsV2.size} bytes>"
    assert repr(VirglCapsV2.unpack(bytes(380))) == f"<VirglCapsV2: 380 of {VirglCapsV2.size} bytes>"
    assert repr(VirglCapsV1.unpack(bytes(310))) == "<VirglCapsV1: 308 of 308 bytes and a tail of 2>"
    caps.max_version, caps.renderer = 2, b"llvmpipe"
    assert "renderer=b'llvmpipe'" in repr(caps)
    assert "max_version=2" in repr(caps)
    long = define(struct("long", char("text[1000000]"), *(u8(f"x{i}") for i in range(100)))).unpack(b"y" * 1_000_100)
    assert 60 < len(repr(long)) < 400
    assert repr(long).endswith(", ...>")


@given(
    st.dictionaries(st.sampled_from([*VirglCapsV2.fields, "_tail", "_partial", "_valid_size", "_struct", "x"]), JSON)
)
def test_any_json(value):
    """A capset that says the same again, or an error of ours."""
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        with contextlib.suppress(CapcodecError):
            caps = VirglCapsV2.from_json(text)
            assert VirglCapsV2.from_json(caps.to_json()) == caps


@given(st.binary(max_size=1500), st.data())
def test_damaged_text(data, choose):
    """Text of a real instance with a part of it replaced, cut or doubled."""
    text = VirglCapsV2.unpack(data).to_json()
    start = choose.draw(st.integers(0, len(text)))
    stop = choose.draw(st.integers(start, min(len(text), start + 40)))
    other = choose.draw(
        st.text(max_size=8) | st.just(text[start:stop] * 2) | st.sampled_from(["NaN", "[", "1e999", '"'])
    )
    with contextlib.suppress(CapcodecError):
        assert VirglCapsV2.from_json(text[:start] + other + text[stop:]).to_json()
