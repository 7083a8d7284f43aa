"""The gate: two revisions of a header, or of a tree of headers, judged by the rules."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from ..errors import ArgumentError, HeaderError, RepositoryError
from . import growth, numbers
from .header import MAX_HEADER, Options, included, read_file
from .verdict import Change, change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .model import Header
    from .repository import Repository
    from .rules_file import Rules

MAX_HEADERS = 10_000  # of a tree
MAX_INCLUDES = 256  # files of a commit that one header may need
JOBS = max(2, min(8, os.cpu_count() or 2))  # compilers at a time


def compare(old: Header, new: Header, rules: Rules, commit: str = "") -> list[Change]:
    """What changed between two revisions of a header, and how bad each change is by the rules."""
    return rules.judged(_changes(old, new, rules), commit)


def _changes(old: Header, new: Header, rules: Rules) -> Iterator[Change]:
    for title, struct in old.structs.items():
        heir = new.structs.get(title)
        if heir is not None:
            yield from growth.compare(struct, heir, rules.is_padding, new.name)
            continue
        twin = next(
            (
                other
                for name, other in new.structs.items()
                if name not in old.structs and growth.wire(other) == growth.wire(struct)
            ),
            None,
        )
        if twin is not None:
            yield change("rename", twin.title, f"was named {title}", file=new.name, line=twin.line)
        else:
            yield change("removal", title, "is gone", file=new.name, line=1, old=f"{struct.size} bytes")
    renamed = {growth.wire(struct) for title, struct in old.structs.items() if title not in new.structs}
    for title, struct in new.structs.items():
        if title not in old.structs and growth.wire(struct) not in renamed:
            yield change("added", title, "is new", file=new.name, line=struct.line, new=f"{struct.size} bytes")
    yield from numbers.compare(old, new)


def unreadable(name: str, error: Exception) -> Change:
    """The verdict on a revision that cannot be read."""
    return change("unreadable", name, str(error), file=name, line=1)


def read_all(tasks: Iterable[Callable[[], Header]]) -> list[Header | HeaderError]:
    """Read many headers, several compilers at a time; for each the header, or why it is none."""

    def read(task: Callable[[], Header]) -> Header | HeaderError:
        try:
            return task()
        except HeaderError as error:
            return error

    with ThreadPoolExecutor(JOBS) as pool:
        return list(pool.map(read, tasks))


def on_disk(path: str, options: Options) -> dict[str, Callable[[], Header]]:
    """What reads the header at a path, or each header of the directory there, by its path within.

    Raises:
        ArgumentError: there are more than :data:`MAX_HEADERS`, or none.
    """
    if not os.path.isdir(path):
        return {"": lambda: read_file(path, options)}
    found: dict[str, Callable[[], Header]] = {}
    inside = options._replace(directories=(*options.directories, path))
    for directory, folders, files in os.walk(path):
        folders.sort()
        for file in sorted(files):
            if file.endswith(".h"):
                full = os.path.join(directory, file)
                found[os.path.relpath(full, path)] = lambda full=full: read_file(full, inside)  # type: ignore[misc]
        if len(found) > MAX_HEADERS:
            raise ArgumentError(f"{path} has more than {MAX_HEADERS} headers")
    if not found:
        raise ArgumentError(f"{path} has no headers")
    return found


def with_includes(repository: Repository, commit: str, path: str, text: bytes, options: Options) -> dict[str, bytes]:
    """The files of a commit that one of its headers includes, by path, and what these include.

    Args:
        repository: that has the commit.
        commit: its id.
        path: of the header in the commit.
        text: the header.
        options: its directories, where they are relative, are those of the commit.

    Raises:
        HeaderError: there are more than :data:`MAX_INCLUDES`.
    """
    found: dict[str, bytes] = {}
    waiting = [(path, text)]
    directories = [item for item in options.directories if not os.path.isabs(item)]
    while waiting:
        at, data = waiting.pop()
        wanted = {
            os.path.normpath(os.path.join(base, name))
            for name, beside in included(data)
            for base in (*([os.path.dirname(at)] if beside else []), *directories)
        }
        wanted = {name for name in wanted - found.keys() - {path} if not name.startswith(("..", "/"))}
        contents = _contents(repository, [f"{commit}:{name}" for name in sorted(wanted)])
        for key, content in contents.items():
            name = key.partition(":")[2]
            found[name] = content
            waiting.append((name, content))
        if len(found) > MAX_INCLUDES or sum(map(len, found.values())) > MAX_HEADER:
            raise HeaderError(f"{path} includes more than {MAX_INCLUDES} files, or too much")
    return found


def _contents(repository: Repository, names: list[str]) -> dict[str, bytes]:
    """What is there of these files; a partial clone may lack some, without which a header may still compile."""
    try:
        return repository.read(names)
    except RepositoryError:
        if len(names) == 1:
            return {}
        return {name: data for one in names for name, data in _contents(repository, [one]).items()}
