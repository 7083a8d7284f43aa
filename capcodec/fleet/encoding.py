"""The capset for what several hosts promise together, and what is lowered so that guests take no more of it.

A low ``host_feature_check_version`` makes guests assume much, and it cannot be raised. So another field is lowered, on
which the assumption rests.
"""

from __future__ import annotations

from ..meaning.gl_needs import WITH_CONST_BUFFER_SIZE
from ..meaning.mesa_rules import PIPE_SHADER_COMPUTE, PIPE_SHADER_FRAGMENT
from ..registry import find
from .promises import (
    CONFLICT,
    EXTENSIONS,
    GL,
    MULTISAMPLE,
    NO_ATTACHMENTS,
    TOLD_BY_SAMPLER,
    Excess,
    excess,
    seen,
    struct_of,
    write,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..structs._classes import Struct
    from .promises import _Promises

LEAST_OUTPUTS = 16  # vec4 that a vertex shader has in every OpenGL


def encoded(capset_id: int, size: int, told: _Promises, least: Mapping[str, _Promises]) -> tuple[Struct, list[Excess]]:
    """A capset, and where guests would still take too much of it.

    Args:
        capset_id: of which.
        size: bytes that it has at least; it ends at a size step.
        told: what it shall tell.
        least: what guests may take, by their Mesa.
    """
    made = struct_of(capset_id).zeros()
    for path, value in told.items():
        if value == CONFLICT:
            return made, [Excess("", path, None, None)]
    write(told, made)
    if EXTENSIONS in told and not made[EXTENSIONS][0] & 1:
        made[EXTENSIONS] = [0] * 32  # all are allowed, and guests look no further
    for path in TOLD_BY_SAMPLER:
        if path in told and not told[path] & ~1:
            made[f"{path}[0]"] = 1  # VIRGL_FORMAT_NONE is no format, and zeros mean all that can be sampled
    cls = find(capset_id).cls
    size = min(step for step in cls.size_steps if step >= size)
    tried: set[str] = set()
    while True:
        data = made.pack()[:size]
        taken = seen(data, capset_id)
        over = [each for mesa in taken for each in excess(mesa, taken[mesa], least[mesa], type(made))]
        for each in over:
            if repr(each) not in tried and _lower(made, each):
                tried.add(repr(each))
                break
        else:
            return cls.unpack(data), over


def _lower(caps: Struct, over: Excess) -> bool:
    """Lower what makes guests take more of a field than there is. False if nothing does."""
    field, has = over.field, over.has
    needs = " ".join(over.promised) if field == GL else ""
    if field == MULTISAMPLE:
        caps["v1.max_samples"] = int(caps["v1.max_samples"] > 3)  # 1 makes the driver fake samples
    elif "MAX_SAMPLES" in needs or "ARB_texture_multisample" in needs:
        caps["v1.max_samples"] = 0
    elif field == NO_ATTACHMENTS:
        caps["capability_bits.FB_NO_ATTACH"] = 0
    elif "atomic_counter" in needs.lower():  # which are made of storage buffers where the host has none
        for path in ("max_shader_buffer_frag_compute", *_BLOCKS):
            caps[path] = min(caps[path], 1)
    elif field in ("max_tcs_outputs", "max_tes_outputs"):
        if has < LEAST_OUTPUTS:
            caps["v1.bset.has_tessellation_shaders"] = 0
        else:
            caps["max_vertex_outputs"] = min(has, caps["max_vertex_outputs"])
    elif field == "capability_bits_v2" and "MIRROR_CLAMP" in over.promised[0]:
        caps["v1.bset.mirror_clamp"] = 0
    elif field == "max_uniform_block_size" and caps["host_feature_check_version"] == WITH_CONST_BUFFER_SIZE:
        caps[f"max_const_buffer_size[{PIPE_SHADER_FRAGMENT}]"] = has
    else:
        return False
    return True


_BLOCKS = [f"max_shader_storage_blocks[{stage}]" for stage in (PIPE_SHADER_FRAGMENT, PIPE_SHADER_COMPUTE)]
