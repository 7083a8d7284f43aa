"""What this machine says."""

from __future__ import annotations

import json

from capcodec import VirglCapsV1, captures, identify
from capcodec.vtest import VtestServer
from command import run

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def test_probe_reports_what_answers_and_what_does_not(tmp_path):
    path = str(tmp_path / "socket")
    with VtestServer({2: NEWEST}, path):
        reports = json.loads(run("probe", "--json", "--socket", path))
        text = run("probe", "--socket", path)
    (server,) = [report for report in reports if report["party"] == f"vtest server at {path}"]
    assert [(told["name"], told["size"]) for told in server["capsets"]] == [
        ("virgl", VirglCapsV1.size),
        ("virgl2", len(NEWEST)),
    ]
    assert bytes.fromhex(server["capsets"][1]["data"]) == NEWEST
    assert server["capsets"][1]["host"] == str(identify(NEWEST))
    assert all("capsets" in report or report["error"] for report in reports)
    assert "virgl2" in text
    (report,) = [
        report for report in json.loads(run("probe", "--json", "--socket", path)) if "vtest" in report["party"]
    ]
    assert "cannot be reached: No such file or directory" in report["error"]
