"""Instructions per operation, counted by valgrind: repeatable where times are not.

    python benchmarks/instructions.py             print the counts beside those on record
    python benchmarks/instructions.py --check     exit with 1 if one has grown by more than a tenth
    python benchmarks/instructions.py --record    put this machine's counts on record

Each statement is run in a loop of two lengths; the difference of their counts is that of the statement, the loop's own
share included. Counts depend on the build of Python and of the C library, so the record names both, and is compared
only where they are the same.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

RECORD = Path(__file__).with_name("instructions.json")
TOLERANCE = 1.1
LENGTHS = (5000, 55000)
SETUP = """
import gc
from itertools import repeat
from capcodec import VirglCapsV2, captures, min_copy
data = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
capset = VirglCapsV2.unpack(data)
values = capset.to_dict()
d308, d1408 = bytearray(308), bytearray(1408)
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
}
LONG = {"to_dict": 100, "from_dict": 100}  # times fewer rounds


def count(statement: str, rounds: int) -> int:
    """Instructions of a process that runs the statement so often."""
    code = f"{SETUP}\ndef run():\n    for _ in repeat(None, {rounds}):\n        {statement}\nrun()"
    with tempfile.TemporaryDirectory() as directory:
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=out", sys.executable, "-I", "-S", "-c"]
        site = str(Path(__import__("capcodec").__file__).parent.parent)
        code = f"import sys; sys.path.append({site!r})\n{code}"
        environment = {"PYTHONHASHSEED": "0", "PYTHONMALLOC": "pymalloc"}
        result = subprocess.run([*command, code], cwd=directory, env=environment, capture_output=True, text=True)
        found = re.search(r"Collected : (\d+)", result.stderr)
        if result.returncode or not found:
            sys.exit(result.stderr)
        return int(found[1])


def per_operation(name: str) -> float:
    short, long = (length // LONG.get(name, 1) for length in LENGTHS)
    return (count(HOT[name], long) - count(HOT[name], short)) / (long - short)


def build() -> str:
    """What the counts depend on."""
    libc = "-".join(platform.libc_ver())
    return f"{platform.machine()}, Python {platform.python_version()} ({platform.python_compiler()}), {libc}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("names", nargs="*", choices=[*HOT, []], help="only these")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("valgrind is missing: install Debian's package valgrind")
    names = options.names or list(HOT)
    count("pass", 1)  # whoever is first may have to compile what all import
    with ThreadPoolExecutor(2) as pool:
        counts = dict(zip(names, pool.map(per_operation, names), strict=True))
    recorded = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    known = recorded.get(build(), {})
    print(build() if known else f"{build()}: nothing on record for this build, so nothing to compare with")
    grown = []
    for name, instructions in counts.items():
        before = known.get(name)
        print(f"{name:16} {instructions:10.1f}" + (f"   on record {before:10.1f}" if before else ""))
        if before and instructions > before * TOLERANCE:
            grown.append(name)
    if options.record:
        recorded[build()] = {**known, **{name: round(n, 1) for name, n in counts.items()}}
        RECORD.write_text(json.dumps(recorded, indent=1) + "\n")
    if options.check and grown:
        sys.exit(f"more than {TOLERANCE - 1:.0%} more instructions than on record: {', '.join(grown)}")


if __name__ == "__main__":
    main()
