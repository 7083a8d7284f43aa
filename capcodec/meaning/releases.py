"""The releases of virglrenderer, and what each had."""

from __future__ import annotations

from typing import NamedTuple

from ..capsets import virglrenderer_releases
from ..errors import ArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._classes import Struct


class Release(NamedTuple):
    """One release.

    Attributes:
        name: as its tag says.
        date: of the tag's commit, ISO.
        host_feature_check_version: that its hosts send; 0 if they send none.
        format_max: VIRGL_FORMAT_MAX, the number of the first format that no host uses as such.
    """

    name: str
    date: str
    host_feature_check_version: int
    format_max: int


RELEASES = tuple(Release(*row) for row in virglrenderer_releases.RELEASES)  # oldest first
_ORDER = {release.name: place for place, release in enumerate(RELEASES)}


def release_named(name: str) -> Release:
    """The release of that name.

    Raises:
        ArgumentError: there is none.
    """
    if name not in _ORDER:
        raise ArgumentError(f"no release {name!r} is known; there are {', '.join(_ORDER)}")
    return RELEASES[_ORDER[name]]


def in_release(brought: str, release: str) -> bool:
    """Does a release have what an earlier release, or the same one, brought?

    Args:
        brought: the first release that has it, as a mark says; nothing has it if that is empty, or no known release.
        release: of which is asked.

    Raises:
        ArgumentError: ``release`` is not known.
    """
    place = _ORDER[release_named(release).name]
    return _ORDER.get(brought, len(RELEASES)) <= place


def size_in(capset: type[Struct], release: str) -> int:
    """How long a capset was in a release, in bytes; 0 if the release had no such capset.

    Args:
        capset: class of the capset, or of one of its variants.
        release: of virglrenderer. A release whose layout is no prefix of the newest has a variant of its name.

    Raises:
        ArgumentError: no such release is known.
    """
    newest = capset.variant_of or capset
    cls = newest.variants.get(release, newest)
    return max((step.size for step in cls.layout.steps if in_release(step.release, release)), default=0)
