"""Which way is less: said of every field, and kept by what is worked out of it."""

from __future__ import annotations

import struct

import pytest

from capcodec import BaselineError, VirglCapsV2, captures, define
from capcodec.fleet import Meet, baseline
from capcodec.registry import CAPSETS
from capcodec.schema import COMMON, EITHER, LARGER, SMALLER, common, own, u32
from capcodec.schema import struct as declare

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
V2 = VirglCapsV2.fields


@pytest.mark.parametrize("capset_id", [1, 2, 4])
def test_every_field_says_which_way_is_less(capset_id):
    cls = CAPSETS[capset_id].cls
    silent = [field.path for field in cls.layout.leaves() if field.doc and field.less is None]
    assert silent == []
    assert all(field.less.reason for field in cls.layout.leaves() if field.doc)


def test_less_is_inherited():
    inner = declare("inner", u32("a"), u32("b", less=LARGER))
    outer = define(declare("outer", inner("one[2]", less=SMALLER), u32("c")))
    assert outer.fields["one[1].a"].less is SMALLER
    assert outer.fields["one[1].b"].less is LARGER
    assert outer.fields["c"].less is None
    assert V2["bset.has_fp64"].less is COMMON
    assert V2["scanout.bitmask[3]"].less is COMMON
    assert V2["capability_bits.HOST_IS_GLES"].less is EITHER
    assert V2["capability_bits.COPY_IMAGE"].less is COMMON


def test_what_it_says_of_itself():
    assert repr(own("samples", "why")) == "<less is samples: why>"
    assert repr(common("why", "A")) == "<less is common: why>"


def both(*edits: dict[str, object]) -> VirglCapsV2:
    """The baseline of hosts that differ from the newest capture in these fields."""
    hosts = []
    for edit in edits:
        caps = VirglCapsV2.unpack(NEWEST)
        for path, value in edit.items():
            caps[path] = value
        hosts.append(caps)
    return baseline(hosts).caps


@pytest.mark.parametrize(
    ("path", "one", "other", "less"),
    [
        ("max_viewports", 8, 16, 8),
        ("min_texel_offset", -8, -32, -8),
        ("uniform_buffer_offset_alignment", 48, 64, 192),
        ("uniform_buffer_offset_alignment", 0, 64, 0),
        ("uniform_buffer_offset_alignment", (1 << 32) - 1, 1 << 31, 0),
        ("capability_bits.HOST_IS_GLES", 1, 0, 1),
        ("capability_bits_v2.DIFFERENT_GPU", 1, 0, 1),
        ("max_samples", 8, 4, 4),
        ("max_samples", 1, 3, 0),
        ("max_samples", 1, 8, 1),
        ("max_render_targets", 0xFFFFFFFF, 8, 0xFFFFFFFF),
        ("renderer", b"virgl", b"zink", b""),
        ("max_texture_3d_size", 0, 2048, 256),
        ("max_texture_2d_size", 0, 8192, 8192),
        ("max_anisotropy", float("nan"), 16.0, float("-inf")),
        ("min_smooth_point_size", float("nan"), 1.0, float("inf")),
        ("max_shader_storage_blocks[0]", 0x7FFFFFFF, 8, 8),
        ("max_shader_storage_blocks[0]", 0x7FFFFFFF, 18, 16),
    ],
)
def test_the_less_of_two(path, one, other, less):
    assert both({path: one}, {path: other})[path] == less == both({path: other}, {path: one})[path]


def test_places_of_samples_are_all_the_same_or_none():
    places = struct.unpack("<8I", NEWEST[V2["sample_locations"].offset : V2["sample_locations"].end])
    assert any(places)
    assert both({}, {"max_viewports": 1})["sample_locations"] == places
    assert both({}, {"sample_locations[1]": 7})["sample_locations"] == (0,) * 8


def video(*elements: tuple[int, int, int, int]) -> dict[str, object]:
    made: dict[str, object] = {"num_video_caps": len(elements)}
    for index, element in enumerate(elements):
        for name, value in zip(("profile", "entrypoint", "prefered_format", "max_width"), element, strict=True):
            made[f"video_caps[{index}].{name}"] = value
    return made


def test_video_is_matched():
    one = video((3, 1, 166, 4096), (1, 1, 166, 1920), (2, 1, 166, 64), (2, 1, 314, 64), (4, 4, 166, 64))
    other = video((1, 1, 166, 4096), (2, 1, 314, 64), (3, 1, 166, 2048))
    made = both(one, other)
    found = [(each.profile, each.prefered_format, each.max_width) for each in list(made.video_caps)[:3]]
    assert found == [(1, 166, 1920), (3, 166, 2048), (0, 0, 0)]
    assert made.num_video_caps == 2
    assert both(one, {"num_video_caps": 33}).num_video_caps == 0


def test_venus():
    masks = {0: [0] * 32, 1: [0b1101] + [0] * 31, 2: [0b0111] + [0] * 31}
    cls = CAPSETS[4].cls

    def host(mask: int, **fields: int):
        caps = cls.zeros()
        caps.vk_extension_mask1 = masks[mask]
        for name, value in fields.items():
            caps[name] = value
        return caps

    made = baseline(
        [host(1, wire_format_version=1, use_guest_vram=0), host(2, wire_format_version=1, use_guest_vram=1)]
    )
    assert made.caps.vk_extension_mask1[0] == 0b0101
    assert (made.caps.use_guest_vram, made.caps.wire_format_version) == (1, 1)
    assert baseline([host(0), host(1, vk_xml_version=1)]).caps.vk_extension_mask1[0] == 0b1101, "all are allowed"
    assert baseline([host(0), host(0, vk_xml_version=1)]).caps.vk_extension_mask1[0] == 0
    assert baseline([host(0, wire_format_version=1), host(0, wire_format_version=2)]).caps.wire_format_version == 0


def test_fields_of_which_nobody_has_said_it():
    drm = CAPSETS[6].cls
    host, other = drm.zeros(), drm.zeros()
    other.version_minor = 4
    assert baseline([host, drm.unpack(host.pack() + b"x")]).caps == host
    with pytest.raises(BaselineError, match=r"version_minor: hosts differ, .* which value promises less: b and a"):
        baseline({"b": host, "a": other})
    assert [each[:2] for each in Meet.of(other).excess(Meet.of(host))] == [("", "version_minor")]
