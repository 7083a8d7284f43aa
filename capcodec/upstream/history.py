"""The gate over a history: every commit by itself, and from tag to tag, where breaks that were repaired are gone."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from ..errors import HeaderError, RepositoryError
from . import judge, numbers
from .header import read_text
from .model import flat
from .rules_file import FILE, Rules, parse
from .verdict import BROKEN, Change, change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .model import Header
    from .repository import Commit, Repository, Revision

SHIPPED, REPAIRED, UNRELEASED = "shipped", "repaired", "unreleased"
_VERSION = re.compile(r"\d+(?:\.\d+)+$")


class Step(NamedTuple):
    """What one commit did to one header, or what lies between two tags.

    Attributes:
        old, new: names: of commits, or of tags.
        commit: the commit; None between tags.
        path: of the header.
        changes: what changed.
        fate: of what is broken: ``shipped``, ``unreleased``, or ``repaired``: before a release, or in what none had;
            empty if nothing is.
        release: the first tag that has the commit; empty if none has.
        includes: headers that had to be included first.
    """

    old: str
    new: str
    commit: Commit | None
    path: str
    changes: list[Change]
    fate: str = ""
    release: str = ""
    includes: tuple[str, ...] = ()

    @property
    def broken(self) -> list[Change]:
        """The changes that are breaks."""
        return [item for item in self.changes if item.severity == BROKEN]


class History:
    """The revisions of headers in a repository.

    Args:
        repository: to read.
        rules: for its headers; those that its newest commit has if not given.
        newest: name of the newest commit; HEAD if empty.
    """

    def __init__(self, repository: Repository, rules: Rules | None = None, newest: str = "") -> None:
        self.repository: Repository = repository
        self.newest: str = repository.resolve(newest) if newest else repository.head()
        self.rules: Rules = rules_of(repository, self.newest) if rules is None else rules
        self._read: dict[tuple[str, str, int], Header | HeaderError] = {}  # by path, content, and what it includes
        self._included: dict[tuple[str, str, str], dict[str, bytes] | HeaderError] = {}

    def headers(self, wanted: Sequence[tuple[str, str, str]]) -> None:
        """Read headers ahead, several at a time: commit, path and object id of each."""
        new = [item for item in dict.fromkeys(wanted) if item[2] and item not in self._included]
        texts = self.repository.read(blob for _, _, blob in new)
        todo: dict[tuple[str, str, int], Callable[[], Header]] = {}
        for commit, path, blob in new:
            text = texts.get(blob)
            self._included[commit, path, blob] = beside = self._beside(commit, path, text)
            key = self._key(commit, path, blob)
            if key not in self._read:
                todo[key] = self._task(path, text, beside)
        self._read.update(zip(todo, judge.read_all(todo.values()), strict=True))

    def _beside(self, commit: str, path: str, text: bytes | None) -> dict[str, bytes] | HeaderError:
        if text is None:
            return HeaderError(f"{path}: the repository lacks its content at {commit[:12]}")
        try:
            return judge.with_includes(self.repository, commit, path, text, self.rules.options)
        except HeaderError as error:
            return error

    def _key(self, commit: str, path: str, blob: str) -> tuple[str, str, int]:
        beside = self._included[commit, path, blob]
        return path, blob, hash(str(beside) if isinstance(beside, HeaderError) else frozenset(beside.items()))

    def _task(self, path: str, text: bytes | None, beside: dict[str, bytes] | HeaderError) -> Callable[[], Header]:
        options = self.rules.options

        def read() -> Header:
            if isinstance(beside, HeaderError):
                raise beside
            assert text is not None
            if options.includes:
                try:
                    return read_text(path, text, options._replace(includes=()), beside)
                except HeaderError:  # it needs them
                    pass
            return read_text(path, text, options, beside)

        return read

    def read(self, commit: str, path: str, blob: str) -> Header | HeaderError:
        """A header that :meth:`headers` has read, or why it is none."""
        return self._read[self._key(commit, path, blob)]

    def taken(self, path: str, what: str, number: str) -> str:
        """Which name the newest commit has for a number of a family, or for a place in a struct; empty for none."""
        blob = self.repository.files(self.newest, [path]).get(path, "")
        if not blob:
            return ""
        self.headers([(self.newest, path, blob)])
        header = self.read(self.newest, path, blob)
        if isinstance(header, HeaderError):
            return ""
        if what in header.structs:
            return next((field.name for field in flat(header.structs[what]) if field.place == number), "")
        known = numbers.numbers(header).values()
        return next((item.name for item in known if (item.family, str(item.value)) == (what, number)), "")

    def between(self, path: str, old: tuple[str, str], new: tuple[str, str]) -> tuple[list[Change], tuple[str, ...]]:
        """What changed between two revisions of a header, and what had to be included.

        Args:
            path: of the header.
            old: commit and object id of the revision before.
            new: the same of the revision after.
        """
        if not old[1] or not new[1]:
            return [], ()
        self.headers([(old[0], path, old[1]), (new[0], path, new[1])])
        before, after = self.read(old[0], path, old[1]), self.read(new[0], path, new[1])
        if isinstance(after, HeaderError):
            return self.rules.judged([judge.unreadable(path, after)], new[0]), ()
        if isinstance(before, HeaderError):
            return [], after.includes  # what broke it was told with the commit before
        return judge.compare(before, after, self.rules, new[0]), after.includes

    def commits(self, paths: Sequence[str], range_: str = "") -> list[Step]:
        """What each commit of a range did; of all commits if it is empty."""
        revisions = [rev for rev in self.repository.revisions(paths, range_ or self.newest) if rev.path.endswith(".h")]
        self.headers([item for rev in revisions for item in _both(rev)])
        tags = release_tags(self.repository)
        first = self.repository.first_tags(tags, [rev.commit.id for rev in revisions])
        steps = [self._step(rev, first.get(rev.commit.id, "")) for rev in revisions]
        fates = {(step.release, step.path) for step in steps if step.release and step.broken}
        shipped = {key: self._shipped(*key, tags) for key in sorted(fates)}
        return [
            step._replace(fate=self._fate(step, shipped)) if step.broken else step
            for step in steps
        ]  # fmt: skip

    def _step(self, rev: Revision, release: str) -> Step:
        (before, _, old), (after, _, new) = _both(rev)
        changes, includes = self.between(rev.path, (before, old), (after, new))
        return Step(f"{rev.commit.id[:12]}^", rev.commit.id[:12], rev.commit, rev.path, changes, "", release, includes)

    def _shipped(self, tag: str, path: str, tags: Sequence[str]) -> set[str]:
        """Subjects of the breaks between a tag and the one before it."""
        place = list(tags).index(tag)
        if not place:
            return set()
        return {item.subject for step in self.tags([path], tags[place - 1 : place + 1]) for item in step.broken}

    def _fate(self, step: Step, shipped: dict[tuple[str, str], set[str]]) -> str:
        if not step.release:
            return UNRELEASED
        there = shipped[step.release, step.path]
        return SHIPPED if any(item.subject in there for item in step.broken) else REPAIRED

    def tags(self, paths: Sequence[str], tags: Sequence[str] = ()) -> list[Step]:
        """What changed from each release tag to the next; of all release tags if none are given."""
        names = list(tags) or release_tags(self.repository)
        return [
            step for old, new in pairwise(names)
            for step in self.two(old, new, paths)
        ]  # fmt: skip

    def two(self, old: str, new: str, paths: Sequence[str]) -> list[Step]:
        """What changed between two commits, by any of their names."""
        ids = [self.repository.tags.get(name) or self.repository.resolve(name) for name in (old, new)]
        before, after = (self.repository.files(id_, paths) for id_ in ids)
        both = [path for path in after if path in before and path.endswith(".h") and before[path] != after[path]]
        self.headers([(ids[0], path, before[path]) for path in both] + [(ids[1], path, after[path]) for path in both])
        found = []
        for path in both:
            changes, includes = self.between(path, (ids[0], before[path]), (ids[1], after[path]))
            found.append(Step(old, new, None, path, changes, "", "", includes))
        gone = [path for path in before if path not in after and path.endswith(".h")]
        return found + [
            Step(old, new, None, path, self.rules.judged([change("removal", path, "is gone", file=path, line=1)]))
            for path in gone
        ]


def _both(rev: Revision) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    """Commit, path and object id of a header before and after a commit."""
    return (f"{rev.commit.id}^", rev.path, rev.old), (rev.commit.id, rev.path, rev.new)


def release_tags(repository: Repository, pattern: str = "") -> list[str]:
    """The tags that are releases, oldest version first: a version, or a name and a version; one tag for each version.

    Args:
        repository: to ask.
        pattern: what the name has to match; ``virglrenderer-1.2.0``, ``v1.2`` and ``1.2.0`` do if not given.
    """
    found: dict[tuple[int, ...], str] = {}
    for name in repository.tags:
        version = _VERSION.search(name)
        if version and (not pattern or re.fullmatch(pattern, name)):
            found.setdefault(tuple(map(int, version[0].split("."))), name)
    return [found[key] for key in sorted(found)]


def rules_of(repository: Repository, commit: str) -> Rules:
    """The rules that a commit has at its top; the usual ones if it has none."""
    name = f"{commit}:{FILE}"
    try:
        data = repository.read([name]).get(name)
    except RepositoryError:
        return Rules()
    return Rules() if data is None else parse(data)
