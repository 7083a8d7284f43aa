"""The GPU: from the bytes of a command to the bytes of its answer, over the host and the VMM of :mod:`capcodec.flow`.

It draws nothing. A guest's driver can create contexts, resources and fences, submit commands and wait for queries; all
of that succeeds at once. What it is asked about capsets, the host answers, with its refusals and its silence.
"""

from __future__ import annotations

import copy
from collections import deque
from typing import NamedTuple

from ..flow import Host, Vmm
from ..messages.virtio_gpu import (
    MAX_CAPSET_SIZE,
    VIRTIO_GPU_CMD_GET_CAPSET,
    VIRTIO_GPU_CMD_GET_CAPSET_INFO,
    VIRTIO_GPU_RESP_ERR_UNSPEC,
    VirtioGpuConfig,
    VirtioGpuCtrlHdr,
    VirtioGpuGetCapset,
    VirtioGpuGetCapsetInfo,
    VirtioGpuRespCapsetInfo,
)
from . import gpu_commands as gpu
from .display import EDID_SIZE, display_info, edid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, MutableSequence

    from ..structs._classes import _AnyStruct

MAX_QUERIES = 1 << 12  # buffers of queries that are remembered, those that came last
MAX_STEPS = 64  # of what host and VMM did, the last ones
MAX_ENTRIES = 4  # pieces of memory of a query's buffer, which has 16 bytes


class Answer(NamedTuple):
    """What comes of a command.

    Attributes:
        data: the answer; None if none ever comes.
        writes: addresses of the guest's memory, and what a device writes there first.
        text: what was asked and answered, for a person.
    """

    data: bytes | None
    writes: tuple[tuple[int, bytes], ...] = ()
    text: str = ""


class GpuDevice:
    """A virtio-gpu device.

    Args:
        host: what it offers, and whether it answers. What host and VMM do is recorded in copies of them.
        vmm: which bugs the VMM has; none if not given.
    """

    def __init__(self, host: Host, vmm: Vmm | None = None) -> None:
        self.host: Host = copy.copy(host)
        self.vmm: Vmm = copy.copy(vmm or Vmm())
        steps: MutableSequence[object] = deque(maxlen=MAX_STEPS)
        self.host.trace = self.vmm.trace = steps  # type: ignore[assignment]  # a guest may ask for ever
        self._queries: dict[int, tuple[int, ...]] = {}

    @property
    def config(self) -> bytes:
        """The configuration space, 16 bytes."""
        count = min(self.vmm.num_capsets(self.host), 0xFFFFFFFF)
        return VirtioGpuConfig(num_scanouts=1, num_capsets=count).pack()[:16]

    def answer(self, command: bytes) -> Answer:
        """Carry out a command. Whatever the bytes are, there is an answer, or silence where the host is silent."""
        head = VirtioGpuCtrlHdr.unpack(command[: VirtioGpuCtrlHdr.size])
        if head.valid_size < VirtioGpuCtrlHdr.size:
            return Answer(_response(VIRTIO_GPU_RESP_ERR_UNSPEC), (), f"a command of {len(command)} bytes: refused")
        carry_out = _COMMANDS.get(head.type)
        if carry_out is not None:
            found = carry_out(self, command)
        elif head.type in gpu.NAMES:
            found = Answer(_response(gpu.VIRTIO_GPU_RESP_OK_NODATA), (), gpu.NAMES[head.type])
        else:
            found = Answer(_response(VIRTIO_GPU_RESP_ERR_UNSPEC), (), f"command {head.type:#06x}: refused")
        if found.data is None or not head.flags & gpu.VIRTIO_GPU_FLAG_FENCE:
            return found
        # The answer repeats the fence, with context and ring
        fenced = VirtioGpuCtrlHdr.unpack(found.data[: VirtioGpuCtrlHdr.size])
        fenced.flags, fenced.fence_id, fenced.ctx_id = head.flags, head.fence_id, head.ctx_id
        fenced.ring_idx = head.ring_idx
        return found._replace(data=fenced.pack() + found.data[VirtioGpuCtrlHdr.size :])

    def _get_capset_info(self, command: bytes) -> Answer:
        asked = _read(VirtioGpuGetCapsetInfo, command)
        kind, info = self.vmm.capset_info(self.host, asked.capset_index)
        data = VirtioGpuRespCapsetInfo(
            capset_id=info.capset_id, capset_max_version=info.max_version, capset_max_size=info.max_size
        ).pack()
        told = f"capset {info.capset_id}, version {info.max_version}, {info.max_size} bytes"
        text = f"GET_CAPSET_INFO {asked.capset_index}: {told if kind < VIRTIO_GPU_RESP_ERR_UNSPEC else hex(kind)}"
        return Answer(_response(kind, data[VirtioGpuCtrlHdr.size :]), (), text)

    def _get_capset(self, command: bytes) -> Answer:
        asked = _read(VirtioGpuGetCapset, command)
        capset_id, version = asked["capset_id"], asked.capset_version
        text = f"GET_CAPSET {capset_id} version {version}: "
        found = self.vmm.get_capset(self.host, capset_id, version)
        if found is None:
            return Answer(None, (), text + "no answer")
        kind, data = found
        data = data[:MAX_CAPSET_SIZE]
        refused = kind >= VIRTIO_GPU_RESP_ERR_UNSPEC
        return Answer(_response(kind, data), (), text + (f"refused, {kind:#x}" if refused else f"{len(data)} bytes"))

    def _get_display_info(self, command: bytes) -> Answer:
        return Answer(_response(gpu.VIRTIO_GPU_RESP_OK_DISPLAY_INFO, display_info()), (), "GET_DISPLAY_INFO")

    def _get_edid(self, command: bytes) -> Answer:
        block = edid()
        data = len(block).to_bytes(4, "little") + bytes(4) + block.ljust(EDID_SIZE, b"\0")
        return Answer(_response(gpu.VIRTIO_GPU_RESP_OK_EDID, data), (), "GET_EDID")

    def _create(self, command: bytes) -> Answer:
        made = _read(gpu.VirtioGpuResourceCreate3d, command)
        self._queries.pop(made.resource_id, None)
        if made.bind & gpu.VIRGL_BIND_CUSTOM and made.width == gpu.VirglHostQueryState.size:
            while len(self._queries) >= MAX_QUERIES:
                del self._queries[next(iter(self._queries))]
            self._queries[made.resource_id] = ()
        return _done(f"RESOURCE_CREATE_3D {made.resource_id}")

    def _attach_backing(self, command: bytes) -> Answer:
        given = _read(gpu.VirtioGpuResourceAttachBacking, command)
        if given.resource_id in self._queries:
            rest, size = command[given.size :], gpu.VirtioGpuMemEntry.size
            pieces = [rest[at : at + size] for at in range(0, size * min(given.nr_entries, MAX_ENTRIES), size)]
            entries = [gpu.VirtioGpuMemEntry.unpack(piece) for piece in pieces if len(piece) == size]
            if entries and entries[0].length >= gpu.VirglHostQueryState.size:
                self._queries[given.resource_id] = (entries[0].addr,)
        return _done(f"RESOURCE_ATTACH_BACKING {given.resource_id}")

    def _forget(self, command: bytes) -> Answer:
        resource_id = int.from_bytes(command[24:28], "little")
        self._queries.pop(resource_id, None)
        return _done(f"RESOURCE_UNREF {resource_id}")

    def _transfer_from_host(self, command: bytes) -> Answer:
        """Of a query the result: it is there, and it is 0. A driver would wait for it for ever."""
        asked = _read(gpu.VirtioGpuTransferHost3d, command)
        result = gpu.VirglHostQueryState(query_state=gpu.VIRGL_QUERY_STATE_DONE, result_size=4).pack()
        writes = tuple((address, result) for address in self._queries.get(asked.resource_id, ()))
        return _done(f"TRANSFER_FROM_HOST_3D {asked.resource_id}")._replace(writes=writes)


_COMMANDS: dict[int, Callable[[GpuDevice, bytes], Answer]] = {
    VIRTIO_GPU_CMD_GET_CAPSET_INFO: GpuDevice._get_capset_info,
    VIRTIO_GPU_CMD_GET_CAPSET: GpuDevice._get_capset,
    gpu.VIRTIO_GPU_CMD_GET_DISPLAY_INFO: GpuDevice._get_display_info,
    gpu.VIRTIO_GPU_CMD_GET_EDID: GpuDevice._get_edid,
    gpu.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D: GpuDevice._create,
    gpu.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING: GpuDevice._attach_backing,
    gpu.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING: GpuDevice._forget,
    gpu.VIRTIO_GPU_CMD_RESOURCE_UNREF: GpuDevice._forget,
    gpu.VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D: GpuDevice._transfer_from_host,
}


def _read(cls: type[_AnyStruct], command: bytes) -> _AnyStruct:
    """The command's arguments; zeros where it is cut short, as a device's own buffer would have them."""
    return cls.unpack(command[: cls.size].ljust(cls.size, b"\0"))


def _response(kind: int, data: bytes = b"") -> bytes:
    return VirtioGpuCtrlHdr(type=kind).pack() + data


def _done(text: str) -> Answer:
    return Answer(_response(gpu.VIRTIO_GPU_RESP_OK_NODATA), (), text)
