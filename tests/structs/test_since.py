"""What brought which field: marks, growth with a last member, and what is not released yet."""

from __future__ import annotations

import pytest

from capcodec import FieldAbsentError, SchemaError, VirglCapsV1, define
from capcodec.capsets import virgl
from capcodec.schema import since, step, struct, u8, u32, u64, union

growing = struct("growing", u32("x"), step(4), u32("y"), step(8))

REFUSED = [
    (lambda: struct("s", u32("x"), step(4), u32("y"), step(8), u32("z"), step(8)), "s: a step of 8 bytes after one of 8"),
    (lambda: struct("s", u32("x"), step(4), u32("y"), since("abc")), "s has 8 bytes, but its last step is 4"),
    (lambda: struct("s", growing("g"), u32("x")), "s.g: growing still grows, and would push what follows it"),
    (lambda: struct("s", u32("x"), step(6)), "s: a step of 6 bytes does not fall on the end of a field; with x the struct has 4"),
    (lambda: struct("s", u64("x"), u8("y"), step(9)), "s: a step of 9 bytes does not fall on the end of a field; with y the struct has 16"),
    (lambda: struct("s", step(4), u32("x"), step(4)), "s: a step of 4 bytes does not fall on the end of a field; with nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("declare", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_refused(declare, words):
    with pytest.raises(SchemaError) as caught:
        define(declare())
    assert words in str(caught.value)


def test_frozen_structs_may_be_embedded():
    assert len(VirglCapsV1.size_steps) > 1
    assert define(struct("embeds", virgl.virgl_caps_v1("v1"), u32("more"))).size == 312


def test_bits_of_a_word_that_was_there_come_without_a_step():
    grown = define(struct("bits", u32("a:1"), since("c1", "2020-01-01"), u32("b:1"), since("c2", "2021-01-01")))
    assert [field.since.commit for field in grown.fields.values()] == ["c1", "c2"]
    assert grown.size_steps == (4,)


def test_what_stands_behind_the_last_mark_is_not_released_yet():
    inner = struct("inner", u32("a"), step(4, "c1", "2020-01-01", "1.0"), u32("b"), frozen=True)
    cls = define(
        struct(
            "unreleased",
            u32("x:1"),
            inner("old"),
            step(12, "c2", "2021-01-01", "1.1"),
            u32("y", default=3),
            inner("new"),
        )
    )
    assert cls.size_steps == (12, 24)
    came = {path: cls.fields[path].since for path in ("x", "old.a", "old.b", "y", "new.a", "new.b")}
    assert {path: since.size for path, since in came.items()} == {
        "x": 12, "old.a": 12, "old.b": 12, "y": 24, "new.a": 24, "new.b": 24
    }  # fmt: skip
    assert {path for path, since in came.items() if since.release} == {"x", "old.a"}
    assert str(came["y"]) == "24"
    assert cls.guest_defaults().y == 3
    with pytest.raises(FieldAbsentError, match=r"unreleased.y \(u32 at bytes 12..16\) .* it came with size 24$"):
        _ = cls.zeros(12).y


def test_bits_behind_the_last_mark_are_not_released_yet():
    cls = define(struct("bits", u32("a:1"), since("c1", "2020-01-01", "1.0"), u32("b:1")))
    assert [field.since.release for field in cls.fields.values()] == ["1.0", ""]
    assert cls.size_steps == (4,)


def test_a_step_without_a_release_is_not_released_yet():
    cls = define(struct("s", u32("x"), step(4, "c1", "2020-01-01", "1.0"), u32("y"), step(8, "c2", "2026-05-01")))
    assert str(cls.fields["y"].since) == "8 (c2, 2026-05-01)"
    assert cls.fields["y"].since.release == ""


def test_a_struct_that_ends_with_one_that_grows():
    """It grew with that one; where fields that are not released yet stand between, it is not released either."""
    last = struct("last", u32("a"), step(4, "c1", "2020-01-01", "1.0"), u32("b"), step(8, "c2", "2021-01-01", "1.1"))
    cls = define(struct("outer", u32("x"), step(4, "c0", "2019-01-01", "0.9"), last("last")))
    assert cls.size_steps == (4, 8, 12)
    assert [cls.fields[path].since.release for path in ("x", "last.a", "last.b")] == ["0.9", "1.0", "1.1"]
    cls = define(struct("outer", u32("x"), step(4, "c0", "2019-01-01", "0.9"), u32("y"), last("last")))
    assert cls.size_steps == (4, 12, 16)
    assert [str(cls.fields[path].since) for path in ("y", "last.a", "last.b")] == ["12", "12", "16"]
    cls = define(struct("outer", u32("x"), last("last")))
    assert cls.size_steps == (8, 12)
    assert cls.fields["x"].since is None
    assert cls.fields["last.b"].since.release == "1.1"


def test_members_of_a_union_grow_within_the_bytes_of_a_later_one():
    """The size at which a field came is that of the whole union, though its bytes were there before."""
    cls = define(
        union("u", u32("a"), step(4, "c1", "2020-01-01", "1.0"), u64("b"), step(8, "c2", "2021-01-01", "1.1"), u32("c"))
    )
    assert cls.size_steps == (4, 8)
    assert {name: (field.since.size, field.since.release) for name, field in cls.fields.items()} == {
        "a": (4, "1.0"), "b": (8, "1.1"), "c": (8, "")
    }  # fmt: skip


def test_a_struct_without_marks_has_no_history():
    cls = define(struct("plain", u32("x")))
    assert cls.fields["x"].since is None
    assert cls.size_steps == (4,)
    assert str(cls.layout.steps[0]) == "4"
    assert repr(cls.layout.steps[0]) == "Since(size=4, commit='', date='', release='')"


def test_thousands_of_steps():
    """Every field finds its step, and the last one as quickly as the first."""
    members = [part for i in range(3000) for part in (u32(f"m{i}"), step(4 * i + 4, f"c{i}", "2020-01-01", "1.0"))]
    cls = define(struct("many", *members))
    assert len(cls.size_steps) == 3000
    assert all(field.since.size == field.end for field in cls.fields.values())
