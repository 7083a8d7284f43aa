"""Changes to a capset."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError, CapcodecError, VirglCapsV2, captures
from capcodec.cli import edit

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def test_edits():
    caps = VirglCapsV2.unpack(NEWEST)
    given = [("set", "max_compute_grid_size=1,0x2,3"), ("set", "min_texel_offset=-9"), ("set", "max_anisotropy=2.5")]
    given += [("set", "renderer=gpu"), ("clear", "capability_bits.COPY_IMAGE"), ("set", "capability_bits_v2.SSO=0")]
    given += [
        ("set", "bset.has_fp64=0"),
        ("clear", "video_caps"),
        ("clear", "v1.sampler"),
        ("set", "scanout.bitmask[3]=7"),
    ]
    edit.apply(caps, given)
    assert caps.max_compute_grid_size.tolist() == [1, 2, 3]
    assert (caps.min_texel_offset, caps.max_anisotropy, caps.renderer) == (-9, 2.5, b"gpu")
    before = VirglCapsV2.unpack(NEWEST)
    assert caps.capability_bits == before.capability_bits & ~(1 << 3)
    assert caps.capability_bits_v2 == before.capability_bits_v2 & ~(1 << 9)
    assert (caps.bset.has_fp64, caps.sampler.bitmask.bits(), caps.scanout.bitmask[3]) == (0, [], 7)
    edit.apply(caps, [("set", "capability_bits.COPY_IMAGE=1")])
    assert caps.capability_bits == before.capability_bits
    with pytest.raises(CapcodecError):
        edit.apply(caps, [("set", "max_samples=4294967296")])
    assert edit.resized(b"abc", 5) == b"abc\0\0"
    with pytest.raises(ArgumentError):
        edit.resized(b"", 1 << 17)
