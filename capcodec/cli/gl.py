"""``capcodec gl``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import add_host_arguments, read_host
from .commands import add, add_json
from .output import print_json, print_text

if TYPE_CHECKING:
    import argparse

    from .commands import Commands


def add_to(commands: Commands) -> None:
    parser = add(
        commands,
        "gl",
        "Tell which OpenGL version a guest gets from a capset, and what it lacks for the next version.",
        """
        capcodec gl host.bin                 # the version, and what the higher ones need
        capcodec gl host.bin --no-coherent   # without blob=true,hostmem= in QEMU
        """,
    )
    add_host_arguments(parser)
    parser.add_argument(
        "--no-coherent", action="store_true", help="the guest cannot map host memory: no blob=true,hostmem= in QEMU"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from ..meaning.gl import gl

    found = gl(read_host(arguments), coherent=not arguments.no_coherent)
    missing = [("{}.{}".format(*requirement.version), requirement.reason) for requirement in found.missing]
    version = "{}.{}".format(*found.version)
    if arguments.json:
        print_json({"version": version, "missing": [{"version": v, "text": t} for v, t in missing]})
        return
    print_text(f"OpenGL {version}", *(f"  {needed_by} needs {text}" for needed_by, text in missing))
