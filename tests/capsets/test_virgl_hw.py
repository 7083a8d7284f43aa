"""What the history of virgl_hw.h says of flags, against real headers. Its steps are tested in test_virgl."""

from __future__ import annotations

import pytest

import real_headers
from capcodec import VirglCapsV2
from capcodec.capsets import virgl, virgl_hw
from capcodec.meaning.releases import RELEASES, in_release

WORDS = {"capability_bits": virgl.VIRGL_CAP, "capability_bits_v2": virgl.VIRGL_CAP_V2}

LEFT_OUT_BY_MESA = {("capability_bits_v2", 5, "DIFFERENT_GPU")}  # of 22.3


def flags(release: str) -> set[tuple[str, int, str]]:
    """Word, bit and name of the flags of a release."""
    return {
        (word, bit, name)
        for word, names in WORDS.items()
        for bit, name in names.items()
        if bit in VirglCapsV2.fields[word].flag_marks
        and in_release(VirglCapsV2.fields[word].flag_marks[bit].release, release)
    }


@pytest.mark.parametrize("header", real_headers.headers("**/virgl_hw.h"), indirect=True)
def test_a_real_header_has_the_flags_of_a_release(header):
    theirs = set()
    for name, value in real_headers.macros(header, "VIRGL_CAP_").items():
        if name != "VIRGL_CAP_NONE":
            word = "capability_bits_v2" if name.startswith("VIRGL_CAP_V2_") else "capability_bits"
            bit = (value & 0xFFFFFFFF).bit_length() - 1
            assert value & 0xFFFFFFFF == 1 << bit
            theirs.add((word, bit, name.removeprefix("VIRGL_CAP_").removeprefix("V2_")))
    if ("capability_bits", 19, "FAKE_FP64") in theirs:  # the older name of the same bit, which newer headers keep
        theirs.remove(("capability_bits", 19, "FAKE_FP64"))
        theirs.add(("capability_bits", 19, "HOST_IS_GLES"))
    if "mesa" in header.parts:
        theirs |= LEFT_OUT_BY_MESA
    differences = {release: sorted(theirs ^ flags(release)) for release in real_headers.releases_of(header, RELEASES)}
    nearest = min(differences, key=lambda release: len(differences[release]))
    assert not differences[nearest], f"of all releases {nearest} is nearest"


def test_flags_without_a_mark_are_the_newest():
    for marks, names in ((virgl_hw.VIRGL_CAP, virgl.VIRGL_CAP), (virgl_hw.VIRGL_CAP_V2, virgl.VIRGL_CAP_V2)):
        assert list(marks) == list(names)[: len(marks)]
        assert list(names) == list(range(len(names)))


@pytest.mark.parametrize("marks", [virgl_hw.VIRGL_CAP, virgl_hw.VIRGL_CAP_V2])
def test_a_flag_is_older_than_its_release(marks):
    dates = {release.name: release.date for release in RELEASES}
    for bit, mark in marks.items():
        assert mark.size is None
        assert not mark.release or mark.date <= dates[mark.release], bit


@pytest.mark.parametrize("history", [virgl_hw.VIRGL_CAPS_BOOL_SET1, virgl_hw.VIRGL_CAPS_V1, virgl_hw.VIRGL_CAPS_V2])
def test_marks_are_in_the_order_of_their_releases(history):
    """And what is not released yet stands last."""
    names = [*(release.name for release in RELEASES), ""]
    places = [names.index(mark.release) for mark in history.values()]
    assert places == sorted(places)
    for mark, place in zip(history.values(), places, strict=True):
        assert not mark.release or mark.date <= RELEASES[place].date
