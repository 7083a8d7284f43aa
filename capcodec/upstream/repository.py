"""A git repository, bare or partial: its commits, tags and files, from its objects and never from a work tree."""

from __future__ import annotations

import os
import re
import subprocess
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from ..errors import RepositoryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_FILE = 8 << 20  # bytes of one file of a commit
MAX_OUTPUT = 256 << 20  # bytes of one answer of git's
SECONDS = 300  # that git may take for one answer; a partial clone may have to fetch
FEW = 8  # commits, for which git is asked one by one


class Commit(NamedTuple):
    """A commit.

    Attributes:
        id: all its digits.
        date: its author date, ISO.
        committed: its committer date, ISO.
        subject: first line of its message.
    """

    id: str
    date: str
    committed: str
    subject: str


class Revision(NamedTuple):
    """A commit that changed a file.

    Attributes:
        commit: the commit.
        path: of the file.
        old, new: object ids of the file's content; empty where it was not there.
    """

    commit: Commit
    path: str
    old: str
    new: str


class Repository:
    """A git repository.

    Args:
        path: of the repository, its work tree, or a directory in that.

    Raises:
        RepositoryError: git is missing, or this is no repository to it.
    """

    def __init__(self, path: str) -> None:
        self.path: str = path
        self._files: dict[tuple[str, ...], dict[str, str]] = {}  # by commit and paths
        self._git("rev-parse", "--git-dir")

    def _git(self, *arguments: str, stdin: bytes = b"", silence: str = "") -> bytes:
        """What git prints; ``silence`` is what it means if it fails without a word."""
        command = [
            "git",
            "--no-pager",
            "--no-replace-objects",
            "-C",
            self.path,
            "-c",
            "core.quotePath=false",
            *arguments,
        ]
        environment = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
        try:
            ran = subprocess.run(command, input=stdin, capture_output=True, env=environment, timeout=SECONDS)
        except OSError as error:
            raise RepositoryError(f"git does not start: {error.strerror}") from None
        except (subprocess.TimeoutExpired, ValueError) as error:
            raise RepositoryError(f"{self.path}: git gives no answer: {error}") from None
        if ran.returncode:
            told = [line for line in ran.stderr.decode(errors="replace").splitlines() if line.strip()]
            said = told[0] if told else silence or f"git ended with {ran.returncode}"
            raise RepositoryError(f"{self.path}: {said}")
        if len(ran.stdout) > MAX_OUTPUT:
            raise RepositoryError(f"{self.path}: git's answer has more than {MAX_OUTPUT} bytes")
        return ran.stdout

    def resolve(self, name: str) -> str:
        """The id of the commit of that name.

        Raises:
            RepositoryError: there is none.
        """
        if name.startswith("-"):
            raise RepositoryError(f"{name!r} is no name of a commit")
        command = "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        return self._git(*command, silence=f"no commit is called {name!r}").decode().strip()

    def head(self) -> str:
        """The commit that the repository's HEAD is; of main or master where HEAD leads nowhere."""
        for name in ("HEAD", "main", "master", "origin/HEAD", "origin/main"):
            try:
                return self.resolve(name)
            except RepositoryError:
                continue
        raise RepositoryError(f"{self.path}: there is no HEAD, main or master")

    def revisions(self, paths: Sequence[str], range_: str) -> list[Revision]:
        """The commits that changed files, merges left out, a commit's parents before it.

        Args:
            paths: of the files, or of directories.
            range_: ``A..B``, or a commit with all before it.
        """
        if range_.startswith("-"):
            raise RepositoryError(f"{range_!r} is no range of commits")
        text = self._git(
            "log", "--reverse", "--topo-order", "--no-show-signature", "--no-renames", "--no-ext-diff", "--raw", "-z",
            "--no-abbrev", "--format=%x01%H%x00%as%x00%cs%x00%s", "--end-of-options", range_, "--", *paths,
        ).decode(errors="replace")  # fmt: skip
        found = []
        for record in text.split("\x01")[1:]:
            id_, date, committed, subject, *rest = record.split("\0")
            commit = Commit(id_, date, committed, subject)
            for entry, path in pairwise(rest):
                match = re.fullmatch(r"\n?:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) \w+", entry)
                if match:
                    old, new = ("" if set(part) == {"0"} else part for part in match.groups())
                    found.append(Revision(commit, path, old, new))
        return found

    def files(self, commit: str, paths: Sequence[str] = ()) -> dict[str, str]:
        """Object ids of the files of a commit by path, of all or of these and what is below them."""
        key = commit, *paths
        if key not in self._files:
            self._files[key] = self._list(commit, paths)
        return self._files[key]

    def _list(self, commit: str, paths: Sequence[str]) -> dict[str, str]:
        text = self._git("ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths).decode(errors="replace")
        rows = (row.partition("\t") for row in text.split("\0") if row)
        return {path: head.split()[2] for head, _, path in rows if head.split()[1] == "blob"}

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """Contents by object id, or by ``COMMIT:PATH``; what is not there is left out.

        Raises:
            RepositoryError: one is no file, or larger than :data:`MAX_FILE`.
        """
        wanted = list(dict.fromkeys(name for name in names if "\n" not in name))
        if not wanted:
            return {}
        data = self._git("cat-file", "--batch", stdin="\n".join(wanted).encode() + b"\n")
        found, at = {}, 0
        for name in wanted:
            end = data.index(b"\n", at)
            words = data[at:end].split()
            at = end + 1
            if words[-1] in (b"missing", b"ambiguous"):
                continue
            size = int(words[-1])
            if words[-2] == b"blob":
                if size > MAX_FILE:
                    raise RepositoryError(f"{self.path}: {name} has {size} bytes, too many for a header")
                found[name] = data[at : at + size]
            at += size + 1
        return found

    @cached_property
    def tags(self) -> dict[str, str]:
        """Commits of the tags by name, oldest commit first."""
        text = self._git(
            "for-each-ref",
            "--sort=creatordate",
            "--format=%(refname:strip=2) %(objectname) %(*objectname)",
            "refs/tags",
        ).decode(errors="replace")
        found = {}
        for line in text.splitlines():
            name, *ids = line.split()
            found[name] = ids[-1]
        return found

    def references(self) -> dict[str, str]:
        """Commits of the branches, and of merge and pull requests, by the name of the reference."""
        text = self._git("for-each-ref", "--format=%(refname) %(objectname) %(objecttype)").decode(errors="replace")
        rows = (line.split() for line in text.splitlines())
        return {name: id_ for name, id_, type_ in rows if type_ == "commit" and not name.startswith("refs/tags/")}

    def commits_of(self, ids: Iterable[str]) -> dict[str, Commit]:
        """What the commits of these ids are."""
        wanted = list(dict.fromkeys(ids))
        text = self._git(
            "log", "--no-walk=unsorted", "--no-show-signature", "-z", "--format=%H%x00%as%x00%cs%x00%s", "--stdin",
            stdin="\n".join(wanted).encode() + b"\n",
        ).decode(errors="replace") if wanted else ""  # fmt: skip
        words = text.split("\0")
        return {words[i]: Commit(*words[i : i + 4]) for i in range(0, len(words) - 3, 4)}

    def first_tags(self, tags: Sequence[str], ids: Sequence[str]) -> dict[str, str]:
        """The first of these tags that has each of these commits, by the commit's id; commits without are left out.

        Args:
            tags: names, oldest first.
            ids: of commits.
        """
        found: dict[str, str] = {}
        if len(ids) <= FEW:
            for id_ in ids:
                text = self._git("for-each-ref", "--format=%(refname:strip=2)", f"--contains={id_}", "refs/tags")
                having = set(text.decode(errors="replace").split("\n"))
                found.update((id_, tag) for tag in reversed(tags) if tag in having)
            return found
        before: list[str] = []
        for tag in tags:
            for id_ in self._git("rev-list", self.tags[tag], *(f"^{other}" for other in before)).decode().split():
                found.setdefault(id_, tag)
            before.append(self.tags[tag])
        return found

    def base_of(self, one: str, other: str) -> str:
        """The newest commit that both have; empty if they have none."""
        try:
            return self._git("merge-base", one, other).decode().strip()
        except RepositoryError:
            return ""
