"""Captures, with what their names tell."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError, VirglCapsV2, captures, identify
from capcodec.testing.captured import captured


def test_all_are_there_oldest_first():
    found = captured()
    assert sorted(capture.name for capture in found) == captures.names()
    releases = list(dict.fromkeys(capture.release for capture in found))
    assert releases == ["0.7.0", "0.8.2", "0.9.0", "0.9.1", "0.10.4", "1.0.1", "1.1.1", "1.3.0"]


def test_what_a_name_tells_is_what_the_bytes_tell():
    for capture in captured():
        assert capture.caps.capset_id == capture.capset_id or capture.caps.variant
        assert capture.caps.pack() == capture.data == captures.load(capture.name)
        if capture.capset_id == 2:
            assert capture.release in identify(capture.data, 2).releases or not identify(capture.data, 2).releases


def test_the_release_with_another_layout_is_decoded_by_it():
    (capture, _) = captured(2, ["0.9.0"])
    assert type(capture.caps) is VirglCapsV2.variants["0.9.0"]


def test_some():
    assert {capture.capset_id for capture in captured(1)} == {1}
    assert {capture.release for capture in captured(releases={"1.3.0"})} == {"1.3.0"}
    assert captured(2, []) == []
    for wrong in ("1.3.0", 1.3):
        with pytest.raises(ArgumentError, match="expected the names of releases"):
            captured(2, wrong)
    assert captured(2)[0].caps is not captured(2)[0].caps
