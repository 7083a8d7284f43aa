"""Unions: what is refused, and how they grow."""

from __future__ import annotations

import pytest

from capcodec import SchemaError, define
from capcodec.schema import since, step, struct, u32, u64, union

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
