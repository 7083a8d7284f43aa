"""Git repositories of headers: made up for a test, or the real history of virglrenderer."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from real import PROMISE

SHARED = Path(__file__).parents[3] / "shared" / "upstream" / "virglrenderer-headers.git.tar.gz"
WHO = {
    f"GIT_{role}_{what}": text
    for role in ("AUTHOR", "COMMITTER")
    for what, text in (("NAME", "A"), ("EMAIL", "a@example.org"))
}


class Made:
    """A repository in the making, without a work tree that matters: each commit has exactly the files it is given."""

    def __init__(self, directory: Path) -> None:
        self.path = directory
        self.git("init", "-q", "-b", "main", str(directory), here=False)
        self.day = 0

    def git(self, *arguments: str, here: bool = True, **environment: str) -> str:
        command = ["git", *(("-C", str(self.path)) if here else ()), *arguments]
        settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        ran = subprocess.run(
            command, env={**os.environ, **WHO, **settings, **environment}, capture_output=True, text=True, check=True
        )
        return ran.stdout.strip()

    def commit(self, files: dict[str, str], message: str = "a commit", tag: str = "") -> str:
        """Commit files, a day later than the last commit; the commit's id."""
        self.day += 1
        for name, text in files.items():
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_text(text)
        when = f"2020-01-{self.day:02} 12:00:00 +0000"
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message, GIT_AUTHOR_DATE=when, GIT_COMMITTER_DATE=when)
        if tag:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD")


def real_history(directory: Path) -> Path:
    """Path of a repository with the history of virglrenderer's headers; skips the test if there is none."""
    named = os.environ.get("CAPCODEC_UPSTREAM", "")
    if named:
        return Path(named)
    if SHARED.exists():
        with tarfile.open(SHARED) as archive:
            archive.extractall(directory, filter="data")
        return directory / "virglrenderer.git"
    message = "the history of virglrenderer is missing: set CAPCODEC_UPSTREAM to a clone of it"
    if PROMISE == "1" and named:
        pytest.fail(message)
    pytest.skip(message)
