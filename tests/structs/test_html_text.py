"""The table for notebooks, read by Python's own parser of HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from capcodec import VirglCapsV2, captures, define
from capcodec.capsets import virgl
from capcodec.registry import CAPSETS
from capcodec.schema import char, struct, u8, u32


class Table(HTMLParser):
    """The tags that occur, and the text of each cell by row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.rows, self.open = set(), [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        assert not attributes
        self.tags.add(tag)
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


PLAIN = {"table", "caption", "thead", "tbody", "tr", "th", "td"}


@pytest.mark.parametrize("name", captures.names())
def test_captures(name):
    data = captures.load(name)
    caps = CAPSETS[int(name.split("capset")[1].split(".")[0])].cls.unpack(data)
    text = caps._repr_html_()
    table = Table(text)
    assert table.tags == PLAIN
    cells = {row[0]: row[2] for row in table.rows[1:]}
    for field in caps.layout.leaves():
        if not caps.has_field(field.path):
            assert cells[field.path] == "absent"
        elif not field.dims:
            assert cells[field.path].split()[0] == repr(caps[field.path])
    assert len(text) < 150_000


HOSTILE = b"</td></table><script>alert('&amp;')</script>\0\xff\"'<!--"


def test_hostile_bytes():
    caps = VirglCapsV2(renderer=HOSTILE)
    table = Table(caps._repr_html_())
    assert table.tags == PLAIN
    (cell,) = (row[2] for row in table.rows if row[0] == "renderer")
    assert "<script>alert(" in cell
    assert Table(VirglCapsV2.unpack(bytes(70_000))._repr_html_()).rows[-1][0] == virgl.virgl_caps_v2.members[-2].name


def test_hostile_schemas():
    """Markup in units, more fields than anybody reads, arrays of a million."""
    inner = struct("inner", *(u8(f"f{i}", unit="<b>&") for i in range(2000)))
    many = define(struct("many", inner("a[1000][1000]"), u32("b[1048576]"), char("c[9999]")))
    text = many.view(bytes(many.size))._repr_html_()
    table = Table(text)
    assert table.tags == PLAIN
    assert table.rows[-1] == ["…", "", "more fields than are shown"]
    assert table.rows[1][2] == "0 <b>&"
    assert len(text) < 150_000
    big = define(struct("big", u32("b[1048576]"), char("c[9999]")))
    assert [row[2] for row in Table(big()._repr_html_()).rows[1:]] == ["1048576 elements", "b''"]
