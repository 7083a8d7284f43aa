"""Delta debugging, with a judge that is known; a real Mesa is asked in tests/cli/test_gl_proof.py."""

from __future__ import annotations

import random

import pytest

from capcodec import ArgumentError, VirglCapsV2, captures
from capcodec.vtest.proof import parts_between, smallest, with_parts

ONE = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
TWO = captures.load("virglrenderer-1.3.0-softpipe-gles.capset2.bin")


def test_all_parts_make_the_other_capset():
    """But for what is not of OpenGL: the renderer's name, video, memory."""
    parts = parts_between(ONE, TWO)
    made, other = VirglCapsV2.unpack(with_parts(ONE, parts)), VirglCapsV2.unpack(TWO)
    assert len(parts) > 100
    made.renderer, made.max_video_memory = other.renderer, other.max_video_memory
    assert made == other
    assert parts_between(ONE, ONE) == []


def test_what_parts_are_called():
    caps = VirglCapsV2.unpack(ONE)
    caps.max_viewports, caps.bset.has_fp64, caps["max_atomic_counters[1]"] = 3, 0, 9
    caps.capability_bits ^= 1 << 3
    caps.sampler.bitmask[0] ^= 1 << 1
    assert [part.text for part in parts_between(ONE, caps.pack())] == [
        "v1.sampler -B8G8R8A8_UNORM",
        "v1.bset.has_fp64 = 0",
        "v1.max_viewports = 3",
        "capability_bits -COPY_IMAGE",
        "max_atomic_counters[1] = 9",
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_the_smallest_set(count):
    parts = parts_between(ONE, TWO)
    needed = set(random.Random(count).sample(parts, count))
    asked = 0

    def enough(some):
        nonlocal asked
        asked += 1
        return needed <= set(some)

    assert set(smallest(parts, enough)) == needed
    assert asked < 40 * (count + 1)


def test_not_even_all():
    assert smallest(parts_between(ONE, TWO), lambda parts: False) is None


def test_capsets_of_two_sizes():
    with pytest.raises(ArgumentError, match="of the same size, got 1408 and 4 bytes"):
        parts_between(ONE, ONE[:4])
