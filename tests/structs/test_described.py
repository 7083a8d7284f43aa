"""What help(), signatures and completion tell of structs and fields."""

from __future__ import annotations

import inspect
import pydoc
import re
import rlcompleter

import pytest

import capcodec
from capcodec import (
    Array,
    Batch,
    Column,
    SchemaError,
    Struct,
    UnknownFieldError,
    VirglCapsV2,
    captures,
    classes,
    define,
    min_copy,
    min_copy_many,
)
from capcodec.schema import char, f32, f64, s8, step, struct, u8, u32
from capcodec.structs.field import Field

Sample = define(
    struct(
        "sample",
        u32("plain", "what it is", "GL_SOMETHING", unit="bytes", default=7),
        u8("few:3", "three bits"),
        s8("signed[2]", default=[1, -1]),
        step(8, "abc123", "2020-01-02", "1.0"),
        u32("flags", "switches", flags={0: "A", 9: "B"}),
        f32("single"),
        f64("double"),
        char("text[16]"),
        step(40),
    )
)


def told(thing: object) -> str:
    return pydoc.plain(pydoc.render_doc(thing))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("plain", ["what it is", "Type: u32, bytes 0..4 of sample", "Range: 0..4294967295", "Unit: bytes"]),
        ("plain", ["Default: 7", "Since: 8 (release 1.0, abc123, 2020-01-02)", "Source: GL_SOMETHING"]),
        ("few", ["Type: u8:3, byte 4 bit 0 of sample", "Range: 0..7", "Default: 0"]),
        ("signed", ["Type: s8[2]", "Range: -128..127", "Default: 1, -1"]),
        ("flags", ["Flags: 0 A, 9 B", "Since: 40"]),
        ("single", ["Range: -3.4028235e+38..3.4028235e+38"]),
        ("text", ["Type: char[16]", "Default: b''"]),
    ],
)
def test_help_of_a_field(name, facts):
    for text in (told(getattr(Sample, name)), told(Sample), inspect.getdoc(getattr(Sample, name))):
        assert all(fact in re.sub(r"\n *\|? *", "\n", text) for fact in facts), text


def test_help_of_a_class():
    text = told(VirglCapsV2)
    assert "VirglCapsV2(source=b'', /, **fields)" in text
    assert "Size steps, in bytes: 380, 388," in text
    assert "largest number of samples per pixel" in text
    assert "help(VirglCapsV2.v1)" in VirglCapsV2.__doc__
    assert VirglCapsV2.__doc__.startswith("Capset 2, which grows at its end: ")
    assert "class Field" in told(Field)
    assert "all that is known" in Field.__doc__


def test_every_field_of_every_class_has_help():
    for name in classes.__all__:
        for field in getattr(classes, name).fields.values():
            assert f"Type: {field.spelling}, {field.place}" in re.sub(r"\n *", " ", field.__doc__)


@pytest.mark.parametrize(
    "cls", [*map(classes.__getattr__, classes._LATER), VirglCapsV2, Struct, *VirglCapsV2.variants.values()]
)
def test_signatures_of_classes_and_methods(cls):
    assert str(inspect.signature(cls)) == "(source=b'', /, **fields)"
    for name in ("unpack", "view", "from_dict", "from_json", "zeros", "guest_defaults", "pack", "has_field", "to_dict"):
        assert inspect.signature(getattr(cls, name))
    with pytest.raises(TypeError):
        cls.unpack(source=b"") if cls is not Struct else cls(b"")


def test_signatures_of_functions():
    assert str(inspect.signature(min_copy)) == "(dst, src, *, tail='keep')"
    assert list(inspect.signature(min_copy_many).parameters)[:4] == ["dst", "src", "dst_stride", "src_stride"]
    assert list(inspect.signature(Batch).parameters) == ["cls", "buffer", "stride", "sizes"]
    assert list(inspect.signature(Batch.columns).parameters)[1:] == ["names", "out"]
    for cls in (Array, Column):
        assert str(inspect.signature(cls)) == "()"
        assert f"class {cls.__name__}" in told(cls)
    for name in capcodec.__all__:
        thing = getattr(capcodec, name)
        if inspect.isroutine(thing):
            assert inspect.signature(thing)


def test_what_can_be_completed():
    caps = VirglCapsV2.unpack(captures.load(captures.names(2)[0]))
    complete = rlcompleter.Completer({"caps": caps, "VirglCapsV2": VirglCapsV2}).attr_matches
    assert "caps.max_samples" in complete("caps.max_sa")
    assert "VirglCapsV2.max_samples" in complete("VirglCapsV2.max_sa")
    assert any(name.startswith("caps.bset.has_fp64") for name in complete("caps.bset.has_"))
    keys = caps._ipython_key_completions_()
    assert {"max_samples", "bset.has_fp64", "capability_bits.COPY_IMAGE", "video_caps"} <= set(keys)
    assert all(caps.fields[key] for key in keys)
    assert set(caps.fields) <= set(dir(caps))
    assert {"max_samples", "bset", "unpack", "fields"} <= set(dir(VirglCapsV2))


def test_subclasses_are_refused_in_words():
    with pytest.raises(TypeError, match="VirglCapsV2 is not meant to be subclassed"):
        type("Mine", (VirglCapsV2,), {})
    with pytest.raises(TypeError, match="not meant to be subclassed"):

        class Mine(VirglCapsV2):
            __slots__ = ()

    with pytest.raises(SchemaError, match=r"^Struct is not meant to be subclassed.*capcodec\.define$"):

        class Own(Struct):
            __slots__ = ()


def test_a_bit_of_a_nested_struct_says_where_it_is():
    caps = VirglCapsV2()
    hint = r"^virgl_caps_v2 has no field 'has_fp64'; did you mean 'bset\.has_fp64'\?$"
    for ask in (
        lambda: caps.has_fp64,
        lambda: VirglCapsV2.has_fp64,
        lambda: setattr(caps, "has_fp64", 1),
        lambda: delattr(caps, "has_fp64"),
        lambda: caps["has_fp64"],
        lambda: caps.has_field("has_fp64"),
        lambda: VirglCapsV2(has_fp64=1),
        lambda: VirglCapsV2.from_dict({"has_fp64": 1}),
    ):
        with pytest.raises(AttributeError, match=hint):
            ask()
    with pytest.raises(UnknownFieldError, match="did you mean 'bset.has_fp64'"):
        assert caps.v1.has_fp64
    with pytest.raises(UnknownFieldError, match="did you mean 'capability_bits.COPY_IMAGE'"):
        assert caps.COPY_IMAGE
    assert not hasattr(caps, "has_fp64")
    assert not hasattr(VirglCapsV2, "has_fp64")
    for listed in (dir(caps), dir(VirglCapsV2), vars(VirglCapsV2), told(VirglCapsV2)):
        assert "has_fp64" not in listed


def test_a_hint_takes_no_attribute_away():
    inner = struct("inner", u32("size:3"), u32("own:3"), u32("bit:3"))
    outer = define(struct("outer", inner("nested"), u32("own")))
    made = outer(own=7)
    assert (made.size, made.own) == (8, 7)
    assert made.nested.own == 0
    with pytest.raises(AttributeError, match="did you mean 'nested.bit'"):
        assert made.bit


def test_a_subclass_that_gets_by_has_no_instances():
    """A base before it may take the refusal away. What comes of it is a class, and never an instance."""

    class Around:
        def __init_subclass__(cls):
            pass

    mine = type("Mine", (Around, VirglCapsV2), {})
    for make in (
        mine,
        lambda: mine(b"x"),
        lambda: VirglCapsV2.__new__(mine),
        lambda: object.__new__(mine),
        lambda: mine.zeros(),
        lambda: Batch(mine, b"x", 1),
        lambda: setattr(VirglCapsV2(), "__class__", mine),
    ):
        try:
            made = make()
        except (TypeError, ValueError):
            continue
        assert type(made) is VirglCapsV2
    assert type(mine.unpack(b"x")) is VirglCapsV2
