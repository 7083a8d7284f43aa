"""The messages of a VMM to its device's backend, byte for byte: numbers, features and layouts.

Sources: QEMU ``docs/interop/vhost-user.rst`` and ``vhost-user-gpu.rst`` (of 10.0). Words are of the machine's own byte
order, and a VMM is on this machine; what is not little-endian is refused.
"""

from __future__ import annotations

from ..schema import struct, u32, u64
from ..structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._classes import _AnyStruct

HEADER = "qemu/docs/interop/vhost-user.rst"

VHOST_USER_GET_FEATURES = 1
VHOST_USER_SET_FEATURES = 2
VHOST_USER_SET_OWNER = 3
VHOST_USER_RESET_OWNER = 4
VHOST_USER_SET_MEM_TABLE = 5
VHOST_USER_SET_LOG_BASE = 6
VHOST_USER_SET_LOG_FD = 7
VHOST_USER_SET_VRING_NUM = 8
VHOST_USER_SET_VRING_ADDR = 9
VHOST_USER_SET_VRING_BASE = 10
VHOST_USER_GET_VRING_BASE = 11
VHOST_USER_SET_VRING_KICK = 12
VHOST_USER_SET_VRING_CALL = 13
VHOST_USER_SET_VRING_ERR = 14
VHOST_USER_GET_PROTOCOL_FEATURES = 15
VHOST_USER_SET_PROTOCOL_FEATURES = 16
VHOST_USER_GET_QUEUE_NUM = 17
VHOST_USER_SET_VRING_ENABLE = 18
VHOST_USER_GET_CONFIG = 24
VHOST_USER_SET_CONFIG = 25
VHOST_USER_GPU_SET_SOCKET = 33

REQUESTS = {
    value: name.removeprefix("VHOST_USER_") for name, value in list(globals().items()) if name.startswith("VHOST_USER_")
}

VERSION_MASK, VERSION = 3, 1
REPLY_FLAG, NEED_REPLY_FLAG = 4, 8
NO_DESCRIPTOR_FLAG = 1 << 8  # in the u64 of KICK, CALL and ERR
QUEUE_MASK = 0xFF

# Bits of features: the device's, the ring's, vhost-user's own
VIRTIO_GPU_F_VIRGL, VIRTIO_GPU_F_EDID = 0, 1
VIRTIO_RING_F_INDIRECT_DESC, VIRTIO_RING_F_EVENT_IDX, VHOST_USER_F_PROTOCOL_FEATURES, VIRTIO_F_VERSION_1 = (
    28,
    29,
    30,
    32,
)
VHOST_USER_PROTOCOL_F_MQ, VHOST_USER_PROTOCOL_F_REPLY_ACK, VHOST_USER_PROTOCOL_F_CONFIG = 0, 3, 9

QUEUES = 2  # control, cursor
MAX_PAYLOAD = 1 << 12  # bytes of a message; the longest that we know has under 300
MAX_DESCRIPTORS = 8  # that come with one message

VhostUserHeader: type[_AnyStruct] = define(
    struct(
        "vhost_user_header",
        u32("request", "VHOST_USER_*"),
        u32("flags", "version, and whether it is a reply or needs one"),
        u32("size", "of the payload", unit="bytes"),
        doc="Header of every message",
        header=HEADER,
    )
)

VringState: type[_AnyStruct] = define(
    struct(
        "vhost_vring_state",
        u32("index", "which queue"),
        u32("num", "size, base index, or whether it is enabled"),
        doc="One number of a queue",
        header=HEADER,
    )
)

VringAddr: type[_AnyStruct] = define(
    struct(
        "vhost_vring_addr",
        u32("index", "which queue"),
        u32("flags", "VHOST_VRING_F_*"),
        u64("desc_user_addr", "the VMM's address of the descriptors"),
        u64("used_user_addr", "the VMM's address of the used ring"),
        u64("avail_user_addr", "the VMM's address of the available ring"),
        u64("log_guest_addr", "where to log what is written; not used"),
        doc="Where the parts of a queue are",
        header=HEADER,
    )
)

MemoryTable: type[_AnyStruct] = define(
    struct(
        "vhost_user_memory",
        u32("nregions", "number of regions behind this"),
        u32("padding", "not used"),
        doc="Which regions a guest's memory has",
        header=HEADER,
    )
)

MemoryRegion: type[_AnyStruct] = define(
    struct(
        "vhost_user_memory_region",
        u64("guest_phys_addr", "the guest's address"),
        u64("memory_size", "of the region", unit="bytes"),
        u64("userspace_addr", "the VMM's address"),
        u64("mmap_offset", "of the region in its file", unit="bytes"),
        doc="A region of a guest's memory; its file comes as a descriptor",
        header=HEADER,
    )
)

ConfigHeader: type[_AnyStruct] = define(
    struct(
        "vhost_user_config",
        u32("offset", "in the configuration space", unit="bytes"),
        u32("size", "how many", unit="bytes"),
        u32("flags", "VHOST_SET_CONFIG_TYPE_*"),
        doc="Which part of the device's configuration space; the bytes follow",
        header=HEADER,
    )
)


def bits(*numbers: int) -> int:
    """The number with these bits set."""
    return sum(1 << number for number in numbers)


def named(request: int) -> str:
    """The request's name, or its number if it has none."""
    return REQUESTS.get(request, f"request {request}")
