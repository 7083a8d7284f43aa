"""What each version of desktop OpenGL needs of a capset, in each Mesa. Data only.

The requirements are those of Mesa's ``version.c`` and ``st_extensions.c``, as far as a capset decides them. The tests
break every bit and number of real capsets and ask Mesa 22.3.6 and 25.0.7, which agree; what neither asks for is left
out. Mesa 22.3.6 needs memory for 4.4 that no guest in the tests can map: its rows from 4.4 on are read and not tried.
The rows of Mesa 26 are those of 25.0, but for what 26.2.6 was seen to do otherwise.
"""

from __future__ import annotations

from .gl_needs import (
    All,
    AtLeast,
    Bset,
    Either,
    Flag,
    Never,
    Ranges,
    fetched,
    rendered,
    rendered_one,
    sampled,
    sampled_one,
)
from .gl_stages import (
    BUFFER_STORAGE,
    FRAGMENT_ATOMIC_BUFFERS,
    FRAGMENT_STORAGE_BUFFERS,
    MIRROR_CLAMP_TO_EDGE,
    NO_ATTACHMENTS,
    SAMPLES,
    UNIFORM_BLOCKS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .gl_needs import _Rows

BPTC = "BPTC_RGBA_UNORM", "BPTC_SRGBA", "BPTC_RGB_FLOAT", "BPTC_RGB_UFLOAT"
RGTC = "RGTC1_UNORM", "RGTC1_SNORM", "RGTC2_UNORM", "RGTC2_SNORM"
RGTC_OR_PLAIN = Either(sampled("R8_UNORM", "R8_SNORM", "R8G8_UNORM", "R8G8_SNORM"), sampled(*RGTC))
BPTC_OR_PLAIN = Either(sampled("R8G8B8A8_UNORM", "R8G8B8A8_SRGB", "R16G16B16X16_FLOAT"), sampled(*BPTC))
TEXTURE_FLOAT = Ranges(
    "25.0",
    rendered("R32G32B32A32_FLOAT", "R16G16B16A16_FLOAT"),
    sampled("R32G32B32A32_FLOAT", "R16G16B16A16_FLOAT"),
)
SRGB = "A8B8G8R8_SRGB", "B8G8R8A8_SRGB", "R8G8B8A8_SRGB"
SRGB_TEXTURES = sampled_one("A8R8G8B8_SRGB", *SRGB)
DEPTH_BUFFER_FLOAT = sampled("Z32_FLOAT", "Z32_FLOAT_S8X24_UINT")
STENCIL_TEXTURING = sampled_one("X24S8_UINT", "S8X24_UINT")
ES3_FORMATS = sampled("R8G8B8A8_UNORM", "R8G8B8A8_SRGB", "R16_UNORM", "R16G16_UNORM", "R16_SNORM", "R16G16_SNORM")
RGB32_BUFFERS = sampled("R32G32B32_FLOAT", "R32G32B32_UINT", "R32G32B32_SINT")
IMAGES = AtLeast("max_shader_image_frag_compute", 1)
TEXTURE_BUFFERS = AtLeast("v1.max_tbo_size", 1)
NO_4_6 = Never("ARB_gl_spirv and ARB_pipeline_statistics_query, which this Mesa's driver never has")

# By version: what needs it, an extension if it is no limit of version.c; and what it needs of the capset. The profiles
# core and compatibility need the same, but for the version of GLSL.
DESKTOP: _Rows = {
    (2, 1): {"EXT_texture_sRGB": SRGB_TEXTURES},
    (3, 0): {
        "MAX_COLOR_ATTACHMENTS": AtLeast("v1.max_render_targets", 4, signed=True),
        "MAX_SAMPLES": SAMPLES,
        "ARB_depth_buffer_float": DEPTH_BUFFER_FLOAT,
        "ARB_texture_compression_rgtc": RGTC_OR_PLAIN,
        "ARB_texture_float": TEXTURE_FLOAT,
        "ARB_texture_rg": rendered("R8_UNORM", "R8G8_UNORM"),
        "EXT_draw_buffers2": Bset("indep_blend_enable"),
        "EXT_framebuffer_sRGB": All(Flag("SRGB_WRITE_CONTROL"), rendered_one(*SRGB)),
        "EXT_packed_float": rendered("R11G11B10_FLOAT"),
        "EXT_texture_integer": Ranges("25.0", None, rendered("R32G32B32A32_UINT", "R32G32B32A32_SINT")),
        "EXT_texture_shared_exponent": sampled("R9G9B9E5_FLOAT"),
        "EXT_texture_array": AtLeast("v1.max_texture_array_layers", 1),
        "EXT_transform_feedback": AtLeast("v1.max_streamout_buffers", 1),
        "NV_conditional_render": Bset("conditional_render"),
    },
    (3, 1): {
        "ARB_texture_buffer_object": Ranges("26", TEXTURE_BUFFERS, None),
        "ARB_uniform_buffer_object": UNIFORM_BLOCKS,
        "EXT_texture_snorm": sampled("R8G8B8A8_SNORM"),
        "NV_primitive_restart": Bset("primitive_restart"),
        "MAX_TEXTURE_IMAGE_UNITS": AtLeast("max_texture_samplers", 16),
    },
    (3, 2): {
        "ARB_depth_clamp": Bset("depth_clip_disable"),
        "ARB_seamless_cube_map": Bset("seamless_cube_map"),
    },
    (3, 3): {
        "ARB_blend_func_extended": AtLeast("v1.max_dual_source_render_targets", 1, signed=True),
        "ARB_occlusion_query2": Ranges("25.0", Bset("occlusion_query"), None),
        "ARB_texture_rgb10_a2ui": rendered_one("R10G10B10A2_UINT", "B10G10R10A2_UINT"),
        "ARB_timer_query": Ranges("25.0", None, Bset("timer_query")),
    },
    (4, 0): {
        "ARB_draw_buffers_blend": Bset("indep_blend_func"),
        "ARB_draw_indirect": Bset("has_indirect_draw"),
        "ARB_gpu_shader_fp64": Bset("has_fp64"),
        "ARB_sample_shading": Bset("has_sample_shading"),
        "ARB_tessellation_shader": Bset("has_tessellation_shaders"),
        "ARB_texture_buffer_object_rgb32": Ranges("26", RGB32_BUFFERS, All(TEXTURE_BUFFERS, RGB32_BUFFERS)),
        "ARB_texture_cube_map_array": Bset("cube_map_array"),
        "ARB_texture_query_lod": Bset("texture_query_lod"),
        "ARB_transform_feedback2": Bset("streamout_pause_resume"),
    },
    (4, 1): {
        "MAX_TEXTURE_SIZE": AtLeast("max_texture_2d_size", 16384),
        "MAX_3D_TEXTURE_SIZE": Ranges("25.0", None, AtLeast("max_texture_3d_size", 2048)),
        "MAX_CUBE_MAP_TEXTURE_SIZE": Ranges("25.0", None, AtLeast("max_texture_cube_size", 16384)),
        "MAX_ARRAY_TEXTURE_LAYERS": Ranges("25.0", None, AtLeast("v1.max_texture_array_layers", 2048)),
        "ARB_viewport_array": AtLeast("v1.max_viewports", 16),
    },
    (4, 2): {
        "ARB_base_instance": Bset("start_instance"),
        "ARB_shader_atomic_counters": FRAGMENT_ATOMIC_BUFFERS,
        "ARB_shader_image_load_store": IMAGES,
        "ARB_texture_compression_bptc": BPTC_OR_PLAIN,
    },
    (4, 3): {
        "MAX_UNIFORM_BLOCKS": AtLeast("v1.max_uniform_blocks", 15),
        "ARB_compute_shader": Flag("COMPUTE_SHADER"),
        "MAX_COMPUTE_WORK_GROUP_INVOCATIONS": AtLeast("max_compute_work_group_invocations", 1024),
        "ARB_copy_image": Flag("COPY_IMAGE"),
        "ARB_framebuffer_no_attachments": NO_ATTACHMENTS,
        "ARB_robust_buffer_access_behavior": Flag("ROBUST_BUFFER_ACCESS"),
        "ARB_shader_storage_buffer_object": FRAGMENT_STORAGE_BUFFERS,
        "SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT": AtLeast("shader_buffer_offset_alignment", 1),
        "ARB_stencil_texturing": STENCIL_TEXTURING,
        "ARB_texture_buffer_range": AtLeast("texture_buffer_offset_alignment", 1),
        "ARB_texture_view": Flag("TEXTURE_VIEW"),
        "ARB_ES3_compatibility": ES3_FORMATS,
    },
    (4, 4): {
        "MAX_VERTEX_ATTRIB_STRIDE": AtLeast("max_vertex_attrib_stride", 2048),
        "ARB_buffer_storage": BUFFER_STORAGE,
        "ARB_clear_texture": Ranges("25.0", Flag("CLEAR_TEXTURE"), None),
        "ARB_enhanced_layouts": Flag("TGSI_COMPONENTS"),
        "ARB_query_buffer_object": Flag("QBO"),
        "ARB_texture_mirror_clamp_to_edge": Ranges("25.0", Bset("mirror_clamp"), MIRROR_CLAMP_TO_EDGE),
        "ARB_vertex_type_10f_11f_11f_rev": fetched("R11G11B10_FLOAT"),
    },
    (4, 5): {
        "ARB_clip_control": Flag("CLIP_HALFZ"),
        "ARB_conditional_render_inverted": Bset("conditional_render_inverted"),
        "ARB_cull_distance": Bset("has_cull"),
        "ARB_derivative_control": Bset("derivative_control"),
        "ARB_shader_texture_image_samples": Flag("TXQS"),
        "NV_texture_barrier": Flag("TEXTURE_BARRIER"),
    },
    (4, 6): {
        "ARB_gl_spirv": Ranges("25.0", NO_4_6, None),
        "ARB_indirect_parameters": Flag("INDIRECT_PARAMS"),
        "ARB_polygon_offset_clamp": Bset("polygon_offset_clamp"),
        "ARB_shader_draw_parameters": Flag("DRAW_PARAMETERS", "capability_bits_v2"),
        "ARB_shader_group_vote": Flag("GROUP_VOTE", "capability_bits_v2"),
        "ARB_texture_filter_anisotropic": AtLeast("max_anisotropy", 16),
        "ARB_transform_feedback_overflow_query": Bset("transform_feedback_overflow_query"),
    },
}

GLSL = {
    (3, 0): 130, (3, 1): 140, (3, 2): 150, (3, 3): 330, (4, 0): 400,
    (4, 1): 410, (4, 2): 420, (4, 3): 430, (4, 4): 440, (4, 5): 450, (4, 6): 460,
}  # fmt: skip
