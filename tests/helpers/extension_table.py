"""Which field brings which extension: found by asking a Mesa, and by nothing that we know of it.

A host that has everything loses one flag, format or number at a time. What Mesa then no longer lists needs that part;
of a number, bisection finds the least that is enough. An extension that only comes with a version is one that is
missing on every host below it, whatever that host lacks. Then a poor host of that version gets nothing but the parts
found. If Mesa does not list the extension there, one of several parts is enough: delta debugging finds a set of parts
without which even the host that has everything loses it, and the poor host gets one of them, until it has enough
whichever it gets. At last hosts that lack parts at random are asked of, since a poor host may have an extension just
because it is poor.
"""

from __future__ import annotations

import itertools
import random
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from capcodec import VirglCapsV2, captures, gl
from capcodec.meaning.gl import VERSIONS
from capcodec.meaning.gl_extensions import ALL, ANY, BOTH, LEAST
from capcodec.meaning.gl_wanted import wanted
from capcodec.meaning.mesa import mesa_named
from capcodec.vtest.installed_mesa import InstalledMesa
from capcodec.vtest.proof import Part, parts_between, smallest, with_parts

RICH = "virglrenderer-1.3.0-llvmpipe-gl.capset2.bin"
FLOATS = {field.offset for field in VirglCapsV2.layout.leaves() if field.type == "f32"}
MASKS = ("sampler", "render", "depthstencil", "vertexbuffer", "supported_multisample_formats")
KIND_OF_HOST = "HOST_IS_GLES"  # no feature: it changes what others mean, and the capture is of a host without it
TRIED = (1, 8)  # what a number that is 0 is set to, to see whether it brings anything
MOST = 8  # alternatives
MANY = 64  # sets of parts, to be tried one after the other
HOSTS_FOR_EACH = 4  # part that anything needs: they lack it, maybe some MORE, and a share of those that nothing needs
FEWEST_HOSTS = 200
MORE = (0, 0, 1, 3)
LACKING = (0.2, 0.5, 0.8)
VERSION = f"version{LEAST}{{}}.{{}}"

Parts = frozenset[Part]


class Said(NamedTuple):
    """What Mesa says of a host in one profile."""

    version: tuple[int, int]
    extensions: frozenset[str]


COMPATIBILITY = "GL_ARB_compatibility"
NOTHING = Said((0, 0), frozenset())


class Asked:
    """A Mesa that lists extensions. What it said once is not asked again."""

    def __init__(self, mesa: InstalledMesa) -> None:
        self.mesa = mesa
        self.times = 0
        self._said: dict[bytes, dict[str, Said]] = {}
        self(captures.load(RICH))  # now its version is known
        self.known = mesa_named(mesa.release)
        self.options = {"mesa": self.known.name, "coherent": mesa.coherent}

    def __call__(self, data: bytes) -> dict[str, Said]:
        if data not in self._said:
            answer = self.mesa.ask({2: data})
            self.times += 1
            self._said[data] = {
                name: Said(answer.of(name) or (0, 0), frozenset(answer.strings.get(name, {}).get("extensions", ())))
                for name in VERSIONS
            }
            if COMPATIBILITY in self._said[data]["core"].extensions:  # Mesa 26 has no 3.1 of the core profile
                self._said[data]["core"] = NOTHING
        return self._said[data]

    def everything(self, data: bytes) -> set[tuple[str, str]]:
        """All extensions, each with its profile."""
        return {(profile, name) for profile, said in self(data).items() for name in said.extensions}


def rich_host(ask: Asked) -> bytes:
    """A host that has everything: whatever it may have besides without losing an extension, it has."""
    newest = captures.load(RICH)
    top = {"core": VERSIONS["core"][-1], "es": VERSIONS["es"][-1]}
    for profile, version in top.items():
        newest = wanted(newest, version, profile=profile, **ask.options).caps.pack()
    rich = newest.ljust(ask.known.size, b"\0")[: ask.known.size]
    for value in (0xFFFFFFFF, *TRIED):
        full = with_all(rich, value)
        parts = [part for part in parts_between(rich, full) if is_number(part) == (value in TRIED)]
        parts = [part for part in parts if not part.text.endswith(f"+{KIND_OF_HOST}")]
        rich = with_those_that_harm_nothing(ask, rich, parts)
    return rich


def with_all(data: bytes, value: int) -> bytes:
    """The same with every word of flags and formats full, or every number of 0 set to a value."""
    words = [data[at : at + 4] for at in range(0, len(data), 4)]
    for index, word in enumerate(words):
        if value not in TRIED or not any(word):
            words[index] = struct.pack("<f", TRIED[-1]) if 4 * index in FLOATS else struct.pack("<I", value)
    return b"".join(words)


def with_those_that_harm_nothing(ask: Asked, data: bytes, parts: Sequence[Part]) -> bytes:
    if not parts:
        return data
    made = with_parts(data, parts)
    if not gl(made, capset_id=2, **ask.options).overruns and ask.everything(made) >= ask.everything(data):
        return made
    if len(parts) == 1:
        return data
    half = len(parts) // 2
    return with_those_that_harm_nothing(ask, with_those_that_harm_nothing(ask, data, parts[:half]), parts[half:])


def is_number(part: Part) -> bool:
    return part.mask == 0xFFFFFFFF


def without(data: bytes, part: Part, word: int = 0) -> bytes:
    return with_parts(data, [part._replace(word=word)])


def named(part: Part) -> str:
    """A part as the table names it."""
    if is_number(part):
        path = part.text.partition(" = ")[0]
        if part.offset in FLOATS:
            return f"{path}{LEAST}{struct.unpack('<f', part.word.to_bytes(4, 'little'))[0]:.9g}"
        return f"{path}{LEAST}{part.word}"
    path, plus, name = part.text.partition(" +")
    if not plus:
        return part.text.partition(" = ")[0]
    mask = path.removeprefix("v1.")
    return f"{mask if mask in MASKS else path}.{name.partition('/')[0]}"


Group = tuple[Parts, ...]  # alternatives, each of parts that are all needed


class Row:
    """What an extension of a profile needs.

    Attributes:
        version: the least of the profile that has it.
        lowest: is that the profile's lowest?
        parts: those that are all needed, each with the word that is enough.
        start: a poor host of that version with them.
        groups: of each one alternative is needed.
    """

    def __init__(self, profile: str, name: str, version: tuple[int, int], parts: dict[Part, int]) -> None:
        self.profile = profile
        self.name = name
        self.version = version
        self.lowest = False
        self.parts = parts
        self.start = b""
        self.groups: list[Group] = []

    def met(self, lacking: Parts) -> bool:
        """Does a host have what is needed that lacks some parts, and has the version?"""
        there = all(any(few.isdisjoint(lacking) for few in group) for group in self.groups)
        return there and lacking.isdisjoint(self.parts)

    def add(self, group: Group) -> None:
        """Add one, in the place of those that go without saying then."""
        if not any(implies(other, group) for other in self.groups):
            self.groups = [*(other for other in self.groups if not implies(group, other)), group]

    def lost(self, said: dict[str, Said]) -> bool:
        """Is the extension missing though the version is there?"""
        return said[self.profile].version >= self.version and self.name not in said[self.profile].extensions


def implies(one: Group, other: Group) -> bool:
    """Is an alternative of another there wherever one of this is?"""
    return all(any(few <= more for few in other) for more in one)


def with_words(parts: dict[Part, int]) -> list[Part]:
    return [part._replace(word=word) for part, word in parts.items()]


def choices(cuts: Iterable[Parts]) -> list[Parts]:
    """The fewest parts that have one of each set, in all ways of which none contains another."""
    found = [frozenset[Part]()]
    for cut in cuts:
        enough = [few for few in found if few & cut]
        wider = {few | {part} for few in found if not few & cut for part in cut}
        found = enough + [few for few in wider if not any(other <= few for other in enough)]
    return sorted(found, key=sorted)


def some_choices(cuts: Iterable[Parts]) -> list[Parts]:
    """All of them, or of very many a part."""
    found = choices(cuts)
    return found if len(found) <= MANY else random.Random(0).sample(found, MANY)


def together(cuts: Iterable[Parts]) -> list[list[Parts]]:
    """The sets, in groups of those that share parts, be it by way of others."""
    groups: list[list[Parts]] = []
    for cut in cuts:
        near = [group for group in groups if any(cut & other for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*itertools.chain(*near), cut])
    return groups


class Finder:
    """Finds the table of one Mesa."""

    def __init__(self, ask: Asked) -> None:
        self.ask = ask
        self.rich = rich_host(ask)
        zeros = bytes(len(self.rich))
        self.parts = parts_between(zeros, self.rich)
        self.bits = {part: part.mask << 8 * part.offset for part in self.parts}  # of the whole capset as a number
        self.least: dict[tuple[str, str, int], int] = {}  # by profile, extension, and offset of a number
        self.least_version: dict[tuple[str, tuple[int, int], int], int] = {}
        self.groups: dict[Group, None] = {}  # those found, for whichever extension
        self.lost = dict(self._lost(range(len(self.parts))))
        self.bases = {
            (profile, version): base
            for profile, versions in VERSIONS.items()
            for version in versions
            for base in self._base(profile, version)
        }

    def _lost(self, indices: Sequence[int]) -> Iterator[tuple[int, dict[str, Said]]]:
        """By part: what is said of a host without it, unless that is the same. Parts are left out by the half."""
        said = self.ask(with_parts(self.rich, [self.parts[index]._replace(word=0) for index in indices]))
        if said == self.ask(self.rich):
            return
        if len(indices) == 1:
            yield indices[0], said
            return
        half = len(indices) // 2
        yield from self._lost(indices[:half])
        yield from self._lost(indices[half:])

    def _base(self, profile: str, version: tuple[int, int]) -> Iterator[bytes]:
        """A host that has no more than this version, if there is one; of a version that tells all it has."""
        poor = VirglCapsV2.unpack(bytes(len(self.rich)))
        poor.host_feature_check_version = VirglCapsV2.unpack(self.rich).host_feature_check_version
        found = wanted(poor, version, profile=profile, **self.ask.options)
        data = found.caps.pack()
        if self.ask(data)[profile].version == version:
            yield data

    def table(self) -> list[Row]:
        """A row for each extension of each profile."""
        for index in self.lost:
            if is_number(self.parts[index]):
                self._thresholds(self.parts[index])
        rows = [
            self._row(profile, name)
            for profile, said in self.ask(self.rich).items()
            for name in sorted(said.extensions)
        ]
        for row in rows:
            self._complete(row)
        choice = random.Random(0)
        needed = [self.parts[index] for index in self.lost]
        others = [part for index, part in enumerate(self.parts) if index not in self.lost]
        for number in range(max(FEWEST_HOSTS, HOSTS_FOR_EACH * len(needed))):
            few = [needed[number % len(needed)], *choice.sample(needed, choice.choice(MORE))]
            share = choice.choice(LACKING)
            self._refute(rows, [*dict.fromkeys(few), *(part for part in others if choice.random() < share)])
        return rows

    def _thresholds(self, part: Part) -> None:
        """Bisect where the answers change as a number falls."""

        def said(value: int) -> dict[str, Said]:
            return self.ask(without(self.rich, part, value))

        def look(low: int, high: int) -> None:
            before, after = said(low), said(high)
            if before == after:
                return
            if high - low == 1:
                for profile in VERSIONS:
                    for name in after[profile].extensions - before[profile].extensions:
                        self.least[profile, name, part.offset] = high
                    for version in VERSIONS[profile]:
                        if before[profile].version < version <= after[profile].version:
                            self.least_version[profile, version, part.offset] = high
                return
            middle = (low + high) // 2
            look(low, middle)
            look(middle, high)

        look(0, part.word)

    def _row(self, profile: str, name: str) -> Row:
        losing = {index for index, said in self.lost.items() if name not in said[profile].extensions}
        lowest = min(each for kind, each in self.bases if kind == profile)
        version = lowest  # it may be there without the profile's lowest version, which is what it always has
        for each in VERSIONS[profile]:
            if (profile, each) in self.bases:
                below = {index for index, said in self.lost.items() if said[profile].version < each}
                if below <= losing and (below or each == VERSIONS[profile][0]):
                    version = each
        below = {index for index, said in self.lost.items() if said[profile].version < version}
        parts = {}
        for index in sorted(losing):
            part = self.parts[index]
            least = self.least.get((profile, name, part.offset), 0) if is_number(part) else 0
            if index not in below or least > self.least_version.get((profile, version, part.offset), 0):
                parts[part] = least or part.word
        row = Row(profile, name, version, parts)
        row.lowest = version == lowest
        row.start = with_parts(self.bases[profile, version], with_words(parts))
        return row

    def _complete(self, row: Row) -> None:
        """Where a poor host with the parts found has too little, look for the alternatives."""
        left = [part for part in self.parts if with_parts(row.start, [part]) != row.start]
        if self._loses(row, left, row.start):
            self._find(row, left, row.start)

    def _refute(self, rows: Iterable[Row], lacking: Sequence[Part]) -> None:
        """Ask of a host that lacks parts. Of a row that promises too much, look for what is needed besides."""
        said, without = self.ask(self._without(lacking, bytes(len(self.rich)))), frozenset(lacking)
        for row in rows:
            if row.lost(said) and row.met(without):
                poor = with_parts(row.start, [part._replace(word=0) for part in lacking])
                others = [part for part in self.parts if part not in without and with_parts(poor, [part]) != poor]
                wider = self._wider(row, lacking, others, poor)
                if row.lowest:  # few parts are needed for such a version
                    poor = with_parts(bytes(len(poor)), with_words(row.parts))
                    others = [part for part in self.parts if part not in {*wider, *row.parts}]
                    wider = self._wider(row, wider, others, poor)
                self._find(row, wider, poor)

    def _wider(self, row: Row, lacking: Sequence[Part], others: Sequence[Part], poor: bytes) -> Sequence[Part]:
        """These parts, with as many others as may be lacking too while the version is there."""
        if not others:
            return lacking
        if self._loses(row, [*lacking, *others], poor):
            return [*lacking, *others]
        if len(others) == 1:
            return lacking
        half = len(others) // 2
        return self._wider(row, self._wider(row, lacking, others[:half], poor), others[half:], poor)

    def _find(self, row: Row, lacking: Sequence[Part], poor: bytes) -> None:
        """The fewest of these parts that bring the extension back, in all ways there are."""

        def enough(parts: Iterable[Part]) -> bool:
            there = frozenset(parts)
            return not self._loses(row, [part for part in lacking if part not in there], poor)

        for known in self.groups:
            if all(self._loses(row, [*cut], poor) for cut in some_choices(known)) and all(map(enough, known)):
                row.add(known)
                return
        found: list[Parts] = []
        while len(found) <= MOST:
            cuts = some_choices(found)
            cut = next((cut for cut in cuts if not self._loses(row, [*cut], poor)), None)
            if cut is None:
                break
            few = smallest([part for part in lacking if part not in cut], enough)
            if few is None:
                break  # it comes of what is not there, too
            found.append(frozenset(few))
        apart = together(cuts)
        whole = len(apart) == 1 or len(cuts) == MANY
        for group in [tuple(found)] if whole else [tuple(choices(each)) for each in apart]:
            row.add(group)
            self.groups[group] = None

    def _loses(self, row: Row, parts: Sequence[Part], poor: bytes) -> bool:
        """Is it lost if the rich host has no more of these parts than a poor one?"""
        return row.lost(self.ask(self._without(parts, poor)))

    def _without(self, parts: Iterable[Part], poor: bytes) -> bytes:
        mask = sum(self.bits[part] for part in parts)
        rich, less = (int.from_bytes(data, "little") for data in (self.rich, poor))
        return (rich & ~mask | less & mask).to_bytes(len(self.rich), "little")

    def words(self, row: Row) -> str:
        """What it needs, as the table says it."""
        version = [] if row.lowest else [VERSION.format(*row.version)]
        groups = {self._alternatives(row, group) for group in row.groups}
        return ALL.join([*version, *map(named, with_words(row.parts)), *sorted(groups)])

    def _alternatives(self, row: Row, group: Group) -> str:
        """Of a number, the least that is enough without the other alternatives."""
        every = frozenset[Part]().union(*group)
        return ANY.join(
            sorted(
                BOTH.join(self._least(row, part, every - few) for part in sorted(few, key=self.parts.index))
                for few in group
            )
        )

    def _least(self, row: Row, part: Part, others: Parts) -> str:
        low, high = 0, part.word
        without = self._without(others, row.start)
        while is_number(part) and high - low > 1:
            middle = (low + high) // 2
            if row.name in self.ask(with_parts(without, [part._replace(word=middle)]))[row.profile].extensions:
                high = middle
            else:
                low = middle
        return named(part._replace(word=high))
