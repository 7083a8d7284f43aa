#!/usr/bin/env python3
"""Does the suite survive the next release of virglrenderer? Harvests one, and runs all of it on what was written.

    CAPCODEC_UPSTREAM=CLONE CAPCODEC_HEADERS=DIR python tests/long/growth.py [PYTEST-ARGUMENT ...]

A made-up commit on top of the real history, with two more u32, a flag and a format, and the next tag: ``capcodec
upstream`` writes it into a copy of the package, and nothing else is edited. Prints the tests that fail, and ends with 1
if one fails that is not meant to.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import capcodec
from capcodec import VirglCapsV2

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS / "helpers"))

from histories import grow, real_history  # noqa: E402
from planted import Copy  # noqa: E402

# Tests that name a size or a release on purpose, and why
MEANT = {
    "cli/test_flow.py::test_the_documentation_has_the_matrix": "sizes that a command writes into docs/flow.md",
    "cli/test_draw.py::test_the_pictures_of_the_documentation": "sizes that a command draws",
    "test_docs.py::test_the_history": "the table that docs/history.py writes",
}


def harvest(directory: Path) -> Path:
    """A copy of the package in which capset 2 has grown; path of the repository that says so."""
    grown = grow(real_history(directory), directory).path
    copy = Copy(directory)
    print(copy.run("-m", "capcodec", "upstream", str(grown), "--into", str(copy.package / "capsets")))
    copy.run("-m", "capcodec", "stubs", "--into", str(directory), *stub_modules())
    return grown


def stub_modules() -> list[str]:
    """The modules whose stubs a command writes, again after such a change."""
    package = Path(capcodec.__file__).parent
    first_lines = (path.read_text().partition("\n")[0] for path in package.rglob("*.pyi"))
    return [line.split("`")[1].split()[-1] for line in first_lines if line.startswith("# Written by `capcodec stubs ")]


def main() -> int:
    """Run the suite; the number that ``exit`` gets."""
    with tempfile.TemporaryDirectory() as directory:
        try:
            grown = harvest(Path(directory))
        except pytest.skip.Exception as reason:
            print(reason)
            return 2
        size = subprocess.run(
            [sys.executable, "-c", "import capcodec; print(capcodec.VirglCapsV2.size)"],
            env={**os.environ, "PYTHONPATH": directory}, capture_output=True, text=True, check=True, cwd=directory,
        ).stdout  # fmt: skip
        assert int(size) == VirglCapsV2.size + 8, "the tests would run on another package"
        result = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=line", "-p", "no:cacheprovider"),
                *("-c", str(TESTS.parent / "pyproject.toml"), *(sys.argv[1:] or [str(TESTS)])),
            ],
            env={**os.environ, "PYTHONPATH": directory, "CAPCODEC_UPSTREAM": str(grown)},
            stdout=subprocess.PIPE,
            text=True,
            cwd=directory,  # not the source tree, whose package is not compiled
        )
    print(result.stdout)
    failed = re.findall(r"^(?:FAILED|ERROR) (?:\S*/tests/)?(\S+?)(?:\[| -|$)", result.stdout, re.MULTILINE)
    tests = {name: failed.count(name) for name in dict.fromkeys(failed)}
    for name, times in tests.items():
        print(f"{times:5} times  {name}  {MEANT.get(name, 'NOT MEANT')}")
    passed_on = [name for name in MEANT if name not in tests]
    if not sys.argv[1:] and passed_on:
        print(f"no longer fail, and need not be listed: {', '.join(passed_on)}")
    return int(result.returncode > 1 or any(name not in MEANT for name in tests))


if __name__ == "__main__":
    sys.exit(main())
