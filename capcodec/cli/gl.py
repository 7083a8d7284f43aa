"""``capcodec gl``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import add_hex_argument, read_capset_bytes
from .output import print_json, print_text

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "gl",
        help="tell which OpenGL version a guest gets, and why no higher",
        description="Tell which OpenGL version a guest gets from a capset, and what it lacks for the next version.",
    )
    parser.add_argument("host", metavar="HOST", help="the bytes of capset 2 that the host offers; - for stdin")
    add_hex_argument(parser)
    parser.add_argument(
        "--no-coherent", action="store_true", help="the guest cannot map host memory: no blob=true,hostmem= in QEMU"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from ..meaning.gl import gl

    found = gl(read_capset_bytes(arguments.host, arguments.hex), coherent=not arguments.no_coherent)
    missing = [("{}.{}".format(*requirement.version), requirement.reason) for requirement in found.missing]
    version = "{}.{}".format(*found.version)
    if arguments.json:
        print_json({"version": version, "missing": [{"version": v, "text": t} for v, t in missing]})
        return
    print_text(f"OpenGL {version}", *(f"  {needed_by} needs {text}" for needed_by, text in missing))
