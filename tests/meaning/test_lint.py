"""What is wrong with a capset: real ones trip no rule without cause, and how findings are told."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError, BufferAccessError, VirglCapsV1, VirglCapsV2, captures, lint
from capcodec.registry import CAPSETS
from edited import edited

V1 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset1.bin")
V2 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")

# Of real capsets, what is wrong with them: 0.9.0 swapped two words, and venus had no number for its format yet
REAL = {
    "virglrenderer-0.9.0-llvmpipe-gl.capset2.bin": ["swapped-words"],
    "virglrenderer-0.9.0-softpipe-gles.capset2.bin": ["swapped-words"],
    "virglrenderer-0.10.4-venus.capset4.bin": ["venus-not-filled"],
}


@pytest.mark.parametrize("name", captures.names())
def test_real_capsets(name):
    found = lint(captures.load(name), int(name.split("capset")[1][0]))
    assert [finding.rule for finding in found] == REAL.get(name, [])


def test_worst_first_and_both_of_two():
    found = lint(edited(V2, (0, 1), (764, 64), (856, 99)))
    assert [finding.severity for finding in found] == ["error", "error", "warning"]
    assert {finding.rule for finding in found} == {"sampler-overflow", "too-many-video-caps", "max-version"}


def test_what_it_takes():
    assert lint(VirglCapsV2.unpack(V2)) == ()
    assert [finding.rule for finding in lint(VirglCapsV1.unpack(V1), 2)] == ["capset1-as-capset2", "max-version"]
    assert lint(bytearray(V1)) == lint(memoryview(V1), "virgl") == ()
    with pytest.raises(ArgumentError, match="no known capset ever had 7 bytes"):
        lint(bytes(7))
    with pytest.raises(BufferAccessError):
        lint("text")


@pytest.mark.parametrize("capset", CAPSETS.values(), ids=lambda capset: capset.name)
def test_any_length_of_any_capset(capset):
    for size in range(0, capset.cls.size + 4, 3):
        for data in (bytes(size), b"\xff" * size):
            for finding in lint(data, capset.capset_id):
                assert finding.rule != "all-zero" or not any(data)
