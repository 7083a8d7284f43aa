"""How structs are declared, and declarations that are refused as they are made."""

from __future__ import annotations

import doctest

import pytest

from capcodec import SchemaError, define, schema
from capcodec.schema import Mark, f32, s8, since, step, struct, u8, u16, u32, u64, union, variant

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

growing = struct("growing", u32("x"), step(4), u32("y"), step(8))

REFUSED = [
    (lambda: struct("s", u32("x"), u32("x")), "s.x is declared twice"),
    (lambda: struct("not a name", u32("x")), "'not a name' is no C identifier"),
    (lambda: u32("not a name"), "'not a name' is no declarator"),
    (lambda: u32("x[0]"), "'x[0]': an array has at least one element"),
    (lambda: u32("x[-1]"), "'x[-1]' is no declarator"),
    (lambda: u32("x[3]:2"), "'x[3]:2' is no declarator"),
    (lambda: u32("x[3"), "'x[3' is no declarator"),
    (lambda: u32(""), "'' is no declarator"),
    (lambda: u32("größe"), "'größe' is no declarator"),
    (lambda: u32(4), "expected a declarator such as 'name[3]', got int 4"),
    (lambda: struct(u32("x")), "is no C identifier"),
    (lambda: struct("s", "x"), "s: expected members and marks, got str 'x'"),
    (lambda: struct("s", [u32("x")]), "s: expected members and marks, got list "),
    (lambda: struct("s", u32("x"), history={"y": step(4), "z": step(8)}), "s: the history names 'y', 'z', which is no member"),
    (lambda: struct("s", u32("x"), u32(":3"), history={"": step(8)}), "s: the history names '', which is no member"),
    (lambda: u32("x", flags={0: "A"}, flag_marks={1: since("abc")}), "x: flag_marks dates bit 1, which flags does not name"),
    (lambda: struct("s", *growing.until(5)), "growing: there is no step of 5 bytes to stop at"),
    (lambda: struct("s", *growing.until(8, z=u32("z"))), "growing: no member z up to 8 bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("declare", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_refused(declare, words):
    with pytest.raises(SchemaError) as caught:
        declare()
    assert words in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_a_history_apart_from_the_members_is_the_same_as_marks_among_them():
    members = [member for member in my_caps.members if not isinstance(member, Mark)]
    history = {
        "version": step(4, "1f2e3d4c5b6a", "2023-01-01", "1.0"),
        "limits": step(20, "6a5b4c3d2e1f", "2024-01-01", "1.1"),
        "levels": step(24, "0a0b0c0d0e0f", "2025-01-01", "1.2"),
    }
    apart = define(struct("my_caps", *members, header="my_protocol.h", history=history))
    assert apart.size_steps == define(my_caps).size_steps
    assert [str(field.since) for field in apart.fields.values()] == [
        str(field.since) for field in define(my_caps).fields.values()
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


def test_until_takes_the_members_up_to_a_step():
    assert next(growing.until(4)).name == "x"
    replaced = struct("replaced", *growing.until(8, y=u64("y")))
    assert [member.type.name for member in replaced.members if isinstance(member, schema.Member)] == ["u32", "u64"]


def test_declarators():
    assert (u8("x[4][2]").name, u8("x[4][2]").dims, u8("x[4][2]").bits) == ("x", (4, 2), None)
    assert (u8("x:3").name, u8("x:3").dims, u8("x:3").bits) == ("x", (), 3)
    assert (u8(":5").name, u8(":5").bits) == ("", 5)


def test_they_say_what_they_are():
    assert repr(u16) == "u16"
    assert repr(my_caps) == "<struct my_caps>"
    assert repr(union("u", u32("a"))) == "<union u>"
    assert repr(variant(struct("base", u32("a")), "odd", "", u32("b"))) == "<struct base odd>"


def test_the_example():
    """The one in the module's docstring: both ways of dating members mean the same."""
    blocks = schema.__doc__.split("::\n\n")[1:]
    one, two = (eval(block.split("\n\n", 1)[0].strip().removeprefix("my_caps = "), vars(schema)) for block in blocks)
    assert define(one).size_steps == define(two).size_steps == (4, 20)
    assert doctest.testmod(schema).failed == 0
