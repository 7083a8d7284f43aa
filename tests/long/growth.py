#!/usr/bin/env python3
"""Does the suite survive the next release of virglrenderer? Runs all of it on a package in which capset 2 has grown.

    CAPCODEC_HEADERS=DIR python tests/long/growth.py [PYTEST-ARGUMENT ...]

Two more u32 at the end of virgl_caps_v2, the step that brought them, and release 1.4.0 that has them: planted in a copy
of the package. Prints the tests that fail, and ends with 1 if one fails that is not meant to.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from capcodec import VirglCapsV2
from capcodec.meaning.releases import RELEASES

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS / "helpers"))

from planted import Copy  # noqa: E402

# Tests that name a size or a release on purpose, and why
MEANT = {
    "cli/test_flow.py::test_the_documentation_has_the_matrix": "sizes that a command writes into docs/flow.md",
    "cli/test_draw.py::test_the_pictures_of_the_documentation": "sizes that a command draws",
    "test_docs.py::test_the_history": "the table that docs/history.py writes",
}


def grow(directory: Path) -> None:
    """The copy of the package, in which capset 2 has grown."""
    newest, last = RELEASES[-1], list(VirglCapsV2.fields)[-1]
    since = VirglCapsV2.fields[last].since
    copy = Copy(directory)
    end = '    doc="Capset 2, which grows at its end",\n'
    copy.plant("capsets/virgl.py", end, f'    u32("grown_one", "a new word"),\n    u32("grown_two", "a word"),\n{end}')
    mark = f'    "{last}": step({since.size}, "{since.commit}", "{since.date}", "{since.release}"),\n'
    new = f'    "grown_two": step({since.size + 8}, "abcdef012345", "2026-05-01", "1.4.0"),\n'
    copy.plant("capsets/virgl_hw.py", mark, mark + new)
    row = f'    ("{newest.name}", "{newest.date}", {newest.host_feature_check_version}, {newest.format_max}),\n'
    new = f'    ("1.4.0", "2026-08-01", {newest.host_feature_check_version + 1}, {newest.format_max}),\n'
    copy.plant("capsets/virglrenderer_releases.py", row, row + new)


def main() -> int:
    """Run the suite; the number that ``exit`` gets."""
    with tempfile.TemporaryDirectory() as directory:
        grow(Path(directory))
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
            env={**os.environ, "PYTHONPATH": directory},
            stdout=subprocess.PIPE,
            text=True,
            cwd=directory,  # not the source tree, whose package is not compiled
        )
    print(result.stdout.rstrip().rpartition("\n")[2])
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
