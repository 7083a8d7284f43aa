"""Which OpenGL a guest can have, and what keeps it from the next version.

Requirements: Mesa's ``src/mesa/main/version.c`` (@222b8532) and ``src/mesa/state_tracker/st_extensions.c`` (@035d837a),
as far as a capset decides. Tests break those up to 4.3 one by one, and Mesa 22.3.6 agrees; what it does without is left
out. Those from 4.4 on need memory that a vtest guest cannot map, and are as read.
"""

from __future__ import annotations

from typing import NamedTuple

from ..capsets.virgl import VIRGL_CAP, VIRGL_CAP_V2
from .guest_view import guest_view
from .walk import bits_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from .guest_view import GuestView

    Check: TypeAlias = Callable[["Caps"], bool]


class Caps:
    """A guest's view, with its sets as sets."""

    def __init__(self, view: GuestView) -> None:
        self.view = view
        self.sampler, self.render, self.vertexbuffer = (
            set(bits_of(view[f"v1.{name}.bitmask"].value)) for name in ("sampler", "render", "vertexbuffer")
        )
        self.bits = {VIRGL_CAP[bit] for bit in bits_of([self.value("capability_bits")]) if bit in VIRGL_CAP}
        words = [self.value("capability_bits_v2")]
        self.bits |= {VIRGL_CAP_V2[bit] for bit in bits_of(words) if bit in VIRGL_CAP_V2}

    def value(self, path: str) -> Any:
        """What the driver uses; 0 if it ignores the field, or has none."""
        if path in self.view.derived:
            return self.view.derived[path].value
        return (self.view[path].value if path in self.view else None) or 0


class Requirement(NamedTuple):
    """One thing that a version needs.

    Attributes:
        version: the first that needs it, as ``(4, 3)``.
        text: what it is, by the names of fields, flags and numbers of formats.
        holds: does it?
    """

    version: tuple[int, int]
    text: str
    holds: Check


def _at_least(path: str, least: float) -> tuple[str, Check]:
    return f"{path} >= {least}", lambda caps: caps.value(path) >= least


def _flag(name: str) -> tuple[str, Check]:
    return name, lambda caps: name in caps.bits


def _bset(name: str) -> tuple[str, Check]:
    return f"bset.{name}", lambda caps: bool(caps.value(f"v1.bset.{name}"))


def _sampled(*numbers: int) -> tuple[str, Check]:
    return f"sampler has {', '.join(map(str, numbers))}", lambda caps: caps.sampler.issuperset(numbers)


def _sampled_one(*numbers: int) -> tuple[str, Check]:
    return f"sampler has one of {', '.join(map(str, numbers))}", lambda caps: bool(caps.sampler & set(numbers))


def _rendered(*numbers: int) -> tuple[str, Check]:
    return (
        f"sampler and render have {', '.join(map(str, numbers))}",
        lambda caps: (caps.sampler & caps.render).issuperset(numbers),
    )


def _enough_uniform_blocks(caps: Caps) -> bool:
    size = caps.view["max_uniform_block_size"].value if "max_uniform_block_size" in caps.view else None
    return caps.value("max_uniform_blocks_per_stage") >= 12 and (size is None or size >= 16384)


NEEDED: dict[tuple[int, int], tuple[tuple[str, Check], ...]] = {
    (2, 1): (_sampled_one(98, 100, 104),),
    (3, 0): (
        _at_least("v1.glsl_level", 130),
        _at_least("v1.max_render_targets", 4),
        ("max_samples >= 4, or 1, which fakes them", lambda caps: caps.value("v1.max_samples") not in (0, 2, 3)),
        _sampled(18, 126),
        _sampled(31, 94),
        _rendered(64, 65),
        _bset("indep_blend_enable"),
        _flag("SRGB_WRITE_CONTROL"),
        _sampled(124, 125),
        _at_least("v1.max_texture_array_layers", 1),
        _at_least("v1.max_streamout_buffers", 1),
        _bset("conditional_render"),
        _bset("texture_multisample"),
    ),
    (3, 1): (
        _at_least("v1.glsl_level", 140),
        _at_least("v1.max_tbo_size", 1),
        ("max_uniform_blocks >= 13, max_uniform_block_size >= 16384", _enough_uniform_blocks),
        _sampled(77),
        _bset("primitive_restart"),
        _at_least("max_texture_samplers", 16),
    ),
    (3, 2): (
        _at_least("v1.glsl_level", 150),
        _bset("depth_clip_disable"),
        _bset("seamless_cube_map"),
    ),
    (3, 3): (
        _at_least("v1.glsl_level", 330),
        _at_least("v1.max_dual_source_render_targets", 1),
        _sampled_one(253, 225),
    ),
    (4, 0): (
        _at_least("v1.glsl_level", 400),
        _bset("indep_blend_func"),
        _bset("has_indirect_draw"),
        _bset("has_fp64"),
        _bset("has_sample_shading"),
        _bset("has_tessellation_shaders"),
        _sampled(30, 195, 199),
        _bset("cube_map_array"),
        _bset("texture_query_lod"),
        _bset("streamout_pause_resume"),
    ),
    (4, 1): (
        _at_least("v1.glsl_level", 410),
        _at_least("max_texture_2d_size", 16384),
        _at_least("v1.max_viewports", 16),
    ),
    (4, 2): (
        _at_least("v1.glsl_level", 420),
        _bset("start_instance"),
        _at_least("max_shader_image_frag_compute", 1),
    ),
    (4, 3): (
        _at_least("v1.glsl_level", 430),
        _at_least("v1.max_uniform_blocks", 15),
        _flag("COMPUTE_SHADER"),
        _at_least("max_compute_work_group_invocations", 1024),
        _flag("COPY_IMAGE"),
        _flag("FB_NO_ATTACH"),
        _flag("ROBUST_BUFFER_ACCESS"),
        _at_least("max_shader_buffer_frag_compute", 1),
        _at_least("shader_buffer_offset_alignment", 1),
        _sampled_one(136, 137),
        _at_least("texture_buffer_offset_alignment", 1),
        _flag("TEXTURE_VIEW"),
        _sampled(67, 104, 48, 49, 56, 57),
    ),
    (4, 4): (
        _at_least("v1.glsl_level", 440),
        _at_least("max_vertex_attrib_stride", 2048),
        (
            "ARB_BUFFER_STORAGE, with blob resources in host-visible memory",
            lambda caps: caps.value("arb_buffer_storage"),
        ),
        _flag("TGSI_COMPONENTS"),
        _flag("QBO"),
        _flag("MIRROR_CLAMP_TO_EDGE"),
        ("vertexbuffer has 124", lambda caps: 124 in caps.vertexbuffer),
    ),
    (4, 5): (
        _at_least("v1.glsl_level", 450),
        _flag("CLIP_HALFZ"),
        _bset("conditional_render_inverted"),
        _bset("has_cull"),
        _bset("derivative_control"),
        _flag("TXQS"),
        _flag("TEXTURE_BARRIER"),
    ),
    (4, 6): (
        _at_least("v1.glsl_level", 460),
        _flag("INDIRECT_PARAMS"),
        _bset("polygon_offset_clamp"),
        _flag("DRAW_PARAMETERS"),
        _flag("GROUP_VOTE"),
        _at_least("max_anisotropy", 16),
        _bset("transform_feedback_overflow_query"),
    ),
}

REQUIREMENTS = [Requirement(version, text, holds) for version, row in NEEDED.items() for text, holds in row]


class Verdict(NamedTuple):
    """Which version a guest has.

    Attributes:
        version: the highest, of the core profile from 3.1 on.
        missing: what the versions above need and have not, in their order.
    """

    version: tuple[int, int]
    missing: tuple[Requirement, ...]


def gl(blob: Any, *, coherent: bool = True) -> Verdict:
    """The version of OpenGL that a guest makes of capset 2, or of capset 1 alone.

    Args:
        blob: a host's bytes.
        coherent: can the guest map host memory coherently? See ``guest_view``.

    Raises:
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    caps = Caps(guest_view(blob, capset_id=2, coherent=coherent))
    missing = tuple(requirement for requirement in REQUIREMENTS if not requirement.holds(caps))
    versions = [(2, 0), *NEEDED]
    first = min((requirement.version for requirement in missing), default=None)
    return Verdict(versions[-1] if first is None else versions[versions.index(first) - 1], missing)
