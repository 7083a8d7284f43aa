"""Which release made a capset: real ones, whose file names say, and what bounds the window."""

from __future__ import annotations

import struct

import pytest

from capcodec import (
    ArgumentError,
    BufferAccessError,
    VirglCapsV1,
    VirglCapsV2,
    VirglRendererCapsetVenus,
    captures,
    identify,
)
from capcodec.meaning.releases import RELEASES, size_in

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def truth(name: str) -> str:
    return name.split("-")[1]


def edited(data: bytes, *words: tuple[int, int]) -> bytearray:
    made = bytearray(data)
    for offset, value in words:
        struct.pack_into("<I", made, offset, value)
    return made


@pytest.mark.parametrize("name", captures.names(2) + captures.names(4))
def test_the_window_holds_the_true_release_and_at_most_two_others(name):
    found = identify(captures.load(name))
    assert truth(name) in found.releases
    assert len(found.releases) <= 3
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


@pytest.mark.parametrize("driver", ["llvmpipe-gl", "softpipe-gles"])
def test_the_two_of_696_bytes(driver):
    swapped = identify(captures.load(f"virglrenderer-0.9.0-{driver}.capset2.bin"))
    straight = identify(captures.load(f"virglrenderer-0.9.1-{driver}.capset2.bin"))
    for found in (swapped, straight):
        assert found.releases == ("0.9.0", "0.9.1")
        assert found.ambiguous
        assert "words at 688 and 692" in found.reason
    assert (swapped.likeliest, straight.likeliest) == ("0.9.0", "0.9.1")
    broken = VirglCapsV2.variants["0.9.0"]
    assert swapped.decodings == (broken, VirglCapsV2)
    assert straight.decodings == (VirglCapsV2, broken)
    blobs = [captures.load(f"virglrenderer-{release}-{driver}.capset2.bin") for release in ("0.9.0", "0.9.1")]
    bits = [
        found.decodings[0].unpack(blob).capability_bits_v2
        for found, blob in zip((swapped, straight), blobs, strict=True)
    ]
    assert bits[0] == bits[1] != 0


@pytest.mark.parametrize(
    ("first", "second", "likeliest"),
    [
        (0x13, 0, "0.9.1"),
        (0, 0x13, "0.9.0"),
        (0x17, 512, "0.9.1"),
        (512, 0x17, "0.9.0"),
        (0, 0, None),
        (0x17, 0x14, None),  # few megabytes, or bits: who knows
        (0x1000, 0x1000, None),
    ],
)
def test_which_word_is_which(first, second, likeliest):
    data = captures.load("virglrenderer-0.9.1-llvmpipe-gl.capset2.bin")
    found = identify(edited(data, (688, first), (692, second)))
    assert found.ambiguous
    assert found.likeliest == likeliest
    assert set(found.decodings) == {VirglCapsV2, VirglCapsV2.variants["0.9.0"]}


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


def texts(found) -> str:
    return "\n".join(clue.text for clue in found.evidence)


def test_a_build_between_two_releases():
    found = identify(edited(NEWEST, (556, 14)))
    assert found.releases == ()
    assert "host_feature_check_version 14: built after 0.10.3 and before 0.10.4: no release" in texts(found)
    assert str(found) == "no release of virglrenderer"
    found = identify(edited(NEWEST, (556, 24)))
    assert "host_feature_check_version 24: built after 1.3.0: no release" in texts(found)


def test_what_a_guest_cut():
    """The size of a cut capset bounds its host from below only."""
    for size in (696, 900, 1376):
        found = identify(NEWEST[:size], 2)
        assert found.releases == ("1.1.1", "1.2.0", "1.3.0")
        assert f"size {size}: cut by a guest, from at least as much" in texts(found)
    assert "1.3.0" in identify(NEWEST[:380], 2).releases
    # As long as all of 0.7.0's, but with flags that came later
    found = identify(NEWEST[:556], 2)
    assert "1.3.0" in found.releases
    assert "0.7.0" not in found.releases
    assert "size 556: cut by a guest" in texts(found)


def test_longer_than_any():
    found = identify(NEWEST + bytes(8))
    assert found.releases == ()
    assert "size 1416: newer than all up to 1.3.0: no release" in texts(found)
    assert identify(VirglRendererCapsetVenus.unpack(bytes(164))).releases == ()


@pytest.mark.parametrize(
    ("words", "clue", "newest"),
    [
        ([(260, 1 << 19)], "v1.bset.color_clamping 1: no longer set since 2023-06: 0.2.0 to 0.10.4", "0.10.4"),
        ([(764, 64)], "max_texture_samplers 64: always 32 from 1.1.0 on: 0.2.0 to 1.0.1", "1.0.1"),
        ([(4 + 4 * 8, 1 << (260 - 256))], "sampler up to 260", "1.0.0"),  # a number that is no longer used
    ],
)
def test_bounds_from_above(words, clue, newest):
    found = identify(edited(bytes(780), (0, 2), (764, 32), *words), 2)
    assert clue in texts(found)
    assert found.releases[-1] == newest


@pytest.mark.parametrize(
    ("words", "clue", "oldest"),
    [
        ([(4 + 4 * 10, 1 << (331 - 320))], "sampler up to 331", "1.0.1"),
        ([(624 + 4 * 14, 1 << (470 - 448))], "scanout up to 470", "1.2.0"),
        ([(688, 1 << 17)], "capability_bits_v2 MIRROR_CLAMP: the bit came on 2024-01", "1.1.0"),
        ([(392, 1 << 31)], "capability_bits ARB_BUFFER_STORAGE", "0.8.0"),
        ([(260, 1 << 31)], "v1.bset.transform_feedback_overflow_query 1: the bit came on 2018-05-21", "0.7.0"),
    ],
)
def test_bounds_from_below(words, clue, oldest):
    found = identify(edited(bytes(780), (0, 2), (764, 32), *words), 2)
    assert clue in texts(found)
    older = {release.name for release in RELEASES[: [release.name for release in RELEASES].index(oldest)]}
    assert not older & set(found.releases)


def test_the_start_of_a_capset_2():
    found = identify(edited(bytes(308), (0, 2)), 1)
    assert found.releases[0] == "0.7.0"
    assert "max_version 2: the start of a capset 2" in texts(found)


def test_venus():
    assert identify(bytes(152), 4).releases == ("0.10.0", "0.10.1", "0.10.3")
    assert identify(edited(bytes(160), (4, 1 << 22 | 4 << 12 | 303)), 4).releases == ("1.1.1", "1.2.0", "1.3.0")
    assert "cut by a guest" in texts(identify(bytes(100), 4))


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
        "field": "",
        "seen": 1408,
        "releases": ["1.1.1", "1.2.0", "1.3.0"],
        "text": "size 1408: as much as the host has: 1.1.1 to 1.3.0",
    }
