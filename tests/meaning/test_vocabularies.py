"""Values in words: against the standards, and real capsets' known values."""

from __future__ import annotations

import random

import pytest

import real_headers
from capcodec import (
    CrossDomainCapabilities,
    VirglCapsV1,
    VirglCapsV2,
    VirglRendererCapsetDrm,
    VirglRendererCapsetVenus,
    captures,
    define,
)
from capcodec.meaning import describe, vulkan
from capcodec.meaning import vocabularies as words
from capcodec.meaning.vocabularies import VOCABULARIES, explain, is_set, meaning_of, named_members, set_of
from capcodec.registry import CAPSETS
from capcodec.schema import struct, u32

NEWEST = VirglCapsV2.unpack(captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin"))


def test_sample_locations_are_those_of_the_standard():
    """Direct3D's and Vulkan's standard pattern of 4 samples, which software drivers use."""
    told = meaning_of(VirglCapsV2.fields["sample_locations"], NEWEST.sample_locations)
    assert told["4"] == [[0.375, 0.125], [0.875, 0.375], [0.125, 0.625], [0.625, 0.875]]
    assert {count: len(places) for count, places in told.items()} == {"2": 2, "4": 4, "8": 8, "16": 16}
    # Of a word for each sample count: the lowest byte is the first sample, x above y
    told = words.sample_locations([0x0000F10F, 0, 0, 0x10000000, 0, 0, 0, 0xE0000000])
    assert told["2"] == [[0, 15 / 16], [15 / 16, 1 / 16]]
    assert (told["8"][7], told["16"][15], told["4"]) == ([1 / 16, 0], [14 / 16, 0], [[0, 0]] * 4)


def test_flags():
    field = VirglCapsV2.fields["capability_bits_v2"]
    assert meaning_of(field, 1 << 2 | 1 << 18 | 1 << 31) == ["VIDEO_MEMORY", "RESOURCE_LAYOUT", 31]
    assert set_of(field, 1 << 2 | 1 << 31) == 1 << 2 | 1 << 31
    assert named_members(field, 1 << 2 | 1 << 31) == ["VIDEO_MEMORY", 31]
    assert meaning_of(VirglCapsV1.fields["prim_mask"], 0x7C7F)[-1] == "PATCHES"
    assert meaning_of(CrossDomainCapabilities.fields["supported_channels"], 1 << 1 | 1 << 0x10) == [
        "WAYLAND",
        "PIPEWIRE",
    ]


def test_stages_in_gallium_s_order():
    told = meaning_of(VirglCapsV2.fields["max_const_buffer_size"], [1, 2, 3, 4, 5, 6])
    assert told == {"VERTEX": 1, "FRAGMENT": 2, "GEOMETRY": 3, "TESS_CTRL": 4, "TESS_EVAL": 5, "COMPUTE": 6}


def test_formats_by_release():
    field = VirglCapsV2.fields["v1.sampler.bitmask"]
    mask = [0] * 16
    mask[166 // 32] |= 1 << 166 % 32
    mask[15] |= 1 << 31
    assert meaning_of(field, mask, "1.0.1") == ["NV12", 511]
    assert meaning_of(field, mask) == [166, 511]
    assert set_of(field, mask) == 1 << 166 | 1 << 511
    assert named_members(field, set_of(field, mask), ["1.2.0", "1.3.0"]) == ["Y8_U8V8_420_UNORM", 511]
    assert not is_set(VirglCapsV2.fields["max_samples"])


def test_video():
    caps = VirglCapsV2.zeros()
    caps["video_caps[2].profile"], caps["video_caps[2].entrypoint"], caps["video_caps[2].prefered_format"] = 13, 1, 1
    told = explain(caps, "1.3.0")
    assert told["video_caps[2].profile"] == "AVC_HIGH"
    assert told["video_caps[2].entrypoint"] == "BITSTREAM"
    assert told["video_caps[2].prefered_format"] == "B8G8R8A8_UNORM"
    assert meaning_of(caps.fields["video_caps[0].profile"], 25) == "AV1_MAIN"
    assert meaning_of(caps.fields["video_caps[0].profile"], 27) == 27
    shown = {field.path: text for field, text in describe.lines(caps, ["1.3.0"])}
    assert "profile=AVC_HIGH entrypoint=BITSTREAM" in shown["video_caps[2]"]


@pytest.mark.parametrize("header", real_headers.headers("**/p_video_enums.h"), indirect=True)
@pytest.mark.parametrize("name", ["profile", "entrypoint"])
def test_video_has_the_names_of_a_real_mesa(header, name):
    """Newer ones have more. The header's longer names say of which standard a codec is."""
    ours = VOCABULARIES[f"pipe_video_{name}"]
    theirs = real_headers.members(header, f"pipe_video_{name}")
    theirs.pop("PIPE_VIDEO_PROFILE_MAX", None)
    assert len(theirs) > 5
    for full, number in theirs.items():
        assert full == f"PIPE_VIDEO_{name.upper()}_" + "MPEG4_" * ("_AVC_" in full) + ours(number, None)


def test_vulkan():
    assert vulkan.version(1 << 22 | 3 << 12 | 228) == "1.3.228"
    assert vulkan.version(1 << 29 | 1 << 22) == "1.0.0 (variant 1)"
    names = vulkan.EXTENSION_NAMES
    assert (names[2], names[70], names[385]) == ("VK_KHR_swapchain", "VK_KHR_maintenance1", "VK_MESA_venus_protocol")
    assert len(set(names.values())) == len(names)
    assert vulkan.extension_numbers([0b101, 1 << 31]) == [2, 63]
    assert vulkan.extension_numbers([0b100]) is None
    assert vulkan.extension_numbers([1, 0]) == []


@pytest.mark.parametrize("name", captures.names(4))
def test_venus(name):
    told = explain(VirglRendererCapsetVenus.unpack(captures.load(name)))
    extensions = told["vk_extension_mask1"]
    assert "VK_KHR_swapchain" not in extensions
    assert {"VK_KHR_maintenance1", "VK_MESA_venus_protocol"} <= set(extensions)
    assert all(isinstance(extension, str) for extension in extensions)  # the registry is newer than any host
    assert told["vk_xml_version"] == {"0.10.4": "1.3.228", "1.3.0": "1.4.334"}[name.split("-")[1]]
    field = VirglRendererCapsetVenus.fields["vk_extension_mask1"]
    assert meaning_of(field, [2] + [0] * 31) == "all"
    assert describe.in_words(field, [2] + [0] * 31) == "all"


def test_drm():
    caps = VirglRendererCapsetDrm.zeros()
    caps.context_type = 1
    caps["u.msm.has_raytracing"], caps["u.msm.has_preemption"] = 1, 0xFFFFFFFF
    shown = {field.path: text for field, text in describe.lines(caps)}
    assert (shown["u.msm.has_raytracing"], shown["u.msm.has_preemption"]) == ("True", "False")
    assert shown["context_type"] == "MSM"
    assert not [path for path in shown if path.startswith(("u.amdgpu", "u.intel"))]
    caps["u.msm.has_raytracing"] = 0
    assert {field.path: text for field, text in describe.lines(caps)}["u.msm.has_raytracing"] == "unknown"
    caps.context_type = 4
    shown = {field.path: text for field, text in describe.lines(caps)}
    assert shown["context_type"] == "ASAHI"
    assert shown["u"].endswith("of no known member")


def test_ones_own_vocabulary(monkeypatch):
    cls = define(struct("mine", u32("colour", meaning="colours"), u32("other", meaning="nobody's")))
    caps = cls(bytes([2, 0, 0, 0, 5, 0, 0, 0]))
    assert explain(caps) == {"colour": 2, "other": 5}
    monkeypatch.setitem(VOCABULARIES, "colours", lambda value, releases: ["red", "green", "blue"][value])
    assert explain(caps) == {"colour": "blue", "other": 5}


def test_explain_tells_what_arrived():
    told = explain(VirglCapsV2.unpack(NEWEST.pack()[:400]), "1.3.0")
    assert "capability_bits" in told
    assert "sample_locations" not in told
    assert "B8G8R8A8_UNORM" in told["v1.sampler.bitmask"]


@pytest.mark.parametrize("capset", CAPSETS.values(), ids=lambda capset: capset.name)
def test_any_bytes_have_words(capset):
    rng = random.Random(7)
    for _ in range(20):
        data = rng.randbytes(rng.randint(0, capset.cls.size + 5))
        caps = capset.cls.unpack(data)
        assert all(text for _, text in describe.lines(caps))
        explain(caps)
