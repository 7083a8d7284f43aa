#!/usr/bin/env python3
"""Is every header of this machine read as the compiler lays it out? Each against a program of sizeof and offsetof.

    python tests/long/headers.py [DIR ...]

Of the directories below /usr/include that hold interfaces of the kernel, if none are given. Prints the headers that are
refused, which do not compile alone, and those that are read wrongly; ends with 1 if there is one of these.
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from capcodec.errors import HeaderError
from capcodec.upstream.header import read_file

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

from header_oracle import checked

DIRECTORIES = [f"/usr/include/{name}" for name in ("linux", "sound", "rdma", "drm", "libdrm")]


def judge(path: Path) -> tuple[str, str, int]:
    """Verdict, reason, and how many figures were checked."""
    try:
        header = read_file(str(path))
    except HeaderError as error:
        return "refused", str(error), 0
    with tempfile.TemporaryDirectory() as directory:
        try:
            return "right", "", checked(header, str(path), Path(directory))
        except AssertionError as error:
            return "WRONG", str(error), 0


def main() -> int:
    """Read them all; the number that ``exit`` gets."""
    paths = sorted(path for name in sys.argv[1:] or DIRECTORIES for path in Path(name).rglob("*.h"))
    counts = {"right": 0, "refused": 0, "WRONG": 0}
    figures = 0
    with ThreadPoolExecutor() as pool:
        for path, (verdict, reason, number) in zip(paths, pool.map(judge, paths), strict=True):
            counts[verdict] += 1
            figures += number
            if reason:
                print(f"{path}: {verdict}: {reason[:300]}", flush=True)
    print(", ".join(f"{number} {verdict}" for verdict, number in counts.items()) + f"; {figures} figures")
    return int(counts["WRONG"] > 0)


if __name__ == "__main__":
    sys.exit(main())
