"""A guest's memory, as a VMM shares it: files with ranges, read and written within their bounds.

The files are read and written, not mapped. A VMM that cuts one short then gets an error, where a mapping would kill
this process; and every access is ordered with those of the guest by the system call.
"""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

from ..errors import MessageError, SourceError

MAX_REGIONS = 32  # a VMM has a handful
MAX_ADDRESS = 1 << 64


class Region(NamedTuple):
    """A range of a guest's memory.

    Attributes:
        guest: the guest's physical address of its first byte.
        size: bytes.
        user: the VMM's own address of that byte.
        offset: of that byte in the file.
        file: the file's descriptor.
    """

    guest: int
    size: int
    user: int
    offset: int
    file: int


class GuestMemory:
    """Ranges of memory, none of which goes beyond its file. It owns the descriptors.

    Raises:
        MessageError: there are too many ranges, one is empty, or its addresses are beyond 64 bits.
        SourceError: a descriptor is of no file with so many bytes.
    """

    def __init__(self, regions: list[Region]) -> None:
        self.regions: list[Region] = regions
        if not 0 < len(regions) <= MAX_REGIONS:
            raise MessageError(f"SET_MEM_TABLE: expected 1 to {MAX_REGIONS} regions, got {len(regions)}")
        for number, region in enumerate(regions):
            starts = region.guest, region.user, region.offset
            if not region.size or any(start + region.size > MAX_ADDRESS for start in starts):
                raise MessageError(f"SET_MEM_TABLE: region {number} of {region.size} bytes wraps, or is empty")
            status = os.fstat(region.file)
            if not stat.S_ISREG(status.st_mode) or region.offset + region.size > status.st_size:
                raise SourceError(
                    f"SET_MEM_TABLE: region {number} ends at byte {region.offset + region.size}, "
                    f"and its file has {status.st_size}"
                )

    def close(self) -> None:
        """Close the files. A second call does nothing."""
        files = {region.file for region in self.regions}
        self.regions = []
        for file in files:
            os.close(file)

    def read(self, address: int, size: int, *, user: bool = False) -> bytes:
        """Bytes at an address of the guest's, or of the VMM's.

        Raises:
            MessageError: no one region has them all.
            SourceError: its file no longer has them.
        """
        file, offset = self._locate(address, size, user)
        try:
            data = os.pread(file, size, offset)
        except (OSError, OverflowError) as error:
            raise SourceError(getattr(error, "errno", None), f"the guest's memory cannot be read: {error}") from error
        if len(data) < size:
            raise SourceError(f"the guest's memory ends at byte {offset + len(data)} of its file, which was longer")
        return data

    def write(self, address: int, data: bytes, *, user: bool = False) -> None:
        """Write bytes. Errors as of :meth:`read`."""
        file, offset = self._locate(address, len(data), user)
        size = os.fstat(file).st_size
        if offset + len(data) > size:  # to write would make it longer
            raise SourceError(f"the guest's memory ends at byte {size} of its file, which was longer")
        try:
            written = os.pwrite(file, data, offset)
        except (OSError, OverflowError) as error:
            raise SourceError(getattr(error, "errno", None), f"the guest's memory takes nothing: {error}") from error
        if written < len(data):
            raise SourceError(f"the guest's memory took {written} of {len(data)} bytes")

    def _locate(self, address: int, size: int, user: bool) -> tuple[int, int]:
        """File and offset of so many bytes."""
        for region in self.regions:
            start = region.user if user else region.guest
            if start <= address and address + size <= start + region.size:
                return region.file, region.offset + address - start
        whose = "VMM" if user else "guest"
        raise MessageError(f"{size} bytes at address {address:#x} of the {whose} are in no region of its memory")
