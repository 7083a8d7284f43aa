"""The OpenGL versions of a guest, on the screen."""

from __future__ import annotations

import json

import pytest

from capcodec import captures
from capcodec.cli.gl import parsed
from command import run

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
OLD = captures.load("virglrenderer-0.8.2-llvmpipe-gl.capset2.bin")
VENUS = captures.load("virglrenderer-1.3.0-venus.capset4.bin")


def test_gl(blob):
    output = run("gl", blob(NEWEST), "--no-coherent")
    assert output.startswith("OpenGL 4.3\n  4.4 needs ARB_BUFFER_STORAGE, with blob resources in host-visible memory\n")
    assert "  core 4.3, compatibility 4.3, ES 3.2\n" in output
    assert output.endswith("  of Mesa 25.0 in a guest that cannot map host memory (--no-coherent)\n")
    told = json.loads(run("gl", blob(NEWEST), "--json"))
    assert (told["version"], told["missing"][0]["version"]) == ("4.5", "4.6")
    assert (told["core"], told["compatibility"], told["es"]) == ("4.5", "4.5", "3.2")
    assert (told["mesa"], told["coherent"]) == ("25.0", True)


def test_another_mesa(blob):
    told = [json.loads(run("gl", blob(NEWEST[:308]), "--json", "--mesa", mesa)) for mesa in ("22.3.6", "25.0")]
    assert [found["core"] for found in told] == ["4.1", "4.0"]
    assert "the rules of Mesa '19' are not known" in run("gl", blob(NEWEST), "--mesa", "19", status=2)


def test_no_display(blob):
    output = run("gl", blob(NEWEST[:64]))
    assert output.startswith("no OpenGL: no format of a display is in sampler and render")
    assert json.loads(run("gl", blob(NEWEST[:64]), "--json"))["version"] is None


def test_what_crashes_mesa(blob):
    data = bytearray(NEWEST)
    data[440:444] = (1000).to_bytes(4, "little")
    assert "max_shader_image_frag_compute = 1000: Mesa 25.0 has room for 32" in run("gl", blob(bytes(data)))


def test_another_capset(blob):
    refused = run("gl", blob(VENUS), status=2)
    assert "this needs capset 1 or 2, and " in refused
    assert refused.endswith(" has virgl_renderer_capset_venus, capset 4\n")
    assert run("gl", blob(NEWEST[:160]), "--capset", "2").startswith("OpenGL 2.1\n")


def test_want(blob):
    output = run("gl", blob(NEWEST), "--want", "4.6")
    assert output == (
        "OpenGL 4.6 core with Mesa 25.0 needs of the host:\n"
        "  v1.glsl_level: 450 -> 460\n"
        "  capability_bits_v2: +DRAW_PARAMETERS\n"
    )
    assert run("gl", blob(NEWEST), "--want", "es 3.2").endswith("the guest gets it as it is\n")
    output = run("gl", blob(OLD), "--want", "4.6", "--no-coherent")
    assert "at least 764 bytes, where it sends 688" in output
    assert "what no field of the host brings: ARB_BUFFER_STORAGE" in output
    told = json.loads(run("gl", blob(NEWEST), "--want", "4.6", "--json"))
    assert [change["path"] for change in told["changes"]] == ["v1.glsl_level", "capability_bits_v2"]


@pytest.mark.parametrize("text", ["", "4", "4.", ".6", "core", "4.6 core", "4.x", "4.66666666"])
def test_versions_that_are_none(blob, text):
    assert "expected a version such as 4.6" in run("gl", blob(NEWEST), f"--want={text or ' '}", status=2)


def test_versions():
    assert parsed("Compatibility 4.5") == ("compatibility", (4, 5))
    assert parsed("4.6") == ("core", (4, 6))


def test_what_does_not_go_with_prove(blob):
    for option in (["--want", "4.6"], ["--mesa", "26"], ["--no-coherent"]):
        assert "--prove asks the Mesa that is there" in run("gl", blob(NEWEST), "--prove", *option, status=2)
