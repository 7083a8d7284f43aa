"""History of virglrenderer's ``src/virgl_hw.h``: which commit brought each field and flag. Data only.

Each table has the marks of one struct, by name of the last field that a commit brought, or of one flag word, by bit
number. A mark has the size after the commit, the commit, its author date, and the first release tag that contains it.
The sizes are gcc's, of every revision of the header up to release 1.3.0. The layouts named BEFORE were in no release.
"""

from __future__ import annotations

from ..schema import since, step

VIRGL_CAPS_BOOL_SET1 = {
    "streamout_pause_resume": since("a3a2c64cd662", "2014-03-31", "0.2.0"),
    "mirror_clamp": since("03e3116a7513", "2015-02-03", "0.2.0"),
    "texture_query_lod": since("3dcc980055c6", "2015-03-10", "0.2.0"),
    "has_tessellation_shaders": since("b4cd13e121ff", "2015-10-23", "0.2.0"),
    "has_cull": since("4977d1fa023b", "2018-02-09", "0.7.0"),
    "conditional_render_inverted": since("6b5d7919c58e", "2018-05-21", "0.7.0"),
    "derivative_control": since("7d4b9f972c5a", "2018-05-21", "0.7.0"),
    "polygon_offset_clamp": since("be265410c3d9", "2018-05-21", "0.7.0"),
    "transform_feedback_overflow_query": since("efc093d0ec0b", "2018-05-21", "0.7.0"),
}

VIRGL_CAPS_V1 = {
    "max_samples": step(288, "a3a2c64cd662", "2014-03-31", "0.2.0"),
    "max_uniform_blocks": step(300, "03e3116a7513", "2015-02-03", "0.2.0"),
    "max_viewports": step(304, "0ff22a06b700", "2015-03-10", "0.2.0"),
    "max_texture_gather_components": step(308, "3dcc980055c6", "2015-03-10", "0.2.0"),
}

VIRGL_CAPS_V2 = {
    "max_texture_gather_offset": step(380, "4977d1fa023b", "2018-02-09", "0.7.0"),
    "uniform_buffer_offset_alignment": step(388, "88444a8ee856", "2018-02-22", "0.7.0"),
    "shader_buffer_offset_alignment": step(392, "3222f87b7329", "2018-06-04", "0.7.0"),
    "capability_bits": step(396, "3222f87b7329", "2018-06-04", "0.7.0"),
    "sample_locations": step(428, "c0e0274e8cf7", "2018-07-05", "0.7.0"),
    "max_vertex_attrib_stride": step(432, "e387116ef423", "2018-07-05", "0.7.0"),
    "max_shader_buffer_other_stages": step(440, "083d97fff546", "2018-07-17", "0.7.0"),
    "max_image_samples": step(452, "950de33c32d5", "2018-07-20", "0.7.0"),
    "max_compute_block_size": step(484, "1a71bfdcbbbf", "2018-07-30", "0.7.0"),
    "max_texture_cube_size": step(496, "829176087cb2", "2018-08-14", "0.7.0"),
    "max_combined_shader_buffers": step(500, "13ca94b7f418", "2018-08-30", "0.7.0"),
    "max_combined_atomic_counter_buffers": step(556, "cd8c1b66d294", "2018-07-19", "0.7.0"),
    "host_feature_check_version": step(560, "660a02af5a2a", "2019-03-27", "0.8.0"),
    "supported_readback_formats": step(624, "6a3cd2bde657", "2019-03-12", "0.8.0"),
    "scanout": step(688, "e3683f0fbd5a", "2019-07-30", "0.8.0"),
    "capability_bits_v2": step(692, "f355e96e24f6", "2020-06-02", "0.9.0"),
    "max_video_memory": step(696, "5e2d10463d6b", "2021-04-19", "0.9.1"),
    "renderer": step(760, "caf4dc035dfe", "2021-06-04", "0.10.0"),
    "max_anisotropy": step(764, "900bc6fd9610", "2021-07-19", "0.10.0"),
    "max_texture_samplers": step(768, "d755dfa28cb5", "2021-11-03", "0.10.0"),
    "supported_multisample_formats": step(832, "5738cfbe96c8", "2022-02-22", "0.10.0"),
    "max_const_buffer_size": step(856, "c74d58df61f6", "2022-05-09", "0.10.0"),
    "video_caps": step(1372, "a92fed821f5a", "2022-07-01", "0.10.0"),
    "max_uniform_block_size": step(1376, "3c5a9bbb7464", "2022-09-09", "0.10.3"),
    "max_tes_outputs": step(1384, "fddc2e9e119b", "2023-07-13", "1.0.0"),
    "max_shader_storage_blocks": step(1408, "03ee5e5e28e5", "2024-10-15", "1.1.1"),
}

VIRGL_CAP = {
    0: since("3222f87b7329", "2018-06-04", "0.7.0"),
    1: since("285920a388b5", "2018-06-07", "0.7.0"),
    2: since("d24ac12d7baf", "2018-07-10", "0.7.0"),
    3: since("a04a63ec8745", "2018-07-12", "0.7.0"),
    4: since("97b9df0aa895", "2018-07-20", "0.7.0"),
    5: since("de61327cb13e", "2018-07-20", "0.7.0"),
    6: since("8289e3f1d897", "2018-07-18", "0.7.0"),
    7: since("1a71bfdcbbbf", "2018-07-30", "0.7.0"),
    8: since("b4965e28ec9a", "2018-07-19", "0.7.0"),
    9: since("8e822c9dc380", "2018-08-01", "0.7.0"),
    10: since("0364a2a3182c", "2018-07-27", "0.7.0"),
    11: since("f60737c039f9", "2018-07-31", "0.7.0"),
    12: since("aaed5a6c10bf", "2018-08-03", "0.7.0"),
    13: since("2d6713c6cd1c", "2018-08-03", "0.7.0"),
    14: since("d5efa766aa5f", "2018-11-06", "0.8.0"),
    15: since("04ecf630b784", "2018-10-23", "0.8.0"),
    16: since("3a069fc6dcab", "2018-05-21", "0.8.0"),
    17: since("5a6c9404b42b", "2018-12-03", "0.8.0"),
    18: since("c4db1be86087", "2019-02-14", "0.8.0"),
    19: since("3afe6f4d35d5", "2019-02-12", "0.8.0"),  # as FAKE_FP64; renamed in 3eef9070d79a (2022-08-30, 0.10.4)
    20: since("479a6eb4e0a0", "2019-02-11", "0.8.0"),
    21: since("6cd7a73e4537", "2019-02-11", "0.8.0"),
    22: since("dd7e14a81ca5", "2019-02-11", "0.8.0"),
    23: since("f5c3aa7c44ea", "2019-03-13", "0.8.0"),
    24: since("2bcbf943f297", "2019-03-29", "0.8.0"),
    25: since("08b3ddded871", "2019-02-12", "0.8.0"),
    26: since("1e2f540de5c2", "2019-05-14", "0.8.0"),
    27: since("fb749a1f6a5c", "2019-05-07", "0.8.0"),
    28: since("267d48688929", "2019-05-27", "0.8.0"),
    29: since("0977e48e24f7", "2019-05-27", "0.8.0"),
    30: since("e8d6f6a96a4c", "2020-03-13", "0.9.0"),
    31: since("c76f046f058b", "2020-04-28", "0.9.0"),
}

VIRGL_CAP_V2 = {
    0: since("f355e96e24f6", "2020-06-02", "0.9.0"),
    1: since("f5a45fe97e1f", "2020-12-24", "0.9.0"),
    2: since("7e7a4e72a1fc", "2021-02-12", "0.9.0"),
    3: since("f390c4d67336", "2021-02-25", "0.9.0"),
    4: since("fd0769aeb7f5", "2021-03-04", "0.9.0"),
    5: since("1c9a7a52e0c3", "2020-04-16", "0.9.0"),
    6: since("4405172812f7", "2021-04-28", "0.10.0"),
    7: since("778ad422533d", "2021-11-04", "0.10.0"),
    8: since("e420a5aab92d", "2022-01-24", "0.10.0"),
    9: since("f5a5a7d75c5f", "2022-07-02", "0.10.0"),
    10: since("716c9311abf7", "2022-08-29", "0.10.4"),
    11: since("6a13f8f910f3", "2023-02-22", "1.0.0"),
    12: since("888a02478c87", "2023-03-01", "1.0.0"),
    13: since("5d15b42723b5", "2023-05-18", "1.0.0"),
    14: since("ae76f3cae5c4", "2023-05-23", "1.0.0"),
    15: since("74d35a57b378", "2023-05-23", "1.0.0"),
    16: since("e69b3a3225c8", "2023-02-28", "1.0.1"),
    17: since("66049f6b1014", "2024-01-17", "1.1.0"),
    18: since("fcfb9f2323d4", "2025-08-24", "1.3.0"),
}

VIRGL_CAPS_BOOL_SET1_BEFORE_03E3116A = {
    "fragment_coord_conventions": since("a3a2c64cd662", "2014-03-31"),
}

VIRGL_CAPS_V2_BEFORE_3222F87B = {
    "tgsi_invariant": step(392, "cfb0750aa9cb", "2018-04-09"),
    "shader_buffer_offset_alignment": step(396, "8299313e1441", "2018-04-12"),
}

VIRGL_CAPS_V2_0_9_0 = {
    "capability_bits_v2": step(696, "7e7a4e72a1fc", "2021-02-12", "0.9.0"),
}
