"""What is asked of the gate, and what it answers: steps to report, and a verdict on all of them."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError, HeaderError, RepositoryError
from . import judge
from .history import REPAIRED, UNRELEASED, History, Step, release_tags
from .repository import Repository
from .verdict import change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .rules_file import Rules

LATEST = "latest"  # as a base: the newest release tag


class Verdict(NamedTuple):
    """The answer of the gate.

    Attributes:
        whole: what happened from the first state that counts to the last: what users of releases meet.
        commits: what each commit did on the way; empty where no history was asked.
    """

    whole: list[Step]
    commits: list[Step]

    @property
    def status(self) -> int:
        """Exit status: 0 fine, 1 broken, 2 could not be read."""
        kinds = {item.kind for step in self.whole for item in step.broken}
        return 2 if "unreadable" in kinds else int(bool(kinds))


def files(old: str, new: str, rules: Rules) -> Verdict:
    """Judge two files, or two trees of headers.

    Raises:
        HeaderError: one of two files cannot be read, or a header of the old tree.
        ArgumentError: a tree has no headers.
    """
    before, after = (judge.on_disk(path, rules.options) for path in (old, new))
    if ("" in before) != ("" in after):
        raise ArgumentError(f"{old} and {new} are not both files or both directories")
    shared = [path for path in before if path in after]
    read = judge.read_all([before[path] for path in shared] + [after[path] for path in shared])
    steps = []
    for path, one, other in zip(shared, read, read[len(shared) :], strict=False):
        name = path or new
        if not path:
            for header in (one, other):
                if isinstance(header, HeaderError):
                    raise header
        if isinstance(other, HeaderError):
            changes = [] if isinstance(one, HeaderError) else rules.judged([judge.unreadable(name, other)])
        else:
            changes = [] if isinstance(one, HeaderError) else judge.compare(one, other, rules)
        needed = other.includes if not isinstance(other, HeaderError) else ()
        steps.append(Step(old, new, None, name, changes, includes=needed))
    for path in before:
        if path not in after:
            gone = change("removal", path, "is gone", file=path, line=1)
            steps.append(Step(old, new, None, path, rules.judged([gone])))
    return Verdict(steps, [])


def repository(
    path: str, paths: Sequence[str], *, base: str = "", range_: str = "", rules: Rules | None = None
) -> Verdict:
    """Judge the history of headers.

    Args:
        path: of the repository.
        paths: of headers, or of directories of them, in the repository.
        base: a tag or commit: what came since then is judged. ``latest`` is the newest release.
        range_: ``A..B``: what came after A up to B is judged. Without it and a base, all of the history.
        rules: for the headers; those of the newest commit if not given.

    Raises:
        RepositoryError: git does not have what is asked for, or no header of a path.
        ArgumentError: base and range are both given, or there is no release.
    """
    if base and range_:
        raise ArgumentError("a base and a range are two ways to say where to begin: give one")
    found = Repository(path)
    start, dots, end = range_.partition("..")
    if range_ and not (dots and start):
        raise ArgumentError(f"{range_!r} is no range of commits: expected A..B")
    history = History(found, rules, end)
    tags = release_tags(found)
    if base == LATEST:
        if not tags:
            raise ArgumentError(f"{path} has no tag of a release")
        base = tags[-1]
    if base or range_:
        start = base or start
        commits = history.commits(paths, f"{found.resolve(start)}..{history.newest}")
        whole = history.two(start, end or history.newest[:12], paths)
    else:
        commits = history.commits(paths)
        whole = history.tags(paths, tags)
        if tags:
            whole += history.two(tags[-1], history.newest[:12], paths)
    ends = [history.newest, *([found.resolve(start)] if start else [])]
    for name in paths:
        there = [file for end in ends for file in found.files(end, [name])]
        there += [step.path for step in commits] if len(paths) == 1 else []
        if not any(file.endswith(".h") for file in there):
            raise RepositoryError(f"{path}: neither the first revision nor the last has a header {name}")
    left = {item.subject for step in whole for item in step.broken}
    return Verdict(whole, [_settled(step, left) for step in commits])


def _settled(step: Step, left: set[str]) -> Step:
    """A break that no release has and that is gone in the end was repaired."""
    if step.fate == UNRELEASED and not any(item.subject in left for item in step.broken):
        return step._replace(fate=REPAIRED)
    return step
