"""The VMM: answers the guest kernel's two requests by asking the host. It can have the bugs that real VMMs had.

The messages themselves are in :mod:`capcodec.messages.virtio_gpu`.
"""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError
from ..messages.virtio_gpu import (
    POISONED_ID,
    VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
    VIRTIO_GPU_RESP_ERR_UNSPEC,
    VIRTIO_GPU_RESP_OK_CAPSET,
    VIRTIO_GPU_RESP_OK_CAPSET_INFO,
)
from .party import Party

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Literal, TypeAlias

    from .host import Host

    _Unknown: TypeAlias = Literal["error", "id-zero", "poisoned-id"]

FEATURES = frozenset({"virgl", "resource_blob", "host_visible", "resource_assign_uuid", "context_init"})


class Info(NamedTuple):
    """The contents of RESP_OK_CAPSET_INFO: one capset."""

    capset_id: int
    max_version: int
    max_size: int  # bytes


NOTHING = Info(0, 0, 0)  # the kernel's zeroed buffer, which an error response leaves as it is
UNKNOWN = {
    "error": (VIRTIO_GPU_RESP_ERR_UNSPEC, NOTHING),
    "id-zero": (VIRTIO_GPU_RESP_OK_CAPSET_INFO, NOTHING),
    "poisoned-id": (VIRTIO_GPU_RESP_OK_CAPSET_INFO, Info(POISONED_ID, 0, 0)),
}


class Vmm(Party):
    """Passes on what the host offers, without a bug unless one is asked for.

    Args:
        index_for_id: the VMM gives the host the capset's index where the host expects the id, when it asks for version
            and size. vhost-device-gpu did (rust-vmm/vhost-device issue 969, fixed by 75f95d71).
        count: number of capsets that the device announces; the host's number if not given. libkrun always announced 5
            (5aef4073, fixed by its pull request 829).
        features: features of the device that the guest's kernel tells its userspace about, by the names in its log:
            ``virgl`` (3D), ``resource_blob``, ``host_visible``, ``resource_assign_uuid``, ``context_init``.
        unknown: the answer for an index at which the host has no capset. ``error`` is libkrun's answer. ``id-zero`` is
            QEMU's, an OK response of zeros (virtio-gpu-virgl.c, 02e8b5ec). ``poisoned-id`` is crosvm's, with an id of
            all ones (virtio_gpu.rs, fbe3f4696).
        blob_alignment: bytes that the device's configuration space tells with the feature BLOB_ALIGNMENT; None for a
            device without that feature.

    Raises:
        ArgumentError: the count or the alignment is out of range, or there is no such answer or feature.
    """

    name = "VMM"

    def __init__(
        self,
        *,
        index_for_id: bool = False,
        count: int | None = None,
        unknown: _Unknown = "error",
        features: Collection[str] = ("virgl",),
        blob_alignment: int | None = None,
    ) -> None:
        super().__init__()
        if unknown not in UNKNOWN:
            raise ArgumentError(f"Vmm: expected unknown to be one of {', '.join(UNKNOWN)}, got {unknown!r}")
        if not FEATURES.issuperset(features):
            raise ArgumentError(f"Vmm: expected features to be some of {', '.join(sorted(FEATURES))}, got {features!r}")
        if count is not None and count < 0:
            raise ArgumentError(f"Vmm: expected a count of capsets, got {count}")
        if blob_alignment is not None and not 0 <= blob_alignment < 1 << 32:
            raise ArgumentError(f"Vmm: expected an alignment of 32 bits, got {blob_alignment}")
        self.index_for_id = index_for_id
        self.count = count
        self.features: frozenset[str] = frozenset(features)
        self.unknown = unknown
        self.blob_alignment = blob_alignment

    def num_capsets(self, host: Host) -> int:
        """The number of capsets that the device's configuration space announces."""
        count = len(host.offers) if self.count is None else self.count
        wrong = "" if count == len(host.offers) else f"; the host has {len(host.offers)}"
        self.tell(f"announces num_capsets {count}{wrong}")
        return count

    def capset_info(self, host: Host, index: int) -> tuple[int, Info]:
        """The response to GET_CAPSET_INFO: its type and its contents."""
        if index >= len(host.offers):
            kind, info = UNKNOWN[self.unknown]
            self.tell(f"has no capset at index {index}: answers {kind:#x}, id {info.capset_id}")
            return kind, info
        offer = host.offers[index]
        if self.index_for_id:
            info = Info(offer.capset_id, *host.describe(index))
            self.tell(f"asks the host for the size of capset {index}, which is the index; the id is {offer.capset_id}")
        else:
            info = Info(offer.capset_id, offer.max_version, len(offer.data))
        self.tell(f"index {index}: capset {info.capset_id}, version {info.max_version}, {info.max_size} bytes")
        return VIRTIO_GPU_RESP_OK_CAPSET_INFO, info

    def get_capset(self, host: Host, capset_id: int, version: int) -> tuple[int, bytes] | None:
        """The response to GET_CAPSET: its type and the capset; None if no response ever comes."""
        if host.answer == "never":
            self.tell(f"gets no answer for capset {capset_id} from the host, and sends none")
            return None
        if host.answer == "error" or all(offer.capset_id != capset_id for offer in host.offers):
            self.tell(f"answers {VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER:#x} to the request for capset {capset_id}")
            return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER, b""
        return VIRTIO_GPU_RESP_OK_CAPSET, host.fill(capset_id, version)
