"""Which release made a capset: real ones, whose file names say, and what bounds the window."""

from __future__ import annotations

import pytest

from capcodec import (
    ArgumentError,
    BufferAccessError,
    VirglCapsV1,
    VirglCapsV2,
    captures,
    identify,
)
from capcodec.meaning.releases import RELEASES, size_in
from edited import edited

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


ORDER = [release.name for release in RELEASES]


def truth(name: str) -> str:
    return name.split("-")[1]


@pytest.mark.parametrize("name", captures.names(2) + captures.names(4))
def test_the_window_holds_the_true_release_and_at_most_two_others(name):
    found = identify(captures.load(name))
    assert truth(name) in found.releases
    last = max(ORDER.index(truth(other)) for other in captures.names())  # what came later may be as similar
    assert len([release for release in found.releases if ORDER.index(release) <= last]) <= 3
    assert found.evidence


@pytest.mark.parametrize("name", captures.names(1))
def test_capset_1_tells_less(name):
    """Its window holds the true release. Narrow it cannot be: releases years apart sent the very same bytes."""
    data = captures.load(name)
    found = identify(data)
    same = {truth(other) for other in captures.names(1) if captures.load(other) == data}
    assert same <= set(found.releases)
    assert found.releases[-1] == RELEASES[-1].name
    assert not found.ambiguous


def test_captures_of_capset_1_that_are_the_same():
    for driver in ("llvmpipe-gl", "softpipe-gles"):
        data = {
            release: captures.load(f"virglrenderer-{release}-{driver}.capset1.bin") for release in ("1.0.1", "1.3.0")
        }
        assert data["1.0.1"] == data["1.3.0"]


@pytest.mark.parametrize(
    "release", [release for release in RELEASES if size_in(VirglCapsV2, release.name)], ids=lambda release: release.name
)
def test_size_and_version_alone(release):
    """A capset of which nothing is set but what the release fixes."""
    size, version = size_in(VirglCapsV2, release.name), release.host_feature_check_version
    data = edited(bytes(VirglCapsV2.size), (0, 2), (556, version))
    if version and size >= 768:
        data = edited(data, (764, 32))
    same = [
        other.name
        for other in RELEASES
        if (size_in(VirglCapsV2, other.name), other.host_feature_check_version) == (size, version)
    ]
    assert list(identify(data[:size]).releases) == same


def test_what_it_takes():
    caps = VirglCapsV2.variants["0.9.0"].unpack(captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin"))
    assert identify(caps).likeliest == "0.9.0"
    assert identify(memoryview(NEWEST)).releases == identify(NEWEST, "virgl2").releases
    assert VirglCapsV1.unpack(NEWEST[:308]).pack() == NEWEST[:308]
    with pytest.raises(
        ArgumentError, match="releases are told by capsets 1, 2 and 4, and this is virgl_renderer_capset_apir"
    ):
        identify(bytes(24), 10)
    with pytest.raises(ArgumentError, match="160 bytes may be of capset 4 venus, 6 drm"):
        identify(bytes(160))
    assert identify(captures.load("virglrenderer-1.3.0-venus.capset4.bin")).capset_id == 4
    with pytest.raises(ArgumentError, match="and this is virgl_renderer_capset_drm"):
        identify(edited(bytes(160), (4, 1), (16, 1)))
    with pytest.raises(BufferAccessError, match="expected the bytes of one, got int 3"):
        identify(3)
    told = identify(NEWEST).as_dict()
    assert told["releases"] == ["1.1.1", "1.2.0", "1.3.0"]
    assert told["evidence"][0] == {
        "rule": "size",
        "field": "",
        "seen": 1408,
        "releases": ["1.1.1", "1.2.0", "1.3.0"],
        "text": "size 1408: as much as the host has: 1.1.1 to 1.3.0",
    }
