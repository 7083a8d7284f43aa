"""Names of formats, by release, against the sheet compiled from every release's header."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from capcodec import ArgumentError
from capcodec.meaning.formats import format_name, format_names, format_number
from capcodec.meaning.releases import RELEASES
from recorded import DATA

ORDER = [release.name for release in RELEASES]
with (DATA / "virgl_formats.tsv").open() as file:
    SHEET = list(csv.DictReader(file, delimiter="\t"))


def sheet(release: str) -> dict[int, set[str]]:
    found = defaultdict(set)
    for row in SHEET:
        if ORDER.index(row["first_release"]) <= ORDER.index(release) <= ORDER.index(row["last_release"]):
            found[int(row["number"])].add(row["name"].removeprefix("VIRGL_FORMAT_"))
    return found


@pytest.mark.parametrize("release", ORDER)
def test_every_pair_of_every_release(release):
    expected = sheet(release)
    assert {number: set(names) for number, names in format_names(release).items()} == expected
    for number in range(512):
        name = format_name(number, release)
        assert set(name.split("/") if name else ()) == expected.get(number, set())
        for known in expected.get(number, ()):
            assert format_number(known, release) == format_number(f"VIRGL_FORMAT_{known}", release) == number


def test_numbers_that_moved():
    assert format_number("A1B5G5R5_UNORM", "1.0.0") == 262
    assert format_number("A1B5G5R5_UNORM") == format_number("A1B5G5R5_UNORM", "1.0.1") == 331
    assert format_name(262, "1.0.1") is None
    assert format_name(331, "1.0.0") is None
    assert "A4R4G4B4_UNORM" in format_name(266, "1.0.0")
    assert "A4R4G4B4_UNORM" not in format_name(266, "1.0.1")
    assert format_name(340, "1.0.1") == "A4R4G4B4_UNORM"


def test_names_that_changed():
    assert (format_name(166, "1.1.1"), format_name(166, "1.2.0")) == ("NV12", "Y8_U8V8_420_UNORM")
    assert format_name(14, "1.1.1") != format_name(14, "1.2.0")


def test_windows():
    """Of several releases, a name only if it is the same in all."""
    assert format_name(166, ["1.0.1", "1.1.1"]) == "NV12"
    assert format_name(166, ["1.1.1", "1.2.0"]) is None
    assert format_name(1, ORDER) == format_name(1) == "B8G8R8A8_UNORM"
    assert format_name(166) is format_name(511) is format_name(10**9) is None
    assert format_name(262) == "A16L16_UNORM"  # in all releases that have the number, some of which have another too
    assert format_name(470) == format_name(470, "1.3.0")  # unknown to older ones, and nothing else there


def test_what_is_not_known():
    with pytest.raises(ArgumentError, match=r"no release '2\.0' is known"):
        format_name(1, "2.0")
    with pytest.raises(ArgumentError, match=r"virglrenderer 0\.7\.0 has no format 'A1B5G5R5_UNORM'"):
        format_number("A1B5G5R5_UNORM", "0.7.0")
