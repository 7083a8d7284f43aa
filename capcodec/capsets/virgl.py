"""Capsets 1 and 2, as in virglrenderer's ``src/virgl_hw.h``: the newest layouts, and those that are no prefix of them.

A field's ``source`` names the GL query or the rule by which ``src/vrend/vrend_renderer.c`` fills it. Its default is
what Mesa assumes before it asks (``virgl_ws_fill_new_caps_defaults``, ``src/gallium/winsys/virgl/virgl_winsys.h``). An
array of six has one element per shader stage, in the order of gallium's PIPE_SHADER: vertex, fragment, geometry,
tessellation control, tessellation evaluation, compute.
"""

from __future__ import annotations

from ..schema import Schema, char, f32, s32, struct, u32, variant
from . import virgl_hw

HEADER = "virglrenderer/src/virgl_hw.h"

VIRGL_CAP = {
    0: "TGSI_INVARIANT",
    1: "TEXTURE_VIEW",
    2: "SET_MIN_SAMPLES",
    3: "COPY_IMAGE",
    4: "TGSI_PRECISE",
    5: "TXQS",
    6: "MEMORY_BARRIER",
    7: "COMPUTE_SHADER",
    8: "FB_NO_ATTACH",
    9: "ROBUST_BUFFER_ACCESS",
    10: "TGSI_FBFETCH",
    11: "SHADER_CLOCK",
    12: "TEXTURE_BARRIER",
    13: "TGSI_COMPONENTS",
    14: "GUEST_MAY_INIT_LOG",
    15: "SRGB_WRITE_CONTROL",
    16: "QBO",
    17: "TRANSFER",
    18: "FBO_MIXED_COLOR_FORMATS",
    19: "HOST_IS_GLES",  # FAKE_FP64 until 3eef9070d79a
    20: "BIND_COMMAND_ARGS",
    21: "MULTI_DRAW_INDIRECT",
    22: "INDIRECT_PARAMS",
    23: "TRANSFORM_FEEDBACK3",
    24: "3D_ASTC",
    25: "INDIRECT_INPUT_ADDR",
    26: "COPY_TRANSFER",
    27: "CLIP_HALFZ",
    28: "APP_TWEAK_SUPPORT",
    29: "BGRA_SRGB_IS_EMULATED",
    30: "CLEAR_TEXTURE",
    31: "ARB_BUFFER_STORAGE",
}

VIRGL_CAP_V2 = {
    0: "BLEND_EQUATION",
    1: "UNTYPED_RESOURCE",
    2: "VIDEO_MEMORY",
    3: "MEMINFO",
    4: "STRING_MARKER",
    5: "DIFFERENT_GPU",
    6: "IMPLICIT_MSAA",
    7: "COPY_TRANSFER_BOTH_DIRECTIONS",
    8: "SCANOUT_USES_GBM",
    9: "SSO",
    10: "TEXTURE_SHADOW_LOD",
    11: "VS_VERTEX_LAYER",
    12: "VS_VIEWPORT_INDEX",
    13: "PIPELINE_STATISTICS_QUERY",
    14: "DRAW_PARAMETERS",
    15: "GROUP_VOTE",
    16: "MIRROR_CLAMP_TO_EDGE",
    17: "MIRROR_CLAMP",
    18: "RESOURCE_LAYOUT",
}

PIPE_PRIM = {
    0: "POINTS",
    1: "LINES",
    2: "LINE_LOOP",
    3: "LINE_STRIP",
    4: "TRIANGLES",
    5: "TRIANGLE_STRIP",
    6: "TRIANGLE_FAN",
    7: "QUADS",
    8: "QUAD_STRIP",
    9: "POLYGON",
    10: "LINES_ADJACENCY",
    11: "LINE_STRIP_ADJACENCY",
    12: "TRIANGLES_ADJACENCY",
    13: "TRIANGLE_STRIP_ADJACENCY",
    14: "PATCHES",
}

virgl_supported_format_mask: Schema = struct(
    "virgl_supported_format_mask",
    u32("bitmask[16]", "bit f % 32 of word f / 32 is set if format f is supported", meaning="virgl_format_mask"),
    doc="A set of format numbers, 0 to 511",
    mask=True,
    header=HEADER,
)

virgl_caps_bool_set1: Schema = struct(
    "virgl_caps_bool_set1",
    u32("indep_blend_enable:1", "each render target has its own switch for blending", "GL_EXT_draw_buffers2"),
    u32("indep_blend_func:1", "each render target has its own blend functions", "GL_ARB_draw_buffers_blend"),
    u32("cube_map_array:1", "arrays of cube maps", "GL_ARB_texture_cube_map_array"),
    u32("shader_stencil_export:1", "a fragment shader can write the stencil value", "GL_ARB_shader_stencil_export"),
    u32("conditional_render:1", "a query can decide whether something is drawn", "GL_NV_conditional_render"),
    u32("start_instance:1", "a draw can start at an instance other than 0", "GL_ARB_base_instance"),
    u32("primitive_restart:1", "an index can end a primitive and start the next", "GL_NV_primitive_restart"),
    u32("blend_eq_sep:1", "RGB and alpha have their own blend equations", "never set"),
    u32("instanceid:1", "shaders can read the instance id", "GL_ARB_draw_instanced"),
    u32("vertex_element_instance_divisor:1", "vertex attributes can advance once per instance", "never set"),
    u32(
        "seamless_cube_map:1",
        "filtering goes across the edges of cube maps",
        "GL 3.2, GL_ARB_seamless_cube_map or GLES 3.0",
    ),
    u32("occlusion_query:1", "queries can count samples", "always set, as GL 2.1 needs it"),
    u32(
        "timer_query:1",
        "queries can tell time; a guest trusts it from host_feature_check_version 15 on",
        "GL_ARB_timer_query",
    ),
    u32("streamout_pause_resume:1", "transform feedback can pause", "GL_ARB_transform_feedback2"),
    u32("texture_multisample:1", "multisampled textures", "GL_ARB_texture_multisample"),
    u32(
        "fragment_coord_conventions:1",
        "shaders can choose the origin of gl_FragCoord",
        "GL_ARB_fragment_coord_conventions",
    ),
    u32("depth_clip_disable:1", "depth can be clamped instead of clipped", "GL_ARB_depth_clamp"),
    u32(
        "seamless_cube_map_per_texture:1",
        "each sampler has its own switch for seamless cube maps",
        "GL_ARB_seamless_cubemap_per_texture",
    ),
    u32("ubo:1", "uniform buffers", "never set; see max_uniform_blocks"),
    u32(
        "color_clamping:1",
        "the clamping of colors can be switched",
        "GL_ARB_color_buffer_float; no longer set since 2023-06",
    ),
    u32("poly_stipple:1", "polygon stipple", "GL compatibility profile"),
    u32("mirror_clamp:1", "texture coordinates can be mirrored once and then clamped", "GL_EXT_texture_mirror_clamp"),
    u32("texture_query_lod:1", "shaders can query the level of detail", "GL_ARB_texture_query_lod"),
    u32("has_fp64:1", "doubles in shaders", "GL 4.0, or GL_ARB_gpu_shader_fp64 with GL_ARB_gpu_shader5"),
    u32("has_tessellation_shaders:1", "tessellation shaders", "GL_ARB_tessellation_shader"),
    u32("has_indirect_draw:1", "a draw can take its arguments from a buffer", "GL_ARB_draw_indirect"),
    u32("has_sample_shading:1", "a fragment shader can run once per sample", "GL_ARB_sample_shading"),
    u32("has_cull:1", "cull distances", "GL 4.5 or GL_ARB_cull_distance"),
    u32("conditional_render_inverted:1", "conditional drawing can be inverted", "GL_ARB_conditional_render_inverted"),
    u32("derivative_control:1", "shaders can choose coarse or fine derivatives", "GL 4.5 or GL_ARB_derivative_control"),
    u32("polygon_offset_clamp:1", "polygon offset can have a limit", "GL_ARB_polygon_offset_clamp"),
    u32(
        "transform_feedback_overflow_query:1",
        "queries can tell whether transform feedback overflowed",
        "GL_ARB_transform_feedback_overflow_query",
    ),
    doc="The features of capset 1; all 32 bits are taken",
    header=HEADER,
    history=virgl_hw.VIRGL_CAPS_BOOL_SET1,
)

virgl_caps_v1: Schema = struct(
    "virgl_caps_v1",
    u32("max_version", "version of the wire, 1 in capset 1 and 2 in capset 2; says nothing about the layout"),
    virgl_supported_format_mask("sampler", "formats that a shader can sample, those of depth among them"),
    virgl_supported_format_mask("render", "formats that can be rendered to"),
    virgl_supported_format_mask("depthstencil", "formats for depth and stencil", "never filled, always zero"),
    virgl_supported_format_mask("vertexbuffer", "formats of vertex attributes", "R11G11B10_FLOAT at most"),
    virgl_caps_bool_set1("bset", "features of capset 1, one bit each"),
    u32("glsl_level", "highest GLSL version, times 100", "from the GL version; at most 430 on a GLES host"),
    u32("max_texture_array_layers", "largest number of layers of an array texture", "GL_MAX_ARRAY_TEXTURE_LAYERS"),
    u32("max_streamout_buffers", "largest number of transform feedback buffers", "GL_MAX_TRANSFORM_FEEDBACK_BUFFERS"),
    u32(
        "max_dual_source_render_targets",
        "largest number of render targets that blend with two sources",
        "GL_MAX_DUAL_SOURCE_DRAW_BUFFERS",
    ),
    u32("max_render_targets", "largest number of render targets", "GL_MAX_DRAW_BUFFERS"),
    u32("max_samples", "largest number of samples per pixel", "GL_MAX_SAMPLES"),
    u32("prim_mask", "primitive types: bit n for pipe_prim_type n", flags=PIPE_PRIM),
    u32("max_tbo_size", "largest size of a buffer texture", "GL_MAX_TEXTURE_BUFFER_SIZE", unit="texels"),
    u32("max_uniform_blocks", "largest number of uniform blocks of a vertex shader", "GL_MAX_VERTEX_UNIFORM_BLOCKS"),
    u32("max_viewports", "largest number of viewports", "GL_MAX_VIEWPORTS, or 1"),
    u32(
        "max_texture_gather_components",
        "number of components that a texture gather can choose from",
        "GL_MAX_PROGRAM_TEXTURE_GATHER_COMPONENTS_ARB, or 4 on GLES",
    ),
    doc="Capset 1, which never grows again: the first guest kernels copied the host's size into the guest's struct",
    header=HEADER,
    capset_id=1,
    frozen=True,
    history=virgl_hw.VIRGL_CAPS_V1,
)

virgl_video_caps: Schema = struct(
    "virgl_video_caps",
    u32("profile:8", "codec and profile, a pipe_video_profile number", meaning="pipe_video_profile"),
    u32(
        "entrypoint:8", "step of decoding or encoding, a pipe_video_entrypoint number", meaning="pipe_video_entrypoint"
    ),
    u32("max_level:8", "highest level of the profile", "always 0"),
    u32("stacked_frames:8", "number of frames that can be stacked", "always 0"),
    u32("max_width:16", "largest width of a picture", "VASurfaceAttribMaxWidth", unit="pixels"),
    u32("max_height:16", "largest height of a picture", "VASurfaceAttribMaxHeight", unit="pixels"),
    u32(
        "prefered_format:16",
        "preferred format of pictures, a VIRGL_FORMAT number; misspelt as in the header",
        "VASurfaceAttribPixelFormat",
        meaning="virgl_format",
    ),
    u32("max_macroblocks:16", "largest number of macroblocks of a picture", "always 1"),
    u32("npot_texture:1", "sizes need not be powers of two", "always 1"),
    u32("supports_progressive:1", "progressive pictures", "always 1"),
    u32("supports_interlaced:1", "interlaced pictures", "always 0"),
    u32("prefers_interlaced:1", "interlaced pictures are preferred", "always 0"),
    u32("max_temporal_layers:8", "largest number of temporal layers", "always 0"),
    u32("reserved:20", "not used"),
    doc="What one video profile can do with one entrypoint",
    header=HEADER,
)

virgl_caps_v2: Schema = struct(
    "virgl_caps_v2",
    virgl_caps_v1("v1", "capset 1, but with max_version 2", fold=True),
    f32(
        "min_aliased_point_size",
        "smallest size of a point",
        "GL_ALIASED_POINT_SIZE_RANGE[0]",
        unit="pixels",
        default=1.0,
    ),
    f32(
        "max_aliased_point_size",
        "largest size of a point",
        "GL_ALIASED_POINT_SIZE_RANGE[1]",
        unit="pixels",
        default=255.0,
    ),
    f32(
        "min_smooth_point_size",
        "smallest size of a smooth point",
        "GL_SMOOTH_POINT_SIZE_RANGE[0]",
        unit="pixels",
        default=1.0,
    ),
    f32(
        "max_smooth_point_size",
        "largest size of a smooth point",
        "GL_SMOOTH_POINT_SIZE_RANGE[1]",
        unit="pixels",
        default=190.0,
    ),
    f32(
        "min_aliased_line_width",
        "smallest width of a line",
        "GL_ALIASED_LINE_WIDTH_RANGE[0]",
        unit="pixels",
        default=1.0,
    ),
    f32(
        "max_aliased_line_width",
        "largest width of a line",
        "GL_ALIASED_LINE_WIDTH_RANGE[1]",
        unit="pixels",
        default=10.0,
    ),
    f32(
        "min_smooth_line_width",
        "smallest width of a smooth line",
        "GL_SMOOTH_LINE_WIDTH_RANGE[0]",
        unit="pixels",
        default=0.0,
    ),
    f32(
        "max_smooth_line_width",
        "largest width of a smooth line",
        "GL_SMOOTH_LINE_WIDTH_RANGE[1]",
        unit="pixels",
        default=10.0,
    ),
    f32(
        "max_texture_lod_bias",
        "largest bias of the level of detail",
        "GL_MAX_TEXTURE_LOD_BIAS",
        unit="levels",
        default=15.0,
    ),
    u32(
        "max_geom_output_vertices",
        "largest number of vertices that a geometry shader writes",
        "GL_MAX_GEOMETRY_OUTPUT_VERTICES",
        default=256,
    ),
    u32(
        "max_geom_total_output_components",
        "largest number of components that a geometry shader writes in all",
        "GL_MAX_GEOMETRY_TOTAL_OUTPUT_COMPONENTS",
        default=1024,
    ),
    u32(
        "max_vertex_outputs",
        "largest number of outputs of a vertex shader",
        "GL_MAX_VERTEX_OUTPUT_COMPONENTS / 4",
        unit="vec4",
        default=32,
    ),
    u32("max_vertex_attribs", "largest number of vertex attributes", "GL_MAX_VERTEX_ATTRIBS", default=16),
    u32(
        "max_shader_patch_varyings",
        "largest number of outputs per patch of a tessellation control shader",
        "GL_MAX_TESS_PATCH_COMPONENTS / 4",
        unit="vec4",
        default=30,
    ),
    s32(
        "min_texel_offset",
        "lowest texel offset of a texture look-up",
        "GL_MIN_PROGRAM_TEXEL_OFFSET",
        unit="texels",
        default=-8,
    ),
    s32(
        "max_texel_offset",
        "highest texel offset of a texture look-up",
        "GL_MAX_PROGRAM_TEXEL_OFFSET",
        unit="texels",
        default=7,
    ),
    s32(
        "min_texture_gather_offset",
        "lowest texel offset of a texture gather",
        "GL_MIN_PROGRAM_TEXTURE_GATHER_OFFSET",
        unit="texels",
        default=-8,
    ),
    s32(
        "max_texture_gather_offset",
        "highest texel offset of a texture gather",
        "GL_MAX_PROGRAM_TEXTURE_GATHER_OFFSET",
        unit="texels",
        default=7,
    ),
    u32(
        "texture_buffer_offset_alignment",
        "alignment of the offset of a buffer texture; 0 if it cannot be part of a buffer",
        "GL_TEXTURE_BUFFER_OFFSET_ALIGNMENT",
        unit="bytes",
    ),
    u32(
        "uniform_buffer_offset_alignment",
        "alignment of the offset of a uniform buffer",
        "GL_UNIFORM_BUFFER_OFFSET_ALIGNMENT",
        unit="bytes",
        default=256,
    ),
    u32(
        "shader_buffer_offset_alignment",
        "alignment of the offset of a shader storage buffer",
        "GL_SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT",
        unit="bytes",
        default=32,
    ),
    # A header that ended at 392 bytes had another field here: variant before-3222f87b.
    u32(
        "capability_bits",
        "features, VIRGL_CAP_*; all 32 bits are taken",
        flags=VIRGL_CAP,
        flag_marks=virgl_hw.VIRGL_CAP,
    ),
    u32(
        "sample_locations[8]",
        "place of each sample in its pixel, a byte b each, lowest first: x = (b >> 4) / 16, y = (b & 15) / 16; "
        "2 samples in word 0, 4 in word 1, 8 in words 2 and 3, 16 in words 4 to 7",
        "GL_SAMPLE_POSITION",
        meaning="sample_locations",
    ),
    u32(
        "max_vertex_attrib_stride",
        "largest stride of vertex attributes",
        "GL_MAX_VERTEX_ATTRIB_STRIDE, or 2048",
        unit="bytes",
    ),
    u32(
        "max_shader_buffer_frag_compute",
        "largest number of shader storage buffers of a fragment or compute shader",
        "GL_MAX_FRAGMENT_SHADER_STORAGE_BLOCKS, at most 32",
    ),
    u32(
        "max_shader_buffer_other_stages",
        "largest number of shader storage buffers of a shader of another stage",
        "GL_MAX_VERTEX_SHADER_STORAGE_BLOCKS, at most 32",
    ),
    u32(
        "max_shader_image_frag_compute",
        "largest number of images of a fragment or compute shader",
        "GL_MAX_FRAGMENT_IMAGE_UNIFORMS, at most PIPE_MAX_SHADER_IMAGES",
    ),
    u32(
        "max_shader_image_other_stages",
        "largest number of images of a shader of another stage",
        "GL_MAX_VERTEX_IMAGE_UNIFORMS, likewise",
    ),
    u32("max_image_samples", "largest number of samples per pixel of an image", "GL_MAX_IMAGE_SAMPLES; 0 on GLES"),
    u32(
        "max_compute_work_group_invocations",
        "largest number of invocations of a compute work group",
        "GL_MAX_COMPUTE_WORK_GROUP_INVOCATIONS",
    ),
    u32(
        "max_compute_shared_memory_size",
        "largest memory that a compute work group shares",
        "GL_MAX_COMPUTE_SHARED_MEMORY_SIZE",
        unit="bytes",
    ),
    u32(
        "max_compute_grid_size[3]",
        "largest number of compute work groups along x, y and z",
        "GL_MAX_COMPUTE_WORK_GROUP_COUNT",
    ),
    u32(
        "max_compute_block_size[3]",
        "largest number of invocations of a compute work group along x, y and z",
        "GL_MAX_COMPUTE_WORK_GROUP_SIZE",
    ),
    u32(
        "max_texture_2d_size",
        "largest width and height of a 2D texture; 0 if the host is too old to tell",
        "GL_MAX_TEXTURE_SIZE",
        unit="texels",
    ),
    u32(
        "max_texture_3d_size",
        "largest width, height and depth of a 3D texture; 0 if the host is too old to tell",
        "GL_MAX_3D_TEXTURE_SIZE",
        unit="texels",
    ),
    u32(
        "max_texture_cube_size",
        "largest width and height of a cube map; 0 if the host is too old to tell",
        "GL_MAX_CUBE_MAP_TEXTURE_SIZE",
        unit="texels",
    ),
    u32(
        "max_combined_shader_buffers",
        "largest number of shader storage buffers of all stages together",
        "GL_MAX_COMBINED_SHADER_STORAGE_BLOCKS; newer hosts, at most 32",
    ),
    u32(
        "max_atomic_counters[6]",
        "largest number of atomic counters of each shader stage; 0 on a GLES host",
        "GL_MAX_*_ATOMIC_COUNTERS",
        meaning="pipe_shader",
    ),
    u32(
        "max_atomic_counter_buffers[6]",
        "largest number of atomic counter buffers of each shader stage",
        "GL_MAX_*_ATOMIC_COUNTER_BUFFERS",
        meaning="pipe_shader",
    ),
    u32(
        "max_combined_atomic_counters",
        "largest number of atomic counters of all stages together",
        "GL_MAX_COMBINED_ATOMIC_COUNTERS",
    ),
    u32(
        "max_combined_atomic_counter_buffers",
        "largest number of atomic counter buffers of all stages together",
        "GL_MAX_COMBINED_ATOMIC_COUNTER_BUFFERS",
    ),
    u32(
        "host_feature_check_version",
        "number that grows when hosts begin to tell what guests had to assume before",
        "a constant of the release",
    ),
    virgl_supported_format_mask("supported_readback_formats", "formats that the guest can read back"),
    virgl_supported_format_mask("scanout", "formats that a display can show"),
    # Release 0.9.0 swapped this word and the next: variant 0.9.0.
    u32("capability_bits_v2", "more features, VIRGL_CAP_V2_*", flags=VIRGL_CAP_V2, flag_marks=virgl_hw.VIRGL_CAP_V2),
    u32("max_video_memory", "memory of the host's GPU; valid only with VIRGL_CAP_V2_VIDEO_MEMORY", unit="MB"),
    char(
        "renderer[64]",
        "name of the host's GL renderer: at most 63 chars, and a NUL",
        "GL_RENDERER, llvmpipe in capitals",
    ),
    f32("max_anisotropy", "largest degree of anisotropic filtering", "GL_MAX_TEXTURE_MAX_ANISOTROPY, at most 16"),
    # Before 328e5f66 it had another name: variant before-328e5f66. Mesa calls it max_shader_sampler_views.
    u32(
        "max_texture_samplers",
        "largest number of texture samplers of a shader",
        "32, whatever the host's GL has",
        default=16,
    ),
    virgl_supported_format_mask("supported_multisample_formats", "formats that can be multisampled"),
    u32(
        "max_const_buffer_size[6]",
        "largest size of constant buffer 0 of each shader stage",
        "GL_MAX_*_UNIFORM_COMPONENTS * 4",
        unit="bytes",
        meaning="pipe_shader",
        default=65536,
    ),
    u32("num_video_caps", "number of elements of video_caps that are in use; a guest refuses more than 32"),
    virgl_video_caps("video_caps[32]", "what the host decodes and encodes: one element per profile and entrypoint"),
    u32("max_uniform_block_size", "largest size of a uniform block", "GL_MAX_UNIFORM_BLOCK_SIZE", unit="bytes"),
    u32(
        "max_tcs_outputs",
        "largest number of outputs of a tessellation control shader",
        "GL_MAX_TESS_CONTROL_TOTAL_OUTPUT_COMPONENTS / 4",
        unit="vec4",
    ),
    u32(
        "max_tes_outputs",
        "largest number of outputs of a tessellation evaluation shader",
        "GL_MAX_TESS_EVALUATION_OUTPUT_COMPONENTS / 4",
        unit="vec4",
    ),
    u32(
        "max_shader_storage_blocks[6]",
        "largest number of shader storage buffers of each shader stage; INT_MAX if the host does not tell",
        "GL_MAX_*_SHADER_STORAGE_BLOCKS, at most 32",
        meaning="pipe_shader",
        default=0x7FFFFFFF,
    ),
    doc="Capset 2, which grows at its end",
    header=HEADER,
    capset_id=2,
    history=virgl_hw.VIRGL_CAPS_V2,
)

# The layouts that are no prefix of the newest. No size tells them apart, so a caller asks for one by its name.

_bool_set1_before_03e3116a = variant(
    virgl_caps_bool_set1,
    "before-03e3116a",
    "17 bits: texture_buffer_object stood before the last two. In no release",
    *virgl_caps_bool_set1.members[:14],
    u32("texture_buffer_object:1", "buffer textures"),
    u32("texture_multisample:1", "multisampled textures", "GL_ARB_texture_multisample"),
    u32(
        "fragment_coord_conventions:1",
        "shaders can choose the origin of gl_FragCoord",
        "GL_ARB_fragment_coord_conventions",
    ),
    history=virgl_hw.VIRGL_CAPS_BOOL_SET1_BEFORE_03E3116A,
)

variant(
    virgl_caps_v1,
    "before-03e3116a",
    "the first header, of 2014-03-31: bits 14 to 16 of bset meant something else. In no release",
    *virgl_caps_v1.until(288, bset=_bool_set1_before_03e3116a("bset", "features of capset 1, one bit each")),
)

variant(
    virgl_caps_v2,
    "before-3222f87b",
    "April to June 2018: tgsi_invariant stood before shader_buffer_offset_alignment. In no release",
    *virgl_caps_v2.until(388),
    u32("tgsi_invariant", "1 if shader outputs can be invariant; now bit 0 of capability_bits"),
    u32(
        "shader_buffer_offset_alignment",
        "alignment of the offset of a shader storage buffer",
        "GL_SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT",
        unit="bytes",
        default=32,
    ),
    history=virgl_hw.VIRGL_CAPS_V2_BEFORE_3222F87B,
)

variant(
    virgl_caps_v2,
    "0.9.0",
    "release 0.9.0: 7e7a4e72a1fc put max_video_memory before capability_bits_v2, and 5e2d10463d6b swapped them back "
    "for 0.9.1",
    *virgl_caps_v2.until(688),
    u32("max_video_memory", "memory of the host's GPU; valid only with VIRGL_CAP_V2_VIDEO_MEMORY", unit="MB"),
    u32("capability_bits_v2", "more features, VIRGL_CAP_V2_*", flags=VIRGL_CAP_V2, flag_marks=virgl_hw.VIRGL_CAP_V2),
    history=virgl_hw.VIRGL_CAPS_V2_0_9_0,
)

variant(
    virgl_caps_v2,
    "before-328e5f66",
    "releases 0.10.0 to 1.0.1: max_texture_samplers was named max_texture_image_units and held the host's limit, "
    "for which guests of a Mali host had no room",
    *virgl_caps_v2.until(
        1384,
        max_texture_samplers=u32(
            "max_texture_image_units",
            "largest number of texture image units of a shader",
            "GL_MAX_TEXTURE_IMAGE_UNITS",
            default=16,
        ),
    ),
)
