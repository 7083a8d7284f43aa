"""Which versions of OpenGL a guest gets: against what real Mesas made of the same capsets."""

from __future__ import annotations

import random

import pytest

from capcodec import ArgumentError, BufferAccessError, VirglCapsV1, VirglCapsV2, VirglRendererCapsetVenus, captures
from capcodec.meaning.formats import format_number
from capcodec.meaning.gl import gl
from capcodec.meaning.mesa import MESAS
from capcodec.vtest.installed_mesa import InstalledMesa
from differences import CAPTURES, PROFILES, broken_one_by_one, mixed, predicted
from mesa_guest import GL_VERSIONS, GL_VERSIONS_25, recorded_versions

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
NO_DISPLAY = (b"", bytes(4), bytes(64), bytes(VirglCapsV2.size))


@pytest.mark.parametrize("name", GL_VERSIONS)
def test_what_mesa_22_3_6_made_of_real_capsets(name):
    verdict = gl(captures.load(name.split()[0]), mesa="22.3.6", coherent=False)
    assert {profile: verdict.of(profile) for profile in PROFILES} == recorded_versions(GL_VERSIONS[name])


@pytest.mark.parametrize("name", GL_VERSIONS_25)
def test_what_mesa_25_0_7_made_of_real_capsets(name):
    verdict = gl(captures.load(name), mesa="25.0.7", coherent=True)
    assert {profile: verdict.of(profile) for profile in PROFILES} == recorded_versions(GL_VERSIONS_25[name])


def test_what_the_installed_mesa_makes_of_broken_capsets(mesa, default_socket):
    """A part of what tests/long/mesa_differences.py does: in every profile, the same."""
    crashed = 0
    with InstalledMesa(default_socket) as installed:
        installed.ask({2: NEWEST})
        assert installed.release == mesa
        for number, name in enumerate(CAPTURES):
            data = captures.load(name)
            cases = [*[*broken_one_by_one(data)][number::9], *mixed(data, random.Random(number), 40)]
            for what, blob in cases:
                answer, verdict = installed.ask({2: blob}), predicted(blob, installed)
                if answer.error.startswith("Mesa ends"):
                    assert verdict.overruns, what
                    crashed += 1
                else:
                    for profile in PROFILES:
                        assert answer.of(profile) == verdict.of(profile), (name, what, answer.error)
    assert crashed < 60


def test_what_memory_is_good_for():
    """The same host, with host-visible blobs and without: the most common reason for 4.3."""
    without_memory, with_memory = (gl(NEWEST, coherent=coherent) for coherent in (False, True))
    assert (without_memory.version, with_memory.version) == ((4, 3), (4, 5))
    assert (without_memory.coherent, with_memory.coherent) == (False, True)
    assert without_memory.missing[0].reason.startswith("ARB_BUFFER_STORAGE")
    assert with_memory.missing[0].version == (4, 6)


@pytest.mark.parametrize("blob", NO_DISPLAY, ids=len)
def test_no_display_at_all(blob):
    verdict = gl(blob)
    assert (verdict.version, verdict.core, verdict.compatibility, verdict.es) == (None, None, None, None)
    assert verdict.no_display.startswith("no format of a display is in sampler and render")
    assert not gl(NEWEST).no_display


@pytest.mark.parametrize("blob", NO_DISPLAY[1:], ids=len)
def test_no_display_for_the_installed_mesa(mesa, default_socket, blob):
    with InstalledMesa(default_socket) as installed:
        answer = installed.ask({2: blob})
    assert answer.error == "eglInitialize fails: there is no display"
    assert answer.strings == {}


def test_capset_1_alone():
    """From 4.1 to 4.0 with Mesa 25: its limits of textures are of capset 2."""
    assert [gl(NEWEST[:308], mesa=mesa.name).core for mesa in MESAS] == [(4, 1), (4, 0), (4, 0)]


def test_mesa_26_does_without_texture_buffers_until_4_0():
    caps = VirglCapsV2.unpack(NEWEST)
    caps.max_tbo_size = 0
    assert [gl(caps, mesa=mesa.name).core for mesa in MESAS] == [None, None, (3, 3)]


@pytest.mark.parametrize("name", ["R16G16B16A16_UNORM", "R16G16B16A16_FLOAT", "R32G32B32A32_FLOAT", "R8G8B8A8_UNORM"])
def test_mesa_26_counts_the_samples_of_wide_colors(name):
    """Asked of one format after the other, of all 512."""
    caps, number = VirglCapsV2.unpack(NEWEST), format_number(name, "1.3.0")
    caps.supported_multisample_formats.bitmask = [1 << number % 32 if word == number // 32 else 0 for word in range(16)]
    assert [gl(caps, mesa=mesa.name).core is not None for mesa in MESAS] == [name[1] == "8", name[1] == "8", True]


def test_a_nan_is_not_enough():
    caps = VirglCapsV2.unpack(NEWEST)
    caps.max_anisotropy = float("nan")
    assert "ARB_texture_filter_anisotropic" in [need.name for need in gl(caps).missing]


def test_what_it_takes():
    caps = VirglCapsV2.unpack(NEWEST)
    assert gl(caps) == gl(NEWEST) == gl(memoryview(NEWEST)) == gl(NEWEST, capset_id="virgl2")
    assert gl(VirglCapsV1.unpack(NEWEST[:308])) == gl(NEWEST[:308])
    with pytest.raises(ArgumentError, match="OpenGL needs capset 1 or 2, and this is virgl_renderer_capset_venus"):
        gl(VirglRendererCapsetVenus.zeros())
    with pytest.raises(ArgumentError, match="and this is virgl_video_caps"):
        gl(caps.video_caps[0])
    with pytest.raises(ArgumentError, match="OpenGL needs capset 1 or 2, and this is venus"):
        gl(NEWEST, capset_id=4)
    with pytest.raises(ArgumentError, match="this has the size of virgl_renderer_capset_venus; say which it is"):
        gl(captures.load("virglrenderer-1.3.0-venus.capset4.bin"))
    with pytest.raises(BufferAccessError):
        gl("text")


@pytest.mark.parametrize("name", ["", "21.0", "25", "25.01", "mesa", None, 25.0])
def test_mesas_that_are_not_known(name):
    words = "are not known; those of 22.3, 25.0, 26 are" if isinstance(name, str) else "expected the name of a version"
    with pytest.raises(ArgumentError, match=words):
        gl(NEWEST, mesa=name)
