"""Structs of one's own, and declarations that are refused."""

from __future__ import annotations

import pickle

import pytest

from capcodec import FieldAbsentError, SchemaError, VirglCapsV1, define
from capcodec.capsets import virgl
from capcodec.schema import Mark, char, f32, s8, since, step, struct, u8, u16, u32, u64, union, variant

my_caps = struct(
    "my_caps",
    u32("version", "of the protocol"),
    step(4, "1f2e3d4c5b6a", "2023-01-01", "1.0"),
    u32("flags:4", "what the host can do", default=5),
    u32(":28"),
    f32("limits[3]", "largest extent along each axis", unit="texels", default=1.0),
    step(20, "6a5b4c3d2e1f", "2024-01-01", "1.1"),
    u16("size", "a name that the class needs for itself", default=9),
    s8("levels[2]", default=(-1, 3)),
    step(24, "0a0b0c0d0e0f", "2025-01-01", "1.2"),
    header="my_protocol.h",
)
MyCaps = define(my_caps)


def test_a_struct_of_ones_own():
    guest = MyCaps.guest_defaults(20)
    assert guest.flags == 5
    assert list(guest.limits) == [1.0] * 3
    with pytest.raises(
        FieldAbsentError, match=r"my_caps.size \(u16 at bytes 20..22\) .* 24 \(release 1.2, 0a0b0c0d0e0f"
    ):
        _ = guest.size_
    whole = MyCaps.guest_defaults()
    assert whole.pack() == bytes.fromhex("00000000 05000000 0000803f 0000803f 0000803f 0900 ff03")
    assert (MyCaps.size, whole.size, whole.size_, whole["size"]) == (24, 24, 9, 9)
    assert MyCaps.size_steps == (4, 20, 24)
    assert define(my_caps) is MyCaps
    assert MyCaps.__name__ == "MyCaps"
    assert MyCaps.__module__ == __name__


def test_instances_of_ones_own_class_pickle_where_it_can_be_imported(monkeypatch):
    import sys
    import types

    module = types.ModuleType("my_module")
    module.Pickled = define(struct("pickled", u32("x")), module="my_module")
    monkeypatch.setitem(sys.modules, "my_module", module)
    assert pickle.loads(pickle.dumps(module.Pickled(x=3))).x == 3


def test_alias_of_a_field_is_found_by_path_of_a_nested_array():
    outer = define(struct("outer", my_inner("inner[2]"), my_inner("single", fold=True)))
    made = outer.unpack(bytes(range(24)))
    assert made["inner[1].y[1]"] == made.inner[1].y[1] == int.from_bytes(bytes([14, 15]), "little")
    assert made.x == made.single.x == made["single.x"] == int.from_bytes(bytes([16, 17, 18, 19]), "little")


my_inner = struct("my_inner", u32("x"), u16("y[2]"))
growing = struct("growing", u32("x"), step(4), u32("y"), step(8))

REFUSED = [
    # Not append-only
    (lambda: struct("s", u32("x"), step(4), u32("y"), step(8), u32("z"), step(8)), "s: a step of 8 bytes after one of 8"),
    (lambda: struct("s", u64("x"), u32("y"), step(16), u32("z"), step(20)), "s.z lies at bytes 12..16, within the 16 bytes at which the struct once ended"),
    (lambda: struct("s", u32("x:4"), step(4), u32("y:4"), step(8)), "s.y lies at byte 0 bit 4, within the 4 bytes"),
    (lambda: struct("s", u32("x"), step(4), u32("y"), since("abc")), "s has 8 bytes, but its last step is 4"),
    (lambda: struct("s", growing("g"), u32("x")), "s.g: growing still grows, and would push what follows it"),
    # Steps that are no ends
    (lambda: struct("s", u32("x"), step(6)), "s: a step of 6 bytes does not fall on the end of a field; with x the struct has 4"),
    (lambda: struct("s", u64("x"), u8("y"), step(9)), "s: a step of 9 bytes does not fall on the end of a field; with y the struct has 16"),
    (lambda: struct("s", step(4), u32("x"), step(4)), "s: a step of 4 bytes does not fall on the end of a field; with nothing"),
    # Places
    (lambda: struct("s", u32("x"), u32("y", offset=2)), "s.y at byte 2 overlaps x, bytes 0..4"),
    (lambda: struct("s", u32("x"), u32("y", offset=6)), "s.y at byte 6 is misaligned: u32 is aligned to 4 bytes"),
    (lambda: struct("s", u32("x"), my_inner("y", offset=6)), "s.y at byte 6 is misaligned: my_inner is aligned to 4 bytes"),
    (lambda: struct("s", u32("x"), step(4), u32("y", offset=0), step(8)), "s.y at byte 0 overlaps x"),
    (lambda: struct("s", u8(f"x[{1 << 31}]")), "s.x ends beyond 2147483647 bytes"),
    # Bits
    (lambda: struct("s", u8("x:9")), "s.x: 9 bits of u8, which has 8"),
    (lambda: struct("s", u8("x:0")), "s.x: 0 bits of u8"),
    (lambda: struct("s", f32("x:3")), "s.x: a bitfield has an integer type, not f32"),
    (lambda: struct("s", char("x:3")), "s.x: a bitfield has an integer type, not char"),
    # Names and counts
    (lambda: struct("s", u32("x"), u32("x")), "s.x is declared twice"),
    (lambda: struct("s", u32("x"), my_inner("i", fold=True)), "s.i.x hides a field of that name when folded"),
    (lambda: struct("s", my_inner("i[2]", fold=True)), "s.i: only a single struct can be folded"),
    (lambda: struct("s"), "s has no members"),
    (lambda: struct("not a name", u32("x")), "'not a name' is no C identifier"),
    (lambda: u32("not a name"), "'not a name' is no declarator"),
    (lambda: u32("x[0]"), "'x[0]': an array has at least one element"),
    (lambda: u32("x[-1]"), "'x[-1]' is no declarator"),
    (lambda: u32("x[3]:2"), "'x[3]:2' is no declarator"),
    (lambda: u32("x[3"), "'x[3' is no declarator"),
    (lambda: u32(""), "'' is no declarator"),
    (lambda: u32("größe"), "'größe' is no declarator"),
    (lambda: struct("s", u32("x[2][2][2][2]")), "s.x: more than 3 dimensions"),
    (lambda: struct("s", u32("x[3]", default=(1, 2))), "s.x: 2 defaults for (3,) elements"),
    (lambda: struct("s", u32("x"), history={"y": step(4), "z": step(8)}), "s: the history names 'y', 'z', which is no member"),
    (lambda: struct("s", u32("x"), u32(":3"), history={"": step(8)}), "s: the history names '', which is no member"),
    (lambda: u32("x", flags={0: "A"}, flag_marks={1: since("abc")}), "x: flag_marks dates bit 1, which flags does not name"),
    (lambda: struct("s", *growing.until(5)), "growing: there is no step of 5 bytes to stop at"),
    (lambda: struct("s", *growing.until(8, z=u32("z"))), "growing: no member z up to 8 bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("declare", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_refused(declare, words):
    with pytest.raises(SchemaError) as caught:
        define(declare())
    assert words in str(caught.value)
    assert isinstance(caught.value, ValueError)


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


def test_variants_are_declared_beside_their_base():
    base = struct("base", u32("x"), step(4), u32("y"), step(8))
    variant(base, "odd", "y came first", u32("y"), u32("x"), step(8))
    cls = define(base)
    assert list(cls.variants) == ["odd"]
    odd = cls.variants["odd"].unpack(b"\1\0\0\0\2\0\0\0")
    assert (odd.x, odd.y) == (2, 1)
    assert (odd.variant, odd.variant_of) == ("odd", cls)
    with pytest.raises(KeyError):
        cls.variants["even"]


def test_a_history_apart_from_the_members_is_the_same_as_marks_among_them():
    members = [member for member in my_caps.members if not isinstance(member, Mark)]
    history = {
        "version": step(4, "1f2e3d4c5b6a", "2023-01-01", "1.0"),
        "limits": step(20, "6a5b4c3d2e1f", "2024-01-01", "1.1"),
        "levels": step(24, "0a0b0c0d0e0f", "2025-01-01", "1.2"),
    }
    apart = define(struct("my_caps", *members, header="my_protocol.h", history=history))
    assert apart.size_steps == MyCaps.size_steps
    assert [str(field.since) for field in apart.fields.values()] == [
        str(field.since) for field in MyCaps.fields.values()
    ]
    base = struct("base", *members)
    short = variant(base, "short", "without its end", *members[:3], history={"flags": step(8, "abc")})
    assert define(short).size_steps == (8,)
    both = define(union("both", u32("a"), u64("b"), history={"a": step(4, "abc"), "b": step(8, "def")}))
    assert both.size_steps == (4, 8)


def test_marks_of_flags():
    came = since("1f2e3d4c5b6a", "2023-01-01", "1.0")
    cls = define(struct("flagged", u32("features", flags={0: "OLD", 1: "NEW"}, flag_marks={0: came}), u32("plain")))
    assert cls.fields["features"].flags == {0: "OLD", 1: "NEW"}
    assert cls.fields["features"].flag_marks == {0: came}
    assert cls.fields["plain"].flag_marks == {}
