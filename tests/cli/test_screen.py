"""Tables and plots on the screen."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import threading
from collections import Counter

import pytest

from capcodec.cli import screen
from capcodec.measure import Row, Timing
from command import BIN


def test_lines_of_bytes():
    assert screen.byte_lines(bytes(range(60, 78)), 300).splitlines() == [
        "   300  3c 3d 3e 3f 40 41 42 43 44 45 46 47 48 49 4a 4b  <=>?@ABCDEFGHIJK",
        "   316  4c 4d" + " " * 44 + "LM",
    ]
    assert screen.byte_lines(b"", 0) == ""


def test_a_plot_where_there_are_no_signs_for_it(monkeypatch):
    rows = [Row(count, 8, {"ours": Timing([1e-6 * count] * 3)}) for count in (1, 10, 100)]
    shown = {}
    for encoding in ("ascii", "utf-8"):
        stream = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(stream, encoding=encoding))
        screen.plot(rows, "a title")
        sys.stdout.flush()
        shown[encoding] = stream.getvalue().decode()
    assert shown["ascii"] == "a title: this terminal's encoding cannot show a plot\n"
    assert "a title: ns/record by number of records" in shown["utf-8"]


@pytest.mark.parametrize("columns", ["0", "20", "40", "60", "80"])
@pytest.mark.parametrize("command", ["show", "guest", "copy"])
def test_no_letter_is_lost_on_a_narrow_terminal(columns, command, newest, monkeypatch):
    """Words are broken, and not cut: all letters of a wide terminal are there."""

    def letters(columns: str) -> Counter[str]:
        monkeypatch.setenv("COLUMNS", columns)
        parent, child = pty.openpty()
        arguments = [sys.executable, "-m", "capcodec", command, "-", *(["308"] if command == "copy" else [])]
        running = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=child, cwd=BIN)
        os.close(child)
        threading.Thread(target=running.communicate, args=[newest]).start()
        told = b""
        while part := _read(parent):
            told += part
        os.close(parent)
        return Counter(re.sub(r"\x1b\[[0-9;]*m|[^A-Za-z_0-9]", "", told.decode()))

    assert letters(columns) == letters("300")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # a terminal's way to say that its last writer has gone
        return b""


def test_alarming_rows_are_red_on_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys, "stdout", Terminal())
    screen.put(screen.text_table(("what", "count"), [("good", "0"), ("bad", "1")], 1, lambda cells: cells[1] != "0"))
    lines = {line.split()[-2:][0]: line for line in sys.stdout.getvalue().splitlines()}
    assert any("\x1b[31m" in line and "bad" in line for line in lines.values())
    assert not any("\x1b[31m" in line and "good" in line for line in lines.values())
