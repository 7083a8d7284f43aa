"""The command line, run as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from capcodec import VirglCapsV2, captures
from command import BIN, run


def rows(output: str) -> dict[str, list[str]]:
    """The lines of a table of fields: path to words behind it."""
    lines = [line.split() for line in output.splitlines()]
    return {words[1]: words[2:] for words in lines if len(words) > 1 and words[0].isdecimal()}


def test_show_guesses_the_capset(blob, capture):
    name, data = capture
    output = run("show", blob(data))
    capset_id = name[-5]
    assert output.startswith(f"virgl_caps_v{capset_id} (capset {capset_id}): {len(data)} of ")
    shown = rows(output)
    prefix = "v1." if capset_id == "2" else ""
    assert shown[f"{prefix}max_samples"] == [str(int.from_bytes(data[284:288], "little"))]
    assert shown[f"{prefix}glsl_level"] == [str(int.from_bytes(data[264:268], "little"))]


def test_show_reads_stdin_and_says_what_is_missing(newest):
    output = run("show", "-", "--capset", "2", stdin=newest[:690])
    assert "absent: 13 fields, from capability_bits_v2 at byte 688 on, which came with release 0.9.0" in output
    assert "of capability_bits_v2 arrived: " + newest[688:690].hex(" ") in output
    assert "the layout of" not in output
    output = run("show", "-", stdin=newest[:688])
    assert "688 of 1408 bytes, the layout of e3683f0fbd5a (2019-07-30, first released in 0.8.0)" in output


def test_show_a_tail(newest):
    assert "tail: 3 bytes behind the newest layout known: 61 62 63" in run("show", "-", stdin=newest + b"abc")


def test_show_reads_well(blob, newest):
    shown = rows(run("show", blob(newest)))
    assert shown["capability_bits_v2"][0].startswith("0x")
    assert "UNTYPED_RESOURCE" in shown["capability_bits_v2"]
    assert "has_fp64" in shown["v1.bset"]
    assert shown["v1.depthstencil.bitmask"] == ["none", "set"]
    assert shown["renderer"][0] == "'LLVMPIPE"
    assert shown["max_compute_grid_size"] == ["65535", "65535", "65535"]


def test_show_another_layout(blob):
    data = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")
    assert "VIDEO_MEMORY" not in rows(run("show", blob(data), "--layout", "0.9.0"))["max_video_memory"]
    bits = int.from_bytes(data[692:696], "little")
    assert rows(run("show", blob(data), "--layout", "0.9.0"))["capability_bits_v2"][0] == f"{bits:#x}"


def test_json_is_the_golden_text(blob, capture):
    name, data = capture
    text = run("show", "--json", blob(data))
    if name.endswith("capset2.bin"):
        assert VirglCapsV2.from_json(text).pack() == data


def test_copy_marks_where_each_field_comes_from(blob):
    host = captures.load("virglrenderer-0.8.2-llvmpipe-gl.capset2.bin")
    output = run("copy", blob(host), "1408")
    assert output.startswith("host 688 bytes, guest 1408 bytes: 688 copied, 0 cut off, 720 keep the guest's default")
    shown = rows(output)
    assert shown["scanout.bitmask"][0] == "host"
    assert shown["max_texture_samplers"] == ["default", "16"]
    assert shown["v1.max_samples"] == ["host", "4"]


def test_copy_to_a_guest_of_capset_1_and_back(blob, newest, tmp_path):
    target = tmp_path / "guest.bin"
    output = run("copy", blob(newest), "308", "--output", str(target))
    assert output.startswith("host 1408 bytes, guest 308 bytes: 308 copied, 1100 cut off, 0 keep")
    assert target.read_bytes() == newest[:308]
    report = json.loads(run("copy", "-", "1408", "--json", stdin=newest[:690]))
    assert (report["struct"], report["size"], report["copied"]) == ("virgl_caps_v2", 1408, 690)
    assert report["fields"]["scanout.bitmask"]["from"] == "host"
    assert report["fields"]["capability_bits_v2"]["from"] == "host, 2 of 4 bytes"
    assert report["fields"]["max_tcs_outputs"] == {"value": 0, "from": "default"}
    assert len(report["fields"]) == len(list(VirglCapsV2.layout.leaves()))


def test_demo_tells_the_story():
    output = run("demo")
    assert "copies what the host has, 380 bytes" in output
    assert "72 bytes beyond the struct were written" in output
    assert "copies the smaller of the two sizes, 308 bytes" in output
    assert "0 bytes beyond the struct were written" in output
    assert "688 are copied, 0 cut off, 720 keep the guest's default" in output
    assert "688 are copied, 720 cut off, 0 keep the guest's default" in output


WRONG = [
    (["show", "missing.bin"], 1, "No such file"),
    (["show", "."], 1, "Is a directory"),
    (["show", "-"], 1, "no known capset ever had 0 bytes: say which it is"),
    (["show", "-", "--capset", "1", "--layout", "0.9.0"], 1, "virgl_caps_v1 has no other layout '0.9.0'; there are before-03e3116a"),
    (["show", "-", "--capset", "77"], 1, "no capset 77 is known; there are 1 virgl, 2 virgl2"),
    (["copy", "-", "381"], 1, "no known capset ever had 381 bytes"),
    (["copy", "-", "many"], 2, "invalid int value: 'many'"),
    (["copy", "-"], 2, "required: GUEST_SIZE"),
    ([], 2, "required: COMMAND"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "status", "words"), WRONG)
def test_wrong_calls(arguments, status, words):
    assert words in run(*arguments, status=status)


def test_a_reader_that_leaves_early(newest):
    shell = f"{sys.executable} -m capcodec show - | head -1"
    result = subprocess.run(["bash", "-o", "pipefail", "-c", shell], input=newest, capture_output=True, cwd=BIN)
    assert (result.returncode, result.stderr) == (0, b"")


def test_the_installed_command():
    version = subprocess.run([BIN / "capcodec", "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("capcodec ")


def test_without_rich_json_works_and_tables_say_what_is_missing(newest, tmp_path):
    (tmp_path / "rich.py").write_text("raise ImportError('not here')\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "capcodec", "show", "-"]
    plain = subprocess.run([*command, "--json"], input=newest, capture_output=True, env=environment, cwd=BIN)
    assert VirglCapsV2.from_json(plain.stdout).pack() == newest
    table = subprocess.run(command, input=newest, capture_output=True, env=environment, cwd=BIN)
    assert table.returncode == 1
    assert b"pip install 'capcodec[cli]'" in table.stderr
