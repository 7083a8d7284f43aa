"""What in a capset tells which releases can have made it. Each clue is a bound that holds for any host."""

from __future__ import annotations

from ..capsets.virgl import VIRGL_CAP, VIRGL_CAP_V2
from ..errors import UnknownFieldError
from ..registry import VirglCapsV2
from .formats import format_names
from .releases import RELEASES, size_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from ..structs._core import Struct
    from .releases import Release

ORDER = {release.name: place for place, release in enumerate(RELEASES)}
# When Khronos published the first of each; a host cannot have been built from a registry that was not there yet
VULKAN_SINCE = {(1, 1): "2018-03-07", (1, 2): "2020-01-15", (1, 3): "2022-01-25", (1, 4): "2024-12-02"}
NO_LONGER_SET = "2023-06"  # bset.color_clamping, 19841675
FIXED_SAMPLERS = "1.1.0"  # from which max_texture_samplers is 32 whatever the host's GL has, 328e5f668c2b


class Clue:
    """One bound.

    Attributes:
        field: path; empty for the size.
        seen: its value.
        releases: names of those that it leaves.
        text: the same for a person.
    """

    __slots__ = ("field", "releases", "seen", "text")

    def __init__(self, field: str, seen: object, releases: Iterable[Release], why: str) -> None:
        self.field = field
        self.seen = seen
        self.releases = frozenset(release.name for release in releases)
        left = sorted(self.releases, key=ORDER.__getitem__)
        window = "no release" if not left else left[0] if len(left) == 1 else f"{left[0]} to {left[-1]}"
        self.text = f"{field or 'size'} {seen}: {why}: {window}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        releases = sorted(self.releases, key=ORDER.__getitem__)
        return {"field": self.field, "seen": self.seen, "releases": releases, "text": self.text}

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{self.text}>"


class Check:
    """A kind of clue, and the capsets that may hold it."""

    def __init__(self, look: Callable[[Struct], Iterator[Clue]], capsets: tuple[int, ...]) -> None:
        self.look = look
        self.capsets = capsets


CLUES: list[Check] = []


def clue(*capsets: int) -> Callable[[Callable[[Struct], Iterator[Clue]]], None]:
    """Enter what looks for clues in some capsets."""

    def enter(look: Callable[[Struct], Iterator[Clue]]) -> None:
        CLUES.append(Check(look, capsets))

    return enter


def _since(date: str) -> list[Release]:
    return [release for release in RELEASES if release.date >= date]


def _arrived(caps: Struct, path: str) -> bool:
    """Is it there? A variant of the layout may not even have it."""
    try:
        return caps.has_field(path)
    except UnknownFieldError:
        return False


@clue(2, 4)
def _(caps: Struct) -> Iterator[Clue]:
    size = caps.valid_size + len(caps.tail)
    exact = [release for release in RELEASES if size_in(type(caps), release.name) == size]
    told = _told_version(caps)
    if size > caps.size:
        yield Clue("", size, (), f"newer than all up to {RELEASES[-1].name}")
    elif exact and (told is None or any(release.host_feature_check_version == told for release in exact)):
        yield Clue("", size, exact, "as much as the host has")
    else:
        yield cut(caps)


def cut(caps: Struct) -> Clue:
    """What the size tells if it is not the host's, but that of a guest whose kernel copied the smaller of the two."""
    size = caps.valid_size + len(caps.tail)
    longer = [release for release in RELEASES if size_in(type(caps), release.name) >= size]
    return Clue("", size, longer, "cut by a guest, from at least as much")


@clue(2)
def _(caps: Struct) -> Iterator[Clue]:
    version = _told_version(caps)
    if version is None:
        return
    exact = [release for release in RELEASES if release.host_feature_check_version == version]
    before = [release.name for release in RELEASES if release.host_feature_check_version < version]
    after = [release.name for release in RELEASES if release.host_feature_check_version > version]
    why = "a constant of the release"
    if not exact:
        why = f"built after {before[-1]}" + (f" and before {after[0]}" if after else "")
    yield Clue("host_feature_check_version", version, exact, why)


def _told_version(caps: Struct) -> int | None:
    """The version, if there is one: 0 is what a guest assumes of hosts that do not tell."""
    path = "host_feature_check_version"
    return (caps[path] if _arrived(caps, path) else 0) or None


@clue(1)
def _(caps: Struct) -> Iterator[Clue]:
    if _arrived(caps, "max_version") and caps.max_version == 2:
        with_capset_2 = [release for release in RELEASES if size_in(VirglCapsV2, release.name)]
        yield Clue("max_version", 2, with_capset_2, "the start of a capset 2")


@clue(1, 2)
def _(caps: Struct) -> Iterator[Clue]:
    """A host sets the bits of formats that its header names; only scanout may have all bits up to the last."""
    prefix = "" if caps.capset_id == 1 else "v1."
    for path in (f"{prefix}sampler", f"{prefix}render", "supported_readback_formats", "supported_multisample_formats"):
        if _arrived(caps, path):
            numbers = caps[f"{path}.bitmask"].bits()
            named = [release for release in RELEASES if all(number in format_names(release.name) for number in numbers)]
            if len(named) < len(RELEASES):
                yield Clue(path, f"up to {numbers[-1]}", named, "its header names all these formats")


@clue(2)
def _(caps: Struct) -> Iterator[Clue]:
    if _arrived(caps, "scanout"):
        numbers = caps["scanout.bitmask"].bits()
        if numbers:
            highest = [release for release in RELEASES if release.format_max > numbers[-1]]
            yield Clue("scanout", f"up to {numbers[-1]}", highest, "has that many format numbers")


@clue(2)
def _(caps: Struct) -> Iterator[Clue]:
    """A bit cannot be older than the commit that named it."""
    for path, names in (("capability_bits", VIRGL_CAP), ("capability_bits_v2", VIRGL_CAP_V2)):
        if path == "capability_bits_v2" and caps.valid_size == 696:
            continue  # it may be another word: see capcodec.meaning.release_0_9
        if not _arrived(caps, path):
            continue
        dates = {bit: mark.date for bit, mark in VirglCapsV2.fields[path].flag_marks.items()}
        known = [bit for bit in names if caps[path] >> bit & 1 and bit in dates]
        if known:
            newest = max(known, key=dates.__getitem__)
            yield Clue(path, names[newest], _since(dates[newest]), f"the bit came on {dates[newest]}")


@clue(1, 2)
def _(caps: Struct) -> Iterator[Clue]:
    path = "bset" if caps.capset_id == 1 else "v1.bset"
    if not _arrived(caps, path):
        return
    fields = [field for field in caps[path].fields.values() if caps[path][field.path]]
    dated = [field for field in fields if field.since]
    if dated:
        newest = max(dated, key=lambda field: field.since.date if field.since else "")
        assert newest.since is not None
        yield Clue(f"{path}.{newest.name}", 1, _since(newest.since.date), f"the bit came on {newest.since.date}")
    if caps[path].color_clamping:
        earlier = [release for release in RELEASES if release.date < NO_LONGER_SET]
        yield Clue(f"{path}.color_clamping", 1, earlier, f"no longer set since {NO_LONGER_SET}")


@clue(2)
def _(caps: Struct) -> Iterator[Clue]:
    if _arrived(caps, "max_texture_samplers") and caps.max_texture_samplers != 32:
        before = RELEASES[: ORDER[FIXED_SAMPLERS]]
        yield Clue("max_texture_samplers", caps.max_texture_samplers, before, f"always 32 from {FIXED_SAMPLERS} on")


@clue(4)
def _(caps: Struct) -> Iterator[Clue]:
    if _arrived(caps, "vk_xml_version") and caps.vk_xml_version:
        version = caps.vk_xml_version >> 22 & 0x7F, caps.vk_xml_version >> 12 & 0x3FF
        since = VULKAN_SINCE.get(version)
        if since:
            major, minor = version
            yield Clue("vk_xml_version", f"{major}.{minor}", _since(since), f"published on {since}")
