"""What each version of OpenGL needs of a capset. :mod:`capcodec.meaning.gl` runs these rules.

The requirements are those of Mesa's ``version.c`` and ``st_extensions.c``, as far as a capset decides them. The tests
break each one up to 4.3 and ask Mesa 22.3.6, which agrees; what that Mesa does not ask for is left out. Those from 4.4
on need memory that a vtest guest of that Mesa cannot map, so they are read and not tried.
"""

from __future__ import annotations

from .formats import format_number
from .rules import Reference, Registry, Rule
from .walk import bits_of, flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from .guest_view import GuestView

    _Check: TypeAlias = Callable[["GuestCaps"], bool]

VERSION = Reference("Mesa", "src/mesa/main/version.c", "222b8532")
EXTENSIONS = Reference("Mesa", "src/mesa/state_tracker/st_extensions.c", "035d837a")
FORMATS_OF = "1.3.0"  # the release of virglrenderer that the formats below are named by


class Requirement(Rule):
    """One thing that a version of OpenGL needs. It is named as the extension or the limit that it is about.

    Attributes:
        version: the first that needs it, as ``(4, 3)``.
    """

    def __init__(self, *args: Any, version: tuple[int, int], **more: Any) -> None:
        super().__init__(*args, **more)
        self.version = version


REQUIREMENTS = Registry(Requirement)


class GuestCaps:
    """The values that a guest's driver uses, and sets of numbers and names as sets.

    Attributes:
        sampler, render, vertexbuffer: numbers of formats.
    """

    def __init__(self, view: GuestView) -> None:
        self.view = view
        self.sampler: frozenset[int] = frozenset(bits_of(view["sampler.bitmask"].value))
        self.render: frozenset[int] = frozenset(bits_of(view["render.bitmask"].value))
        self.vertexbuffer: frozenset[int] = frozenset(bits_of(view["vertexbuffer.bitmask"].value))

    def value(self, path: str) -> Any:
        """What the driver uses; 0 if it ignores the field, or has none of that name."""
        if path in self.view.derived:
            return self.view.derived[path].value
        return (self.view[path].value if path in self.view else None) or 0

    def has_flag(self, word: str, name: str) -> bool:
        """Is a flag set in a word of flags?"""
        return bool(self.value(word) & flag(self.view.caps.fields[word], name))


def _at_least(path: str, least: int) -> tuple[str, _Check]:
    return f"{path} >= {least}", lambda caps: caps.value(path) >= least


def _flag(name: str) -> tuple[str, _Check]:
    return name, lambda caps: caps.has_flag("capability_bits", name)


def _flag_v2(name: str) -> tuple[str, _Check]:
    return name, lambda caps: caps.has_flag("capability_bits_v2", name)


def _bset(name: str) -> tuple[str, _Check]:
    return f"bset.{name}", lambda caps: bool(caps.value(f"v1.bset.{name}"))


def _sampled(*names: str) -> tuple[str, _Check]:
    numbers = _numbers(names)
    return f"sampler has {', '.join(names)}", lambda caps: caps.sampler >= numbers


def _sampled_one(*names: str) -> tuple[str, _Check]:
    numbers = _numbers(names)
    return f"sampler has one of {', '.join(names)}", lambda caps: bool(caps.sampler & numbers)


def _rendered(*names: str) -> tuple[str, _Check]:
    numbers = _numbers(names)
    return f"sampler and render have {', '.join(names)}", lambda caps: caps.sampler & caps.render >= numbers


def _fetched(*names: str) -> tuple[str, _Check]:
    numbers = _numbers(names)
    return f"vertexbuffer has {', '.join(names)}", lambda caps: caps.vertexbuffer >= numbers


def _numbers(names: tuple[str, ...]) -> frozenset[int]:
    return frozenset(format_number(name, FORMATS_OF) for name in names)


def _enough_samples(caps: GuestCaps) -> bool:
    return caps.value("v1.max_samples") >= 4 or bool(caps.value("fake_sw_msaa"))


def _enough_uniform_blocks(caps: GuestCaps) -> bool:
    size = caps.view["max_uniform_block_size"].value if "max_uniform_block_size" in caps.view else None
    return caps.value("max_uniform_blocks_per_stage") >= 12 and (size is None or size >= 16384)


SAMPLES = "max_samples >= 4, or 1, which the driver takes to fake them", _enough_samples
UNIFORM_BLOCKS = "max_uniform_blocks >= 13, max_uniform_block_size >= 16384", _enough_uniform_blocks
BUFFER_STORAGE: tuple[str, _Check] = (
    "ARB_BUFFER_STORAGE, with blob resources in host-visible memory",
    lambda caps: bool(caps.value("arb_buffer_storage")),
)

# By version: what needs it, an extension if it is no limit of version.c; and what it needs of the capset
NEEDED: dict[tuple[int, int], dict[str, tuple[str, _Check]]] = {
    (2, 1): {
        "EXT_texture_sRGB": _sampled_one("A8B8G8R8_SRGB", "B8G8R8A8_SRGB", "R8G8B8A8_SRGB"),
    },
    (3, 0): {
        "GLSL 1.30": _at_least("v1.glsl_level", 130),
        "MAX_COLOR_ATTACHMENTS": _at_least("v1.max_render_targets", 4),
        "MAX_SAMPLES": SAMPLES,
        "ARB_depth_buffer_float": _sampled("Z32_FLOAT", "Z32_FLOAT_S8X24_UINT"),
        "ARB_texture_float": _rendered("R32G32B32A32_FLOAT", "R16G16B16A16_FLOAT"),
        "ARB_texture_rg": _rendered("R8_UNORM", "R8G8_UNORM"),
        "EXT_draw_buffers2": _bset("indep_blend_enable"),
        "EXT_framebuffer_sRGB": _flag("SRGB_WRITE_CONTROL"),
        "EXT_packed_float": _rendered("R11G11B10_FLOAT"),
        "EXT_texture_shared_exponent": _sampled("R9G9B9E5_FLOAT"),
        "EXT_texture_array": _at_least("v1.max_texture_array_layers", 1),
        "EXT_transform_feedback": _at_least("v1.max_streamout_buffers", 1),
        "NV_conditional_render": _bset("conditional_render"),
        "EXT_framebuffer_multisample": _bset("texture_multisample"),
    },
    (3, 1): {
        "GLSL 1.40": _at_least("v1.glsl_level", 140),
        "ARB_texture_buffer_object": _at_least("v1.max_tbo_size", 1),
        "ARB_uniform_buffer_object": UNIFORM_BLOCKS,
        "EXT_texture_snorm": _sampled("R8G8B8A8_SNORM"),
        "NV_primitive_restart": _bset("primitive_restart"),
        "MAX_TEXTURE_IMAGE_UNITS": _at_least("max_texture_samplers", 16),
    },
    (3, 2): {
        "GLSL 1.50": _at_least("v1.glsl_level", 150),
        "ARB_depth_clamp": _bset("depth_clip_disable"),
        "ARB_seamless_cube_map": _bset("seamless_cube_map"),
    },
    (3, 3): {
        "GLSL 3.30": _at_least("v1.glsl_level", 330),
        "ARB_blend_func_extended": _at_least("v1.max_dual_source_render_targets", 1),
        "ARB_texture_rgb10_a2ui": _sampled_one("R10G10B10A2_UINT", "B10G10R10A2_UINT"),
    },
    (4, 0): {
        "GLSL 4.00": _at_least("v1.glsl_level", 400),
        "ARB_draw_buffers_blend": _bset("indep_blend_func"),
        "ARB_draw_indirect": _bset("has_indirect_draw"),
        "ARB_gpu_shader_fp64": _bset("has_fp64"),
        "ARB_sample_shading": _bset("has_sample_shading"),
        "ARB_tessellation_shader": _bset("has_tessellation_shaders"),
        "ARB_texture_buffer_object_rgb32": _sampled("R32G32B32_FLOAT", "R32G32B32_UINT", "R32G32B32_SINT"),
        "ARB_texture_cube_map_array": _bset("cube_map_array"),
        "ARB_texture_query_lod": _bset("texture_query_lod"),
        "ARB_transform_feedback2": _bset("streamout_pause_resume"),
    },
    (4, 1): {
        "GLSL 4.10": _at_least("v1.glsl_level", 410),
        "MAX_TEXTURE_SIZE": _at_least("max_texture_2d_size", 16384),
        "ARB_viewport_array": _at_least("v1.max_viewports", 16),
    },
    (4, 2): {
        "GLSL 4.20": _at_least("v1.glsl_level", 420),
        "ARB_base_instance": _bset("start_instance"),
        "ARB_shader_image_load_store": _at_least("max_shader_image_frag_compute", 1),
    },
    (4, 3): {
        "GLSL 4.30": _at_least("v1.glsl_level", 430),
        "MAX_UNIFORM_BLOCKS": _at_least("v1.max_uniform_blocks", 15),
        "ARB_compute_shader": _flag("COMPUTE_SHADER"),
        "MAX_COMPUTE_WORK_GROUP_INVOCATIONS": _at_least("max_compute_work_group_invocations", 1024),
        "ARB_copy_image": _flag("COPY_IMAGE"),
        "ARB_framebuffer_no_attachments": _flag("FB_NO_ATTACH"),
        "ARB_robust_buffer_access_behavior": _flag("ROBUST_BUFFER_ACCESS"),
        "ARB_shader_storage_buffer_object": _at_least("max_shader_buffer_frag_compute", 1),
        "SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT": _at_least("shader_buffer_offset_alignment", 1),
        "ARB_stencil_texturing": _sampled_one("X24S8_UINT", "S8X24_UINT"),
        "ARB_texture_buffer_range": _at_least("texture_buffer_offset_alignment", 1),
        "ARB_texture_view": _flag("TEXTURE_VIEW"),
        "ARB_ES3_compatibility": _sampled(
            "R8G8B8A8_UNORM", "R8G8B8A8_SRGB", "R16_UNORM", "R16G16_UNORM", "R16_SNORM", "R16G16_SNORM"
        ),
    },
    (4, 4): {
        "GLSL 4.40": _at_least("v1.glsl_level", 440),
        "MAX_VERTEX_ATTRIB_STRIDE": _at_least("max_vertex_attrib_stride", 2048),
        "ARB_buffer_storage": BUFFER_STORAGE,
        "ARB_enhanced_layouts": _flag("TGSI_COMPONENTS"),
        "ARB_query_buffer_object": _flag("QBO"),
        "ARB_texture_mirror_clamp_to_edge": _flag_v2("MIRROR_CLAMP_TO_EDGE"),
        "ARB_vertex_type_10f_11f_11f_rev": _fetched("R11G11B10_FLOAT"),
    },
    (4, 5): {
        "GLSL 4.50": _at_least("v1.glsl_level", 450),
        "ARB_clip_control": _flag("CLIP_HALFZ"),
        "ARB_conditional_render_inverted": _bset("conditional_render_inverted"),
        "ARB_cull_distance": _bset("has_cull"),
        "ARB_derivative_control": _bset("derivative_control"),
        "ARB_shader_texture_image_samples": _flag("TXQS"),
        "NV_texture_barrier": _flag("TEXTURE_BARRIER"),
    },
    (4, 6): {
        "GLSL 4.60": _at_least("v1.glsl_level", 460),
        "ARB_indirect_parameters": _flag("INDIRECT_PARAMS"),
        "ARB_polygon_offset_clamp": _bset("polygon_offset_clamp"),
        "ARB_shader_draw_parameters": _flag_v2("DRAW_PARAMETERS"),
        "ARB_shader_group_vote": _flag_v2("GROUP_VOTE"),
        "ARB_texture_filter_anisotropic": _at_least("max_anisotropy", 16),
        "ARB_transform_feedback_overflow_query": _bset("transform_feedback_overflow_query"),
    },
}

for _version, _row in NEEDED.items():
    for _name, (_reason, _check) in _row.items():
        _is_limit = _name.startswith(("GLSL", "MAX_"))
        REQUIREMENTS.rule(_reason, VERSION if _is_limit else EXTENSIONS, 2, name=_name, version=_version)(_check)
