"""The guest's userspace: a Mesa that fills its struct of capabilities.

``fixed=False`` asks for capset 1 with the size of its struct, as Mesa did until 2018. ``fixed=True`` is
``virgl_drm_get_caps`` in ``virgl_drm_winsys.c`` of 20630849 and later.
"""

from __future__ import annotations

import errno
from typing import NamedTuple

from ..classes import VirglCapsV1, VirglCapsV2
from ..errors import KernelError
from ..messages.drm_ioctl import VIRTGPU_PARAM_CAPSET_QUERY_FIX
from ..registry import guess
from .party import Party

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._classes import Struct, _AnyStruct
    from .kernel import Kernel
    from .memory import Memory


class Query(NamedTuple):
    """One question of the guest to its kernel, and the result.

    Attributes:
        capset_id: which capset the guest asked for.
        size: bytes that it said it has room for.
        errno: the kernel's errno; 0 if it worked.
        written: bytes that the kernel wrote.
    """

    capset_id: int
    size: int
    errno: int
    written: int

    @property
    def answer(self) -> str:
        """``ok``, or the name of the errno."""
        return errno.errorcode[self.errno] if self.errno else "ok"


class Guest(Party):
    """Fills its struct with its defaults, and asks its kernel to write the host's capset over them.

    Args:
        size: bytes of its struct: a size step of capset 1 or 2. It tells how old this Mesa is.
        fixed: does it pre-fill its defaults, check that the kernel is repaired, and know capset 2?

    Raises:
        CapcodecError: neither capset ever had that size.
    """

    name = "guest"

    def __init__(self, size: int = VirglCapsV2.size, *, fixed: bool = True) -> None:
        super().__init__()
        self.size = size
        self.fixed = fixed
        self.struct: type[_AnyStruct] = guess(size)
        self.assumed()

    def assumed(self) -> Struct:
        """Its struct before it asks: Mesa's defaults, or zeros if this Mesa has none."""
        return self.struct.guest_defaults(self.size) if self.fixed else self.struct.zeros(self.size)

    def query(self, kernel: Kernel, memory: Memory) -> list[Query]:
        """Ask until the kernel gives a capset, or nothing is left to ask for. An error leaves the struct as it was."""
        if not self.fixed:
            return [self._ask(kernel, memory, 1, self.size)]
        first_size = min(self.size, VirglCapsV1.size)
        if self._trusts(kernel):
            queries = [self._ask(kernel, memory, 2, self.size)]
        else:
            queries = [self._ask(kernel, memory, 1, first_size)]
        if queries[0].errno == errno.EINVAL:
            self.tell(f"falls back to capset 1, {first_size} bytes")
            queries.append(self._ask(kernel, memory, 1, first_size))
        return queries

    def _trusts(self, kernel: Kernel) -> bool:
        """Does it dare to ask this kernel for a capset that grows?"""
        try:
            repaired = kernel.getparam(VIRTGPU_PARAM_CAPSET_QUERY_FIX) == 1
        except KernelError:
            repaired = False
        self.tell(
            "finds the kernel repaired, and so asks for capset 2"
            if repaired
            else "does not find CAPSET_QUERY_FIX in the kernel, and so must not ask for a capset that grows"
        )
        return repaired

    def _ask(self, kernel: Kernel, memory: Memory, capset_id: int, size: int) -> Query:
        self.tell(f"asks for capset {capset_id}, with room for {size} of its {self.size} bytes")
        try:
            written = kernel.get_caps(capset_id, 0, memory.buffer, size=size)
        except KernelError as error:
            return Query(capset_id, size, error.errno, 0)
        return Query(capset_id, size, 0, written)
