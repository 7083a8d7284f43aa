"""Numbers and names of formats, against the compiler's word on the headers of releases."""

from __future__ import annotations

import pytest

import real_headers
from capcodec.capsets.virgl_formats import FORMATS
from capcodec.meaning.formats import format_names
from capcodec.meaning.releases import RELEASES
from recorded import load

DIGESTS = load("virgl_formats_by_release.json")


def pairs(release: str) -> set[tuple[int, str]]:
    return {(number, name) for number, names in format_names(release).items() for name in names}


@pytest.mark.parametrize("release", DIGESTS)
def test_the_formats_of_every_release(release):
    """Their digest was made of gcc's numbers, from the header that the release's tag has."""
    assert real_headers.digest(pairs(release)) == DIGESTS[release]


@pytest.mark.parametrize("header", real_headers.headers("**/virgl_hw.h"), indirect=True)
def test_a_real_header_has_the_formats_of_a_release(header):
    theirs = real_headers.formats(header)
    differences = {release: sorted(theirs ^ pairs(release)) for release in real_headers.releases_of(header, RELEASES)}
    nearest = min(differences, key=lambda release: len(differences[release]))
    assert not differences[nearest], f"of all releases {nearest} is nearest"


@pytest.mark.parametrize("header", real_headers.headers("**/virgl_hw.h"), indirect=True)
def test_the_limit_of_a_real_header(header):
    theirs = real_headers.formats(header)
    release = next(release for release in RELEASES if pairs(release.name) == theirs)
    assert release.format_max == real_headers.members(header, "virgl_formats")["VIRGL_FORMAT_MAX"]


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_the_limit_is_above_all_but_emulated_formats(release):
    """No header has gaps at its end, and hosts use emulated formats only within themselves."""
    numbers = {number for number, name in pairs(release.name) if not name.endswith("_EMULATED")}
    assert release.format_max == max(numbers) + 1


def test_rows_are_in_order_and_fit_a_mask():
    assert [row[0] for row in FORMATS] == sorted(row[0] for row in FORMATS)
    assert len(set(FORMATS)) == len(FORMATS)
    assert all(0 <= number < 512 and name.isidentifier() for number, name, _, _ in FORMATS)
