"""Which parts of a capset bring which extensions of OpenGL, as real Mesas said. Data only.

``python tests/long/mesa_extensions.py --into`` this file writes it; :mod:`capcodec.meaning.gl_extensions` reads it.
By profiles, and releases of Mesa: what is needed, and the names that need just that, without their "GL_". If nothing is
needed, every host has them that has the profile. What is all needed is joined by "; ", alternatives for one of these by
" | ", the parts of an alternative by " + ".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "compatibility": {
        "22.3.6": {
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.primitive_restart; "
                "v1.bset.texture_multisample; v1.bset.has_indirect_draw; v1.glsl_level >= 400; v1.max_uniform_blocks "
                ">= 13; shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; "
                "capability_bits.FB_NO_ATTACH; max_shader_buffer_frag_compute >= 1; max_shader_image_frag_compute >= "
                "1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "host_feature_check_version >= 6; max_texture_samplers >= 16; max_uniform_block_size >= 16384; "
                "max_atomic_counters[1] >= 1 | max_shader_buffer_frag_compute >= 2; sampler.S8X24_UINT | "
                "sampler.X24S8_UINT"
            ): "ARB_ES3_1_compatibility",
            (
                "sampler.R32G32B32A32_FLOAT; sampler.R16G16B16A16_FLOAT; render.R32G32B32A32_FLOAT; "
                "render.R16G16B16A16_FLOAT"
            ): "ARB_texture_float ATI_texture_float",
            (
                "sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; v1.bset.primitive_restart;"
                " v1.bset.texture_multisample; v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; "
                "v1.bset.has_sample_shading; v1.glsl_level >= 400; v1.max_tbo_size >= 1; v1.max_uniform_blocks >= 13;"
                " texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "capability_bits.ROBUST_BUFFER_ACCESS; max_shader_buffer_frag_compute >= 1; "
                "max_shader_image_frag_compute >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; host_feature_check_version >= 6; max_texture_samplers >= 16; "
                "max_uniform_block_size >= 16384; max_atomic_counters[1] >= 1 | max_shader_buffer_frag_compute >= 2; "
                "sampler.S8X24_UINT | sampler.X24S8_UINT"
            ): "ARB_ES3_2_compatibility",
        },
        "22.3.6 25.0.7": {
            (
                "sampler.BPTC_RGBA_UNORM + sampler.BPTC_SRGBA + sampler.BPTC_RGB_FLOAT + sampler.BPTC_RGB_UFLOAT | "
                "sampler.R8G8B8A8_UNORM + sampler.R8G8B8A8_SRGB + sampler.R16G16B16X16_FLOAT"
            ): "ARB_texture_compression_bptc",
            (
                "v1.bset.texture_multisample; v1.max_samples >= 1; sampler.A8B8G8R8_UNORM + render.A8B8G8R8_UNORM + "
                "supported_multisample_formats.A8B8G8R8_UNORM | sampler.A8R8G8B8_UNORM + render.A8R8G8B8_UNORM + "
                "supported_multisample_formats.A8R8G8B8_UNORM | sampler.R8G8B8A8_UNORM + render.R8G8B8A8_UNORM + "
                "supported_multisample_formats.R8G8B8A8_UNORM | supported_multisample_formats.B8G8R8A8_UNORM; "
                "sampler.A8B8G8R8_UNORM + render.A8B8G8R8_UNORM | sampler.A8R8G8B8_UNORM + render.A8R8G8B8_UNORM | "
                "sampler.B8G8R8A8_UNORM + render.B8G8R8A8_UNORM | sampler.R8G8B8A8_UNORM + render.R8G8B8A8_UNORM"
            ): ("EXT_framebuffer_multisample EXT_framebuffer_multisample_blit_scaled"),
        },
        "22.3.6 25.0.7 26.2.6": {
            "": (
                "APPLE_packed_pixels ARB_color_buffer_float ARB_depth_texture ARB_fragment_program "
                "ARB_fragment_program_shadow ARB_multisample ARB_multitexture ARB_occlusion_query "
                "ARB_point_parameters ARB_shading_language_100 ARB_shadow ARB_texture_border_clamp "
                "ARB_texture_compression ARB_texture_cube_map ARB_texture_env_add ARB_texture_env_combine "
                "ARB_texture_env_crossbar ARB_texture_env_dot3 ARB_texture_mirrored_repeat ARB_transpose_matrix "
                "ARB_vertex_program ARB_window_pos ATI_draw_buffers ATI_fragment_shader ATI_separate_stencil "
                "ATI_texture_env_combine3 EXT_bgra EXT_blend_color EXT_blend_func_separate EXT_blend_subtract "
                "EXT_compiled_vertex_array EXT_copy_texture EXT_direct_state_access EXT_draw_range_elements "
                "EXT_fog_coord EXT_gpu_program_parameters EXT_packed_pixels EXT_point_parameters EXT_rescale_normal "
                "EXT_secondary_color EXT_separate_specular_color EXT_shadow_funcs EXT_stencil_two_side "
                "EXT_stencil_wrap EXT_subtexture EXT_texture EXT_texture3D EXT_texture_cube_map "
                "EXT_texture_edge_clamp EXT_texture_env_add EXT_texture_env_combine EXT_texture_env_dot3 "
                "EXT_texture_lod_bias EXT_texture_object EXT_texture_rectangle EXT_vertex_array IBM_rasterpos_clip "
                "IBM_texture_mirrored_repeat INGR_blend_func_separate MESA_window_pos NV_ES1_1_compatibility "
                "NV_blend_square NV_fog_distance NV_half_float NV_light_max_exponent NV_texgen_reflection "
                "NV_texture_env_combine4 NV_texture_rectangle OES_read_format SGIS_generate_mipmap "
                "SGIS_texture_border_clamp SGIS_texture_edge_clamp SGIS_texture_lod SUN_multi_draw_arrays"
            ),
            (
                "capability_bits.SRGB_WRITE_CONTROL; sampler.A8B8G8R8_SRGB + render.A8B8G8R8_SRGB | "
                "sampler.B8G8R8A8_SRGB + render.B8G8R8A8_SRGB | sampler.R8G8B8A8_SRGB + render.R8G8B8A8_SRGB"
            ): "ARB_framebuffer_sRGB EXT_framebuffer_sRGB",
            (
                "sampler.A8B8G8R8_SRGB | sampler.A8R8G8B8_SRGB | sampler.B8G8R8A8_SRGB | sampler.R8G8B8A8_SRGB"
            ): "EXT_texture_sRGB EXT_texture_sRGB_decode",
            (
                "sampler.DXT1_RGB + sampler.DXT1_RGBA + sampler.DXT3_RGBA + sampler.DXT5_RGBA | sampler.R8G8B8A8_UNORM"
            ): "S3_s3tc",
            "sampler.L8A8_UNORM | sampler.LATC2_UNORM": "ATI_texture_compression_3dc",
            (
                "sampler.L8_UNORM + sampler.L8A8_UNORM + sampler.L8_SNORM + sampler.L8A8_SNORM | sampler.LATC1_UNORM "
                "+ sampler.LATC1_SNORM + sampler.LATC2_UNORM + sampler.LATC2_SNORM"
            ): "EXT_texture_compression_latc",
            "sampler.R11G11B10_FLOAT; render.R11G11B10_FLOAT": "EXT_packed_float",
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.primitive_restart; v1.glsl_level >= 130; "
                "v1.max_uniform_blocks >= 13; max_texture_samplers >= 16; max_uniform_block_size >= 16384"
            ): "ARB_ES3_compatibility",
            (
                "sampler.R32G32B32A32_UINT; sampler.R32G32B32A32_SINT; render.R32G32B32A32_UINT; "
                "render.R32G32B32A32_SINT; v1.glsl_level >= 130"
            ): "EXT_texture_integer",
            (
                "sampler.R32G32B32_FLOAT; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT; v1.max_tbo_size >= 1"
            ): "ARB_texture_buffer_object_rgb32",
            "sampler.R8G8B8A8_SNORM": "EXT_texture_snorm MESA_texture_signed_rgba",
            (
                "sampler.R8_UNORM + sampler.R8G8_UNORM + sampler.R8_SNORM + sampler.R8G8_SNORM | sampler.RGTC1_UNORM "
                "+ sampler.RGTC1_SNORM + sampler.RGTC2_UNORM + sampler.RGTC2_SNORM"
            ): ("ARB_texture_compression_rgtc EXT_texture_compression_rgtc"),
            ("sampler.R8_UNORM; sampler.R8G8_UNORM; render.R8_UNORM; render.R8G8_UNORM"): "ARB_texture_rg",
            "sampler.R9G9B9E5_FLOAT": "EXT_texture_shared_exponent",
            "sampler.Z32_FLOAT; sampler.Z32_FLOAT_S8X24_UINT": "ARB_depth_buffer_float",
            "v1.bset.depth_clip_disable": "ARB_depth_clamp NV_depth_clamp",
            (
                "v1.bset.has_fp64; v1.glsl_level >= 130; sampler.S8X24_UINT | sampler.X24S8_UINT"
            ): "NV_copy_depth_to_color",
            (
                "v1.bset.has_tessellation_shaders; v1.glsl_level >= 400; host_feature_check_version >= 6"
            ): "ARB_tessellation_shader",
            "v1.bset.indep_blend_enable": "EXT_draw_buffers2",
            "v1.bset.primitive_restart": "NV_primitive_restart",
            "v1.bset.seamless_cube_map": "ARB_seamless_cube_map",
            "v1.bset.texture_multisample": ("ARB_texture_multisample ARB_texture_storage_multisample"),
            "v1.glsl_level >= 130": (
                "AMD_conservative_depth ARB_arrays_of_arrays ARB_conservative_depth ARB_shader_bit_encoding "
                "ARB_shading_language_420pack ARB_shading_language_packing ARB_texture_query_levels "
                "EXT_shader_integer_mix MESA_shader_integer_functions"
            ),
            (
                "v1.glsl_level >= 130; sampler.B10G10R10A2_UINT + render.B10G10R10A2_UINT | sampler.R10G10B10A2_UINT "
                "+ render.R10G10B10A2_UINT"
            ): "ARB_texture_rgb10_a2ui",
            "v1.glsl_level >= 140": "EXT_gpu_shader4 EXT_texture_buffer_object",
            (
                "v1.glsl_level >= 140; v1.max_streamout_buffers >= 1; capability_bits.TGSI_COMPONENTS"
            ): "ARB_enhanced_layouts",
            ("v1.glsl_level >= 400; host_feature_check_version >= 6"): "ARB_gpu_shader5",
            ("v1.glsl_level >= 410; host_feature_check_version >= 6"): "ARB_shader_precision",
            "v1.max_streamout_buffers >= 1": "EXT_transform_feedback",
            "v1.max_tbo_size >= 1": "ARB_texture_buffer_object",
            ("v1.max_tbo_size >= 1; texture_buffer_offset_alignment >= 1"): "ARB_texture_buffer_range",
            "v1.max_texture_array_layers >= 1": "EXT_texture_array",
            ("v1.max_uniform_blocks >= 13; max_uniform_block_size >= 16384"): "ARB_uniform_buffer_object",
            "version >= 3.1": ("ARB_compatibility ARB_direct_state_access ARB_shader_subroutine"),
            "version >= 3.2; v1.bset.has_fp64": ("ARB_gpu_shader_fp64 ARB_vertex_attrib_64bit EXT_vertex_attrib_64bit"),
        },
        "25.0.7": {
            (
                "capability_bits_v2.MIRROR_CLAMP; host_feature_check_version >= 22 | v1.bset.mirror_clamp"
            ): "ATI_texture_mirror_once EXT_texture_mirror_clamp",
            (
                "capability_bits_v2.MIRROR_CLAMP_TO_EDGE; host_feature_check_version >= 20 | v1.bset.mirror_clamp"
            ): "ARB_texture_mirror_clamp_to_edge",
        },
        "25.0.7 26.2.6": {
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.primitive_restart; "
                "v1.bset.texture_multisample; v1.bset.has_indirect_draw; v1.glsl_level >= 400; v1.max_uniform_blocks "
                ">= 13; shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; "
                "capability_bits.FB_NO_ATTACH; max_shader_image_frag_compute >= 1; max_compute_work_group_invocations"
                " >= 1024; max_atomic_counter_buffers[1] >= 1; host_feature_check_version >= 6; max_texture_samplers "
                ">= 16; max_uniform_block_size >= 16384; max_shader_storage_blocks[1] >= 1; max_atomic_counters[1] >="
                " 1 | max_shader_storage_blocks[1] >= 2; sampler.S8X24_UINT | sampler.X24S8_UINT"
            ): "ARB_ES3_1_compatibility",
            ("sampler.R32G32B32A32_FLOAT; sampler.R16G16B16A16_FLOAT"): "ARB_texture_float ATI_texture_float",
            (
                "sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; v1.bset.primitive_restart;"
                " v1.bset.texture_multisample; v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; "
                "v1.bset.has_sample_shading; v1.glsl_level >= 400; v1.max_tbo_size >= 1; v1.max_uniform_blocks >= 13;"
                " texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "capability_bits.ROBUST_BUFFER_ACCESS; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "host_feature_check_version >= 6; max_texture_samplers >= 16; max_uniform_block_size >= 16384; "
                "max_shader_storage_blocks[1] >= 1; max_atomic_counters[1] >= 1 | max_shader_storage_blocks[1] >= 2; "
                "sampler.S8X24_UINT | sampler.X24S8_UINT"
            ): "ARB_ES3_2_compatibility",
            (
                "v1.glsl_level >= 150; host_feature_check_version >= 6; capability_bits_v2.VS_VERTEX_LAYER; "
                "capability_bits_v2.VS_VIEWPORT_INDEX"
            ): "AMD_vertex_shader_layer",
            (
                "v1.glsl_level >= 150; v1.max_viewports >= 16; host_feature_check_version >= 6; "
                "capability_bits_v2.VS_VERTEX_LAYER; capability_bits_v2.VS_VIEWPORT_INDEX"
            ): "AMD_vertex_shader_viewport_index",
        },
        "26.2.6": {
            "capability_bits_v2.MIRROR_CLAMP": "ATI_texture_mirror_once EXT_texture_mirror_clamp",
            "capability_bits_v2.MIRROR_CLAMP_TO_EDGE": "ARB_texture_mirror_clamp_to_edge",
            (
                "sampler.BPTC_RGBA_UNORM + sampler.BPTC_SRGBA + sampler.BPTC_RGB_FLOAT + sampler.BPTC_RGB_UFLOAT | "
                "sampler.R8G8B8A8_SRGB + sampler.R16G16B16X16_FLOAT; sampler.BPTC_RGBA_UNORM + sampler.BPTC_SRGBA + "
                "sampler.BPTC_RGB_FLOAT + sampler.BPTC_RGB_UFLOAT | sampler.R8G8B8A8_UNORM + sampler.R8G8B8A8_SRGB"
            ): "ARB_texture_compression_bptc",
            (
                "v1.bset.texture_multisample; v1.max_samples >= 1; sampler.A8B8G8R8_UNORM + render.A8B8G8R8_UNORM + "
                "supported_multisample_formats.A8B8G8R8_UNORM | sampler.A8R8G8B8_UNORM + render.A8R8G8B8_UNORM + "
                "supported_multisample_formats.A8R8G8B8_UNORM | sampler.B8G8R8A8_UNORM + render.B8G8R8A8_UNORM + "
                "supported_multisample_formats.B8G8R8A8_UNORM | sampler.R16G16B16A16_FLOAT + "
                "render.R16G16B16A16_FLOAT + supported_multisample_formats.R16G16B16A16_FLOAT | "
                "sampler.R16G16B16A16_UNORM + render.R16G16B16A16_UNORM + "
                "supported_multisample_formats.R16G16B16A16_UNORM | sampler.R32G32B32A32_FLOAT + "
                "render.R32G32B32A32_FLOAT + supported_multisample_formats.R32G32B32A32_FLOAT | "
                "sampler.R8G8B8A8_UNORM + render.R8G8B8A8_UNORM + supported_multisample_formats.R8G8B8A8_UNORM"
            ): ("EXT_framebuffer_multisample EXT_framebuffer_multisample_blit_scaled"),
        },
    },
    "compatibility es": {
        "22.3.6 25.0.7 26.2.6": {
            "": "EXT_blend_minmax EXT_multi_draw_arrays",
            (
                "sampler.ASTC_4x4 + sampler.ASTC_5x4 + sampler.ASTC_5x5 + sampler.ASTC_6x5 + sampler.ASTC_6x6 + "
                "sampler.ASTC_8x5 + sampler.ASTC_8x6 + sampler.ASTC_8x8 + sampler.ASTC_10x5 + sampler.ASTC_10x6 + "
                "sampler.ASTC_10x8 + sampler.ASTC_10x10 + sampler.ASTC_12x10 + sampler.ASTC_12x12 + "
                "sampler.ASTC_4x4_SRGB + sampler.ASTC_5x4_SRGB + sampler.ASTC_5x5_SRGB + sampler.ASTC_6x5_SRGB + "
                "sampler.ASTC_6x6_SRGB + sampler.ASTC_8x5_SRGB + sampler.ASTC_8x6_SRGB + sampler.ASTC_8x8_SRGB + "
                "sampler.ASTC_10x5_SRGB + sampler.ASTC_10x6_SRGB + sampler.ASTC_10x8_SRGB + sampler.ASTC_10x10_SRGB +"
                " sampler.ASTC_12x10_SRGB + sampler.ASTC_12x12_SRGB | sampler.R8G8B8A8_UNORM + sampler.R8G8B8A8_SRGB"
            ): ("KHR_texture_compression_astc_ldr KHR_texture_compression_astc_sliced_3d"),
            ("sampler.DXT1_RGB + sampler.DXT1_RGBA + sampler.DXT3_RGBA + sampler.DXT5_RGBA | sampler.R8G8B8A8_UNORM"): (
                "ANGLE_texture_compression_dxt3 ANGLE_texture_compression_dxt5 EXT_texture_compression_dxt1 "
                "EXT_texture_compression_s3tc"
            ),
            "v1.bset.conditional_render": "NV_conditional_render",
        },
    },
    "core": {
        "22.3.6": {
            (
                "sampler.ASTC_4x4 + sampler.ASTC_5x4 + sampler.ASTC_5x5 + sampler.ASTC_6x5 + sampler.ASTC_6x6 + "
                "sampler.ASTC_8x5 + sampler.ASTC_8x6 + sampler.ASTC_8x8 + sampler.ASTC_10x5 + sampler.ASTC_10x6 + "
                "sampler.ASTC_10x8 + sampler.ASTC_10x10 + sampler.ASTC_12x10 + sampler.ASTC_12x12 + "
                "sampler.ASTC_4x4_SRGB + sampler.ASTC_5x4_SRGB + sampler.ASTC_5x5_SRGB + sampler.ASTC_6x5_SRGB + "
                "sampler.ASTC_6x6_SRGB + sampler.ASTC_8x5_SRGB + sampler.ASTC_8x6_SRGB + sampler.ASTC_8x8_SRGB + "
                "sampler.ASTC_10x5_SRGB + sampler.ASTC_10x6_SRGB + sampler.ASTC_10x8_SRGB + sampler.ASTC_10x10_SRGB +"
                " sampler.ASTC_12x10_SRGB + sampler.ASTC_12x12_SRGB | sampler.R8G8B8A8_SRGB; sampler.ASTC_4x4 + "
                "sampler.ASTC_5x4 + sampler.ASTC_5x5 + sampler.ASTC_6x5 + sampler.ASTC_6x6 + sampler.ASTC_8x5 + "
                "sampler.ASTC_8x6 + sampler.ASTC_8x8 + sampler.ASTC_10x5 + sampler.ASTC_10x6 + sampler.ASTC_10x8 + "
                "sampler.ASTC_10x10 + sampler.ASTC_12x10 + sampler.ASTC_12x12 + sampler.ASTC_4x4_SRGB + "
                "sampler.ASTC_5x4_SRGB + sampler.ASTC_5x5_SRGB + sampler.ASTC_6x5_SRGB + sampler.ASTC_6x6_SRGB + "
                "sampler.ASTC_8x5_SRGB + sampler.ASTC_8x6_SRGB + sampler.ASTC_8x8_SRGB + sampler.ASTC_10x5_SRGB + "
                "sampler.ASTC_10x6_SRGB + sampler.ASTC_10x8_SRGB + sampler.ASTC_10x10_SRGB + sampler.ASTC_12x10_SRGB "
                "+ sampler.ASTC_12x12_SRGB | sampler.R8G8B8A8_UNORM"
            ): ("KHR_texture_compression_astc_ldr KHR_texture_compression_astc_sliced_3d"),
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.has_indirect_draw; v1.glsl_level >= 400; "
                "shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "max_shader_buffer_frag_compute >= 1; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_atomic_counters[1] >= 1 | max_shader_buffer_frag_compute >= 2; sampler.S8X24_UINT | "
                "sampler.X24S8_UINT; supported_multisample_formats.NONE | v1.max_texture_array_layers >= 2048"
            ): "ARB_ES3_1_compatibility",
            (
                "sampler.R32G32B32A32_UINT; sampler.R32G32B32A32_SINT; render.R32G32B32A32_UINT; "
                "render.R32G32B32A32_SINT"
            ): "EXT_texture_integer",
            (
                "sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; v1.bset.has_sample_shading; "
                "v1.glsl_level >= 400; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "capability_bits.ROBUST_BUFFER_ACCESS; max_shader_buffer_frag_compute >= 1; "
                "max_shader_image_frag_compute >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_atomic_counters[1] >= 1 | max_shader_buffer_frag_compute >= "
                "2; sampler.S8X24_UINT | sampler.X24S8_UINT; supported_multisample_formats.NONE | "
                "v1.max_texture_array_layers >= 2048"
            ): "ARB_ES3_2_compatibility",
        },
        "22.3.6 25.0.7": {
            "": "ARB_texture_buffer_object",
            (
                "sampler.R32G32B32_FLOAT; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT"
            ): "ARB_texture_buffer_object_rgb32",
            "texture_buffer_offset_alignment >= 1": "ARB_texture_buffer_range",
            "v1.bset.depth_clip_disable": "ARB_depth_clamp NV_depth_clamp",
            "v1.bset.seamless_cube_map": "ARB_seamless_cube_map",
        },
        "22.3.6 25.0.7 26.2.6": {
            "": (
                "AMD_conservative_depth ANGLE_texture_compression_dxt3 ANGLE_texture_compression_dxt5 "
                "ARB_arrays_of_arrays ARB_conservative_depth ARB_depth_buffer_float ARB_direct_state_access "
                "ARB_framebuffer_sRGB ARB_shader_bit_encoding ARB_shader_subroutine ARB_shading_language_420pack "
                "ARB_shading_language_packing ARB_texture_compression_rgtc ARB_texture_float ARB_texture_multisample "
                "ARB_texture_query_levels ARB_texture_rg ARB_texture_storage_multisample ARB_uniform_buffer_object "
                "ATI_texture_float EXT_draw_buffers2 EXT_framebuffer_multisample "
                "EXT_framebuffer_multisample_blit_scaled EXT_framebuffer_sRGB EXT_packed_float EXT_shader_integer_mix"
                " EXT_texture_array EXT_texture_compression_dxt1 EXT_texture_compression_rgtc "
                "EXT_texture_compression_s3tc EXT_texture_sRGB EXT_texture_sRGB_decode EXT_texture_shared_exponent "
                "EXT_texture_snorm EXT_transform_feedback MESA_shader_integer_functions MESA_texture_signed_rgba "
                "NV_conditional_render S3_s3tc"
            ),
            "capability_bits.TGSI_COMPONENTS": "ARB_enhanced_layouts",
            (
                "sampler.B10G10R10A2_UINT + render.B10G10R10A2_UINT | sampler.R10G10B10A2_UINT + "
                "render.R10G10B10A2_UINT"
            ): "ARB_texture_rgb10_a2ui",
            (
                "sampler.BPTC_RGBA_UNORM + sampler.BPTC_SRGBA + sampler.BPTC_RGB_FLOAT + sampler.BPTC_RGB_UFLOAT | "
                "sampler.R16G16B16X16_FLOAT"
            ): "ARB_texture_compression_bptc",
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB"
            ): "ARB_ES3_compatibility",
            "v1.bset.color_clamping": "ARB_color_buffer_float",
            "v1.bset.has_fp64": ("ARB_gpu_shader_fp64 ARB_vertex_attrib_64bit EXT_vertex_attrib_64bit"),
            "v1.bset.has_tessellation_shaders": "ARB_tessellation_shader",
            "v1.glsl_level >= 400": "ARB_gpu_shader5",
            "v1.glsl_level >= 410": "ARB_shader_precision",
        },
        "25.0.7": {
            (
                "sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; v1.bset.has_sample_shading; "
                "v1.glsl_level >= 400; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "capability_bits.ROBUST_BUFFER_ACCESS; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_shader_storage_blocks[1] >= 1; max_atomic_counters[1] >= 1 | max_shader_storage_blocks[1] >= 2; "
                "sampler.S8X24_UINT | sampler.X24S8_UINT; supported_multisample_formats.NONE | "
                "v1.max_texture_array_layers >= 2048"
            ): "ARB_ES3_2_compatibility",
            (
                "v1.glsl_level >= 150; capability_bits_v2.VS_VERTEX_LAYER; capability_bits_v2.VS_VIEWPORT_INDEX"
            ): "AMD_vertex_shader_layer",
            (
                "v1.glsl_level >= 150; v1.max_viewports >= 16; capability_bits_v2.VS_VERTEX_LAYER; "
                "capability_bits_v2.VS_VIEWPORT_INDEX"
            ): "AMD_vertex_shader_viewport_index",
        },
        "25.0.7 26.2.6": {
            "": "ARB_texture_border_clamp EXT_texture_integer",
            "capability_bits_v2.MIRROR_CLAMP": "ATI_texture_mirror_once EXT_texture_mirror_clamp",
            "capability_bits_v2.MIRROR_CLAMP_TO_EDGE": "ARB_texture_mirror_clamp_to_edge",
            (
                "sampler.ASTC_4x4 + sampler.ASTC_5x4 + sampler.ASTC_5x5 + sampler.ASTC_6x5 + sampler.ASTC_6x6 + "
                "sampler.ASTC_8x5 + sampler.ASTC_8x6 + sampler.ASTC_8x8 + sampler.ASTC_10x5 + sampler.ASTC_10x6 + "
                "sampler.ASTC_10x8 + sampler.ASTC_10x10 + sampler.ASTC_12x10 + sampler.ASTC_12x12 + "
                "sampler.ASTC_4x4_SRGB + sampler.ASTC_5x4_SRGB + sampler.ASTC_5x5_SRGB + sampler.ASTC_6x5_SRGB + "
                "sampler.ASTC_6x6_SRGB + sampler.ASTC_8x5_SRGB + sampler.ASTC_8x6_SRGB + sampler.ASTC_8x8_SRGB + "
                "sampler.ASTC_10x5_SRGB + sampler.ASTC_10x6_SRGB + sampler.ASTC_10x8_SRGB + sampler.ASTC_10x10_SRGB +"
                " sampler.ASTC_12x10_SRGB + sampler.ASTC_12x12_SRGB | sampler.R8G8B8A8_SRGB"
            ): ("KHR_texture_compression_astc_ldr KHR_texture_compression_astc_sliced_3d"),
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.has_indirect_draw; v1.glsl_level >= 400; "
                "shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "max_shader_image_frag_compute >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_shader_storage_blocks[1] >= 1; max_atomic_counters[1] >= 1 |"
                " max_shader_storage_blocks[1] >= 2; sampler.S8X24_UINT | sampler.X24S8_UINT; "
                "supported_multisample_formats.NONE | v1.max_texture_array_layers >= 2048"
            ): "ARB_ES3_1_compatibility",
        },
        "26.2.6": {
            "": ("ARB_depth_clamp ARB_seamless_cube_map NV_depth_clamp"),
            ("capability_bits_v2.VS_VERTEX_LAYER; capability_bits_v2.VS_VIEWPORT_INDEX"): "AMD_vertex_shader_layer",
            (
                "sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; v1.bset.has_sample_shading; "
                "v1.glsl_level >= 400; v1.max_tbo_size >= 1; texture_buffer_offset_alignment >= 1; "
                "shader_buffer_offset_alignment >= 1; capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; "
                "capability_bits.FB_NO_ATTACH; capability_bits.ROBUST_BUFFER_ACCESS; max_shader_image_frag_compute >="
                " 1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_shader_storage_blocks[1] >= 1; max_atomic_counters[1] >= 1 | max_shader_storage_blocks[1] >= 2; "
                "sampler.S8X24_UINT | sampler.X24S8_UINT; supported_multisample_formats.NONE | "
                "v1.max_texture_array_layers >= 2048"
            ): "ARB_ES3_2_compatibility",
            (
                "sampler.R32G32B32_FLOAT; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT; v1.max_tbo_size >= 1"
            ): "ARB_texture_buffer_object_rgb32",
            "v1.max_tbo_size >= 1": "ARB_texture_buffer_object",
            ("v1.max_tbo_size >= 1; texture_buffer_offset_alignment >= 1"): "ARB_texture_buffer_range",
            (
                "v1.max_viewports >= 16; capability_bits_v2.VS_VERTEX_LAYER; capability_bits_v2.VS_VIEWPORT_INDEX"
            ): "AMD_vertex_shader_viewport_index",
        },
    },
    "core compatibility": {
        "22.3.6": {
            "": "ARB_timer_query EXT_timer_query",
            "capability_bits.CLEAR_TEXTURE": "ARB_clear_texture",
            (
                "capability_bits.COMPUTE_SHADER; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_atomic_counters[1] >= 1 | max_shader_buffer_frag_compute >= 2"
            ): "ARB_compute_shader",
            ("max_atomic_counter_buffers[1] >= 1; max_atomic_counters[1] >= 1 | max_shader_buffer_frag_compute >= 2"): (
                "ARB_shader_atomic_counter_ops ARB_shader_atomic_counters"
            ),
            (
                "shader_buffer_offset_alignment >= 1; max_shader_buffer_frag_compute >= 1"
            ): "ARB_shader_storage_buffer_object",
            "v1.bset.mirror_clamp": (
                "ARB_texture_mirror_clamp_to_edge ATI_texture_mirror_once EXT_texture_mirror_clamp"
            ),
        },
        "22.3.6 25.0.7 26.2.6": {
            "": (
                "AMD_shader_trinary_minmax ARB_ES2_compatibility ARB_clear_buffer_object "
                "ARB_compressed_texture_pixel_storage ARB_copy_buffer ARB_debug_output ARB_draw_buffers "
                "ARB_draw_elements_base_vertex ARB_draw_instanced ARB_explicit_attrib_location "
                "ARB_explicit_uniform_location ARB_fragment_coord_conventions ARB_fragment_shader "
                "ARB_framebuffer_object ARB_get_program_binary ARB_get_texture_sub_image ARB_half_float_pixel "
                "ARB_half_float_vertex ARB_instanced_arrays ARB_internalformat_query ARB_internalformat_query2 "
                "ARB_invalidate_subdata ARB_map_buffer_alignment ARB_map_buffer_range ARB_multi_bind "
                "ARB_parallel_shader_compile ARB_pixel_buffer_object ARB_point_sprite ARB_program_interface_query "
                "ARB_provoking_vertex ARB_robustness ARB_sampler_objects ARB_separate_shader_objects "
                "ARB_shader_objects ARB_shader_texture_lod ARB_shading_language_include ARB_sync "
                "ARB_texture_non_power_of_two ARB_texture_rectangle ARB_texture_storage ARB_texture_swizzle "
                "ARB_vertex_array_bgra ARB_vertex_array_object ARB_vertex_attrib_binding ARB_vertex_buffer_object "
                "ARB_vertex_shader ARB_vertex_type_2_10_10_10_rev ATI_blend_equation_separate EXT_EGL_image_storage "
                "EXT_EGL_sync EXT_abgr EXT_blend_equation_separate EXT_framebuffer_blit EXT_framebuffer_object "
                "EXT_packed_depth_stencil EXT_pixel_buffer_object EXT_provoking_vertex EXT_texture_swizzle "
                "EXT_vertex_array_bgra IBM_multimode_draw_arrays MESA_pack_invert NV_copy_image "
                "NV_packed_depth_stencil"
            ),
            "capability_bits.CLIP_HALFZ": "ARB_clip_control",
            "capability_bits.COPY_IMAGE": "ARB_copy_image",
            (
                "capability_bits.FB_NO_ATTACH; supported_multisample_formats.NONE | v1.max_texture_array_layers >= 2048"
            ): "ARB_framebuffer_no_attachments",
            "capability_bits.INDIRECT_PARAMS": "ARB_indirect_parameters",
            "capability_bits.QBO": "AMD_query_buffer_object ARB_query_buffer_object",
            "capability_bits.ROBUST_BUFFER_ACCESS": "ARB_robust_buffer_access_behavior",
            "capability_bits.SHADER_CLOCK": "ARB_shader_clock",
            "capability_bits.TEXTURE_BARRIER": "ARB_texture_barrier NV_texture_barrier",
            "capability_bits.TEXTURE_VIEW": "ARB_texture_view",
            "capability_bits.TXQS": "ARB_shader_texture_image_samples",
            "capability_bits_v2.MEMINFO": "ATI_meminfo NVX_gpu_memory_info",
            "capability_bits_v2.TEXTURE_SHADOW_LOD": "EXT_texture_shadow_lod",
            "max_anisotropy >= 16": "ARB_texture_filter_anisotropic",
            "max_shader_image_frag_compute >= 1": ("ARB_shader_image_load_store ARB_shader_image_size"),
            "sampler.R8G8_SRGB": "EXT_texture_sRGB_RG8",
            "sampler.R8_SRGB": "EXT_texture_sRGB_R8",
            "sampler.S8X24_UINT | sampler.X24S8_UINT": "ARB_stencil_texturing ARB_texture_stencil8",
            "v1.bset.conditional_render_inverted": "ARB_conditional_render_inverted",
            "v1.bset.cube_map_array": "ARB_texture_cube_map_array",
            "v1.bset.derivative_control": "ARB_derivative_control",
            "v1.bset.has_cull": "ARB_cull_distance",
            "v1.bset.has_indirect_draw": ("AMD_multi_draw_indirect ARB_draw_indirect ARB_multi_draw_indirect"),
            "v1.bset.has_sample_shading": "ARB_sample_shading",
            "v1.bset.indep_blend_func": "AMD_draw_buffers_blend ARB_draw_buffers_blend",
            "v1.bset.occlusion_query": "ARB_occlusion_query2",
            "v1.bset.polygon_offset_clamp": "ARB_polygon_offset_clamp",
            "v1.bset.seamless_cube_map_per_texture": (
                "AMD_seamless_cubemap_per_texture ARB_seamless_cubemap_per_texture"
            ),
            "v1.bset.shader_stencil_export": ("AMD_shader_stencil_export ARB_shader_stencil_export"),
            "v1.bset.start_instance": "ARB_base_instance",
            "v1.bset.streamout_pause_resume": (
                "ARB_transform_feedback2 ARB_transform_feedback3 ARB_transform_feedback_instanced"
            ),
            "v1.bset.texture_query_lod": "ARB_texture_query_lod",
            "v1.bset.transform_feedback_overflow_query": "ARB_transform_feedback_overflow_query",
            "v1.max_dual_source_render_targets >= 1": "ARB_blend_func_extended",
            "v1.max_texture_gather_components >= 1": "AMD_texture_texture4 ARB_texture_gather",
            "v1.max_viewports >= 16": "ARB_fragment_layer_viewport ARB_viewport_array",
            "version >= 4.3": "MESA_framebuffer_flip_y",
            "vertexbuffer.R11G11B10_FLOAT": "ARB_vertex_type_10f_11f_11f_rev",
        },
        "25.0.7 26.2.6": {
            "": ("ARB_clear_texture ARB_gl_spirv ARB_spirv_extensions EXT_EGL_image_storage_compression"),
            ("capability_bits.ARB_BUFFER_STORAGE; host_feature_check_version >= 4"): "ARB_buffer_storage",
            (
                "capability_bits.COMPUTE_SHADER; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_atomic_counters[1] >= 1 | max_shader_storage_blocks[1] >= 2"
            ): "ARB_compute_shader",
            "capability_bits_v2.DRAW_PARAMETERS": "ARB_shader_draw_parameters",
            "capability_bits_v2.GROUP_VOTE": "ARB_shader_group_vote",
            "capability_bits_v2.PIPELINE_STATISTICS_QUERY": "ARB_pipeline_statistics_query",
            ("max_atomic_counter_buffers[1] >= 1; max_atomic_counters[1] >= 1 | max_shader_storage_blocks[1] >= 2"): (
                "ARB_shader_atomic_counter_ops ARB_shader_atomic_counters"
            ),
            ("sampler.U8Y8V8Y8_422_UNORM | sampler.Y8U8Y8V8_422_UNORM"): "MESA_ycbcr_texture",
            (
                "shader_buffer_offset_alignment >= 1; max_shader_storage_blocks[1] >= 1"
            ): "ARB_shader_storage_buffer_object",
            "v1.bset.timer_query": "ARB_timer_query EXT_timer_query",
        },
        "26.2.6": {
            "capability_bits.SHADER_CLOCK": "EXT_shader_clock",
        },
    },
    "core compatibility es": {
        "22.3.6 25.0.7 26.2.6": {
            "": (
                "EXT_debug_label EXT_draw_instanced KHR_context_flush_control KHR_debug KHR_no_error "
                "KHR_parallel_shader_compile OES_EGL_image"
            ),
            "capability_bits.ROBUST_BUFFER_ACCESS": "KHR_robust_buffer_access_behavior KHR_robustness",
            ("capability_bits.TGSI_FBFETCH | capability_bits_v2.BLEND_EQUATION"): "KHR_blend_equation_advanced",
            "max_anisotropy >= 1.00000012": "EXT_texture_filter_anisotropic",
            "v1.bset.polygon_offset_clamp": "EXT_polygon_offset_clamp",
        },
        "25.0.7 26.2.6": {
            "": "EXT_texture_storage",
        },
        "26.2.6": {
            (
                "sampler.ASTC_4x4_FLOAT; sampler.ASTC_5x4_FLOAT; sampler.ASTC_5x5_FLOAT; sampler.ASTC_6x5_FLOAT; "
                "sampler.ASTC_6x6_FLOAT; sampler.ASTC_8x5_FLOAT; sampler.ASTC_8x6_FLOAT; sampler.ASTC_8x8_FLOAT; "
                "sampler.ASTC_10x5_FLOAT; sampler.ASTC_10x6_FLOAT; sampler.ASTC_10x8_FLOAT; sampler.ASTC_10x10_FLOAT;"
                " sampler.ASTC_12x10_FLOAT; sampler.ASTC_12x12_FLOAT"
            ): "KHR_texture_compression_astc_hdr",
        },
    },
    "es": {
        "22.3.6": {
            "": "EXT_disjoint_timer_query",
            ("sampler.R16G16B16A16_FLOAT; render.R16G16B16A16_FLOAT"): "OES_texture_half_float",
            (
                "sampler.R16_FLOAT; sampler.R16G16_FLOAT; sampler.R16G16B16A16_FLOAT; sampler.R16G16B16X16_FLOAT; "
                "render.R16_FLOAT; render.R16G16_FLOAT; render.R16G16B16A16_FLOAT; render.R16G16B16X16_FLOAT"
            ): "EXT_color_buffer_half_float",
            ("sampler.R32G32B32A32_FLOAT; render.R32G32B32A32_FLOAT"): "OES_texture_float",
            "v1.bset.mirror_clamp": "EXT_texture_mirror_clamp_to_edge",
            "version >= 3.0": "EXT_color_buffer_float EXT_float_blend",
            "version >= 3.1; capability_bits.CLEAR_TEXTURE": "EXT_clear_texture",
            (
                "version >= 3.1; sampler.R16_SNORM; sampler.R16G16_SNORM; sampler.R16G16B16A16_SNORM; "
                "sampler.R8_SNORM; sampler.R8G8_SNORM; render.R16_SNORM; render.R16G16_SNORM; "
                "render.R16G16B16A16_SNORM; render.R8_SNORM; render.R8G8_SNORM; render.R8G8B8A8_SNORM"
            ): "EXT_render_snorm",
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.cube_map_array; v1.glsl_level >= 400; "
                "shader_buffer_offset_alignment >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16"
            ): ("EXT_texture_cube_map_array OES_texture_cube_map_array"),
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.glsl_level >= 400; shader_buffer_offset_alignment "
                ">= 1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_texture_samplers >= 16"
            ): ("EXT_primitive_bounding_box OES_primitive_bounding_box"),
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.glsl_level >= 400; v1.max_viewports >= 16; "
                "shader_buffer_offset_alignment >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16"
            ): "OES_viewport_array",
            (
                "version >= 3.1; sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM;"
                " sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_sample_shading; v1.glsl_level >= 400; v1.max_tbo_size "
                ">= 1; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16; capability_bits.TGSI_FBFETCH | "
                "capability_bits_v2.BLEND_EQUATION"
            ): "ANDROID_extension_pack_es31a",
        },
        "22.3.6 25.0.7": {
            (
                "version >= 3.0; sampler.BPTC_RGBA_UNORM + sampler.BPTC_SRGBA + sampler.BPTC_RGB_FLOAT + "
                "sampler.BPTC_RGB_UFLOAT | sampler.R8G8B8A8_SRGB + sampler.R16G16B16X16_FLOAT"
            ): "EXT_texture_compression_bptc",
            ("version >= 3.0; sampler.S8X24_UINT | sampler.X24S8_UINT"): "OES_texture_stencil8",
        },
        "22.3.6 25.0.7 26.2.6": {
            "": (
                "ANGLE_pack_reverse_row_order APPLE_texture_max_level EXT_discard_framebuffer EXT_draw_buffers "
                "EXT_draw_elements_base_vertex EXT_frag_depth EXT_map_buffer_range EXT_read_format_bgra "
                "EXT_separate_shader_objects EXT_texture_border_clamp EXT_texture_format_BGRA8888 EXT_unpack_subimage"
                " MESA_bgra NV_draw_buffers NV_fbo_color_attachments NV_pack_subimage NV_pixel_buffer_object "
                "NV_read_buffer NV_read_depth NV_read_depth_stencil NV_read_stencil OES_EGL_image_external "
                "OES_EGL_sync OES_depth24 OES_depth_texture OES_draw_elements_base_vertex OES_element_index_uint "
                "OES_fbo_render_mipmap OES_get_program_binary OES_mapbuffer OES_packed_depth_stencil "
                "OES_required_internalformat OES_rgb8_rgba8 OES_standard_derivatives OES_stencil8 "
                "OES_surfaceless_context OES_texture_3D OES_texture_border_clamp OES_texture_float_linear "
                "OES_texture_half_float_linear OES_texture_npot OES_vertex_array_object OES_vertex_half_float"
            ),
            "capability_bits.CLIP_HALFZ": "EXT_clip_control",
            "capability_bits.ROBUST_BUFFER_ACCESS": "EXT_robustness",
            "capability_bits_v2.IMPLICIT_MSAA": (
                "EXT_multisampled_render_to_texture EXT_multisampled_render_to_texture2"
            ),
            ("sampler.B10G10R10A2_UNORM | sampler.R10G10B10A2_UNORM"): "EXT_texture_type_2_10_10_10_REV",
            (
                "sampler.DXT1_SRGB + sampler.DXT1_SRGBA + sampler.DXT3_SRGBA + sampler.DXT5_SRGBA | "
                "sampler.R8G8B8A8_SRGB"
            ): "EXT_texture_compression_s3tc_srgb",
            "sampler.ETC1_RGB8 | sampler.R8G8B8A8_UNORM": (
                "EXT_compressed_ETC1_RGB8_sub_texture OES_compressed_ETC1_RGB8_texture"
            ),
            ("sampler.R8_UNORM; sampler.R8G8_UNORM; render.R8_UNORM; render.R8G8_UNORM"): "EXT_texture_rg",
            "v1.bset.depth_clip_disable": "EXT_depth_clamp",
            "v1.bset.occlusion_query": "EXT_occlusion_query_boolean",
            "v1.glsl_level >= 130": "OES_depth_texture_cube_map",
            "v1.max_dual_source_render_targets >= 1": "EXT_blend_func_extended",
            "version >= 3.0": (
                "EXT_EGL_image_storage EXT_shader_integer_mix EXT_texture_sRGB_decode MESA_framebuffer_flip_y "
                "MESA_shader_integer_functions OES_EGL_image_external_essl3"
            ),
            "version >= 3.0; capability_bits.COPY_IMAGE": "EXT_copy_image OES_copy_image",
            ("version >= 3.0; capability_bits.SRGB_WRITE_CONTROL"): "EXT_sRGB_write_control",
            ("version >= 3.0; capability_bits_v2.TEXTURE_SHADOW_LOD"): "EXT_texture_shadow_lod",
            "version >= 3.0; sampler.R8G8_SRGB": "EXT_texture_sRGB_RG8",
            (
                "version >= 3.0; sampler.R8_SNORM + sampler.R8G8_SNORM | sampler.RGTC1_UNORM + sampler.RGTC1_SNORM + "
                "sampler.RGTC2_UNORM + sampler.RGTC2_SNORM"
            ): "EXT_texture_compression_rgtc",
            "version >= 3.0; sampler.R8_SRGB": "EXT_texture_sRGB_R8",
            "version >= 3.0; v1.bset.has_cull": "EXT_clip_cull_distance",
            ("version >= 3.0; v1.bset.has_sample_shading; v1.glsl_level >= 400"): (
                "OES_sample_shading OES_sample_variables OES_shader_multisample_interpolation"
            ),
            "version >= 3.0; v1.bset.indep_blend_func": ("EXT_draw_buffers_indexed OES_draw_buffers_indexed"),
            "version >= 3.0; v1.bset.start_instance": "EXT_base_instance",
            "version >= 3.0; v1.bset.texture_query_lod": "EXT_texture_query_lod",
            "version >= 3.0; v1.glsl_level >= 140": "NV_shader_noperspective_interpolation",
            "version >= 3.1": (
                "EXT_shader_implicit_conversions EXT_shader_io_blocks NV_image_formats OES_shader_image_atomic "
                "OES_shader_io_blocks OES_texture_storage_multisample_2d_array"
            ),
            "version >= 3.1; capability_bits.TEXTURE_VIEW": "EXT_texture_view OES_texture_view",
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16G16B16A16_UNORM; "
                "render.R16_UNORM; render.R16G16_UNORM; render.R16G16B16A16_UNORM"
            ): "EXT_texture_norm16",
            (
                "version >= 3.1; sampler.R32G32B32_FLOAT; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT; "
                "v1.max_tbo_size >= 1; texture_buffer_offset_alignment >= 1"
            ): "EXT_texture_buffer OES_texture_buffer",
            "version >= 3.1; v1.bset.has_tessellation_shaders": (
                "EXT_tessellation_point_size EXT_tessellation_shader OES_tessellation_point_size "
                "OES_tessellation_shader"
            ),
            "version >= 3.1; v1.glsl_level >= 400": (
                "EXT_geometry_point_size EXT_geometry_shader EXT_gpu_shader5 OES_geometry_point_size "
                "OES_geometry_shader OES_gpu_shader5"
            ),
        },
        "25.0.7": {
            (
                "capability_bits_v2.MIRROR_CLAMP_TO_EDGE; host_feature_check_version >= 20 | v1.bset.mirror_clamp"
            ): "EXT_texture_mirror_clamp_to_edge",
        },
        "25.0.7 26.2.6": {
            "": ("APPLE_sync EXT_instanced_arrays EXT_shadow_samplers MESA_sampler_objects"),
            (
                "capability_bits.SRGB_WRITE_CONTROL; sampler.A8B8G8R8_SRGB + render.A8B8G8R8_SRGB | "
                "sampler.B8G8R8A8_SRGB + render.B8G8R8A8_SRGB | sampler.R8G8B8A8_SRGB + render.R8G8B8A8_SRGB"
            ): "NV_generate_mipmap_sRGB",
            "capability_bits.TEXTURE_BARRIER": "NV_texture_barrier",
            "sampler.R16G16B16A16_FLOAT": "OES_texture_half_float",
            (
                "sampler.R16_FLOAT; sampler.R16G16_FLOAT; sampler.R16G16B16A16_FLOAT; render.R16_FLOAT; "
                "render.R16G16_FLOAT; render.R16G16B16A16_FLOAT"
            ): "EXT_color_buffer_half_float",
            "sampler.R32G32B32A32_FLOAT": "OES_texture_float",
            "v1.bset.timer_query": "EXT_disjoint_timer_query",
            "version >= 3.0": (
                "EXT_EGL_image_storage_compression EXT_conservative_depth EXT_texture_storage_compression"
            ),
            "version >= 3.0; capability_bits_v2.GROUP_VOTE": "EXT_shader_group_vote",
            "version >= 3.0; render.R32G32B32A32_FLOAT": "EXT_float_blend",
            (
                "version >= 3.0; sampler.R16_SNORM; sampler.R16G16_SNORM; sampler.R16G16B16A16_SNORM; "
                "sampler.R8_SNORM; sampler.R8G8_SNORM; render.R16_SNORM; render.R16G16_SNORM; "
                "render.R16G16B16A16_SNORM; render.R8_SNORM; render.R8G8_SNORM; render.R8G8B8A8_SNORM"
            ): "EXT_render_snorm",
            (
                "version >= 3.0; sampler.R32_FLOAT; sampler.R32G32_FLOAT; sampler.R16_FLOAT; sampler.R16G16_FLOAT; "
                "render.R32_FLOAT; render.R32G32_FLOAT; render.R32G32B32A32_FLOAT; render.R16_FLOAT; "
                "render.R16G16_FLOAT; render.R16G16B16A16_FLOAT"
            ): "EXT_color_buffer_float",
            "version >= 3.1": "EXT_clear_texture EXT_multi_draw_indirect",
            (
                "version >= 3.1; capability_bits.ARB_BUFFER_STORAGE; host_feature_check_version >= 4"
            ): "EXT_buffer_storage",
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.cube_map_array; v1.glsl_level >= 400; "
                "shader_buffer_offset_alignment >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16; max_shader_storage_blocks[1] >= 1; "
                "max_atomic_counters[1] >= 1 | max_shader_storage_blocks[1] >= 2"
            ): ("EXT_texture_cube_map_array OES_texture_cube_map_array"),
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.glsl_level >= 400; shader_buffer_offset_alignment "
                ">= 1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_texture_samplers >= 16; max_shader_storage_blocks[1] >= 1; max_atomic_counters[1] >= 1 | "
                "max_shader_storage_blocks[1] >= 2"
            ): ("EXT_primitive_bounding_box OES_primitive_bounding_box"),
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.glsl_level >= 400; v1.max_viewports >= 16; "
                "shader_buffer_offset_alignment >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16; max_shader_storage_blocks[1] >= 1; "
                "max_atomic_counters[1] >= 1 | max_shader_storage_blocks[1] >= 2"
            ): "OES_viewport_array",
            (
                "version >= 3.1; sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM;"
                " sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_sample_shading; v1.glsl_level >= 400; v1.max_tbo_size "
                ">= 1; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16; max_shader_storage_blocks[1] >= 1; "
                "capability_bits.TGSI_FBFETCH | capability_bits_v2.BLEND_EQUATION; max_atomic_counters[1] >= 1 | "
                "max_shader_storage_blocks[1] >= 2"
            ): "ANDROID_extension_pack_es31a",
        },
        "26.2.6": {
            "capability_bits_v2.MIRROR_CLAMP_TO_EDGE": "EXT_texture_mirror_clamp_to_edge",
            (
                "sampler.A8B8G8R8_SRGB + render.A8B8G8R8_SRGB | sampler.B8G8R8A8_SRGB + render.B8G8R8A8_SRGB | "
                "sampler.R8G8B8A8_SRGB + render.R8G8B8A8_SRGB"
            ): "EXT_sRGB",
            (
                "version >= 3.0; sampler.BPTC_RGBA_UNORM + sampler.BPTC_SRGBA + sampler.BPTC_RGB_FLOAT + "
                "sampler.BPTC_RGB_UFLOAT | sampler.R8G8B8A8_UNORM + sampler.R16G16B16X16_FLOAT"
            ): "EXT_texture_compression_bptc",
            "version >= 3.1": "OES_texture_stencil8",
            "version >= 3.1; capability_bits.SHADER_CLOCK": "EXT_shader_clock",
        },
    },
}
