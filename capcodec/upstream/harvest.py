"""What the history of virglrenderer says of its capsets: which commit brought each field, flag and format, and when.

The commit of a field is the first one after which it stands where it stands now, under this name or one that it had
before; the date is that commit's author date; the release is the first tag that has the commit.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import HeaderError, RepositoryError
from .history import release_tags
from .model import Struct, flat
from .numbers import SENTINEL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .history import History
    from .model import Field, Header
    from .repository import Commit

FEATURE_CHECK = re.compile(rb"\bhost_feature_check_version\s*=\s*(\d+)\s*;")
RENDERERS = ("src/vrend/vrend_renderer.c", "src/vrend_renderer.c")  # where it stands, newest place first


class Origin(NamedTuple):
    """What brought something.

    Attributes:
        size: of the struct after the commit, in bytes; None if the struct did not grow.
        commit: its first twelve digits.
        date: its author date.
        release: the first that has it; empty if none has.
        renamed: an older name, and the commit, date and release that gave the new one; empty if there is none.
    """

    size: int | None
    commit: str
    date: str
    release: str
    renamed: tuple[str, ...] = ()


class State(NamedTuple):
    """A header after a commit."""

    commit: Commit
    header: Header


class Past:
    """All states of one header, oldest first, and the releases that have each.

    Args:
        history: of the repository.
        path: of the header.
    """

    def __init__(self, history: History, path: str) -> None:
        self.history: History = history
        self.path: str = path
        repository = history.repository
        revisions = [rev for rev in repository.revisions([path], history.newest) if rev.new]
        history.headers([(rev.commit.id, path, rev.new) for rev in revisions])
        read = [(rev.commit, history.read(rev.commit.id, path, rev.new)) for rev in revisions]
        self.states: list[State] = [
            State(commit, header) for commit, header in read if not isinstance(header, HeaderError)
        ]
        self.unread: list[str] = [str(header) for _, header in read if isinstance(header, HeaderError)]
        if not self.states:
            raise HeaderError(f"{path}: no revision can be read: {(self.unread or ['there is none'])[-1]}")
        self.tags: list[str] = release_tags(repository)
        self.first: dict[str, str] = repository.first_tags(self.tags, [state.commit.id for state in self.states])

    @property
    def newest(self) -> Header:
        """The header today."""
        return self.states[-1].header

    def at_releases(self) -> list[tuple[str, Header]]:
        """The header in each release that has it, oldest first."""
        blobs = {
            tag: self.history.repository.files(self.history.repository.tags[tag], [self.path]) for tag in self.tags
        }
        wanted = [
            (self.history.repository.tags[tag], self.path, files.get(self.path, "")) for tag, files in blobs.items()
        ]
        self.history.headers(wanted)
        found = []
        for tag, files in blobs.items():
            if self.path in files:
                header = self.history.read(self.history.repository.tags[tag], self.path, files[self.path])
                if isinstance(header, Exception):
                    raise header
                found.append((version(tag), header))
        return found

    def origin(self, state: State, size: int | None = None) -> Origin:
        """What a state's commit brought."""
        release = version(self.first.get(state.commit.id, ""))
        return Origin(size, state.commit.id[:12], state.commit.date, release)


def version(tag: str) -> str:
    """``virglrenderer-1.2.0`` to ``1.2.0``."""
    return tag.rpartition("-")[2].removeprefix("v")


def struct_in(header: Header, path: Sequence[str]) -> Struct | None:
    """The struct of that name, or the one that is the type of its field of that name, and so on."""
    found = header.find(path[0])
    for name in path[1:]:
        field = next((field for field in flat(found) if field.name == name), None) if found else None
        found = field.type if field is not None and isinstance(field.type, Struct) else None
    return found


def fields(
    past: Past,
    path: Sequence[str],
    is_padding: Callable[[str], bool],
    *,
    layout: Sequence[tuple[str, int, int]] = (),
    until: str = "",
    sized: bool = True,
) -> dict[str, Origin]:
    """What brought the fields of a struct, by the last field that each commit brought.

    Args:
        past: of its header.
        path: name of the struct; and names of fields, to a struct within.
        is_padding: does a field of that name only take up room? It came with what stands behind it.
        layout: name, first bit and width of the fields in question, if it is not all of today's: a layout that is gone.
            Then the release is the first one that has such a layout.
        until: the last field in question, if not all are.
        sized: did the struct end somewhere else with each size?
    """
    known = [(state, struct) for state in past.states if (struct := struct_in(state.header, path)) is not None]
    newest = known[-1][1]
    if newest.keyword == "union" and not layout:
        return _arms(past, known)
    places = list(layout) or [(field.name, field.bit, field.width) for field in flat(newest)]
    if until:
        names = [name for name, _, _ in places]
        places = places[: names.index(until) + 1]
    sizes = [{struct.size for _, struct in known if not layout or _has(struct, place)} for place in places]
    brought = [_first_at(known, place) for place in places]
    for index in reversed(range(len(places) - 1)):
        if is_padding(places[index][0]):
            brought[index] = brought[index + 1]
    found: dict[str, Origin] = {}
    for index, (name, bit, width) in enumerate(places):
        end, last = (bit + width) // 8, index + 1 == len(places)
        ends = sized and end in sizes[index] and not (bit + width) % 8 and (last or places[index + 1][1] >= bit + width)
        if last or ends or brought[index + 1].commit != brought[index].commit:
            size = end if ends else None
            origin = past.origin(brought[index], size)
            if layout:
                origin = origin._replace(release=_first_release_with(past, path, (name, bit, width)))
            found[name] = origin
    return found


def _first_at(known: Sequence[tuple[State, Struct]], place: tuple[str, int, int]) -> State:
    """The first state in which a field stands at its place, under its name or an earlier one."""
    name, bit, width = place
    found: State | None = None
    later: set[str] = set()  # names of the fields of the state after
    moved = False  # did the field stand elsewhere? Then what stood here was another one
    for state, struct in reversed(known):
        names = {field.name: field for field in flat(struct)}
        there = next((field for field in names.values() if (field.bit, field.width) == (bit, width)), None)
        if there is not None and there.name == name:
            found = state
        elif name in names:
            moved = True
        elif found is not None and (moved or there is None or there.name in later):
            break
        elif found is not None and there is not None:
            found, name = state, there.name
        later = set(names)
    if found is None:
        raise HeaderError(f"no revision has {name} at bit {bit}")
    return found


def _arms(past: Past, known: Sequence[tuple[State, Struct]]) -> dict[str, Origin]:
    """Of a union: each member, and the size that the union grew to for it."""
    found: dict[str, Origin] = {}
    size = 0
    for state, struct in known:
        for field in flat(struct):
            if field.name not in found:
                grew = struct.size > size
                found[field.name] = past.origin(state, struct.size if grew else None)
                size = max(size, struct.size)
    return {field.name: found[field.name] for field in flat(known[-1][1])}


def _has(struct: Struct, place: tuple[str, int, int]) -> bool:
    return any((field.name, field.bit, field.width) == place for field in flat(struct))


def _first_release_with(past: Past, path: Sequence[str], place: tuple[str, int, int]) -> str:
    for release, header in past.at_releases():
        struct = struct_in(header, path)
        if struct and _has(struct, place):
            return release
    return ""


def flags(past: Past, prefix: str, without: str = "") -> tuple[dict[int, str], dict[int, Origin]]:
    """Names and origins of the flags whose macros begin alike, by bit number.

    Args:
        past: of the header.
        prefix: of the macros; names come without it.
        without: prefix of macros that belong to another word.
    """
    names: dict[int, str] = {}
    origins: dict[int, Origin] = {}
    for state in past.states:
        now: dict[int, str] = {}
        for name, constant in state.header.constants.items():
            if not name.startswith(prefix) or (without and name.startswith(without)):
                continue
            if isinstance(constant.value, int) and not constant.same_as:  # not an older name that was kept
                bits = constant.value & 0xFFFFFFFF  # some revisions have 1 << 31 with a sign
                if bits and not bits & bits - 1:
                    now[bits.bit_length() - 1] = name.removeprefix(prefix)
        for bit, name in now.items():
            if bit not in origins:
                origins[bit] = past.origin(state)
            elif names[bit] != name:
                new = past.origin(state)
                origins[bit] = origins[bit]._replace(renamed=(names[bit], new.commit, new.date, new.release))
        names.update(now)
    order = sorted(origins)
    return {bit: names[bit] for bit in order}, {bit: origins[bit] for bit in order}


def formats(past: Past, enum: str, prefix: str) -> list[tuple[int, str, str, str]]:
    """Number, name without prefix, first and last release of each format; the last is empty if it is current."""
    releases = [(release, _members(header, enum)) for release, header in past.at_releases()]
    rows: list[tuple[int, int, str, str, str]] = []
    for place, (release, members) in enumerate(releases):
        before = releases[place - 1][1] if place else {}
        for name, number in members.items():
            if before.get(name) == number:
                continue
            last = place
            while last + 1 < len(releases) and releases[last + 1][1].get(name) == number:
                last += 1
            rows.append((number, place, name, release, "" if last + 1 == len(releases) else releases[last][0]))
    current = releases[-1][1] if releases else {}
    for name, number in _members(past.newest, enum).items():
        if current.get(name) != number:
            rows.append((number, len(releases), name, "", ""))
    rows.sort(key=lambda row: row[:2])
    return [(number, name.removeprefix(prefix), first, last) for number, _, name, first, last in rows]


def _members(header: Header, enum: str) -> dict[str, int]:
    """The members of an enum, those left out that only say how many there are."""
    found = next((item for item in header.enums if item.name == enum), None)
    return {member.name: member.value for member in found.members if not SENTINEL.search(member.name)} if found else {}


def releases(past: Past, enum: str, sentinel: str) -> list[tuple[str, str, int | None, int]]:
    """Name, date, host_feature_check_version and number of formats of each release.

    The version is None where the repository lacks the file that it stands in, as a partial clone may.
    """
    repository = past.history.repository
    dates = repository.commits_of(repository.tags[tag] for tag in past.tags)
    found = []
    by_version = {version(tag): repository.tags[tag] for tag in past.tags}
    for release, header in past.at_releases():
        commit = by_version[release]
        numbers = {member.name: member.value for item in header.enums if item.name == enum for member in item.members}
        found.append((release, dates[commit].committed, _feature_check(past, commit), numbers.get(sentinel, 0)))
    return found


def _feature_check(past: Past, commit: str) -> int | None:
    for path in RENDERERS:
        try:
            files = past.history.repository.read([f"{commit}:{path}"])
        except RepositoryError:
            return None
        for text in files.values():
            numbers = [int(number) for number in FEATURE_CHECK.findall(text)]
            return max(numbers, default=0)
    return None


def new_fields(past: Past, path: Sequence[str], known: Iterable[str]) -> list[Field]:
    """The fields at the end of a struct that are not known yet."""
    struct = struct_in(past.newest, path)
    names = set(known)
    return [field for field in flat(struct) if field.name not in names] if struct else []
