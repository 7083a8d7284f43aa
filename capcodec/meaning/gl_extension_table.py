"""Which parts of a capset bring which extensions of OpenGL, as real Mesas said. Data only.

``python tests/long/mesa_extensions.py --into`` this file writes it; :mod:`capcodec.meaning.gl_extensions` reads it.
By profile and release of Mesa: what is needed, and the names that need just that. Nothing needed is: every host has
them that has the profile. Parts that are all needed are joined by "; ", alternatives by " | ".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "core": {
        "22.3.6": {
            "": (
                "GL_AMD_conservative_depth GL_AMD_shader_trinary_minmax GL_ANGLE_texture_compression_dxt3 "
                "GL_ANGLE_texture_compression_dxt5 GL_ARB_ES2_compatibility GL_ARB_arrays_of_arrays "
                "GL_ARB_clear_buffer_object GL_ARB_compressed_texture_pixel_storage GL_ARB_conservative_depth "
                "GL_ARB_copy_buffer GL_ARB_debug_output GL_ARB_depth_buffer_float GL_ARB_direct_state_access "
                "GL_ARB_draw_buffers GL_ARB_draw_elements_base_vertex GL_ARB_draw_instanced "
                "GL_ARB_explicit_attrib_location GL_ARB_explicit_uniform_location GL_ARB_fragment_coord_conventions "
                "GL_ARB_fragment_shader GL_ARB_framebuffer_object GL_ARB_framebuffer_sRGB GL_ARB_get_program_binary "
                "GL_ARB_get_texture_sub_image GL_ARB_half_float_pixel GL_ARB_half_float_vertex "
                "GL_ARB_instanced_arrays GL_ARB_internalformat_query GL_ARB_internalformat_query2 "
                "GL_ARB_invalidate_subdata GL_ARB_map_buffer_alignment GL_ARB_map_buffer_range GL_ARB_multi_bind "
                "GL_ARB_parallel_shader_compile GL_ARB_pixel_buffer_object GL_ARB_point_sprite "
                "GL_ARB_program_interface_query GL_ARB_provoking_vertex GL_ARB_robustness GL_ARB_sampler_objects "
                "GL_ARB_separate_shader_objects GL_ARB_shader_bit_encoding GL_ARB_shader_objects "
                "GL_ARB_shader_subroutine GL_ARB_shader_texture_lod GL_ARB_shading_language_420pack "
                "GL_ARB_shading_language_include GL_ARB_shading_language_packing GL_ARB_sync "
                "GL_ARB_texture_buffer_object GL_ARB_texture_compression_rgtc GL_ARB_texture_float "
                "GL_ARB_texture_multisample GL_ARB_texture_non_power_of_two GL_ARB_texture_query_levels "
                "GL_ARB_texture_rectangle GL_ARB_texture_rg GL_ARB_texture_storage GL_ARB_texture_storage_multisample"
                " GL_ARB_texture_swizzle GL_ARB_timer_query GL_ARB_uniform_buffer_object GL_ARB_vertex_array_bgra "
                "GL_ARB_vertex_array_object GL_ARB_vertex_attrib_binding GL_ARB_vertex_buffer_object "
                "GL_ARB_vertex_shader GL_ARB_vertex_type_2_10_10_10_rev GL_ATI_blend_equation_separate "
                "GL_ATI_texture_float GL_EXT_EGL_image_storage GL_EXT_EGL_sync GL_EXT_abgr "
                "GL_EXT_blend_equation_separate GL_EXT_debug_label GL_EXT_draw_buffers2 GL_EXT_draw_instanced "
                "GL_EXT_framebuffer_blit GL_EXT_framebuffer_multisample GL_EXT_framebuffer_multisample_blit_scaled "
                "GL_EXT_framebuffer_object GL_EXT_framebuffer_sRGB GL_EXT_packed_depth_stencil GL_EXT_packed_float "
                "GL_EXT_pixel_buffer_object GL_EXT_provoking_vertex GL_EXT_shader_integer_mix GL_EXT_texture_array "
                "GL_EXT_texture_compression_dxt1 GL_EXT_texture_compression_rgtc GL_EXT_texture_compression_s3tc "
                "GL_EXT_texture_sRGB GL_EXT_texture_sRGB_decode GL_EXT_texture_shared_exponent GL_EXT_texture_snorm "
                "GL_EXT_texture_swizzle GL_EXT_timer_query GL_EXT_transform_feedback GL_EXT_vertex_array_bgra "
                "GL_IBM_multimode_draw_arrays GL_KHR_context_flush_control GL_KHR_debug GL_KHR_no_error "
                "GL_KHR_parallel_shader_compile GL_KHR_texture_compression_astc_ldr "
                "GL_KHR_texture_compression_astc_sliced_3d GL_MESA_pack_invert GL_MESA_shader_integer_functions "
                "GL_MESA_texture_signed_rgba GL_NV_conditional_render GL_NV_copy_image GL_NV_packed_depth_stencil "
                "GL_OES_EGL_image GL_S3_s3tc"
            ),
            "capability_bits.CLEAR_TEXTURE": "GL_ARB_clear_texture",
            "capability_bits.CLIP_HALFZ": "GL_ARB_clip_control",
            (
                "capability_bits.COMPUTE_SHADER; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_atomic_counters[1] >= 1 | capability_bits.COMPUTE_SHADER; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_shader_buffer_frag_compute >= 2"
            ): "GL_ARB_compute_shader",
            "capability_bits.COPY_IMAGE": "GL_ARB_copy_image",
            (
                "capability_bits.FB_NO_ATTACH; supported_multisample_formats.NONE | capability_bits.FB_NO_ATTACH; "
                "v1.max_texture_array_layers >= 2048"
            ): "GL_ARB_framebuffer_no_attachments",
            "capability_bits.INDIRECT_PARAMS": "GL_ARB_indirect_parameters",
            "capability_bits.QBO": ("GL_AMD_query_buffer_object GL_ARB_query_buffer_object"),
            "capability_bits.ROBUST_BUFFER_ACCESS": (
                "GL_ARB_robust_buffer_access_behavior GL_KHR_robust_buffer_access_behavior GL_KHR_robustness"
            ),
            "capability_bits.SHADER_CLOCK": "GL_ARB_shader_clock",
            "capability_bits.TEXTURE_BARRIER": "GL_ARB_texture_barrier GL_NV_texture_barrier",
            "capability_bits.TEXTURE_VIEW": "GL_ARB_texture_view",
            "capability_bits.TGSI_COMPONENTS": "GL_ARB_enhanced_layouts",
            "capability_bits.TXQS": "GL_ARB_shader_texture_image_samples",
            ("capability_bits_v2.BLEND_EQUATION | capability_bits.TGSI_FBFETCH"): "GL_KHR_blend_equation_advanced",
            "capability_bits_v2.MEMINFO": "GL_ATI_meminfo GL_NVX_gpu_memory_info",
            "capability_bits_v2.TEXTURE_SHADOW_LOD": "GL_EXT_texture_shadow_lod",
            "max_anisotropy >= 1.00000012": "GL_EXT_texture_filter_anisotropic",
            "max_anisotropy >= 16": "GL_ARB_texture_filter_anisotropic",
            (
                "max_atomic_counter_buffers[1] >= 1; max_atomic_counters[1] >= 1 | max_atomic_counter_buffers[1] >= "
                "1; max_shader_buffer_frag_compute >= 2"
            ): ("GL_ARB_shader_atomic_counter_ops GL_ARB_shader_atomic_counters"),
            "max_shader_image_frag_compute >= 1": ("GL_ARB_shader_image_load_store GL_ARB_shader_image_size"),
            (
                "sampler.BPTC_RGBA_UNORM; sampler.BPTC_SRGBA; sampler.BPTC_RGB_FLOAT; sampler.BPTC_RGB_UFLOAT | "
                "sampler.R16G16B16X16_FLOAT"
            ): "GL_ARB_texture_compression_bptc",
            (
                "sampler.R10G10B10A2_UINT; render.R10G10B10A2_UINT | sampler.B10G10R10A2_UINT; render.B10G10R10A2_UINT"
            ): "GL_ARB_texture_rgb10_a2ui",
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB"
            ): "GL_ARB_ES3_compatibility",
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.has_indirect_draw; v1.glsl_level >= 400; "
                "shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "max_shader_buffer_frag_compute >= 1; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; sampler.S8X24_UINT; "
                "supported_multisample_formats.NONE | sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.has_indirect_draw; "
                "v1.glsl_level >= 400; shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; "
                "capability_bits.FB_NO_ATTACH; max_shader_buffer_frag_compute >= 1; max_shader_image_frag_compute >= "
                "1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "sampler.X24S8_UINT; supported_multisample_formats.NONE"
            ): "GL_ARB_ES3_1_compatibility",
            (
                "sampler.R32G32B32A32_UINT; sampler.R32G32B32A32_SINT; render.R32G32B32A32_UINT; "
                "render.R32G32B32A32_SINT"
            ): "GL_EXT_texture_integer",
            (
                "sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; v1.bset.has_sample_shading; "
                "v1.glsl_level >= 400; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "capability_bits.ROBUST_BUFFER_ACCESS; max_shader_buffer_frag_compute >= 1; "
                "max_shader_image_frag_compute >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; sampler.S8X24_UINT; supported_multisample_formats.NONE | "
                "sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; v1.bset.has_sample_shading; "
                "v1.glsl_level >= 400; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "capability_bits.ROBUST_BUFFER_ACCESS; max_shader_buffer_frag_compute >= 1; "
                "max_shader_image_frag_compute >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; sampler.X24S8_UINT; supported_multisample_formats.NONE"
            ): "GL_ARB_ES3_2_compatibility",
            (
                "sampler.R32G32B32_FLOAT; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT"
            ): "GL_ARB_texture_buffer_object_rgb32",
            "sampler.R8G8_SRGB": "GL_EXT_texture_sRGB_RG8",
            "sampler.R8_SRGB": "GL_EXT_texture_sRGB_R8",
            "sampler.S8X24_UINT | sampler.X24S8_UINT": "GL_ARB_stencil_texturing GL_ARB_texture_stencil8",
            (
                "shader_buffer_offset_alignment >= 1; max_shader_buffer_frag_compute >= 1"
            ): "GL_ARB_shader_storage_buffer_object",
            "texture_buffer_offset_alignment >= 1": "GL_ARB_texture_buffer_range",
            "v1.bset.color_clamping": "GL_ARB_color_buffer_float",
            "v1.bset.conditional_render_inverted": "GL_ARB_conditional_render_inverted",
            "v1.bset.cube_map_array": "GL_ARB_texture_cube_map_array",
            "v1.bset.depth_clip_disable": "GL_ARB_depth_clamp GL_NV_depth_clamp",
            "v1.bset.derivative_control": "GL_ARB_derivative_control",
            "v1.bset.has_cull": "GL_ARB_cull_distance",
            "v1.bset.has_fp64": ("GL_ARB_gpu_shader_fp64 GL_ARB_vertex_attrib_64bit GL_EXT_vertex_attrib_64bit"),
            "v1.bset.has_indirect_draw": ("GL_AMD_multi_draw_indirect GL_ARB_draw_indirect GL_ARB_multi_draw_indirect"),
            "v1.bset.has_sample_shading": "GL_ARB_sample_shading",
            "v1.bset.has_tessellation_shaders": "GL_ARB_tessellation_shader",
            "v1.bset.indep_blend_func": ("GL_AMD_draw_buffers_blend GL_ARB_draw_buffers_blend"),
            "v1.bset.mirror_clamp": (
                "GL_ARB_texture_mirror_clamp_to_edge GL_ATI_texture_mirror_once GL_EXT_texture_mirror_clamp"
            ),
            "v1.bset.occlusion_query": "GL_ARB_occlusion_query2",
            "v1.bset.polygon_offset_clamp": ("GL_ARB_polygon_offset_clamp GL_EXT_polygon_offset_clamp"),
            "v1.bset.seamless_cube_map": "GL_ARB_seamless_cube_map",
            "v1.bset.seamless_cube_map_per_texture": (
                "GL_AMD_seamless_cubemap_per_texture GL_ARB_seamless_cubemap_per_texture"
            ),
            "v1.bset.shader_stencil_export": ("GL_AMD_shader_stencil_export GL_ARB_shader_stencil_export"),
            "v1.bset.start_instance": "GL_ARB_base_instance",
            "v1.bset.streamout_pause_resume": (
                "GL_ARB_transform_feedback2 GL_ARB_transform_feedback3 GL_ARB_transform_feedback_instanced"
            ),
            "v1.bset.texture_query_lod": "GL_ARB_texture_query_lod",
            "v1.bset.transform_feedback_overflow_query": "GL_ARB_transform_feedback_overflow_query",
            "v1.glsl_level >= 400": "GL_ARB_gpu_shader5",
            "v1.glsl_level >= 410": "GL_ARB_shader_precision",
            "v1.max_dual_source_render_targets >= 1": "GL_ARB_blend_func_extended",
            "v1.max_texture_gather_components >= 1": "GL_AMD_texture_texture4 GL_ARB_texture_gather",
            "v1.max_viewports >= 16": ("GL_ARB_fragment_layer_viewport GL_ARB_viewport_array"),
            "version >= 4.3": "GL_MESA_framebuffer_flip_y",
            "vertexbuffer.R11G11B10_FLOAT": "GL_ARB_vertex_type_10f_11f_11f_rev",
        },
        "25.0.7": {
            "": (
                "GL_AMD_conservative_depth GL_AMD_shader_trinary_minmax GL_ANGLE_texture_compression_dxt3 "
                "GL_ANGLE_texture_compression_dxt5 GL_ARB_ES2_compatibility GL_ARB_arrays_of_arrays "
                "GL_ARB_clear_buffer_object GL_ARB_clear_texture GL_ARB_compressed_texture_pixel_storage "
                "GL_ARB_conservative_depth GL_ARB_copy_buffer GL_ARB_debug_output GL_ARB_depth_buffer_float "
                "GL_ARB_direct_state_access GL_ARB_draw_buffers GL_ARB_draw_elements_base_vertex "
                "GL_ARB_draw_instanced GL_ARB_explicit_attrib_location GL_ARB_explicit_uniform_location "
                "GL_ARB_fragment_coord_conventions GL_ARB_fragment_shader GL_ARB_framebuffer_object "
                "GL_ARB_framebuffer_sRGB GL_ARB_get_program_binary GL_ARB_get_texture_sub_image GL_ARB_gl_spirv "
                "GL_ARB_half_float_pixel GL_ARB_half_float_vertex GL_ARB_instanced_arrays GL_ARB_internalformat_query"
                " GL_ARB_internalformat_query2 GL_ARB_invalidate_subdata GL_ARB_map_buffer_alignment "
                "GL_ARB_map_buffer_range GL_ARB_multi_bind GL_ARB_parallel_shader_compile GL_ARB_pixel_buffer_object "
                "GL_ARB_point_sprite GL_ARB_program_interface_query GL_ARB_provoking_vertex GL_ARB_robustness "
                "GL_ARB_sampler_objects GL_ARB_separate_shader_objects GL_ARB_shader_bit_encoding "
                "GL_ARB_shader_objects GL_ARB_shader_subroutine GL_ARB_shader_texture_lod "
                "GL_ARB_shading_language_420pack GL_ARB_shading_language_include GL_ARB_shading_language_packing "
                "GL_ARB_spirv_extensions GL_ARB_sync GL_ARB_texture_border_clamp GL_ARB_texture_buffer_object "
                "GL_ARB_texture_compression_rgtc GL_ARB_texture_float GL_ARB_texture_multisample "
                "GL_ARB_texture_non_power_of_two GL_ARB_texture_query_levels GL_ARB_texture_rectangle "
                "GL_ARB_texture_rg GL_ARB_texture_storage GL_ARB_texture_storage_multisample GL_ARB_texture_swizzle "
                "GL_ARB_uniform_buffer_object GL_ARB_vertex_array_bgra GL_ARB_vertex_array_object "
                "GL_ARB_vertex_attrib_binding GL_ARB_vertex_buffer_object GL_ARB_vertex_shader "
                "GL_ARB_vertex_type_2_10_10_10_rev GL_ATI_blend_equation_separate GL_ATI_texture_float "
                "GL_EXT_EGL_image_storage GL_EXT_EGL_image_storage_compression GL_EXT_EGL_sync GL_EXT_abgr "
                "GL_EXT_blend_equation_separate GL_EXT_debug_label GL_EXT_draw_buffers2 GL_EXT_draw_instanced "
                "GL_EXT_framebuffer_blit GL_EXT_framebuffer_multisample GL_EXT_framebuffer_multisample_blit_scaled "
                "GL_EXT_framebuffer_object GL_EXT_framebuffer_sRGB GL_EXT_packed_depth_stencil GL_EXT_packed_float "
                "GL_EXT_pixel_buffer_object GL_EXT_provoking_vertex GL_EXT_shader_integer_mix GL_EXT_texture_array "
                "GL_EXT_texture_compression_dxt1 GL_EXT_texture_compression_rgtc GL_EXT_texture_compression_s3tc "
                "GL_EXT_texture_integer GL_EXT_texture_sRGB GL_EXT_texture_sRGB_decode GL_EXT_texture_shared_exponent"
                " GL_EXT_texture_snorm GL_EXT_texture_storage GL_EXT_texture_swizzle GL_EXT_transform_feedback "
                "GL_EXT_vertex_array_bgra GL_IBM_multimode_draw_arrays GL_KHR_context_flush_control GL_KHR_debug "
                "GL_KHR_no_error GL_KHR_parallel_shader_compile GL_KHR_texture_compression_astc_ldr "
                "GL_KHR_texture_compression_astc_sliced_3d GL_MESA_pack_invert GL_MESA_shader_integer_functions "
                "GL_MESA_texture_signed_rgba GL_NV_conditional_render GL_NV_copy_image GL_NV_packed_depth_stencil "
                "GL_OES_EGL_image GL_S3_s3tc"
            ),
            ("capability_bits.ARB_BUFFER_STORAGE; host_feature_check_version >= 4"): "GL_ARB_buffer_storage",
            "capability_bits.CLIP_HALFZ": "GL_ARB_clip_control",
            (
                "capability_bits.COMPUTE_SHADER; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_shader_storage_blocks[1] >= 2 | capability_bits.COMPUTE_SHADER; max_shader_image_frag_compute >="
                " 1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_atomic_counters[1] >= 1"
            ): "GL_ARB_compute_shader",
            "capability_bits.COPY_IMAGE": "GL_ARB_copy_image",
            (
                "capability_bits.FB_NO_ATTACH; supported_multisample_formats.NONE | capability_bits.FB_NO_ATTACH; "
                "v1.max_texture_array_layers >= 2048"
            ): "GL_ARB_framebuffer_no_attachments",
            "capability_bits.INDIRECT_PARAMS": "GL_ARB_indirect_parameters",
            "capability_bits.QBO": ("GL_AMD_query_buffer_object GL_ARB_query_buffer_object"),
            "capability_bits.ROBUST_BUFFER_ACCESS": (
                "GL_ARB_robust_buffer_access_behavior GL_KHR_robust_buffer_access_behavior GL_KHR_robustness"
            ),
            "capability_bits.SHADER_CLOCK": "GL_ARB_shader_clock",
            "capability_bits.TEXTURE_BARRIER": "GL_ARB_texture_barrier GL_NV_texture_barrier",
            "capability_bits.TEXTURE_VIEW": "GL_ARB_texture_view",
            "capability_bits.TGSI_COMPONENTS": "GL_ARB_enhanced_layouts",
            "capability_bits.TXQS": "GL_ARB_shader_texture_image_samples",
            ("capability_bits_v2.BLEND_EQUATION | capability_bits.TGSI_FBFETCH"): "GL_KHR_blend_equation_advanced",
            "capability_bits_v2.DRAW_PARAMETERS": "GL_ARB_shader_draw_parameters",
            "capability_bits_v2.GROUP_VOTE": "GL_ARB_shader_group_vote",
            "capability_bits_v2.MEMINFO": "GL_ATI_meminfo GL_NVX_gpu_memory_info",
            "capability_bits_v2.MIRROR_CLAMP": ("GL_ATI_texture_mirror_once GL_EXT_texture_mirror_clamp"),
            "capability_bits_v2.MIRROR_CLAMP_TO_EDGE": "GL_ARB_texture_mirror_clamp_to_edge",
            "capability_bits_v2.PIPELINE_STATISTICS_QUERY": "GL_ARB_pipeline_statistics_query",
            "capability_bits_v2.TEXTURE_SHADOW_LOD": "GL_EXT_texture_shadow_lod",
            "max_anisotropy >= 1.00000012": "GL_EXT_texture_filter_anisotropic",
            "max_anisotropy >= 16": "GL_ARB_texture_filter_anisotropic",
            (
                "max_atomic_counter_buffers[1] >= 1; max_shader_storage_blocks[1] >= 2 | "
                "max_atomic_counter_buffers[1] >= 1; max_atomic_counters[1] >= 1"
            ): ("GL_ARB_shader_atomic_counter_ops GL_ARB_shader_atomic_counters"),
            "max_shader_image_frag_compute >= 1": ("GL_ARB_shader_image_load_store GL_ARB_shader_image_size"),
            (
                "sampler.BPTC_RGBA_UNORM; sampler.BPTC_SRGBA; sampler.BPTC_RGB_FLOAT; sampler.BPTC_RGB_UFLOAT | "
                "sampler.R16G16B16X16_FLOAT"
            ): "GL_ARB_texture_compression_bptc",
            (
                "sampler.R10G10B10A2_UINT; render.R10G10B10A2_UINT | sampler.B10G10R10A2_UINT; render.B10G10R10A2_UINT"
            ): "GL_ARB_texture_rgb10_a2ui",
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB"
            ): "GL_ARB_ES3_compatibility",
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.has_indirect_draw; v1.glsl_level >= 400; "
                "shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "max_shader_image_frag_compute >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_shader_storage_blocks[1] >= 1; sampler.S8X24_UINT; "
                "supported_multisample_formats.NONE | sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.has_indirect_draw; "
                "v1.glsl_level >= 400; shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; "
                "capability_bits.FB_NO_ATTACH; max_shader_image_frag_compute >= 1; max_compute_work_group_invocations"
                " >= 1024; max_atomic_counter_buffers[1] >= 1; max_shader_storage_blocks[1] >= 1; sampler.X24S8_UINT;"
                " supported_multisample_formats.NONE"
            ): "GL_ARB_ES3_1_compatibility",
            (
                "sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; v1.bset.has_sample_shading; "
                "v1.glsl_level >= 400; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "capability_bits.ROBUST_BUFFER_ACCESS; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_shader_storage_blocks[1] >= 1; sampler.S8X24_UINT; supported_multisample_formats.NONE | "
                "sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; v1.bset.has_sample_shading; "
                "v1.glsl_level >= 400; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "capability_bits.ROBUST_BUFFER_ACCESS; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_shader_storage_blocks[1] >= 1; sampler.X24S8_UINT; supported_multisample_formats.NONE"
            ): "GL_ARB_ES3_2_compatibility",
            (
                "sampler.R32G32B32_FLOAT; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT"
            ): "GL_ARB_texture_buffer_object_rgb32",
            "sampler.R8G8_SRGB": "GL_EXT_texture_sRGB_RG8",
            "sampler.R8_SRGB": "GL_EXT_texture_sRGB_R8",
            "sampler.S8X24_UINT | sampler.X24S8_UINT": "GL_ARB_stencil_texturing GL_ARB_texture_stencil8",
            ("sampler.Y8U8Y8V8_422_UNORM | sampler.U8Y8V8Y8_422_UNORM"): "GL_MESA_ycbcr_texture",
            (
                "shader_buffer_offset_alignment >= 1; max_shader_storage_blocks[1] >= 1"
            ): "GL_ARB_shader_storage_buffer_object",
            "texture_buffer_offset_alignment >= 1": "GL_ARB_texture_buffer_range",
            "v1.bset.color_clamping": "GL_ARB_color_buffer_float",
            "v1.bset.conditional_render_inverted": "GL_ARB_conditional_render_inverted",
            "v1.bset.cube_map_array": "GL_ARB_texture_cube_map_array",
            "v1.bset.depth_clip_disable": "GL_ARB_depth_clamp GL_NV_depth_clamp",
            "v1.bset.derivative_control": "GL_ARB_derivative_control",
            "v1.bset.has_cull": "GL_ARB_cull_distance",
            "v1.bset.has_fp64": ("GL_ARB_gpu_shader_fp64 GL_ARB_vertex_attrib_64bit GL_EXT_vertex_attrib_64bit"),
            "v1.bset.has_indirect_draw": ("GL_AMD_multi_draw_indirect GL_ARB_draw_indirect GL_ARB_multi_draw_indirect"),
            "v1.bset.has_sample_shading": "GL_ARB_sample_shading",
            "v1.bset.has_tessellation_shaders": "GL_ARB_tessellation_shader",
            "v1.bset.indep_blend_func": ("GL_AMD_draw_buffers_blend GL_ARB_draw_buffers_blend"),
            "v1.bset.occlusion_query": "GL_ARB_occlusion_query2",
            "v1.bset.polygon_offset_clamp": ("GL_ARB_polygon_offset_clamp GL_EXT_polygon_offset_clamp"),
            "v1.bset.seamless_cube_map": "GL_ARB_seamless_cube_map",
            "v1.bset.seamless_cube_map_per_texture": (
                "GL_AMD_seamless_cubemap_per_texture GL_ARB_seamless_cubemap_per_texture"
            ),
            "v1.bset.shader_stencil_export": ("GL_AMD_shader_stencil_export GL_ARB_shader_stencil_export"),
            "v1.bset.start_instance": "GL_ARB_base_instance",
            "v1.bset.streamout_pause_resume": (
                "GL_ARB_transform_feedback2 GL_ARB_transform_feedback3 GL_ARB_transform_feedback_instanced"
            ),
            "v1.bset.texture_query_lod": "GL_ARB_texture_query_lod",
            "v1.bset.timer_query": "GL_ARB_timer_query GL_EXT_timer_query",
            "v1.bset.transform_feedback_overflow_query": "GL_ARB_transform_feedback_overflow_query",
            (
                "v1.glsl_level >= 150; capability_bits_v2.VS_VERTEX_LAYER; capability_bits_v2.VS_VIEWPORT_INDEX"
            ): "GL_AMD_vertex_shader_layer",
            (
                "v1.glsl_level >= 150; v1.max_viewports >= 16; capability_bits_v2.VS_VERTEX_LAYER; "
                "capability_bits_v2.VS_VIEWPORT_INDEX"
            ): "GL_AMD_vertex_shader_viewport_index",
            "v1.glsl_level >= 400": "GL_ARB_gpu_shader5",
            "v1.glsl_level >= 410": "GL_ARB_shader_precision",
            "v1.max_dual_source_render_targets >= 1": "GL_ARB_blend_func_extended",
            "v1.max_texture_gather_components >= 1": "GL_AMD_texture_texture4 GL_ARB_texture_gather",
            "v1.max_viewports >= 16": ("GL_ARB_fragment_layer_viewport GL_ARB_viewport_array"),
            "version >= 4.3": "GL_MESA_framebuffer_flip_y",
            "vertexbuffer.R11G11B10_FLOAT": "GL_ARB_vertex_type_10f_11f_11f_rev",
        },
    },
    "compatibility": {
        "22.3.6": {
            "": (
                "GL_AMD_shader_trinary_minmax GL_ANGLE_texture_compression_dxt3 GL_ANGLE_texture_compression_dxt5 "
                "GL_APPLE_packed_pixels GL_ARB_ES2_compatibility GL_ARB_clear_buffer_object GL_ARB_color_buffer_float"
                " GL_ARB_compressed_texture_pixel_storage GL_ARB_copy_buffer GL_ARB_debug_output GL_ARB_depth_texture"
                " GL_ARB_draw_buffers GL_ARB_draw_elements_base_vertex GL_ARB_draw_instanced "
                "GL_ARB_explicit_attrib_location GL_ARB_explicit_uniform_location GL_ARB_fragment_coord_conventions "
                "GL_ARB_fragment_program GL_ARB_fragment_program_shadow GL_ARB_fragment_shader "
                "GL_ARB_framebuffer_object GL_ARB_get_program_binary GL_ARB_get_texture_sub_image "
                "GL_ARB_half_float_pixel GL_ARB_half_float_vertex GL_ARB_instanced_arrays GL_ARB_internalformat_query"
                " GL_ARB_internalformat_query2 GL_ARB_invalidate_subdata GL_ARB_map_buffer_alignment "
                "GL_ARB_map_buffer_range GL_ARB_multi_bind GL_ARB_multisample GL_ARB_multitexture "
                "GL_ARB_occlusion_query GL_ARB_parallel_shader_compile GL_ARB_pixel_buffer_object "
                "GL_ARB_point_parameters GL_ARB_point_sprite GL_ARB_program_interface_query GL_ARB_provoking_vertex "
                "GL_ARB_robustness GL_ARB_sampler_objects GL_ARB_separate_shader_objects GL_ARB_shader_objects "
                "GL_ARB_shader_texture_lod GL_ARB_shading_language_100 GL_ARB_shading_language_include GL_ARB_shadow "
                "GL_ARB_sync GL_ARB_texture_border_clamp GL_ARB_texture_compression GL_ARB_texture_cube_map "
                "GL_ARB_texture_env_add GL_ARB_texture_env_combine GL_ARB_texture_env_crossbar "
                "GL_ARB_texture_env_dot3 GL_ARB_texture_mirrored_repeat GL_ARB_texture_non_power_of_two "
                "GL_ARB_texture_rectangle GL_ARB_texture_storage GL_ARB_texture_swizzle GL_ARB_timer_query "
                "GL_ARB_transpose_matrix GL_ARB_vertex_array_bgra GL_ARB_vertex_array_object "
                "GL_ARB_vertex_attrib_binding GL_ARB_vertex_buffer_object GL_ARB_vertex_program GL_ARB_vertex_shader "
                "GL_ARB_vertex_type_2_10_10_10_rev GL_ARB_window_pos GL_ATI_blend_equation_separate "
                "GL_ATI_draw_buffers GL_ATI_fragment_shader GL_ATI_separate_stencil GL_ATI_texture_env_combine3 "
                "GL_EXT_EGL_image_storage GL_EXT_EGL_sync GL_EXT_abgr GL_EXT_bgra GL_EXT_blend_color "
                "GL_EXT_blend_equation_separate GL_EXT_blend_func_separate GL_EXT_blend_minmax GL_EXT_blend_subtract "
                "GL_EXT_compiled_vertex_array GL_EXT_copy_texture GL_EXT_debug_label GL_EXT_direct_state_access "
                "GL_EXT_draw_instanced GL_EXT_draw_range_elements GL_EXT_fog_coord GL_EXT_framebuffer_blit "
                "GL_EXT_framebuffer_object GL_EXT_gpu_program_parameters GL_EXT_multi_draw_arrays "
                "GL_EXT_packed_depth_stencil GL_EXT_packed_pixels GL_EXT_pixel_buffer_object GL_EXT_point_parameters "
                "GL_EXT_provoking_vertex GL_EXT_rescale_normal GL_EXT_secondary_color GL_EXT_separate_specular_color "
                "GL_EXT_shadow_funcs GL_EXT_stencil_two_side GL_EXT_stencil_wrap GL_EXT_subtexture GL_EXT_texture "
                "GL_EXT_texture3D GL_EXT_texture_compression_dxt1 GL_EXT_texture_compression_s3tc "
                "GL_EXT_texture_cube_map GL_EXT_texture_edge_clamp GL_EXT_texture_env_add GL_EXT_texture_env_combine "
                "GL_EXT_texture_env_dot3 GL_EXT_texture_lod_bias GL_EXT_texture_object GL_EXT_texture_rectangle "
                "GL_EXT_texture_swizzle GL_EXT_timer_query GL_EXT_vertex_array GL_EXT_vertex_array_bgra "
                "GL_IBM_multimode_draw_arrays GL_IBM_rasterpos_clip GL_IBM_texture_mirrored_repeat "
                "GL_INGR_blend_func_separate GL_KHR_context_flush_control GL_KHR_debug GL_KHR_no_error "
                "GL_KHR_parallel_shader_compile GL_MESA_pack_invert GL_MESA_window_pos GL_NV_ES1_1_compatibility "
                "GL_NV_blend_square GL_NV_copy_image GL_NV_fog_distance GL_NV_half_float GL_NV_light_max_exponent "
                "GL_NV_packed_depth_stencil GL_NV_texgen_reflection GL_NV_texture_env_combine4 "
                "GL_NV_texture_rectangle GL_OES_EGL_image GL_OES_read_format GL_S3_s3tc GL_SGIS_generate_mipmap "
                "GL_SGIS_texture_border_clamp GL_SGIS_texture_edge_clamp GL_SGIS_texture_lod GL_SUN_multi_draw_arrays"
            ),
            "capability_bits.CLEAR_TEXTURE": "GL_ARB_clear_texture",
            "capability_bits.CLIP_HALFZ": "GL_ARB_clip_control",
            (
                "capability_bits.COMPUTE_SHADER; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_atomic_counters[1] >= 1 | capability_bits.COMPUTE_SHADER; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_shader_buffer_frag_compute >= 2"
            ): "GL_ARB_compute_shader",
            "capability_bits.COPY_IMAGE": "GL_ARB_copy_image",
            "capability_bits.FB_NO_ATTACH": "GL_ARB_framebuffer_no_attachments",
            "capability_bits.INDIRECT_PARAMS": "GL_ARB_indirect_parameters",
            "capability_bits.QBO": ("GL_AMD_query_buffer_object GL_ARB_query_buffer_object"),
            "capability_bits.ROBUST_BUFFER_ACCESS": (
                "GL_ARB_robust_buffer_access_behavior GL_KHR_robust_buffer_access_behavior GL_KHR_robustness"
            ),
            "capability_bits.SHADER_CLOCK": "GL_ARB_shader_clock",
            (
                "capability_bits.SRGB_WRITE_CONTROL; sampler.R8G8B8A8_SRGB; render.R8G8B8A8_SRGB | "
                "capability_bits.SRGB_WRITE_CONTROL; sampler.B8G8R8A8_SRGB; render.B8G8R8A8_SRGB | "
                "capability_bits.SRGB_WRITE_CONTROL; sampler.A8B8G8R8_SRGB; render.A8B8G8R8_SRGB"
            ): "GL_ARB_framebuffer_sRGB GL_EXT_framebuffer_sRGB",
            "capability_bits.TEXTURE_BARRIER": "GL_ARB_texture_barrier GL_NV_texture_barrier",
            "capability_bits.TEXTURE_VIEW": "GL_ARB_texture_view",
            "capability_bits.TXQS": "GL_ARB_shader_texture_image_samples",
            ("capability_bits_v2.BLEND_EQUATION | capability_bits.TGSI_FBFETCH"): "GL_KHR_blend_equation_advanced",
            "capability_bits_v2.MEMINFO": "GL_ATI_meminfo GL_NVX_gpu_memory_info",
            "capability_bits_v2.TEXTURE_SHADOW_LOD": "GL_EXT_texture_shadow_lod",
            "max_anisotropy >= 1.00000012": "GL_EXT_texture_filter_anisotropic",
            "max_anisotropy >= 16": "GL_ARB_texture_filter_anisotropic",
            (
                "max_atomic_counter_buffers[1] >= 1; max_atomic_counters[1] >= 1 | max_atomic_counter_buffers[1] >= "
                "1; max_shader_buffer_frag_compute >= 2"
            ): ("GL_ARB_shader_atomic_counter_ops GL_ARB_shader_atomic_counters"),
            "max_shader_image_frag_compute >= 1": ("GL_ARB_shader_image_load_store GL_ARB_shader_image_size"),
            (
                "sampler.ASTC_4x4; sampler.ASTC_5x4; sampler.ASTC_5x5; sampler.ASTC_6x5; sampler.ASTC_6x6; "
                "sampler.ASTC_8x5; sampler.ASTC_8x6; sampler.ASTC_8x8; sampler.ASTC_10x5; sampler.ASTC_10x6; "
                "sampler.ASTC_10x8; sampler.ASTC_10x10; sampler.ASTC_12x10; sampler.ASTC_12x12; "
                "sampler.ASTC_4x4_SRGB; sampler.ASTC_5x4_SRGB; sampler.ASTC_5x5_SRGB; sampler.ASTC_6x5_SRGB; "
                "sampler.ASTC_6x6_SRGB; sampler.ASTC_8x5_SRGB; sampler.ASTC_8x6_SRGB; sampler.ASTC_8x8_SRGB; "
                "sampler.ASTC_10x5_SRGB; sampler.ASTC_10x6_SRGB; sampler.ASTC_10x8_SRGB; sampler.ASTC_10x10_SRGB; "
                "sampler.ASTC_12x10_SRGB; sampler.ASTC_12x12_SRGB | sampler.R8G8B8A8_SRGB"
            ): ("GL_KHR_texture_compression_astc_ldr GL_KHR_texture_compression_astc_sliced_3d"),
            (
                "sampler.BPTC_RGBA_UNORM; sampler.BPTC_SRGBA; sampler.BPTC_RGB_FLOAT; sampler.BPTC_RGB_UFLOAT | "
                "sampler.R8G8B8A8_SRGB; sampler.R16G16B16X16_FLOAT"
            ): "GL_ARB_texture_compression_bptc",
            (
                "sampler.LATC1_UNORM; sampler.LATC1_SNORM; sampler.LATC2_UNORM; sampler.LATC2_SNORM | "
                "sampler.L8_UNORM; sampler.L8A8_UNORM; sampler.L8_SNORM; sampler.L8A8_SNORM"
            ): "GL_EXT_texture_compression_latc",
            "sampler.LATC2_UNORM | sampler.L8A8_UNORM": "GL_ATI_texture_compression_3dc",
            "sampler.R11G11B10_FLOAT; render.R11G11B10_FLOAT": "GL_EXT_packed_float",
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.primitive_restart; "
                "v1.bset.texture_multisample; v1.bset.has_indirect_draw; v1.glsl_level >= 400; v1.max_uniform_blocks "
                ">= 13; shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; "
                "capability_bits.FB_NO_ATTACH; max_shader_buffer_frag_compute >= 1; max_shader_image_frag_compute >= "
                "1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "host_feature_check_version >= 6; max_texture_samplers >= 16; max_uniform_block_size >= 16384; "
                "sampler.S8X24_UINT | sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; "
                "sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.primitive_restart; "
                "v1.bset.texture_multisample; v1.bset.has_indirect_draw; v1.glsl_level >= 400; v1.max_uniform_blocks "
                ">= 13; shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; "
                "capability_bits.FB_NO_ATTACH; max_shader_buffer_frag_compute >= 1; max_shader_image_frag_compute >= "
                "1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "host_feature_check_version >= 6; max_texture_samplers >= 16; max_uniform_block_size >= 16384; "
                "sampler.X24S8_UINT"
            ): "GL_ARB_ES3_1_compatibility",
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.primitive_restart; v1.glsl_level >= 130; "
                "v1.max_uniform_blocks >= 13; max_texture_samplers >= 16; max_uniform_block_size >= 16384"
            ): "GL_ARB_ES3_compatibility",
            (
                "sampler.R32G32B32A32_FLOAT; sampler.R16G16B16A16_FLOAT; render.R32G32B32A32_FLOAT; "
                "render.R16G16B16A16_FLOAT"
            ): "GL_ARB_texture_float GL_ATI_texture_float",
            (
                "sampler.R32G32B32A32_UINT; sampler.R32G32B32A32_SINT; render.R32G32B32A32_UINT; "
                "render.R32G32B32A32_SINT; v1.glsl_level >= 130"
            ): "GL_EXT_texture_integer",
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
                "max_uniform_block_size >= 16384; sampler.S8X24_UINT | sampler.R32G32B32_FLOAT; sampler.R16_UNORM; "
                "sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; "
                "sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT; v1.bset.indep_blend_func; "
                "v1.bset.cube_map_array; v1.bset.primitive_restart; v1.bset.texture_multisample; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; v1.bset.has_sample_shading; "
                "v1.glsl_level >= 400; v1.max_tbo_size >= 1; v1.max_uniform_blocks >= 13; "
                "texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "capability_bits.ROBUST_BUFFER_ACCESS; max_shader_buffer_frag_compute >= 1; "
                "max_shader_image_frag_compute >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; host_feature_check_version >= 6; max_texture_samplers >= 16; "
                "max_uniform_block_size >= 16384; sampler.X24S8_UINT"
            ): "GL_ARB_ES3_2_compatibility",
            (
                "sampler.R32G32B32_FLOAT; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT; v1.max_tbo_size >= 1"
            ): "GL_ARB_texture_buffer_object_rgb32",
            "sampler.R8G8B8A8_SNORM": "GL_EXT_texture_snorm GL_MESA_texture_signed_rgba",
            (
                "sampler.R8G8B8A8_SRGB | sampler.A8R8G8B8_SRGB | sampler.B8G8R8A8_SRGB | sampler.A8B8G8R8_SRGB"
            ): "GL_EXT_texture_sRGB GL_EXT_texture_sRGB_decode",
            "sampler.R8G8_SRGB": "GL_EXT_texture_sRGB_RG8",
            "sampler.R8_SRGB": "GL_EXT_texture_sRGB_R8",
            ("sampler.R8_UNORM; sampler.R8G8_UNORM; render.R8_UNORM; render.R8G8_UNORM"): "GL_ARB_texture_rg",
            "sampler.R9G9B9E5_FLOAT": "GL_EXT_texture_shared_exponent",
            (
                "sampler.RGTC1_UNORM; sampler.RGTC1_SNORM; sampler.RGTC2_UNORM; sampler.RGTC2_SNORM | "
                "sampler.R8_UNORM; sampler.R8G8_UNORM; sampler.R8_SNORM; sampler.R8G8_SNORM"
            ): ("GL_ARB_texture_compression_rgtc GL_EXT_texture_compression_rgtc"),
            "sampler.S8X24_UINT | sampler.X24S8_UINT": "GL_ARB_stencil_texturing GL_ARB_texture_stencil8",
            "sampler.Z32_FLOAT; sampler.Z32_FLOAT_S8X24_UINT": "GL_ARB_depth_buffer_float",
            (
                "shader_buffer_offset_alignment >= 1; max_shader_buffer_frag_compute >= 1"
            ): "GL_ARB_shader_storage_buffer_object",
            "v1.bset.conditional_render": "GL_NV_conditional_render",
            "v1.bset.conditional_render_inverted": "GL_ARB_conditional_render_inverted",
            "v1.bset.cube_map_array": "GL_ARB_texture_cube_map_array",
            "v1.bset.depth_clip_disable": "GL_ARB_depth_clamp GL_NV_depth_clamp",
            "v1.bset.derivative_control": "GL_ARB_derivative_control",
            "v1.bset.has_cull": "GL_ARB_cull_distance",
            (
                "v1.bset.has_fp64; v1.glsl_level >= 130; sampler.S8X24_UINT | v1.bset.has_fp64; v1.glsl_level >= 130;"
                " sampler.X24S8_UINT"
            ): "GL_NV_copy_depth_to_color",
            "v1.bset.has_indirect_draw": ("GL_AMD_multi_draw_indirect GL_ARB_draw_indirect GL_ARB_multi_draw_indirect"),
            "v1.bset.has_sample_shading": "GL_ARB_sample_shading",
            (
                "v1.bset.has_tessellation_shaders; v1.glsl_level >= 400; host_feature_check_version >= 6"
            ): "GL_ARB_tessellation_shader",
            "v1.bset.indep_blend_enable": "GL_EXT_draw_buffers2",
            "v1.bset.indep_blend_func": ("GL_AMD_draw_buffers_blend GL_ARB_draw_buffers_blend"),
            "v1.bset.mirror_clamp": (
                "GL_ARB_texture_mirror_clamp_to_edge GL_ATI_texture_mirror_once GL_EXT_texture_mirror_clamp"
            ),
            "v1.bset.occlusion_query": "GL_ARB_occlusion_query2",
            "v1.bset.polygon_offset_clamp": ("GL_ARB_polygon_offset_clamp GL_EXT_polygon_offset_clamp"),
            "v1.bset.primitive_restart": "GL_NV_primitive_restart",
            "v1.bset.seamless_cube_map": "GL_ARB_seamless_cube_map",
            "v1.bset.seamless_cube_map_per_texture": (
                "GL_AMD_seamless_cubemap_per_texture GL_ARB_seamless_cubemap_per_texture"
            ),
            "v1.bset.shader_stencil_export": ("GL_AMD_shader_stencil_export GL_ARB_shader_stencil_export"),
            "v1.bset.start_instance": "GL_ARB_base_instance",
            "v1.bset.streamout_pause_resume": (
                "GL_ARB_transform_feedback2 GL_ARB_transform_feedback3 GL_ARB_transform_feedback_instanced"
            ),
            "v1.bset.texture_multisample": ("GL_ARB_texture_multisample GL_ARB_texture_storage_multisample"),
            (
                "v1.bset.texture_multisample; v1.max_samples >= 1; supported_multisample_formats.R8G8B8A8_UNORM | "
                "v1.bset.texture_multisample; v1.max_samples >= 1; supported_multisample_formats.B8G8R8A8_UNORM | "
                "v1.bset.texture_multisample; v1.max_samples >= 1; sampler.A8B8G8R8_UNORM; render.A8B8G8R8_UNORM; "
                "supported_multisample_formats.A8B8G8R8_UNORM | v1.bset.texture_multisample; v1.max_samples >= 1; "
                "sampler.A8R8G8B8_UNORM; render.A8R8G8B8_UNORM; supported_multisample_formats.A8R8G8B8_UNORM"
            ): ("GL_EXT_framebuffer_multisample GL_EXT_framebuffer_multisample_blit_scaled"),
            "v1.bset.texture_query_lod": "GL_ARB_texture_query_lod",
            "v1.bset.transform_feedback_overflow_query": "GL_ARB_transform_feedback_overflow_query",
            "v1.glsl_level >= 130": (
                "GL_AMD_conservative_depth GL_ARB_arrays_of_arrays GL_ARB_conservative_depth "
                "GL_ARB_shader_bit_encoding GL_ARB_shading_language_420pack GL_ARB_shading_language_packing "
                "GL_ARB_texture_query_levels GL_EXT_shader_integer_mix GL_MESA_shader_integer_functions"
            ),
            (
                "v1.glsl_level >= 130; sampler.R10G10B10A2_UINT; render.R10G10B10A2_UINT | v1.glsl_level >= 130; "
                "sampler.B10G10R10A2_UINT; render.B10G10R10A2_UINT"
            ): "GL_ARB_texture_rgb10_a2ui",
            "v1.glsl_level >= 140": "GL_EXT_gpu_shader4 GL_EXT_texture_buffer_object",
            (
                "v1.glsl_level >= 140; v1.max_streamout_buffers >= 1; capability_bits.TGSI_COMPONENTS"
            ): "GL_ARB_enhanced_layouts",
            ("v1.glsl_level >= 400; host_feature_check_version >= 6"): "GL_ARB_gpu_shader5",
            ("v1.glsl_level >= 410; host_feature_check_version >= 6"): "GL_ARB_shader_precision",
            "v1.max_dual_source_render_targets >= 1": "GL_ARB_blend_func_extended",
            "v1.max_streamout_buffers >= 1": "GL_EXT_transform_feedback",
            "v1.max_tbo_size >= 1": "GL_ARB_texture_buffer_object",
            ("v1.max_tbo_size >= 1; texture_buffer_offset_alignment >= 1"): "GL_ARB_texture_buffer_range",
            "v1.max_texture_array_layers >= 1": "GL_EXT_texture_array",
            "v1.max_texture_gather_components >= 1": "GL_AMD_texture_texture4 GL_ARB_texture_gather",
            ("v1.max_uniform_blocks >= 13; max_uniform_block_size >= 16384"): "GL_ARB_uniform_buffer_object",
            "v1.max_viewports >= 16": ("GL_ARB_fragment_layer_viewport GL_ARB_viewport_array"),
            "version >= 3.1": ("GL_ARB_compatibility GL_ARB_direct_state_access GL_ARB_shader_subroutine"),
            "version >= 3.2; v1.bset.has_fp64": (
                "GL_ARB_gpu_shader_fp64 GL_ARB_vertex_attrib_64bit GL_EXT_vertex_attrib_64bit"
            ),
            "version >= 4.3": "GL_MESA_framebuffer_flip_y",
            "vertexbuffer.R11G11B10_FLOAT": "GL_ARB_vertex_type_10f_11f_11f_rev",
        },
        "25.0.7": {
            "": (
                "GL_AMD_shader_trinary_minmax GL_ANGLE_texture_compression_dxt3 GL_ANGLE_texture_compression_dxt5 "
                "GL_APPLE_packed_pixels GL_ARB_ES2_compatibility GL_ARB_clear_buffer_object GL_ARB_clear_texture "
                "GL_ARB_color_buffer_float GL_ARB_compressed_texture_pixel_storage GL_ARB_copy_buffer "
                "GL_ARB_debug_output GL_ARB_depth_texture GL_ARB_draw_buffers GL_ARB_draw_elements_base_vertex "
                "GL_ARB_draw_instanced GL_ARB_explicit_attrib_location GL_ARB_explicit_uniform_location "
                "GL_ARB_fragment_coord_conventions GL_ARB_fragment_program GL_ARB_fragment_program_shadow "
                "GL_ARB_fragment_shader GL_ARB_framebuffer_object GL_ARB_get_program_binary "
                "GL_ARB_get_texture_sub_image GL_ARB_gl_spirv GL_ARB_half_float_pixel GL_ARB_half_float_vertex "
                "GL_ARB_instanced_arrays GL_ARB_internalformat_query GL_ARB_internalformat_query2 "
                "GL_ARB_invalidate_subdata GL_ARB_map_buffer_alignment GL_ARB_map_buffer_range GL_ARB_multi_bind "
                "GL_ARB_multisample GL_ARB_multitexture GL_ARB_occlusion_query GL_ARB_parallel_shader_compile "
                "GL_ARB_pixel_buffer_object GL_ARB_point_parameters GL_ARB_point_sprite "
                "GL_ARB_program_interface_query GL_ARB_provoking_vertex GL_ARB_robustness GL_ARB_sampler_objects "
                "GL_ARB_separate_shader_objects GL_ARB_shader_objects GL_ARB_shader_texture_lod "
                "GL_ARB_shading_language_100 GL_ARB_shading_language_include GL_ARB_shadow GL_ARB_spirv_extensions "
                "GL_ARB_sync GL_ARB_texture_border_clamp GL_ARB_texture_compression GL_ARB_texture_cube_map "
                "GL_ARB_texture_env_add GL_ARB_texture_env_combine GL_ARB_texture_env_crossbar "
                "GL_ARB_texture_env_dot3 GL_ARB_texture_mirrored_repeat GL_ARB_texture_non_power_of_two "
                "GL_ARB_texture_rectangle GL_ARB_texture_storage GL_ARB_texture_swizzle GL_ARB_transpose_matrix "
                "GL_ARB_vertex_array_bgra GL_ARB_vertex_array_object GL_ARB_vertex_attrib_binding "
                "GL_ARB_vertex_buffer_object GL_ARB_vertex_program GL_ARB_vertex_shader "
                "GL_ARB_vertex_type_2_10_10_10_rev GL_ARB_window_pos GL_ATI_blend_equation_separate "
                "GL_ATI_draw_buffers GL_ATI_fragment_shader GL_ATI_separate_stencil GL_ATI_texture_env_combine3 "
                "GL_EXT_EGL_image_storage GL_EXT_EGL_image_storage_compression GL_EXT_EGL_sync GL_EXT_abgr "
                "GL_EXT_bgra GL_EXT_blend_color GL_EXT_blend_equation_separate GL_EXT_blend_func_separate "
                "GL_EXT_blend_minmax GL_EXT_blend_subtract GL_EXT_compiled_vertex_array GL_EXT_copy_texture "
                "GL_EXT_debug_label GL_EXT_direct_state_access GL_EXT_draw_instanced GL_EXT_draw_range_elements "
                "GL_EXT_fog_coord GL_EXT_framebuffer_blit GL_EXT_framebuffer_object GL_EXT_gpu_program_parameters "
                "GL_EXT_multi_draw_arrays GL_EXT_packed_depth_stencil GL_EXT_packed_pixels GL_EXT_pixel_buffer_object"
                " GL_EXT_point_parameters GL_EXT_provoking_vertex GL_EXT_rescale_normal GL_EXT_secondary_color "
                "GL_EXT_separate_specular_color GL_EXT_shadow_funcs GL_EXT_stencil_two_side GL_EXT_stencil_wrap "
                "GL_EXT_subtexture GL_EXT_texture GL_EXT_texture3D GL_EXT_texture_compression_dxt1 "
                "GL_EXT_texture_compression_s3tc GL_EXT_texture_cube_map GL_EXT_texture_edge_clamp "
                "GL_EXT_texture_env_add GL_EXT_texture_env_combine GL_EXT_texture_env_dot3 GL_EXT_texture_lod_bias "
                "GL_EXT_texture_object GL_EXT_texture_rectangle GL_EXT_texture_storage GL_EXT_texture_swizzle "
                "GL_EXT_vertex_array GL_EXT_vertex_array_bgra GL_IBM_multimode_draw_arrays GL_IBM_rasterpos_clip "
                "GL_IBM_texture_mirrored_repeat GL_INGR_blend_func_separate GL_KHR_context_flush_control GL_KHR_debug"
                " GL_KHR_no_error GL_KHR_parallel_shader_compile GL_MESA_pack_invert GL_MESA_window_pos "
                "GL_NV_ES1_1_compatibility GL_NV_blend_square GL_NV_copy_image GL_NV_fog_distance GL_NV_half_float "
                "GL_NV_light_max_exponent GL_NV_packed_depth_stencil GL_NV_texgen_reflection "
                "GL_NV_texture_env_combine4 GL_NV_texture_rectangle GL_OES_EGL_image GL_OES_read_format GL_S3_s3tc "
                "GL_SGIS_generate_mipmap GL_SGIS_texture_border_clamp GL_SGIS_texture_edge_clamp GL_SGIS_texture_lod "
                "GL_SUN_multi_draw_arrays"
            ),
            ("capability_bits.ARB_BUFFER_STORAGE; host_feature_check_version >= 4"): "GL_ARB_buffer_storage",
            "capability_bits.CLIP_HALFZ": "GL_ARB_clip_control",
            (
                "capability_bits.COMPUTE_SHADER; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_shader_storage_blocks[1] >= 2 | capability_bits.COMPUTE_SHADER; max_shader_image_frag_compute >="
                " 1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_atomic_counters[1] >= 1"
            ): "GL_ARB_compute_shader",
            "capability_bits.COPY_IMAGE": "GL_ARB_copy_image",
            "capability_bits.FB_NO_ATTACH": "GL_ARB_framebuffer_no_attachments",
            "capability_bits.INDIRECT_PARAMS": "GL_ARB_indirect_parameters",
            "capability_bits.QBO": ("GL_AMD_query_buffer_object GL_ARB_query_buffer_object"),
            "capability_bits.ROBUST_BUFFER_ACCESS": (
                "GL_ARB_robust_buffer_access_behavior GL_KHR_robust_buffer_access_behavior GL_KHR_robustness"
            ),
            "capability_bits.SHADER_CLOCK": "GL_ARB_shader_clock",
            (
                "capability_bits.SRGB_WRITE_CONTROL; sampler.R8G8B8A8_SRGB; render.R8G8B8A8_SRGB | "
                "capability_bits.SRGB_WRITE_CONTROL; sampler.B8G8R8A8_SRGB; render.B8G8R8A8_SRGB | "
                "capability_bits.SRGB_WRITE_CONTROL; sampler.A8B8G8R8_SRGB; render.A8B8G8R8_SRGB"
            ): "GL_ARB_framebuffer_sRGB GL_EXT_framebuffer_sRGB",
            "capability_bits.TEXTURE_BARRIER": "GL_ARB_texture_barrier GL_NV_texture_barrier",
            "capability_bits.TEXTURE_VIEW": "GL_ARB_texture_view",
            "capability_bits.TXQS": "GL_ARB_shader_texture_image_samples",
            ("capability_bits_v2.BLEND_EQUATION | capability_bits.TGSI_FBFETCH"): "GL_KHR_blend_equation_advanced",
            "capability_bits_v2.DRAW_PARAMETERS": "GL_ARB_shader_draw_parameters",
            "capability_bits_v2.GROUP_VOTE": "GL_ARB_shader_group_vote",
            "capability_bits_v2.MEMINFO": "GL_ATI_meminfo GL_NVX_gpu_memory_info",
            "capability_bits_v2.MIRROR_CLAMP": ("GL_ATI_texture_mirror_once GL_EXT_texture_mirror_clamp"),
            "capability_bits_v2.MIRROR_CLAMP_TO_EDGE": "GL_ARB_texture_mirror_clamp_to_edge",
            "capability_bits_v2.PIPELINE_STATISTICS_QUERY": "GL_ARB_pipeline_statistics_query",
            "capability_bits_v2.TEXTURE_SHADOW_LOD": "GL_EXT_texture_shadow_lod",
            "max_anisotropy >= 1.00000012": "GL_EXT_texture_filter_anisotropic",
            "max_anisotropy >= 16": "GL_ARB_texture_filter_anisotropic",
            (
                "max_atomic_counter_buffers[1] >= 1; max_shader_storage_blocks[1] >= 2 | "
                "max_atomic_counter_buffers[1] >= 1; max_atomic_counters[1] >= 1"
            ): ("GL_ARB_shader_atomic_counter_ops GL_ARB_shader_atomic_counters"),
            "max_shader_image_frag_compute >= 1": ("GL_ARB_shader_image_load_store GL_ARB_shader_image_size"),
            (
                "sampler.ASTC_4x4; sampler.ASTC_5x4; sampler.ASTC_5x5; sampler.ASTC_6x5; sampler.ASTC_6x6; "
                "sampler.ASTC_8x5; sampler.ASTC_8x6; sampler.ASTC_8x8; sampler.ASTC_10x5; sampler.ASTC_10x6; "
                "sampler.ASTC_10x8; sampler.ASTC_10x10; sampler.ASTC_12x10; sampler.ASTC_12x12; "
                "sampler.ASTC_4x4_SRGB; sampler.ASTC_5x4_SRGB; sampler.ASTC_5x5_SRGB; sampler.ASTC_6x5_SRGB; "
                "sampler.ASTC_6x6_SRGB; sampler.ASTC_8x5_SRGB; sampler.ASTC_8x6_SRGB; sampler.ASTC_8x8_SRGB; "
                "sampler.ASTC_10x5_SRGB; sampler.ASTC_10x6_SRGB; sampler.ASTC_10x8_SRGB; sampler.ASTC_10x10_SRGB; "
                "sampler.ASTC_12x10_SRGB; sampler.ASTC_12x12_SRGB | sampler.R8G8B8A8_SRGB"
            ): ("GL_KHR_texture_compression_astc_ldr GL_KHR_texture_compression_astc_sliced_3d"),
            (
                "sampler.BPTC_RGBA_UNORM; sampler.BPTC_SRGBA; sampler.BPTC_RGB_FLOAT; sampler.BPTC_RGB_UFLOAT | "
                "sampler.R8G8B8A8_SRGB; sampler.R16G16B16X16_FLOAT"
            ): "GL_ARB_texture_compression_bptc",
            (
                "sampler.LATC1_UNORM; sampler.LATC1_SNORM; sampler.LATC2_UNORM; sampler.LATC2_SNORM | "
                "sampler.L8_UNORM; sampler.L8A8_UNORM; sampler.L8_SNORM; sampler.L8A8_SNORM"
            ): "GL_EXT_texture_compression_latc",
            "sampler.LATC2_UNORM | sampler.L8A8_UNORM": "GL_ATI_texture_compression_3dc",
            "sampler.R11G11B10_FLOAT; render.R11G11B10_FLOAT": "GL_EXT_packed_float",
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.primitive_restart; "
                "v1.bset.texture_multisample; v1.bset.has_indirect_draw; v1.glsl_level >= 400; v1.max_uniform_blocks "
                ">= 13; shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; "
                "capability_bits.FB_NO_ATTACH; max_shader_image_frag_compute >= 1; max_compute_work_group_invocations"
                " >= 1024; max_atomic_counter_buffers[1] >= 1; host_feature_check_version >= 6; max_texture_samplers "
                ">= 16; max_uniform_block_size >= 16384; max_shader_storage_blocks[1] >= 1; sampler.S8X24_UINT | "
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.primitive_restart; "
                "v1.bset.texture_multisample; v1.bset.has_indirect_draw; v1.glsl_level >= 400; v1.max_uniform_blocks "
                ">= 13; shader_buffer_offset_alignment >= 1; capability_bits.COMPUTE_SHADER; "
                "capability_bits.FB_NO_ATTACH; max_shader_image_frag_compute >= 1; max_compute_work_group_invocations"
                " >= 1024; max_atomic_counter_buffers[1] >= 1; host_feature_check_version >= 6; max_texture_samplers "
                ">= 16; max_uniform_block_size >= 16384; max_shader_storage_blocks[1] >= 1; sampler.X24S8_UINT"
            ): "GL_ARB_ES3_1_compatibility",
            (
                "sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.primitive_restart; v1.glsl_level >= 130; "
                "v1.max_uniform_blocks >= 13; max_texture_samplers >= 16; max_uniform_block_size >= 16384"
            ): "GL_ARB_ES3_compatibility",
            ("sampler.R32G32B32A32_FLOAT; sampler.R16G16B16A16_FLOAT"): "GL_ARB_texture_float GL_ATI_texture_float",
            (
                "sampler.R32G32B32A32_UINT; sampler.R32G32B32A32_SINT; render.R32G32B32A32_UINT; "
                "render.R32G32B32A32_SINT; v1.glsl_level >= 130"
            ): "GL_EXT_texture_integer",
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
                "max_shader_storage_blocks[1] >= 1; sampler.S8X24_UINT | sampler.R32G32B32_FLOAT; sampler.R16_UNORM; "
                "sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; "
                "sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT; v1.bset.indep_blend_func; "
                "v1.bset.cube_map_array; v1.bset.primitive_restart; v1.bset.texture_multisample; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_indirect_draw; v1.bset.has_sample_shading; "
                "v1.glsl_level >= 400; v1.max_tbo_size >= 1; v1.max_uniform_blocks >= 13; "
                "texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; capability_bits.COMPUTE_SHADER; capability_bits.FB_NO_ATTACH; "
                "capability_bits.ROBUST_BUFFER_ACCESS; max_shader_image_frag_compute >= 1; "
                "max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "host_feature_check_version >= 6; max_texture_samplers >= 16; max_uniform_block_size >= 16384; "
                "max_shader_storage_blocks[1] >= 1; sampler.X24S8_UINT"
            ): "GL_ARB_ES3_2_compatibility",
            (
                "sampler.R32G32B32_FLOAT; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT; v1.max_tbo_size >= 1"
            ): "GL_ARB_texture_buffer_object_rgb32",
            "sampler.R8G8B8A8_SNORM": "GL_EXT_texture_snorm GL_MESA_texture_signed_rgba",
            (
                "sampler.R8G8B8A8_SRGB | sampler.A8R8G8B8_SRGB | sampler.B8G8R8A8_SRGB | sampler.A8B8G8R8_SRGB"
            ): "GL_EXT_texture_sRGB GL_EXT_texture_sRGB_decode",
            "sampler.R8G8_SRGB": "GL_EXT_texture_sRGB_RG8",
            "sampler.R8_SRGB": "GL_EXT_texture_sRGB_R8",
            ("sampler.R8_UNORM; sampler.R8G8_UNORM; render.R8_UNORM; render.R8G8_UNORM"): "GL_ARB_texture_rg",
            "sampler.R9G9B9E5_FLOAT": "GL_EXT_texture_shared_exponent",
            (
                "sampler.RGTC1_UNORM; sampler.RGTC1_SNORM; sampler.RGTC2_UNORM; sampler.RGTC2_SNORM | "
                "sampler.R8_UNORM; sampler.R8G8_UNORM; sampler.R8_SNORM; sampler.R8G8_SNORM"
            ): ("GL_ARB_texture_compression_rgtc GL_EXT_texture_compression_rgtc"),
            "sampler.S8X24_UINT | sampler.X24S8_UINT": "GL_ARB_stencil_texturing GL_ARB_texture_stencil8",
            ("sampler.Y8U8Y8V8_422_UNORM | sampler.U8Y8V8Y8_422_UNORM"): "GL_MESA_ycbcr_texture",
            "sampler.Z32_FLOAT; sampler.Z32_FLOAT_S8X24_UINT": "GL_ARB_depth_buffer_float",
            (
                "shader_buffer_offset_alignment >= 1; max_shader_storage_blocks[1] >= 1"
            ): "GL_ARB_shader_storage_buffer_object",
            "v1.bset.conditional_render": "GL_NV_conditional_render",
            "v1.bset.conditional_render_inverted": "GL_ARB_conditional_render_inverted",
            "v1.bset.cube_map_array": "GL_ARB_texture_cube_map_array",
            "v1.bset.depth_clip_disable": "GL_ARB_depth_clamp GL_NV_depth_clamp",
            "v1.bset.derivative_control": "GL_ARB_derivative_control",
            "v1.bset.has_cull": "GL_ARB_cull_distance",
            (
                "v1.bset.has_fp64; v1.glsl_level >= 130; sampler.S8X24_UINT | v1.bset.has_fp64; v1.glsl_level >= 130;"
                " sampler.X24S8_UINT"
            ): "GL_NV_copy_depth_to_color",
            "v1.bset.has_indirect_draw": ("GL_AMD_multi_draw_indirect GL_ARB_draw_indirect GL_ARB_multi_draw_indirect"),
            "v1.bset.has_sample_shading": "GL_ARB_sample_shading",
            (
                "v1.bset.has_tessellation_shaders; v1.glsl_level >= 400; host_feature_check_version >= 6"
            ): "GL_ARB_tessellation_shader",
            "v1.bset.indep_blend_enable": "GL_EXT_draw_buffers2",
            "v1.bset.indep_blend_func": ("GL_AMD_draw_buffers_blend GL_ARB_draw_buffers_blend"),
            "v1.bset.occlusion_query": "GL_ARB_occlusion_query2",
            "v1.bset.polygon_offset_clamp": ("GL_ARB_polygon_offset_clamp GL_EXT_polygon_offset_clamp"),
            "v1.bset.primitive_restart": "GL_NV_primitive_restart",
            "v1.bset.seamless_cube_map": "GL_ARB_seamless_cube_map",
            "v1.bset.seamless_cube_map_per_texture": (
                "GL_AMD_seamless_cubemap_per_texture GL_ARB_seamless_cubemap_per_texture"
            ),
            "v1.bset.shader_stencil_export": ("GL_AMD_shader_stencil_export GL_ARB_shader_stencil_export"),
            "v1.bset.start_instance": "GL_ARB_base_instance",
            "v1.bset.streamout_pause_resume": (
                "GL_ARB_transform_feedback2 GL_ARB_transform_feedback3 GL_ARB_transform_feedback_instanced"
            ),
            "v1.bset.texture_multisample": ("GL_ARB_texture_multisample GL_ARB_texture_storage_multisample"),
            (
                "v1.bset.texture_multisample; v1.max_samples >= 1; supported_multisample_formats.R8G8B8A8_UNORM | "
                "v1.bset.texture_multisample; v1.max_samples >= 1; supported_multisample_formats.B8G8R8A8_UNORM | "
                "v1.bset.texture_multisample; v1.max_samples >= 1; sampler.A8B8G8R8_UNORM; render.A8B8G8R8_UNORM; "
                "supported_multisample_formats.A8B8G8R8_UNORM | v1.bset.texture_multisample; v1.max_samples >= 1; "
                "sampler.A8R8G8B8_UNORM; render.A8R8G8B8_UNORM; supported_multisample_formats.A8R8G8B8_UNORM"
            ): ("GL_EXT_framebuffer_multisample GL_EXT_framebuffer_multisample_blit_scaled"),
            "v1.bset.texture_query_lod": "GL_ARB_texture_query_lod",
            "v1.bset.timer_query": "GL_ARB_timer_query GL_EXT_timer_query",
            "v1.bset.transform_feedback_overflow_query": "GL_ARB_transform_feedback_overflow_query",
            "v1.glsl_level >= 130": (
                "GL_AMD_conservative_depth GL_ARB_arrays_of_arrays GL_ARB_conservative_depth "
                "GL_ARB_shader_bit_encoding GL_ARB_shading_language_420pack GL_ARB_shading_language_packing "
                "GL_ARB_texture_query_levels GL_EXT_shader_integer_mix GL_MESA_shader_integer_functions"
            ),
            (
                "v1.glsl_level >= 130; sampler.R10G10B10A2_UINT; render.R10G10B10A2_UINT | v1.glsl_level >= 130; "
                "sampler.B10G10R10A2_UINT; render.B10G10R10A2_UINT"
            ): "GL_ARB_texture_rgb10_a2ui",
            "v1.glsl_level >= 140": "GL_EXT_gpu_shader4 GL_EXT_texture_buffer_object",
            (
                "v1.glsl_level >= 140; v1.max_streamout_buffers >= 1; capability_bits.TGSI_COMPONENTS"
            ): "GL_ARB_enhanced_layouts",
            (
                "v1.glsl_level >= 150; host_feature_check_version >= 6; capability_bits_v2.VS_VERTEX_LAYER; "
                "capability_bits_v2.VS_VIEWPORT_INDEX"
            ): "GL_AMD_vertex_shader_layer",
            (
                "v1.glsl_level >= 150; v1.max_viewports >= 16; host_feature_check_version >= 6; "
                "capability_bits_v2.VS_VERTEX_LAYER; capability_bits_v2.VS_VIEWPORT_INDEX"
            ): "GL_AMD_vertex_shader_viewport_index",
            ("v1.glsl_level >= 400; host_feature_check_version >= 6"): "GL_ARB_gpu_shader5",
            ("v1.glsl_level >= 410; host_feature_check_version >= 6"): "GL_ARB_shader_precision",
            "v1.max_dual_source_render_targets >= 1": "GL_ARB_blend_func_extended",
            "v1.max_streamout_buffers >= 1": "GL_EXT_transform_feedback",
            "v1.max_tbo_size >= 1": "GL_ARB_texture_buffer_object",
            ("v1.max_tbo_size >= 1; texture_buffer_offset_alignment >= 1"): "GL_ARB_texture_buffer_range",
            "v1.max_texture_array_layers >= 1": "GL_EXT_texture_array",
            "v1.max_texture_gather_components >= 1": "GL_AMD_texture_texture4 GL_ARB_texture_gather",
            ("v1.max_uniform_blocks >= 13; max_uniform_block_size >= 16384"): "GL_ARB_uniform_buffer_object",
            "v1.max_viewports >= 16": ("GL_ARB_fragment_layer_viewport GL_ARB_viewport_array"),
            "version >= 3.1": ("GL_ARB_compatibility GL_ARB_direct_state_access GL_ARB_shader_subroutine"),
            "version >= 3.2; v1.bset.has_fp64": (
                "GL_ARB_gpu_shader_fp64 GL_ARB_vertex_attrib_64bit GL_EXT_vertex_attrib_64bit"
            ),
            "version >= 4.3": "GL_MESA_framebuffer_flip_y",
            "vertexbuffer.R11G11B10_FLOAT": "GL_ARB_vertex_type_10f_11f_11f_rev",
        },
    },
    "es": {
        "22.3.6": {
            "": (
                "GL_ANGLE_pack_reverse_row_order GL_ANGLE_texture_compression_dxt3 GL_ANGLE_texture_compression_dxt5 "
                "GL_APPLE_texture_max_level GL_EXT_blend_minmax GL_EXT_compressed_ETC1_RGB8_sub_texture "
                "GL_EXT_debug_label GL_EXT_discard_framebuffer GL_EXT_disjoint_timer_query GL_EXT_draw_buffers "
                "GL_EXT_draw_elements_base_vertex GL_EXT_draw_instanced GL_EXT_frag_depth GL_EXT_map_buffer_range "
                "GL_EXT_multi_draw_arrays GL_EXT_read_format_bgra GL_EXT_separate_shader_objects "
                "GL_EXT_texture_border_clamp GL_EXT_texture_compression_dxt1 GL_EXT_texture_compression_s3tc "
                "GL_EXT_texture_format_BGRA8888 GL_EXT_unpack_subimage GL_KHR_context_flush_control GL_KHR_debug "
                "GL_KHR_no_error GL_KHR_parallel_shader_compile GL_MESA_bgra GL_NV_draw_buffers "
                "GL_NV_fbo_color_attachments GL_NV_pack_subimage GL_NV_pixel_buffer_object GL_NV_read_buffer "
                "GL_NV_read_depth GL_NV_read_depth_stencil GL_NV_read_stencil GL_OES_EGL_image "
                "GL_OES_EGL_image_external GL_OES_EGL_sync GL_OES_compressed_ETC1_RGB8_texture GL_OES_depth24 "
                "GL_OES_depth_texture GL_OES_draw_elements_base_vertex GL_OES_element_index_uint "
                "GL_OES_fbo_render_mipmap GL_OES_get_program_binary GL_OES_mapbuffer GL_OES_packed_depth_stencil "
                "GL_OES_required_internalformat GL_OES_rgb8_rgba8 GL_OES_standard_derivatives GL_OES_stencil8 "
                "GL_OES_surfaceless_context GL_OES_texture_3D GL_OES_texture_border_clamp GL_OES_texture_float_linear"
                " GL_OES_texture_half_float_linear GL_OES_texture_npot GL_OES_vertex_array_object "
                "GL_OES_vertex_half_float"
            ),
            "capability_bits.CLIP_HALFZ": "GL_EXT_clip_control",
            "capability_bits.ROBUST_BUFFER_ACCESS": (
                "GL_EXT_robustness GL_KHR_robust_buffer_access_behavior GL_KHR_robustness"
            ),
            ("capability_bits_v2.BLEND_EQUATION | capability_bits.TGSI_FBFETCH"): "GL_KHR_blend_equation_advanced",
            "capability_bits_v2.IMPLICIT_MSAA": (
                "GL_EXT_multisampled_render_to_texture GL_EXT_multisampled_render_to_texture2"
            ),
            "max_anisotropy >= 1.00000012": "GL_EXT_texture_filter_anisotropic",
            (
                "sampler.ASTC_4x4; sampler.ASTC_5x4; sampler.ASTC_5x5; sampler.ASTC_6x5; sampler.ASTC_6x6; "
                "sampler.ASTC_8x5; sampler.ASTC_8x6; sampler.ASTC_8x8; sampler.ASTC_10x5; sampler.ASTC_10x6; "
                "sampler.ASTC_10x8; sampler.ASTC_10x10; sampler.ASTC_12x10; sampler.ASTC_12x12; "
                "sampler.ASTC_4x4_SRGB; sampler.ASTC_5x4_SRGB; sampler.ASTC_5x5_SRGB; sampler.ASTC_6x5_SRGB; "
                "sampler.ASTC_6x6_SRGB; sampler.ASTC_8x5_SRGB; sampler.ASTC_8x6_SRGB; sampler.ASTC_8x8_SRGB; "
                "sampler.ASTC_10x5_SRGB; sampler.ASTC_10x6_SRGB; sampler.ASTC_10x8_SRGB; sampler.ASTC_10x10_SRGB; "
                "sampler.ASTC_12x10_SRGB; sampler.ASTC_12x12_SRGB | sampler.R8G8B8A8_SRGB"
            ): ("GL_KHR_texture_compression_astc_ldr GL_KHR_texture_compression_astc_sliced_3d"),
            ("sampler.B10G10R10A2_UNORM | sampler.R10G10B10A2_UNORM"): "GL_EXT_texture_type_2_10_10_10_REV",
            ("sampler.R16G16B16A16_FLOAT; render.R16G16B16A16_FLOAT"): "GL_OES_texture_half_float",
            (
                "sampler.R16_FLOAT; sampler.R16G16_FLOAT; sampler.R16G16B16A16_FLOAT; sampler.R16G16B16X16_FLOAT; "
                "render.R16_FLOAT; render.R16G16_FLOAT; render.R16G16B16A16_FLOAT; render.R16G16B16X16_FLOAT"
            ): "GL_EXT_color_buffer_half_float",
            ("sampler.R32G32B32A32_FLOAT; render.R32G32B32A32_FLOAT"): "GL_OES_texture_float",
            (
                "sampler.R8G8B8A8_SRGB | sampler.DXT1_SRGB; sampler.DXT1_SRGBA; sampler.DXT3_SRGBA; sampler.DXT5_SRGBA"
            ): "GL_EXT_texture_compression_s3tc_srgb",
            ("sampler.R8_UNORM; sampler.R8G8_UNORM; render.R8_UNORM; render.R8G8_UNORM"): "GL_EXT_texture_rg",
            "v1.bset.conditional_render": "GL_NV_conditional_render",
            "v1.bset.depth_clip_disable": "GL_EXT_depth_clamp",
            "v1.bset.mirror_clamp": "GL_EXT_texture_mirror_clamp_to_edge",
            "v1.bset.occlusion_query": "GL_EXT_occlusion_query_boolean",
            "v1.bset.polygon_offset_clamp": "GL_EXT_polygon_offset_clamp",
            "v1.glsl_level >= 130": "GL_OES_depth_texture_cube_map",
            "v1.max_dual_source_render_targets >= 1": "GL_EXT_blend_func_extended",
            "version >= 3.0": (
                "GL_EXT_EGL_image_storage GL_EXT_color_buffer_float GL_EXT_float_blend GL_EXT_shader_integer_mix "
                "GL_EXT_texture_sRGB_decode GL_MESA_framebuffer_flip_y GL_MESA_shader_integer_functions "
                "GL_OES_EGL_image_external_essl3"
            ),
            "version >= 3.0; capability_bits.COPY_IMAGE": "GL_EXT_copy_image GL_OES_copy_image",
            ("version >= 3.0; capability_bits.SRGB_WRITE_CONTROL"): "GL_EXT_sRGB_write_control",
            ("version >= 3.0; capability_bits_v2.TEXTURE_SHADOW_LOD"): "GL_EXT_texture_shadow_lod",
            (
                "version >= 3.0; sampler.BPTC_RGBA_UNORM; sampler.BPTC_SRGBA; sampler.BPTC_RGB_FLOAT; "
                "sampler.BPTC_RGB_UFLOAT | version >= 3.0; sampler.R16G16B16X16_FLOAT"
            ): "GL_EXT_texture_compression_bptc",
            "version >= 3.0; sampler.R8G8_SRGB": "GL_EXT_texture_sRGB_RG8",
            "version >= 3.0; sampler.R8_SRGB": "GL_EXT_texture_sRGB_R8",
            (
                "version >= 3.0; sampler.RGTC1_UNORM; sampler.RGTC1_SNORM; sampler.RGTC2_UNORM; sampler.RGTC2_SNORM |"
                " version >= 3.0; sampler.R8_SNORM; sampler.R8G8_SNORM"
            ): "GL_EXT_texture_compression_rgtc",
            ("version >= 3.0; sampler.S8X24_UINT | version >= 3.0; sampler.X24S8_UINT"): "GL_OES_texture_stencil8",
            "version >= 3.0; v1.bset.has_cull": "GL_EXT_clip_cull_distance",
            ("version >= 3.0; v1.bset.has_sample_shading; v1.glsl_level >= 400"): (
                "GL_OES_sample_shading GL_OES_sample_variables GL_OES_shader_multisample_interpolation"
            ),
            "version >= 3.0; v1.bset.indep_blend_func": ("GL_EXT_draw_buffers_indexed GL_OES_draw_buffers_indexed"),
            "version >= 3.0; v1.bset.start_instance": "GL_EXT_base_instance",
            "version >= 3.0; v1.bset.texture_query_lod": "GL_EXT_texture_query_lod",
            "version >= 3.0; v1.glsl_level >= 140": "GL_NV_shader_noperspective_interpolation",
            "version >= 3.1": (
                "GL_EXT_shader_implicit_conversions GL_EXT_shader_io_blocks GL_NV_image_formats "
                "GL_OES_shader_image_atomic GL_OES_shader_io_blocks GL_OES_texture_storage_multisample_2d_array"
            ),
            "version >= 3.1; capability_bits.CLEAR_TEXTURE": "GL_EXT_clear_texture",
            "version >= 3.1; capability_bits.TEXTURE_VIEW": "GL_EXT_texture_view GL_OES_texture_view",
            (
                "version >= 3.1; sampler.R16_SNORM; sampler.R16G16_SNORM; sampler.R16G16B16A16_SNORM; "
                "sampler.R8_SNORM; sampler.R8G8_SNORM; render.R16_SNORM; render.R16G16_SNORM; "
                "render.R16G16B16A16_SNORM; render.R8_SNORM; render.R8G8_SNORM; render.R8G8B8A8_SNORM"
            ): "GL_EXT_render_snorm",
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16G16B16A16_UNORM; "
                "render.R16_UNORM; render.R16G16_UNORM; render.R16G16B16A16_UNORM"
            ): "GL_EXT_texture_norm16",
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.cube_map_array; v1.glsl_level >= 400; "
                "shader_buffer_offset_alignment >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16"
            ): ("GL_EXT_texture_cube_map_array GL_OES_texture_cube_map_array"),
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.glsl_level >= 400; shader_buffer_offset_alignment "
                ">= 1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_texture_samplers >= 16"
            ): ("GL_EXT_primitive_bounding_box GL_OES_primitive_bounding_box"),
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.glsl_level >= 400; v1.max_viewports >= 16; "
                "shader_buffer_offset_alignment >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16"
            ): "GL_OES_viewport_array",
            (
                "version >= 3.1; sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM;"
                " sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_sample_shading; v1.glsl_level >= 400; v1.max_tbo_size "
                ">= 1; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16; capability_bits_v2.BLEND_EQUATION | "
                "version >= 3.1; sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM;"
                " sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_sample_shading; v1.glsl_level >= 400; v1.max_tbo_size "
                ">= 1; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16; capability_bits.TGSI_FBFETCH"
            ): "GL_ANDROID_extension_pack_es31a",
            (
                "version >= 3.1; sampler.R32G32B32_FLOAT; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT; "
                "v1.max_tbo_size >= 1; texture_buffer_offset_alignment >= 1"
            ): "GL_EXT_texture_buffer GL_OES_texture_buffer",
            "version >= 3.1; v1.bset.has_tessellation_shaders": (
                "GL_EXT_tessellation_point_size GL_EXT_tessellation_shader GL_OES_tessellation_point_size "
                "GL_OES_tessellation_shader"
            ),
            "version >= 3.1; v1.glsl_level >= 400": (
                "GL_EXT_geometry_point_size GL_EXT_geometry_shader GL_EXT_gpu_shader5 GL_OES_geometry_point_size "
                "GL_OES_geometry_shader GL_OES_gpu_shader5"
            ),
        },
        "25.0.7": {
            "": (
                "GL_ANGLE_pack_reverse_row_order GL_ANGLE_texture_compression_dxt3 GL_ANGLE_texture_compression_dxt5 "
                "GL_APPLE_sync GL_APPLE_texture_max_level GL_EXT_blend_minmax GL_EXT_compressed_ETC1_RGB8_sub_texture"
                " GL_EXT_debug_label GL_EXT_discard_framebuffer GL_EXT_draw_buffers GL_EXT_draw_elements_base_vertex "
                "GL_EXT_draw_instanced GL_EXT_frag_depth GL_EXT_instanced_arrays GL_EXT_map_buffer_range "
                "GL_EXT_multi_draw_arrays GL_EXT_read_format_bgra GL_EXT_separate_shader_objects "
                "GL_EXT_shadow_samplers GL_EXT_texture_border_clamp GL_EXT_texture_compression_dxt1 "
                "GL_EXT_texture_compression_s3tc GL_EXT_texture_format_BGRA8888 GL_EXT_texture_storage "
                "GL_EXT_unpack_subimage GL_KHR_context_flush_control GL_KHR_debug GL_KHR_no_error "
                "GL_KHR_parallel_shader_compile GL_MESA_bgra GL_MESA_sampler_objects GL_NV_draw_buffers "
                "GL_NV_fbo_color_attachments GL_NV_pack_subimage GL_NV_pixel_buffer_object GL_NV_read_buffer "
                "GL_NV_read_depth GL_NV_read_depth_stencil GL_NV_read_stencil GL_OES_EGL_image "
                "GL_OES_EGL_image_external GL_OES_EGL_sync GL_OES_compressed_ETC1_RGB8_texture GL_OES_depth24 "
                "GL_OES_depth_texture GL_OES_draw_elements_base_vertex GL_OES_element_index_uint "
                "GL_OES_fbo_render_mipmap GL_OES_get_program_binary GL_OES_mapbuffer GL_OES_packed_depth_stencil "
                "GL_OES_required_internalformat GL_OES_rgb8_rgba8 GL_OES_standard_derivatives GL_OES_stencil8 "
                "GL_OES_surfaceless_context GL_OES_texture_3D GL_OES_texture_border_clamp GL_OES_texture_float_linear"
                " GL_OES_texture_half_float_linear GL_OES_texture_npot GL_OES_vertex_array_object "
                "GL_OES_vertex_half_float"
            ),
            "capability_bits.CLIP_HALFZ": "GL_EXT_clip_control",
            "capability_bits.ROBUST_BUFFER_ACCESS": (
                "GL_EXT_robustness GL_KHR_robust_buffer_access_behavior GL_KHR_robustness"
            ),
            (
                "capability_bits.SRGB_WRITE_CONTROL; sampler.R8G8B8A8_SRGB; render.R8G8B8A8_SRGB | "
                "capability_bits.SRGB_WRITE_CONTROL; sampler.B8G8R8A8_SRGB; render.B8G8R8A8_SRGB | "
                "capability_bits.SRGB_WRITE_CONTROL; sampler.A8B8G8R8_SRGB; render.A8B8G8R8_SRGB"
            ): "GL_NV_generate_mipmap_sRGB",
            "capability_bits.TEXTURE_BARRIER": "GL_NV_texture_barrier",
            ("capability_bits_v2.BLEND_EQUATION | capability_bits.TGSI_FBFETCH"): "GL_KHR_blend_equation_advanced",
            "capability_bits_v2.IMPLICIT_MSAA": (
                "GL_EXT_multisampled_render_to_texture GL_EXT_multisampled_render_to_texture2"
            ),
            "capability_bits_v2.MIRROR_CLAMP_TO_EDGE": "GL_EXT_texture_mirror_clamp_to_edge",
            "max_anisotropy >= 1.00000012": "GL_EXT_texture_filter_anisotropic",
            (
                "sampler.ASTC_4x4; sampler.ASTC_5x4; sampler.ASTC_5x5; sampler.ASTC_6x5; sampler.ASTC_6x6; "
                "sampler.ASTC_8x5; sampler.ASTC_8x6; sampler.ASTC_8x8; sampler.ASTC_10x5; sampler.ASTC_10x6; "
                "sampler.ASTC_10x8; sampler.ASTC_10x10; sampler.ASTC_12x10; sampler.ASTC_12x12; "
                "sampler.ASTC_4x4_SRGB; sampler.ASTC_5x4_SRGB; sampler.ASTC_5x5_SRGB; sampler.ASTC_6x5_SRGB; "
                "sampler.ASTC_6x6_SRGB; sampler.ASTC_8x5_SRGB; sampler.ASTC_8x6_SRGB; sampler.ASTC_8x8_SRGB; "
                "sampler.ASTC_10x5_SRGB; sampler.ASTC_10x6_SRGB; sampler.ASTC_10x8_SRGB; sampler.ASTC_10x10_SRGB; "
                "sampler.ASTC_12x10_SRGB; sampler.ASTC_12x12_SRGB | sampler.R8G8B8A8_SRGB"
            ): ("GL_KHR_texture_compression_astc_ldr GL_KHR_texture_compression_astc_sliced_3d"),
            ("sampler.B10G10R10A2_UNORM | sampler.R10G10B10A2_UNORM"): "GL_EXT_texture_type_2_10_10_10_REV",
            "sampler.R16G16B16A16_FLOAT": "GL_OES_texture_half_float",
            (
                "sampler.R16_FLOAT; sampler.R16G16_FLOAT; sampler.R16G16B16A16_FLOAT; render.R16_FLOAT; "
                "render.R16G16_FLOAT; render.R16G16B16A16_FLOAT"
            ): "GL_EXT_color_buffer_half_float",
            "sampler.R32G32B32A32_FLOAT": "GL_OES_texture_float",
            (
                "sampler.R8G8B8A8_SRGB | sampler.DXT1_SRGB; sampler.DXT1_SRGBA; sampler.DXT3_SRGBA; sampler.DXT5_SRGBA"
            ): "GL_EXT_texture_compression_s3tc_srgb",
            ("sampler.R8_UNORM; sampler.R8G8_UNORM; render.R8_UNORM; render.R8G8_UNORM"): "GL_EXT_texture_rg",
            "v1.bset.conditional_render": "GL_NV_conditional_render",
            "v1.bset.depth_clip_disable": "GL_EXT_depth_clamp",
            "v1.bset.occlusion_query": "GL_EXT_occlusion_query_boolean",
            "v1.bset.polygon_offset_clamp": "GL_EXT_polygon_offset_clamp",
            "v1.bset.timer_query": "GL_EXT_disjoint_timer_query",
            "v1.glsl_level >= 130": "GL_OES_depth_texture_cube_map",
            "v1.max_dual_source_render_targets >= 1": "GL_EXT_blend_func_extended",
            "version >= 3.0": (
                "GL_EXT_EGL_image_storage GL_EXT_EGL_image_storage_compression GL_EXT_conservative_depth "
                "GL_EXT_shader_integer_mix GL_EXT_texture_sRGB_decode GL_EXT_texture_storage_compression "
                "GL_MESA_framebuffer_flip_y GL_MESA_shader_integer_functions GL_OES_EGL_image_external_essl3"
            ),
            "version >= 3.0; capability_bits.COPY_IMAGE": "GL_EXT_copy_image GL_OES_copy_image",
            ("version >= 3.0; capability_bits.SRGB_WRITE_CONTROL"): "GL_EXT_sRGB_write_control",
            "version >= 3.0; capability_bits_v2.GROUP_VOTE": "GL_EXT_shader_group_vote",
            ("version >= 3.0; capability_bits_v2.TEXTURE_SHADOW_LOD"): "GL_EXT_texture_shadow_lod",
            "version >= 3.0; render.R32G32B32A32_FLOAT": "GL_EXT_float_blend",
            (
                "version >= 3.0; sampler.BPTC_RGBA_UNORM; sampler.BPTC_SRGBA; sampler.BPTC_RGB_FLOAT; "
                "sampler.BPTC_RGB_UFLOAT | version >= 3.0; sampler.R16G16B16X16_FLOAT"
            ): "GL_EXT_texture_compression_bptc",
            (
                "version >= 3.0; sampler.R16_SNORM; sampler.R16G16_SNORM; sampler.R16G16B16A16_SNORM; "
                "sampler.R8_SNORM; sampler.R8G8_SNORM; render.R16_SNORM; render.R16G16_SNORM; "
                "render.R16G16B16A16_SNORM; render.R8_SNORM; render.R8G8_SNORM; render.R8G8B8A8_SNORM"
            ): "GL_EXT_render_snorm",
            (
                "version >= 3.0; sampler.R32_FLOAT; sampler.R32G32_FLOAT; sampler.R16_FLOAT; sampler.R16G16_FLOAT; "
                "render.R32_FLOAT; render.R32G32_FLOAT; render.R32G32B32A32_FLOAT; render.R16_FLOAT; "
                "render.R16G16_FLOAT; render.R16G16B16A16_FLOAT"
            ): "GL_EXT_color_buffer_float",
            "version >= 3.0; sampler.R8G8_SRGB": "GL_EXT_texture_sRGB_RG8",
            "version >= 3.0; sampler.R8_SRGB": "GL_EXT_texture_sRGB_R8",
            (
                "version >= 3.0; sampler.RGTC1_UNORM; sampler.RGTC1_SNORM; sampler.RGTC2_UNORM; sampler.RGTC2_SNORM |"
                " version >= 3.0; sampler.R8_SNORM; sampler.R8G8_SNORM"
            ): "GL_EXT_texture_compression_rgtc",
            ("version >= 3.0; sampler.S8X24_UINT | version >= 3.0; sampler.X24S8_UINT"): "GL_OES_texture_stencil8",
            "version >= 3.0; v1.bset.has_cull": "GL_EXT_clip_cull_distance",
            ("version >= 3.0; v1.bset.has_sample_shading; v1.glsl_level >= 400"): (
                "GL_OES_sample_shading GL_OES_sample_variables GL_OES_shader_multisample_interpolation"
            ),
            "version >= 3.0; v1.bset.indep_blend_func": ("GL_EXT_draw_buffers_indexed GL_OES_draw_buffers_indexed"),
            "version >= 3.0; v1.bset.start_instance": "GL_EXT_base_instance",
            "version >= 3.0; v1.bset.texture_query_lod": "GL_EXT_texture_query_lod",
            "version >= 3.0; v1.glsl_level >= 140": "GL_NV_shader_noperspective_interpolation",
            "version >= 3.1": (
                "GL_EXT_clear_texture GL_EXT_multi_draw_indirect GL_EXT_shader_implicit_conversions "
                "GL_EXT_shader_io_blocks GL_NV_image_formats GL_OES_shader_image_atomic GL_OES_shader_io_blocks "
                "GL_OES_texture_storage_multisample_2d_array"
            ),
            (
                "version >= 3.1; capability_bits.ARB_BUFFER_STORAGE; host_feature_check_version >= 4"
            ): "GL_EXT_buffer_storage",
            "version >= 3.1; capability_bits.TEXTURE_VIEW": "GL_EXT_texture_view GL_OES_texture_view",
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16G16B16A16_UNORM; "
                "render.R16_UNORM; render.R16G16_UNORM; render.R16G16B16A16_UNORM"
            ): "GL_EXT_texture_norm16",
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.bset.cube_map_array; v1.glsl_level >= 400; "
                "shader_buffer_offset_alignment >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16; max_shader_storage_blocks[1] >= 1"
            ): ("GL_EXT_texture_cube_map_array GL_OES_texture_cube_map_array"),
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.glsl_level >= 400; shader_buffer_offset_alignment "
                ">= 1; max_compute_work_group_invocations >= 1024; max_atomic_counter_buffers[1] >= 1; "
                "max_texture_samplers >= 16; max_shader_storage_blocks[1] >= 1"
            ): ("GL_EXT_primitive_bounding_box GL_OES_primitive_bounding_box"),
            (
                "version >= 3.1; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; "
                "sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; v1.glsl_level >= 400; v1.max_viewports >= 16; "
                "shader_buffer_offset_alignment >= 1; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16; max_shader_storage_blocks[1] >= 1"
            ): "GL_OES_viewport_array",
            (
                "version >= 3.1; sampler.R32G32B32_FLOAT; sampler.R16_UNORM; sampler.R16G16_UNORM; sampler.R16_SNORM;"
                " sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; "
                "sampler.R32G32B32_SINT; v1.bset.indep_blend_func; v1.bset.cube_map_array; "
                "v1.bset.has_tessellation_shaders; v1.bset.has_sample_shading; v1.glsl_level >= 400; v1.max_tbo_size "
                ">= 1; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment >= 1; "
                "capability_bits.COPY_IMAGE; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16; max_shader_storage_blocks[1] >= 1; "
                "capability_bits_v2.BLEND_EQUATION | version >= 3.1; sampler.R32G32B32_FLOAT; sampler.R16_UNORM; "
                "sampler.R16G16_UNORM; sampler.R16_SNORM; sampler.R16G16_SNORM; sampler.R8G8B8A8_UNORM; "
                "sampler.R8G8B8A8_SRGB; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT; v1.bset.indep_blend_func; "
                "v1.bset.cube_map_array; v1.bset.has_tessellation_shaders; v1.bset.has_sample_shading; v1.glsl_level "
                ">= 400; v1.max_tbo_size >= 1; texture_buffer_offset_alignment >= 1; shader_buffer_offset_alignment "
                ">= 1; capability_bits.COPY_IMAGE; max_compute_work_group_invocations >= 1024; "
                "max_atomic_counter_buffers[1] >= 1; max_texture_samplers >= 16; max_shader_storage_blocks[1] >= 1; "
                "capability_bits.TGSI_FBFETCH"
            ): "GL_ANDROID_extension_pack_es31a",
            (
                "version >= 3.1; sampler.R32G32B32_FLOAT; sampler.R32G32B32_UINT; sampler.R32G32B32_SINT; "
                "v1.max_tbo_size >= 1; texture_buffer_offset_alignment >= 1"
            ): "GL_EXT_texture_buffer GL_OES_texture_buffer",
            "version >= 3.1; v1.bset.has_tessellation_shaders": (
                "GL_EXT_tessellation_point_size GL_EXT_tessellation_shader GL_OES_tessellation_point_size "
                "GL_OES_tessellation_shader"
            ),
            "version >= 3.1; v1.glsl_level >= 400": (
                "GL_EXT_geometry_point_size GL_EXT_geometry_shader GL_EXT_gpu_shader5 GL_OES_geometry_point_size "
                "GL_OES_geometry_shader GL_OES_gpu_shader5"
            ),
        },
    },
}
