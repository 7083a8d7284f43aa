"""Instructions per operation, counted by valgrind: repeatable where times are not.

    python benchmarks/instructions.py             print the counts beside those of an older commit
    python benchmarks/instructions.py --check     and exit with 1 if one has grown by more than 3 %

Counts depend on the machine's compiler, C library and Python. So the older commit (``--baseline``) is built and counted
in the same run, in a directory of its own; for that the checkout's git history has to be there.

Each statement runs in a loop, after some rounds that are not counted; the loop's own share is included. One process
runs them all: before and after each loop it calls a function of the C library at which valgrind writes down its count.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TREE = Path(__file__).parents[1]
BASELINE = "f4b72a4"  # before the core was cut into modules
TOLERANCE = 1.03
ROUNDS = 50_000
MARK = "getloadavg"  # of the C library; nothing else calls it
SETUP = """
import gc, os
from itertools import repeat
from capcodec import Batch, VirglCapsV2, captures, min_copy, min_copy_many
data = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
capset = VirglCapsV2.unpack(data)
values = capset.to_dict()
text = capset.to_json()
d308, d1408 = bytearray(308), bytearray(1408)
fleet, guests = data * 1000, bytearray(1376 * 1000)
batch = Batch(VirglCapsV2, fleet, len(data))
out = batch.columns()
unpack, view = VirglCapsV2.unpack, VirglCapsV2.view
gc.disable()
"""
HOT = {
    "loop": "pass",
    "unpack": "VirglCapsV2.unpack(data)",
    "construct": "VirglCapsV2(data)",
    "view": "VirglCapsV2.view(data)",
    "view, writable": "VirglCapsV2.view(d1408)",
    "pack": "capset.pack()",
    "read u32": "capset.max_texture_2d_size",
    "read u32 of v1": "capset.max_samples",
    "read bitfield": "capset.bset.has_fp64",
    "read element": "capset.video_caps[3].max_width",
    "read by path": "capset['video_caps[3].max_width']",
    "write u32": "capset.max_texture_2d_size = 8192",
    "min_copy 308": "min_copy(d308, data)",
    "min_copy 1408": "min_copy(d1408, data)",
    "to_dict": "capset.to_dict()",
    "from_dict": "VirglCapsV2.from_dict(values)",
    "to_json": "capset.to_json()",
    "from_json": "VirglCapsV2.from_json(text)",
    "column": "batch.column('max_samples')",
    "columns, 1000 records": "batch.columns(out=out)",
    "min_copy_many, 1": "min_copy_many(d1408, data, 1408, 1408)",
    "min_copy_many, 1000": "min_copy_many(guests, fleet, 1376, 1408, dst_size=1376)",
}
LONG = {  # times fewer rounds
    "to_dict": 100,
    "from_dict": 100,
    "to_json": 5000,
    "from_json": 5000,
    "columns, 1000 records": 5000,
    "min_copy_many, 1000": 500,
}


def counts(python: Path, names: list[str]) -> dict[str, float]:
    """Instructions that a round of each takes, in a process of that Python's."""
    rounds = {name: ROUNDS // LONG.get(name, 1) for name in names}
    code = [SETUP]
    for name in names:
        code.append(f"def run(rounds):\n    for _ in repeat(None, rounds):\n        {HOT[name]}")
        code.append(f"run({rounds[name] // 10})\nos.{MARK}()\nrun({rounds[name]})\nos.{MARK}()")
    environment = {"PYTHONHASHSEED": "0", "PYTHONMALLOC": "pymalloc"}
    subprocess.run([python, "-I", "-c", SETUP], env=environment, check=True)  # whoever is first may have to compile
    with tempfile.TemporaryDirectory() as directory:
        command = ["valgrind", "--tool=callgrind", f"--dump-before={MARK}", "--callgrind-out-file=out", python]
        result = subprocess.run(
            [*command, "-I", "-c", "\n".join(code)], cwd=directory, env=environment, capture_output=True, text=True
        )
        if result.returncode:
            sys.exit(result.stderr)
        # A part is what came before a mark: odd ones set up, even ones are the loops
        parts = [(Path(directory) / f"out.{place}").read_text() for place in range(2, 2 * len(names) + 1, 2)]
    found = [int(re.search(r"^totals: (\d+)", part, re.MULTILINE)[1]) for part in parts]
    return {name: instructions / rounds[name] for name, instructions in zip(names, found, strict=True)}


def built(commit: str, directory: Path) -> Path:
    """The Python of a new environment that has the package as it was at a commit."""
    tree = directory / "tree"
    tree.mkdir()
    packed = subprocess.run(["git", "-C", TREE, "archive", commit], capture_output=True)
    if packed.returncode:
        sys.exit(f"the baseline {commit} is not in this checkout's history: {packed.stderr.decode().strip()}")
    subprocess.run(["tar", "-x", "-C", tree], input=packed.stdout, check=True)
    venv.create(directory / "venv", with_pip=True)
    python = directory / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", tree], check=True)
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="exit with 1 if a count has grown by more than 3 %%")
    parser.add_argument("--baseline", metavar="COMMIT", default=BASELINE, help=f"to compare with (default: {BASELINE})")
    parser.add_argument("names", nargs="*", choices=[*HOT, []], help="only these")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("valgrind is missing: install Debian's package valgrind")
    names = options.names or list(HOT)
    with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor(2) as pool:
        old = built(options.baseline, Path(directory))
        before, now = pool.map(lambda python: counts(python, names), (old, Path(sys.executable)))
    print(f"{'':24}{options.baseline:>12}{'now':>12}")
    for name in names:
        print(f"{name:24}{before[name]:12.1f}{now[name]:12.1f}{now[name] / before[name] - 1:+9.1%}")
    # The loop alone is the interpreter's
    grown = [name for name in names if name != "loop" and now[name] > before[name] * TOLERANCE]
    if options.check and grown:
        sys.exit(f"more than {TOLERANCE - 1:.0%} more instructions than at {options.baseline}: {', '.join(grown)}")


if __name__ == "__main__":
    main()
