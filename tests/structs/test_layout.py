"""Layouts: paths, folded names, unions, limits of what can be declared."""

from __future__ import annotations

import math
import struct as native
import time

import pytest

from capcodec import Batch, SchemaError, SizeStepError, UnknownFieldError, VirglCapsV1, VirglCapsV2, define
from capcodec.schema import Schema, char, f32, f64, since, step, struct, u8, u16, u32, u64, union
from capcodec.structs.layout import MAX_DEPTH, layout_of
from liars import Int, Str

my_inner = struct("my_inner", u32("x"), u16("y[2]"))

REFUSED = [
    (lambda: struct("s", f32("x:3")), "s.x: a bitfield has an integer type, not f32"),
    (lambda: struct("s", char("x:3")), "s.x: a bitfield has an integer type, not char"),
    (lambda: struct("s", u32("x"), my_inner("i", fold=True)), "s.i.x hides a field of that name when folded"),
    (lambda: struct("s", my_inner("i[2]", fold=True)), "s.i: only a single struct can be folded"),
    (lambda: struct("s"), "s has no members"),
    (lambda: struct("s", u32("x[2][2][2][2]")), "s.x: more than 3 dimensions"),
    (lambda: struct("s", u32("x[3]", default=(1, 2))), "s.x: 2 defaults for (3,) elements"),
    (lambda: struct("s", u32("x", default=-1)), "s.x: -1 is no default of a u32"),
    (lambda: struct("s", u32("x:3", default=8)), "s.x: 8 is no default of a u32:3"),
    (lambda: struct("s", u8("x[2]", default=(1, 256))), "s.x: (1, 256) is no default of a u8[2]"),
    (lambda: struct("s", f32("x", default="a")), "s.x: 'a' is no default of a f32"),
    (lambda: struct("s", f32("x", default=3.4028235677973366e38)), "s.x: 3.4028235677973366e+38 is no default of a f32"),
    (lambda: struct("s", f32("x[2]", default=(0, -1e39))), "s.x: (0, -1e+39) is no default of a f32[2]"),
    (lambda: struct("s", f64("x", default=1 << 1024)), "is no default of a f64"),
    (lambda: struct("s", char("x[2]", default=b"abc")), "s.x: b'abc' is no default of a char[2]"),
]  # fmt: skip


@pytest.mark.parametrize(("declare", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_refused(declare, words):
    with pytest.raises(SchemaError) as caught:
        define(declare())
    assert words in str(caught.value)


@pytest.mark.parametrize("value", [3.4028235677973362e38, -3.4e38, math.inf, -math.inf, math.nan, 1 << 127])
def test_defaults_of_floats(value):
    """Up to what is still rounded to the largest."""
    found = define(struct("s", f32("x", default=value))).guest_defaults().pack()
    assert found == native.pack("<f", value)


def test_folded_names_and_paths_into_arrays():
    outer = define(struct("outer", my_inner("inner[2]"), my_inner("single", fold=True)))
    made = outer.unpack(bytes(range(24)))
    assert made["inner[1].y[1]"] == made.inner[1].y[1] == int.from_bytes(bytes([14, 15]), "little")
    assert made.x == made.single.x == made["single.x"] == int.from_bytes(bytes([16, 17, 18, 19]), "little")


def test_a_name_folded_into_a_nested_struct():
    holder = struct("holder", u32("z"), my_inner("inner", fold=True))
    cls = define(struct("outer", holder("named"), holder("array[2]")))
    data = bytes(range(cls.size))
    made = cls.unpack(data)
    assert made["named.x"] == made.named.x == made["named.inner.x"] == int.from_bytes(data[4:8], "little")
    assert made["array[1].y[1]"] == made.array[1].y[1]
    assert Batch(cls, data, cls.size).column("array.x").tolist() == [[element.x for element in made.array]]
    with pytest.raises(UnknownFieldError, match=r"outer has no field 'named\.inner\.z'"):
        made["named.inner.z"]


grown = union("grown", u32("a"), step(4, "1"), u64("b"), step(8, "2"))


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: struct("s", grown("g"), u32("x")), "s.g: grown still grows, and would push what follows it"),
        (lambda: struct("s", grown("g[2]")), "s.g: grown still grows"),
        (lambda: struct("s", grown("g"), step(8)), "s.g: grown still grows"),
        (lambda: union("u", grown("g")), "u.g: grown still grows"),
        (lambda: union("u", u32("a"), step(8)), "a step of 8 bytes does not fall on the end of a field; with a .* 4"),
        (lambda: union("u", u64("a"), step(4), u32("b"), since("1")), "u has 8 bytes, but its last step is 4"),
        (lambda: union("u", u32("a:1")), "u.a: the offset of a bitfield cannot be chosen"),
        (lambda: struct("s", grown("g", select=("k", {1: "a"}))), "s.g: no unsigned field 'k' before it"),
        (
            lambda: struct("s", u32("k"), grown("g", select=("k", {1: "c"}))),
            "s.g: k 1 selects 'c', which grown has not",
        ),
        (lambda: struct("s", u32("k"), grown("g[2]", select=("k", {1: "a"}))), "s.g: only a single union has members"),
    ],
)
def test_unions_that_are_refused(declare, message):
    with pytest.raises(SchemaError, match=message):
        define(declare())


def test_a_struct_grows_with_its_last_member():
    cls = define(struct("s", u64("k"), step(8), grown("g", select=("k", {1: "a", 2: "b"}))))
    assert cls.size_steps == (8, 12, 16)
    assert [cls.fields[path].since.size for path in ("k", "g", "g.a", "g.b")] == [8, 12, 12, 16]
    assert cls.unpack(b"\1" + bytes(15)).to_dict() == {"k": 1, "g": {"a": 0}}
    assert cls.unpack(b"\2" + bytes(11)).to_dict() == {"k": 2, "_valid_size": 12, "_partial": bytes(4)}


def test_older_sizes():
    layout = VirglCapsV2.layout
    assert layout.step() == layout.step(None) == VirglCapsV2.size
    assert [layout.step(step.size) for step in layout.steps] == list(VirglCapsV2.size_steps)
    assert type(layout.step(True + 379)) is int
    for wrong in (0, -1, 381, 380.5, "380", 10**5000, object()):
        with pytest.raises(SizeStepError, match="virgl_caps_v2 never had .* bytes; its size steps are 380, 388, 392"):
            layout.step(wrong)


def test_sizes_that_lie():
    """A number that equals everything, and is below and above it, is the number that it is."""
    assert type(VirglCapsV2.layout.step(Int(380))) is int
    assert VirglCapsV2.zeros(Int(380)).valid_size == 380
    with pytest.raises(SizeStepError):
        VirglCapsV2.zeros(Int(381))
    with pytest.raises(SizeStepError):
        VirglCapsV2.guest_defaults(Int(1 << 62))


def test_paths():
    fields = VirglCapsV2.fields
    assert fields["max_samples"].path == fields["v1.max_samples"].path == "v1.max_samples"
    assert fields["sampler.bitmask[3]"].path == "v1.sampler.bitmask[3]"
    assert fields["sampler.bitmask[3]"].offset == 4 + 12
    assert "video_caps[31].max_width" in fields
    assert "video_caps[32].max_width" not in fields
    assert len(fields) == len(list(fields))
    assert repr(define(my_inner).fields) == "<fields of my_inner: x, y>"


@pytest.mark.parametrize(
    "path",
    ["", ".", "v1.", ".v1", "v1..sampler", "video_caps[-1]", "video_caps[ 1]", "video_caps[01]", "video_caps[+1]",
     "video_caps[1", "video_caps1]", "video_caps[1]]", "video_caps[٣]", "max_samples[0]", "max_samples.x", "video_caps.x",
     "sampler.bitmask[16]", "sampler.bitmask[1][1]", "v1.v1", "v1.sampler.bitmask[" + "9" * 6000 + "]", "a" * 10**6,
     "." * 10**5, "[0]" * 10**5, "video_caps" + "[0]" * 10**5, None, 3, 2.5, b"max_samples", ["max_samples"], {}],
    ids=lambda path: repr(path)[:20],
)  # fmt: skip
def test_paths_that_lead_nowhere(path):
    """They are refused at once, in few words."""
    start = time.process_time()
    for use in (VirglCapsV2.fields.__getitem__, VirglCapsV2.zeros().__getitem__, VirglCapsV2.zeros().has_field):
        with pytest.raises(UnknownFieldError, match="virgl_caps_v2 has no ") as caught:
            use(path)
        assert len(str(caught.value)) < 250
    assert time.process_time() - start < 1


def test_names_that_lie():
    """They are taken for what they are, and no later look-up finds them in a cache."""
    assert VirglCapsV2.fields[Str("prim_mask")].path == "v1.prim_mask"
    with pytest.raises(UnknownFieldError):
        VirglCapsV2.fields[Str("nothing")]
    caps = VirglCapsV2.zeros()
    cuckoo = type("Cuckoo", (Str,), {"__hash__": lambda self: hash("prim_mask")})("v1.max_samples")
    caps[cuckoo] = 3
    assert (caps["prim_mask"], caps[Str("v1.max_samples")], caps["v1.max_samples"]) == (0, 3, 3)
    assert caps.has_field(cuckoo)


def test_a_misspelt_name_gets_a_hint():
    with pytest.raises(UnknownFieldError, match="has no field 'max_sample'; did you mean 'max_samples'"):
        VirglCapsV2.fields["max_sample"]
    with pytest.raises(UnknownFieldError, match=r"has no 'video_caps\[32\]': video_caps has 32 elements"):
        VirglCapsV2.fields["video_caps[32]"]


def test_one_layout_for_as_long_as_it_is_kept():
    layout = layout_of(my_inner)
    assert layout_of(my_inner) is layout
    assert define(my_inner).layout is layout
    assert VirglCapsV1.layout is VirglCapsV2.fields["v1"].layout


def nested(depth: int) -> Schema:
    made = struct("s0", u32("x"))
    for i in range(1, depth):
        made = struct(f"s{i}", made("inner"))
    return made


def test_depth():
    cls = define(nested(MAX_DEPTH))
    path = ".".join(["inner"] * (MAX_DEPTH - 1) + ["x"])
    caps = cls.unpack(b"\1\0\0\0")
    assert caps[path] == 1
    assert cls.from_dict(caps.to_dict()) == caps == cls.from_json(caps.to_json())
    assert [field.path for field in cls.layout.leaves()] == [path]
    for depth in (MAX_DEPTH + 1, 20_000):
        with pytest.raises(SchemaError, match=f"s{depth - 1}: more than {MAX_DEPTH} structs within one another"):
            define(nested(depth))
    made = struct("s0", u32("x"))
    for i in range(1, MAX_DEPTH):
        made = struct(f"s{i}", made("inner"))
        define(made)  # from the inside out, each on its own
    with pytest.raises(SchemaError, match="outer: more than"):
        define(struct("outer", made("inner")))


def test_a_struct_cannot_contain_itself():
    schema = struct("snake", u32("x"))
    schema.members = (*schema.members, schema("tail"))
    with pytest.raises(SchemaError, match="snake contains itself"):
        define(schema)


def test_time_grows_in_a_straight_line():
    """Members, unions that a field selects, and folded structs: were it squared, 16 times as many took 256 times."""

    def declare(count: int) -> Schema:
        either = union("either", u32("p"), f32("q"))
        inner = struct("inner", *(u8(f"f{i}") for i in range(count)))
        members = [
            part
            for i in range(count)
            for part in (u32(f"m{i}:3"), u16(f"k{i}"), either(f"u{i}", select=(f"k{i}", {1: "p"})))
        ]
        return struct("wide", *members, inner("inner", fold=True))

    def seconds(count: int) -> float:
        best = []
        for _ in range(3):
            start = time.process_time()
            define(declare(count))
            best.append(time.process_time() - start)
        return min(best)

    assert seconds(6400) < 64 * seconds(400)


@pytest.mark.parametrize("name", ["_tail", "_partial", "_valid_size", "_struct", "_pad_4_0"])
def test_names_that_dicts_use(name):
    with pytest.raises(SchemaError, match=f"s.{name}: dicts use this name for what is no field"):
        define(struct("s", u32("x"), u32(name)))


def test_dimensions_that_are_too_large():
    for declared in ("x[4294967296]", "x[65536][65536]", f"x[{10**30}]", f"x[{'9' * 4000}]"):
        with pytest.raises(SchemaError, match="ends beyond 2147483647 bytes"):
            define(struct("s", u8(declared)))
