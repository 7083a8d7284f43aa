"""What a host would have to send for a version: a real Mesa agrees that it is enough."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError, VirglCapsV2, captures
from capcodec.meaning.gl import VERSIONS, gl
from capcodec.meaning.gl_wanted import wanted
from capcodec.vtest.installed_mesa import InstalledMesa

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
HOSTS = (*captures.names(1), *captures.names(2))
REACHED = [
    ("core", (3, 1)),
    ("core", (4, 3)),
    ("core", (4, 6)),
    ("compatibility", (4, 6)),
    ("es", (3, 0)),
    ("es", (3, 2)),
]


@pytest.mark.parametrize("name", HOSTS)
def test_the_changes_are_enough(name):
    data = captures.load(name)
    for profile, version in REACHED:
        found = wanted(data, version, profile=profile)
        assert not found.beyond
        assert gl(found.caps.pack()[: found.size], capset_id=2).of(profile) >= version
        assert bool(found.changes) == ((gl(data).of(profile) or (0, 0)) < version)


def test_the_installed_mesa_agrees(mesa, default_socket):
    with InstalledMesa(default_socket) as installed:
        installed.ask({2: NEWEST})
        options = {"mesa": installed.version, "coherent": installed.coherent}
        for profile, versions in VERSIONS.items():
            highest = [v for v in versions if not wanted(b"", v, profile=profile, **options).beyond][-1]
            for name in HOSTS:
                found = wanted(captures.load(name), highest, profile=profile, **options)
                answer = installed.ask({2: found.caps.pack()[: found.size]})
                assert (answer.of(profile) or (0, 0)) >= highest, (name, profile, answer.error)


def test_what_is_beyond_a_host():
    found = wanted(NEWEST, (4, 6), coherent=False)
    assert [need.name for need in found.beyond] == ["ARB_buffer_storage"]
    assert [change.path for change in found.changes] == ["v1.glsl_level", "capability_bits_v2"]
    assert [need.name for need in wanted(NEWEST, (4, 6), mesa="22.3").beyond] == ["ARB_gl_spirv before 25.0"]


def test_how_many_bytes():
    assert wanted(NEWEST, (4, 5)).size == len(NEWEST)
    last = VirglCapsV2.layout.resolve("max_texture_cube_size")  # Mesa 25.0 wants it for 4.1
    assert wanted(NEWEST[:308], (4, 3)).size == last.end


@pytest.mark.parametrize(
    ("version", "profile"), [((4, 7), "core"), ((2, 0), "core"), ((3, 0), "gles"), ("4.6", "core")]
)
def test_versions_that_there_are_not(version, profile):
    with pytest.raises(ArgumentError, match=r"there is no OpenGL .*; there are core 3\.1, .* es 3\.2"):
        wanted(NEWEST, version, profile=profile)
