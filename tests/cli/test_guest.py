"""The guest's view on the screen."""

from __future__ import annotations

import json

from capcodec import VirglCapsV2, captures
from command import run

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
SWAPPED = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")


def test_guest(blob):
    output = run("guest", blob(SWAPPED))
    assert output.startswith(f"host 696 bytes, guest {VirglCapsV2.size} bytes: 696 copied\n")
    lines = {line.split()[1]: line for line in output.splitlines() if line.split()[:1] and line.split()[0].isdecimal()}
    assert "default" in lines["max_texture_samplers"]
    assert lines["renderer"].endswith("ignored")
    assert "v1.max_samples" not in lines
    assert "glsl_level_compatibility" in output
    assert " v1.max_samples " in run("guest", blob(SWAPPED), "--all")
    told = json.loads(run("guest", blob(NEWEST), "--json", "--size", "696", "--no-coherent"))
    assert (told["size"], told["copied"]) == (696, 696)
    assert told["fields"]["max_video_memory"] == {
        "value": None,
        "origin": "reinterpreted",
        "sent": 0,
        "rule": "video-memory",
        "reason": "The size of video memory counts only with VIRGL_CAP_V2_VIDEO_MEMORY",
    }
    assert told["derived"]["arb_buffer_storage"]["value"] is False
