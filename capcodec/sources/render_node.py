"""The kernel of the guest that this runs in, asked through its render node as Mesa asks it.

Ioctls: Linux ``virtgpu_ioctl.c`` (@01be83ee). Mesa's order of questions: ``virgl_drm_winsys.c`` (@20630849).
"""

from __future__ import annotations

import errno
import fcntl
import glob
import mmap
import os
import sys
from array import array
from typing import TYPE_CHECKING

from ..classes import VirglCapsV1
from ..errors import SourceError
from ..messages.drm_ioctl import (
    DRM_IOCTL_VIRTGPU_GET_CAPS,
    DRM_IOCTL_VIRTGPU_GETPARAM,
    VIRTGPU_PARAM,
    VIRTGPU_PARAM_CAPSET_QUERY_FIX,
    DrmVirtgpuGetCaps,
    DrmVirtgpuGetparam,
)
from ..messages.virtio_gpu import MAX_CAPSET_ID, MAX_CAPSET_SIZE
from .answer import Answer

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..structs._classes import _AnyStruct

MAX_VERSION = 2  # no capset was ever announced with a higher max_version
UNREPAIRED_ROOM = 1 << 32  # bytes: every size that a host can announce in its 32 bits


def nodes() -> list[str]:
    """Paths of the render nodes of this machine, of virtio-gpu or any other driver."""
    return sorted(glob.glob("/dev/dri/renderD*"))


class RenderNode:
    """A render node of a virtio-gpu, open until it is closed.

    Args:
        path: path of the device.

    Raises:
        SourceError: the device cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise SourceError(error.errno, f"the kernel does not open {path}: {error.strerror}") from error
        except ValueError as error:
            raise SourceError(errno.EINVAL, f"no device has the path {path!r}: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the device. A second call does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def getparam(self, param: int) -> int:
        """The value of a ``VIRTGPU_PARAM_*``.

        Raises:
            OSError: with the kernel's errno: EINVAL for a parameter that this kernel does not know, ENOENT for one
                that the device has no value for (Linux 7.2), ENOTTY where the device is no virtio-gpu.
        """
        value = array("Q", [0])  # zeroed, since the kernel writes the lower half only
        asked = DrmVirtgpuGetparam(param=param, value=value.buffer_info()[0])
        fcntl.ioctl(self._fd, DRM_IOCTL_VIRTGPU_GETPARAM, _native(asked), True)
        return int.from_bytes(value.tobytes()[:4], sys.byteorder)

    def params(self) -> dict[str, int | None]:
        """All parameters that a driver may ask for, by name; None for one that the kernel has no value for.

        Raises:
            SourceError: the device is no virtio-gpu.
        """
        found: dict[str, int | None] = {}
        for number, name in VIRTGPU_PARAM.items():
            try:
                found[name] = self.getparam(number)
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.ENOENT):
                    message = f"{self.path} is no virtio-gpu: GETPARAM {name} gives {_named(error)}"
                    raise SourceError(error.errno, message) from error
                found[name] = None
        return found

    def get_caps(self, capset_id: int, version: int, size: int, *, room: int | None = None, fill: int = 0) -> bytes:
        """Memory after one ``DRM_IOCTL_VIRTGPU_GET_CAPS``, which is told ``size``.

        A kernel without the repair of Linux 4.16 writes as many bytes as the host has, whatever it is told. It gets
        an area that takes everything it can write.

        Args:
            capset_id: which capset.
            version: which version of it.
            size: bytes that the kernel is told to write at most.
            room: bytes of memory, from ``size`` to 64 KiB (``MAX_CAPSET_SIZE``); ``size`` if not given.
            fill: what each byte is before.

        Raises:
            OSError: with the kernel's errno.
            SourceError: the sizes are none, or there is no memory.
        """
        room = size if room is None else room
        if not 0 <= size <= room <= MAX_CAPSET_SIZE:
            raise SourceError(f"expected a size of 0..{MAX_CAPSET_SIZE} bytes, got {size}, with room for {room}")
        if self._repaired():
            buffer = array("B", bytes([fill]) * (room or 1))
            self._get_caps(capset_id, version, buffer.buffer_info()[0], size)
            return buffer[:room].tobytes()
        with _Area(room, fill) as area:
            self._get_caps(capset_id, version, area.address, size)
            return area.read(room)

    def _get_caps(self, capset_id: int, version: int, address: int, size: int) -> None:
        asked = DrmVirtgpuGetCaps(cap_set_id=capset_id, cap_set_ver=version, addr=address, size=size)
        fcntl.ioctl(self._fd, DRM_IOCTL_VIRTGPU_GET_CAPS, _native(asked), True)

    def _repaired(self) -> bool:
        """Does the kernel copy the smaller of the two sizes?"""
        try:
            return self.getparam(VIRTGPU_PARAM_CAPSET_QUERY_FIX) == 1
        except OSError:
            return False

    def ask(self, capset_id: int, version: int = 0, size: int = 4096) -> bytes:
        """The bytes that the kernel writes for a guest whose struct has ``size`` bytes, within that struct.

        The kernel does not say how many bytes it wrote. So it is asked twice, and the memory is filled with zeros once
        and with ones once: it wrote the bytes up to the last one that is the same after both.

        Raises:
            OSError: with the kernel's errno. Before Linux 4.16 that is EINVAL if the host has fewer bytes.
            SourceError: the size is too large, or there is no memory for it.
        """
        return self._written(capset_id, version, size, size)

    def _whole(self, capset_id: int) -> bytes:
        """All bytes of a capset. A kernel that ignores the size may still refuse one above the host's."""
        room = MAX_CAPSET_SIZE
        return self._written(capset_id, 0, room if self._repaired() else 1, room)

    def _written(self, capset_id: int, version: int, size: int, room: int) -> bytes:
        zeros, ones = (self.get_caps(capset_id, version, size, room=room, fill=fill) for fill in (0, 0xFF))
        end = next((at for at in range(room, 0, -1) if zeros[at - 1] == ones[at - 1]), 0)
        return zeros[:end]

    def capsets(self) -> list[Answer]:
        """Every capset that the kernel hands out, in the order of their ids. See also :meth:`refused`.

        Raises:
            SourceError: the device is no virtio-gpu.
        """
        self.params()
        found = []
        for capset_id in range(1, MAX_CAPSET_ID + 1):
            try:
                data = self._whole(capset_id)
            except SourceError:
                raise
            except OSError:
                continue
            remarks = () if any(data) else ("all zero: the host may have answered with an error",)
            found.append(Answer(capset_id, self._max_version(capset_id), data, self.path, remarks))
        return found

    def refused(self) -> dict[int, str]:
        """The capsets that the kernel lists in SUPPORTED_CAPSET_IDs and yet does not hand out, with the errno's name.

        A bit of that list may be another capset's: a kernel sets bit 0 to 31 for the ids from 32 to 63 as well.

        Raises:
            SourceError: the device is no virtio-gpu.
        """
        mask = self.params()["SUPPORTED_CAPSET_IDs"] or 0
        found = {}
        for capset_id in range(32):
            if mask >> capset_id & 1:
                try:
                    self._whole(capset_id)
                except OSError as error:
                    found[capset_id] = _named(error)
        return found

    def _max_version(self, capset_id: int) -> int:
        """The highest version that the kernel takes; it takes every version up to the announced one."""
        version = 0
        while version < MAX_VERSION:
            try:
                self.get_caps(capset_id, version + 1, 1)
            except OSError:
                break
            version += 1
        return version

    def mesa(self, size: int) -> Answer:
        """The capset that Mesa's virgl driver asks for with a struct of ``size`` bytes, and gets.

        This is capset 2 if the kernel has CAPSET_QUERY_FIX; capset 1 if it has not, or if it answers EINVAL.

        Raises:
            OSError: with the errno after which Mesa goes on with its defaults.
        """
        if self._repaired():
            try:
                return Answer(2, 0, self.ask(2, 0, size), self.path)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
        return Answer(1, 0, self.ask(1, 0, VirglCapsV1.size), self.path)


class _Area:
    """Memory that a kernel without the repair of Linux 4.16 may write to, however much it writes.

    Addresses for 4 GiB, of which a file holds the first 64 KiB: the kernel's copy ends there with EFAULT.
    """

    def __init__(self, size: int, fill: int) -> None:
        import ctypes  # the only way to an address of mapped memory

        try:
            file = os.memfd_create("capcodec")
            try:
                os.truncate(file, UNREPAIRED_ROOM)
                self._map = mmap.mmap(file, UNREPAIRED_ROOM)
                os.truncate(file, MAX_CAPSET_SIZE)
            finally:
                os.close(file)
        except (OSError, ValueError, OverflowError) as error:
            raise SourceError(errno.ENOMEM, f"no room for a kernel without CAPSET_QUERY_FIX: {error}") from error
        self._map[:size] = bytes([fill]) * size
        first = ctypes.c_char.from_buffer(self._map)
        self.address = ctypes.addressof(first)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._map.close()

    def read(self, size: int) -> bytes:
        return self._map[:size]


def _native(asked: _AnyStruct) -> bytearray:
    """An argument in the byte order of this machine, which its kernel expects; our structs are little-endian."""
    return bytearray().join(
        asked[field.name].to_bytes(field.size, sys.byteorder) for field in type(asked).fields.values()
    )


def _named(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, str(error.errno))
