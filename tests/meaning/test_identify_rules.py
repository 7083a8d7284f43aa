"""What in a capset tells its release: one capset at least for each rule."""

from __future__ import annotations

import pytest

from capcodec import VirglCapsV2, VirglRendererCapsetVenus, captures, identify
from capcodec.meaning import identify_rules
from capcodec.meaning.identify_rules import IDENTIFY_RULES
from capcodec.meaning.releases import RELEASES
from capcodec.schema import since, step
from edited import edited

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def texts(found) -> str:
    return "\n".join(clue.text for clue in found.evidence)


def test_a_build_between_two_releases():
    found = identify(edited(NEWEST, (556, 14)))
    assert found.releases == ()
    assert "host_feature_check_version 14: built after 0.10.3 and before 0.10.4: no release" in texts(found)
    assert str(found) == "no release of virglrenderer"
    highest = max(release.host_feature_check_version for release in RELEASES)
    found = identify(edited(NEWEST, (556, highest + 1)))
    later = f"host_feature_check_version {highest + 1}: built after {RELEASES[-1].name}: no release"
    assert later in texts(found)


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
    for cls in (VirglCapsV2, VirglRendererCapsetVenus):
        found = identify(cls.unpack(bytes(cls.size + 8)))
        assert found.releases == ()
        assert f"size {cls.size + 8}: newer than all up to {RELEASES[-1].name}: no release" in texts(found)


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
    assert "cut by a guest" in texts(identify(bytes(100), 4))
    found = identify(edited(bytes(160), (4, 1 << 22 | 4 << 12 | 303)), 4)
    assert found.releases[:3] == ("1.1.1", "1.2.0", "1.3.0")
    assert "vk_xml_version 1.4: published on 2024-12-02: 1.1.1 to " in texts(found)
    assert "vk_xml_version" not in texts(identify(edited(bytes(160), (4, 1 << 22 | 9 << 12)), 4))


def test_flags_that_no_release_has():
    """A mark without a release, or no mark at all, is newer than every release."""
    field = VirglCapsV2.fields["capability_bits_v2"]
    for mark in (None, step(1, "abcdef01", "2026-05-01")):
        bound = identify_rules._bound_by(field.path, "NEW", mark)
        assert (bound.releases.names, bound.why) == ((), f"newer than all up to {RELEASES[-1].name}")
    marks = [None, since("b", "2026-05-01"), since("a", "2020-01-01", "0.9.0"), since("c", "2021-01-01", "0.10.0")]
    assert [mark and mark.commit for mark in sorted(marks, key=identify_rules._age)] == ["a", "c", None, "b"]


def test_every_rule_has_told_something():
    """Each rule is in the evidence of one of the capsets of this file."""
    blobs = [
        (edited(bytes(780), (0, 2), (4 + 4 * 10, 1 << 11), (624, 2), (392, 1), (688, 1), (260, 1 << 19), (556, 12)), 2),
        (edited(bytes(308), (0, 2)), 1),
        (edited(bytes(160), (4, 1 << 22 | 4 << 12 | 303)), 4),
    ]
    told = {clue.rule for blob, capset_id in blobs for clue in identify(blob, capset_id).evidence}
    assert told == {rule.name for rule in IDENTIFY_RULES}
