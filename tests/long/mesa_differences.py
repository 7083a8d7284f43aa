"""What a live Mesa makes of broken capsets, beside what ``gl`` says of them: python tests/long/mesa_differences.py

Every bit of every flag word, every number and every format of three captures is broken alone; then come mutations of
several fields at once, and cuts. The exit status is 0 if the core profile agrees everywhere, and the others in 99 %.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

from capcodec import captures, diff
from capcodec.vtest.installed_mesa import InstalledMesa
from capcodec.vtest.protocol import DEFAULT_SOCKET
from differences import CAPTURES, PROFILES, broken_one_by_one, mixed, predicted
from mesa_guest import in_root


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutations", type=int, default=2000, help="mutations of each capture")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20, help="how many differences to print")
    parser.add_argument("--root", default="", help="a chroot whose Mesa is asked; this machine's if not given")
    parser.add_argument("--socket", default=DEFAULT_SOCKET, help="where to listen; Mesa 22.3 looks only at the default")
    arguments = parser.parse_args()
    differences: Counter[str] = Counter()
    asked = crashed = 0
    started = time.monotonic()
    with InstalledMesa(arguments.socket, **in_root(arguments.root)) as mesa:
        mesa.ask({2: captures.load(CAPTURES[0])})  # now its version is known
        for name in CAPTURES:
            print(f"{name}, after {time.monotonic() - started:.0f} seconds", flush=True)
            data = captures.load(name)
            cases = [*broken_one_by_one(data), *mixed(data, random.Random(arguments.seed), arguments.mutations)]
            for what, blob in cases:
                answer, verdict = mesa.ask({2: blob}), predicted(blob, mesa)
                asked += 1
                if answer.error.startswith("Mesa ") and verdict.overruns:
                    crashed += 1
                    continue
                for profile in PROFILES:
                    if answer.of(profile) != verdict.of(profile):
                        differences[profile] += 1
                        if sum(differences.values()) <= arguments.show:
                            said = f"{profile} {answer.of(profile)}, gl says {verdict.of(profile)}"
                            changes = "; ".join(str(change)[:99] for change in diff(data[: len(blob)], blob, 2))
                            print(f"{name}, {what}: {said}; {answer.error}\n  {len(blob)} bytes; {changes}", flush=True)
    seconds = time.monotonic() - started
    print(f"Mesa {mesa.version}: asked {asked} times in {seconds:.0f} seconds; differences {dict(differences)}")
    print(f"it crashed {crashed} times where gl says that it may")
    few = all(differences[profile] <= asked / 100 for profile in ("compatibility", "es"))
    return 0 if few and not differences["core"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
