"""The GitLab job and the hook of docs/abi.md, as the documentation has them, over a repository with a bad commit."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from histories import Made
from real import need_extra

DOCUMENTATION = (Path(__file__).parents[2] / "docs" / "abi.md").read_text()
GOOD, BAD = "struct it { int a; int b; int c; };\n", "struct it { int c; int a; int b; };\n"
HEADER = "src/virgl_hw.h"


def block(begin: str) -> str:
    """The code block that begins so."""
    return next(part for part in re.findall(r"```yaml\n(.*?)```", DOCUMENTATION, re.DOTALL) if part.startswith(begin))


@pytest.fixture
def made(tmp_path):
    made = Made(tmp_path / "made")
    made.commit({HEADER: "struct it { int a; int b; };\n"}, tag="v1.0")
    return made


@pytest.fixture
def environment(tmp_path):
    """In which this package's command is found, as after an installation, and git knows who commits."""
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    command = scripts / "capcodec"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -I -m capcodec "$@"\n')
    command.chmod(0o755)
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
    }
    return {**os.environ, **settings, "PATH": f"{scripts}:{os.environ['PATH']}"}


@pytest.mark.parametrize(("text", "status"), [(GOOD, 0), (BAD, 1)])
def test_the_job(made, environment, tmp_path, text, status):
    """Its last line, in a fresh clone whose HEAD is a commit, as a runner has it."""
    base = made.git("rev-parse", "HEAD")
    made.commit({HEADER: text})
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(made.path), str(clone)], check=True, env=environment)
    subprocess.run(["git", "checkout", "-q", "--detach"], check=True, cwd=clone, env=environment)
    line = re.findall(r"^    - (.*)$", block("abi:"), re.MULTILINE)[-1].replace("/venv/bin/", "")
    ran = subprocess.run(
        ["sh", "-ec", line], cwd=clone, env={**environment, "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}, capture_output=True
    )
    assert (ran.returncode, ran.stderr) == (status, b"")
    found = json.loads((clone / "abi.json").read_text())
    assert [(row["check_name"], row["severity"], row["location"]["path"]) for row in found] == [
        ("insertion", "critical", HEADER)
    ] * status


@pytest.mark.parametrize(("text", "status"), [(GOOD, 0), (BAD, 1)])
def test_what_the_hook_runs(made, environment, text, status):
    made.commit({HEADER: text})
    line = re.search(r"^ +entry: (.*)$", block("- repo: local"), re.MULTILINE)[1]
    ran = subprocess.run(line.split(), cwd=made.path, env=environment, capture_output=True, text=True)
    assert ran.returncode == status, ran.stderr


def test_the_hook(made, environment, tmp_path):
    """A push with a bad commit is refused, one without goes through."""
    need_extra("pre-commit")
    hook = block("- repo: local").replace("language: python", "language: system")  # it is here, and on no index
    hook = re.sub(r" +additional_dependencies: .*\n", "", hook)
    made.commit({".pre-commit-config.yaml": "repos:\n" + hook, HEADER: GOOD})
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "remote.git")], check=True, env=environment)
    made.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    install = [sys.executable, "-m", "pre_commit", "install", "--hook-type", "pre-push"]
    subprocess.run(install, cwd=made.path, env=environment, check=True, capture_output=True)

    def push():
        return subprocess.run(
            ["git", "push", "-q", "origin", "main"], cwd=made.path, env=environment, capture_output=True, text=True
        )

    assert push().returncode == 0
    made.commit({HEADER: BAD})
    refused = push()
    assert refused.returncode
    assert "broken move struct it.c" in refused.stdout + refused.stderr
