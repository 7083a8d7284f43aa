"""The lines that show a capset to a person."""

from __future__ import annotations

import pytest

from capcodec import VirglCapsV2, VirglRendererCapsetDrm, captures, define
from capcodec.meaning import describe
from capcodec.registry import CAPSETS
from capcodec.schema import char, f32, struct, u8, u32

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def shown(caps, releases=None) -> dict[str, str]:
    return {field.path: words for field, words in describe.lines(caps, releases)}


def test_a_real_capset():
    found = shown(VirglCapsV2.unpack(NEWEST), ["1.3.0"])
    assert found["v1.max_samples"] == "4"
    assert found["v1.prim_mask"].startswith("0x7c7f POINTS LINES ")
    assert " set: B8G8R8A8_UNORM " in found["v1.sampler.bitmask"]
    assert found["v1.depthstencil.bitmask"] == "none set"
    assert found["v1.bset"].startswith("indep_blend_enable indep_blend_func ")
    assert found["max_aliased_point_size"] == "255"
    assert found["renderer"].startswith("'LLVMPIPE")
    assert found["max_atomic_counters"].startswith("VERTEX=")
    assert found["sample_locations"].startswith("2=(")
    assert found["video_caps"] == "32 of 32 elements are zero"


def test_only_what_arrived_whole():
    found = shown(VirglCapsV2.unpack(NEWEST[:690]))
    assert "scanout.bitmask" in found
    assert "capability_bits_v2" not in found
    assert shown(VirglCapsV2.unpack(b"")) == {}
    masks = ["v1.sampler.bitmask", "v1.render.bitmask", "v1.depthstencil.bitmask", "v1.vertexbuffer.bitmask"]
    cut = list(shown(VirglCapsV2.unpack(NEWEST[:262])))  # half of the 32 bits of bset
    assert cut[:5] == ["v1.max_version", *masks]
    assert len(cut[5:]) == 16
    assert all(path.startswith("v1.bset.") for path in cut[5:])


def test_elements_of_arrays():
    caps = VirglCapsV2.unpack(NEWEST)
    caps.video_caps[3].max_width = 4096
    caps.video_caps[3].profile = 9
    found = shown(caps)
    assert found["video_caps[3]"].startswith("profile=AVC_BASELINE entrypoint=UNKNOWN max_level=0 ")
    assert " max_width=4096 " in found["video_caps[3]"]
    assert found["video_caps"] == "31 of 32 elements are zero"


def test_names_are_those_of_the_releases():
    caps = VirglCapsV2.zeros()
    caps.sampler.bitmask[5] = 1 << 6
    assert shown(caps, ["1.0.1"])["v1.sampler.bitmask"] == "1 set: NV12"
    assert shown(caps, ["1.3.0"])["v1.sampler.bitmask"] != "1 set: NV12"
    assert shown(caps)["v1.sampler.bitmask"] == "1 set: 166"  # it was renamed, so it has no one name


def test_numbers_without_names_are_ranges():
    caps = VirglCapsV2.zeros()
    caps.sampler.bitmask[15] = 0xFF000001
    caps.sampler.bitmask[0] = 2
    assert shown(caps, ["1.3.0"])["v1.sampler.bitmask"].endswith(" 504-511")
    caps.capability_bits_v2 = 0xF0000001
    assert shown(caps)["capability_bits_v2"] == "0xf0000001 BLEND_EQUATION 28-31"
    caps.capability_bits_v2 = 0xA0000000
    assert shown(caps)["capability_bits_v2"] == "0xa0000000 29 31"
    caps.capability_bits_v2 = 0
    assert shown(caps)["capability_bits_v2"] == "0x0"


def test_a_union():
    caps = VirglRendererCapsetDrm.zeros()
    caps.context_type = 3
    caps["u.intel.pci_bus"] = 7
    found = shown(caps)
    assert found["u.intel.pci_bus"] == "7"
    assert not any(path.startswith(("u.msm", "u.amdgpu")) for path in found)
    caps.context_type = 9
    found = shown(caps)
    assert found["u"].startswith("07 00 00 00 ")
    assert found["u"].endswith(", of no known member")


def test_a_struct_of_ones_own():
    inner = struct("inner", u32("on:1"), u32("off:1"), u32(":30"))
    pair = struct("pair", u8("low"), u8("high"))
    made = define(struct("my_caps", f32("limits[2]"), char("name[4]"), pair("pairs[2]"), inner("switch"), u32("n[2]")))
    caps = made(limits=[0.1, 2.0], name=b"ab", n=[1, 2])
    caps["pairs[1].high"] = 3
    caps["switch.on"] = 1
    assert shown(caps) == {
        "limits": "0.100000001 2",
        "name": "'ab'",
        "pairs[1]": "low=0 high=3",
        "pairs": "1 of 2 elements are zero",
        "switch.on": "1",
        "switch.off": "0",
        "n": "1 2",
    }


def test_arrays_of_arrays():
    made = define(struct("my_arrays", u32("flat[2][2]"), u8("deep[2][1][2]"), char("names[2][4]")))
    caps = made(flat=[[1, 123456789], [3, 4]], deep=[[[1, 2]], [[3, 4]]], names=[b"a", b"b"])
    found = shown(caps)
    assert found["flat"] == "(1,123456789)(3,4)"
    assert found["deep"] == "(1 2)(3 4)"
    assert found["names"] == "b'a' b'b'"


@pytest.mark.parametrize("capset", CAPSETS.values(), ids=lambda capset: capset.name)
def test_every_size_of_every_capset(capset):
    for cls in (capset.cls, *capset.cls.variants.values()):
        for fill in (b"\0", b"\xff", b"\x01"):
            for size in range(0, cls.size + 1, max(1, cls.size // 12)):
                caps = cls.unpack(fill * size)
                ends = [field.end for field, words in describe.lines(caps) if words is not None]
                assert all(end <= size for end in ends)
