"""The command line: ``capcodec``, or ``python -m capcodec``."""

from __future__ import annotations

import argparse
import os
import sys

from .. import __version__
from ..errors import CapcodecError
from . import bench, copy, demo, diff, dmesg, dump, file, flow, gl, guest, identify, lint, probe, serve, show


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, or 1 with a message on stderr, or that of a program it ran."""
    parser = argparse.ArgumentParser(
        prog="capcodec", description="virtio-gpu capability sets: show, copy, explain, measure"
    )
    parser.add_argument("--version", action="version", version=f"capcodec {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (show, identify, lint, diff, copy, guest, gl, file, dump, dmesg, probe, flow, serve, demo, bench):
        command.add_to(commands)
    given = sys.argv[1:] if argv is None else argv
    own, program = (given[: given.index("--")], given[given.index("--") + 1 :]) if "--" in given else (given, None)
    arguments = parser.parse_args(own)
    if program is not None and "program" not in arguments:
        parser.error("this command runs no program, and takes nothing after --")
    arguments.program = program
    status = 0
    try:
        status = arguments.run(arguments) or 0
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has what it wanted. The interpreter flushes stdout once more at exit, to nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (CapcodecError, OSError) as error:
        print(f"capcodec: {error}", file=sys.stderr)
        return 1
    return status
