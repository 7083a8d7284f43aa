"""Where Mesa's driver uses other values than a capset says: one test for each rule, and all rules on real capsets."""

from __future__ import annotations

import re
import struct

import pytest

import real_headers
from capcodec import VirglCapsV2, captures, guest_view
from capcodec.meaning.mesa_rules import MESA_RULES
from edited import edited

HFCV = 556  # offset of host_feature_check_version
NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
V2 = captures.names(2)


def word(data: bytes, offset: int) -> int:
    return struct.unpack_from("<I", data.ljust(VirglCapsV2.size, b"\0"), offset)[0]


def of_host(*words: tuple[int, int]) -> bytes:
    """The bytes of a real host, with some words replaced, by offset."""
    return edited(NEWEST, *words)


def seen(data: bytes, path: str, **options):
    view = guest_view(data, capset_id=2, **options)
    return view.derived.get(path) or view[path]


def reinterpreted(data: bytes, path: str):
    """The value, where a rule made it another than the bytes say; else None."""
    found = seen(data, path)
    return found.value if found.origin == "reinterpreted" else None


def bits(*numbers: int) -> int:
    return sum(1 << number for number in numbers)


def test_texture_2d_size():
    assert reinterpreted(NEWEST, "max_texture_2d_size") is None
    assert reinterpreted(of_host((484, 0)), "max_texture_2d_size") == 16384
    assert reinterpreted(NEWEST[:484], "max_texture_2d_size") == 16384


def test_texture_3d_levels():
    assert reinterpreted(of_host((488, 2048)), "max_texture_3d_size") is None
    assert reinterpreted(of_host((488, 0)), "max_texture_3d_size") == 256
    assert reinterpreted(of_host((488, 3000)), "max_texture_3d_size") == 2048


def test_texture_cube_levels():
    assert reinterpreted(of_host((492, 16384)), "max_texture_cube_size") is None
    assert reinterpreted(of_host((492, 0)), "max_texture_cube_size") == 4096
    assert reinterpreted(of_host((492, 5000)), "max_texture_cube_size") == 4096


@pytest.mark.parametrize(("path", "offset"), [("supported_readback_formats.bitmask", 560), ("scanout.bitmask", 624)])
def test_readback_and_scanout_formats(path, offset):
    sampler = list(struct.unpack_from("<16I", NEWEST, 4))
    assert reinterpreted(of_host((offset, 2)), path) is None
    assert reinterpreted(of_host(*((offset + 4 * i, 0) for i in range(16))), path) == sampler
    assert reinterpreted(NEWEST[:offset], path) == sampler


def test_renderer_name():
    assert seen(NEWEST, "renderer").value.startswith(b"LLVMPIPE")
    found = seen(of_host((HFCV, 4)), "renderer")
    assert (found.value, found.origin, found.rule) == (None, "reinterpreted", "renderer-name")
    assert found.sent.startswith(b"LLVMPIPE")
    assert reinterpreted(of_host((HFCV, 5)), "renderer") is None


def test_color_formats_and_srgb():
    assert reinterpreted(of_host((HFCV, 0), (392, 1)), "capability_bits") == bits(0, 15, 18)
    assert reinterpreted(of_host((HFCV, 1), (392, 1)), "capability_bits") is None


def test_vertex_streams():
    assert seen(of_host((HFCV, 1), (392, 0)), "max_vertex_streams").value == 4
    assert seen(of_host((HFCV, 2), (392, 0)), "max_vertex_streams").value == 1
    assert seen(of_host((HFCV, 2), (392, bits(23))), "max_vertex_streams").value == 4


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("told", [0, bits(31)])
@pytest.mark.parametrize("coherent", [False, True])
def test_buffer_storage(version, told, coherent):
    data = of_host((HFCV, version), (392, told))
    assert seen(data, "arb_buffer_storage", coherent=coherent).value == (version >= 4 and told != 0 and coherent)


def test_compatibility_glsl_level():
    assert seen(of_host((HFCV, 5), (264, 430)), "glsl_level_compatibility").value == 140
    assert seen(of_host((HFCV, 5), (264, 130)), "glsl_level_compatibility").value == 130
    assert seen(of_host((HFCV, 6), (264, 430)), "glsl_level_compatibility").value == 430


def test_multisample_formats():
    path = "supported_multisample_formats.bitmask"
    assert seen(of_host((HFCV, 8)), path).value is None
    assert seen(of_host((HFCV, 9)), path).value == list(struct.unpack_from("<16I", NEWEST, 768))


def test_tgsi_texcoord():
    assert [seen(of_host((HFCV, version)), "tgsi_texcoord").value for version in (9, 10)] == [False, True]


def test_const_buffer_size():
    odd = [(832 + 4 * stage, 1000 + stage) for stage in range(6)]
    assert seen(of_host((HFCV, 11), *odd), "max_const_buffer_size").value == [65536] * 6
    assert seen(of_host((HFCV, 12), *odd), "max_const_buffer_size").value == [1000, 1001, 1002, 1003, 1004, 1005]


def test_uniform_block_size():
    assert seen(of_host((HFCV, 12)), "max_uniform_block_size").value is None
    assert seen(of_host((HFCV, 13), (1372, 77)), "max_uniform_block_size").value == 77


def test_uniform_blocks():
    assert seen(of_host((296, 15)), "max_uniform_blocks_per_stage").value == 14
    assert seen(of_host((296, 0)), "max_uniform_blocks_per_stage").value == 0


def test_timer_query():
    without = word(NEWEST, 260) & ~bits(12)
    assert reinterpreted(of_host((HFCV, 14), (260, without)), "bset.timer_query") == 1
    assert seen(of_host((HFCV, 15), (260, without)), "bset.timer_query").value == 0


def test_tessellation_outputs():
    data = of_host((HFCV, 18), (352, 31), (1376, 5), (1380, 6))
    assert (seen(data, "max_tcs_outputs").value, seen(data, "max_tes_outputs").value) == (31, 31)
    data = of_host((HFCV, 19), (352, 31), (1376, 5), (1380, 6))
    assert (seen(data, "max_tcs_outputs").value, seen(data, "max_tes_outputs").value) == (5, 6)


@pytest.mark.parametrize("version", [19, 20, 21, 22])
@pytest.mark.parametrize("mirror_clamp", [0, 1])
@pytest.mark.parametrize("gles", [0, 1])
@pytest.mark.parametrize("told", [0, bits(16), bits(17), bits(16, 17)])
def test_mirror_clamp_bits(version, mirror_clamp, gles, told):
    bset = word(NEWEST, 260) & ~bits(21) | mirror_clamp << 21
    capability_bits = word(NEWEST, 392) & ~bits(19) | gles << 19
    data = of_host((HFCV, version), (260, bset), (392, capability_bits), (688, told))
    implied = bool(mirror_clamp and not gles)
    value = seen(data, "capability_bits_v2").value
    assert bool(value & bits(16)) == (bool(told & bits(16)) if version >= 20 else implied)
    assert bool(value & bits(17)) == (bool(told & bits(17)) if version >= 22 else implied)
    assert value & ~bits(16, 17) == 0


def test_mirror_clamp_bit():
    """In Mesa 22.3: capset 1's bit for both, whatever capset 2 says."""
    word_v2 = VirglCapsV2.fields["capability_bits_v2"]
    both = sum(1 << bit for bit, name in word_v2.flags.items() if name in ("MIRROR_CLAMP", "MIRROR_CLAMP_TO_EDGE"))
    assert both.bit_count() == 2
    with_bit, without = (of_host((260, value), (word_v2.offset, 0)) for value in (1 << 21, 0))
    assert seen(with_bit, "capability_bits_v2", mesa="22.3").value == both
    assert seen(without, "capability_bits_v2", mesa="22.3").value == 0
    assert seen(of_host((260, 0)), "capability_bits_v2", mesa="22.3").value == word(NEWEST, word_v2.offset) & ~both
    assert seen(with_bit, "capability_bits_v2", mesa="25.0").value == 0


def test_storage_blocks():
    unset = 0x7FFFFFFF
    data = of_host((432, 11), (436, 7), *((1384 + 4 * i, unset) for i in range(6)))
    # In PIPE_SHADER order the fragment stage is 1, and compute 5
    assert seen(data, "max_shader_storage_blocks").value == [7, 11, 7, 7, 7, 11]
    assert seen(data[:1384], "max_shader_storage_blocks").value == [7, 11, 7, 7, 7, 11]
    data = of_host((432, 11), (436, 7), *((1384 + 4 * i, unset if i == 2 else i) for i in range(6)))
    assert seen(data, "max_shader_storage_blocks").value == [0, 1, 7, 3, 4, 5]


def test_fake_multisampling():
    assert [seen(of_host((284, samples)), "fake_sw_msaa").value for samples in (0, 1, 4)] == [False, True, False]


def test_anisotropic_filter():
    one, two = struct.unpack("<2I", struct.pack("<2f", 1.0, 2.0))
    assert [seen(of_host((760, value)), "anisotropic_filter").value for value in (0, one, two)] == [False, False, True]


def test_doubles():
    bset, capability_bits = word(NEWEST, 260) & ~bits(23), word(NEWEST, 392) & ~bits(19)
    assert seen(of_host((260, bset), (392, capability_bits)), "bset.has_fp64").value == 0
    assert reinterpreted(of_host((260, bset), (392, capability_bits | bits(19))), "bset.has_fp64") == 1


def test_video_memory():
    assert seen(of_host((688, 0), (692, 512)), "max_video_memory").value is None
    assert seen(of_host((688, bits(2)), (692, 512)), "max_video_memory").value == 512


def test_video_caps():
    assert seen(of_host((856, 32)), "num_video_caps").value == 32
    assert reinterpreted(of_host((856, 33)), "num_video_caps") == 0
    assert reinterpreted(of_host((856, 0xFFFFFFFF)), "num_video_caps") == 0


def test_every_rule_has_its_test():
    tested = {name.removeprefix("test_").replace("_", "-") for name in globals() if name.startswith("test_")}
    both = {"readback-formats", "scanout-formats"}  # one test for the two
    assert {rule.name for rule in MESA_RULES} - tested == both


@pytest.mark.parametrize("name", V2)
def test_rules_on_real_capsets(name):
    """What the sheet of rules says of each, from words at their offsets."""
    data = captures.load(name)
    view = guest_view(data, capset_id=2)
    version = word(data, HFCV)
    gles = word(data, 392) >> 19 & 1
    changed = {path for path, found in view.items() if found.origin == "reinterpreted"}
    expected = {"max_video_memory"}  # software drivers have none
    expected |= {"renderer"} if version < 5 else set()
    expected |= {"capability_bits"} if version < 1 else set()
    expected |= {"supported_multisample_formats.bitmask"} if version < 9 else set()
    expected |= {"max_uniform_block_size"} if version < 13 else set()
    expected |= {"v1.bset.timer_query"} if version < 15 and not word(data, 260) >> 12 & 1 else set()
    expected |= {"max_tcs_outputs", "max_tes_outputs"} if version < 19 else set()
    expected |= {"max_shader_storage_blocks"} if len(data) < 1408 else set()
    expected |= {"supported_readback_formats.bitmask"} if not any(data[560:624]) else set()
    expected |= {"scanout.bitmask"} if not any(data[624:688]) else set()
    expected |= {"v1.bset.has_fp64"} if gles and not word(data, 260) >> 23 & 1 else set()
    bits_v2 = word(data, 688)
    both = bool(word(data, 260) >> 21 & 1) and not gles
    for since, bit in ((20, 16), (22, 17)):
        if version < since and both != bool(bits_v2 >> bit & 1):
            expected |= {"capability_bits_v2"}
    assert changed == expected


def versions_that_matter(capability_bits: int) -> set[int]:
    """The host_feature_check_versions from which on the driver makes something else of the same capset."""
    told = []
    for version in range(40):
        words = (HFCV, version), (392, capability_bits), (688, capability_bits), (260, capability_bits), (832, 4096)
        view = guest_view(of_host(*words), capset_id=2)
        values = {path: (found.value, found.origin) for path, found in {**view, **view.derived}.items()}
        told.append({path: found for path, found in values.items() if path != "host_feature_check_version"})
    return {version for version in range(1, 40) if told[version] != told[version - 1]}


@pytest.mark.parametrize("header", real_headers.headers("*/mesa/virgl_screen.c"), indirect=True)
def test_the_versions_that_a_real_mesa_asks_for(header):
    """In its source. Newer ones ask for more; the newest that is looked at asks for all of ours."""
    asked = re.findall(r"host_feature_check_version (?:>=|<) (\d+)", header.read_text())
    ours = versions_that_matter(0) | versions_that_matter(0xFFFFFFFF) | versions_that_matter(1 << 31)
    assert len(asked) > 8
    assert {int(version) for version in asked} == {version for version in ours if version <= max(map(int, asked))}
