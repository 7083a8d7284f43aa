"""Type checkers: mypy and pyright, and the lines that each of them refuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import real

CHECKERS = ("mypy", "pyright")


def run(name: str, *arguments: str | Path, cwd: Path, status: int | None = None) -> str:
    """What a checker prints, which sees the packages that this Python sees."""
    program = real.need_checker(name)
    paths = {"PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"], "MYPYPATH": str(cwd)}
    result = subprocess.run([program, *arguments], env={**os.environ, **paths}, cwd=cwd, capture_output=True, text=True)
    assert status is None or result.returncode == status, result.stdout + result.stderr
    return result.stdout


def refused(name: str, path: Path, cwd: Path) -> dict[int, str]:
    """The errors in a file, by line."""
    strict = ["--strict", "--no-incremental"] if name == "mypy" else []
    said = run(name, *strict, path, cwd=cwd)
    errors = re.findall(rf"{re.escape(path.name)}:(\d+):(?:\d+ -)? error: (.*)", said)
    assert errors or "no issues found" in said or "0 errors" in said, said
    return {int(line): text for line, text in errors}


def marked(path: Path) -> set[int]:
    """The lines that shall be refused."""
    return {number for number, line in enumerate(path.read_text().splitlines(), 1) if line.endswith("# wrong")}
