"""Which extensions of OpenGL and ES a guest gets, and which part of a capset brings each.

This is no reading of Mesa's source: :mod:`capcodec.meaning.gl_extension_table` holds what real Mesas said of hosts that
lacked one thing, and ``tests/long/mesa_extensions.py`` asks them.
"""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError
from .formats import format_number
from .gl import VERSIONS, gl
from .gl_extension_table import TABLES
from .gl_needs import FORMATS_OF, MASKS, WITH_MULTISAMPLE_FORMATS, GuestCaps
from .gl_stages import ANY_FORMAT
from .guest_view import guest_view
from .mesa import mesa_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .gl import _Version

ANY, ALL, LEAST = " | ", "; ", " >= "  # in the table's conditions


class Extension(NamedTuple):
    """An extension of one profile.

    Attributes:
        name: as ``GL_ARB_copy_image``.
        profile: "core", "compatibility" or "es".
        there: does the guest get it?
        needs: what it needs of the host, in fields; empty if every host brings it that brings the profile. Parts that
            are all needed are joined by semicolons, alternatives by bars.
    """

    name: str
    profile: str
    there: bool
    needs: str


def table_of(mesa: str) -> str:
    """The release of Mesa whose answers are known for a version, as ``25.0.7`` for ``25.0``.

    Raises:
        ArgumentError: none of that version was asked.
    """
    named = mesa_named(mesa)
    for release in TABLES["core"]:
        if mesa_named(release) == named:
            return release
    raise ArgumentError(f"no Mesa {named.name} was asked for its extensions; there are {', '.join(TABLES['core'])}")


def extensions(
    blob: Any, *, mesa: str = "25.0", coherent: bool = True, capset_id: int | str | None = None
) -> list[Extension]:
    """The extensions that some host brings to a guest with some Mesa, and whether this one does.

    Args:
        blob: bytes of capset 2 as a host sent them, or of capset 1, or an instance, as of :func:`gl`.
        mesa: the guest's Mesa: "22.3" or "25.0", or a release of one.
        coherent: can the guest map host memory coherently? Mesa 22.3 was asked where it cannot.
        capset_id: 1 or 2, for bytes of a size that another capset has.

    Raises:
        ArgumentError: it is another capset, or that Mesa was not asked.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    release = table_of(mesa)
    verdict = gl(blob, mesa=mesa, coherent=coherent, capset_id=capset_id)
    known = mesa_named(mesa)
    caps = GuestCaps(guest_view(blob, known.size, 2, coherent=coherent, mesa=known.name), coherent)
    found = []
    for profile in VERSIONS:
        version = verdict.of(profile)
        for needs, names in TABLES[profile][release].items():
            there = version is not None and _met(needs, caps, version)
            found += [Extension(name, profile, there, needs) for name in names.split()]
    return sorted(found, key=lambda each: each.name)


def _met(needs: str, caps: GuestCaps, version: _Version) -> bool:
    """Is one of the alternatives there, whole?"""
    return any(all(_part(part, caps, version) for part in each.split(ALL) if part) for each in needs.split(ANY))


def _part(part: str, caps: GuestCaps, version: _Version) -> bool:
    """Is a part there, as the driver sees it? The hosts that Mesas were asked of left nothing out; others do."""
    path, least, number = part.partition(LEAST)
    if path == "version":
        major, _, minor = number.partition(".")
        return version >= (int(major), int(minor))
    if least:
        return bool(_number(path, caps) >= float(number))
    outer, _, name = part.rpartition(".")
    if outer == "supported_multisample_formats":
        if name == "NONE":  # the format of a framebuffer without attachments
            return caps.samples(ANY_FORMAT, 32) >= caps.max_samples
        if caps.fakes_samples or caps.value("host_feature_check_version") < WITH_MULTISAMPLE_FORMATS:
            return True
    if outer in MASKS:
        return caps.has_format(outer, format_number(name, FORMATS_OF))
    if outer == "v1.bset":
        return bool(caps.value(part)) or (name == "texture_multisample" and caps.fakes_samples)
    if name == "ARB_BUFFER_STORAGE":  # Mesa takes it only with memory that can be mapped for good
        return bool(caps.value("arb_buffer_storage"))
    return caps.has_flag(outer, name)


def _number(path: str, caps: GuestCaps) -> Any:
    """What the driver uses for a number."""
    outer, _, index = path.rstrip("]").partition("[")
    if outer == "max_uniform_block_size":
        return caps.max_uniform_block_size
    if outer == "max_shader_storage_blocks":
        return caps.storage_buffers(int(index))
    value = caps.value(outer)
    return value[int(index)] if index and value else value
