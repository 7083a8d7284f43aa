"""The VMM: answers the guest kernel's two requests by asking the host, with or without the bugs that were shipped.

The messages themselves, byte for byte, are in :mod:`capcodec.messages.virtio_gpu`.
"""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError
from ..messages.virtio_gpu import (
    VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
    VIRTIO_GPU_RESP_ERR_UNSPEC,
    VIRTIO_GPU_RESP_OK_CAPSET,
    VIRTIO_GPU_RESP_OK_CAPSET_INFO,
)
from .party import Party

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from .host import Host

    Unknown: TypeAlias = Literal["error", "id-zero", "poisoned-id"]

POISON = 0xFFFFFFFF


class Info(NamedTuple):
    """What RESP_OK_CAPSET_INFO says of one capset."""

    capset_id: int
    max_version: int
    max_size: int  # bytes


NOTHING = Info(0, 0, 0)  # what the kernel finds in its zeroed buffer where the response is an error
UNKNOWN = {
    "error": (VIRTIO_GPU_RESP_ERR_UNSPEC, NOTHING),
    "id-zero": (VIRTIO_GPU_RESP_OK_CAPSET_INFO, NOTHING),
    "poisoned-id": (VIRTIO_GPU_RESP_OK_CAPSET_INFO, Info(POISON, 0, 0)),
}


class Vmm(Party):
    """Passes on what the host offers; by default, without a bug.

    Args:
        index_for_id: asks the host for version and size by the capset's index where it wants the id, as
            vhost-device-gpu did (rust-vmm/vhost-device issue 969, fixed by 75f95d71).
        count: of capsets, as the device announces it; what the host has, if not given. libkrun announced 5 whatever
            there was (5aef4073, fixed by its pull request 829).
        unknown: the answer for an index that the host has nothing at. ``error`` is libkrun's; ``id-zero`` QEMU's, an OK
            response of zeros (virtio-gpu-virgl.c, 02e8b5ec); ``poisoned-id`` crosvm's, with an id of all ones
            (virtio_gpu.rs, fbe3f4696).

    Raises:
        ArgumentError: the count is negative, or there is no such way to answer.
    """

    name = "VMM"

    def __init__(self, *, index_for_id: bool = False, count: int | None = None, unknown: Unknown = "error") -> None:
        super().__init__()
        if unknown not in UNKNOWN:
            raise ArgumentError(f"Vmm: expected unknown to be one of {', '.join(UNKNOWN)}, got {unknown!r}")
        if count is not None and count < 0:
            raise ArgumentError(f"Vmm: expected a count of capsets, got {count}")
        self.index_for_id = index_for_id
        self.count = count
        self.unknown = unknown

    def num_capsets(self, host: Host) -> int:
        """What the device's configuration space announces."""
        count = len(host.offers) if self.count is None else self.count
        wrong = "" if count == len(host.offers) else f"; the host has {len(host.offers)}"
        self.tell(f"announces num_capsets {count}{wrong}")
        return count

    def capset_info(self, host: Host, index: int) -> tuple[int, Info]:
        """Response type and contents for GET_CAPSET_INFO."""
        if index >= len(host.offers):
            kind, info = UNKNOWN[self.unknown]
            self.tell(f"has no capset at index {index}: answers {kind:#x}, id {info.capset_id}")
            return kind, info
        offer = host.offers[index]
        if self.index_for_id:
            info = Info(offer.capset_id, *host.describe(index))
            self.tell(f"asks the host for the size of capset {index}, the index, where it wants {offer.capset_id}")
        else:
            info = Info(offer.capset_id, offer.max_version, len(offer.data))
        self.tell(f"index {index}: capset {info.capset_id}, version {info.max_version}, {info.max_size} bytes")
        return VIRTIO_GPU_RESP_OK_CAPSET_INFO, info

    def get_capset(self, host: Host, capset_id: int, version: int) -> tuple[int, bytes] | None:
        """Response type and data for GET_CAPSET; None if no response ever comes."""
        if host.answer == "never":
            self.tell(f"gets no answer for capset {capset_id} from the host, and sends none")
            return None
        if host.answer == "error" or all(offer.capset_id != capset_id for offer in host.offers):
            self.tell(f"answers {VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER:#x} to the request for capset {capset_id}")
            return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER, b""
        return VIRTIO_GPU_RESP_OK_CAPSET, host.fill(capset_id, version)
