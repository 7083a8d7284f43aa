"""The extensions of a guest, on the screen."""

from __future__ import annotations

import json

from capcodec import VirglCapsV2, captures
from command import run

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def without(path: str) -> bytes:
    caps = VirglCapsV2.unpack(NEWEST)
    caps[path] = 0
    return caps.pack()


def test_what_brings_them(blob):
    output = run("gl", blob(without("capability_bits.COPY_IMAGE")), "--extensions")
    first, *lines = output.splitlines()
    assert first.startswith("extensions with Mesa 25.0.7: core ")
    assert "  - GL_ARB_copy_image (core, compatibility): capability_bits.COPY_IMAGE" in lines
    assert "  + GL_ARB_texture_view (core, compatibility): capability_bits.TEXTURE_VIEW" in lines
    assert "  + GL_OES_texture_view (ES): version >= 3.1; capability_bits.TEXTURE_VIEW" in lines


def test_as_json(blob):
    told = json.loads(run("gl", blob(NEWEST), "--extensions", "--json", "--mesa", "22.3", "--no-coherent"))
    assert (told["mesa"], told["coherent"]) == ("22.3.6", False)
    row = {"name": "GL_ARB_copy_image", "profile": "core", "there": True, "needs": "capability_bits.COPY_IMAGE"}
    assert row in told["extensions"]


def test_what_the_installed_mesa_lists(mesa, default_socket, blob):
    output = run("gl", blob(NEWEST), "--extensions", "--prove")
    assert output.startswith(f"extensions with Mesa {mesa}, as it says:\n")
    assert "  GL_ARB_copy_image (core, compatibility)\n" in output
    told = json.loads(run("gl", blob(without("capability_bits.COPY_IMAGE")), "--extensions", "--prove", "--json"))
    assert told["mesa"] == mesa
    assert "GL_ARB_copy_image" not in told["listed"]["core"]
    assert "GL_ARB_texture_view" in told["listed"]["core"]
    assert told["differs"] == {"core": [], "compatibility": [], "es": []}


def test_what_does_not_go_together(blob):
    assert "--want is for versions" in run("gl", blob(NEWEST), "--extensions", "--want", "4.6", status=2)
    assert "the rules of Mesa '27' are not known" in run("gl", blob(NEWEST), "--extensions", "--mesa", "27", status=2)
