"""What commands write."""

from __future__ import annotations

import io
import sys

import pytest

from capcodec.cli import output


def test_a_file_that_is_there_stays_until_the_new_one_is_whole(tmp_path, monkeypatch):
    target = tmp_path / "target"
    target.write_bytes(b"before")

    def fail(*names):
        raise OSError("not now")

    monkeypatch.setattr(output.os, "replace", fail)
    with pytest.raises(OSError, match="not now"):
        output.write_file(str(target), b"after")
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_stdout(monkeypatch, capsys):
    output.print_text("one", "two")
    output.print_text()
    output.print_json({"a": [1]})
    assert capsys.readouterr().out == 'one\ntwo\n{\n "a": [\n  1\n ]\n}\n'
    bytes_ = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_))
    output.print_text("before")
    output.write_file("-", b"\xff")
    assert bytes_.getvalue() == b"before\n\xff"
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OSError, match="standard output is closed"):
        output.print_text("lost")
