"""The smaller of the two sizes on the screen."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from capcodec import VirglCapsV1, VirglCapsV2, VirglRendererCapsetVenus, captures
from command import BIN, rows, run


def test_copy_marks_where_each_field_comes_from(blob):
    host = captures.load("virglrenderer-0.8.2-llvmpipe-gl.capset2.bin")
    output = run("copy", blob(host), str(VirglCapsV2.size))
    size, kept = VirglCapsV2.size, VirglCapsV2.size - len(host)
    assert output.startswith(
        f"host 688 bytes, guest {size} bytes: 688 copied, 0 cut off, {kept} keep the guest's default"
    )
    shown = rows(output)
    assert shown["scanout.bitmask"][0] == "host"
    assert shown["max_texture_samplers"] == ["default", "16"]
    assert shown["v1.max_samples"] == ["host", "4"]


def test_copy_to_a_guest_of_capset_1_and_back(blob, newest, tmp_path):
    target = tmp_path / "guest.bin"
    output = run("copy", blob(newest), str(VirglCapsV1.size), "--output", str(target))
    assert output.startswith(
        f"host {len(newest)} bytes, guest 308 bytes: 308 copied, {len(newest) - 308} cut off, 0 keep"
    )
    assert target.read_bytes() == newest[:308]
    report = json.loads(run("copy", "-", str(VirglCapsV2.size), "--json", stdin=newest[:690]))
    assert (report["struct"], report["size"], report["copied"]) == ("virgl_caps_v2", VirglCapsV2.size, 690)
    assert report["fields"]["scanout.bitmask"]["from"] == "host"
    assert report["fields"]["capability_bits_v2"]["from"] == "host, 2 of 4 bytes"
    assert report["fields"]["max_tcs_outputs"] == {"value": 0, "from": "default"}
    assert len(report["fields"]) == len(list(VirglCapsV2.layout.leaves()))


@pytest.mark.parametrize("more", [[], ["--capset", "venus"]])
def test_a_guest_has_the_struct_of_its_host(more):
    venus = captures.load(captures.names(4)[0]) if captures.names(4) else VirglRendererCapsetVenus.zeros().pack()
    told = run("copy", "-", "152", *more, stdin=b"\1" + venus[1:])
    assert told.startswith(f"host {len(venus)} bytes, guest 152 bytes: 152 copied")
    refused = run("copy", "-", "153", *more, stdin=b"\1" + venus[1:], status=2)
    assert "virgl_renderer_capset_venus never had 153 bytes" in refused


def test_the_guest_s_bytes_alone(newest):
    command = [sys.executable, "-m", "capcodec", "copy", "-", "308", "--output", "-"]
    result = subprocess.run(command, input=newest, capture_output=True, cwd=BIN)
    assert (result.returncode, result.stdout) == (0, newest[:308])
