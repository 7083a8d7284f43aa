"""Names of format numbers, which are not the same in all releases.

Numbers 259 to 266 had other names, or more than one, until 1.0.1 (8f7cbe36), and 33 names changed in 1.2.0 (1a067978).
"""

from __future__ import annotations

from functools import cache

from ..errors import ArgumentError
from .releases import RELEASES, release_named
from .tables import rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREFIX = "VIRGL_FORMAT_"


@cache
def format_names(release: str) -> Mapping[int, tuple[str, ...]]:
    """The names of each number in a release, without ``VIRGL_FORMAT_``.

    Raises:
        ArgumentError: no such release is known.
    """
    order = [known.name for known in RELEASES]
    place = order.index(release_named(release).name)
    found: dict[int, tuple[str, ...]] = {}
    for number, name, first, last in rows("virgl_formats.tsv"):
        if order.index(first) <= place <= order.index(last):
            found[int(number)] = (*found.get(int(number), ()), name)
    return found


def format_name(number: int, releases: str | Iterable[str] | None = None) -> str | None:
    """The name of a format; None where it has none, or not the same one, in all these releases.

    Args:
        number: of the format, as bit ``number % 32`` of word ``number // 32`` of a mask.
        releases: a release, or all that can be meant; every release that has the number, if not given. Names that
            changed later are taken for what they are: another name.

    Raises:
        ArgumentError: no such release is known.
    """
    if releases is None:
        names = [format_names(release.name)[number] for release in RELEASES if number in format_names(release.name)]
    else:
        wanted = (releases,) if isinstance(releases, str) else releases
        names = [format_names(release).get(number, ()) for release in wanted]
    common = [name for name in names[0] if all(name in other for other in names)] if names else []
    return "/".join(common) or None


def format_number(name: str, release: str | None = None) -> int:
    """The number of a format in a release; in the newest, if none is given.

    Raises:
        ArgumentError: no such release is known, or it has no such format.
    """
    release = release or RELEASES[-1].name
    for number, names in format_names(release).items():
        if name.removeprefix(PREFIX) in names:
            return number
    raise ArgumentError(f"virglrenderer {release} has no format {name!r}")
