"""A struct of a header, as a schema: where a field has no name, and one within it neither."""

from __future__ import annotations

import pytest

from capcodec import define
from capcodec.errors import HeaderError
from capcodec.structs.layout import layout_of
from capcodec.upstream.schema_text import Declared

# As in perf_event_attr of Linux 6.12
NESTED = """
struct it {
    union { unsigned a; unsigned b; };
    union {
        unsigned action;
        struct { unsigned paused : 1, pause : 1, __reserved : 30; };
        union { struct { short low; short high; }; int whole; };
    };
    struct { union { int x; float y; }; } named;
    unsigned long data;
};
"""


def test_unnamed_members_within_unnamed_members(header):
    declared = Declared(header(NESTED).find("it"), "it.h")
    cls = define(declared.schema)
    assert cls.size == 24
    offsets = {"a": 0, "b": 0, "action": 4, "paused": 4, "low": 4, "high": 6, "whole": 4, "named": 8, "data": 16}
    assert {name: cls.fields[name].offset for name in offsets} == offsets
    it = cls.unpack(bytes(range(24)))
    assert (it.low, it.high, it.pause, it.named.x) == (0x0504, 0x0706, 0, 0x0B0A0908)


def test_the_text_is_the_same_schema(header):
    declared = Declared(header(NESTED).find("it"), "it.h")
    names: dict = {}
    exec(compile(declared.text(), "schema", "exec"), names)
    places = [
        {name: (field.offset, field.shift, field.size) for name, field in layout_of(schema).folded.items()}
        for schema in (names["it"], declared.schema)
    ]
    assert places[0] == places[1]
    assert len(places[0]) == 12


def test_members_without_a_length(header):
    """The last one has no bytes of its own; before that no schema can say it."""
    last = Declared(header("struct it { int n; int data[]; };").find("it"), "it.h")
    assert list(define(last.schema).fields) == ["n"]
    with pytest.raises(HeaderError, match="no schema can say struct it: data has no length"):
        Declared(header("struct it { int data[0]; int n; };").find("it"), "it.h")
