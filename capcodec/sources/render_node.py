"""The kernel of the guest that this runs in: its render node, asked as Mesa asks it.

Ioctls: Linux ``virtgpu_ioctl.c`` (@01be83ee); Mesa's order of questions: ``virgl_drm_winsys.c`` (@20630849).
"""

from __future__ import annotations

import errno
import fcntl
import glob
import os
from array import array

from ..errors import SourceError
from ..messages.drm_ioctl import (
    DRM_IOCTL_VIRTGPU_GET_CAPS,
    DRM_IOCTL_VIRTGPU_GETPARAM,
    VIRTGPU_PARAM,
    DrmVirtgpuGetCaps,
    DrmVirtgpuGetparam,
)
from . import LARGEST, Answer, Closing

MOST_CAPSETS = 64  # MAX_CAPSET_ID + 1 in the kernel
HIGHEST_VERSION = 2  # any capset's max_version that was ever announced


def nodes() -> list[str]:
    """The render nodes of this machine, virtio-gpu's or not."""
    return sorted(glob.glob("/dev/dri/renderD*"))


class RenderNode(Closing):
    """A render node of a virtio-gpu.

    Args:
        path: of the device.

    Raises:
        SourceError: it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise SourceError(error.errno, f"the kernel does not open {path}: {error.strerror}") from error

    def close(self) -> None:
        """Close the device; once more does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def getparam(self, param: int) -> int:
        """The value of a ``VIRTGPU_PARAM_*``.

        Raises:
            OSError: with the kernel's errno: EINVAL for a parameter it does not know, ENOTTY where it is no virtio-gpu.
        """
        value = array("Q", [0])  # zeroed, since the kernel writes the lower half only
        asked = DrmVirtgpuGetparam(param=param, value=value.buffer_info()[0])
        fcntl.ioctl(self._fd, DRM_IOCTL_VIRTGPU_GETPARAM, asked, True)
        return value[0]

    def params(self) -> dict[str, int | None]:
        """All parameters that a driver may ask for, by name; None for what this kernel does not know.

        Raises:
            SourceError: it is the node of another driver.
        """
        found: dict[str, int | None] = {}
        for number, name in VIRTGPU_PARAM.items():
            try:
                found[name] = self.getparam(number)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    message = f"{self.path} is no virtio-gpu: GETPARAM {name} gives {_named(error)}"
                    raise SourceError(error.errno, message) from error
                found[name] = None
        return found

    def get_caps(self, capset_id: int, version: int, buffer: array[int], size: int | None = None) -> None:
        """One ``DRM_IOCTL_VIRTGPU_GET_CAPS`` into ``buffer``, of whose bytes the kernel is told ``size``.

        Raises:
            OSError: with the kernel's errno.
        """
        address, count = buffer.buffer_info()
        room = count * buffer.itemsize
        size = room if size is None else size
        if size > room:
            raise SourceError(f"{size} bytes do not fit a buffer of {room}")
        asked = DrmVirtgpuGetCaps(cap_set_id=capset_id, cap_set_ver=version, addr=address, size=size)
        fcntl.ioctl(self._fd, DRM_IOCTL_VIRTGPU_GET_CAPS, asked, True)

    def ask(self, capset_id: int, version: int = 0, size: int = 4096) -> bytes:
        """The bytes that the kernel writes into a struct of ``size`` bytes.

        It does not say how many these are. So it is asked twice, with two fill patterns: what is the same after both,
        it wrote.

        Raises:
            OSError: with the kernel's errno.
        """
        if size > LARGEST:
            raise SourceError(f"{size} bytes are more than any capset needs, {LARGEST}")
        zeros, ones = array("B", bytes(size)), array("B", b"\xff" * size)
        for buffer in (zeros, ones):
            self.get_caps(capset_id, version, buffer)
        written = max((at + 1 for at in range(size) if zeros[at] == ones[at]), default=0)
        return zeros[:written].tobytes()

    def capsets(self) -> list[Answer]:
        """Every capset that the kernel hands out, in the order of ids.

        Raises:
            SourceError: it is the node of another driver.
        """
        params = self.params()
        mask = params["SUPPORTED_CAPSET_IDs"]
        found = []
        for capset_id in range(1, MOST_CAPSETS):
            try:
                data = self.ask(capset_id)
            except OSError as error:
                if mask and mask >> capset_id & 1:
                    raise SourceError(
                        error.errno, f"the kernel lists capset {capset_id}, and gives {_named(error)} for it"
                    ) from error
                continue
            found.append(Answer(capset_id, self._highest_version(capset_id), data, self.path, _remarks(data)))
        return found

    def _highest_version(self, capset_id: int) -> int:
        """The kernel takes any version up to the announced one."""
        buffer, version = array("B", bytes(1)), 0
        while version < HIGHEST_VERSION:
            try:
                self.get_caps(capset_id, version + 1, buffer)
            except OSError:
                break
            version += 1
        return version

    def mesa(self, size: int) -> Answer:
        """What Mesa's virgl driver ends up asking with a struct of ``size`` bytes, and gets.

        Capset 2 if the kernel has CAPSET_QUERY_FIX, and capset 1 if it has not, or if it answers EINVAL.

        Raises:
            OSError: with the errno at which Mesa would go on with its defaults.
        """
        if self.params()["CAPSET_QUERY_FIX"]:
            try:
                return Answer(2, 0, self.ask(2, 0, size), self.path)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
        return Answer(1, 0, self.ask(1, 0, 308), self.path)


def _named(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, str(error.errno))


def _remarks(data: bytes) -> tuple[str, ...]:
    return () if any(data) else ("all zero: the host may have answered with an error",)
