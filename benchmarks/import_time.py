"""What importing a module costs above a bare interpreter: python benchmarks/import_time.py [MODULE ...]

Interpreters are started in turn, bare, first module, second module, bare, ..., without start-up files of their own.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import capcodec

ROUNDS = 40
SITE = str(Path(capcodec.__file__).parent.parent)


def start(statement: str) -> float:
    """Milliseconds until an interpreter has run a statement and ended."""
    code = f"import sys; sys.path.append({SITE!r}); {statement}"
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)
    return (time.perf_counter() - begin) * 1e3


def main() -> None:
    modules = sys.argv[1:] or ["capcodec", "ctypes", "json"]
    statements = ["pass", *(f"import {module}" for module in modules)]
    times: dict[str, list[float]] = {statement: [] for statement in statements}
    for _ in range(ROUNDS):
        for statement in statements:
            times[statement].append(start(statement))
    bare = times.pop("pass")
    print(f"bare interpreter: least {min(bare):.1f} ms, median {statistics.median(bare):.1f} ms")
    for statement, taken in times.items():
        least, median = min(taken) - min(bare), statistics.median(taken) - statistics.median(bare)
        print(f"{statement}: least {least:.1f} ms, median {median:.1f} ms more")


if __name__ == "__main__":
    main()
