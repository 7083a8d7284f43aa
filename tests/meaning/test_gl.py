"""Which version of OpenGL a guest gets: against what a real Mesa made of the same capsets."""

from __future__ import annotations

import json

import pytest

from capcodec import ArgumentError, BufferAccessError, VirglCapsV1, VirglCapsV2, VirglRendererCapsetVenus, captures
from capcodec.meaning.gl import Verdict, gl
from command import run
from mesa_guest import GL_VERSIONS, version_of

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def shown(verdict: Verdict) -> str:
    return "{}.{}".format(*verdict.version)


@pytest.mark.parametrize("name", GL_VERSIONS)
def test_what_a_real_mesa_made_of_real_capsets(name):
    assert shown(gl(captures.load(name.split()[0]), coherent=False)) == version_of(GL_VERSIONS[name])


def test_what_memory_is_good_for():
    """The same host, with host-visible blobs and without: the most common reason for 4.3."""
    without_memory, with_memory = (gl(NEWEST, coherent=coherent) for coherent in (False, True))
    assert (without_memory.version, with_memory.version) == ((4, 3), (4, 5))
    assert without_memory.missing[0].reason.startswith("ARB_BUFFER_STORAGE")
    assert with_memory.missing[0].version == (4, 6)


def test_the_least():
    assert gl(b"").version == gl(bytes(VirglCapsV2.size)).version == (2, 0)
    assert {need.reason for need in gl(b"").missing} >= {"bset.has_fp64", "v1.glsl_level >= 460"}


def test_what_it_takes():
    caps = VirglCapsV2.unpack(NEWEST)
    assert gl(caps) == gl(NEWEST) == gl(memoryview(NEWEST))
    assert gl(VirglCapsV1.unpack(NEWEST[:308])) == gl(NEWEST[:308])
    with pytest.raises(ArgumentError, match="OpenGL needs capset 1 or 2, and this is virgl_renderer_capset_venus"):
        gl(VirglRendererCapsetVenus.zeros())
    with pytest.raises(ArgumentError, match="and this is virgl_video_caps"):
        gl(caps.video_caps[0])
    with pytest.raises(BufferAccessError):
        gl("text")


def test_on_the_command_line(tmp_path):
    path = tmp_path / "caps"
    path.write_bytes(NEWEST)
    output = run("gl", str(path), "--no-coherent")
    assert output.startswith("OpenGL 4.3\n  4.4 needs ARB_BUFFER_STORAGE, with blob resources in host-visible memory\n")
    told = json.loads(run("gl", str(path), "--json"))
    assert (told["version"], told["missing"][0]["version"]) == ("4.5", "4.6")
