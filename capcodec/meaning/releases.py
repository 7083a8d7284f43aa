"""The releases of virglrenderer, and what each had."""

from __future__ import annotations

from typing import NamedTuple

from ..capsets import virglrenderer_releases
from ..errors import ArgumentError, clipped
from .tables import Tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

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
    if not isinstance(name, str) or name not in _ORDER:
        raise ArgumentError(f"no release {clipped(name)} is known; there are {', '.join(_ORDER)}")
    return RELEASES[_ORDER[name]]


def in_release(brought: str, release: str) -> bool:
    """Does a release have what an earlier release, or the same one, brought?

    Args:
        brought: the first release that has it, as a mark says; nothing has it if that is empty, or no known release.
        release: of which is asked.

    Raises:
        ArgumentError: ``release`` is not known.
    """
    return place_of(brought) <= _ORDER[release_named(release).name]


class Window:
    """Some of the releases; of the same ones there is one object.

    Attributes:
        mask: bit n is set for the release in place n.
        names, set: their names, oldest first, and without an order.
        text: the first and the last, for a person.
    """

    __slots__ = ("mask", "names", "set", "text")

    def __init__(self, mask: int) -> None:
        self.mask: int = mask
        self.names: tuple[str, ...] = tuple(release.name for place, release in enumerate(RELEASES) if mask >> place & 1)
        self.set: frozenset[str] = frozenset(self.names)
        ends = dict.fromkeys((self.names[0], self.names[-1])) if mask else ["no release"]
        self.text: str = " to ".join(ends)


_WINDOWS = Tables(Window)
EVERY_RELEASE = _WINDOWS[(1 << len(RELEASES)) - 1]


def window(mask: int) -> Window:
    """The releases whose bits are set."""
    return _WINDOWS[mask]


def window_of(tests: Iterable[bool]) -> Window:
    """The releases that pass: there is a test for each of RELEASES."""
    return window(sum([1 << place for place, test in enumerate(tests) if test]))


def releases_from(brought: str) -> Window:
    """The releases that have what a release brought; none if that is empty, or no known release."""
    place = place_of(brought)
    return window(EVERY_RELEASE.mask >> place << place)


def place_of(release: str) -> int:
    """The place of a release among all, the oldest being 0; behind them if it is not known."""
    return _ORDER.get(release, len(RELEASES))


def size_in(capset: type[Struct], release: str) -> int:
    """How long a capset was in a release, in bytes; 0 if the release had no such capset.

    Args:
        capset: class of the capset, or of one of its variants.
        release: of virglrenderer. A release whose layout is no prefix of the newest has a variant of its name.

    Raises:
        ArgumentError: no such release is known.
    """
    return sizes_of(capset)[_ORDER[release_named(release).name]]


def sizes_of(capset: type[Struct]) -> tuple[int, ...]:
    """How long a capset was in each of RELEASES; see :func:`size_in`."""
    return _SIZES[capset.variant_of or capset]


def _sizes(newest: type[Struct]) -> tuple[int, ...]:
    sizes = []
    for release in RELEASES:
        steps = newest.variants.get(release.name, newest).layout.steps
        sizes.append(max((step.size for step in steps if in_release(step.release, release.name)), default=0))
    return tuple(sizes)


_SIZES = Tables(_sizes)
