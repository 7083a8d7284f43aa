"""Where Mesa's virgl driver uses other values than capset 2 says. :mod:`capcodec.meaning.guest_view` runs these rules.

Each rule is given the guest's struct, and whether the guest can map host memory coherently. It yields paths of fields,
each with the value that the driver uses instead, or None if the driver ignores the field. A rule that ``derives``
yields names instead of paths: these are values that the driver works out of several fields. Some rules hold in a range
of Mesa's versions.
"""

from __future__ import annotations

from ..classes import VirglCapsV2
from .mesa import DriverRule
from .rules import Reference, Registry
from .walk import flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    _Readings: TypeAlias = Iterator[tuple[str, Any]]


class MesaRule(DriverRule):
    """A rule of Mesa's driver.

    Attributes:
        derives: does it yield names of what the driver derives, and no paths of fields?
    """

    def __init__(self, *args: Any, derives: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.derives = derives


MESA_RULES = Registry(MesaRule)
SCREEN = Reference("Mesa", "src/gallium/drivers/virgl/virgl_screen.c", "0a4569fc")
UNTOLD = VirglCapsV2.fields["max_shader_storage_blocks"].default[0]  # INT_MAX: what the driver takes for "not told"
PIPE_SHADER_FRAGMENT, PIPE_SHADER_COMPUTE = 1, 5

_BITS, _BITS_V2 = VirglCapsV2.fields["capability_bits"], VirglCapsV2.fields["capability_bits_v2"]
SRGB_WRITE_CONTROL = flag(_BITS, "SRGB_WRITE_CONTROL")
FBO_MIXED_COLOR_FORMATS = flag(_BITS, "FBO_MIXED_COLOR_FORMATS")
HOST_IS_GLES = flag(_BITS, "HOST_IS_GLES")
TRANSFORM_FEEDBACK3 = flag(_BITS, "TRANSFORM_FEEDBACK3")
ARB_BUFFER_STORAGE = flag(_BITS, "ARB_BUFFER_STORAGE")
VIDEO_MEMORY = flag(_BITS_V2, "VIDEO_MEMORY")
MIRROR_CLAMP_TO_EDGE = flag(_BITS_V2, "MIRROR_CLAMP_TO_EDGE")
MIRROR_CLAMP = flag(_BITS_V2, "MIRROR_CLAMP")


def rule(
    reason: str, *needs: str, derives: bool = False, **versions: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a rule that stands in ``virgl_screen.c``; ``needs`` are the fields that it reads or replaces."""
    return MESA_RULES.rule(reason, SCREEN, 2, needs=needs, derives=derives, **versions)


@rule("A host that sends 0 is too old to tell, and can do 16384 texels", "max_texture_2d_size")
def texture_2d_size(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if not caps.max_texture_2d_size:
        yield "max_texture_2d_size", 16384


@rule(
    "The driver counts in whole mipmap levels; a host that sends 0 is too old to tell, and has 9 of them",
    "max_texture_3d_size",
)
def texture_3d_levels(caps: VirglCapsV2, coherent: bool) -> _Readings:
    size = caps.max_texture_3d_size
    yield "max_texture_3d_size", 1 << size.bit_length() - 1 if size else 1 << 9 - 1


@rule(
    "The driver counts in whole mipmap levels; a host that sends 0 is too old to tell, and has 13 of them",
    "max_texture_cube_size",
)
def texture_cube_levels(caps: VirglCapsV2, coherent: bool) -> _Readings:
    size = caps.max_texture_cube_size
    yield "max_texture_cube_size", 1 << size.bit_length() - 1 if size else 1 << 13 - 1


@rule(
    "A host that names no formats for reading back can read back all that it can sample",
    "supported_readback_formats",
    "sampler",
)
def readback_formats(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if not any(caps.supported_readback_formats.bitmask):
        yield "supported_readback_formats.bitmask", caps.sampler.bitmask.tolist()


@rule("A host that names no formats for displays can show all that it can sample", "scanout", "sampler")
def scanout_formats(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if not any(caps.scanout.bitmask):
        yield "scanout.bitmask", caps.sampler.bitmask.tolist()


@rule(
    "The driver reads the renderer's name from host_feature_check_version 5 on",
    "renderer",
    "host_feature_check_version",
)
def renderer_name(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if caps.host_feature_check_version < 5:
        yield "renderer", None


@rule(
    "Before host_feature_check_version 1, hosts have mixed color formats and sRGB write control, but do not say so",
    "host_feature_check_version",
    "capability_bits",
)
def color_formats_and_srgb(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if caps.host_feature_check_version < 1:
        yield "capability_bits", caps.capability_bits | FBO_MIXED_COLOR_FORMATS | SRGB_WRITE_CONTROL


@rule(
    "Before host_feature_check_version 2, hosts have transform feedback with 4 streams, but do not say so",
    "host_feature_check_version",
    "capability_bits",
    derives=True,
)
def vertex_streams(caps: VirglCapsV2, coherent: bool) -> _Readings:
    told = caps.capability_bits & TRANSFORM_FEEDBACK3
    yield "max_vertex_streams", 4 if told or caps.host_feature_check_version < 2 else 1


@rule(
    "Persistent mappings need host_feature_check_version 4, a bit, and memory that the guest maps coherently",
    "host_feature_check_version",
    "capability_bits",
    derives=True,
)
def buffer_storage(caps: VirglCapsV2, coherent: bool) -> _Readings:
    told = caps.capability_bits & ARB_BUFFER_STORAGE
    yield "arb_buffer_storage", bool(told and coherent and caps.host_feature_check_version >= 4)


@rule(
    "Before host_feature_check_version 6, the compatibility profile ends at GLSL 1.40",
    "host_feature_check_version",
    "glsl_level",
    derives=True,
)
def compatibility_glsl_level(caps: VirglCapsV2, coherent: bool) -> _Readings:
    level = caps.glsl_level
    yield "glsl_level_compatibility", level if caps.host_feature_check_version >= 6 else min(level, 140)


@rule(
    "The driver reads the formats for multisampling from host_feature_check_version 9 on; before, it takes any",
    "supported_multisample_formats",
    "host_feature_check_version",
)
def multisample_formats(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if caps.host_feature_check_version < 9:
        yield "supported_multisample_formats.bitmask", None


@rule(
    "The host handles the TEXCOORD semantic from host_feature_check_version 10 on",
    "host_feature_check_version",
    derives=True,
)
def tgsi_texcoord(caps: VirglCapsV2, coherent: bool) -> _Readings:
    yield "tgsi_texcoord", caps.host_feature_check_version >= 10


@rule(
    "Sizes of constant buffers are right from host_feature_check_version 12 on; before, the driver takes 65536",
    "max_const_buffer_size",
    "host_feature_check_version",
)
def const_buffer_size(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if caps.host_feature_check_version < 12:
        yield "max_const_buffer_size", [65536] * 6


@rule(
    "The driver reads the size of a uniform block from host_feature_check_version 13 on",
    "max_uniform_block_size",
    "host_feature_check_version",
)
def uniform_block_size(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if caps.host_feature_check_version < 13:
        yield "max_uniform_block_size", None


@rule("The driver needs one uniform block for itself", "max_uniform_blocks", derives=True)
def uniform_blocks(caps: VirglCapsV2, coherent: bool) -> _Readings:
    yield "max_uniform_blocks_per_stage", max(caps.max_uniform_blocks - 1, 0)


@rule(
    "Before host_feature_check_version 15, hosts have timer queries, but do not all say so",
    "host_feature_check_version",
    since="25.0",
)
def timer_query(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if caps.host_feature_check_version < 15:
        yield "v1.bset.timer_query", 1


@rule(
    "Before host_feature_check_version 19, the driver takes the vertex shader's outputs for those of tessellation",
    "max_tcs_outputs",
    "max_tes_outputs",
    "host_feature_check_version",
    "max_vertex_outputs",
    since="25.0",
)
def tessellation_outputs(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if caps.host_feature_check_version < 19:
        yield "max_tcs_outputs", caps.max_vertex_outputs
        yield "max_tes_outputs", caps.max_vertex_outputs


@rule(
    "Before host_feature_check_version 20 and 22, capset 1's bit tells of both mirror clamps, unless the host has GLES",
    "capability_bits_v2",
    "bset",
    "capability_bits",
    "host_feature_check_version",
    since="25.0",
)
def mirror_clamp_bits(caps: VirglCapsV2, coherent: bool) -> _Readings:
    bits = caps.capability_bits_v2
    both = caps.bset.mirror_clamp and not caps.capability_bits & HOST_IS_GLES
    for version, bit in ((20, MIRROR_CLAMP_TO_EDGE), (22, MIRROR_CLAMP)):
        if caps.host_feature_check_version < version:
            bits = bits | bit if both else bits & ~bit
    yield "capability_bits_v2", bits


@rule(
    "Capset 1's bit tells of both mirror clamps",
    "capability_bits_v2",
    "bset",
    until="25.0",
)
def mirror_clamp_bit(caps: VirglCapsV2, coherent: bool) -> _Readings:
    both = MIRROR_CLAMP_TO_EDGE | MIRROR_CLAMP
    bits = caps.capability_bits_v2
    yield "capability_bits_v2", bits | both if caps.bset.mirror_clamp else bits & ~both


@rule(
    "A host that does not tell a stage's storage blocks has those that it tells for the kind of stage",
    "max_shader_storage_blocks",
    "max_shader_buffer_frag_compute",
    "max_shader_buffer_other_stages",
    since="25.0",
)
def storage_blocks(caps: VirglCapsV2, coherent: bool) -> _Readings:
    blocks = caps.max_shader_storage_blocks.tolist()
    for stage, count in enumerate(blocks):
        if count == UNTOLD:
            wide = stage in (PIPE_SHADER_FRAGMENT, PIPE_SHADER_COMPUTE)
            blocks[stage] = caps.max_shader_buffer_frag_compute if wide else caps.max_shader_buffer_other_stages
    yield "max_shader_storage_blocks", blocks


@rule("With one sample per pixel, the driver fakes multisampling in software", "max_samples", derives=True)
def fake_multisampling(caps: VirglCapsV2, coherent: bool) -> _Readings:
    yield "fake_sw_msaa", caps.max_samples == 1


@rule("The driver filters anisotropically if the degree can be more than 1", "max_anisotropy", derives=True)
def anisotropic_filter(caps: VirglCapsV2, coherent: bool) -> _Readings:
    yield "anisotropic_filter", caps.max_anisotropy > 1.0


@rule("A GLES host emulates doubles, and so always has them", "capability_bits")
def doubles(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if caps.capability_bits & HOST_IS_GLES:
        yield "v1.bset.has_fp64", 1


@rule("The size of video memory counts only with VIRGL_CAP_V2_VIDEO_MEMORY", "max_video_memory", "capability_bits_v2")
def video_memory(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if not caps.capability_bits_v2 & VIDEO_MEMORY:
        yield "max_video_memory", None


@rule("With more video capabilities than the array has elements, the driver believes none", "num_video_caps")
def video_caps(caps: VirglCapsV2, coherent: bool) -> _Readings:
    if caps.num_video_caps > caps.fields["video_caps"].dims[0]:
        yield "num_video_caps", 0
