"""The ioctls by which a guest's userspace asks its kernel about capsets, on a virtio-gpu render node.

The structs are little-endian, as all of this package's. The kernel of a big-endian machine wants their words swapped,
which :mod:`capcodec.sources.render_node` does. Layouts and numbers: Linux 7.2's ``include/uapi/drm/virtgpu_drm.h``,
``drm.h`` and ``asm-generic/ioctl.h``.
"""

from __future__ import annotations

from ..schema import struct, u32, u64
from ..structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._classes import Struct, _AnyStruct

HEADER = "linux/include/uapi/drm/virtgpu_drm.h"

VIRTGPU_PARAM_3D_FEATURES = 1
VIRTGPU_PARAM_CAPSET_QUERY_FIX = 2
VIRTGPU_PARAM_RESOURCE_BLOB = 3
VIRTGPU_PARAM_HOST_VISIBLE = 4
VIRTGPU_PARAM_CROSS_DEVICE = 5
VIRTGPU_PARAM_CONTEXT_INIT = 6
VIRTGPU_PARAM_SUPPORTED_CAPSET_IDs = 7
VIRTGPU_PARAM_EXPLICIT_DEBUG_NAME = 8
VIRTGPU_PARAM_BLOB_ALIGNMENT = 9

VIRTGPU_PARAM = {
    value: name.removeprefix("VIRTGPU_PARAM_")
    for name, value in list(globals().items())
    if name.startswith("VIRTGPU_PARAM_")
}

VIRTGPU_CONTEXT_PARAM = {1: "CAPSET_ID", 2: "NUM_RINGS", 3: "POLL_RINGS_MASK", 4: "DEBUG_NAME"}

DrmVirtgpuGetparam: type[_AnyStruct] = define(
    struct(
        "drm_virtgpu_getparam",
        u64("param", "the parameter's number, VIRTGPU_PARAM_*"),
        u64("value", "address of the value; the kernel writes only the lower 4 bytes of the 8 there"),
        doc="Argument of DRM_IOCTL_VIRTGPU_GETPARAM",
        header=HEADER,
    )
)

DrmVirtgpuGetCaps: type[_AnyStruct] = define(
    struct(
        "drm_virtgpu_get_caps",
        u32("cap_set_id", "which capset"),
        u32("cap_set_ver", "which version of it, at most the capset's max_version"),
        u64("addr", "address that the kernel copies the capset to"),
        u32(
            "size",
            "bytes that the caller has room for; before Linux 4.16 the kernel ignored it and copied the host's size",
            unit="bytes",
        ),
        u32("pad", "not used"),
        doc="Argument of DRM_IOCTL_VIRTGPU_GET_CAPS",
        header=HEADER,
    )
)

DrmVirtgpuContextSetParam: type[_AnyStruct] = define(
    struct(
        "drm_virtgpu_context_set_param",
        u64("param", "the parameter's number, VIRTGPU_CONTEXT_PARAM_*"),
        u64("value", "the parameter's value"),
        doc="One parameter of a context",
        header=HEADER,
    )
)

DrmVirtgpuContextInit: type[_AnyStruct] = define(
    struct(
        "drm_virtgpu_context_init",
        u32("num_params", "number of structs at ctx_set_params"),
        u32("pad", "not used"),
        u64("ctx_set_params", "address of the first drm_virtgpu_context_set_param"),
        doc="Argument of DRM_IOCTL_VIRTGPU_CONTEXT_INIT",
        header=HEADER,
    )
)


def _iowr(number: int, cls: type[Struct]) -> int:
    """``DRM_IOWR(DRM_COMMAND_BASE + number, cls)``: direction (read and write), size, type ``d``, number."""
    return 3 << 30 | cls.size << 16 | ord("d") << 8 | 0x40 + number


DRM_IOCTL_VIRTGPU_GETPARAM = _iowr(0x03, DrmVirtgpuGetparam)
DRM_IOCTL_VIRTGPU_GET_CAPS = _iowr(0x09, DrmVirtgpuGetCaps)
DRM_IOCTL_VIRTGPU_CONTEXT_INIT = _iowr(0x0B, DrmVirtgpuContextInit)
