# Written by `capcodec stubs capcodec.classes`: do not edit
"""The classes of the capsets and of the structs within them, for annotations too.

Those of capsets 1 and 2 are made at once, the others when they are first asked for. ``classes.pyi`` tells type checkers
their fields; ``capcodec stubs`` writes it.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, ClassVar, SupportsFloat, SupportsIndex, final

from typing_extensions import Buffer, Self

from .structs._classes import Struct
from .structs._fields import Array, Member

@final
class VirglSupportedFormatMask(Struct):
    """A set of format numbers, 0 to 511: 64 bytes, struct virgl_supported_format_mask of
    virglrenderer/src/virgl_hw.h

    ``help(VirglSupportedFormatMask.bitmask)`` tells of a field.
    """

    @Member
    def bitmask(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """bit f % 32 of word f / 32 is set if format f is supported
        Type: u32[16], bytes 0..64
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        bitmask: Sequence[SupportsIndex] = ...,
    ) -> Self: ...
    def __contains__(self, number: SupportsIndex, /) -> bool: ...
    def __iter__(self) -> Iterator[int]: ...
    def __len__(self) -> int: ...
    def __or__(self, other: Self | Set[SupportsIndex], /) -> Self: ...
    def __ror__(self, other: Self | Set[SupportsIndex], /) -> Self: ...
    def __and__(self, other: Self | Set[SupportsIndex], /) -> Self: ...
    def __rand__(self, other: Self | Set[SupportsIndex], /) -> Self: ...
    def __sub__(self, other: Self | Set[SupportsIndex], /) -> Self: ...
    def __rsub__(self, other: Self | Set[SupportsIndex], /) -> Self: ...

@final
class VirglCapsBoolSet1(Struct):
    """The features of capset 1; all 32 bits are taken: 4 bytes, struct virgl_caps_bool_set1 of
    virglrenderer/src/virgl_hw.h

    ``help(VirglCapsBoolSet1.indep_blend_enable)`` tells of a field.
    """

    @Member
    def indep_blend_enable(self, value: SupportsIndex, /) -> int:
        """each render target has its own switch for blending
        Type: u32:1, byte 0 bit 0
        Since: 4 (release 0.2.0)
        """

    @Member
    def indep_blend_func(self, value: SupportsIndex, /) -> int:
        """each render target has its own blend functions
        Type: u32:1, byte 0 bit 1
        Since: 4 (release 0.2.0)
        """

    @Member
    def cube_map_array(self, value: SupportsIndex, /) -> int:
        """arrays of cube maps
        Type: u32:1, byte 0 bit 2
        Since: 4 (release 0.2.0)
        """

    @Member
    def shader_stencil_export(self, value: SupportsIndex, /) -> int:
        """a fragment shader can write the stencil value
        Type: u32:1, byte 0 bit 3
        Since: 4 (release 0.2.0)
        """

    @Member
    def conditional_render(self, value: SupportsIndex, /) -> int:
        """a query can decide whether something is drawn
        Type: u32:1, byte 0 bit 4
        Since: 4 (release 0.2.0)
        """

    @Member
    def start_instance(self, value: SupportsIndex, /) -> int:
        """a draw can start at an instance other than 0
        Type: u32:1, byte 0 bit 5
        Since: 4 (release 0.2.0)
        """

    @Member
    def primitive_restart(self, value: SupportsIndex, /) -> int:
        """an index can end a primitive and start the next
        Type: u32:1, byte 0 bit 6
        Since: 4 (release 0.2.0)
        """

    @Member
    def blend_eq_sep(self, value: SupportsIndex, /) -> int:
        """RGB and alpha have their own blend equations
        Type: u32:1, byte 0 bit 7
        Since: 4 (release 0.2.0)
        """

    @Member
    def instanceid(self, value: SupportsIndex, /) -> int:
        """shaders can read the instance id
        Type: u32:1, byte 1 bit 0
        Since: 4 (release 0.2.0)
        """

    @Member
    def vertex_element_instance_divisor(self, value: SupportsIndex, /) -> int:
        """vertex attributes can advance once per instance
        Type: u32:1, byte 1 bit 1
        Since: 4 (release 0.2.0)
        """

    @Member
    def seamless_cube_map(self, value: SupportsIndex, /) -> int:
        """filtering goes across the edges of cube maps
        Type: u32:1, byte 1 bit 2
        Since: 4 (release 0.2.0)
        """

    @Member
    def occlusion_query(self, value: SupportsIndex, /) -> int:
        """queries can count samples
        Type: u32:1, byte 1 bit 3
        Since: 4 (release 0.2.0)
        """

    @Member
    def timer_query(self, value: SupportsIndex, /) -> int:
        """queries can tell time; a guest trusts it from host_feature_check_version 15 on
        Type: u32:1, byte 1 bit 4
        Since: 4 (release 0.2.0)
        """

    @Member
    def streamout_pause_resume(self, value: SupportsIndex, /) -> int:
        """transform feedback can pause
        Type: u32:1, byte 1 bit 5
        Since: 4 (release 0.2.0)
        """

    @Member
    def texture_multisample(self, value: SupportsIndex, /) -> int:
        """multisampled textures
        Type: u32:1, byte 1 bit 6
        Since: 4 (release 0.2.0)
        """

    @Member
    def fragment_coord_conventions(self, value: SupportsIndex, /) -> int:
        """shaders can choose the origin of gl_FragCoord
        Type: u32:1, byte 1 bit 7
        Since: 4 (release 0.2.0)
        """

    @Member
    def depth_clip_disable(self, value: SupportsIndex, /) -> int:
        """depth can be clamped instead of clipped
        Type: u32:1, byte 2 bit 0
        Since: 4 (release 0.2.0)
        """

    @Member
    def seamless_cube_map_per_texture(self, value: SupportsIndex, /) -> int:
        """each sampler has its own switch for seamless cube maps
        Type: u32:1, byte 2 bit 1
        Since: 4 (release 0.2.0)
        """

    @Member
    def ubo(self, value: SupportsIndex, /) -> int:
        """uniform buffers
        Type: u32:1, byte 2 bit 2
        Since: 4 (release 0.2.0)
        """

    @Member
    def color_clamping(self, value: SupportsIndex, /) -> int:
        """the clamping of colors can be switched
        Type: u32:1, byte 2 bit 3
        Since: 4 (release 0.2.0)
        """

    @Member
    def poly_stipple(self, value: SupportsIndex, /) -> int:
        """polygon stipple
        Type: u32:1, byte 2 bit 4
        Since: 4 (release 0.2.0)
        """

    @Member
    def mirror_clamp(self, value: SupportsIndex, /) -> int:
        """texture coordinates can be mirrored once and then clamped
        Type: u32:1, byte 2 bit 5
        Since: 4 (release 0.2.0)
        """

    @Member
    def texture_query_lod(self, value: SupportsIndex, /) -> int:
        """shaders can query the level of detail
        Type: u32:1, byte 2 bit 6
        Since: 4 (release 0.2.0)
        """

    @Member
    def has_fp64(self, value: SupportsIndex, /) -> int:
        """doubles in shaders
        Type: u32:1, byte 2 bit 7
        Since: 4 (release 0.2.0)
        """

    @Member
    def has_tessellation_shaders(self, value: SupportsIndex, /) -> int:
        """tessellation shaders
        Type: u32:1, byte 3 bit 0
        Since: 4 (release 0.2.0)
        """

    @Member
    def has_indirect_draw(self, value: SupportsIndex, /) -> int:
        """a draw can take its arguments from a buffer
        Type: u32:1, byte 3 bit 1
        Since: 4 (release 0.7.0)
        """

    @Member
    def has_sample_shading(self, value: SupportsIndex, /) -> int:
        """a fragment shader can run once per sample
        Type: u32:1, byte 3 bit 2
        Since: 4 (release 0.7.0)
        """

    @Member
    def has_cull(self, value: SupportsIndex, /) -> int:
        """cull distances
        Type: u32:1, byte 3 bit 3
        Since: 4 (release 0.7.0)
        """

    @Member
    def conditional_render_inverted(self, value: SupportsIndex, /) -> int:
        """conditional drawing can be inverted
        Type: u32:1, byte 3 bit 4
        Since: 4 (release 0.7.0)
        """

    @Member
    def derivative_control(self, value: SupportsIndex, /) -> int:
        """shaders can choose coarse or fine derivatives
        Type: u32:1, byte 3 bit 5
        Since: 4 (release 0.7.0)
        """

    @Member
    def polygon_offset_clamp(self, value: SupportsIndex, /) -> int:
        """polygon offset can have a limit
        Type: u32:1, byte 3 bit 6
        Since: 4 (release 0.7.0)
        """

    @Member
    def transform_feedback_overflow_query(self, value: SupportsIndex, /) -> int:
        """queries can tell whether transform feedback overflowed
        Type: u32:1, byte 3 bit 7
        Since: 4 (release 0.7.0)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        indep_blend_enable: SupportsIndex = ...,
        indep_blend_func: SupportsIndex = ...,
        cube_map_array: SupportsIndex = ...,
        shader_stencil_export: SupportsIndex = ...,
        conditional_render: SupportsIndex = ...,
        start_instance: SupportsIndex = ...,
        primitive_restart: SupportsIndex = ...,
        blend_eq_sep: SupportsIndex = ...,
        instanceid: SupportsIndex = ...,
        vertex_element_instance_divisor: SupportsIndex = ...,
        seamless_cube_map: SupportsIndex = ...,
        occlusion_query: SupportsIndex = ...,
        timer_query: SupportsIndex = ...,
        streamout_pause_resume: SupportsIndex = ...,
        texture_multisample: SupportsIndex = ...,
        fragment_coord_conventions: SupportsIndex = ...,
        depth_clip_disable: SupportsIndex = ...,
        seamless_cube_map_per_texture: SupportsIndex = ...,
        ubo: SupportsIndex = ...,
        color_clamping: SupportsIndex = ...,
        poly_stipple: SupportsIndex = ...,
        mirror_clamp: SupportsIndex = ...,
        texture_query_lod: SupportsIndex = ...,
        has_fp64: SupportsIndex = ...,
        has_tessellation_shaders: SupportsIndex = ...,
        has_indirect_draw: SupportsIndex = ...,
        has_sample_shading: SupportsIndex = ...,
        has_cull: SupportsIndex = ...,
        conditional_render_inverted: SupportsIndex = ...,
        derivative_control: SupportsIndex = ...,
        polygon_offset_clamp: SupportsIndex = ...,
        transform_feedback_overflow_query: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VirglVideoCaps(Struct):
    """What one video profile can do with one entrypoint: 16 bytes, struct virgl_video_caps of
    virglrenderer/src/virgl_hw.h

    ``help(VirglVideoCaps.profile)`` tells of a field.
    """

    @Member
    def profile(self, value: SupportsIndex, /) -> int:
        """codec and profile, a pipe_video_profile number
        Type: u32:8, byte 0 bit 0
        """

    @Member
    def entrypoint(self, value: SupportsIndex, /) -> int:
        """step of decoding or encoding, a pipe_video_entrypoint number
        Type: u32:8, byte 1 bit 0
        """

    @Member
    def max_level(self, value: SupportsIndex, /) -> int:
        """highest level of the profile
        Type: u32:8, byte 2 bit 0
        """

    @Member
    def stacked_frames(self, value: SupportsIndex, /) -> int:
        """number of frames that can be stacked
        Type: u32:8, byte 3 bit 0
        """

    @Member
    def max_width(self, value: SupportsIndex, /) -> int:
        """largest width of a picture
        Type: u32:16, byte 4 bit 0
        Unit: pixels
        """

    @Member
    def max_height(self, value: SupportsIndex, /) -> int:
        """largest height of a picture
        Type: u32:16, byte 6 bit 0
        Unit: pixels
        """

    @Member
    def prefered_format(self, value: SupportsIndex, /) -> int:
        """preferred format of pictures, a VIRGL_FORMAT number; misspelt as in the header
        Type: u32:16, byte 8 bit 0
        """

    @Member
    def max_macroblocks(self, value: SupportsIndex, /) -> int:
        """largest number of macroblocks of a picture
        Type: u32:16, byte 10 bit 0
        """

    @Member
    def npot_texture(self, value: SupportsIndex, /) -> int:
        """sizes need not be powers of two
        Type: u32:1, byte 12 bit 0
        """

    @Member
    def supports_progressive(self, value: SupportsIndex, /) -> int:
        """progressive pictures
        Type: u32:1, byte 12 bit 1
        """

    @Member
    def supports_interlaced(self, value: SupportsIndex, /) -> int:
        """interlaced pictures
        Type: u32:1, byte 12 bit 2
        """

    @Member
    def prefers_interlaced(self, value: SupportsIndex, /) -> int:
        """interlaced pictures are preferred
        Type: u32:1, byte 12 bit 3
        """

    @Member
    def max_temporal_layers(self, value: SupportsIndex, /) -> int:
        """largest number of temporal layers
        Type: u32:8, byte 12 bit 4
        """

    @Member
    def reserved(self, value: SupportsIndex, /) -> int:
        """not used
        Type: u32:20, byte 13 bit 4
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        profile: SupportsIndex = ...,
        entrypoint: SupportsIndex = ...,
        max_level: SupportsIndex = ...,
        stacked_frames: SupportsIndex = ...,
        max_width: SupportsIndex = ...,
        max_height: SupportsIndex = ...,
        prefered_format: SupportsIndex = ...,
        max_macroblocks: SupportsIndex = ...,
        npot_texture: SupportsIndex = ...,
        supports_progressive: SupportsIndex = ...,
        supports_interlaced: SupportsIndex = ...,
        prefers_interlaced: SupportsIndex = ...,
        max_temporal_layers: SupportsIndex = ...,
        reserved: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VirglCapsV1(Struct):
    """Capset 1, which never grows again: the first guest kernels copied the host's size into the guest's
    struct: 308 bytes, struct virgl_caps_v1 of virglrenderer/src/virgl_hw.h

    Size steps, in bytes: 288, 300, 304, 308. ``help(VirglCapsV1.max_version)`` tells of a field.
    """

    capset_id: ClassVar[int]

    @Member
    def max_version(self, value: SupportsIndex, /) -> int:
        """version of the wire, 1 in capset 1 and 2 in capset 2; says nothing about the layout
        Type: u32, bytes 0..4
        Since: 288 (release 0.2.0)
        """

    @Member
    def sampler(self, value: VirglSupportedFormatMask | Mapping[str, Any], /) -> VirglSupportedFormatMask:
        """formats that a shader can sample, those of depth among them
        Type: virgl_supported_format_mask, bytes 4..68
        Since: 288 (release 0.2.0)
        """

    @Member
    def render(self, value: VirglSupportedFormatMask | Mapping[str, Any], /) -> VirglSupportedFormatMask:
        """formats that can be rendered to
        Type: virgl_supported_format_mask, bytes 68..132
        Since: 288 (release 0.2.0)
        """

    @Member
    def depthstencil(self, value: VirglSupportedFormatMask | Mapping[str, Any], /) -> VirglSupportedFormatMask:
        """formats for depth and stencil
        Type: virgl_supported_format_mask, bytes 132..196
        Since: 288 (release 0.2.0)
        """

    @Member
    def vertexbuffer(self, value: VirglSupportedFormatMask | Mapping[str, Any], /) -> VirglSupportedFormatMask:
        """formats of vertex attributes
        Type: virgl_supported_format_mask, bytes 196..260
        Since: 288 (release 0.2.0)
        """

    @Member
    def bset(self, value: VirglCapsBoolSet1 | Mapping[str, Any], /) -> VirglCapsBoolSet1:
        """features of capset 1, one bit each
        Type: virgl_caps_bool_set1, bytes 260..264
        Since: 288 (release 0.2.0)
        """

    @Member
    def glsl_level(self, value: SupportsIndex, /) -> int:
        """highest GLSL version, times 100
        Type: u32, bytes 264..268
        Since: 288 (release 0.2.0)
        """

    @Member
    def max_texture_array_layers(self, value: SupportsIndex, /) -> int:
        """largest number of layers of an array texture
        Type: u32, bytes 268..272
        Since: 288 (release 0.2.0)
        """

    @Member
    def max_streamout_buffers(self, value: SupportsIndex, /) -> int:
        """largest number of transform feedback buffers
        Type: u32, bytes 272..276
        Since: 288 (release 0.2.0)
        """

    @Member
    def max_dual_source_render_targets(self, value: SupportsIndex, /) -> int:
        """largest number of render targets that blend with two sources
        Type: u32, bytes 276..280
        Since: 288 (release 0.2.0)
        """

    @Member
    def max_render_targets(self, value: SupportsIndex, /) -> int:
        """largest number of render targets
        Type: u32, bytes 280..284
        Since: 288 (release 0.2.0)
        """

    @Member
    def max_samples(self, value: SupportsIndex, /) -> int:
        """largest number of samples per pixel
        Type: u32, bytes 284..288
        Since: 288 (release 0.2.0)
        """

    @Member
    def prim_mask(self, value: SupportsIndex, /) -> int:
        """primitive types: bit n for pipe_prim_type n
        Type: u32, bytes 288..292
        Since: 300 (release 0.2.0)
        Flags: 0 POINTS, 1 LINES, 2 LINE_LOOP, 3 LINE_STRIP, 4 TRIANGLES, 5 TRIANGLE_STRIP, 6 TRIANGLE_FAN,
            7 QUADS, 8 QUAD_STRIP, 9 POLYGON, 10 LINES_ADJACENCY, 11 LINE_STRIP_ADJACENCY, 12
            TRIANGLES_ADJACENCY, 13 TRIANGLE_STRIP_ADJACENCY, 14 PATCHES
        """

    @Member
    def max_tbo_size(self, value: SupportsIndex, /) -> int:
        """largest size of a buffer texture
        Type: u32, bytes 292..296
        Unit: texels
        Since: 300 (release 0.2.0)
        """

    @Member
    def max_uniform_blocks(self, value: SupportsIndex, /) -> int:
        """largest number of uniform blocks of a vertex shader
        Type: u32, bytes 296..300
        Since: 300 (release 0.2.0)
        """

    @Member
    def max_viewports(self, value: SupportsIndex, /) -> int:
        """largest number of viewports
        Type: u32, bytes 300..304
        Since: 304 (release 0.2.0)
        """

    @Member
    def max_texture_gather_components(self, value: SupportsIndex, /) -> int:
        """number of components that a texture gather can choose from
        Type: u32, bytes 304..308
        Since: 308 (release 0.2.0)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        max_version: SupportsIndex = ...,
        sampler: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        render: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        depthstencil: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        vertexbuffer: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        bset: VirglCapsBoolSet1 | Mapping[str, Any] = ...,
        glsl_level: SupportsIndex = ...,
        max_texture_array_layers: SupportsIndex = ...,
        max_streamout_buffers: SupportsIndex = ...,
        max_dual_source_render_targets: SupportsIndex = ...,
        max_render_targets: SupportsIndex = ...,
        max_samples: SupportsIndex = ...,
        prim_mask: SupportsIndex = ...,
        max_tbo_size: SupportsIndex = ...,
        max_uniform_blocks: SupportsIndex = ...,
        max_viewports: SupportsIndex = ...,
        max_texture_gather_components: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VirglCapsV2(Struct):
    """Capset 2, which grows at its end: 1408 bytes, struct virgl_caps_v2 of virglrenderer/src/virgl_hw.h

    Size steps, in bytes: 380, 388, 392, 396, 428, 432, 440, 452, 484, 496, 500, 556, 560, 624, 688,
    692, 696, 760, 764, 768, 832, 856, 1372, 1376, 1384, 1408. ``help(VirglCapsV2.v1)`` tells of a
    field.
    """

    capset_id: ClassVar[int]

    @Member
    def v1(self, value: VirglCapsV1 | Mapping[str, Any], /) -> VirglCapsV1:
        """capset 1, but with max_version 2
        Type: virgl_caps_v1, bytes 0..308
        Since: 380 (release 0.7.0)
        """

    @Member
    def min_aliased_point_size(self, value: SupportsFloat | SupportsIndex, /) -> float:
        """smallest size of a point
        Type: f32, bytes 308..312
        Unit: pixels
        Default: 1.0
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_aliased_point_size(self, value: SupportsFloat | SupportsIndex, /) -> float:
        """largest size of a point
        Type: f32, bytes 312..316
        Unit: pixels
        Default: 255.0
        Since: 380 (release 0.7.0)
        """

    @Member
    def min_smooth_point_size(self, value: SupportsFloat | SupportsIndex, /) -> float:
        """smallest size of a smooth point
        Type: f32, bytes 316..320
        Unit: pixels
        Default: 1.0
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_smooth_point_size(self, value: SupportsFloat | SupportsIndex, /) -> float:
        """largest size of a smooth point
        Type: f32, bytes 320..324
        Unit: pixels
        Default: 190.0
        Since: 380 (release 0.7.0)
        """

    @Member
    def min_aliased_line_width(self, value: SupportsFloat | SupportsIndex, /) -> float:
        """smallest width of a line
        Type: f32, bytes 324..328
        Unit: pixels
        Default: 1.0
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_aliased_line_width(self, value: SupportsFloat | SupportsIndex, /) -> float:
        """largest width of a line
        Type: f32, bytes 328..332
        Unit: pixels
        Default: 10.0
        Since: 380 (release 0.7.0)
        """

    @Member
    def min_smooth_line_width(self, value: SupportsFloat | SupportsIndex, /) -> float:
        """smallest width of a smooth line
        Type: f32, bytes 332..336
        Unit: pixels
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_smooth_line_width(self, value: SupportsFloat | SupportsIndex, /) -> float:
        """largest width of a smooth line
        Type: f32, bytes 336..340
        Unit: pixels
        Default: 10.0
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_texture_lod_bias(self, value: SupportsFloat | SupportsIndex, /) -> float:
        """largest bias of the level of detail
        Type: f32, bytes 340..344
        Unit: levels
        Default: 15.0
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_geom_output_vertices(self, value: SupportsIndex, /) -> int:
        """largest number of vertices that a geometry shader writes
        Type: u32, bytes 344..348
        Default: 256
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_geom_total_output_components(self, value: SupportsIndex, /) -> int:
        """largest number of components that a geometry shader writes in all
        Type: u32, bytes 348..352
        Default: 1024
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_vertex_outputs(self, value: SupportsIndex, /) -> int:
        """largest number of outputs of a vertex shader
        Type: u32, bytes 352..356
        Unit: vec4
        Default: 32
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_vertex_attribs(self, value: SupportsIndex, /) -> int:
        """largest number of vertex attributes
        Type: u32, bytes 356..360
        Default: 16
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_shader_patch_varyings(self, value: SupportsIndex, /) -> int:
        """largest number of outputs per patch of a tessellation control shader
        Type: u32, bytes 360..364
        Unit: vec4
        Default: 30
        Since: 380 (release 0.7.0)
        """

    @Member
    def min_texel_offset(self, value: SupportsIndex, /) -> int:
        """lowest texel offset of a texture look-up
        Type: s32, bytes 364..368
        Unit: texels
        Default: -8
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_texel_offset(self, value: SupportsIndex, /) -> int:
        """highest texel offset of a texture look-up
        Type: s32, bytes 368..372
        Unit: texels
        Default: 7
        Since: 380 (release 0.7.0)
        """

    @Member
    def min_texture_gather_offset(self, value: SupportsIndex, /) -> int:
        """lowest texel offset of a texture gather
        Type: s32, bytes 372..376
        Unit: texels
        Default: -8
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_texture_gather_offset(self, value: SupportsIndex, /) -> int:
        """highest texel offset of a texture gather
        Type: s32, bytes 376..380
        Unit: texels
        Default: 7
        Since: 380 (release 0.7.0)
        """

    @Member
    def texture_buffer_offset_alignment(self, value: SupportsIndex, /) -> int:
        """alignment of the offset of a buffer texture; 0 if it cannot be part of a buffer
        Type: u32, bytes 380..384
        Unit: bytes
        Since: 388 (release 0.7.0)
        """

    @Member
    def uniform_buffer_offset_alignment(self, value: SupportsIndex, /) -> int:
        """alignment of the offset of a uniform buffer
        Type: u32, bytes 384..388
        Unit: bytes
        Default: 256
        Since: 388 (release 0.7.0)
        """

    @Member
    def shader_buffer_offset_alignment(self, value: SupportsIndex, /) -> int:
        """alignment of the offset of a shader storage buffer
        Type: u32, bytes 388..392
        Unit: bytes
        Default: 32
        Since: 392 (release 0.7.0)
        """

    @Member
    def capability_bits(self, value: SupportsIndex, /) -> int:
        """features, VIRGL_CAP_*; all 32 bits are taken
        Type: u32, bytes 392..396
        Since: 396 (release 0.7.0)
        Flags: 0 TGSI_INVARIANT, 1 TEXTURE_VIEW, 2 SET_MIN_SAMPLES, 3 COPY_IMAGE, 4 TGSI_PRECISE, 5 TXQS, 6
            MEMORY_BARRIER, 7 COMPUTE_SHADER, 8 FB_NO_ATTACH, 9 ROBUST_BUFFER_ACCESS, 10 TGSI_FBFETCH, 11
            SHADER_CLOCK, 12 TEXTURE_BARRIER, 13 TGSI_COMPONENTS, 14 GUEST_MAY_INIT_LOG, 15
            SRGB_WRITE_CONTROL, 16 QBO, 17 TRANSFER, 18 FBO_MIXED_COLOR_FORMATS, 19 HOST_IS_GLES, 20
            BIND_COMMAND_ARGS, 21 MULTI_DRAW_INDIRECT, 22 INDIRECT_PARAMS, 23 TRANSFORM_FEEDBACK3, 24
            3D_ASTC, 25 INDIRECT_INPUT_ADDR, 26 COPY_TRANSFER, 27 CLIP_HALFZ, 28 APP_TWEAK_SUPPORT, 29
            BGRA_SRGB_IS_EMULATED, 30 CLEAR_TEXTURE, 31 ARB_BUFFER_STORAGE
        """

    @Member
    def sample_locations(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """place of each sample in its pixel, a byte b each, lowest first: x = (b >> 4) / 16, y = (b & 15) /
        16; 2 samples in word 0, 4 in word 1, 8 in words 2 and 3, 16 in words 4 to 7
        Type: u32[8], bytes 396..428
        Since: 428 (release 0.7.0)
        """

    @Member
    def max_vertex_attrib_stride(self, value: SupportsIndex, /) -> int:
        """largest stride of vertex attributes
        Type: u32, bytes 428..432
        Unit: bytes
        Since: 432 (release 0.7.0)
        """

    @Member
    def max_shader_buffer_frag_compute(self, value: SupportsIndex, /) -> int:
        """largest number of shader storage buffers of a fragment or compute shader
        Type: u32, bytes 432..436
        Since: 440 (release 0.7.0)
        """

    @Member
    def max_shader_buffer_other_stages(self, value: SupportsIndex, /) -> int:
        """largest number of shader storage buffers of a shader of another stage
        Type: u32, bytes 436..440
        Since: 440 (release 0.7.0)
        """

    @Member
    def max_shader_image_frag_compute(self, value: SupportsIndex, /) -> int:
        """largest number of images of a fragment or compute shader
        Type: u32, bytes 440..444
        Since: 452 (release 0.7.0)
        """

    @Member
    def max_shader_image_other_stages(self, value: SupportsIndex, /) -> int:
        """largest number of images of a shader of another stage
        Type: u32, bytes 444..448
        Since: 452 (release 0.7.0)
        """

    @Member
    def max_image_samples(self, value: SupportsIndex, /) -> int:
        """largest number of samples per pixel of an image
        Type: u32, bytes 448..452
        Since: 452 (release 0.7.0)
        """

    @Member
    def max_compute_work_group_invocations(self, value: SupportsIndex, /) -> int:
        """largest number of invocations of a compute work group
        Type: u32, bytes 452..456
        Since: 484 (release 0.7.0)
        """

    @Member
    def max_compute_shared_memory_size(self, value: SupportsIndex, /) -> int:
        """largest memory that a compute work group shares
        Type: u32, bytes 456..460
        Unit: bytes
        Since: 484 (release 0.7.0)
        """

    @Member
    def max_compute_grid_size(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """largest number of compute work groups along x, y and z
        Type: u32[3], bytes 460..472
        Since: 484 (release 0.7.0)
        """

    @Member
    def max_compute_block_size(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """largest number of invocations of a compute work group along x, y and z
        Type: u32[3], bytes 472..484
        Since: 484 (release 0.7.0)
        """

    @Member
    def max_texture_2d_size(self, value: SupportsIndex, /) -> int:
        """largest width and height of a 2D texture; 0 if the host is too old to tell
        Type: u32, bytes 484..488
        Unit: texels
        Since: 496 (release 0.7.0)
        """

    @Member
    def max_texture_3d_size(self, value: SupportsIndex, /) -> int:
        """largest width, height and depth of a 3D texture; 0 if the host is too old to tell
        Type: u32, bytes 488..492
        Unit: texels
        Since: 496 (release 0.7.0)
        """

    @Member
    def max_texture_cube_size(self, value: SupportsIndex, /) -> int:
        """largest width and height of a cube map; 0 if the host is too old to tell
        Type: u32, bytes 492..496
        Unit: texels
        Since: 496 (release 0.7.0)
        """

    @Member
    def max_combined_shader_buffers(self, value: SupportsIndex, /) -> int:
        """largest number of shader storage buffers of all stages together
        Type: u32, bytes 496..500
        Since: 500 (release 0.7.0)
        """

    @Member
    def max_atomic_counters(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """largest number of atomic counters of each shader stage; 0 on a GLES host
        Type: u32[6], bytes 500..524
        Since: 556 (release 0.7.0)
        """

    @Member
    def max_atomic_counter_buffers(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """largest number of atomic counter buffers of each shader stage
        Type: u32[6], bytes 524..548
        Since: 556 (release 0.7.0)
        """

    @Member
    def max_combined_atomic_counters(self, value: SupportsIndex, /) -> int:
        """largest number of atomic counters of all stages together
        Type: u32, bytes 548..552
        Since: 556 (release 0.7.0)
        """

    @Member
    def max_combined_atomic_counter_buffers(self, value: SupportsIndex, /) -> int:
        """largest number of atomic counter buffers of all stages together
        Type: u32, bytes 552..556
        Since: 556 (release 0.7.0)
        """

    @Member
    def host_feature_check_version(self, value: SupportsIndex, /) -> int:
        """number that grows when hosts begin to tell what guests had to assume before
        Type: u32, bytes 556..560
        Since: 560 (release 0.8.0)
        """

    @Member
    def supported_readback_formats(
        self, value: VirglSupportedFormatMask | Mapping[str, Any], /
    ) -> VirglSupportedFormatMask:
        """formats that the guest can read back
        Type: virgl_supported_format_mask, bytes 560..624
        Since: 624 (release 0.8.0)
        """

    @Member
    def scanout(self, value: VirglSupportedFormatMask | Mapping[str, Any], /) -> VirglSupportedFormatMask:
        """formats that a display can show
        Type: virgl_supported_format_mask, bytes 624..688
        Since: 688 (release 0.8.0)
        """

    @Member
    def capability_bits_v2(self, value: SupportsIndex, /) -> int:
        """more features, VIRGL_CAP_V2_*
        Type: u32, bytes 688..692
        Since: 692 (release 0.9.0)
        Flags: 0 BLEND_EQUATION, 1 UNTYPED_RESOURCE, 2 VIDEO_MEMORY, 3 MEMINFO, 4 STRING_MARKER, 5
            DIFFERENT_GPU, 6 IMPLICIT_MSAA, 7 COPY_TRANSFER_BOTH_DIRECTIONS, 8 SCANOUT_USES_GBM, 9 SSO, 10
            TEXTURE_SHADOW_LOD, 11 VS_VERTEX_LAYER, 12 VS_VIEWPORT_INDEX, 13 PIPELINE_STATISTICS_QUERY, 14
            DRAW_PARAMETERS, 15 GROUP_VOTE, 16 MIRROR_CLAMP_TO_EDGE, 17 MIRROR_CLAMP, 18 RESOURCE_LAYOUT
        """

    @Member
    def max_video_memory(self, value: SupportsIndex, /) -> int:
        """memory of the host's GPU; valid only with VIRGL_CAP_V2_VIDEO_MEMORY
        Type: u32, bytes 692..696
        Unit: MB
        Since: 696 (release 0.9.1)
        """

    @Member
    def renderer(self, value: bytes | bytearray | memoryview, /) -> bytes:
        """name of the host's GL renderer: at most 63 chars, and a NUL
        Type: char[64], bytes 696..760
        Since: 760 (release 0.10.0)
        """

    @Member
    def max_anisotropy(self, value: SupportsFloat | SupportsIndex, /) -> float:
        """largest degree of anisotropic filtering
        Type: f32, bytes 760..764
        Since: 764 (release 0.10.0)
        """

    @Member
    def max_texture_samplers(self, value: SupportsIndex, /) -> int:
        """largest number of texture samplers of a shader
        Type: u32, bytes 764..768
        Default: 16
        Since: 768 (release 0.10.0)
        """

    @Member
    def supported_multisample_formats(
        self, value: VirglSupportedFormatMask | Mapping[str, Any], /
    ) -> VirglSupportedFormatMask:
        """formats that can be multisampled
        Type: virgl_supported_format_mask, bytes 768..832
        Since: 832 (release 0.10.0)
        """

    @Member
    def max_const_buffer_size(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """largest size of constant buffer 0 of each shader stage
        Type: u32[6], bytes 832..856
        Unit: bytes
        Default: 65536
        Since: 856 (release 0.10.0)
        """

    @Member
    def num_video_caps(self, value: SupportsIndex, /) -> int:
        """number of elements of video_caps that are in use; a guest refuses more than 32
        Type: u32, bytes 856..860
        Since: 1372 (release 0.10.0)
        """

    @Member
    def video_caps(self, value: Sequence[VirglVideoCaps | Mapping[str, Any]], /) -> Array[VirglVideoCaps]:
        """what the host decodes and encodes: one element per profile and entrypoint
        Type: virgl_video_caps[32], bytes 860..1372
        Since: 1372 (release 0.10.0)
        """

    @Member
    def max_uniform_block_size(self, value: SupportsIndex, /) -> int:
        """largest size of a uniform block
        Type: u32, bytes 1372..1376
        Unit: bytes
        Since: 1376 (release 0.10.3)
        """

    @Member
    def max_tcs_outputs(self, value: SupportsIndex, /) -> int:
        """largest number of outputs of a tessellation control shader
        Type: u32, bytes 1376..1380
        Unit: vec4
        Since: 1384 (release 1.0.0)
        """

    @Member
    def max_tes_outputs(self, value: SupportsIndex, /) -> int:
        """largest number of outputs of a tessellation evaluation shader
        Type: u32, bytes 1380..1384
        Unit: vec4
        Since: 1384 (release 1.0.0)
        """

    @Member
    def max_shader_storage_blocks(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """largest number of shader storage buffers of each shader stage; INT_MAX if the host does not tell
        Type: u32[6], bytes 1384..1408
        Default: 2147483647
        Since: 1408 (release 1.1.1)
        """

    @Member
    def max_version(self, value: SupportsIndex, /) -> int:
        """version of the wire, 1 in capset 1 and 2 in capset 2; says nothing about the layout
        Type: u32, bytes 0..4
        Since: 380 (release 0.7.0)
        """

    @Member
    def sampler(self, value: VirglSupportedFormatMask | Mapping[str, Any], /) -> VirglSupportedFormatMask:
        """formats that a shader can sample, those of depth among them
        Type: virgl_supported_format_mask, bytes 4..68
        Since: 380 (release 0.7.0)
        """

    @Member
    def render(self, value: VirglSupportedFormatMask | Mapping[str, Any], /) -> VirglSupportedFormatMask:
        """formats that can be rendered to
        Type: virgl_supported_format_mask, bytes 68..132
        Since: 380 (release 0.7.0)
        """

    @Member
    def depthstencil(self, value: VirglSupportedFormatMask | Mapping[str, Any], /) -> VirglSupportedFormatMask:
        """formats for depth and stencil
        Type: virgl_supported_format_mask, bytes 132..196
        Since: 380 (release 0.7.0)
        """

    @Member
    def vertexbuffer(self, value: VirglSupportedFormatMask | Mapping[str, Any], /) -> VirglSupportedFormatMask:
        """formats of vertex attributes
        Type: virgl_supported_format_mask, bytes 196..260
        Since: 380 (release 0.7.0)
        """

    @Member
    def bset(self, value: VirglCapsBoolSet1 | Mapping[str, Any], /) -> VirglCapsBoolSet1:
        """features of capset 1, one bit each
        Type: virgl_caps_bool_set1, bytes 260..264
        Since: 380 (release 0.7.0)
        """

    @Member
    def glsl_level(self, value: SupportsIndex, /) -> int:
        """highest GLSL version, times 100
        Type: u32, bytes 264..268
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_texture_array_layers(self, value: SupportsIndex, /) -> int:
        """largest number of layers of an array texture
        Type: u32, bytes 268..272
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_streamout_buffers(self, value: SupportsIndex, /) -> int:
        """largest number of transform feedback buffers
        Type: u32, bytes 272..276
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_dual_source_render_targets(self, value: SupportsIndex, /) -> int:
        """largest number of render targets that blend with two sources
        Type: u32, bytes 276..280
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_render_targets(self, value: SupportsIndex, /) -> int:
        """largest number of render targets
        Type: u32, bytes 280..284
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_samples(self, value: SupportsIndex, /) -> int:
        """largest number of samples per pixel
        Type: u32, bytes 284..288
        Since: 380 (release 0.7.0)
        """

    @Member
    def prim_mask(self, value: SupportsIndex, /) -> int:
        """primitive types: bit n for pipe_prim_type n
        Type: u32, bytes 288..292
        Since: 380 (release 0.7.0)
        Flags: 0 POINTS, 1 LINES, 2 LINE_LOOP, 3 LINE_STRIP, 4 TRIANGLES, 5 TRIANGLE_STRIP, 6 TRIANGLE_FAN,
            7 QUADS, 8 QUAD_STRIP, 9 POLYGON, 10 LINES_ADJACENCY, 11 LINE_STRIP_ADJACENCY, 12
            TRIANGLES_ADJACENCY, 13 TRIANGLE_STRIP_ADJACENCY, 14 PATCHES
        """

    @Member
    def max_tbo_size(self, value: SupportsIndex, /) -> int:
        """largest size of a buffer texture
        Type: u32, bytes 292..296
        Unit: texels
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_uniform_blocks(self, value: SupportsIndex, /) -> int:
        """largest number of uniform blocks of a vertex shader
        Type: u32, bytes 296..300
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_viewports(self, value: SupportsIndex, /) -> int:
        """largest number of viewports
        Type: u32, bytes 300..304
        Since: 380 (release 0.7.0)
        """

    @Member
    def max_texture_gather_components(self, value: SupportsIndex, /) -> int:
        """number of components that a texture gather can choose from
        Type: u32, bytes 304..308
        Since: 380 (release 0.7.0)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        v1: VirglCapsV1 | Mapping[str, Any] = ...,
        min_aliased_point_size: SupportsFloat | SupportsIndex = ...,
        max_aliased_point_size: SupportsFloat | SupportsIndex = ...,
        min_smooth_point_size: SupportsFloat | SupportsIndex = ...,
        max_smooth_point_size: SupportsFloat | SupportsIndex = ...,
        min_aliased_line_width: SupportsFloat | SupportsIndex = ...,
        max_aliased_line_width: SupportsFloat | SupportsIndex = ...,
        min_smooth_line_width: SupportsFloat | SupportsIndex = ...,
        max_smooth_line_width: SupportsFloat | SupportsIndex = ...,
        max_texture_lod_bias: SupportsFloat | SupportsIndex = ...,
        max_geom_output_vertices: SupportsIndex = ...,
        max_geom_total_output_components: SupportsIndex = ...,
        max_vertex_outputs: SupportsIndex = ...,
        max_vertex_attribs: SupportsIndex = ...,
        max_shader_patch_varyings: SupportsIndex = ...,
        min_texel_offset: SupportsIndex = ...,
        max_texel_offset: SupportsIndex = ...,
        min_texture_gather_offset: SupportsIndex = ...,
        max_texture_gather_offset: SupportsIndex = ...,
        texture_buffer_offset_alignment: SupportsIndex = ...,
        uniform_buffer_offset_alignment: SupportsIndex = ...,
        shader_buffer_offset_alignment: SupportsIndex = ...,
        capability_bits: SupportsIndex = ...,
        sample_locations: Sequence[SupportsIndex] = ...,
        max_vertex_attrib_stride: SupportsIndex = ...,
        max_shader_buffer_frag_compute: SupportsIndex = ...,
        max_shader_buffer_other_stages: SupportsIndex = ...,
        max_shader_image_frag_compute: SupportsIndex = ...,
        max_shader_image_other_stages: SupportsIndex = ...,
        max_image_samples: SupportsIndex = ...,
        max_compute_work_group_invocations: SupportsIndex = ...,
        max_compute_shared_memory_size: SupportsIndex = ...,
        max_compute_grid_size: Sequence[SupportsIndex] = ...,
        max_compute_block_size: Sequence[SupportsIndex] = ...,
        max_texture_2d_size: SupportsIndex = ...,
        max_texture_3d_size: SupportsIndex = ...,
        max_texture_cube_size: SupportsIndex = ...,
        max_combined_shader_buffers: SupportsIndex = ...,
        max_atomic_counters: Sequence[SupportsIndex] = ...,
        max_atomic_counter_buffers: Sequence[SupportsIndex] = ...,
        max_combined_atomic_counters: SupportsIndex = ...,
        max_combined_atomic_counter_buffers: SupportsIndex = ...,
        host_feature_check_version: SupportsIndex = ...,
        supported_readback_formats: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        scanout: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        capability_bits_v2: SupportsIndex = ...,
        max_video_memory: SupportsIndex = ...,
        renderer: bytes | bytearray | memoryview = ...,
        max_anisotropy: SupportsFloat | SupportsIndex = ...,
        max_texture_samplers: SupportsIndex = ...,
        supported_multisample_formats: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        max_const_buffer_size: Sequence[SupportsIndex] = ...,
        num_video_caps: SupportsIndex = ...,
        video_caps: Sequence[VirglVideoCaps | Mapping[str, Any]] = ...,
        max_uniform_block_size: SupportsIndex = ...,
        max_tcs_outputs: SupportsIndex = ...,
        max_tes_outputs: SupportsIndex = ...,
        max_shader_storage_blocks: Sequence[SupportsIndex] = ...,
        max_version: SupportsIndex = ...,
        sampler: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        render: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        depthstencil: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        vertexbuffer: VirglSupportedFormatMask | Mapping[str, Any] = ...,
        bset: VirglCapsBoolSet1 | Mapping[str, Any] = ...,
        glsl_level: SupportsIndex = ...,
        max_texture_array_layers: SupportsIndex = ...,
        max_streamout_buffers: SupportsIndex = ...,
        max_dual_source_render_targets: SupportsIndex = ...,
        max_render_targets: SupportsIndex = ...,
        max_samples: SupportsIndex = ...,
        prim_mask: SupportsIndex = ...,
        max_tbo_size: SupportsIndex = ...,
        max_uniform_blocks: SupportsIndex = ...,
        max_viewports: SupportsIndex = ...,
        max_texture_gather_components: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

_LATER: tuple[str, ...]

__all__ = [
    "ComposerCapset",
    "CrossDomainCapabilities",
    "GlesCapset",
    "MagmaCapset",
    "VirglCapsBoolSet1",
    "VirglCapsV1",
    "VirglCapsV2",
    "VirglRendererCapsetApir",
    "VirglRendererCapsetDrm",
    "VirglRendererCapsetDrmAmdgpu",
    "VirglRendererCapsetDrmIntel",
    "VirglRendererCapsetDrmMsm",
    "VirglRendererCapsetDrmU",
    "VirglRendererCapsetVenus",
    "VirglSupportedFormatMask",
    "VirglVideoCaps",
    "VulkanCapset",
]

@final
class ComposerCapset(Struct):
    """Capset 9, gfxstream-composer: 16 bytes, struct composerCapset of
    gfxstream/host/virtgpu_gfxstream_protocol.h

    ``help(ComposerCapset.protocolVersion)`` tells of a field.
    """

    capset_id: ClassVar[int]

    @Member
    def protocolVersion(self, value: SupportsIndex, /) -> int:
        """version of the streaming protocol, 1
        Type: u32, bytes 0..4
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    @Member
    def ringSize(self, value: SupportsIndex, /) -> int:
        """size of the command ring, 12288
        Type: u32, bytes 4..8
        Unit: bytes
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    @Member
    def bufferSize(self, value: SupportsIndex, /) -> int:
        """size of the command buffer, 1048576
        Type: u32, bytes 8..12
        Unit: bytes
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    @Member
    def blobAlignment(self, value: SupportsIndex, /) -> int:
        """alignment of blob resources: the host's page size
        Type: u32, bytes 12..16
        Unit: bytes
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        protocolVersion: SupportsIndex = ...,
        ringSize: SupportsIndex = ...,
        bufferSize: SupportsIndex = ...,
        blobAlignment: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class CrossDomainCapabilities(Struct):
    """Capset 5, cross-domain: Wayland, PipeWire and other sockets of the host: 16 bytes, struct
    CrossDomainCapabilities of rutabaga_gfx/src/cross_domain

    ``help(CrossDomainCapabilities.version)`` tells of a field.
    """

    capset_id: ClassVar[int]

    @Member
    def version(self, value: SupportsIndex, /) -> int:
        """version of the protocol, 1
        Type: u32, bytes 0..4
        """

    @Member
    def supported_channels(self, value: SupportsIndex, /) -> int:
        """kinds of sockets: bit n for channel type n
        Type: u32, bytes 4..8
        Flags: 1 WAYLAND, 2 CAMERA, 16 PIPEWIRE, 17 X11, 18 DBUS_SESSION, 19 DBUS_SYSTEM
        """

    @Member
    def supports_dmabuf(self, value: SupportsIndex, /) -> int:
        """1 if the host hands out images as dma-bufs
        Type: u32, bytes 8..12
        """

    @Member
    def supports_external_gpu_memory(self, value: SupportsIndex, /) -> int:
        """1 if the guest can map the host's GPU memory
        Type: u32, bytes 12..16
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        version: SupportsIndex = ...,
        supported_channels: SupportsIndex = ...,
        supports_dmabuf: SupportsIndex = ...,
        supports_external_gpu_memory: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class GlesCapset(Struct):
    """Capset 8, gfxstream-gles: 16 bytes, struct glesCapset of gfxstream/host/virtgpu_gfxstream_protocol.h

    ``help(GlesCapset.protocolVersion)`` tells of a field.
    """

    capset_id: ClassVar[int]

    @Member
    def protocolVersion(self, value: SupportsIndex, /) -> int:
        """version of the streaming protocol, 1
        Type: u32, bytes 0..4
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    @Member
    def ringSize(self, value: SupportsIndex, /) -> int:
        """size of the command ring, 12288
        Type: u32, bytes 4..8
        Unit: bytes
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    @Member
    def bufferSize(self, value: SupportsIndex, /) -> int:
        """size of the command buffer, 1048576
        Type: u32, bytes 8..12
        Unit: bytes
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    @Member
    def blobAlignment(self, value: SupportsIndex, /) -> int:
        """alignment of blob resources: the host's page size
        Type: u32, bytes 12..16
        Unit: bytes
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        protocolVersion: SupportsIndex = ...,
        ringSize: SupportsIndex = ...,
        bufferSize: SupportsIndex = ...,
        blobAlignment: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class MagmaCapset(Struct):
    """Capset 7, magma; rutabaga's own magma sends 0 bytes: 16 bytes, struct magmaCapset of
    gfxstream/host/virtgpu_gfxstream_protocol.h

    ``help(MagmaCapset.protocolVersion)`` tells of a field.
    """

    capset_id: ClassVar[int]

    @Member
    def protocolVersion(self, value: SupportsIndex, /) -> int:
        """version of the streaming protocol, 1
        Type: u32, bytes 0..4
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    @Member
    def ringSize(self, value: SupportsIndex, /) -> int:
        """size of the command ring, 12288
        Type: u32, bytes 4..8
        Unit: bytes
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    @Member
    def bufferSize(self, value: SupportsIndex, /) -> int:
        """size of the command buffer, 1048576
        Type: u32, bytes 8..12
        Unit: bytes
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    @Member
    def blobAlignment(self, value: SupportsIndex, /) -> int:
        """alignment of blob resources: the host's page size
        Type: u32, bytes 12..16
        Unit: bytes
        Since: 16 (defe6dd1e, 2023-09-13)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        protocolVersion: SupportsIndex = ...,
        ringSize: SupportsIndex = ...,
        bufferSize: SupportsIndex = ...,
        blobAlignment: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VirglRendererCapsetApir(Struct):
    """Capset 10, apir: API remoting: 24 bytes, struct virgl_renderer_capset_apir of
    virglrenderer/src/apir_hw.h

    ``help(VirglRendererCapsetApir.apir_version)`` tells of a field.
    """

    capset_id: ClassVar[int]

    @Member
    def apir_version(self, value: SupportsIndex, /) -> int:
        """version of the protocol, 1
        Type: u32, bytes 0..4
        """

    @Member
    def supports_blob_resources(self, value: SupportsIndex, /) -> int:
        """1 if the guest may use blob resources
        Type: u32, bytes 4..8
        """

    @Member
    def reserved(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """not used
        Type: u32[4], bytes 8..24
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        apir_version: SupportsIndex = ...,
        supports_blob_resources: SupportsIndex = ...,
        reserved: Sequence[SupportsIndex] = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VirglRendererCapsetDrm(Struct):
    """Capset 6, drm: native contexts: 160 bytes, struct virgl_renderer_capset_drm of
    virglrenderer/src/drm_hw.h

    Size steps, in bytes: 24, 80, 160. ``help(VirglRendererCapsetDrm.wire_format_version)`` tells of a
    field.
    """

    capset_id: ClassVar[int]

    @Member
    def wire_format_version(self, value: SupportsIndex, /) -> int:
        """version of the protocol: 2 for msm and asahi, 1 for i915, 0 for amdgpu and panfrost
        Type: u32, bytes 0..4
        Since: 24 (release 0.10.0)
        """

    @Member
    def version_major(self, value: SupportsIndex, /) -> int:
        """major version of the host kernel's driver
        Type: u32, bytes 4..8
        Since: 24 (release 0.10.0)
        """

    @Member
    def version_minor(self, value: SupportsIndex, /) -> int:
        """minor version of the host kernel's driver
        Type: u32, bytes 8..12
        Since: 24 (release 0.10.0)
        """

    @Member
    def version_patchlevel(self, value: SupportsIndex, /) -> int:
        """patch level of the host kernel's driver
        Type: u32, bytes 12..16
        Since: 24 (release 0.10.0)
        """

    @Member
    def context_type(self, value: SupportsIndex, /) -> int:
        """which driver, VIRTGPU_DRM_CONTEXT_*
        Type: u32, bytes 16..20
        Since: 24 (release 0.10.0)
        """

    @Member
    def pad(self, value: SupportsIndex, /) -> int:
        """not used
        Type: u32, bytes 20..24
        Since: 24 (release 0.10.0)
        """

    @Member
    def u(self, value: VirglRendererCapsetDrmU | Mapping[str, Any], /) -> VirglRendererCapsetDrmU:
        """the host's GPU
        Type: virgl_renderer_capset_drm_u, bytes 24..160
        Since: 80 (release 0.10.0)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        wire_format_version: SupportsIndex = ...,
        version_major: SupportsIndex = ...,
        version_minor: SupportsIndex = ...,
        version_patchlevel: SupportsIndex = ...,
        context_type: SupportsIndex = ...,
        pad: SupportsIndex = ...,
        u: VirglRendererCapsetDrmU | Mapping[str, Any] = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VirglRendererCapsetDrmAmdgpu(Struct):
    """AMD GPUs: 136 bytes, struct virgl_renderer_capset_drm_amdgpu of virglrenderer/src/drm_hw.h

    ``help(VirglRendererCapsetDrmAmdgpu.address32_hi)`` tells of a field.
    """

    @Member
    def address32_hi(self, value: SupportsIndex, /) -> int:
        """upper 32 bits of addresses in the GPU's 32-bit address space
        Type: u32, bytes 0..4
        Since: 136 (release 1.1.0)
        """

    @Member
    def has_vm_always_valid(self, value: SupportsIndex, /) -> int:
        """1 if the guest may make buffers that are always valid
        Type: u32:1, byte 4 bit 0
        Since: 136 (release 1.3.0)
        """

    @Member
    def marketing_name(self, value: bytes | bytearray | memoryview, /) -> bytes:
        """name of the GPU, as its driver calls it
        Type: char[128], bytes 8..136
        Since: 136 (release 1.1.0)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        address32_hi: SupportsIndex = ...,
        has_vm_always_valid: SupportsIndex = ...,
        marketing_name: bytes | bytearray | memoryview = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VirglRendererCapsetDrmIntel(Struct):
    """Intel GPUs: 24 bytes, struct virgl_renderer_capset_drm_intel of virglrenderer/src/drm_hw.h

    ``help(VirglRendererCapsetDrmIntel.pci_bus)`` tells of a field.
    """

    @Member
    def pci_bus(self, value: SupportsIndex, /) -> int:
        """PCI bus of the GPU
        Type: u32, bytes 0..4
        """

    @Member
    def pci_dev(self, value: SupportsIndex, /) -> int:
        """PCI device number of the GPU
        Type: u32, bytes 4..8
        """

    @Member
    def pci_func(self, value: SupportsIndex, /) -> int:
        """PCI function of the GPU
        Type: u32, bytes 8..12
        """

    @Member
    def pci_revision_id(self, value: SupportsIndex, /) -> int:
        """PCI revision of the GPU
        Type: u32, bytes 12..16
        """

    @Member
    def pci_domain(self, value: SupportsIndex, /) -> int:
        """PCI domain of the GPU
        Type: u32, bytes 16..20
        """

    @Member
    def pci_device_id(self, value: SupportsIndex, /) -> int:
        """PCI device id of the GPU
        Type: u32, bytes 20..24
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        pci_bus: SupportsIndex = ...,
        pci_dev: SupportsIndex = ...,
        pci_func: SupportsIndex = ...,
        pci_revision_id: SupportsIndex = ...,
        pci_domain: SupportsIndex = ...,
        pci_device_id: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VirglRendererCapsetDrmMsm(Struct):
    """Adreno GPUs: 88 bytes, struct virgl_renderer_capset_drm_msm of virglrenderer/src/drm_hw.h

    ``help(VirglRendererCapsetDrmMsm.has_cached_coherent)`` tells of a field.
    """

    @Member
    def has_cached_coherent(self, value: SupportsIndex, /) -> int:
        """1 if the guest may map buffers cached and coherent
        Type: u32, bytes 0..4
        Since: 88 (release 0.10.0)
        """

    @Member
    def priorities(self, value: SupportsIndex, /) -> int:
        """number of priority levels of a submit queue
        Type: u32, bytes 4..8
        Since: 88 (release 0.10.0)
        """

    @Member
    def va_start(self, value: SupportsIndex, /) -> int:
        """first address of the guest's GPU address space
        Type: u64, bytes 8..16
        Unit: bytes
        Since: 88 (release 0.10.0)
        """

    @Member
    def va_size(self, value: SupportsIndex, /) -> int:
        """size of the guest's GPU address space
        Type: u64, bytes 16..24
        Unit: bytes
        Since: 88 (release 0.10.0)
        """

    @Member
    def gpu_id(self, value: SupportsIndex, /) -> int:
        """id of the Adreno GPU, where it has no chip_id
        Type: u32, bytes 24..28
        Since: 88 (release 0.10.0)
        """

    @Member
    def gmem_size(self, value: SupportsIndex, /) -> int:
        """size of the tile memory
        Type: u32, bytes 28..32
        Unit: bytes
        Since: 88 (release 0.10.0)
        """

    @Member
    def gmem_base(self, value: SupportsIndex, /) -> int:
        """address of the tile memory
        Type: u64, bytes 32..40
        Unit: bytes
        Since: 88 (release 0.10.0)
        """

    @Member
    def chip_id(self, value: SupportsIndex, /) -> int:
        """id of the Adreno GPU: core, major, minor and patch level
        Type: u64, bytes 40..48
        Since: 88 (release 0.10.0)
        """

    @Member
    def max_freq(self, value: SupportsIndex, /) -> int:
        """highest clock of the GPU
        Type: u32, bytes 48..52
        Unit: Hz
        Since: 88 (release 0.10.0)
        """

    @Member
    def highest_bank_bit(self, value: SupportsIndex, /) -> int:
        """highest bank bit of the memory controller; 0 if the host does not know
        Type: u32, bytes 52..56
        Since: 88 (release 1.1.0)
        """

    @Member
    def ubwc_swizzle(self, value: SupportsIndex, /) -> int:
        """swizzle mode of compressed surfaces; 0 if the host does not know
        Type: u64, bytes 56..64
        Since: 88 (release 1.1.1)
        """

    @Member
    def macrotile_mode(self, value: SupportsIndex, /) -> int:
        """macrotile mode of compressed surfaces; 0 if the host does not know
        Type: u64, bytes 64..72
        Since: 88 (release 1.1.1)
        """

    @Member
    def has_raytracing(self, value: SupportsIndex, /) -> int:
        """can the GPU trace rays?
        Type: u32, bytes 72..76
        Since: 88 (release 1.1.1)
        """

    @Member
    def has_preemption(self, value: SupportsIndex, /) -> int:
        """can the GPU be preempted?
        Type: u32, bytes 76..80
        Since: 88 (release 1.1.1)
        """

    @Member
    def uche_trap_base(self, value: SupportsIndex, /) -> int:
        """address at which the GPU's cache traps; 0 if the host does not know
        Type: u64, bytes 80..88
        Since: 88 (release 1.1.1)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        has_cached_coherent: SupportsIndex = ...,
        priorities: SupportsIndex = ...,
        va_start: SupportsIndex = ...,
        va_size: SupportsIndex = ...,
        gpu_id: SupportsIndex = ...,
        gmem_size: SupportsIndex = ...,
        gmem_base: SupportsIndex = ...,
        chip_id: SupportsIndex = ...,
        max_freq: SupportsIndex = ...,
        highest_bank_bit: SupportsIndex = ...,
        ubwc_swizzle: SupportsIndex = ...,
        macrotile_mode: SupportsIndex = ...,
        has_raytracing: SupportsIndex = ...,
        has_preemption: SupportsIndex = ...,
        uche_trap_base: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VirglRendererCapsetDrmU(Struct):
    """What the host tells of its GPU; context_type says which member it is: 136 bytes, struct
    virgl_renderer_capset_drm_u of virglrenderer/src/drm_hw.h

    Size steps, in bytes: 56, 136. ``help(VirglRendererCapsetDrmU.msm)`` tells of a field.
    """

    @Member
    def msm(self, value: VirglRendererCapsetDrmMsm | Mapping[str, Any], /) -> VirglRendererCapsetDrmMsm:
        """an Adreno GPU: context_type 1
        Type: virgl_renderer_capset_drm_msm, bytes 0..88
        Since: 136 (release 0.10.0)
        """

    @Member
    def amdgpu(self, value: VirglRendererCapsetDrmAmdgpu | Mapping[str, Any], /) -> VirglRendererCapsetDrmAmdgpu:
        """an AMD GPU: context_type 2
        Type: virgl_renderer_capset_drm_amdgpu, bytes 0..136
        Since: 136 (release 1.1.0)
        """

    @Member
    def intel(self, value: VirglRendererCapsetDrmIntel | Mapping[str, Any], /) -> VirglRendererCapsetDrmIntel:
        """an Intel GPU: context_type 3
        Type: virgl_renderer_capset_drm_intel, bytes 0..24
        Since: 136 (release 1.3.0)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        msm: VirglRendererCapsetDrmMsm | Mapping[str, Any] = ...,
        amdgpu: VirglRendererCapsetDrmAmdgpu | Mapping[str, Any] = ...,
        intel: VirglRendererCapsetDrmIntel | Mapping[str, Any] = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VirglRendererCapsetVenus(Struct):
    """Capset 4, venus: Vulkan: 160 bytes, struct virgl_renderer_capset_venus of
    virglrenderer/src/venus_hw.h

    Size steps, in bytes: 16, 20, 148, 152, 156, 160.
    ``help(VirglRendererCapsetVenus.wire_format_version)`` tells of a field.
    """

    capset_id: ClassVar[int]

    @Member
    def wire_format_version(self, value: SupportsIndex, /) -> int:
        """1 if the host filled the capset; with 0 a guest gives up
        Type: u32, bytes 0..4
        Since: 16 (release 0.9.1)
        """

    @Member
    def vk_xml_version(self, value: SupportsIndex, /) -> int:
        """version of the Vulkan registry that the host was built with
        Type: u32, bytes 4..8
        Since: 16 (release 0.9.1)
        """

    @Member
    def vk_ext_command_serialization_spec_version(self, value: SupportsIndex, /) -> int:
        """version of VK_EXT_command_serialization
        Type: u32, bytes 8..12
        Since: 16 (release 0.9.1)
        """

    @Member
    def vk_mesa_venus_protocol_spec_version(self, value: SupportsIndex, /) -> int:
        """version of VK_MESA_venus_protocol
        Type: u32, bytes 12..16
        Since: 16 (release 0.9.1)
        """

    @Member
    def supports_blob_id_0(self, value: SupportsIndex, /) -> int:
        """1 if a blob resource needs no Vulkan object; a guest gives up without it
        Type: u32, bytes 16..20
        Since: 20 (release 0.10.0)
        """

    @Member
    def vk_extension_mask1(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """bit n % 32 of word n / 32 is set if the host allows extension number n; bit 0 of word 0 says that
        the masks are valid, and without it the host allows all extensions
        Type: u32[32], bytes 20..148
        Since: 148 (release 0.10.0)
        """

    @Member
    def allow_vk_wait_syncs(self, value: SupportsIndex, /) -> int:
        """1 if vkWaitForFences and the like may block on the host; a guest gives up without it
        Type: u32, bytes 148..152
        Since: 152 (release 0.10.0)
        """

    @Member
    def supports_multiple_timelines(self, value: SupportsIndex, /) -> int:
        """1 if each queue has its own fence timeline; a guest gives up without it
        Type: u32, bytes 152..156
        Since: 156 (release 0.10.4)
        """

    @Member
    def use_guest_vram(self, value: SupportsIndex, /) -> int:
        """1 if the guest must allocate host-visible memory itself
        Type: u32, bytes 156..160
        Since: 160 (release 1.0.1)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        wire_format_version: SupportsIndex = ...,
        vk_xml_version: SupportsIndex = ...,
        vk_ext_command_serialization_spec_version: SupportsIndex = ...,
        vk_mesa_venus_protocol_spec_version: SupportsIndex = ...,
        supports_blob_id_0: SupportsIndex = ...,
        vk_extension_mask1: Sequence[SupportsIndex] = ...,
        allow_vk_wait_syncs: SupportsIndex = ...,
        supports_multiple_timelines: SupportsIndex = ...,
        use_guest_vram: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None

@final
class VulkanCapset(Struct):
    """Capset 3, gfxstream-vulkan: 104 bytes, struct vulkanCapset of
    gfxstream/host/virtgpu_gfxstream_protocol.h

    Size steps, in bytes: 16, 100, 104. ``help(VulkanCapset.protocolVersion)`` tells of a field.
    """

    capset_id: ClassVar[int]

    @Member
    def protocolVersion(self, value: SupportsIndex, /) -> int:
        """version of the streaming protocol, 1
        Type: u32, bytes 0..4
        Since: 16 (cd14400a6, 2023-03-27)
        """

    @Member
    def ringSize(self, value: SupportsIndex, /) -> int:
        """size of the command ring, 12288
        Type: u32, bytes 4..8
        Unit: bytes
        Since: 16 (cd14400a6, 2023-03-27)
        """

    @Member
    def bufferSize(self, value: SupportsIndex, /) -> int:
        """size of the command buffer, 1048576
        Type: u32, bytes 8..12
        Unit: bytes
        Since: 16 (cd14400a6, 2023-03-27)
        """

    @Member
    def colorBufferMemoryIndex(self, value: SupportsIndex, /) -> int:
        """index of the Vulkan memory type for color buffers; padding before d22867a74
        Type: u32, bytes 12..16
        Since: 16 (cd14400a6, 2023-03-27)
        """

    @Member
    def deferredMapping(self, value: SupportsIndex, /) -> int:
        """1 if the host maps memory into the guest when the guest first uses it
        Type: u32, bytes 16..20
        Since: 100 (4721513f8, 2023-04-04)
        """

    @Member
    def blobAlignment(self, value: SupportsIndex, /) -> int:
        """alignment of blob resources: the host's page size
        Type: u32, bytes 20..24
        Unit: bytes
        Since: 100 (90b145cff, 2023-05)
        """

    @Member
    def noRenderControlEnc(self, value: SupportsIndex, /) -> int:
        """1 if the guest cannot control GLES rendering
        Type: u32, bytes 24..28
        Since: 100 (9928883b0, 2023-09)
        """

    @Member
    def alwaysBlob(self, value: SupportsIndex, /) -> int:
        """1 if every resource is a blob
        Type: u32, bytes 28..32
        Since: 100 (03e2dffc9, 2024-06)
        """

    @Member
    def externalSync(self, value: SupportsIndex, /) -> int:
        """1 if fences can be exported from the host
        Type: u32, bytes 32..36
        Since: 100 (cc5a7f136, 2024-07)
        """

    @Member
    def virglSupportedFormats(self, value: Sequence[SupportsIndex], /) -> Array[int]:
        """bit f % 32 of word f / 32 for VIRGL_FORMAT f
        Type: u32[16], bytes 36..100
        Since: 100 (219d5093e, 2024-07-18)
        """

    @Member
    def vulkanBatchedDescriptorSetUpdate(self, value: SupportsIndex, /) -> int:
        """1 if the guest may update descriptor sets in batches
        Type: u32, bytes 100..104
        Since: 104 (b8ecec869, 2024-10-28)
        """

    def __new__(
        cls,
        source: Buffer = ...,
        /,
        *,
        protocolVersion: SupportsIndex = ...,
        ringSize: SupportsIndex = ...,
        bufferSize: SupportsIndex = ...,
        colorBufferMemoryIndex: SupportsIndex = ...,
        deferredMapping: SupportsIndex = ...,
        blobAlignment: SupportsIndex = ...,
        noRenderControlEnc: SupportsIndex = ...,
        alwaysBlob: SupportsIndex = ...,
        externalSync: SupportsIndex = ...,
        virglSupportedFormats: Sequence[SupportsIndex] = ...,
        vulkanBatchedDescriptorSetUpdate: SupportsIndex = ...,
    ) -> Self: ...
    __contains__: None
    __iter__: None
