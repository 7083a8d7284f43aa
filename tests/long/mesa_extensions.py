"""Which field brings which extension, asked of a live Mesa: python tests/long/mesa_extensions.py

Without ``--into`` the exit status is 1 if the table that is kept says otherwise. With it, this Mesa's part of the table
is written. With ``--mutations`` the table is not made: Mesa is asked of mutations of captures, and the exit status is 1
if the table is wrong about one.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import textwrap
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

from capcodec import captures
from capcodec.meaning.gl import VERSIONS
from capcodec.meaning.gl_extensions import rows
from capcodec.meaning.mesa import MESAS
from capcodec.vtest.installed_mesa import InstalledMesa
from capcodec.vtest.protocol import DEFAULT_SOCKET
from differences import CAPTURES, broken_one_by_one, mixed, other_extensions
from extension_table import Asked, Finder
from mesa_guest import in_root

SHORT = 48  # characters of a text that fits into a line beside another
HEAD = '''"""Which parts of a capset bring which extensions of OpenGL, as real Mesas said. Data only.

``python tests/long/mesa_extensions.py --into`` this file writes it; :mod:`capcodec.meaning.gl_extensions` reads it.
By profiles, and releases of Mesa: what is needed, and the names that need just that, without their "GL_". If nothing is
needed, every host has them that has the profile. What is all needed is joined by "; ", alternatives for one of these by
" | ", the parts of an alternative by " + ".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, Mapping[str, str]]] = '''

Needs = dict[tuple[str, str], str]  # by profile and extension


def kept(release: str) -> Needs:
    """What the table says of a release."""
    return {(profile, name): needs for profile in VERSIONS for needs, names in rows(release, profile) for name in names}


def module(releases: dict[str, Needs]) -> str:
    """The text of the data module. What several profiles or releases say stands there once."""
    of: dict[tuple[str, str], dict[str, list[str]]] = {}  # by extension and needs: by profile, the releases
    for release, found in sorted(releases.items()):
        for (profile, name), needs in found.items():
            of.setdefault((name, needs), {}).setdefault(profile, []).append(release)
    table: dict[str, dict[str, dict[str, list[str]]]] = {}
    for (name, needs), by_profile in sorted(of.items()):
        for those in sorted({tuple(those) for those in by_profile.values()}):
            profiles = " ".join(profile for profile in VERSIONS if by_profile.get(profile) == [*those])
            of_needs = table.setdefault(profiles, {}).setdefault(" ".join(those), {})
            of_needs.setdefault(needs, []).append(name.removeprefix("GL_"))
    lines = []
    for profiles, by_releases in sorted(table.items()):
        lines.append(f"    {json.dumps(profiles)}: {{")
        for those, by_needs in sorted(by_releases.items()):
            lines.append(f"        {json.dumps(those)}: {{")
            lines += [
                f"            {literal(needs)}: {literal(' '.join(by_needs[needs]))}," for needs in sorted(by_needs)
            ]
            lines.append("        },")
        lines.append("    },")
    return "\n".join([f"{HEAD}{{", *lines, "}", ""])


def literal(text: str) -> str:
    """A text as Python writes it, in several lines if it is long."""
    if len(text) <= SHORT:
        return json.dumps(text)
    parts = textwrap.wrap(text, 100, drop_whitespace=False, break_on_hyphens=False)
    return "\n".join(["(", *(f"                {json.dumps(part)}" for part in parts), "            )"])


def wrong_about(mesa: InstalledMesa, mutations: int, seed: int, show: int) -> int:
    """Ask of captures broken one by one, and of mutations of each, and print where the table is wrong."""
    asked = wrong = crashed = 0
    for capture in CAPTURES:
        data = captures.load(capture)
        mesa.ask({2: data})  # now its version is known
        for what, blob in (*broken_one_by_one(data), *mixed(data, random.Random(seed), mutations)):
            told = other_extensions(blob, mesa)
            crashed += told is None
            asked += 1
            wrong += bool(told)
            if told and wrong <= show:
                print(f"{capture}, {what}, {len(blob)} bytes: {' '.join(told)}", flush=True)
    print(f"Mesa {mesa.release}: asked of {asked} hosts; crashed {crashed} times, the table is wrong about {wrong}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default="", help="a chroot whose Mesa is asked; this machine's if not given")
    parser.add_argument("--socket", default=DEFAULT_SOCKET, help="where to listen; Mesa 22.3 looks only at the default")
    parser.add_argument("--into", type=Path, metavar="FILE", help="the module to write")
    parser.add_argument("--mutations", type=int, help="of each capture, of which the table is tried")
    parser.add_argument("--seed", type=int, default=1, help="of the mutations")
    parser.add_argument("--show", type=int, default=20, help="of how many hosts to print what is wrong")
    arguments = parser.parse_args()
    started = time.monotonic()
    with InstalledMesa(arguments.socket, extensions=True, **in_root(arguments.root)) as mesa:
        if arguments.mutations is not None:
            return int(wrong_about(mesa, arguments.mutations, arguments.seed, arguments.show) > 0)
        ask = Asked(mesa)
        finder = Finder(ask)
        found = {(row.profile, row.name): finder.words(row) for row in finder.table()}
        release = mesa.release
    print(f"Mesa {release}: asked {ask.times} times in {time.monotonic() - started:.0f} seconds")
    known = kept(release)
    for key in sorted({*found, *known}):
        if found.get(key) != known.get(key):
            print(f"{' '.join(key)}: {found.get(key)!r}; the table says {known.get(key)!r}")
    if arguments.into:
        arguments.into.write_text(module({**{each.tried: kept(each.tried) for each in MESAS}, release: found}))
        return 0
    return int(found != known)


if __name__ == "__main__":
    raise SystemExit(main())
