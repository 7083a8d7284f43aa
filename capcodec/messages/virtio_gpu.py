"""The commands by which a guest's kernel asks the VMM about capsets, and the VMM's responses.

Each message begins with a header of 24 bytes. All words are little-endian. Layouts and numbers: Linux
``include/uapi/linux/virtio_gpu.h`` (@d499effe1d55, and of Linux 7.2).

Read the field ``capset_id`` as ``message["capset_id"]`` or ``message.capset_id_``: every class has an attribute
``capset_id`` of its own.
"""

from __future__ import annotations

from ..errors import MessageError, ResponseError, wrong_buffer
from ..registry import MAX_CAPSET_SIZE as MAX_CAPSET_SIZE
from ..schema import step, struct, u8, u32, u64
from ..structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Buffer

    from ..structs._classes import Struct, _AnyStruct

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

# Bits of `context_init` in the command CTX_CREATE: the id of the capset that the context uses
VIRTIO_GPU_CONTEXT_INIT_CAPSET_ID_MASK = 0x000000FF

# What Linux makes of the responses: virtgpu_drv.h and virtgpu_kms.c (@d499effe1d55)
MAX_CAPSET_ID = 63  # a capset with a higher id costs the guest all its capsets
RESPONSE_TIMEOUT = 5  # seconds that the kernel waits for a response

# crosvm fills a response with ones before it asks for the capset at an index, and sends them if there is none
# (virtio_gpu.rs, fbe3f4696)
POISONED_ID = 0xFFFFFFFF

_hdr = struct(
    "virtio_gpu_ctrl_hdr",
    u32("type", "VIRTIO_GPU_CMD_* or VIRTIO_GPU_RESP_*"),
    u32("flags", "VIRTIO_GPU_FLAG_*"),
    u64("fence_id", "number of the fence, if a flag asks for one; the response repeats it"),
    u32("ctx_id", "which context; commands about capsets do not use it"),
    u8("ring_idx", "which ring of the context, if a flag says that this is set"),
    u8("padding[3]", "not used"),
    doc="Header of every command and every response",
    header=HEADER,
)

VirtioGpuCtrlHdr: type[_AnyStruct] = define(_hdr)

VirtioGpuGetCapsetInfo: type[_AnyStruct] = define(
    struct(
        "virtio_gpu_get_capset_info",
        _hdr("hdr", "header; its type is VIRTIO_GPU_CMD_GET_CAPSET_INFO"),
        u32("capset_index", "place in the list of capsets, below num_capsets of virtio_gpu_config; not an id"),
        u32("padding", "not used"),
        doc="Command: which capset is at this index?",
        header=HEADER,
    )
)

VirtioGpuRespCapsetInfo: type[_AnyStruct] = define(
    struct(
        "virtio_gpu_resp_capset_info",
        _hdr("hdr", "header; its type is VIRTIO_GPU_RESP_OK_CAPSET_INFO"),
        u32("capset_id", "which capset; Linux takes 0 for no response"),
        u32("capset_max_version", "highest version that the guest may ask for"),
        u32("capset_max_size", "size of the capset", unit="bytes"),
        u32("padding", "not used"),
        doc="Response to GET_CAPSET_INFO: the capset at the index",
        header=HEADER,
    )
)

VirtioGpuGetCapset: type[_AnyStruct] = define(
    struct(
        "virtio_gpu_get_capset",
        _hdr("hdr", "header; its type is VIRTIO_GPU_CMD_GET_CAPSET"),
        u32("capset_id", "which capset"),
        u32("capset_version", "which version of it, at most its capset_max_version"),
        doc="Command: what are the bytes of this capset?",
        header=HEADER,
    )
)

# The flexible array `capset_data` of the C struct is the `tail` of an instance
VirtioGpuRespCapset: type[_AnyStruct] = define(
    struct(
        "virtio_gpu_resp_capset",
        _hdr("hdr", "header; its type is VIRTIO_GPU_RESP_OK_CAPSET"),
        doc="Response to GET_CAPSET: the header; the bytes of the capset follow",
        header=HEADER,
    )
)

VirtioGpuConfig: type[_AnyStruct] = define(
    struct(
        "virtio_gpu_config",
        u32("events_read", "pending events, VIRTIO_GPU_EVENT_*"),
        u32("events_clear", "the guest writes the events here that it has handled"),
        u32("num_scanouts", "number of scanouts"),
        u32("num_capsets", "number of capsets; their indices are 0 to one less"),
        step(16),
        u32("blob_alignment", "alignment of blob resources; valid if the device offers the feature", unit="bytes"),
        step(20),  # seen in Linux 7.2
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
    """The name of a command or a response, and its number."""
    name = VIRTIO_GPU_CTRL_TYPE.get(type_)
    return f"{name} ({type_:#06x})" if name else f"type {type_:#06x}"


def capset_info_request(index: int) -> bytes:
    """The command GET_CAPSET_INFO, 32 bytes.

    Raises:
        FieldRangeError, FieldTypeError: the index is no number of 32 bits.
    """
    return VirtioGpuGetCapsetInfo(hdr=_head(VIRTIO_GPU_CMD_GET_CAPSET_INFO), capset_index=index).pack()


def capset_info_response(capset_id: int, max_version: int, max_size: int) -> bytes:
    """The response to GET_CAPSET_INFO, 40 bytes.

    Args:
        capset_id: which capset.
        max_version: highest version that the guest may ask for.
        max_size: size of the capset in bytes.

    Raises:
        FieldRangeError, FieldTypeError: an argument is no number of 32 bits.
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
        FieldRangeError, FieldTypeError: the id or the version is no number of 32 bits.
    """
    return VirtioGpuGetCapset(hdr=_head(VIRTIO_GPU_CMD_GET_CAPSET), capset_id=capset_id, capset_version=version).pack()


def capset_response(data: Buffer) -> bytes:
    """The response to GET_CAPSET: a header of 24 bytes, then the capset.

    Raises:
        MessageError: the capset is larger than 64 KiB (``MAX_CAPSET_SIZE``).
        BufferAccessError: ``data`` is no contiguous buffer.
    """
    with _bytes_of(data) as view:
        if len(view) > MAX_CAPSET_SIZE:
            raise MessageError(f"{VirtioGpuRespCapset.name}: expected at most {MAX_CAPSET_SIZE} bytes, got {len(view)}")
        return _head(VIRTIO_GPU_RESP_OK_CAPSET).pack() + view


def error_response(code: int) -> bytes:
    """The response to a command that failed, 24 bytes.

    Args:
        code: VIRTIO_GPU_RESP_ERR_*.

    Raises:
        MessageError: the code is no VIRTIO_GPU_RESP_ERR_*.
    """
    if not VIRTIO_GPU_CTRL_TYPE.get(code, "").startswith("VIRTIO_GPU_RESP_ERR_"):
        raise MessageError(f"expected one of VIRTIO_GPU_RESP_ERR_*, got {named(code)}")
    return _head(code).pack()


def decode(buffer: Buffer) -> _AnyStruct:
    """A command or a response about capsets. The buffer has to hold all of it and nothing else.

    Returns:
        An instance of the struct that belongs to the message's type. The ``tail`` of a response to GET_CAPSET is the
        capset.

    Raises:
        ResponseError: the response says that the VMM failed; the message names the VMM's error.
        MessageError: the message is cut short, too long, or of another type, or its capset is larger than 64 KiB
            (``MAX_CAPSET_SIZE``); the message says at which byte.
        BufferAccessError: ``buffer`` is no contiguous buffer.
    """
    with _bytes_of(buffer) as view:
        head = VirtioGpuCtrlHdr.unpack(view[: VirtioGpuCtrlHdr.size])
        if head.valid_size < VirtioGpuCtrlHdr.size:
            raise _cut_short(VirtioGpuCtrlHdr, head.valid_size)
        if head.type >= VIRTIO_GPU_RESP_ERR_UNSPEC:  # Linux takes every number from here on for an error
            raise ResponseError(f"the VMM answers {named(head.type)}", head.type)
        cls = MESSAGES.get(head.type)
        if cls is None:
            expected = ", ".join(map(named, MESSAGES))
            raise MessageError(f"{head.name}: expected at byte 0 one of {expected}, got {named(head.type)}")
        size = cls.size + (MAX_CAPSET_SIZE if cls is VirtioGpuRespCapset else 0)
        if len(view) > size:
            raise MessageError(f"{cls.name}: expected the end at byte {size}, got {len(view) - size} bytes more")
        message = cls.unpack(view)
    if message.valid_size < cls.size:
        raise _cut_short(cls, message.valid_size)
    return message


def capset_of(buffer: Buffer) -> bytes:
    """The capset in a response to GET_CAPSET.

    Raises:
        ResponseError: the response says that the VMM failed.
        MessageError: :func:`decode` does not take the message, or it is no response to GET_CAPSET.
        BufferAccessError: ``buffer`` is no contiguous buffer.
    """
    message = decode(buffer)
    if not isinstance(message, VirtioGpuRespCapset):
        expected = named(VIRTIO_GPU_RESP_OK_CAPSET)
        raise MessageError(f"{message.name}: expected {expected} at byte 0, got {named(message.hdr.type)}")
    return message.tail


def _head(type_: int) -> _AnyStruct:
    return VirtioGpuCtrlHdr(type=type_)


def _bytes_of(buffer: Buffer) -> memoryview:
    """The buffer's bytes, not copied: a long buffer must not take as much memory again."""
    try:
        return memoryview(buffer).cast("B")
    except (TypeError, ValueError, BufferError) as error:
        raise wrong_buffer("virtio-gpu message", "a contiguous buffer", buffer, error) from None


def _cut_short(cls: type[Struct], size: int) -> MessageError:
    return MessageError(f"{cls.name}: ends at byte {size}, expected {cls.size} bytes")
