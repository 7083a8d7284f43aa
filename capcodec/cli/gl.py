"""Tell which OpenGL a guest makes of a capset, and what keeps it from the next version."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from . import arguments as source

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("gl", help="tell which OpenGL a guest has, and why no more", description=__doc__)
    parser.add_argument("host", metavar="HOST", help="the bytes of capset 2 that the host offers; - for stdin")
    source.add_hex_to(parser)
    parser.add_argument(
        "--no-coherent", action="store_true", help="the guest cannot map host memory: no blob=true,hostmem= in QEMU"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from ..meaning.gl import gl

    found = gl(source.read(arguments.host, arguments.hex), coherent=not arguments.no_coherent)
    missing = [("{}.{}".format(*requirement.version), requirement.text) for requirement in found.missing]
    version = "{}.{}".format(*found.version)
    if arguments.json:
        json.dump(
            {"version": version, "missing": [{"version": v, "text": t} for v, t in missing]}, sys.stdout, indent=1
        )
        print()
        return
    print(f"OpenGL {version}")
    for needed_by, text in missing:
        print(f"  {needed_by} needs {text}")
