"""What a guest's kernel asks the VMM about capsets, and what it hears: a header of 24 bytes, then the rest.

Layouts and numbers: Linux ``include/uapi/linux/virtio_gpu.h`` (@d499effe1d55). All words are little-endian.

The field ``capset_id`` is ``message["capset_id"]`` or ``message.capset_id_``: the name as such is the class's own.
"""

from __future__ import annotations

from ..errors import MessageError, ResponseError
from ..schema import struct, u8, u32, u64
from ..structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Buffer

    from ..structs._core import Struct

HEADER = "linux/include/uapi/linux/virtio_gpu.h"

VIRTIO_GPU_CMD_GET_CAPSET_INFO = 0x0108
VIRTIO_GPU_CMD_GET_CAPSET = 0x0109
VIRTIO_GPU_RESP_OK_CAPSET_INFO = 0x1102
VIRTIO_GPU_RESP_OK_CAPSET = 0x1103
VIRTIO_GPU_RESP_ERR_UNSPEC = 0x1200
VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY = 0x1201
VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID = 0x1202
VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID = 0x1203
VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID = 0x1204
VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER = 0x1205

VIRTIO_GPU_CTRL_TYPE: dict[int, str] = {
    value: name for name, value in list(globals().items()) if name.startswith(("VIRTIO_GPU_CMD_", "VIRTIO_GPU_RESP_"))
}

# Of context_init in the command CTX_CREATE: the bits that say which capset the context speaks
VIRTIO_GPU_CONTEXT_INIT_CAPSET_ID_MASK = 0x000000FF

_hdr = struct(
    "virtio_gpu_ctrl_hdr",
    u32("type", "VIRTIO_GPU_CMD_* or VIRTIO_GPU_RESP_*"),
    u32("flags", "VIRTIO_GPU_FLAG_*"),
    u64("fence_id", "of the fence, if a flag asks for one; a response repeats it"),
    u32("ctx_id", "which context; no matter to capsets"),
    u8("ring_idx", "which of the context's rings, if a flag says so"),
    u8("padding[3]", "not used"),
    doc="Before every command and every response",
    header=HEADER,
)

VirtioGpuCtrlHdr = define(_hdr)

VirtioGpuGetCapsetInfo = define(
    struct(
        "virtio_gpu_get_capset_info",
        _hdr("hdr", "VIRTIO_GPU_CMD_GET_CAPSET_INFO"),
        u32("capset_index", "below num_capsets of virtio_gpu_config; not an id"),
        u32("padding", "not used"),
        doc="Which capset is at this index?",
        header=HEADER,
    )
)

VirtioGpuRespCapsetInfo = define(
    struct(
        "virtio_gpu_resp_capset_info",
        _hdr("hdr", "VIRTIO_GPU_RESP_OK_CAPSET_INFO"),
        u32("capset_id", "which capset; 0 if there is none, which Linux takes for no answer"),
        u32("capset_max_version", "highest version that may be asked for"),
        u32("capset_max_size", "size of the capset", unit="bytes"),
        u32("padding", "not used"),
        doc="The capset at an index",
        header=HEADER,
    )
)

VirtioGpuGetCapset = define(
    struct(
        "virtio_gpu_get_capset",
        _hdr("hdr", "VIRTIO_GPU_CMD_GET_CAPSET"),
        u32("capset_id", "which capset"),
        u32("capset_version", "at most its capset_max_version"),
        doc="What is in this capset?",
        header=HEADER,
    )
)

# The header's flexible array, capset_data, is what lies behind the struct: its `tail`
VirtioGpuRespCapset = define(
    struct(
        "virtio_gpu_resp_capset",
        _hdr("hdr", "VIRTIO_GPU_RESP_OK_CAPSET"),
        doc="The header; the bytes of the capset follow",
        header=HEADER,
    )
)

VirtioGpuConfig = define(
    struct(
        "virtio_gpu_config",
        u32("events_read", "VIRTIO_GPU_EVENT_* that are pending"),
        u32("events_clear", "write here those that are dealt with"),
        u32("num_scanouts", "how many scanouts there are"),
        u32("num_capsets", "how many capsets there are, by index"),
        doc="The device's configuration space",
        header=HEADER,
    )
)

MESSAGES = {
    VIRTIO_GPU_CMD_GET_CAPSET_INFO: VirtioGpuGetCapsetInfo,
    VIRTIO_GPU_CMD_GET_CAPSET: VirtioGpuGetCapset,
    VIRTIO_GPU_RESP_OK_CAPSET_INFO: VirtioGpuRespCapsetInfo,
    VIRTIO_GPU_RESP_OK_CAPSET: VirtioGpuRespCapset,
}


def named(type_: int) -> str:
    """The name of a command or a response, with its number."""
    name = VIRTIO_GPU_CTRL_TYPE.get(type_)
    return f"{name} ({type_:#06x})" if name else f"type {type_:#06x}"


def capset_info_request(index: int) -> bytes:
    """The command GET_CAPSET_INFO, 32 bytes.

    Raises:
        FieldRangeError: the index does not fit its field.
    """
    return VirtioGpuGetCapsetInfo(hdr=_head(VIRTIO_GPU_CMD_GET_CAPSET_INFO), capset_index=index).pack()


def capset_info_response(capset_id: int, max_version: int, max_size: int) -> bytes:
    """The response to GET_CAPSET_INFO, 40 bytes.

    Args:
        capset_id: which capset.
        max_version: highest that may be asked for.
        max_size: of the capset, in bytes.

    Raises:
        FieldRangeError: one of them does not fit its field.
    """
    return VirtioGpuRespCapsetInfo(
        hdr=_head(VIRTIO_GPU_RESP_OK_CAPSET_INFO),
        capset_id=capset_id,
        capset_max_version=max_version,
        capset_max_size=max_size,
    ).pack()


def capset_request(capset_id: int, version: int) -> bytes:
    """The command GET_CAPSET, 32 bytes.

    Raises:
        FieldRangeError: id or version does not fit its field.
    """
    return VirtioGpuGetCapset(hdr=_head(VIRTIO_GPU_CMD_GET_CAPSET), capset_id=capset_id, capset_version=version).pack()


def capset_response(data: bytes) -> bytes:
    """The response to GET_CAPSET: 24 bytes, then the capset."""
    return _head(VIRTIO_GPU_RESP_OK_CAPSET).pack() + data


def error_response(code: int) -> bytes:
    """The response to anything that failed, 24 bytes.

    Args:
        code: VIRTIO_GPU_RESP_ERR_*.

    Raises:
        MessageError: it is none of them.
    """
    if not VIRTIO_GPU_CTRL_TYPE.get(code, "").startswith("VIRTIO_GPU_RESP_ERR_"):
        raise MessageError(f"expected one of VIRTIO_GPU_RESP_ERR_*, got {named(code)}")
    return _head(code).pack()


def decode(buffer: Buffer) -> Struct:
    """A command or a response about capsets, whole and with nothing behind it.

    Returns:
        The struct of its type. What a response to GET_CAPSET brought is its ``tail``, however long.

    Raises:
        ResponseError: it says that the VMM failed; the message names the error.
        MessageError: it is cut short, or too long, or of another type; the message says at which byte.
        BufferAccessError: it is no buffer.
    """
    head = VirtioGpuCtrlHdr.unpack(buffer)
    if head.valid_size < VirtioGpuCtrlHdr.size:
        raise _cut_short(VirtioGpuCtrlHdr, head.valid_size)
    if head.type >= VIRTIO_GPU_RESP_ERR_UNSPEC:  # as Linux tells, which knows no last error either
        raise ResponseError(f"the VMM answers {named(head.type)}", head.type)
    cls = MESSAGES.get(head.type)
    if cls is None:
        expected = ", ".join(map(named, MESSAGES))
        raise MessageError(f"{head.name}: expected at byte 0 one of {expected}, got {named(head.type)}")
    message = cls.unpack(head.pack())
    if message.valid_size < cls.size:
        raise _cut_short(cls, message.valid_size)
    if message.tail and cls is not VirtioGpuRespCapset:
        raise MessageError(f"{cls.name}: expected the end at byte {cls.size}, got {len(message.tail)} bytes more")
    return message


def capset_of(buffer: Buffer) -> bytes:
    """The capset in the response to GET_CAPSET.

    Raises:
        ResponseError: the VMM failed.
        MessageError: it is another message, or none that :func:`decode` takes.
        BufferAccessError: it is no buffer.
    """
    message = decode(buffer)
    if not isinstance(message, VirtioGpuRespCapset):
        expected = named(VIRTIO_GPU_RESP_OK_CAPSET)
        raise MessageError(f"{message.name}: expected {expected} at byte 0, got {named(message.hdr.type)}")
    return message.tail


def _head(type_: int) -> Struct:
    return VirtioGpuCtrlHdr(type=type_)


def _cut_short(cls: type[Struct], size: int) -> MessageError:
    return MessageError(f"{cls.name}: ends at byte {size}, expected {cls.size} bytes")
