"""The guest's kernel: lists the capsets at boot, and copies one to its userspace on request.

``fixed=False`` is Linux 4.4 to 4.15 (``virtgpu_ioctl.c`` of b9ec62b36677). ``fixed=True`` is what came of it with
9a191b114906 in Linux 4.16, as of Linux 6.1; its answers are those of a real one (``tests/data``).
"""

from __future__ import annotations

import errno

from ..errors import ArgumentError, KernelError, wrong_buffer
from ..messages.virtio_gpu import (
    VIRTIO_GPU_CMD_GET_CAPSET,
    VIRTIO_GPU_CMD_GET_CAPSET_INFO,
    VIRTIO_GPU_RESP_OK_CAPSET,
    VIRTIO_GPU_RESP_OK_CAPSET_INFO,
)
from ..structs._core import min_copy
from .party import Party, in_bytes
from .vmm import Info, Vmm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Buffer

    from .host import Host

TIMEOUT = 5  # seconds that the kernel waits for any response
MAX_CAPSET_ID = 63  # of virtgpu_drv.h
STALE = 0x5A  # stands for each byte of memory that the old kernel allocated and never filled

PARAM_3D_FEATURES = 1
PARAM_CAPSET_QUERY_FIX = 2
PARAM_SUPPORTED_CAPSET_IDS = 7


class Kernel(Party):
    """Stands between the device and the guest's userspace.

    Args:
        host: what to boot with. Without one there are no capsets, until :meth:`boot`.
        vmm: what is between this kernel and the host; one without bugs, if not given.
        fixed: does it copy the smaller of the two sizes?

    Attributes:
        capsets: what it announces, by index.
        capset_id_mask: a bit for each capset id that it saw at boot. Not cleared where the list is dropped; the old
            kernel has none.
    """

    name = "kernel"

    def __init__(self, host: Host | None = None, vmm: Vmm | None = None, *, fixed: bool = True) -> None:
        super().__init__()
        self.fixed = fixed
        self.capsets: list[Info] = []
        self.capset_id_mask = 0
        self._cache: dict[tuple[int, int], bytes | None] = {}
        if host is not None:
            self.boot(host, vmm)

    def boot(self, host: Host, vmm: Vmm | None = None) -> None:
        """Forget everything, and list the device's capsets: ``virtio_gpu_get_capsets`` in ``virtgpu_kms.c``.

        One index that fails costs all capsets. A response that is an error, or that has id 0, looks like one that has
        not come yet: the kernel waits for an id that is not 0.
        """
        self._host, self._vmm = host, vmm or Vmm()
        self.capsets, self.capset_id_mask, self._cache = [], 0, {}
        found: list[Info] = []
        for index in range(self._vmm.num_capsets(host)):
            kind, info = self._vmm.capset_info(host, index)
            if kind != VIRTIO_GPU_RESP_OK_CAPSET_INFO:
                self.tell(f"logs: response {kind:#x} (command {VIRTIO_GPU_CMD_GET_CAPSET_INFO:#x})")
            if info.capset_id == 0:
                self.tell(f"logs: timed out waiting for cap set {index}; drops all capsets", TIMEOUT)
                return
            if self.fixed and info.capset_id > MAX_CAPSET_ID:
                self.tell(f"logs: invalid capset id {info.capset_id}; drops all capsets")
                return
            if self.fixed:
                self.capset_id_mask |= 1 << info.capset_id
            self.tell(
                f"logs: cap set {index}: id {info.capset_id}, max-version {info.max_version}, max-size {info.max_size}"
            )
            found.append(info)
        self.capsets = found

    def getparam(self, param: int) -> int:
        """The answer of DRM_IOCTL_VIRTGPU_GETPARAM, on a device with 3D and without blobs or contexts of many kinds.

        Raises:
            KernelError: EINVAL, this kernel does not know the parameter.
        """
        if param == PARAM_3D_FEATURES:
            return 1
        if self.fixed and param == PARAM_CAPSET_QUERY_FIX:
            return 1
        if self.fixed and param == PARAM_SUPPORTED_CAPSET_IDS:
            return self.capset_id_mask & 0xFFFFFFFF  # an int is what the kernel copies
        if self.fixed and PARAM_CAPSET_QUERY_FIX < param < PARAM_SUPPORTED_CAPSET_IDS:
            return 0
        raise KernelError(errno.EINVAL, f"getparam({param}): not known to this kernel")

    def get_caps(self, cap_set_id: int, cap_set_ver: int, buffer: Buffer, *, size: int | None = None) -> int:
        """Copy a capset to userspace, as DRM_IOCTL_VIRTGPU_GET_CAPS does; returns the bytes written.

        Args:
            cap_set_id: which capset.
            cap_set_ver: asked for; one that offers at least this is taken.
            buffer: the caller's memory from its struct on. It cannot be written beyond its end.
            size: bytes that the caller says it has room for, ``args.size``; the whole buffer, if not given. The old
                kernel refuses one that is larger than the capset, and apart from that ignores it.

        Raises:
            KernelError: with the kernel's errno, the first of these that holds. ENOSYS, there are no capsets; EINVAL,
                size is 0 (the old kernel does not mind), or no capset has that id and version, or the old kernel has
                fewer bytes; EBUSY, the host never answered (the old kernel copies what it did not get); EFAULT, the
                buffer is read-only, or ends before the copy does, which then has written what fits.
            BufferAccessError: it is no buffer.
            ArgumentError: the size is negative.
        """
        try:
            memory = memoryview(buffer)
        except TypeError as error:
            raise wrong_buffer("get_caps", "a buffer", buffer, error) from None
        asked = memory.nbytes if size is None else size
        if asked < 0:
            raise ArgumentError(f"get_caps: expected a size in bytes, got {asked}")
        request = f"get_caps(id {cap_set_id}, version {cap_set_ver}, size {asked})"
        if not self.capsets:
            raise self._fail(errno.ENOSYS, request, "there are no capsets")
        if self.fixed and asked == 0:
            raise self._fail(errno.EINVAL, request, "no room")
        info = next((i for i in self.capsets if i.capset_id == cap_set_id and i.max_version >= cap_set_ver), None)
        if info is None:
            raise self._fail(errno.EINVAL, request, "there is no such capset")
        if not self.fixed and asked > info.max_size:
            raise self._fail(errno.EINVAL, request, f"the capset has {info.max_size} bytes")
        data = self._cached(info, cap_set_ver)
        if data is None:
            raise self._fail(errno.EBUSY, request, "the host does not answer")
        # All that the repair of Linux 4.16 is about
        length = min(asked, info.max_size) if self.fixed else info.max_size
        if length and (memory.readonly or min_copy(memory, data[:length]) < length):
            raise self._fail(errno.EFAULT, request, f"{in_bytes(length)} cannot be written there")
        whose = "the smaller of the two sizes" if self.fixed else "what the host has, whatever was asked for"
        self.tell(f"{request}: copies {in_bytes(length)}, {whose}")
        return length

    def _cached(self, info: Info, version: int) -> bytes | None:
        """The bytes of a capset; None where the host owes them. It is asked once, and what it said is never dropped."""
        key = info.capset_id, version
        if key not in self._cache:
            response = self._vmm.get_capset(self._host, *key)
            self._cache[key] = None if response is None else self._taken(info, *response)
            if response is None and not self.fixed:
                self.tell("does not look whether its wait was in vain, and takes memory never written", TIMEOUT)
                self._cache[key] = bytes([STALE]) * info.max_size
        if self._cache[key] is None:
            self.tell(f"waits for capset {info.capset_id} in vain", TIMEOUT)
        return self._cache[key]

    def _taken(self, info: Info, kind: int, data: bytes) -> bytes:
        """What the kernel finds in its response buffer, which has the announced size and began as zeros."""
        if kind != VIRTIO_GPU_RESP_OK_CAPSET:
            self.tell(
                f"logs: response {kind:#x} (command {VIRTIO_GPU_CMD_GET_CAPSET:#x}); "
                "takes the buffer, all zeros, for the answer"
            )
        return data.ljust(info.max_size, b"\0")

    def _fail(self, code: int, request: str, why: str) -> KernelError:
        self.tell(f"{request}: {errno.errorcode[code]}, {why}")
        return KernelError(code, f"{request}: {why}")
