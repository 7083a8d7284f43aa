"""Does a live Mesa find more in a baseline than in a host of its fleet? python tests/long/mesa_baselines.py

Every pair of captures is a fleet, and so are random ones. Of each the baseline and all hosts are served to Mesa, which
tells its versions of OpenGL and its extensions. The exit status is 1 if a baseline has any that a host does not have.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

from capcodec import BaselineError, gl
from capcodec.fleet import baseline
from capcodec.vtest.installed_mesa import InstalledMesa
from capcodec.vtest.protocol import DEFAULT_SOCKET
from fleets import CAPTURES, fleet, found_more
from mesa_guest import in_root


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fleets", type=int, default=500, help="random fleets")
    parser.add_argument("--seed", type=int, default=0, help="of the first of them")
    parser.add_argument("--root", default="", help="a chroot whose Mesa is asked; this machine's if not given")
    parser.add_argument("--socket", default=DEFAULT_SOCKET, help="where to listen; Mesa 22.3 looks only at the default")
    arguments = parser.parse_args()
    seeds = range(arguments.seed, arguments.seed + arguments.fleets)
    fleets = {
        **{" and ".join(pair): [CAPTURES[name] for name in pair] for pair in itertools.combinations(CAPTURES, 2)},
        **{f"seed {seed}": fleet(random.Random(seed)) for seed in seeds},
    }
    confirmed = refused = crashing = wrong = 0
    started = time.monotonic()
    with InstalledMesa(arguments.socket, extensions=True, **in_root(arguments.root)) as mesa:
        mesa.ask({2: CAPTURES[min(CAPTURES)]})  # now its version is known
        for name, hosts in fleets.items():
            try:
                made = baseline(hosts, 2).caps.pack()
            except BaselineError:
                refused += 1
                continue
            overruns = any(gl(data, mesa=mesa.version, capset_id=2).overruns for data in (made, *hosts))
            more = None if overruns else found_more(mesa, made, hosts)
            if more is None:
                crashing += 1
            elif more:
                wrong += 1
                print(f"{name}: {more}", flush=True)
            else:
                confirmed += 1
        release = mesa.release
    print(
        f"Mesa {release}, {time.monotonic() - started:.0f} seconds: {confirmed} baselines have no more than each host, "
        f"{wrong} have; {refused} fleets have none; {crashing} may crash it"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
