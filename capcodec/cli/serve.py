"""Be a host: answer real guests on a vtest socket with a capset, as it is or edited. Nothing is drawn."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from ..errors import ArgumentError, SourceError
from ..vtest.protocol import DEFAULT_SOCKET
from . import arguments as source
from . import edit

if TYPE_CHECKING:
    import argparse

STOPPING = {signal.SIGINT, signal.SIGTERM}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "serve",
        help="be a vtest host with any capset, for real guests",
        description=__doc__,
        usage="%(prog)s [options] FILE [-- PROGRAM ...]",
        epilog="With PROGRAM, such as glxinfo -B, that is run as a guest, and its exit status is that of this command.",
    )
    source.add_to(parser)
    edit.add_to(parser)
    parser.add_argument("--socket", default=DEFAULT_SOCKET, help=f"where to listen; {DEFAULT_SOCKET} if not given")
    parser.set_defaults(run=run, program=None)


def run(arguments: argparse.Namespace) -> int:
    from ..vtest.server import VtestServer

    data = edit.resized(source.read(arguments.file, arguments.hex), arguments.size)
    capset = source.decode(data, arguments.capset, arguments.layout)
    if capset.capset_id not in (1, 2):
        raise ArgumentError(f"a vtest server has to offer capset 1 or 2, and this is {capset.name}")
    edit.apply(capset, arguments.edits)
    if not arguments.program:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # in the server's threads too; sigwait takes them
    with VtestServer({capset.capset_id: capset.pack()}, arguments.socket) as server:
        if arguments.program:
            status = _status(arguments.program, server.environment())
        else:
            print(f"serving {capset.name}, {len(capset.pack())} bytes, at {arguments.socket}", flush=True)
            signal.sigwait(STOPPING)
            status = 0
    for session in server.sessions:
        if session.error is not None:
            print(f"capcodec: {session.name.decode(errors='replace')}: {session.error}", file=sys.stderr)
    return status


def _status(program: list[str], environment: dict[str, str]) -> int:
    """What a shell would say of the program's end."""
    try:
        status = subprocess.run(program, env=environment).returncode
    except OSError as error:
        raise SourceError(error.errno, f"cannot run {program[0]}: {error.strerror}") from error
    return status if status >= 0 else 128 - status
