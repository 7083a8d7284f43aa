"""What it costs to describe and baseline a simulated fleet, for one of its hosts.

    python benchmarks/fleet_cost.py                  from a thousand hosts to ten million
    python benchmarks/fleet_cost.py 10000 1000000    other numbers of hosts
    python benchmarks/fleet_cost.py --check          and exit with 1 where a host of the largest fleet costs 20 % more
                                                     than one of ten thousand, or memory exceeds 2 GiB

Different capsets are judged once. So three fleets are measured:

* new: some 3,000 capsets are different, whatever the number of hosts, and none was seen before. Of few hosts each pays
  for capsets that hardly any other has.
* known: the same fleet, in a process that has seen such hosts before. What is left is the cost of a host.
* growing: of 2,000 hosts one brings a capset that was not seen before: ten thousand hosts have 5, ten million 5,000. A
  host costs more where more of those in its batch differ, so this fleet is shown, and not held to the bar.

Hosts are streamed. Times are those of the processor, of all threads together, in nanoseconds of a host; what generating
the hosts takes is told apart. Each figure is of a process of its own, the best of three up to 100,000 hosts.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from time import process_time, thread_time
from typing import Any

from capcodec.cli.screen import plot, put, text_table
from capcodec.measure import Row, Timing

COUNTS = [10**power for power in range(3, 8)]
FLEETS = ("new", "known", "growing")
PARTS = ("generate", "describe", "baseline")
SEEN_BEFORE, HOSTS_OF_ONE = 200_000, 2_000
BASE, MOST_GROWTH, MOST_MEMORY = 10_000, 1.2, 2 << 30
FEW = 100_000


class Stream:
    """The record batches of a fleet, with the time that making them takes, and their different capsets."""

    def __init__(self, hosts: int, distinct: int | None) -> None:
        from capcodec.fleet.simulate import simulate

        self.batches = simulate(hosts, distinct=distinct)
        self.generated = self.aside = 0.0
        self.records = 0
        self.different: set[int] = set()

    def __iter__(self) -> Iterator[Any]:
        while True:
            begin = thread_time()
            batch = next(self.batches, None)
            made = thread_time()
            self.generated += made - begin
            if batch is None:
                return
            self.records += len(batch)
            self.different.update(map(hash, batch.column("data").unique().to_pylist()))
            self.aside += thread_time() - made
            yield batch


def took(work: Callable[[Stream], object], hosts: int, distinct: int | None) -> tuple[float, Stream]:
    """Seconds that work takes beside the generation of the hosts."""
    stream = Stream(hosts, distinct)
    begin = process_time()
    work(stream)
    return process_time() - begin - stream.generated - stream.aside, stream


def measured(fleet: str, hosts: int) -> dict[str, Any]:
    """Of this process, which has to be a new one."""
    from capcodec.fleet.description import describe
    from capcodec.fleet.engine import mapped
    from capcodec.fleet.reduce import meets_of

    def described(stream: Stream) -> None:
        deque(mapped(describe, stream), maxlen=0)

    distinct = max(4, hosts // HOSTS_OF_ONE) if fleet == "growing" else None
    if fleet == "known":
        for work in (described, meets_of):
            took(work, SEEN_BEFORE, distinct)
    describing, stream = took(described, hosts, distinct)
    meeting, _ = took(meets_of, hosts, distinct)
    times = dict(zip(PARTS, (stream.generated, describing, meeting), strict=True))
    return {
        "records": stream.records,
        "different": len(stream.different),
        "ns": {part: time / hosts * 1e9 for part, time in times.items()},
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }


def best(fleet: str, hosts: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", fleet, str(hosts)]
    rounds = 3 if hosts <= FEW else 1
    found = [json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout) for _ in range(rounds)]
    return min(found, key=cost)


def cost(row: dict[str, Any]) -> float:
    """Nanoseconds of a host."""
    ns: dict[str, float] = row["ns"]
    return ns["describe"] + ns["baseline"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hosts", nargs="*", type=int, default=COUNTS)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--measure", metavar="FLEET", choices=FLEETS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measured(arguments.measure, *arguments.hosts)))
        return 0
    counts = sorted({*arguments.hosts, BASE} if arguments.check else set(arguments.hosts))
    found = {(fleet, hosts): best(fleet, hosts) for fleet in FLEETS for hosts in counts}
    headings = ["fleet", "hosts", "records", "different", *PARTS, "ns/host", "MiB"]
    table = []
    for (fleet, hosts), row in found.items():
        figures = (hosts, row["records"], row["different"], *row["ns"].values(), cost(row), row["peak"] >> 20)
        table.append([fleet, *(f"{figure:,.0f}" for figure in figures)])
    put(text_table(headings, table, numbers=len(headings) - 1))
    if len(counts) > 1:
        timings = [{fleet: Timing([cost(found[fleet, hosts]) * hosts / 1e9]) for fleet in FLEETS} for hosts in counts]
        plot([Row(hosts, 0, each) for hosts, each in zip(counts, timings, strict=True)], "a fleet", "host")
    if not arguments.check:
        return 0
    failed = False
    for fleet in FLEETS:
        growth = cost(found[fleet, counts[-1]]) / cost(found[fleet, BASE])
        peak = max(found[fleet, hosts]["peak"] for hosts in counts)
        put(f"{fleet}: a host of {counts[-1]:,} costs {growth:.2f} times one of {BASE:,}; {peak >> 20:,} MiB at most")
        failed |= (fleet != "growing" and growth > MOST_GROWTH) or peak > MOST_MEMORY
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
