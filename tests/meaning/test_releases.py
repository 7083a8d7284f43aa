"""The table of releases, against real hosts of these releases, and what a release derives from the layouts' history."""

from __future__ import annotations

from pathlib import Path

import pytest

import real_headers
from capcodec import ArgumentError, VirglCapsV1, VirglCapsV2, capset_for, captures
from capcodec.meaning.releases import RELEASES, in_release, release_named, size_in


@pytest.mark.parametrize("name", captures.names())
def test_a_real_host_sends_what_the_table_says(name):
    data, capset_id = captures.load(name), int(name.removesuffix(".bin")[-1])
    release = release_named(name.split("-")[1])
    cls = capset_for(capset_id)
    assert size_in(cls, release.name) == len(data)
    caps = cls.unpack(data)
    if capset_id == 2:
        assert getattr(caps, "host_feature_check_version", 0) == release.host_feature_check_version
    if capset_id < 4:
        assert max(*caps.sampler.bitmask.bits(), *caps.render.bitmask.bits()) < release.format_max
    if capset_id == 2 and caps.has_field("scanout") and "-gl" in name and caps.scanout.bitmask.bits():
        assert caps.scanout.bitmask.bits()[-1] < release.format_max


def test_releases_are_in_order():
    assert [release.date for release in RELEASES] == sorted(release.date for release in RELEASES)
    for field in ("host_feature_check_version", "format_max"):
        values = [getattr(release, field) for release in RELEASES]
        assert values == sorted(values)
    numbers = [tuple(map(int, release.name.split("."))) for release in RELEASES]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("name", ["virgl", "virgl2", "venus", "drm"])
@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_the_header_of_a_release_has_the_size(release, name):
    """Of tags of a clone, if one was given to fetch_headers."""
    cls = capset_for(name)
    header = Path(real_headers.ROOT, release.name, Path(cls.layout.schema.header).name)
    if not header.parent.is_dir() or not real_headers.ROOT:
        pytest.skip("no headers of a clone")
    size = 0
    if header.exists() and f"struct {cls.name} " in header.read_text():
        (size,) = real_headers.values(header, [f"sizeof(struct {cls.name})"]).values()
    assert size_in(cls, release.name) == size


def test_sizes_by_release():
    """Of some tags, as gcc compiles their headers."""
    sizes = {
        "0.6.0": 0, "0.7.0": 556, "0.8.0": 688, "0.9.0": 696, "0.9.1": 696, "0.10.1": 1372, "0.10.3": 1376,
        "1.0.0": 1384, "1.1.0": 1384, "1.1.1": 1408,
    }  # fmt: skip
    assert {release: size_in(VirglCapsV2, release) for release in sizes} == sizes
    assert {size_in(VirglCapsV1, release.name) for release in RELEASES} == {308}
    venus = {"0.9.0": 0, "0.9.1": 16, "0.10.0": 152, "0.10.3": 152, "0.10.4": 156, "1.0.0": 156, "1.0.1": 160}
    assert {release: size_in(capset_for("venus"), release) for release in venus} == venus


def test_a_variant_is_as_long_as_its_release():
    for variant in VirglCapsV2.variants.values():
        assert size_in(variant, "0.9.0") == size_in(VirglCapsV2, "0.9.0") == VirglCapsV2.variants["0.9.0"].size


def test_what_no_release_brought_is_in_none():
    newest = RELEASES[-1].name
    assert in_release(newest, newest)
    assert not in_release("", newest)
    assert not in_release("99.0", newest)
    assert in_release("0.9.1", "0.10.0")
    assert not in_release("0.10.0", "0.9.1")


def test_unknown_releases():
    with pytest.raises(ArgumentError, match=r"no release '0\.8' is known; there are 0\.2\.0, "):
        release_named("0.8")
    with pytest.raises(ArgumentError, match=r"no release \['0\.8'\] is known"):
        release_named(["0.8"])
    with pytest.raises(ArgumentError, match=r"no release '' is known"):
        in_release("0.8.0", "")
