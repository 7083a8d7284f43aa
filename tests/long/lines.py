#!/usr/bin/env python3
"""Which lines of the package do the tests reach? Of Python files as coverage.py counts, of Cython files as gcov does.

    CAPCODEC_REAL=1 CAPCODEC_HEADERS=DIR CAPCODEC_QEMU=PROGRAM python tests/long/lines.py [PYTEST-ARGUMENT ...]

Needs gcc, a QEMU of 8.0 or newer, and a Python that has the extra `fuzz` of the package. Prints a row for each file
that is not reached whole. Ends with 1 if a test fails, or if less than 98 % of the lines of Python run. The C headers
have a test of their own, in tests/core/test_core_headers.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import coverage

TESTS = Path(__file__).parents[1]
TREE = TESTS.parent
sys.path.insert(0, str(TESTS / "fuzz"))

import builds  # noqa: E402

LEAST = 98  # percent of the lines of Python
# They look at what is imported, and coverage.py imports more
IMPORTS = "not imports_what_it_needs and not need_no_sockets"


def run_tests(site: Path, work: Path) -> int:
    """Run the tests on the package in ``site``; the status of pytest."""
    settings = work / "coveragerc"
    settings.write_text(
        f"[run]\nsource_pkgs = capcodec\ndata_file = {work}/data\nparallel = true\npatch = subprocess, _exit\n"
        "disable_warnings = module-not-imported, no-data-collected, couldnt-parse\n"
        "[report]\nexclude_also =\n    if TYPE_CHECKING:\n"
    )
    options = ["-q", "-k", IMPORTS, "-p", "no:cacheprovider", "-c", str(TREE / "pyproject.toml"), f"--rootdir={TREE}"]
    arguments = [os.path.abspath(word) if os.path.exists(word) else word for word in sys.argv[1:]] or [str(TESTS)]
    done = subprocess.run(
        [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}", "-m", "pytest", *options, *arguments],
        env={**os.environ, "PYTHONPATH": str(site), "COVERAGE_RCFILE": str(settings)},
        cwd=work,  # not the source tree, whose package is not compiled
    )
    return done.returncode


def python_lines(site: Path, work: Path) -> dict[str, tuple[set[int], set[int]]]:
    """Of each Python file: its lines, and those that did not run."""
    counted = coverage.Coverage(config_file=str(work / "coveragerc"), messages=False)
    counted.combine([str(work)])
    found = {}
    for path in sorted((site / "capcodec").rglob("*.py")):
        _, lines, _, missing, _ = counted.analysis2(str(path))
        found[path.relative_to(site).as_posix()] = set(lines), set(missing)
    return found


def show(title: str, files: dict[str, tuple[set[int], set[int]]]) -> float:
    """Print what is missing, and the sum; the percentage."""
    total = sum(len(lines) for lines, _ in files.values())
    missing = sum(len(idle) for _, idle in files.values())
    for name, (lines, idle) in files.items():
        if idle:
            share = 100 * (len(lines) - len(idle)) / len(lines)
            print(f"{share:6.1f} % of {len(lines):4}  {name}: not {', '.join(map(str, sorted(idle)))}")
    share = 100 * (total - missing) / total
    print(f"{share:6.1f} % of {total:4}  {title}")
    return share


def main() -> int:
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        site = builds.package(work, "counted")
        status = run_tests(site, work)
        share = show("lines of Python", python_lines(site, work))
        cython = [f"src/{path.name}" for path in sorted((TREE / "src").glob("*.pyx"))]
        show("lines of Cython", builds.counted_lines(site.parent, cython))
    return int(status != 0 or share < LEAST)


if __name__ == "__main__":
    sys.exit(main())
