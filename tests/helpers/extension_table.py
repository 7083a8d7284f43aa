"""Which field brings which extension: found by asking a Mesa, and by nothing that we know of it.

A host that has everything loses one flag, format or number at a time. What Mesa then no longer lists needs that part;
of a number, bisection finds the least that is enough. An extension that only comes with a version is one that is
missing on every host below it, whatever that host lacks. Then a poor host of that version gets nothing but the parts
found: if Mesa does not list the extension there, one of several parts was enough, and delta debugging finds which.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from capcodec import VirglCapsV2, captures, gl
from capcodec.meaning.gl import VERSIONS
from capcodec.meaning.gl_wanted import wanted
from capcodec.meaning.mesa import mesa_named
from capcodec.vtest.installed_mesa import InstalledMesa
from capcodec.vtest.proof import Part, parts_between, smallest, with_parts

RICH = "virglrenderer-1.3.0-llvmpipe-gl.capset2.bin"
FLOATS = {field.offset for field in VirglCapsV2.layout.leaves() if field.type == "f32"}
MASKS = ("sampler", "render", "depthstencil", "vertexbuffer", "supported_multisample_formats")
KIND_OF_HOST = "HOST_IS_GLES"  # no feature: it changes what others mean, and the capture is of a host without it
MAX_ALTERNATIVES = 6
TRIED = (1, 8)  # what a number that is 0 is set to, to see whether it brings anything

Needs = tuple[tuple[str, ...], ...]  # alternatives, each of parts that are all needed


class Said(NamedTuple):
    """What Mesa says of a host in one profile."""

    version: tuple[int, int]
    extensions: frozenset[str]


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
                name: Said(answer.of(name), frozenset(answer.strings[name]["extensions"]))
                if answer.of(name)
                else NOTHING
                for name in VERSIONS
            }
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


def named(part: Part, least: int | None = None) -> str:
    """A part as the table names it, of a number with the least that is enough."""
    if is_number(part):
        path = part.text.partition(" = ")[0]
        value = part.word if least is None else least
        if part.offset in FLOATS:
            return f"{path} >= {struct.unpack('<f', value.to_bytes(4, 'little'))[0]:.9g}"
        return f"{path} >= {value}"
    path, plus, name = part.text.partition(" +")
    if not plus:
        return part.text.partition(" = ")[0]
    mask = path.removeprefix("v1.")
    return f"{mask if mask in MASKS else path}.{name.partition('/')[0]}"


class Found(NamedTuple):
    """What an extension needs: a version of its profile, or None; and parts, of which one alternative is enough."""

    version: tuple[int, int] | None
    needs: Needs


class Finder:
    """Finds the table of one Mesa."""

    def __init__(self, ask: Asked) -> None:
        self.ask = ask
        self.rich = rich_host(ask)
        zeros = bytes(len(self.rich))
        self.parts = parts_between(zeros, self.rich)
        self.least: dict[tuple[str, str, int], int] = {}  # by profile, extension, and offset of a number
        self.least_version: dict[tuple[str, tuple[int, int], int], int] = {}
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

    def table(self) -> dict[str, dict[str, Found]]:
        """By profile and extension."""
        for index in self.lost:
            if is_number(self.parts[index]):
                self._thresholds(self.parts[index])
        everything = self.ask(self.rich)
        return {
            profile: {name: self._found(profile, name) for name in sorted(everything[profile].extensions)}
            for profile in VERSIONS
        }

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

    def _found(self, profile: str, name: str) -> Found:
        losing = {index for index, said in self.lost.items() if name not in said[profile].extensions}
        version = None
        for each in VERSIONS[profile]:
            if (profile, each) in self.bases:
                below = {index for index, said in self.lost.items() if said[profile].version < each}
                if below <= losing and (below or each == VERSIONS[profile][0]):
                    version = each
        if version is None:  # it may be there without the profile's lowest version, which is what it always has
            version = min(each for kind, each in self.bases if kind == profile)
        below = {index for index, said in self.lost.items() if said[profile].version < version}
        parts = []
        for index in sorted(losing):
            part = self.parts[index]
            least = self.least.get((profile, name, part.offset)) if is_number(part) else None
            if index in below and (least is None or least <= self._least_for(profile, version, part)):
                continue
            parts.append((part, named(part, least)))
        texts = tuple(text for _, text in parts)
        start = with_parts(self.bases[profile, version], [part for part, _ in parts])
        lowest = version == min(each for kind, each in self.bases if kind == profile)
        return Found(
            None if lowest else version,
            tuple((*texts, *more) for more in self._alternatives(profile, name, start)),
        )

    def _least_for(self, profile: str, version: tuple[int, int], part: Part) -> int:
        return self.least_version.get((profile, version, part.offset), 0)

    def _alternatives(self, profile: str, name: str, start: bytes) -> list[tuple[str, ...]]:
        """The fewest parts that bring it to a host beside what it has; several sets, if there are several."""

        def enough(parts: Sequence[Part]) -> bool:
            return name in self.ask(with_parts(start, parts))[profile].extensions

        if enough(()):
            return [()]
        found: list[tuple[str, ...]] = []
        left = [part for part in self.parts if with_parts(start, [part]) != start]
        while len(found) < MAX_ALTERNATIVES:
            parts = smallest(left, enough)
            if not parts:
                break
            found.append(tuple(self._least_enough(part, parts, enough) for part in parts))
            left = [part for part in left if part != parts[0]]
        return found

    def _least_enough(self, part: Part, parts: Sequence[Part], enough: Callable[[Sequence[Part]], bool]) -> str:
        """The part's name, of a number with the least that is enough beside the other parts."""
        if not is_number(part):
            return named(part)
        low, high = 0, part.word
        while high - low > 1:
            middle = (low + high) // 2
            if enough([each if each != part else part._replace(word=middle) for each in parts]):
                high = middle
            else:
                low = middle
        return named(part, high)


def texts(table: dict[str, dict[str, Found]]) -> dict[str, dict[str, list[str]]]:
    """By profile: what is needed, in words, with the extensions that need it."""
    found: dict[str, dict[str, list[str]]] = {}
    for profile, rows in table.items():
        for name, needed in rows.items():
            text = " | ".join(conditions(needed.version, parts) for parts in needed.needs)
            found.setdefault(profile, {}).setdefault(text, []).append(name)
    return found


def conditions(version: tuple[int, int] | None, parts: Iterable[str]) -> str:
    words = [] if version is None else ["version >= {}.{}".format(*version)]
    return "; ".join([*words, *parts])
