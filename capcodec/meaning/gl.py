"""Which version of OpenGL a guest gets, and what its host lacks for the next ones."""

from __future__ import annotations

from typing import NamedTuple, overload

from ..errors import ArgumentError, CapcodecError
from ..registry import class_of, find
from ..structs._bulk import Batch
from ..structs._classes import Struct
from .gl_needs import GuestCaps
from .gl_overruns import overruns
from .gl_requirements import lacking
from .gl_stages import DISPLAY_FORMATS
from .guest_view import guest_view
from .many import of_each
from .mesa import mesa_named
from .tables import Tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from .gl_requirements import Requirement
    from .many import Answers

    _Version: TypeAlias = tuple[int, int]

LOWEST = (2, 0)  # what the driver offers whatever the host has, if it has a display
LOWEST_CORE = (3, 1)
VERSIONS: dict[str, tuple[_Version, ...]] = {
    "core": (*((3, minor) for minor in range(1, 4)), *((4, minor) for minor in range(7))),
    "compatibility": ((2, 0), (2, 1), *((3, minor) for minor in range(4)), *((4, minor) for minor in range(7))),
    "es": ((2, 0), (3, 0), (3, 1), (3, 2)),
}


class Verdict(NamedTuple):
    """Which versions a guest gets.

    Attributes:
        core: the version of the core profile; None if there is none, which is below 3.1.
        compatibility, es: those of the compatibility profile and of OpenGL ES; None if there is no display at all.
        missing: what the host lacks for higher versions, in the order of the versions; of ES, behind the others.
        mesa: the version of Mesa.
        coherent: was it assumed that the guest can map host memory coherently?
        no_display: why there is no display at all; empty if there is one.
        overruns: numbers that may crash this Mesa's driver, in words.
    """

    core: _Version | None
    compatibility: _Version | None
    es: _Version | None
    missing: tuple[Requirement, ...]
    mesa: str
    coherent: bool
    no_display: str = ""
    overruns: tuple[str, ...] = ()

    @property
    def version(self) -> _Version | None:
        """The highest version: of the core profile, or where there is none, of the compatibility profile."""
        return self.core or self.compatibility

    def of(self, profile: str) -> _Version | None:
        """The version of a profile: "core", "compatibility" or "es"."""
        found: _Version | None = getattr(self, profile)
        return found


@overload
def gl(
    blob: Batch[Any], *, mesa: str = "25.0", coherent: bool = True, capset_id: int | str | None = None
) -> Answers[Verdict]: ...
@overload
def gl(blob: Any, *, mesa: str = "25.0", coherent: bool = True, capset_id: int | str | None = None) -> Verdict: ...
def gl(
    blob: Any, *, mesa: str = "25.0", coherent: bool = True, capset_id: int | str | None = None
) -> Verdict | Answers[Verdict]:
    """Which versions of OpenGL a guest with some Mesa gets from a host.

    Args:
        blob: bytes of capset 2 as a host sent them, or of capset 1 if it has no capset 2; or an instance of either. Or
            a batch, for an :class:`~capcodec.meaning.many.Answers` with a verdict on each record.
        mesa: the guest's Mesa: "22.3", "25.0" or "26", or a release of one, such as "25.0.7".
        coherent: can the guest map host memory coherently? See :func:`capcodec.guest_view`.
        capset_id: 1 or 2, for bytes of a size that another capset has.

    Raises:
        ArgumentError: it is another capset, or the rules of that Mesa are not known.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    if isinstance(blob, Batch):
        return of_each(blob, lambda caps: gl(caps, mesa=mesa, coherent=coherent, capset_id=capset_id))
    _refuse_others(blob, capset_id)
    version = mesa_named(mesa)
    view = guest_view(blob, version.size, 2, coherent=coherent, mesa=version.name)
    caps = GuestCaps(view, coherent)
    too_much = tuple(overruns(caps, version))
    if not any(caps.rendered(number) for number in DISPLAY_FORMATS):
        why = "no format of a display is in sampler and render: the driver finds no display, and a program no OpenGL"
        return Verdict(None, None, None, (), version.name, coherent, why, too_much)
    missing = lacking(caps, version)
    core, compatibility, es = [_reached(profile, missing) for profile in VERSIONS]
    return Verdict(core, compatibility, es, missing, version.name, coherent, overruns=too_much)


def _reached(profile: str, missing: tuple[Requirement, ...]) -> _Version | None:
    """The highest version of a profile of which nothing is missing."""
    return _BELOW[profile, min([need.version for need in missing if profile in need.profiles], default=(9, 9))]


# By profile and version, the highest version of the profile below that
_BELOW: Tables[tuple[str, _Version], _Version | None] = Tables(
    lambda key: max((version for version in VERSIONS[key[0]] if version < key[1]), default=None)
)


def _refuse_others(blob: Any, capset_id: int | str | None) -> None:
    """Raise if it is another capset than 1 or 2, or bytes that look like one."""
    if capset_id is not None:
        found = find(capset_id)
        if found.capset_id not in (1, 2):
            raise ArgumentError(f"OpenGL needs capset 1 or 2, and this is {found.name}")
    elif isinstance(blob, Struct):
        if blob.capset_id not in (1, 2):
            raise ArgumentError(f"OpenGL needs capset 1 or 2, and this is {blob.name}")
    else:
        try:
            cls = class_of(blob)
        except CapcodecError:
            return  # guest_view says what is wrong with it; a size of no capset is one that was cut
        if cls.capset_id not in (1, 2):
            raise ArgumentError(f"OpenGL needs capset 1 or 2, and this has the size of {cls.name}; say which it is")
