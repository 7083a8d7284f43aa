"""What in a capset tells which releases can have made it. :mod:`capcodec.meaning.identify` runs these rules.

Each rule yields bounds that hold for any host: a field, what it says, and the releases that can say so. The reason of a
rule is why that bounds the releases.
"""

from __future__ import annotations

from typing import NamedTuple

from ..classes import VirglCapsV2
from . import release_0_9
from .formats import format_names
from .releases import EVERY_RELEASE, RELEASES, in_release, releases_from, sizes_of, window, window_of
from .rules import Reference, Registry, Rule, arrived
from .tables import Tables
from .vulkan import version as vulkan_version
from .walk import format_masks, numbers_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from ..classes import VirglRendererCapsetVenus
    from ..schema import Mark
    from ..structs._classes import Struct
    from ..structs.field import Field
    from ..structs.layout import Layout
    from .releases import Window

    _Bounds: TypeAlias = Iterator["Bound"]


class Bound(NamedTuple):
    """What one field tells.

    Attributes:
        field: path; empty for the size.
        seen: its value.
        releases: those that can have made it.
        why: why only those; if empty, the reason of the rule says it.
    """

    field: str
    seen: object
    releases: Window
    why: str = ""


IDENTIFY_RULES = Registry(Rule)
rule = IDENTIFY_RULES.rule

VIRGL_HW = "src/virgl_hw.h"
VREND_RENDERER = "src/vrend/vrend_renderer.c"
RELEASE = "1.3.0"  # as of which virglrenderer's files were read

# When Khronos published the first registry of each version of Vulkan: no host was built from it before
VULKAN_PUBLISHED = {"1.1": "2018-03-07", "1.2": "2020-01-15", "1.3": "2022-01-25", "1.4": "2024-12-02"}
COLOR_CLAMPING_DROPPED = "2023-06"  # no host sets bset.color_clamping since then
MAX_SAMPLERS = 32  # what max_texture_samplers says from FIXED_SAMPLERS on, whatever the host's GL has
FIXED_SAMPLERS = "1.1.0"


@rule("as much as the host has", Reference("virglrenderer", VREND_RENDERER, RELEASE), 2, 4)
def size(caps: Struct) -> _Bounds:
    arrived_size = caps.valid_size + len(caps.tail)
    exact = window_of(size == arrived_size for size in sizes_of(type(caps)))
    told = _feature_check_version(caps)
    if exact.mask and (told is None or exact.mask & _sending(told).mask):
        yield Bound("", arrived_size, exact)
    else:
        yield size_of_a_cut_capset(caps)


def size_of_a_cut_capset(caps: Struct) -> Bound:
    """What the size tells where it is not the host's: a guest's kernel has copied the smaller of two sizes."""
    arrived_size = caps.valid_size + len(caps.tail)
    longer = window_of(size >= arrived_size for size in sizes_of(type(caps)))
    newer = f"newer than all up to {RELEASES[-1].name}"
    return Bound("", arrived_size, longer, "cut by a guest, from at least as much" if longer.mask else newer)


@rule("a constant of the release", Reference("virglrenderer", VREND_RENDERER, RELEASE), 2)
def host_feature_check_version(caps: Struct) -> _Bounds:
    version = _feature_check_version(caps)
    if version is None:
        return
    exact = _sending(version)
    yield Bound("host_feature_check_version", version, exact, "" if exact.mask else _between_releases(version))


def _sending(version: int) -> Window:
    return window(_SENDING.get(version, 0))


_SENDING: dict[int, int] = {}  # by host_feature_check_version, a mask of releases
for _place, _release in enumerate(RELEASES):
    _sent = _release.host_feature_check_version
    _SENDING[_sent] = _SENDING.get(_sent, 0) | 1 << _place


def _between_releases(version: int) -> str:
    before = [release.name for release in RELEASES if release.host_feature_check_version < version]
    after = [release.name for release in RELEASES if release.host_feature_check_version > version]
    return f"built after {before[-1]}" + (f" and before {after[0]}" if after else "")


def _feature_check_version(caps: Struct) -> int | None:
    """The version, if there is one: a guest takes 0 for a host that tells none."""
    path = "host_feature_check_version"
    if caps.capset_id != 2 or not arrived(caps, path):
        return None
    return caps[path] or None


@rule("the start of a capset 2", Reference("virglrenderer", VREND_RENDERER, RELEASE), 1, needs=("max_version",))
def start_of_capset_2(caps: VirglCapsV2) -> _Bounds:
    if caps.max_version == VirglCapsV2.capset_id:
        with_capset_2 = window_of(size > 0 for size in sizes_of(VirglCapsV2))
        yield Bound("max_version", caps.max_version, with_capset_2)


@rule("its header names all these formats", Reference("virglrenderer", VIRGL_HW, RELEASE), 1, 2)
def named_formats(caps: Struct) -> _Bounds:
    """Hosts test the formats that their header names; for scanout they may set all bits up to the last number."""
    for path, mask in format_masks(caps):
        if path != "scanout" and mask:
            named = _naming(mask)
            if named is not EVERY_RELEASE:
                yield Bound(path, f"up to {mask.bit_length() - 1}", named)


def _naming(mask: int) -> Window:
    """The releases that name all formats of a mask."""
    return window(sum([releases for unnamed, releases in _UNNAMED[()] if not mask & unnamed]))


def _without_name(_: tuple[()]) -> list[tuple[int, int]]:
    """Numbers without a name, and the releases that have no names for just those; both as masks.

    The numbers go on for ever, as the bits of a negative number do.
    """
    found: dict[int, int] = {}
    for place, release in enumerate(RELEASES):
        unnamed = ~sum(1 << number for number in format_names(release.name))
        found[unnamed] = found.get(unnamed, 0) | 1 << place
    return list(found.items())


_UNNAMED = Tables(_without_name)


@rule("has that many format numbers", Reference("virglrenderer", VIRGL_HW, RELEASE), 2, needs=("scanout",))
def scanout_formats(caps: VirglCapsV2) -> _Bounds:
    highest = numbers_in(caps.scanout).bit_length() - 1
    if highest >= 0:
        enough = window_of(release.format_max > highest for release in RELEASES)
        yield Bound("scanout", f"up to {highest}", enough)


@rule("no header before names the bit", Reference("virglrenderer", VIRGL_HW, RELEASE), 2, needs=("capability_bits",))
def capability_bits(caps: Struct) -> _Bounds:
    yield from _newest_flag(caps, "capability_bits")


@rule("no header before names the bit", Reference("virglrenderer", VIRGL_HW, RELEASE), 2, needs=("capability_bits_v2",))
def capability_bits_v2(caps: Struct) -> _Bounds:
    if caps.valid_size != release_0_9.SIZE:  # else it may be another word
        yield from _newest_flag(caps, "capability_bits_v2")


def _newest_flag(caps: Struct, path: str) -> _Bounds:
    value = caps[path]
    for flag, name, mark in _FLAGS[caps.layout, path]:
        if value & flag:
            yield _bound_by(path, name, mark)
            return


def _newest_first(word: tuple[Layout, str]) -> list[tuple[int, str, Mark | None]]:
    """The flags of a word: bit, name and mark, the newest first."""
    layout, path = word
    field = layout.fields[path]
    flags = [(1 << bit, name, field.flag_marks.get(bit)) for bit, name in sorted((field.flags or {}).items())]
    return sorted(flags, key=lambda flag: _age(flag[2]), reverse=True)


_FLAGS = Tables(_newest_first)


@rule("no header before names the bit", Reference("virglrenderer", VIRGL_HW, RELEASE), 1, 2, needs=("bset",))
def bset(caps: VirglCapsV2) -> _Bounds:
    bits = caps.bset
    for field in _BITS[bits.layout]:
        if bits[field.path]:
            yield _bound_by(f"{caps.fields['bset'].path}.{field.name}", 1, field.mark)
            return


_BITS: Tables[Layout, list[Field]] = Tables(  # the newest first
    lambda layout: sorted(layout.fields.values(), key=lambda field: _age(field.mark), reverse=True)
)


def _age(mark: Mark | None) -> tuple[bool, str]:
    """For comparing marks: what has no release comes last."""
    return mark is None or not mark.release, mark.date if mark else ""


def _bound_by(path: str, seen: object, mark: Mark | None) -> Bound:
    if mark is None or not mark.release:
        return Bound(path, seen, window(0), f"newer than all up to {RELEASES[-1].name}")
    return Bound(path, seen, releases_from(mark.release), f"the bit came on {mark.date}")


@rule(
    f"no longer set since {COLOR_CLAMPING_DROPPED}",
    Reference("virglrenderer", VREND_RENDERER, "19841675"),
    1,
    2,
    needs=("bset.color_clamping",),
)
def color_clamping(caps: VirglCapsV2) -> _Bounds:
    if caps.bset.color_clamping:
        before = window_of(release.date < COLOR_CLAMPING_DROPPED for release in RELEASES)
        yield Bound(f"{caps.fields['bset'].path}.color_clamping", 1, before)


@rule(
    f"always {MAX_SAMPLERS} from {FIXED_SAMPLERS} on",
    Reference("virglrenderer", VREND_RENDERER, "328e5f668c2b"),
    2,
    needs=("max_texture_samplers",),
)
def max_texture_samplers(caps: VirglCapsV2) -> _Bounds:
    if caps.max_texture_samplers != MAX_SAMPLERS:
        before = window_of(not in_release(FIXED_SAMPLERS, release.name) for release in RELEASES)
        yield Bound("max_texture_samplers", caps.max_texture_samplers, before)


@rule(
    "no host was built from a registry that was not published yet",
    Reference("Vulkan-Headers", "registry/vk.xml", "v1.4.303"),
    4,
    needs=("vk_xml_version",),
)
def vk_xml_version(caps: VirglRendererCapsetVenus) -> _Bounds:
    version = ".".join(vulkan_version(caps.vk_xml_version).split(".")[:2])
    if version in VULKAN_PUBLISHED:
        published = VULKAN_PUBLISHED[version]
        after = window_of(release.date >= published for release in RELEASES)
        yield Bound("vk_xml_version", version, after, f"published on {published}")
