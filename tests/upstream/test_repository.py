"""Git repositories, from their objects."""

from __future__ import annotations

import subprocess

import pytest

from capcodec.errors import RepositoryError
from capcodec.upstream.history import release_tags
from capcodec.upstream.repository import Repository
from histories import Made


def test_a_repository_that_is_none(tmp_path):
    with pytest.raises(RepositoryError, match="not a git repository"):
        Repository(str(tmp_path))
    made = Made(tmp_path / "made")
    made.commit({"a": "text"})
    repository = Repository(str(made.path))
    for name in ("--output=x", "-h"):
        with pytest.raises(RepositoryError):
            repository.resolve(name)
        with pytest.raises(RepositoryError):
            repository.revisions(["a"], name)
    assert repository.read(["HEAD:a", "HEAD:none", "0" * 40]) == {"HEAD:a": b"text"}


def test_commits_and_tags(tmp_path):
    made = Made(tmp_path / "made")
    first = made.commit({"a.h": "1", "b.h": "1"}, message="one", tag="proj-1.9")
    second = made.commit({"a.h": "2"}, message='two "quoted"', tag="proj-1.10")
    made.git("tag", "-a", "1.10", "-m", "the same release again")
    made.git("tag", "no-release")
    repository = Repository(str(made.path))
    found = repository.revisions(["a.h"], "HEAD")
    assert [(row.commit.id, row.commit.date, row.commit.subject) for row in found] == [
        (first, "2020-01-01", "one"), (second, "2020-01-02", 'two "quoted"'),
    ]  # fmt: skip
    assert (found[0].old, found[1].old) == ("", found[0].new)
    assert repository.read([found[1].new]) == {found[1].new: b"2"}
    assert set(repository.files("HEAD")) == {"a.h", "b.h"}
    assert [name.rpartition("-")[2] for name in release_tags(repository)] == ["1.9", "1.10"]
    assert repository.tags["1.10"] == second
    assert repository.first_tags(["proj-1.9", "proj-1.10"], [first, second]) == {first: "proj-1.9", second: "proj-1.10"}
    many = [first, second] * 5
    assert repository.first_tags(["proj-1.9", "proj-1.10"], many) == {first: "proj-1.9", second: "proj-1.10"}
    assert repository.commits_of([second])[second].committed == "2020-01-02"
    assert repository.base_of(first, second) == first


def test_git_that_gives_no_answer(tmp_path, monkeypatch):
    made = Made(tmp_path / "made")
    made.commit({"a": "text"})
    repository = Repository(str(made.path))
    with pytest.raises(RepositoryError, match="git gives no answer: embedded null byte"):
        repository.resolve("a\0b")
    monkeypatch.setattr("capcodec.upstream.repository.MAX_OUTPUT", 10)
    with pytest.raises(RepositoryError, match="git's answer has more than 10 bytes"):
        repository.resolve("HEAD")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryError, match="git does not start: No such file or directory"):
        repository.resolve("HEAD")


def test_what_a_repository_lacks(tmp_path):
    made = Made(tmp_path / "made")
    with pytest.raises(RepositoryError, match="there is no HEAD, main or master"):
        Repository(str(made.path)).head()
    one = made.commit({"a": "1"})
    made.git("checkout", "-q", "--orphan", "other")
    assert Repository(str(made.path)).base_of(one, made.commit({"a": "2"})) == ""


def test_a_partial_clone(tmp_path):
    """What it lacks is said, and what it has is read."""
    made = Made(tmp_path / "made")
    made.commit({"a.h": "1"})
    made.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone.git"
    url = f"file://{made.path}"
    subprocess.run(
        ["git", "clone", "-q", "--bare", "--filter=blob:none", url, str(clone)], check=True, stderr=subprocess.DEVNULL
    )
    repository = Repository(str(clone))
    (row,) = repository.revisions(["a.h"], "HEAD")
    assert repository.read([row.new]) == {row.new: b"1"}  # fetched when asked for
    made.commit({"a.h": "2"})
    subprocess.run(["git", "-C", str(clone), "fetch", "-q", "origin", "main"], check=True)
    made.path.rename(tmp_path / "moved")
    with pytest.raises(RepositoryError):
        repository.read(["FETCH_HEAD:a.h"])
