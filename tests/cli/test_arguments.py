"""Which capset the arguments mean."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError, VirglCapsV1, VirglCapsV2, captures
from capcodec.cli import arguments
from command import run

SWAPPED = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")


@pytest.mark.parametrize("command", ["show", "identify", "lint"])
@pytest.mark.parametrize("size", [690, 700, 380, 20])
def test_a_layout_names_its_capset(command, size, blob):
    """Whatever size was cut off, even one that no capset ever had."""
    data = SWAPPED.ljust(size, b"\0")[:size]
    path = blob(data)
    named = run(command, path, "--layout", "0.9.0")
    assert named == run(command, path, "--layout", "0.9.0", "--capset", "2")
    if size == 690:
        assert "no known capset ever had 690 bytes" in run(command, path, status=2)


@pytest.mark.parametrize("size", [690, 700])
def test_what_needs_no_layout_takes_any_size(size, blob):
    path = blob(SWAPPED.ljust(size, b"\0")[:size])
    assert f"host {size} bytes" in run("copy", path, "380")
    assert f"host {size} bytes" in run("guest", path)
    assert run("gl", path).startswith("OpenGL ")


def test_decode():
    assert type(arguments.decode(SWAPPED)) is VirglCapsV2
    assert type(arguments.decode(SWAPPED, 2, "0.9.0")) is VirglCapsV2.variants["0.9.0"]
    assert type(arguments.decode(SWAPPED[:690], None, "0.9.0")) is VirglCapsV2.variants["0.9.0"]
    assert type(arguments.decode(bytes(264), None, "before-03e3116a")) is VirglCapsV1.variants["before-03e3116a"]
    with pytest.raises(
        ArgumentError, match="no capset alone has a layout 'none'; there are before-03e3116a of virgl, "
    ):
        arguments.decode(SWAPPED, None, "none")
    with pytest.raises(ArgumentError, match="virgl_caps_v1 has no other layout '0.9.0'"):
        arguments.decode(SWAPPED, 1, "0.9.0")


def test_read_bytes(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert arguments.read_bytes(str(file), 5, "this") == b"12345"
    with pytest.raises(ArgumentError, match="has more than 4 bytes, too many for this; no more were read"):
        arguments.read_bytes(str(file), 4, "this")
    file.write_bytes(b"41 42")
    assert arguments.read_saved(str(file), "hex", max_size=2, what="this").data == b"AB"
    with pytest.raises(ArgumentError, match="the hex dump stands for 2 bytes, too many for this"):
        arguments.read_saved(str(file), "hex", max_size=1, what="this")
