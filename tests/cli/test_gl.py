"""The OpenGL version of a guest, on the screen."""

from __future__ import annotations

import json

from capcodec import captures
from command import run

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def test_gl(blob):
    output = run("gl", blob(NEWEST), "--no-coherent")
    assert output.startswith("OpenGL 4.3\n  4.4 needs ARB_BUFFER_STORAGE, with blob resources in host-visible memory\n")
    told = json.loads(run("gl", blob(NEWEST), "--json"))
    assert (told["version"], told["missing"][0]["version"]) == ("4.5", "4.6")
