"""The classes of the capsets and of the structs within them, for annotations too.

Those of capsets 1 and 2 are made at once, the others when they are first asked for. ``classes.pyi`` tells type checkers
their fields; ``capcodec stubs`` writes it.
"""

from __future__ import annotations

from .capsets import virgl
from .registry import class_named
from .structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .structs._classes import Struct

VirglSupportedFormatMask = define(virgl.virgl_supported_format_mask, module="capcodec")
VirglCapsBoolSet1 = define(virgl.virgl_caps_bool_set1, module="capcodec")
VirglVideoCaps = define(virgl.virgl_video_caps, module="capcodec")
VirglCapsV1 = define(virgl.virgl_caps_v1, module="capcodec")
VirglCapsV2 = define(virgl.virgl_caps_v2, module="capcodec")

_LATER = (
    "ComposerCapset",
    "CrossDomainCapabilities",
    "GlesCapset",
    "MagmaCapset",
    "VirglRendererCapsetApir",
    "VirglRendererCapsetDrm",
    "VirglRendererCapsetDrmAmdgpu",
    "VirglRendererCapsetDrmIntel",
    "VirglRendererCapsetDrmMsm",
    "VirglRendererCapsetDrmU",
    "VirglRendererCapsetVenus",
    "VulkanCapset",
)


def __getattr__(name: str) -> type[Struct]:
    """A class that is made only now."""
    found = class_named(name) if name in _LATER else None
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


__all__ = ["VirglCapsBoolSet1", "VirglCapsV1", "VirglCapsV2", "VirglSupportedFormatMask", "VirglVideoCaps", *_LATER]
