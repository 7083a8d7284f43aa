"""What to lower in a baseline where guests would assume more than a host has.

A low ``host_feature_check_version`` makes them assume much, and it cannot be raised. So another field is lowered, on
which the assumption rests.
"""

from __future__ import annotations

from ..meaning.gl_needs import WITH_CONST_BUFFER_SIZE
from ..meaning.mesa_rules import PIPE_SHADER_COMPUTE, PIPE_SHADER_FRAGMENT
from .promises import GL, MULTISAMPLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..structs._classes import Struct

LEAST_OUTPUTS = 16  # vec4 that a vertex shader has in every OpenGL


def repair(caps: Struct, field: str, has: Any) -> bool:
    """Lower what makes guests take more of a field than there is. False if nothing does."""
    name = field.removeprefix(GL).removeprefix("ES ")
    if field == MULTISAMPLE:
        caps["v1.max_samples"] = int(caps["v1.max_samples"] > 3)  # 1 makes the driver fake samples
    elif name.startswith(("MAX_SAMPLES", "ARB_texture_multisample")):
        caps["v1.max_samples"] = 0
    elif name.startswith("ARB_framebuffer_no_attachments"):
        caps["capability_bits.FB_NO_ATTACH"] = 0
    elif "ATOMIC_COUNTER" in name.upper():  # which are made of storage buffers where the host has none
        for path in ("max_shader_buffer_frag_compute", *_BLOCKS):
            caps[path] = min(caps[path], 1)
    elif field in ("max_tcs_outputs", "max_tes_outputs"):
        if has < LEAST_OUTPUTS:
            caps["v1.bset.has_tessellation_shaders"] = 0
        else:
            caps["max_vertex_outputs"] = min(has, caps["max_vertex_outputs"])
    elif field.startswith("capability_bits_v2.MIRROR_CLAMP"):
        caps["v1.bset.mirror_clamp"] = 0
    elif field == "max_uniform_block_size" and caps["host_feature_check_version"] == WITH_CONST_BUFFER_SIZE:
        caps[f"max_const_buffer_size[{PIPE_SHADER_FRAGMENT}]"] = has
    else:
        return False
    return True


_BLOCKS = [f"max_shader_storage_blocks[{stage}]" for stage in (PIPE_SHADER_FRAGMENT, PIPE_SHADER_COMPUTE)]
