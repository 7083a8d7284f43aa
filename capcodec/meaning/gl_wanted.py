"""What a host would have to send so that its guests get a version of OpenGL."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError, clipped
from .diff import diff
from .gl import VERSIONS, gl
from .gl_needs import GuestCaps
from .gl_stages import FOUR_SAMPLED
from .guest_view import guest_view
from .mesa import mesa_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..structs._classes import Struct
    from .diff import Change
    from .gl import Verdict, _Version
    from .gl_requirements import Requirement

DISPLAY_FORMAT = "B8G8R8A8_UNORM"  # what displays have everywhere


class Wanted(NamedTuple):
    """What a host would have to send.

    Attributes:
        changes: the fields that it would have to change, beside what it sends and what guests assume where it sends
            nothing. Empty if the guest gets the version as it is.
        size: bytes that it would have to send at least.
        caps: the capset with the changes, as long as the guest's struct.
        beyond: what no field of the host brings to this guest. If there is any, the changes are not enough.
    """

    changes: tuple[Change, ...]
    size: int
    caps: Struct
    beyond: tuple[Requirement, ...]


def wanted(
    blob: Any,
    version: _Version,
    *,
    profile: str = "core",
    mesa: str = "25.0",
    coherent: bool = True,
    capset_id: int | str | None = None,
) -> Wanted:
    """What a host would have to send so that a guest gets a version of OpenGL.

    Args:
        blob: bytes of capset 2 as a host sends them, or of capset 1, or an instance.
        version: the version to reach, as ``(4, 6)``.
        profile: "core", "compatibility" or "es".
        mesa: the guest's Mesa, as of :func:`gl`; so are ``coherent`` and ``capset_id``.
        coherent: can the guest map host memory coherently?
        capset_id: 1 or 2, for bytes of a size that another capset has.

    Raises:
        ArgumentError: no such profile or version is known, or as :func:`gl` has it.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    if version not in VERSIONS.get(profile, ()):
        known = ", ".join(f"{name} {major}.{minor}" for name, these in VERSIONS.items() for major, minor in these)
        told = ".".join(map(str, version)) if isinstance(version, tuple) and len(version) < 9 else clipped(version)
        raise ArgumentError(f"there is no OpenGL {told} of profile {clipped(profile)}; there are {known}")
    guest = mesa_named(mesa)
    verdict = gl(blob, mesa=mesa, coherent=coherent, capset_id=capset_id)
    view = guest_view(blob, guest.size, 2, coherent=coherent, mesa=guest.name)
    before, copied, caps = view.caps, view.copied, type(view.caps).unpack(view.caps.pack())
    beyond: dict[str, Requirement] = {}
    while not _reached(verdict, version, profile):
        made = _change(caps, verdict, version, profile, guest.name)
        beyond |= {need.name: need for need in made}
        if len(made) == len(_lacking(verdict, version, profile)) and not verdict.no_display:
            break  # what is left is beyond the host
        verdict = gl(caps, mesa=mesa, coherent=coherent)
    changes = diff(before, caps)
    ends = [change.field.end for change in changes if change.field is not None]
    return Wanted(changes, max([copied, *ends]), caps, tuple(beyond.values()))


def _reached(verdict: Verdict, version: _Version, profile: str) -> bool:
    return (verdict.of(profile) or (0, 0)) >= version


def _lacking(verdict: Verdict, version: _Version, profile: str) -> list[Requirement]:
    return [need for need in verdict.missing if profile in need.profiles and need.version <= version]


def _change(caps: Struct, verdict: Verdict, version: _Version, profile: str, mesa: str) -> list[Requirement]:
    """Make the changes for all that is lacking; what no change brings."""
    beyond = []
    for need in _lacking(verdict, version, profile):
        changes = need.changes(_guest_caps(caps, verdict, mesa))
        if changes is None:
            beyond.append(need)
        for path, value in (changes or {}).items():
            caps[path] = value
    if verdict.no_display:
        guest_caps = _guest_caps(caps, verdict, mesa)
        for mask in ("sampler", "render"):
            for path, value in guest_caps.with_formats(mask, (DISPLAY_FORMAT, FOUR_SAMPLED)).items():
                caps[path] = value
    return beyond


def _guest_caps(caps: Struct, verdict: Verdict, mesa: str) -> GuestCaps:
    """The capset as the driver sees it after the changes so far."""
    view = guest_view(caps, caps.valid_size, 2, coherent=verdict.coherent, mesa=mesa)
    return GuestCaps(view, verdict.coherent)
