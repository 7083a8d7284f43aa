#!/usr/bin/env python3
"""Does a process that works on capsets for long keep its size?

    python tests/long/memory.py [CYCLES]

A cycle, a million of them if not said otherwise: unpack, view, read a nested struct and an array, take columns of a
batch, write JSON and read it, and drop all of it. Prints how much the resident set has grown since the first hundredth,
and ends with 1 if that is a MiB or more.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from capcodec import Batch, VirglCapsV2, captures, min_copy

MOST = 1 << 20  # bytes
BLOB = captures.load(captures.names(2)[-1])
FLEET = bytearray(BLOB * 4)


def cycle() -> None:
    """Everything that makes objects."""
    caps = VirglCapsV2.unpack(BLOB)
    view = VirglCapsV2.view(FLEET)
    min_copy(view, caps)
    assert view.v1.bset == caps.bset
    assert caps.video_caps[3].max_width == view["video_caps[3].max_width"]
    batch = Batch(VirglCapsV2, FLEET, len(BLOB))
    assert batch[1].pack() == BLOB
    assert len(batch.column("max_samples")) == len(batch.columns(["renderer", "v1.sampler"])["renderer"]) == 4
    assert VirglCapsV2.from_json(caps.to_json()) == caps


def resident() -> int:
    """Bytes of this process that are in memory."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def main() -> int:
    cycles = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for _ in range(cycles // 100):
        cycle()
    before, start = resident(), time.monotonic()
    for _ in range(cycles):
        cycle()
    grown = resident() - before
    print(f"{cycles:,} cycles in {time.monotonic() - start:.0f} s: {grown / 1024:+,.0f} KiB, of {before / 1024:,.0f}")
    return int(grown >= MOST)


if __name__ == "__main__":
    sys.exit(main())
