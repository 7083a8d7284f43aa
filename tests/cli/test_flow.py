"""The four parties on the screen, and in the documentation."""

from __future__ import annotations

import errno
import json
from pathlib import Path

from capcodec import VirglCapsV1, VirglCapsV2, captures, cli
from parties import EXPECTED


def shown(capsys, *arguments: str) -> str:
    assert cli.main(["flow", *arguments]) == 0
    return capsys.readouterr().out


def test_the_documentation_has_the_matrix(capsys):
    table = shown(capsys, "--markdown")
    assert len(table.splitlines()) == 2 + 16
    assert table in (Path(__file__).parents[2] / "docs" / "flow.md").read_text()


def test_the_command_prints_the_matrix(capsys):
    lines = shown(capsys).splitlines()
    assert lines[0].split()[:4] == ["host", "VMM", "kernel", "guest"]
    for line, (name, (_, _, written, destroyed)) in zip(lines[1:], EXPECTED.items(), strict=False):
        size = VirglCapsV1.size if name.endswith("old") else VirglCapsV2.size
        came = min(size, written)
        assert line.split()[:4] == name.split()
        assert line.split()[-3:] == [str(came), str(size - came), str(destroyed)]
    assert "old VMM: asks for sizes by the index in place of the id" in lines


def test_the_command_tells_one_combination(capsys):
    output = shown(capsys, "--host", "capset1-380", "--kernel", "old", "--guest", "old")
    first = captures.load("virglrenderer-0.7.0-llvmpipe-gl.capset2.bin")[:380]
    assert "kernel  get_caps(id 1, version 0, size 308): copies 380 bytes, what the host has" in output
    assert f"   308  {first[308:324].hex(' ')}" in output
    assert output.endswith("72 bytes behind the guest's struct are destroyed\n")
    output = shown(capsys, "--vmm", "hard-coded-count", "--guest-size", "696")
    assert "5 s    kernel  logs: timed out waiting for cap set 2; drops all capsets" in output
    assert output.endswith("ENOSYS: the guest keeps what it had, nothing is the host's; waited 5 s in vain\n")


def test_the_command_tells_programs(capsys):
    rows = json.loads(shown(capsys, "--json"))
    assert {" ".join(row[party] for party in ("host", "vmm", "kernel", "guest")) for row in rows} == EXPECTED.keys()
    (bad,) = (row for row in rows if row["destroyed"])
    assert bad["destroyed"] == list(range(308, 380))
    one = json.loads(shown(capsys, "--answer", "never", "--json"))
    assert one["queries"] == [
        {"capset_id": 2, "size": VirglCapsV2.size, "errno": errno.EBUSY, "written": 0, "answer": "EBUSY"}
    ]
    assert one["seconds"] == 5
    assert {"party": "kernel", "what": "waits for capset 2 in vain", "seconds": 5} in one["trace"]


def test_a_size_that_never_was(capsys):
    assert cli.main(["flow", "--guest-size", "0"]) == 2
    assert "no known capset ever had 0 bytes" in capsys.readouterr().err
