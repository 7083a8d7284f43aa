"""Git repositories of headers: made up for a test, or the real history of virglrenderer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from real import PROMISE, need

SHARED = Path(__file__).parents[3] / "shared" / "upstream" / "virglrenderer-headers.git.tar.gz"
WHO = {
    f"GIT_{role}_{what}": text
    for role in ("AUTHOR", "COMMITTER")
    for what, text in (("NAME", "A"), ("EMAIL", "a@example.org"))
}


class Made:
    """A repository in the making, without a work tree that matters: each commit has exactly the files it is given."""

    def __init__(self, directory: Path) -> None:
        need("git", "git")
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


def history_at(path: Path) -> None:
    """Put the same at a path named ``virglrenderer.git``."""
    found = real_history(path.parent)
    if found != path:
        path.symlink_to(found.absolute())


GROWTH = {
    "two u32": (
        r"(?m)^(struct virgl_caps_v2 \{(?:.*\n)*?)(\};)",
        "\\1\tuint32_t grown_one;\n\tuint32_t grown_two;\n\\2",
    ),
    "a bit": (
        r"(?m)((?:^#define VIRGL_CAP_V2_\w+ .*\n)+)(?!(?:.*\n)*#define VIRGL_CAP_V2_)",
        "\\1#define VIRGL_CAP_V2_GROWN (1u << 19)\n",
    ),
    "a format": (r"(?m)^(\s*VIRGL_FORMAT_MAX\b)", "   VIRGL_FORMAT_GROWN,\n\\1"),
}


def grow(history: Path, directory: Path) -> Path:
    """A repository with one made-up commit on top of the history of virglrenderer: the next release, 1.4.0."""
    grown = directory / "grown.git"

    def git(*arguments: str, stdin: str | None = None, **environment: str) -> str:
        command = ["git", "-C", str(grown), *arguments]
        ran = subprocess.run(
            command, env={**os.environ, **WHO, **environment}, input=stdin, capture_output=True, text=True, check=True
        )
        return ran.stdout.strip() if "show" not in arguments else ran.stdout

    shutil.copytree(history, grown)  # a partial clone cannot be cloned
    git("symbolic-ref", "HEAD", "refs/heads/main")
    header = git("show", "main:src/virgl_hw.h")
    for what, (pattern, new) in GROWTH.items():
        header, count = re.subn(pattern, new, header, count=1)
        assert count == 1, f"the header has no place for {what}"
    index = {"GIT_INDEX_FILE": str(directory / "index")}
    git("read-tree", "main", **index)
    texts = {
        "src/virgl_hw.h": header,
        "src/vrend/vrend_renderer.c": "void f(void) { caps->v2.host_feature_check_version = 24; }\n",
    }
    for path, text in texts.items():
        blob = git("hash-object", "-w", "--stdin", stdin=text)
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", **index)
    tree = git("write-tree", "--missing-ok", **index)
    when = "2026-05-01 12:00:00 +0000"
    commit = git(
        "commit-tree",
        tree,
        "-p",
        "main",
        "-m",
        "grow",
        GIT_AUTHOR_DATE=when,
        GIT_COMMITTER_DATE="2026-08-01 12:00:00 +0000",
    )
    git("update-ref", "refs/heads/main", commit)
    git("tag", "virglrenderer-1.4.0", commit)
    return grown
