"""What each version of OpenGL ES needs of a capset, in each Mesa. Data only. Sources as of :mod:`.gl_desktop`."""

from __future__ import annotations

from .gl_desktop import (
    DEPTH_BUFFER_FLOAT,
    ES3_FORMATS,
    IMAGES,
    RGB32_BUFFERS,
    SRGB,
    SRGB_TEXTURES,
    STENCIL_TEXTURING,
    TEXTURE_BUFFERS,
    TEXTURE_FLOAT,
)
from .gl_needs import (
    ASTC,
    All,
    AtLeast,
    Bset,
    Either,
    Flag,
    Formats,
    Ranges,
    rendered,
    rendered_one,
    sampled,
    sampled_one,
)
from .gl_stages import (
    COMPUTE_ATOMIC_BUFFERS,
    COMPUTE_STORAGE_BUFFERS,
    FRAGMENT_ATOMIC_BUFFERS,
    FRAGMENT_STORAGE_BUFFERS,
    MULTISAMPLE_TEXTURES,
    NO_ATTACHMENTS,
    UNIFORM_BLOCKS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .gl_needs import _Rows

HALF_FLOATS = "R16_FLOAT", "R16G16_FLOAT", "R16G16B16A16_FLOAT"
FLOATS = "R32_FLOAT", "R32G32_FLOAT", "R32G32B32A32_FLOAT"
GLSL_130 = AtLeast("v1.glsl_level", 130)  # the driver tells no version of its own for ES
GLSL_400 = AtLeast("v1.glsl_level", 400)

ES: _Rows = {
    (3, 0): {
        "GLSL 1.30": GLSL_130,
        "MAX_COLOR_ATTACHMENTS": AtLeast("v1.max_render_targets", 4, signed=True),
        "ARB_depth_buffer_float": DEPTH_BUFFER_FLOAT,
        "ARB_texture_rg": rendered("R8_UNORM", "R8G8_UNORM"),
        "ARB_uniform_buffer_object": UNIFORM_BLOCKS,
        "EXT_packed_float": rendered("R11G11B10_FLOAT"),
        "EXT_sRGB": rendered_one(*SRGB),
        "EXT_texture_array": AtLeast("v1.max_texture_array_layers", 1),
        "EXT_texture_shared_exponent": sampled("R9G9B9E5_FLOAT"),
        "EXT_texture_snorm": sampled("R8G8B8A8_SNORM"),
        "EXT_texture_sRGB": SRGB_TEXTURES,
        "EXT_texture_type_2_10_10_10_REV": sampled_one("R10G10B10A2_UNORM", "B10G10R10A2_UNORM"),
        "EXT_transform_feedback": AtLeast("v1.max_streamout_buffers", 1),
        "NV_primitive_restart": Bset("primitive_restart"),
        "OES_texture_float": TEXTURE_FLOAT,
    },
    (3, 1): {
        "MAX_VERTEX_ATTRIB_STRIDE": AtLeast("max_vertex_attrib_stride", 2048),
        "MAX_COMPUTE_WORK_GROUP_INVOCATIONS": All(
            Flag("COMPUTE_SHADER"), AtLeast("max_compute_work_group_invocations", 128)
        ),
        "MAX_COMPUTE_SHADER_STORAGE_BLOCKS": COMPUTE_STORAGE_BUFFERS,
        "MAX_COMPUTE_ATOMIC_COUNTER_BUFFERS": COMPUTE_ATOMIC_BUFFERS,
        "MAX_COMPUTE_IMAGE_UNIFORMS": IMAGES,
        "ARB_draw_indirect": Bset("has_indirect_draw"),
        "ARB_framebuffer_no_attachments": NO_ATTACHMENTS,
        "ARB_stencil_texturing": STENCIL_TEXTURING,
        "ARB_texture_gather": AtLeast("v1.max_texture_gather_components", 1),
        "ARB_texture_multisample": MULTISAMPLE_TEXTURES,
    },
    (3, 2): {
        "GLSL 4.00": GLSL_400,
        "MAX_COMPUTE_WORK_GROUP_INVOCATIONS 1024": AtLeast("max_compute_work_group_invocations", 1024),
        "MAX_TEXTURE_IMAGE_UNITS": AtLeast("max_texture_samplers", 16),
        "ARB_draw_buffers_blend": Bset("indep_blend_func"),
        "ARB_ES3_compatibility": ES3_FORMATS,
        "ARB_shader_atomic_counters": FRAGMENT_ATOMIC_BUFFERS,
        "ARB_shader_storage_buffer_object": FRAGMENT_STORAGE_BUFFERS,
        "SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT": AtLeast("shader_buffer_offset_alignment", 1),
        "ARB_tessellation_shader": Bset("has_tessellation_shaders"),
        "EXT_color_buffer_float": Ranges("25.0", None, rendered(*HALF_FLOATS, *FLOATS)),
        "EXT_draw_buffers2": Bset("indep_blend_enable"),
        "KHR_blend_equation_advanced": Either(Flag("BLEND_EQUATION", "capability_bits_v2"), Flag("TGSI_FBFETCH")),
        "KHR_robustness": Flag("ROBUST_BUFFER_ACCESS"),
        "KHR_texture_compression_astc_ldr": Either(
            sampled("R8G8B8A8_UNORM", "R8G8B8A8_SRGB"), Formats(("sampler",), *ASTC, words="all formats of ASTC")
        ),
        "OES_copy_image": Flag("COPY_IMAGE"),
        "OES_sample_variables": Bset("has_sample_shading"),
        "OES_texture_buffer": All(TEXTURE_BUFFERS, AtLeast("texture_buffer_offset_alignment", 1), RGB32_BUFFERS),
        "OES_texture_cube_map_array": Bset("cube_map_array"),
    },
}
