"""Which version of OpenGL a guest gets, and what its host lacks for the next ones."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError
from ..structs._classes import Struct
from .gl_requirements import NEEDED, REQUIREMENTS, GuestCaps, Requirement
from .guest_view import guest_view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LOWEST = (2, 0)  # what the driver offers whatever the host has


class Verdict(NamedTuple):
    """Which version a guest gets.

    Attributes:
        version: the highest, of the core profile from 3.1 on.
        missing: what the host lacks for the higher versions, in the order of the versions.
    """

    version: tuple[int, int]
    missing: tuple[Requirement, ...]


def gl(blob: Any, *, coherent: bool = True) -> Verdict:
    """Which version of OpenGL a guest with Mesa 22.3.6 gets from a host.

    Args:
        blob: bytes of capset 2 as a host sent them, or of capset 1 if it has no capset 2; or an instance of either.
        coherent: can the guest map host memory coherently? See :func:`capcodec.guest_view`.

    Raises:
        ArgumentError: ``blob`` is an instance of another struct.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    if isinstance(blob, Struct) and blob.capset_id not in (1, 2):
        raise ArgumentError(f"OpenGL needs capset 1 or 2, and this is {blob.name}")
    view = guest_view(blob, capset_id=2, coherent=coherent)
    caps = GuestCaps(view)
    missing = tuple(need for need in REQUIREMENTS.about(view.caps) if not need.check(caps))
    reached = [version for version in (LOWEST, *NEEDED) if not any(need.version <= version for need in missing)]
    return Verdict(reached[-1], missing)
