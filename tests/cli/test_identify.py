"""Releases on the screen."""

from __future__ import annotations

import json

from capcodec import captures
from command import run

SWAPPED = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")


def test_identify(blob):
    output = run("identify", blob(SWAPPED))
    assert output.startswith("virglrenderer 0.9.0 or 0.9.1, likelier 0.9.0\ntheir layouts differ: ")
    assert "decode with VirglCapsV2[0.9.0] (--layout 0.9.0)\n  decode with VirglCapsV2\n" in output
    assert "  size 696: as much as the host has: 0.9.0 to 0.9.1\n" in output
    told = json.loads(run("identify", blob(SWAPPED), "--json"))
    assert (told["releases"], told["likeliest"]) == (["0.9.0", "0.9.1"], "0.9.0")
    assert "releases are told by capsets 1, 2 and 4" in run("identify", blob(bytes(24)), "--capset", "10", status=2)
