"""Numbers that two branches claim for different things: flags, formats, capset ids, fields at the same place."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import HeaderError
from . import numbers
from .history import History
from .model import flat
from .repository import Repository
from .rules_file import Rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .model import Header

MAX_REFERENCES = 5_000  # branches and merge requests of a repository


class Claim(NamedTuple):
    """A number, or a place, that two references claim.

    Attributes:
        path: of the header.
        what: the family of numbers, or the struct.
        number: what is claimed: a number, or a place.
        names: what each would be called, by reference.
    """

    path: str
    what: str
    number: str
    names: dict[str, str]

    def __str__(self) -> str:
        said = ", ".join(f"{name} in {reference}" for reference, name in self.names.items())
        return f"{self.path}: {self.what} {self.number}: {said}"


def claimed_twice(path: str, paths: Sequence[str], rules: Rules | None = None) -> list[Claim]:
    """What two branches or merge requests of a repository add to headers under different names.

    Args:
        path: of the repository.
        paths: of the headers.
        rules: for the headers; those of the newest commit if not given.

    Raises:
        RepositoryError: git does not have what is asked for.
    """
    repository = Repository(path)
    history = History(repository, rules)
    references = dict(list(repository.references().items())[:MAX_REFERENCES])
    claimed: dict[tuple[str, str, str], dict[str, str]] = {}
    for reference, commit in references.items():
        base = repository.base_of(history.newest, commit)
        if not base or base == commit:
            continue  # it has nothing that the main line lacks
        before, after = repository.files(base, paths), repository.files(commit, paths)
        changed = [name for name in after if name in before and before[name] != after[name] and name.endswith(".h")]
        history.headers(
            [(base, name, before[name]) for name in changed] + [(commit, name, after[name]) for name in changed]
        )
        for name in changed:
            one, other = history.read(base, name, before[name]), history.read(commit, name, after[name])
            if isinstance(one, HeaderError) or isinstance(other, HeaderError):
                continue
            for what, number, called in _added(one, other):
                claimed.setdefault((name, what, number), {})[reference] = called
    # What the main line has taken since counts as a claim of its own
    for (name, what, number), names in claimed.items():
        taken = history.taken(name, what, number)
        if taken and taken not in names.values():
            names[history.newest[:12]] = taken
    return [Claim(*key, names) for key, names in claimed.items() if len(set(names.values())) > 1]


def _added(old: Header, new: Header) -> Iterator[tuple[str, str, str]]:
    """What a branch adds: family, number and name; struct, place and name."""
    before, after = numbers.numbers(old), numbers.numbers(new)
    for name, number in after.items():
        if name not in before and number.family and not numbers.SENTINEL.search(name):
            yield number.family, str(number.value), name
    for title, struct in new.structs.items():
        known = {field.name for field in flat(old.structs[title])} if title in old.structs else set()
        for field in flat(struct) if known else ():
            if field.name not in known:
                yield title, field.place, field.name
