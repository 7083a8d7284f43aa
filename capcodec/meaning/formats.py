"""Names of format numbers, which are not the same in all releases of virglrenderer.

Until 1.0.1 (8f7cbe36) numbers 259 to 266 had other names, or more than one. 1.2.0 renamed 35 formats (1a067978).
"""

from __future__ import annotations

from collections.abc import Iterable

from ..capsets.virgl_formats import FORMATS
from ..errors import ArgumentError, clipped, shown
from ..structs.exact import exact_int, text_of
from .releases import RELEASES, place_of, release_named
from .tables import Tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "VIRGL_FORMAT_"

_names: dict[str, dict[int, tuple[str, ...]]] = {}  # by release


def format_names(release: str) -> Mapping[int, tuple[str, ...]]:
    """The names of each number in a release, without ``VIRGL_FORMAT_``.

    Raises:
        ArgumentError: no such release is known.
    """
    if not _names:
        _names.update(_named())
    return _names[release_named(release).name]


def _named() -> dict[str, dict[int, tuple[str, ...]]]:
    """The names of all releases, made together: to know one release needs as long as to know all."""
    found: dict[str, dict[int, tuple[str, ...]]] = {release.name: {} for release in RELEASES}
    in_order = list(found.values())
    for number, name, first, last in FORMATS:
        for names in in_order[place_of(first) : place_of(last) + 1 if last else None]:
            names[number] = (*names[number], name) if number in names else (name,)
    return found


def format_name(number: int, releases: str | Iterable[str] | None = None) -> str | None:
    """The name of a format; None if it has none, or not the same one, in all these releases.

    Args:
        number: of the format: bit ``number % 32`` of word ``number // 32`` of a mask.
        releases: a release, or all releases that can be meant. If not given, every release that has the number. A
            format that was renamed has no name that is the same before and after.

    Returns:
        The name; names that all of these releases give the number are joined by a slash.

    Raises:
        ArgumentError: no such release is known, or ``number`` is none.
    """
    if exact_int(number) is None:
        raise ArgumentError(f"expected the number of a format, got {shown(number)}")
    if releases is None:
        names = [format_names(release.name)[number] for release in RELEASES if number in format_names(release.name)]
    else:
        wanted = (releases,) if isinstance(releases, str) else releases
        if not isinstance(wanted, Iterable):
            raise ArgumentError(f"expected a release or several, got {shown(releases)}")
        names = [format_names(release).get(number, ()) for release in wanted]
    common = [name for name in names[0] if all(name in other for other in names)] if names else []
    return "/".join(common) or None


# By window of releases: what format_name says of each number
NAMES: Tables[tuple[str, ...] | None, Tables[int, str | None]] = Tables(
    lambda releases: Tables(lambda number: format_name(number, releases))
)


def format_number(name: str, release: str | None = None) -> int:
    """The number of a format.

    Args:
        name: with or without ``VIRGL_FORMAT_``.
        release: whose name it is; the newest release if not given.

    Raises:
        ArgumentError: no such release is known, or it has no such format.
    """
    release = release or RELEASES[-1].name
    wanted = text_of("name of a format", name).removeprefix(PREFIX)
    for number, names in format_names(release).items():
        if wanted in names:
            return number
    raise ArgumentError(f"virglrenderer {release} has no format {clipped(name)}")
