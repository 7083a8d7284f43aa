"""What this machine says."""

from __future__ import annotations

import json

from capcodec import VirglCapsV1, captures, identify
from capcodec.cli import probe
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


def test_probe_saves_what_it_is_given(tmp_path):
    """The bytes that a server gives, under a name that says who gave them and of which release they are."""
    path, directory = str(tmp_path / "socket"), tmp_path / "made" / "here"
    with VtestServer({2: NEWEST}, path):
        run("probe", "--json", "--socket", path, "--save", str(directory))
        run("probe", "--json", "--socket", path, "--save", str(directory))
    (saved,) = directory.glob("vtest-*.capset2.bin")
    assert saved.read_bytes() == NEWEST
    releases = identify(NEWEST).releases
    assert saved.name == f"vtest-{releases[0] if len(releases) == 1 else 'unknown'}.capset2.bin"
    assert len((next(directory.glob("vtest-*.capset1.bin"))).read_bytes()) == VirglCapsV1.size
    assert not list(directory.glob("*.tmp"))


def test_what_parties_of_one_name_give_is_told_apart(tmp_path):
    told = {"capset_id": 2, "release": "1.3.0"}
    reports = [{"party": "/dev/dri/renderD128", "capsets": [told | {"data": data}]} for data in ("01", "02", "01")]
    reports += [
        {"party": "libvirglrenderer.so.1, capset 4", "capsets": [told | {"data": "", "release": ""}]},
        {"party": "x"},
    ]
    names = probe.save(reports, str(tmp_path))
    assert names == [
        "renderD128-1.3.0.capset2.bin",
        "renderD128-1.3.0-2.capset2.bin",
        "virglrenderer-unknown.capset2.bin",
    ]
    assert [(tmp_path / name).read_bytes() for name in names] == [b"\1", b"\2", b""]
    assert probe.save([{"party": "x"}], str(tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()
