"""Reports, each read by a parser of its format."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

from capcodec.upstream import reports
from capcodec.upstream.history import Step
from capcodec.upstream.repository import Commit
from capcodec.upstream.verdict import change

NASTY = "it%\n::error::<&\x01\ud800"
STEPS = [
    Step(
        "old", "new", Commit("1" * 40, "2020-01-01", "2020-01-02", "a commit"), "src/a.h",
        [
            change("move", "struct a.b", "changed its place", file="src/a.h", line=7, old="byte 0", new="byte 4"),
            change("rename", "A", NASTY, file="src/a,b:c.h", line=0),
            change("append", "struct a.c", "was added", file="src/a.h", line=9),
        ],
        "shipped", "1.0", ("stdint.h",),
    ),
    Step("1.0", "1.1", None, "src/a.h", []),
]  # fmt: skip


def test_text():
    told = reports.text(STEPS)
    assert told.startswith("src/a.h: new 2020-01-01 a commit, shipped in 1.0, compiled after stdint.h\n  broken move ")
    assert "struct a.b: changed its place (byte 0 -> byte 4)" in told
    assert "struct a.c" not in told
    assert "struct a.c" in reports.text(STEPS, everything=True)
    assert told.endswith("1 broken, 1 to note, 1 fine\n")


def test_json():
    first = json.loads(reports.as_json(STEPS))[0]
    assert first["commit"]["id"] == "1" * 40
    assert [item["kind"] for item in first["changes"]] == ["move", "rename", "append"]


def test_code_quality():
    found = json.loads(reports.code_quality(STEPS))
    assert [(row["severity"], row["location"]["lines"]["begin"]) for row in found] == [("critical", 7), ("minor", 1)]
    assert len({row["fingerprint"] for row in found}) == 2
    for row in found:  # as GitLab's app/validators/json_schemas/codeclimate.json and its documentation ask
        assert {key: type(value) for key, value in row.items()} == {
            "description": str, "check_name": str, "fingerprint": str, "severity": str, "location": dict,
        }  # fmt: skip
        assert row["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert isinstance(row["location"]["path"], str)
        assert not row["location"]["path"].startswith(("/", "./"))
        assert isinstance(row["location"]["lines"]["begin"], int)
        assert re.fullmatch("[0-9a-f]{64}", row["fingerprint"])
    assert found == json.loads(reports.code_quality(STEPS))


def test_junit():
    suite = ElementTree.fromstring(reports.junit(STEPS))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [len(case) for case in suite] == [1, 0]


def test_github():
    lines = reports.github(STEPS).splitlines()
    assert lines[0].startswith("::error file=src/a.h,line=7,title=move::struct a.b")
    assert lines[1].startswith("::warning file=src/a%2Cb%3Ac.h,line=1,title=rename::A: it%25%0A::error")
    assert len(lines) == 2
