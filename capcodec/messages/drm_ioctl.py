"""What a guest's userspace asks its kernel: ioctls of a virtio-gpu render node.

Layouts and numbers: Linux ``include/uapi/drm/virtgpu_drm.h`` (@01be83ee), ``drm.h`` and ``asm-generic/ioctl.h``.
"""

from __future__ import annotations

from ..schema import struct, u32, u64
from ..structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._core import Struct

HEADER = "linux/include/uapi/drm/virtgpu_drm.h"

VIRTGPU_PARAM = {
    1: "3D_FEATURES",
    2: "CAPSET_QUERY_FIX",
    3: "RESOURCE_BLOB",
    4: "HOST_VISIBLE",
    5: "CROSS_DEVICE",
    6: "CONTEXT_INIT",
    7: "SUPPORTED_CAPSET_IDs",
    8: "EXPLICIT_DEBUG_NAME",
}

VIRTGPU_CONTEXT_PARAM = {1: "CAPSET_ID", 2: "NUM_RINGS", 3: "POLL_RINGS_MASK", 4: "DEBUG_NAME"}

DrmVirtgpuGetparam = define(
    struct(
        "drm_virtgpu_getparam",
        u64("param", "VIRTGPU_PARAM_*"),
        u64("value", "address of the value, of which the kernel writes the lower 4 bytes"),
        doc="Of DRM_IOCTL_VIRTGPU_GETPARAM",
        header=HEADER,
    )
)

DrmVirtgpuGetCaps = define(
    struct(
        "drm_virtgpu_get_caps",
        u32("cap_set_id", "which capset"),
        u32("cap_set_ver", "version, at most the capset's max_version"),
        u64("addr", "where to put it"),
        u32("size", "room there; before Linux 4.16 the kernel put the host's size, whatever this is", unit="bytes"),
        u32("pad", "not used"),
        doc="Of DRM_IOCTL_VIRTGPU_GET_CAPS",
        header=HEADER,
    )
)

DrmVirtgpuContextSetParam = define(
    struct(
        "drm_virtgpu_context_set_param",
        u64("param", "VIRTGPU_CONTEXT_PARAM_*"),
        u64("value", "its value"),
        doc="One parameter of a context",
        header=HEADER,
    )
)

DrmVirtgpuContextInit = define(
    struct(
        "drm_virtgpu_context_init",
        u32("num_params", "how many parameters follow"),
        u32("pad", "not used"),
        u64("ctx_set_params", "address of that many drm_virtgpu_context_set_param"),
        doc="Of DRM_IOCTL_VIRTGPU_CONTEXT_INIT",
        header=HEADER,
    )
)


def _iowr(number: int, cls: type[Struct]) -> int:
    """DRM_IOWR of a driver's command: read and written, bytes, ``d``, number."""
    return 3 << 30 | cls.size << 16 | ord("d") << 8 | 0x40 + number


DRM_IOCTL_VIRTGPU_GETPARAM = _iowr(0x03, DrmVirtgpuGetparam)
DRM_IOCTL_VIRTGPU_GET_CAPS = _iowr(0x09, DrmVirtgpuGetCaps)
DRM_IOCTL_VIRTGPU_CONTEXT_INIT = _iowr(0x0B, DrmVirtgpuContextInit)
