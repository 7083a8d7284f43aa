"""Names of formats, by release."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError
from capcodec.meaning.formats import format_name, format_number
from capcodec.meaning.releases import RELEASES

ORDER = [release.name for release in RELEASES]


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
