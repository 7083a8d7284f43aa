"""Which fields of an instance are compared and shown."""

from __future__ import annotations

import pytest

from capcodec import UnknownFieldError, VirglCapsV1, VirglCapsV2, VirglRendererCapsetDrm, captures
from capcodec.meaning.walk import all_flags, bits_in, bits_of, flag, format_masks, layout_in, units

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def test_bits_of():
    assert bits_of([]) == bits_of([0, 0]) == []
    assert bits_of([0x80000001, 0, 2]) == [0, 31, 65]


def test_flags():
    bits = VirglCapsV2.fields["capability_bits"]
    assert (flag(bits, "TGSI_INVARIANT"), flag(bits, "ARB_BUFFER_STORAGE")) == (1, 1 << 31)
    with pytest.raises(UnknownFieldError, match=r"capability_bits .* has no flag 'ARB_BUFFER_STORE'"):
        flag(bits, "ARB_BUFFER_STORE")
    with pytest.raises(UnknownFieldError, match="has no flag 'COPY_IMAGE'"):
        flag(VirglCapsV2.fields["max_samples"], "COPY_IMAGE")


def test_format_masks():
    of_1 = ["sampler", "render", "depthstencil", "vertexbuffer"]
    of_2 = ["supported_readback_formats", "scanout", "supported_multisample_formats"]
    caps = VirglCapsV2.unpack(NEWEST)
    masks = dict(format_masks(caps))
    assert list(masks) == [f"v1.{name}" for name in of_1] + of_2
    assert all(bits_in(mask) == caps[path].bitmask.bits() for path, mask in masks.items())
    assert [path for path, _ in format_masks(VirglCapsV1.unpack(NEWEST[:308]))] == of_1
    end = caps.fields["scanout"].end
    assert [path for path, _ in format_masks(VirglCapsV2.unpack(NEWEST[: end - 1]))][-1] == of_2[0]


def test_units_cover_all_fields_once():
    """Every byte that a field of capset 2 covers is in one unit."""
    caps = VirglCapsV2.unpack(NEWEST)
    found = list(units(caps))
    assert [unit.path for unit in found[:6]] == [
        *("v1.max_version", "v1.sampler.bitmask", "v1.render.bitmask", "v1.depthstencil.bitmask"),
        *("v1.vertexbuffer.bitmask", "v1.bset"),
    ]
    masks = [(1 << (unit.bits or 8 * unit.size)) - 1 << 8 * unit.offset + unit.shift for unit in found]
    assert sum(masks) == (1 << 8 * caps.size) - 1
    assert list(units(VirglCapsV2.zeros(380))) != []  # whether they arrived or not
    assert len(list(units(VirglCapsV2.zeros(380)))) == len(found)


@pytest.mark.parametrize(("kind", "member"), [(1, "msm"), (2, "amdgpu"), (3, "intel")])
def test_units_of_a_union(kind, member):
    caps = VirglRendererCapsetDrm.zeros()
    caps.context_type = kind
    paths = [unit.path for unit in units(caps) if unit.path.startswith("u")]
    assert paths
    assert all(path.startswith(f"u.{member}.") for path in paths)
    inner = layout_in(caps, caps.fields["u"])
    assert inner is not None
    assert list(inner.fields) == [member]


def test_units_of_a_union_that_nobody_selects():
    for caps in (VirglRendererCapsetDrm.zeros(), VirglRendererCapsetDrm.unpack(bytes(12))):
        assert [unit.path for unit in units(caps) if unit.path.startswith("u")] == ["u"]
        assert layout_in(caps, caps.fields["u"]) is None


def test_what_is_all_flags():
    assert all_flags(VirglCapsV1.fields["bset"].layout)
    assert not all_flags(VirglCapsV2.fields["video_caps"].layout)
