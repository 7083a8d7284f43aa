"""The capsets by their numbers, and the classes of the structs within them."""

from __future__ import annotations

from .capsets import virgl
from .define import define
from .errors import ArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._core import Struct

VirglSupportedFormatMask = define(virgl.virgl_supported_format_mask, module="capcodec")
VirglCapsBoolSet1 = define(virgl.virgl_caps_bool_set1, module="capcodec")
VirglVideoCaps = define(virgl.virgl_video_caps, module="capcodec")
VirglCapsV1 = define(virgl.virgl_caps_v1, module="capcodec")
VirglCapsV2 = define(virgl.virgl_caps_v2, module="capcodec")

CAPSETS: dict[int, type[Struct]] = {1: VirglCapsV1, 2: VirglCapsV2}


def capset_for(capset_id: int) -> type[Struct]:
    """The class of a capset.

    Raises:
        ArgumentError: no capset of that number is known.
    """
    if capset_id not in CAPSETS:
        raise ArgumentError(f"no capset {capset_id!r} is known; there are {', '.join(map(str, CAPSETS))}")
    return CAPSETS[capset_id]


def guess(size: int) -> type[Struct]:
    """The capset that ``size`` bytes most likely are, by its size steps; longer than any is a newer capset 2.

    Raises:
        ArgumentError: no capset ever had that size.
    """
    for cls in CAPSETS.values():
        if size in cls.size_steps:
            return cls
    if size > VirglCapsV2.size:
        return VirglCapsV2
    raise ArgumentError(f"no known capset ever had {size} bytes: say which it is")
