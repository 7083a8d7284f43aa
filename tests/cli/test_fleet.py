"""What a fleet can serve, on the screen."""

from __future__ import annotations

import json

import pytest

from capcodec import captures
from command import run

NEW = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
OLD = captures.load("virglrenderer-0.8.2-llvmpipe-gl.capset2.bin")
OLDEST = captures.load("virglrenderer-0.7.0-llvmpipe-gl.capset2.bin")
GLES = captures.load("virglrenderer-1.0.1-softpipe-gles.capset2.bin")


@pytest.fixture
def file(tmp_path):
    def write(name: str, data: bytes) -> str:
        (tmp_path / name).write_bytes(data)
        return str(tmp_path / name)

    return write


def test_baseline(file):
    old, new, out = file("old.bin", OLD), file("new.bin", NEW), file("out.bin", b"")
    output = run("fleet", "baseline", old, new, "-o", out)
    assert output.startswith(f"capset 2 in 1408 bytes serves 2 hosts\n{old} loses\n")
    assert f"{new} loses\n" in output
    assert f"  v1.glsl_level: 450 -> 430  (limited by {old})\n" in output
    told = json.loads(run("fleet", "baseline", old, new, "--json"))
    with open(out, "rb") as written:
        assert bytes.fromhex(told["data"]) == written.read()
    assert {"field": "v1.glsl_level", "hosts": [old]} in told["limits"]
    assert run("fleet", "fits", out, old, new) == "every host can serve it\n"
    assert "loses nothing\n" in run("fleet", "baseline", old)


def test_the_bytes_alone(file):
    assert run("fleet", "baseline", file("a", b"\2" + bytes(307)), "--capset", "1", "-o", "-") == "\2" + "\0" * 307


def test_no_baseline(file):
    refused = run("fleet", "baseline", file("a", OLDEST), file("b", GLES), status=2)
    assert (
        "no capset serves all hosts: max_vertex_streams: Mesa 22.3 would take 4 where a host has 1: Before" in refused
    )
    assert refused.endswith("/a forces that, and " + file("b", GLES) + " does not have it\n")
    venus = captures.load("virglrenderer-1.3.0-venus.capset4.bin")
    assert " offer capset 2, " in run("fleet", "baseline", file("a", OLD), file("b", venus), status=2)


def test_what_does_not_fit(file, capfd):
    from capcodec.cli import main

    old, new = file("old.bin", OLD), file("new.bin", NEW)
    assert main(["fleet", "fits", new, old]) == 1
    output = capfd.readouterr().out
    assert output.startswith(f"{old} cannot serve it: what guests take -> what it has\n")
    assert "  v1.glsl_level: 450 -> 430  (Mesa 22.3, 25.0, 26)\n" in output
    assert "  v1.render.bitmask: -A8_UINT " in output
    assert main(["fleet", "fits", new, old, "--json"]) == 1
    told = json.loads(capfd.readouterr().out)
    assert {"host": old, "mesa": "26", "field": "max_anisotropy", "promised": 16.0, "has": 0.0} in told
