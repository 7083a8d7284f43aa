"""What a field says of itself, and fields of elements and nested structs."""

from __future__ import annotations

import pytest

from capcodec import VirglCapsV2, capset_for, define
from capcodec.schema import char, f64, s16, since, step, struct, u8, u16, u32
from capcodec.structs.field import Since

pair = struct("pair", u16("a", "the first", "a register", unit="bytes", default=7), u8("b[3]", default=(1, 2, 3)))
outer = define(
    struct(
        "outer",
        u32("word", "a word", "a query", meaning="virgl_format", flags={0: "OLD"}, flag_marks={0: since("c1")}),
        pair("pairs[2][2]", "four of them", "somewhere"),
        char("name[8]", default=b"none"),
        char("names[2][4]"),
        f64("ratio[2]"),
        s16("level:5"),
        s16("rest:11", default=-3),
    )
)


def test_what_was_declared():
    word = outer.fields["word"]
    assert (word.name, word.type, word.doc, word.source, word.meaning) == (
        "word",
        "u32",
        "a word",
        "a query",
        "virgl_format",
    )
    assert word.flags == {0: "OLD"}
    assert word.flag_marks[0].commit == "c1"
    inner = outer.fields["pairs[1][0].a"]
    assert (inner.unit, inner.source, inner.doc) == ("bytes", "a register", "the first")
    assert outer.fields["pairs"].source == "somewhere"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("word", "outer.word (u32 at bytes 0..4)"),
        ("pairs", "outer.pairs (pair[2][2] at bytes 4..28)"),
        ("pairs[1]", "outer.pairs[1] (pair[2] at bytes 16..28)"),
        ("pairs[1][0]", "outer.pairs[1][0] (pair at bytes 16..22)"),
        ("pairs[1][0].b[2]", "outer.pairs[1][0].b[2] (u8 at byte 20)"),
        ("names[1]", "outer.names[1] (char[4] at bytes 40..44)"),
        ("ratio[1]", "outer.ratio[1] (f64 at bytes 56..64)"),
        ("level", "outer.level (s16:5 at byte 64 bit 0)"),
        ("rest", "outer.rest (s16:11 at byte 64 bit 5)"),
    ],
)
def test_where_it_lies(path, text):
    field = outer.fields[path]
    assert str(field) == text
    assert repr(field) == f"<Field {text}>"
    assert field.path == path
    assert field.end == field.offset + field.size


def test_defaults_have_the_shape_of_the_field():
    found = {
        path: outer.fields[path].default
        for path in (
            "word",
            "pairs",
            "name",
            "names",
            "ratio",
            "rest",
            "pairs[0][1].a",
            "pairs[0][1].b",
            "pairs[1][1].b[2]",
        )
    }
    assert found == {
        "word": 0,
        "pairs": None,
        "name": b"none",
        "names": (b"", b""),
        "ratio": (0.0, 0.0),
        "rest": -3,
        "pairs[0][1].a": 7,
        "pairs[0][1].b": (1, 2, 3),
        "pairs[1][1].b[2]": 3,
    }
    guest = outer.guest_defaults()
    assert (guest.word, guest.name_, guest.rest, guest["pairs[1][0].a"]) == (0, b"none", -3, 7)
    assert list(guest["pairs[0][0].b"]) == [1, 2, 3]


def test_every_element_of_every_capset_is_a_field_of_its_own():
    """They cover their array without gaps, in order."""
    for capset_id in range(1, 11):
        for field in capset_for(capset_id).layout.leaves():
            parts = list(field.elements())
            if field.dims:
                assert [part.offset for part in parts] == list(range(field.offset, field.end, parts[0].size))
                assert parts[-1].end == field.end
            else:
                assert parts == [field]


def test_since_in_words():
    assert str(Since(380, "abc", "2018-02-09", "0.7.0")) == "380 (release 0.7.0, abc, 2018-02-09)"
    assert str(Since(8, "abc", "", "")) == "8 (abc)"
    assert str(Since(8, "", "", "")) == "8"
    assert repr(VirglCapsV2.fields["v1"].since).startswith("Since(size=380, commit='4977d1fa023b', date='2018-02-09'")


def test_a_nested_field_came_with_the_struct_or_after_it():
    early, late = ("c1", "2019-01-01", "0.9"), ("c3", "2021-01-01", "1.1")
    inner = struct("inner", u32("a"), step(4, *early), u32("b"), step(8, *late), u32("c"), frozen=True)
    cls = define(struct("s", inner("i"), step(12, "c2", "2020-01-01", "1.0")))
    assert {name: cls.fields[f"i.{name}"].since.commit for name in "abc"} == {"a": "c2", "b": "c3", "c": ""}
