"""Real capsets, with what their names tell."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from .. import captures
from ..errors import ArgumentError, shown
from ..registry import capset_for, find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._classes import _AnyStruct


class Capture(NamedTuple):
    """What a released host sent.

    Attributes:
        name: of the file in :mod:`capcodec.captures`.
        capset_id: of the capset.
        release: of virglrenderer.
        data: the bytes.
    """

    name: str
    capset_id: int
    release: str
    data: bytes

    @property
    def caps(self) -> _AnyStruct:
        """A new instance, of the layout that the release had."""
        cls = capset_for(self.capset_id)
        return cls.variants.get(self.release, cls).unpack(self.data)


def load(name: str) -> Capture:
    """The capture of that name, as in :func:`capcodec.captures.names`.

    Raises:
        ArgumentError: there is none of that name.
    """
    data = captures.load(name)
    stem, capset, _ = name.rsplit(".", 2)
    return Capture(name, int(capset.removeprefix("capset")), stem.split("-")[1], data)


def captured(capset_id: int | str | None = None, releases: Collection[str] | None = None) -> list[Capture]:
    """All captures, oldest release first; or those of a capset, by number or name, and of some releases.

    Raises:
        ArgumentError: no such capset is known, or ``releases`` are not several names.
    """
    if releases is not None and (isinstance(releases, (str, bytes)) or not isinstance(releases, Collection)):
        raise ArgumentError(f"captures: expected the names of releases, such as ['1.3.0'], got {shown(releases)}")
    found = [load(name) for name in captures.names(None if capset_id is None else find(capset_id).capset_id)]
    kept = [capture for capture in found if releases is None or capture.release in releases]
    return sorted(kept, key=lambda capture: ([int(part) for part in capture.release.split(".")], capture.name))
