"""The rules by which Mesa's virgl driver reads more, or less, into capset 2 than its bytes say.

Source of each: ``virgl_screen.c`` (@0a4569fc), but for ``fixup_formats`` likewise there and what is said otherwise.
A rule takes the guest's struct and whether it can map host memory coherently, and yields paths with the value that the
driver uses, None where it ignores the field; a name that is no path is something that the driver derives. What a rule
needs and the struct lacks makes it not apply.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from ..structs._core import Struct

    Readings: TypeAlias = Iterator[tuple[str, Any]]

INT_MAX = 0x7FFFFFFF
PIPE_SHADER_FRAGMENT, PIPE_SHADER_COMPUTE = 1, 5
MOST_VIDEO_CAPS = 32

# Bits of capability_bits and capability_bits_v2
SRGB_WRITE_CONTROL = 1 << 15
FBO_MIXED_COLOR_FORMATS = 1 << 18
HOST_IS_GLES = 1 << 19
TRANSFORM_FEEDBACK3 = 1 << 23
ARB_BUFFER_STORAGE = 1 << 31
V2_VIDEO_MEMORY = 1 << 2
V2_MIRROR_CLAMP_TO_EDGE = 1 << 16
V2_MIRROR_CLAMP = 1 << 17


def texture_2d_size(caps: Struct, coherent: bool) -> Readings:
    """A host that does not tell can do 16384 texels."""
    if not caps.max_texture_2d_size:
        yield "max_texture_2d_size", 16384


def texture_3d_levels(caps: Struct, coherent: bool) -> Readings:
    """The size counts in whole mipmap levels, and a host that does not tell has 9 of them."""
    size = caps.max_texture_3d_size
    yield "max_texture_3d_size", 1 << size.bit_length() - 1 if size else 1 << 9 - 1


def texture_cube_levels(caps: Struct, coherent: bool) -> Readings:
    """The size counts in whole mipmap levels, and a host that does not tell has 13 of them."""
    size = caps.max_texture_cube_size
    yield "max_texture_cube_size", 1 << size.bit_length() - 1 if size else 1 << 13 - 1


def readback_formats(caps: Struct, coherent: bool) -> Readings:
    """A host that names no formats for reading back can do it with all that it can sample."""
    if not any(caps.supported_readback_formats.bitmask):
        yield "supported_readback_formats.bitmask", caps.sampler.bitmask.tolist()


def scanout_formats(caps: Struct, coherent: bool) -> Readings:
    """A host that names no formats for displays can show all that it can sample."""
    if not any(caps.scanout.bitmask):
        yield "scanout.bitmask", caps.sampler.bitmask.tolist()


def renderer_name(caps: Struct, coherent: bool) -> Readings:
    """The renderer's name is read from host_feature_check_version 5 on."""
    if caps.host_feature_check_version < 5:
        yield "renderer", None


def color_formats_and_srgb(caps: Struct, coherent: bool) -> Readings:
    """Before host_feature_check_version 1, mixed color formats and sRGB write control went without saying."""
    if caps.host_feature_check_version < 1:
        yield "capability_bits", caps.capability_bits | FBO_MIXED_COLOR_FORMATS | SRGB_WRITE_CONTROL


def vertex_streams(caps: Struct, coherent: bool) -> Readings:
    """Before host_feature_check_version 2, transform feedback with 4 streams went without saying."""
    told = caps.capability_bits & TRANSFORM_FEEDBACK3
    yield "max_vertex_streams", 4 if told or caps.host_feature_check_version < 2 else 1


def buffer_storage(caps: Struct, coherent: bool) -> Readings:
    """Persistent mappings need host_feature_check_version 4, their bit, and memory that the guest maps coherently."""
    told = caps.capability_bits & ARB_BUFFER_STORAGE
    yield "arb_buffer_storage", bool(told and coherent and caps.host_feature_check_version >= 4)


def compatibility_glsl_level(caps: Struct, coherent: bool) -> Readings:
    """Before host_feature_check_version 6, the compatibility profile ends at GLSL 1.40."""
    level = caps.glsl_level
    yield "glsl_level_compatibility", level if caps.host_feature_check_version >= 6 else min(level, 140)


def multisample_formats(caps: Struct, coherent: bool) -> Readings:
    """The formats for multisampling are read from host_feature_check_version 9 on; before, all will do."""
    if caps.host_feature_check_version < 9:
        yield "supported_multisample_formats.bitmask", None


def tgsi_texcoord(caps: Struct, coherent: bool) -> Readings:
    """The host handles the TEXCOORD semantic from host_feature_check_version 10 on."""
    yield "tgsi_texcoord", caps.host_feature_check_version >= 10


def const_buffer_size(caps: Struct, coherent: bool) -> Readings:
    """Sizes of constant buffers are right from host_feature_check_version 12 on; before, they are 65536."""
    if caps.host_feature_check_version < 12:
        yield "max_const_buffer_size", [65536] * 6


def uniform_block_size(caps: Struct, coherent: bool) -> Readings:
    """The size of a uniform block is read from host_feature_check_version 13 on."""
    if caps.host_feature_check_version < 13:
        yield "max_uniform_block_size", None


def uniform_blocks(caps: Struct, coherent: bool) -> Readings:
    """One uniform block is the driver's own."""
    yield "max_uniform_blocks_per_stage", max(caps.max_uniform_blocks - 1, 0)


def timer_query(caps: Struct, coherent: bool) -> Readings:
    """Before host_feature_check_version 15, timer queries went without saying."""
    if caps.host_feature_check_version < 15:
        yield "v1.bset.timer_query", 1


def tessellation_outputs(caps: Struct, coherent: bool) -> Readings:
    """Before host_feature_check_version 19, tessellation stages have as many outputs as a vertex shader."""
    if caps.host_feature_check_version < 19:
        yield "max_tcs_outputs", caps.max_vertex_outputs
        yield "max_tes_outputs", caps.max_vertex_outputs


def mirror_clamp_bits(caps: Struct, coherent: bool) -> Readings:
    """Before host_feature_check_version 20 and 22, capset 1's bit speaks for both mirror clamps, if not on GLES."""
    bits = caps.capability_bits_v2
    both = caps.bset.mirror_clamp and not caps.capability_bits & HOST_IS_GLES
    for version, bit in ((20, V2_MIRROR_CLAMP_TO_EDGE), (22, V2_MIRROR_CLAMP)):
        if caps.host_feature_check_version < version:
            bits = bits | bit if both else bits & ~bit
    yield "capability_bits_v2", bits


def storage_blocks(caps: Struct, coherent: bool) -> Readings:
    """A host that does not tell a stage's storage blocks has as many as it told for that kind of stage."""
    blocks = caps.max_shader_storage_blocks.tolist()
    for stage, count in enumerate(blocks):
        if count == INT_MAX:
            wide = stage in (PIPE_SHADER_FRAGMENT, PIPE_SHADER_COMPUTE)
            blocks[stage] = caps.max_shader_buffer_frag_compute if wide else caps.max_shader_buffer_other_stages
    yield "max_shader_storage_blocks", blocks


def fake_multisampling(caps: Struct, coherent: bool) -> Readings:
    """With one sample, multisampling is faked in software."""
    yield "fake_sw_msaa", caps.max_samples == 1


def anisotropic_filter(caps: Struct, coherent: bool) -> Readings:
    """Anisotropic filtering is there if more than 1.0 of it is."""
    yield "anisotropic_filter", caps.max_anisotropy > 1.0


def doubles(caps: Struct, coherent: bool) -> Readings:
    """On a GLES host doubles are emulated, so they are always there."""
    if caps.capability_bits & HOST_IS_GLES:
        yield "v1.bset.has_fp64", 1


def video_memory(caps: Struct, coherent: bool) -> Readings:
    """The size of video memory counts only with VIRGL_CAP_V2_VIDEO_MEMORY."""
    if not caps.capability_bits_v2 & V2_VIDEO_MEMORY:
        yield "max_video_memory", None


def video_caps(caps: Struct, coherent: bool) -> Readings:
    """More video capabilities than the array has room for, and none is believed."""
    if caps.num_video_caps > MOST_VIDEO_CAPS:
        yield "num_video_caps", 0


RULES: tuple[Callable[[Struct, bool], Readings], ...] = (
    texture_2d_size,
    texture_3d_levels,
    texture_cube_levels,
    readback_formats,
    scanout_formats,
    renderer_name,
    color_formats_and_srgb,
    vertex_streams,
    buffer_storage,
    compatibility_glsl_level,
    multisample_formats,
    tgsi_texcoord,
    const_buffer_size,
    uniform_block_size,
    uniform_blocks,
    timer_query,
    tessellation_outputs,
    mirror_clamp_bits,
    storage_blocks,
    fake_multisampling,
    anisotropic_filter,
    doubles,
    video_memory,
    video_caps,
)
