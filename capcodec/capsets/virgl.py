"""Capsets 1 and 2, as in virglrenderer's ``src/virgl_hw.h``, every layout it ever had.

Layouts, commits and dates: the header's whole history (tags to 1.3.0), offsets as gcc lays them out. ``source`` names
the GL query, or the rule, by which ``src/vrend/vrend_renderer.c`` fills the field. Defaults are those of Mesa's
``virgl_ws_fill_new_caps_defaults`` (``src/gallium/winsys/virgl/virgl_winsys.h``), applied before the guest asks.

Arrays of six hold one element per shader stage in the order vertex, fragment, geometry, tessellation control,
tessellation evaluation, compute (gallium's PIPE_SHADER order; Mesa's own enum is ordered otherwise).
"""

from __future__ import annotations

from ..schema import char, f32, s32, since, step, struct, u32, variant

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
    19: "HOST_IS_GLES",  # FAKE_FP64 until 3eef9070d79a, 2022-08-30
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

VIRGL_FORMAT: dict[int, str] = {}  # numbers were given to other formats from release to release

virgl_supported_format_mask = struct(
    "virgl_supported_format_mask",
    u32("bitmask[16]", "bit f % 32 of word f / 32 is set if format f is supported", flags=VIRGL_FORMAT),
    doc="A set of format numbers, 0 to 511",
    header=HEADER,
)

virgl_caps_bool_set1 = struct(
    "virgl_caps_bool_set1",
    u32("indep_blend_enable:1", "blending is switched per render target", "GL_EXT_draw_buffers2"),
    u32("indep_blend_func:1", "blend functions are set per render target", "GL_ARB_draw_buffers_blend"),
    u32("cube_map_array:1", "arrays of cube maps", "GL_ARB_texture_cube_map_array"),
    u32("shader_stencil_export:1", "a fragment shader writes stencil", "GL_ARB_shader_stencil_export"),
    u32("conditional_render:1", "drawing that depends on a query", "GL_NV_conditional_render"),
    u32("start_instance:1", "a base instance in draws", "GL_ARB_base_instance"),
    u32("primitive_restart:1", "an index that restarts the primitive", "GL_NV_primitive_restart"),
    u32("blend_eq_sep:1", "separate blend equations for RGB and alpha", "never set"),
    u32("instanceid:1", "shaders read the instance id", "GL_ARB_draw_instanced"),
    u32("vertex_element_instance_divisor:1", "vertex attributes step per instance", "never set"),
    u32("seamless_cube_map:1", "filtering across cube map edges", "GL 3.2, GL_ARB_seamless_cube_map or GLES 3.0"),
    u32("occlusion_query:1", "queries that count samples", "always set, as GL 2.1 needs it"),
    u32("timer_query:1", "queries that tell time; trusted from host_feature_check_version 15 on", "GL_ARB_timer_query"),
    u32("streamout_pause_resume:1", "transform feedback can pause", "GL_ARB_transform_feedback2"),
    since("a3a2c64cd662", "2014-03-31", "0.2.0"),
    u32("texture_multisample:1", "multisampled textures", "GL_ARB_texture_multisample"),
    u32("fragment_coord_conventions:1", "origin of gl_FragCoord can be chosen", "GL_ARB_fragment_coord_conventions"),
    u32("depth_clip_disable:1", "depth clamp in place of clipping", "GL_ARB_depth_clamp"),
    u32("seamless_cube_map_per_texture:1", "seamless filtering per sampler", "GL_ARB_seamless_cubemap_per_texture"),
    u32("ubo:1", "uniform buffer objects", "never set; see max_uniform_blocks"),
    u32("color_clamping:1", "color clamp control", "GL_ARB_color_buffer_float; no longer set since 2023-06"),
    u32("poly_stipple:1", "polygon stipple", "GL compatibility profile"),
    u32("mirror_clamp:1", "mirrored clamp texture wrap modes", "GL_EXT_texture_mirror_clamp"),
    since("03e3116a7513", "2015-02-03", "0.2.0"),
    u32("texture_query_lod:1", "shaders query the level of detail", "GL_ARB_texture_query_lod"),
    since("3dcc980055c6", "2015-03-10", "0.2.0"),
    u32("has_fp64:1", "doubles in shaders", "GL 4.0, or GL_ARB_gpu_shader_fp64 with GL_ARB_gpu_shader5"),
    u32("has_tessellation_shaders:1", "tessellation stages", "GL_ARB_tessellation_shader"),
    since("b4cd13e121ff", "2015-10-23", "0.2.0"),
    u32("has_indirect_draw:1", "draw arguments from a buffer", "GL_ARB_draw_indirect"),
    u32("has_sample_shading:1", "a fragment shader runs per sample", "GL_ARB_sample_shading"),
    u32("has_cull:1", "cull distances", "GL 4.5 or GL_ARB_cull_distance"),
    since("4977d1fa023b", "2018-02-09", "0.7.0"),
    u32("conditional_render_inverted:1", "conditional drawing, inverted", "GL_ARB_conditional_render_inverted"),
    since("6b5d7919c58e", "2018-05-21", "0.7.0"),
    u32("derivative_control:1", "coarse and fine derivatives", "GL 4.5 or GL_ARB_derivative_control"),
    since("7d4b9f972c5a", "2018-05-21", "0.7.0"),
    u32("polygon_offset_clamp:1", "polygon offset is clamped", "GL_ARB_polygon_offset_clamp"),
    since("be265410c3d9", "2018-05-21", "0.7.0"),
    u32(
        "transform_feedback_overflow_query:1",
        "queries that tell overflow",
        "GL_ARB_transform_feedback_overflow_query",
    ),
    since("efc093d0ec0b", "2018-05-21", "0.7.0"),
    doc="Thirty-two features of capset 1; full, the header says, for ever",
    header=HEADER,
)

virgl_caps_v1 = struct(
    "virgl_caps_v1",
    u32("max_version", "wire version, 1 in capset 1 and 2 in capset 2; says nothing about layout"),
    virgl_supported_format_mask("sampler", "formats that can be sampled, depth formats among them"),
    virgl_supported_format_mask("render", "formats that can be rendered to, of those that can be sampled"),
    virgl_supported_format_mask("depthstencil", "formats for depth and stencil", "never filled, always zero"),
    virgl_supported_format_mask("vertexbuffer", "formats of vertex attributes", "R11G11B10_FLOAT at most"),
    virgl_caps_bool_set1("bset", "features"),
    u32("glsl_level", "highest GLSL version, times 100", "from the GL version; at most 430 on a GLES host"),
    u32("max_texture_array_layers", "layers of an array texture", "GL_MAX_ARRAY_TEXTURE_LAYERS"),
    u32("max_streamout_buffers", "transform feedback buffers", "GL_MAX_TRANSFORM_FEEDBACK_BUFFERS"),
    u32("max_dual_source_render_targets", "render targets with two sources", "GL_MAX_DUAL_SOURCE_DRAW_BUFFERS"),
    u32("max_render_targets", "color attachments", "GL_MAX_DRAW_BUFFERS"),
    u32("max_samples", "samples per pixel", "GL_MAX_SAMPLES"),
    step(288, "a3a2c64cd662", "2014-03-31", "0.2.0"),
    u32("prim_mask", "primitive types, bit n for pipe_prim_type n", flags=PIPE_PRIM),
    u32("max_tbo_size", "size of a buffer texture", "GL_MAX_TEXTURE_BUFFER_SIZE", unit="texels"),
    u32("max_uniform_blocks", "uniform blocks of a vertex shader", "GL_MAX_VERTEX_UNIFORM_BLOCKS"),
    step(300, "03e3116a7513", "2015-02-03", "0.2.0"),
    u32("max_viewports", "viewports at once", "GL_MAX_VIEWPORTS, or 1"),
    step(304, "0ff22a06b700", "2015-03-10", "0.2.0"),
    u32(
        "max_texture_gather_components",
        "components a texture gather can choose from",
        "GL_MAX_PROGRAM_TEXTURE_GATHER_COMPONENTS_ARB, or 4 on GLES",
    ),
    step(308, "3dcc980055c6", "2015-03-10", "0.2.0"),
    doc="Capset 1, frozen: the first guest kernels copied the host's size into the guest's struct",
    header=HEADER,
    capset_id=1,
    frozen=True,
)

virgl_video_caps = struct(
    "virgl_video_caps",
    u32("profile:8", "pipe_video_profile number"),
    u32("entrypoint:8", "pipe_video_entrypoint number"),
    u32("max_level:8", "highest level of the profile", "always 0"),
    u32("stacked_frames:8", "frames that can be stacked", "always 0"),
    u32("max_width:16", "of a picture", "VASurfaceAttribMaxWidth", unit="pixels"),
    u32("max_height:16", "of a picture", "VASurfaceAttribMaxHeight", unit="pixels"),
    u32("prefered_format:16", "VIRGL_FORMAT number, spelt as in the header", "VASurfaceAttribPixelFormat"),
    u32("max_macroblocks:16", "macroblocks", "always 1"),
    u32("npot_texture:1", "sizes need not be powers of two", "always 1"),
    u32("supports_progressive:1", "progressive frames", "always 1"),
    u32("supports_interlaced:1", "interlaced frames", "always 0"),
    u32("prefers_interlaced:1", "interlaced frames are preferred", "always 0"),
    u32("max_temporal_layers:8", "temporal layers", "always 0"),
    u32("reserved:20", "not used"),
    doc="What one video profile can do with one entrypoint",
    header=HEADER,
)

virgl_caps_v2 = struct(
    "virgl_caps_v2",
    virgl_caps_v1("v1", "capset 1, with max_version 2", fold=True),
    f32("min_aliased_point_size", "smallest point", "GL_ALIASED_POINT_SIZE_RANGE[0]", unit="pixels", default=1.0),
    f32("max_aliased_point_size", "largest point", "GL_ALIASED_POINT_SIZE_RANGE[1]", unit="pixels", default=255.0),
    f32("min_smooth_point_size", "smallest smooth point", "GL_SMOOTH_POINT_SIZE_RANGE[0]", unit="pixels", default=1.0),
    f32("max_smooth_point_size", "largest smooth point", "GL_SMOOTH_POINT_SIZE_RANGE[1]", unit="pixels", default=190.0),
    f32("min_aliased_line_width", "thinnest line", "GL_ALIASED_LINE_WIDTH_RANGE[0]", unit="pixels", default=1.0),
    f32("max_aliased_line_width", "widest line", "GL_ALIASED_LINE_WIDTH_RANGE[1]", unit="pixels", default=10.0),
    f32("min_smooth_line_width", "thinnest smooth line", "GL_SMOOTH_LINE_WIDTH_RANGE[0]", unit="pixels", default=0.0),
    f32("max_smooth_line_width", "widest smooth line", "GL_SMOOTH_LINE_WIDTH_RANGE[1]", unit="pixels", default=10.0),
    f32("max_texture_lod_bias", "largest level of detail bias", "GL_MAX_TEXTURE_LOD_BIAS", unit="levels", default=15.0),
    u32("max_geom_output_vertices", "of a geometry shader", "GL_MAX_GEOMETRY_OUTPUT_VERTICES", default=256),
    u32(
        "max_geom_total_output_components",
        "of a geometry shader",
        "GL_MAX_GEOMETRY_TOTAL_OUTPUT_COMPONENTS",
        default=1024,
    ),
    u32("max_vertex_outputs", "of a vertex shader, in vec4", "GL_MAX_VERTEX_OUTPUT_COMPONENTS / 4", default=32),
    u32("max_vertex_attribs", "vertex attributes", "GL_MAX_VERTEX_ATTRIBS", default=16),
    u32("max_shader_patch_varyings", "per patch, in vec4", "GL_MAX_TESS_PATCH_COMPONENTS / 4", default=30),
    s32("min_texel_offset", "lowest texel offset", "GL_MIN_PROGRAM_TEXEL_OFFSET", unit="texels", default=-8),
    s32("max_texel_offset", "highest texel offset", "GL_MAX_PROGRAM_TEXEL_OFFSET", unit="texels", default=7),
    s32(
        "min_texture_gather_offset",
        "lowest offset of a gather",
        "GL_MIN_PROGRAM_TEXTURE_GATHER_OFFSET",
        unit="texels",
        default=-8,
    ),
    s32(
        "max_texture_gather_offset",
        "highest offset of a gather",
        "GL_MAX_PROGRAM_TEXTURE_GATHER_OFFSET",
        unit="texels",
        default=7,
    ),
    step(380, "4977d1fa023b", "2018-02-09", "0.7.0"),
    u32(
        "texture_buffer_offset_alignment",
        "alignment of a buffer texture's offset; 0 if ranges are not supported",
        "GL_TEXTURE_BUFFER_OFFSET_ALIGNMENT",
        unit="bytes",
    ),
    u32(
        "uniform_buffer_offset_alignment",
        "alignment of a uniform buffer's offset",
        "GL_UNIFORM_BUFFER_OFFSET_ALIGNMENT",
        unit="bytes",
        default=256,
    ),
    step(388, "88444a8ee856", "2018-02-22", "0.7.0"),
    u32(
        "shader_buffer_offset_alignment",
        "alignment of a shader storage buffer's offset",
        "GL_SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT",
        unit="bytes",
        default=32,
    ),
    # Headers that ended at 392 had another field here: variant before-3222f87b.
    step(392, "3222f87b7329", "2018-06-04", "0.7.0"),
    u32("capability_bits", "features, VIRGL_CAP_*; full", flags=VIRGL_CAP),
    step(396, "3222f87b7329", "2018-06-04", "0.7.0"),
    u32(
        "sample_locations[8]",
        "a byte per sample, x = (b >> 4) / 16 and y = (b & 15) / 16, lowest byte first; "
        "word 0 for 2 samples, 1 for 4, 2 and 3 for 8, 4 to 7 for 16",
        "GL_SAMPLE_POSITION",
    ),
    step(428, "c0e0274e8cf7", "2018-07-05", "0.7.0"),
    u32(
        "max_vertex_attrib_stride",
        "stride of a vertex attribute",
        "GL_MAX_VERTEX_ATTRIB_STRIDE, or 2048",
        unit="bytes",
    ),
    step(432, "e387116ef423", "2018-07-05", "0.7.0"),
    u32(
        "max_shader_buffer_frag_compute",
        "shader storage buffers of a fragment or compute shader",
        "GL_MAX_FRAGMENT_SHADER_STORAGE_BLOCKS, at most 32",
    ),
    u32(
        "max_shader_buffer_other_stages",
        "shader storage buffers of any other stage",
        "GL_MAX_VERTEX_SHADER_STORAGE_BLOCKS, at most 32",
    ),
    step(440, "083d97fff546", "2018-07-17", "0.7.0"),
    u32(
        "max_shader_image_frag_compute",
        "images of a fragment or compute shader",
        "GL_MAX_FRAGMENT_IMAGE_UNIFORMS, at most PIPE_MAX_SHADER_IMAGES",
    ),
    u32("max_shader_image_other_stages", "images of any other stage", "GL_MAX_VERTEX_IMAGE_UNIFORMS, likewise"),
    u32("max_image_samples", "samples per pixel of an image", "GL_MAX_IMAGE_SAMPLES; 0 on GLES"),
    step(452, "950de33c32d5", "2018-07-20", "0.7.0"),
    u32("max_compute_work_group_invocations", "of one work group", "GL_MAX_COMPUTE_WORK_GROUP_INVOCATIONS"),
    u32("max_compute_shared_memory_size", "of one work group", "GL_MAX_COMPUTE_SHARED_MEMORY_SIZE", unit="bytes"),
    u32("max_compute_grid_size[3]", "work groups along x, y, z", "GL_MAX_COMPUTE_WORK_GROUP_COUNT"),
    u32("max_compute_block_size[3]", "invocations of a work group along x, y, z", "GL_MAX_COMPUTE_WORK_GROUP_SIZE"),
    step(484, "1a71bfdcbbbf", "2018-07-30", "0.7.0"),
    u32("max_texture_2d_size", "0: the host is too old to tell", "GL_MAX_TEXTURE_SIZE", unit="texels"),
    u32("max_texture_3d_size", "0: the host is too old to tell", "GL_MAX_3D_TEXTURE_SIZE", unit="texels"),
    u32("max_texture_cube_size", "0: the host is too old to tell", "GL_MAX_CUBE_MAP_TEXTURE_SIZE", unit="texels"),
    step(496, "829176087cb2", "2018-08-14", "0.7.0"),
    u32(
        "max_combined_shader_buffers",
        "shader storage buffers of all stages together",
        "GL_MAX_COMBINED_SHADER_STORAGE_BLOCKS; newer hosts, at most 32",
    ),
    step(500, "13ca94b7f418", "2018-08-30", "0.7.0"),
    u32("max_atomic_counters[6]", "per stage; zero on GLES", "GL_MAX_*_ATOMIC_COUNTERS"),
    u32("max_atomic_counter_buffers[6]", "per stage", "GL_MAX_*_ATOMIC_COUNTER_BUFFERS"),
    u32("max_combined_atomic_counters", "of all stages together", "GL_MAX_COMBINED_ATOMIC_COUNTERS"),
    u32("max_combined_atomic_counter_buffers", "of all stages together", "GL_MAX_COMBINED_ATOMIC_COUNTER_BUFFERS"),
    step(556, "cd8c1b66d294", "2018-07-19", "0.7.0"),
    u32(
        "host_feature_check_version",
        "counts up when the host starts to tell what a guest had to assume before",
        "a constant of the release",
    ),
    step(560, "660a02af5a2a", "2019-03-27", "0.8.0"),
    virgl_supported_format_mask("supported_readback_formats", "formats that can be read back"),
    step(624, "6a3cd2bde657", "2019-03-12", "0.8.0"),
    virgl_supported_format_mask("scanout", "formats that can be shown on a display"),
    step(688, "e3683f0fbd5a", "2019-07-30", "0.8.0"),
    # Release 0.9.0 has this word and the next the other way round: variant 0.9.0.
    u32("capability_bits_v2", "more features, VIRGL_CAP_V2_*", flags=VIRGL_CAP_V2),
    step(692, "f355e96e24f6", "2020-06-02", "0.9.1"),
    u32("max_video_memory", "of the host's GPU; only with VIRGL_CAP_V2_VIDEO_MEMORY", unit="MB"),
    step(696, "5e2d10463d6b", "2021-04-19", "0.9.1"),
    char("renderer[64]", "the host's GL renderer, at most 63 chars and a NUL", "GL_RENDERER, llvmpipe in capitals"),
    step(760, "caf4dc035dfe", "2021-06-04", "0.10.0"),
    f32("max_anisotropy", "largest degree of anisotropic filtering", "GL_MAX_TEXTURE_MAX_ANISOTROPY, at most 16"),
    step(764, "900bc6fd9610", "2021-07-19", "0.10.0"),
    # Named max_texture_image_units before 328e5f66: variant before-328e5f66. Mesa calls it max_shader_sampler_views.
    u32("max_texture_samplers", "samplers of a stage", "32, whatever the host's GL has", default=16),
    step(768, "d755dfa28cb5", "2021-11-03", "0.10.0"),
    virgl_supported_format_mask("supported_multisample_formats", "formats that can be multisampled"),
    step(832, "5738cfbe96c8", "2022-02-22", "0.10.0"),
    u32(
        "max_const_buffer_size[6]",
        "size of constant buffer 0, per stage",
        "GL_MAX_*_UNIFORM_COMPONENTS * 4",
        unit="bytes",
        default=65536,
    ),
    step(856, "c74d58df61f6", "2022-05-09", "0.10.0"),
    u32("num_video_caps", "elements of video_caps in use; a guest refuses more than 32"),
    virgl_video_caps("video_caps[32]", "one element per video profile and entrypoint"),
    step(1372, "a92fed821f5a", "2022-07-01", "0.10.0"),
    u32("max_uniform_block_size", "size of a uniform block", "GL_MAX_UNIFORM_BLOCK_SIZE", unit="bytes"),
    step(1376, "3c5a9bbb7464", "2022-09-09", "0.10.3"),
    u32("max_tcs_outputs", "in vec4", "GL_MAX_TESS_CONTROL_TOTAL_OUTPUT_COMPONENTS / 4"),
    u32("max_tes_outputs", "in vec4", "GL_MAX_TESS_EVALUATION_OUTPUT_COMPONENTS / 4"),
    step(1384, "fddc2e9e119b", "2023-07-13", "1.0.0"),
    u32(
        "max_shader_storage_blocks[6]",
        "shader storage buffers, per stage; INT_MAX stands for a host that does not tell",
        "GL_MAX_*_SHADER_STORAGE_BLOCKS, at most 32",
        default=0x7FFFFFFF,
    ),
    step(1408, "03ee5e5e28e5", "2024-10-15", "1.1.1"),
    doc="Capset 2, which grows at its end",
    header=HEADER,
    capset_id=2,
)

# What follows are the layouts that are no prefix of today's. Their sizes do not tell them apart, so none is ever
# guessed: a caller asks for one by name.

_bool_set1_before_03e3116a = variant(
    virgl_caps_bool_set1,
    "before-03e3116a",
    "Seventeen bits; texture_buffer_object, removed before any release, pushed the last two up by one",
    *(member for member in virgl_caps_bool_set1.members[:14]),
    u32("texture_buffer_object:1", "buffer textures"),
    u32("texture_multisample:1", "multisampled textures", "GL_ARB_texture_multisample"),
    u32("fragment_coord_conventions:1", "origin of gl_FragCoord can be chosen", "GL_ARB_fragment_coord_conventions"),
    since("a3a2c64cd662", "2014-03-31"),
)

variant(
    virgl_caps_v1,
    "before-03e3116a",
    "The first header, of 2014-03-31: bits 14 to 16 of bset meant something else. Never released",
    *virgl_caps_v1.until(288, bset=_bool_set1_before_03e3116a("bset", "features")),
)

variant(
    virgl_caps_v2,
    "before-3222f87b",
    "April to June 2018: tgsi_invariant, later a capability bit, stood before shader_buffer_offset_alignment. "
    "Never released",
    *virgl_caps_v2.until(388),
    u32("tgsi_invariant", "invariant outputs; bit 0 of capability_bits today"),
    step(392, "cfb0750aa9cb", "2018-04-09"),
    u32(
        "shader_buffer_offset_alignment",
        "alignment of a shader storage buffer's offset",
        "GL_SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT",
        unit="bytes",
        default=32,
    ),
    step(396, "8299313e1441", "2018-04-12"),
)

variant(
    virgl_caps_v2,
    "0.9.0",
    "February to April 2021, shipped by release 0.9.0: max_video_memory was put before capability_bits_v2 "
    "(7e7a4e72a1fc); release 0.9.1 swapped the two words back (5e2d10463d6b)",
    *virgl_caps_v2.until(688),
    u32("max_video_memory", "of the host's GPU; only with VIRGL_CAP_V2_VIDEO_MEMORY", unit="MB"),
    u32("capability_bits_v2", "more features, VIRGL_CAP_V2_*", flags=VIRGL_CAP_V2),
    step(696, "7e7a4e72a1fc", "2021-02-12", "0.9.0"),
)

variant(
    virgl_caps_v2,
    "before-328e5f66",
    "Releases 0.10.0 to 1.0.1: max_texture_samplers was named max_texture_image_units and held the host's limit, "
    "which on Mali was more than guests had room for",
    *virgl_caps_v2.until(
        1384,
        max_texture_samplers=u32(
            "max_texture_image_units", "texture image units of a stage", "GL_MAX_TEXTURE_IMAGE_UNITS", default=16
        ),
    ),
)
