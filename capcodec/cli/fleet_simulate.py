"""``capcodec fleet simulate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ArgumentError
from .commands import add, add_json
from .fleet_files import imported, watched
from .output import print_json

if TYPE_CHECKING:
    import argparse

    from .commands import _Commands


def add_action(actions: _Commands) -> None:
    words = "make up a fleet of plausible hosts"
    parser = add(
        actions,
        "simulate",
        "Make up a fleet, of any number of plausible hosts, and put it into a Parquet file: the releases of "
        "virglrenderer by their age, GPUs, venus and native contexts beside OpenGL. It is always the same of a seed.",
        """
        capcodec fleet simulate -n 10000 -o fleet.parquet
        capcodec fleet simulate -n 1000 --edits 0.1 --seed 7 -o odd.parquet
        """,
        help=words,
    )
    parser.add_argument("-n", "--hosts", type=int, required=True, metavar="COUNT", help="how many hosts")
    parser.add_argument("--seed", type=int, default=0, help="which fleet (default: %(default)s)")
    parser.add_argument("--distinct", type=int, metavar="COUNT", help="how many different capsets")
    parser.add_argument(
        "--edits",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="share of the different hosts whose capset 2 somebody masked, cut, confused or did not fill, 0 to 1",
    )
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the Parquet file to write")
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    if arguments.output == "-":
        raise ArgumentError("a Parquet file is written to a file, and not to stdout")
    simulate = imported("simulate").simulate
    hosts = simulate(arguments.hosts, arguments.seed, arguments.distinct, edits=arguments.edits)
    steps = -(-arguments.hosts // imported("records").ROWS)
    count = imported("parquet").write(arguments.output, watched(hosts, "simulating", steps))
    if arguments.json:
        print_json({"output": arguments.output, "hosts": arguments.hosts, "records": count})
