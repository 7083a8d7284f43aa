"""Kernel logs on the screen."""

from __future__ import annotations

import json

from command import run
from logs import REAL


def test_command_line(tmp_path):
    log = tmp_path / "log"
    log.write_text(REAL.replace("1376", "308"))
    output = run("dmesg", str(log))
    assert "features: +virgl +edid" in output
    assert ["1", "2", "virgl2", "2", "308"] in [line.split() for line in output.splitlines()]
    assert "line 7: error: capset 2 has capset 1's 308 bytes" in output
    told = json.loads(run("dmesg", "--json", stdin=REAL.encode()))
    assert told["capsets"][1] == {"line": 7, "capset_index": 1, "capset_id": 2, "max_version": 2, "max_size": 1376}
    assert run("dmesg", "--from", "log", stdin=b"nothing\xff") == "the log says nothing of capsets\n"
    assert run("dmesg", stdin=b"[    0.000000] Linux version 6.1\n") == "the log says nothing of capsets\n"
    assert "this text is none of" in run("dmesg", stdin=b"nothing, nothing\n", status=2)


def test_a_capset_without_a_name():
    output = run("dmesg", stdin=b"[drm] cap set 0: id 42, max-version 0, max-size 1\n")
    assert ["0", "42", "?", "0", "1"] in [line.split() for line in output.splitlines()]
