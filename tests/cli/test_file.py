"""Capset files from the command line."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys

from capcodec import captures
from command import BIN, run

V1 = captures.load("virglrenderer-0.8.2-softpipe-gles.capset1.bin")
V2 = captures.load("virglrenderer-0.8.2-softpipe-gles.capset2.bin")
SHIPPED = [(1, 0, V1), (1, 1, V1), (2, 0, V2), (2, 1, V2), (2, 2, V2)]
FILE = b"".join(struct.pack("<III", number, version, len(data)) + data for number, version, data in SHIPPED)


def test_list_extract_and_pack(tmp_path):
    file, one, two = tmp_path / "virgl.capset", tmp_path / "one", tmp_path / "two"
    one.write_bytes(V1)
    two.write_bytes(V2)
    run(
        "file",
        "pack",
        str(file),
        *(f"{number}:{version}:{one if number == 1 else two}" for number, version, _ in SHIPPED),
    )
    assert file.read_bytes() == FILE
    listed = run("file", "list", str(file))
    assert [line.split() for line in listed.splitlines()][1:] == [
        ["virgl" if number == 1 else "virgl2", str(number), str(version), str(len(data))]
        for number, version, data in SHIPPED
    ]
    assert json.loads(run("file", "list", "-", "--json", stdin=FILE))[4] == {
        "capset_id": 2,
        "name": "virgl2",
        "capset_version": 2,
        "size": 688,
    }
    out = tmp_path / "out"
    run("file", "extract", str(file), "virgl2:1", str(out))
    assert out.read_bytes() == V2
    run("file", "extract", str(file), "1", str(out))
    assert out.read_bytes() == V1
    assert "has no capset 4" in run("file", "extract", str(file), "venus", str(out), status=2)
    assert "expected ID:VERSION:BLOB, got '1:2'" in run("file", "pack", str(out), "1:2", status=2)
    assert "expected a version by number, got 'x'" in run("file", "pack", str(out), f"1:x:{one}", status=2)
    assert "No such file" in run("file", "pack", str(out), "1:0:missing", status=2)
    assert out.read_bytes() == V1  # what failed has left it as it was
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "out", "two", "virgl.capset"]


def capcodec(*arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(
        [sys.executable, "-m", "capcodec", *arguments], input=stdin, capture_output=True, check=True, cwd=BIN
    ).stdout


def test_to_stdout(tmp_path):
    """A dash is stdout here as it is stdin elsewhere, and no file is called so."""
    blob = tmp_path / "blob"
    blob.write_bytes(V1)
    assert capcodec("file", "extract", "-", "2", "-", stdin=FILE) == V2
    packed = capcodec("file", "pack", "-", f"1:1:{blob}")
    assert packed == struct.pack("<III", 1, 1, len(V1)) + V1
    assert not (BIN / "-").exists()


def test_a_device_is_written_to_and_a_link_is_followed(tmp_path):
    file, link, target = tmp_path / "file", tmp_path / "link", tmp_path / "target"
    file.write_bytes(FILE)
    link.symlink_to(target)
    run("file", "extract", str(file), "2", str(link))
    assert link.is_symlink()
    assert target.read_bytes() == V2
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE)
    run("file", "extract", str(file), "1", str(fifo))
    assert reader.communicate()[0] == V1
    assert "No space left on device" in run("file", "extract", str(file), "1", "/dev/full", status=2)


def test_a_name_that_is_none(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(FILE)
    assert "nowhere/out" in run("file", "extract", str(file), "1", str(tmp_path / "nowhere" / "out"), status=2)
    assert "no capset 'nothing' is known" in run("file", "extract", str(file), "nothing", "-", status=2)
    unknown = capcodec("file", "list", "-", "--json", stdin=struct.pack("<III", 99, 7, 1) + b"x")
    assert json.loads(unknown) == [{"capset_id": 99, "name": None, "capset_version": 7, "size": 1}]
