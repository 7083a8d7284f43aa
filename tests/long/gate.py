#!/usr/bin/env python3
"""Does the gate say of a change what it was? Random changes of real headers, each judged against the header as it is.

    python tests/long/gate.py [COUNT] [HEADER ...]

2,000 changes of headers of the kernel below /usr/include, if nothing else is said. Prints the verdicts that are wrong,
and how many changes of each kind were judged; ends with 1 if a verdict is wrong.
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from pathlib import Path

from capcodec.errors import HeaderError
from capcodec.upstream import judge
from capcodec.upstream.header import Options, read_text
from capcodec.upstream.rules_file import Rules

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

from mutated import mutate, right

NAMES = "ublk_cmd io_uring virtio_gpu media fuse perf_event btrfs vfio ethtool"
HEADERS = [f"/usr/include/linux/{name}.h" for name in NAMES.split()] + ["/usr/include/libdrm/amdgpu_drm.h"]
TRIES = 40  # seeds for a change, of headers to which few can be done


def main() -> int:
    """Judge them all; the number that ``exit`` gets."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    paths = [path for path in sys.argv[2:] or HEADERS if Path(path).exists()]
    done: Counter[str] = Counter()
    wrong = 0
    for place, path in enumerate(paths):
        text = Path(path).read_text()
        options = Options(includes=("limits.h",), directories=("/usr/include/libdrm",))
        old = read_text("it.h", text.encode(), options)
        share = -(-(count - done.total()) // (len(paths) - place))
        made = [change for seed in range(share * TRIES) if (change := mutate(text, seed))]
        fresh = {change.text: change for change in made}  # each change once
        tried = list(itertools.islice(fresh.values(), share))
        read = judge.read_all(
            [lambda it=it, options=options: read_text("it.h", it.text.encode(), options) for it in tried]
        )
        for change, new in zip(tried, read, strict=True):
            done[f"{change.what}: {', '.join(change.kinds)}"] += 1
            changes = [] if isinstance(new, HeaderError) else judge.compare(old, new, Rules())
            if not right(change, changes):
                wrong += 1
                said = new if isinstance(new, HeaderError) else [f"{it.kind} {it.sentence}" for it in changes][:6]
                print(f"{path}: {change.what} {change.subject} is {change.kinds}, and not {said}", flush=True)
        print(f"{path}: {len(tried)} changes", flush=True)
    print(*(f"{number:5} {what}" for what, number in sorted(done.items())), sep="\n")
    print(f"{done.total()} changes, {wrong} wrong verdicts")
    return int(wrong > 0 or done.total() < count)


if __name__ == "__main__":
    sys.exit(main())
