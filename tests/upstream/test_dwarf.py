"""Object files that are none, or that say nothing."""

from __future__ import annotations

import io

import pytest

from capcodec.errors import HeaderError
from capcodec.upstream import dwarf


@pytest.mark.parametrize("data", [b"", b"\x7fELF", b"\x7fELF" + bytes(60), bytes(1000)])
def test_what_cannot_be_read(data):
    with pytest.raises(HeaderError):
        dwarf.read(io.BytesIO(data))


def test_more_than_a_header_can_hold(header, monkeypatch):
    monkeypatch.setattr(dwarf, "MAX_ENTRIES", 5)
    with pytest.raises(HeaderError, match="declares more than 5 things"):
        header("struct a { int x; }; struct b { int y; }; struct c { int z; };")
