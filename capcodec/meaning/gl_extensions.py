"""Which extensions of OpenGL and ES a guest gets, and which part of a capset brings each.

This is no reading of Mesa's source: :mod:`capcodec.meaning.gl_extension_table` holds what real Mesas said of hosts that
lacked one thing, and ``tests/long/mesa_extensions.py`` asks them.
"""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError
from .formats import format_number
from .gl import LOWEST_CORE, VERSIONS, gl
from .gl_extension_table import TABLES
from .gl_needs import FORMATS_OF, MASKS, WITH_MULTISAMPLE_FORMATS, GuestCaps
from .gl_stages import ANY_FORMAT
from .guest_view import guest_view
from .mesa import mesa_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .gl import _Version

ALL, ANY, BOTH, LEAST = "; ", " | ", " + ", " >= "  # in the table's conditions
WITHOUT_CORE_3_1 = (26,)  # from this Mesa on, who asks for 3.1 gets the compatibility profile


class Extension(NamedTuple):
    """An extension of one profile.

    Attributes:
        name: as ``GL_ARB_copy_image``.
        profile: "core", "compatibility" or "es".
        there: does the guest get it?
        needs: what it needs of the host, in fields; empty if every host brings it that brings the profile. What is all
            needed is joined by semicolons; alternatives for one of these by bars, the parts of an alternative by plus.
    """

    name: str
    profile: str
    there: bool
    needs: str


def rows(release: str, profile: str) -> Iterator[tuple[str, list[str]]]:
    """What a release of Mesa said of a profile: what is needed, and the extensions that need it."""
    for profiles, table in TABLES.items():
        for releases, needed in table.items():
            if profile in profiles.split() and release in releases.split():
                for needs, names in needed.items():
                    yield needs, [f"GL_{name}" for name in names.split()]


def extensions(
    blob: Any, *, mesa: str = "25.0", coherent: bool = True, capset_id: int | str | None = None
) -> list[Extension]:
    """The extensions that some host brings to a guest with some Mesa, and whether this one does.

    Args:
        blob: bytes of capset 2 as a host sent them, or of capset 1, or an instance, as of :func:`gl`.
        mesa: the guest's Mesa: "22.3", "25.0" or "26", or a release of one. From 26 on, a guest whose core profile ends
            at 3.1 is given the compatibility profile in its place, and these extensions are those of "core" too.
        coherent: can the guest map host memory coherently? Mesa 22.3 was asked where it cannot.
        capset_id: 1 or 2, for bytes of a size that another capset has.

    Raises:
        ArgumentError: it is another capset, or that Mesa is not known, or was not asked.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    verdict = gl(blob, mesa=mesa, coherent=coherent, capset_id=capset_id)
    known = mesa_named(mesa)
    caps = GuestCaps(guest_view(blob, known.size, 2, coherent=coherent, mesa=known.name), coherent)
    found = []
    for profile in VERSIONS:
        version, given = verdict.of(profile), profile
        if version == LOWEST_CORE and profile == "core" and known.number >= WITHOUT_CORE_3_1:
            given = "compatibility"
        for needs, names in rows(known.tried, given):
            there = version is not None and _met(needs, caps, version)
            found += [Extension(name, profile, there, needs) for name in names]
    if not found:
        raise ArgumentError(f"no Mesa {known.name} was asked for its extensions")
    return sorted(found, key=lambda each: each.name)


def _met(needs: str, caps: GuestCaps, version: _Version) -> bool:
    """Is one of the alternatives there, whole, of all that is needed?"""
    return not needs or all(
        any(all(_part(part, caps, version) for part in each.split(BOTH)) for each in clause.split(ANY))
        for clause in needs.split(ALL)
    )


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
    if outer == "max_atomic_counter_buffers":
        return caps.atomic_buffers(int(index))
    if outer == "max_shader_storage_blocks":
        return caps.storage_buffers(int(index))
    value = caps.value(outer)
    return value[int(index)] if index and value else value
