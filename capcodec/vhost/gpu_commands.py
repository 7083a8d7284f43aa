"""Commands to a virtio-gpu device besides those about capsets, as far as a device that draws nothing reads them.

Layouts and numbers: Linux ``include/uapi/linux/virtio_gpu.h`` (@d499effe1d55).
"""

from __future__ import annotations

from ..schema import struct, u8, u32, u64
from ..structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._classes import _AnyStruct

HEADER = "linux/include/uapi/linux/virtio_gpu.h"

VIRTIO_GPU_CMD_GET_DISPLAY_INFO = 0x0100
VIRTIO_GPU_CMD_RESOURCE_CREATE_2D = 0x0101
VIRTIO_GPU_CMD_RESOURCE_UNREF = 0x0102
VIRTIO_GPU_CMD_SET_SCANOUT = 0x0103
VIRTIO_GPU_CMD_RESOURCE_FLUSH = 0x0104
VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D = 0x0105
VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING = 0x0106
VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING = 0x0107
VIRTIO_GPU_CMD_GET_EDID = 0x010A
VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID = 0x010B
VIRTIO_GPU_CMD_CTX_CREATE = 0x0200
VIRTIO_GPU_CMD_CTX_DESTROY = 0x0201
VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE = 0x0202
VIRTIO_GPU_CMD_CTX_DETACH_RESOURCE = 0x0203
VIRTIO_GPU_CMD_RESOURCE_CREATE_3D = 0x0204
VIRTIO_GPU_CMD_TRANSFER_TO_HOST_3D = 0x0205
VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D = 0x0206
VIRTIO_GPU_CMD_SUBMIT_3D = 0x0207
VIRTIO_GPU_CMD_UPDATE_CURSOR = 0x0300
VIRTIO_GPU_CMD_MOVE_CURSOR = 0x0301
VIRTIO_GPU_RESP_OK_NODATA = 0x1100
VIRTIO_GPU_RESP_OK_DISPLAY_INFO = 0x1101
VIRTIO_GPU_RESP_OK_EDID = 0x1104

VIRTIO_GPU_FLAG_FENCE = 1
VIRTIO_GPU_MAX_SCANOUTS = 16
NAMES = {value: name.removeprefix("VIRTIO_GPU_CMD_") for name, value in list(globals().items()) if "_CMD_" in name}

# What a query of Mesa's waits for: a buffer of this size, of which the host sets the state (virgl_protocol.h)
VIRGL_BIND_CUSTOM = 1 << 17
VIRGL_QUERY_STATE_DONE = 1
VirglHostQueryState: type[_AnyStruct] = define(
    struct(
        "virgl_host_query_state",
        u32("query_state", "VIRGL_QUERY_STATE_*"),
        u32("result_size", "4 or 8", unit="bytes"),
        u64("result", "what was counted or measured"),
        doc="The result of a query",
        header="virglrenderer/src/virgl_protocol.h",
    )
)

VirtioGpuResourceCreate3d: type[_AnyStruct] = define(
    struct(
        "virtio_gpu_resource_create_3d",
        u8("hdr[24]", "header"),
        u32("resource_id", "number of the new resource"),
        u32("target", "PIPE_BUFFER or PIPE_TEXTURE_*"),
        u32("format", "VIRGL_FORMAT_*"),
        u32("bind", "VIRGL_BIND_*"),
        u32("width", "texels, or bytes of a buffer"),
        u32("height", "texels"),
        u32("depth", "texels"),
        u32("array_size", "layers"),
        u32("last_level", "number of the smallest mipmap"),
        u32("nr_samples", "samples of a texel"),
        u32("flags", "VIRTIO_GPU_RESOURCE_FLAG_*"),
        u32("padding", "not used"),
        doc="Command: create a resource",
        header=HEADER,
    )
)

VirtioGpuResourceAttachBacking: type[_AnyStruct] = define(
    struct(
        "virtio_gpu_resource_attach_backing",
        u8("hdr[24]", "header"),
        u32("resource_id", "which resource"),
        u32("nr_entries", "number of virtio_gpu_mem_entry behind this"),
        doc="Command: give a resource memory of the guest",
        header=HEADER,
    )
)

VirtioGpuMemEntry: type[_AnyStruct] = define(
    struct(
        "virtio_gpu_mem_entry",
        u64("addr", "the guest's physical address"),
        u32("length", "bytes"),
        u32("padding", "not used"),
        doc="A piece of a resource's memory",
        header=HEADER,
    )
)

VirtioGpuTransferHost3d: type[_AnyStruct] = define(
    struct(
        "virtio_gpu_transfer_host_3d",
        u8("hdr[24]", "header"),
        u32("box[6]", "x, y, z, width, height, depth"),
        u64("offset", "in the resource's memory", unit="bytes"),
        u32("resource_id", "which resource"),
        u32("level", "which mipmap"),
        u32("stride", "of a row", unit="bytes"),
        u32("layer_stride", "of a layer", unit="bytes"),
        doc="Command: copy from or to a resource",
        header=HEADER,
    )
)
