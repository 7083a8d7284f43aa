"""How long commands take to start, beside processes that only import what they need: python benchmarks/startup.py

Processes run in turn, and each figure is a median of whole processes. What a command is compared with is what it could
not do without.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from capcodec import captures

ROUNDS = 30
BIN = Path(sys.executable).parent
RIVALS = {
    ("--help",): "import argparse",
    ("show", "FILE"): "import argparse, capcodec, rich.console, rich.table",
    ("show", "FILE", "--color", "always"): "import argparse, capcodec, rich.console, rich.table",
    ("show", "FILE", "--json"): "import argparse, capcodec, json",
}


def took(command: list[str]) -> float:
    """Milliseconds of a process."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begin) * 1e3


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "capset.bin"
        file.write_bytes(captures.load(captures.names(2)[-1]))
        for arguments, statement in RIVALS.items():
            ours = [str(BIN / "capcodec"), *(str(file) if word == "FILE" else word for word in arguments)]
            rival = [sys.executable, "-c", statement]
            pairs = [(took(ours), took(rival)) for _ in range(ROUNDS)]
            mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
            ratio = f"{mine / theirs:.2f} times {statement!r} ({theirs:.0f} ms)"
            print(f"capcodec {' '.join(arguments)}: {mine:.0f} ms, {ratio}")


if __name__ == "__main__":
    main()
