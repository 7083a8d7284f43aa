"""The guest's kernel: lists the capsets at boot, and copies one to its userspace on request.

``fixed=False`` is Linux 4.4 to 4.15 (``virtgpu_ioctl.c`` of b9ec62b36677). ``fixed=True`` is Linux since 4.16, which
repaired the copy with 9a191b114906. Its answers are those that real kernels of 6.1 and 6.12 gave.
"""

from __future__ import annotations

import errno

from ..errors import ArgumentError, KernelError, wrong_buffer
from ..messages.drm_ioctl import (
    VIRTGPU_PARAM_3D_FEATURES,
    VIRTGPU_PARAM_BLOB_ALIGNMENT,
    VIRTGPU_PARAM_CAPSET_QUERY_FIX,
    VIRTGPU_PARAM_CONTEXT_INIT,
    VIRTGPU_PARAM_CROSS_DEVICE,
    VIRTGPU_PARAM_EXPLICIT_DEBUG_NAME,
    VIRTGPU_PARAM_HOST_VISIBLE,
    VIRTGPU_PARAM_RESOURCE_BLOB,
    VIRTGPU_PARAM_SUPPORTED_CAPSET_IDs,
)
from ..messages.virtio_gpu import (
    MAX_CAPSET_ID,
    RESPONSE_TIMEOUT,
    VIRTIO_GPU_CMD_GET_CAPSET,
    VIRTIO_GPU_CMD_GET_CAPSET_INFO,
    VIRTIO_GPU_RESP_OK_CAPSET,
    VIRTIO_GPU_RESP_OK_CAPSET_INFO,
)
from ..structs._instances import min_copy
from .party import Party, in_bytes
from .vmm import Info, Vmm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Buffer

    from .host import Host

STALE = 0x5A  # stands for each byte of memory that the old kernel allocated and never filled
REPAIRED = 4, 16  # the first Linux that copies the smaller of the two sizes
NOT_REPAIRED = 4, 15

# Parameters that are 1 where the device has a feature: the first Linux that was seen to know them, and the feature
FEATURE_PARAMS = {
    VIRTGPU_PARAM_3D_FEATURES: ((4, 4), "virgl"),
    VIRTGPU_PARAM_RESOURCE_BLOB: ((5, 11), "resource_blob"),
    VIRTGPU_PARAM_HOST_VISIBLE: ((5, 11), "host_visible"),
    VIRTGPU_PARAM_CROSS_DEVICE: ((5, 11), "resource_assign_uuid"),
    VIRTGPU_PARAM_CONTEXT_INIT: ((5, 16), "context_init"),
    VIRTGPU_PARAM_EXPLICIT_DEBUG_NAME: ((6, 12), "context_init"),
}
FIRST_WITH_CAPSET_IDS = 5, 16  # the first Linux with SUPPORTED_CAPSET_IDs
FIRST_WITH_BLOB_ALIGNMENT = 7, 2  # virtgpu_ioctl.c, "drm/virtio: add VIRTGPU_PARAM_BLOB_ALIGNMENT to params"
INT_BITS = 32  # of the kernel's `1 << id`: x86 takes the count modulo that


class Kernel(Party):
    """Stands between the device and the guest's userspace.

    Args:
        host: the host to boot with. Without one there are no capsets until :meth:`boot`.
        vmm: the VMM between this kernel and the host; one without bugs if not given.
        fixed: does it copy the smaller of the two sizes?
        version: Linux version, as ``(6, 12)``. It tells which parameters the kernel knows. 6.1 if not given, and 4.15
            for a kernel that is not fixed.

    Attributes:
        capsets: the capsets that it lists, by index.
        capset_id_mask: a bit for each capset id that it saw at boot. It has 32, and on x86 an id of 32 or more sets the
            bit of the id less 32. The kernel does not clear it when it drops the list. The old kernel has none.

    Raises:
        ArgumentError: a kernel of that version is fixed, and should not be, or the other way round.
    """

    name = "kernel"

    def __init__(
        self,
        host: Host | None = None,
        vmm: Vmm | None = None,
        *,
        fixed: bool = True,
        version: tuple[int, int] | None = None,
    ) -> None:
        super().__init__()
        if version is not None and (version >= REPAIRED) != fixed:
            raise ArgumentError(f"Kernel: a Linux {version[0]}.{version[1]} has fixed={not fixed}")
        self.fixed = fixed
        self.version: tuple[int, int] = version or ((6, 1) if fixed else NOT_REPAIRED)
        self._vmm = vmm or Vmm()
        self.capsets: list[Info] = []
        self.capset_id_mask: int = 0
        self._cache: dict[tuple[int, int], bytes | None] = {}
        if host is not None:
            self.boot(host, vmm)

    def boot(self, host: Host, vmm: Vmm | None = None) -> None:
        """Forget everything and list the device's capsets, as ``virtio_gpu_get_capsets`` in ``virtgpu_kms.c`` does.

        If one index fails, all capsets are lost. The kernel waits until the id is not 0; so it takes an error response,
        and a response with id 0, for one that has not come yet.
        """
        self._host, self._vmm = host, vmm or Vmm()
        self.capsets, self.capset_id_mask, self._cache = [], 0, {}
        found: list[Info] = []
        for index in range(self._vmm.num_capsets(host)):
            kind, info = self._vmm.capset_info(host, index)
            if kind != VIRTIO_GPU_RESP_OK_CAPSET_INFO:
                self.tell(f"logs: response {kind:#x} (command {VIRTIO_GPU_CMD_GET_CAPSET_INFO:#x})")
            if info.capset_id == 0:
                self.tell(f"logs: timed out waiting for cap set {index}; drops all capsets", RESPONSE_TIMEOUT)
                return
            if self.fixed and info.capset_id > MAX_CAPSET_ID:
                self.tell(f"logs: invalid capset id {info.capset_id}; drops all capsets")
                return
            if self.fixed:
                self.capset_id_mask |= 1 << info.capset_id % INT_BITS
            self.tell(
                f"logs: cap set {index}: id {info.capset_id}, max-version {info.max_version}, max-size {info.max_size}"
            )
            found.append(info)
        self.capsets = found

    def getparam(self, param: int) -> int:
        """The value that DRM_IOCTL_VIRTGPU_GETPARAM gives for a ``VIRTGPU_PARAM_*``.

        Raises:
            KernelError: EINVAL, this kernel does not know the parameter; or ENOENT, the device has no such feature.
        """
        if param == VIRTGPU_PARAM_CAPSET_QUERY_FIX and self.fixed:
            return 1
        if param == VIRTGPU_PARAM_SUPPORTED_CAPSET_IDs and self.version >= FIRST_WITH_CAPSET_IDS:
            return self.capset_id_mask
        since, feature = FEATURE_PARAMS.get(param, (None, ""))
        if since is not None and self.version >= since:
            return int(feature in self._vmm.features)
        if param == VIRTGPU_PARAM_BLOB_ALIGNMENT and self.version >= FIRST_WITH_BLOB_ALIGNMENT:
            if self._vmm.blob_alignment is None:
                raise KernelError(errno.ENOENT, f"getparam({param}): the device tells no alignment of blobs")
            return self._vmm.blob_alignment
        raise KernelError(errno.EINVAL, f"getparam({param}): not known to this kernel")

    def get_caps(self, cap_set_id: int, cap_set_ver: int, buffer: Buffer, *, size: int | None = None) -> int:
        """Copy a capset to userspace, as DRM_IOCTL_VIRTGPU_GET_CAPS does.

        Args:
            cap_set_id: which capset.
            cap_set_ver: which version; the kernel takes the first capset that offers at least this one.
            buffer: the caller's memory, from its struct to the end of what the kernel can write.
            size: bytes that the caller says it has room for, ``args.size``; the whole buffer if not given. The old
                kernel refuses a size above the capset's, and ignores it otherwise.

        Returns:
            The number of bytes written.

        Raises:
            KernelError: with the kernel's errno, the first of these that holds. ENOSYS: there are no capsets. EINVAL:
                the size is 0 (the old kernel does not mind), no capset has that id and version, or the old kernel has
                fewer bytes. EBUSY: the host never answered (the old kernel copies what it did not get). EFAULT: the
                buffer is read-only, or ends before the copy does; then the kernel has written what fits.
            BufferAccessError: ``buffer`` is no buffer.
            ArgumentError: the size is negative.
        """
        try:
            memory = memoryview(buffer)
        except (TypeError, ValueError, BufferError) as error:
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
        # This line is the whole repair of Linux 4.16
        length = min(asked, info.max_size) if self.fixed else info.max_size
        if length and (memory.readonly or min_copy(memory, data[:length]) < length):
            raise self._fail(errno.EFAULT, request, f"{in_bytes(length)} cannot be written there")
        whose = "the smaller of the two sizes" if self.fixed else "what the host has, whatever was asked for"
        self.tell(f"{request}: copies {in_bytes(length)}, {whose}")
        return length

    def _cached(self, info: Info, version: int) -> bytes | None:
        """The bytes of a capset; None if the host never gave them. The host is asked once, and its answer is kept."""
        key = info.capset_id, version
        if key not in self._cache:
            response = self._vmm.get_capset(self._host, *key)
            self._cache[key] = None if response is None else self._taken(info, *response)
            if response is None and not self.fixed:
                self.tell("does not check whether a response came, and takes memory never written", RESPONSE_TIMEOUT)
                self._cache[key] = bytes([STALE]) * info.max_size
        if self._cache[key] is None:
            self.tell(f"waits for capset {info.capset_id} in vain", RESPONSE_TIMEOUT)
        return self._cache[key]

    def _taken(self, info: Info, kind: int, data: bytes) -> bytes:
        """The kernel's response buffer afterwards; it has the announced size, and was zeroed before."""
        if kind != VIRTIO_GPU_RESP_OK_CAPSET:
            self.tell(
                f"logs: response {kind:#x} (command {VIRTIO_GPU_CMD_GET_CAPSET:#x}); "
                "takes the buffer, all zeros, for the answer"
            )
        return data.ljust(info.max_size, b"\0")

    def _fail(self, code: int, request: str, why: str) -> KernelError:
        self.tell(f"{request}: {errno.errorcode[code]}, {why}")
        return KernelError(code, f"{request}: {why}")
