"""Git repositories of headers: made up for a test, or the real history of virglrenderer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple

import pytest

from capcodec.meaning.releases import RELEASES
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


class Growth(NamedTuple):
    """A made-up release on top of a history.

    Attributes:
        path: of the repository.
        word: that its names begin with: two fields, a flag and a format.
        release: its name.
        bit: of the flag in ``capability_bits_v2``.
        version: its host_feature_check_version.
        date: of its tag, ISO.
    """

    path: Path
    word: str
    release: str
    bit: int
    version: int
    date: str


def places(growth: Growth) -> dict[str, tuple[str, str]]:
    """What grows in the header, each with a pattern and what takes its place."""
    word = growth.word
    return {
        "two u32": (
            r"(?m)^(struct virgl_caps_v2 \{(?:.*\n)*?)(\};)",
            f"\\1\tuint32_t {word}_one;\n\tuint32_t {word}_two;\n\\2",
        ),
        "a bit": (
            r"(?m)((?:^#define VIRGL_CAP_V2_\w+ .*\n)+)(?!(?:.*\n)*#define VIRGL_CAP_V2_)",
            f"\\1#define VIRGL_CAP_V2_{word.upper()} (1u << {growth.bit})\n",
        ),
        "a format": (r"(?m)^(\s*VIRGL_FORMAT_MAX\b)", f"   VIRGL_FORMAT_{word.upper()},\n\\1"),
    }


def grow(history: Path, directory: Path) -> Growth:
    """A repository with one made-up commit on top of the history of virglrenderer, which is the next release."""
    path = directory / "grown.git"

    def git(*arguments: str, stdin: str | None = None, **environment: str) -> str:
        command = ["git", "-C", str(path), *arguments]
        ran = subprocess.run(
            command, env={**os.environ, **WHO, **environment}, input=stdin, capture_output=True, text=True, check=True
        )
        return ran.stdout.strip() if "show" not in arguments else ran.stdout

    shutil.copytree(history, path)  # a partial clone cannot be cloned
    git("symbolic-ref", "HEAD", "refs/heads/main")
    header = git("show", "main:src/virgl_hw.h")
    newest = max((int(major), int(minor)) for major, minor in re.findall(r"virglrenderer-(\d+)\.(\d+)", git("tag")))
    times = header.count("VIRGL_CAP_V2_GROWN")  # a history that grew so before can grow again
    bits = [int(bit) for bit in re.findall(r"#define VIRGL_CAP_V2_\w+\s+\(1u? << (\d+)\)", header)]
    growth = Growth(
        path,
        "_".join(["grown"] * (times + 1)),
        f"{newest[0]}.{newest[1] + 1}.0",
        max(bits) + 1,
        RELEASES[-1].host_feature_check_version + 1,
        f"2026-{8 + times:02}-01",
    )
    for what, (pattern, new) in places(growth).items():
        header, count = re.subn(pattern, new, header, count=1)
        assert count == 1, f"the header has no place for {what}"
    index = {"GIT_INDEX_FILE": str(directory / "index")}
    git("read-tree", "main", **index)
    check = f"void f(void) {{ caps->v2.host_feature_check_version = {growth.version}; }}\n"
    for name, text in {"src/virgl_hw.h": header, "src/vrend/vrend_renderer.c": check}.items():
        blob = git("hash-object", "-w", "--stdin", stdin=text)
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}", **index)
    tree = git("write-tree", "--missing-ok", **index)
    dates = {"GIT_AUTHOR_DATE": "2026-05-01 12:00:00 +0000", "GIT_COMMITTER_DATE": f"{growth.date} 12:00:00 +0000"}
    commit = git("commit-tree", tree, "-p", "main", "-m", "grow", **dates)
    git("update-ref", "refs/heads/main", commit)
    git("tag", f"virglrenderer-{growth.release}", commit)
    return growth
