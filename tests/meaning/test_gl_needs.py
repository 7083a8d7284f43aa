"""Needs of a capset, met and unmet, and the changes that meet them."""

from __future__ import annotations

import pytest

from capcodec import VirglCapsV2, captures, guest_view
from capcodec.meaning.formats import format_number
from capcodec.meaning.gl_needs import (
    ASTC,
    All,
    AtLeast,
    Bset,
    Either,
    Flag,
    Formats,
    GuestCaps,
    Need,
    Never,
    fetched,
    rendered,
    rendered_one,
    sampled,
    sampled_one,
)

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
NEEDS = [
    AtLeast("v1.max_viewports", 16),
    AtLeast("max_anisotropy", 16),
    Bset("has_fp64"),
    Flag("COPY_IMAGE"),
    Flag("BLEND_EQUATION", "capability_bits_v2"),
    sampled("R8_UNORM", "R16_UNORM"),
    sampled_one("A8B8G8R8_SRGB", "B8G8R8A8_SRGB"),
    rendered("R11G11B10_FLOAT"),
    rendered_one("A8B8G8R8_SRGB", "B8G8R8A8_SRGB"),
    fetched("R11G11B10_FLOAT"),
    Either(sampled("R8_SNORM"), Flag("TXQS")),
    All(Flag("QBO"), AtLeast("v1.max_tbo_size", 1)),
    Formats(("sampler",), *ASTC, words="all formats of ASTC"),
]


def seen(caps: VirglCapsV2) -> GuestCaps:
    return GuestCaps(guest_view(caps, VirglCapsV2.size, 2), True)


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.reason)
def test_changes_meet_a_need(need):
    caps = VirglCapsV2.guest_defaults()
    caps.host_feature_check_version = 23
    assert not need(seen(caps))
    for path, value in need.changes(seen(caps)).items():
        caps[path] = value
    assert need(seen(caps))


def test_a_real_host_meets_all_but_astc():
    assert [need(seen(VirglCapsV2.unpack(NEWEST))) for need in NEEDS] == [True] * 12 + [False]


def test_numbers_that_are_taken_for_negative():
    caps = VirglCapsV2.unpack(NEWEST)
    caps.max_render_targets = 1 << 31
    assert AtLeast("v1.max_render_targets", 4)(seen(caps))
    assert not AtLeast("v1.max_render_targets", 4, signed=True)(seen(caps))


def test_what_nothing_brings():
    never = Never("no host")
    assert not never(seen(VirglCapsV2.unpack(NEWEST)))
    assert never.changes(seen(VirglCapsV2.unpack(NEWEST))) is None
    assert All(Flag("QBO"), never).changes(seen(VirglCapsV2.zeros())) is None
    with pytest.raises(NotImplementedError):
        Need("nothing")(seen(VirglCapsV2.zeros()))


def test_formats_keep_what_is_there():
    caps = seen(VirglCapsV2.unpack(NEWEST))
    number = format_number("ASTC_4x4")
    ((path, word),) = caps.with_formats("sampler", ("ASTC_4x4",)).items()
    before = VirglCapsV2.unpack(NEWEST).sampler.bitmask[number // 32]
    assert (path, word) == (f"sampler.bitmask[{number // 32}]", before | 1 << number % 32)


def test_samples():
    caps = VirglCapsV2.unpack(NEWEST)
    assert seen(caps).max_samples == 4
    for value, expected in ((0, 1), (1, 1), (2, 2), (3, 2), (15, 8), (64, 16)):
        caps.max_samples = value
        assert seen(caps).max_samples == expected
        assert seen(caps).fakes_samples == (value == 1)
    assert seen(VirglCapsV2.zeros()).max_samples == 0
