"""Which field brings which extension, asked of a live Mesa: python tests/long/mesa_extensions.py

Without ``--into`` the exit status is 1 if the table that is kept says otherwise. With it, this Mesa's part of the table
is written.
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

from capcodec.meaning.gl_extension_table import TABLES
from capcodec.vtest.installed_mesa import InstalledMesa
from capcodec.vtest.protocol import DEFAULT_SOCKET
from extension_table import Asked, Finder, texts
from mesa_guest import in_root

SHORT = 48  # characters of a text that fits into a line beside another
HEAD = '''"""Which parts of a capset bring which extensions of OpenGL, as real Mesas said. Data only.

``python tests/long/mesa_extensions.py --into`` this file writes it; :mod:`capcodec.meaning.gl_extensions` reads it.
By profile and release of Mesa: what is needed, and the names that need just that. Nothing needed is: every host has
them that has the profile. Parts that are all needed are joined by "; ", alternatives by " | ".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, Mapping[str, str]]] = '''


def module(tables: dict[str, dict[str, dict[str, str]]]) -> str:
    """The text of the data module. What repeats is near one another, so that a wheel packs it small."""
    lines = []
    for profile, releases in tables.items():
        lines.append(f"    {json.dumps(profile)}: {{")
        for release, rows in releases.items():
            lines.append(f"        {json.dumps(release)}: {{")
            for needs, names in rows.items():
                key, value = literal(needs), literal(names)
                lines += [f"            {key}: {value},"]
            lines.append("        },")
        lines.append("    },")
    return "\n".join([f"{HEAD}{{", *lines, "}", ""])


def literal(text: str) -> str:
    """A text as Python writes it, in several lines if it is long."""
    if len(text) <= SHORT:
        return json.dumps(text)
    parts = textwrap.wrap(text, 100, drop_whitespace=False, break_on_hyphens=False)
    return "\n".join(["(", *(f"                {json.dumps(part)}" for part in parts), "            )"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default="", help="a chroot whose Mesa is asked; this machine's if not given")
    parser.add_argument("--socket", default=DEFAULT_SOCKET, help="where to listen; Mesa 22.3 looks only at the default")
    parser.add_argument("--into", type=Path, metavar="FILE", help="the module to write")
    arguments = parser.parse_args()
    started = time.monotonic()
    with InstalledMesa(arguments.socket, extensions=True, **in_root(arguments.root)) as mesa:
        ask = Asked(mesa)
        found = {
            profile: {needs: " ".join(names) for needs, names in sorted(rows.items())}
            for profile, rows in texts(Finder(ask).table()).items()
        }
        release = mesa.release
    print(f"Mesa {release}: asked {ask.times} times in {time.monotonic() - started:.0f} seconds")
    for profile, rows in found.items():
        known = TABLES[profile].get(release, {})
        for needs in sorted({*rows, *known}):
            if rows.get(needs) != known.get(needs):
                print(f"{profile}, {needs or 'nothing'}: {rows.get(needs)}; the table says {known.get(needs)}")
    if arguments.into:
        arguments.into.write_text(
            module({key: dict(sorted({**TABLES[key], release: found[key]}.items())) for key in TABLES})
        )
        return 0
    return int(found != {profile: TABLES[profile].get(release) for profile in TABLES})


if __name__ == "__main__":
    raise SystemExit(main())
