"""``capcodec serve``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from ..errors import ArgumentError, SourceError
from ..vtest.protocol import DEFAULT_SOCKET, SERVER_VERSION
from . import edit
from .arguments import VIRGL, add_capset_arguments, decode, given, read_saved
from .commands import add, add_json
from .output import print_text, stdout

if TYPE_CHECKING:
    import argparse

    from .commands import Commands

STOPPING = {signal.SIGINT, signal.SIGTERM}


def add_to(commands: Commands) -> None:
    parser = add(
        commands,
        "serve",
        "Be a host: offer a capset, edited or not, to real guests on a vtest socket. Nothing is drawn.",
        """
        capcodec serve capset.bin -- true                    # run a program as a guest
        capcodec serve capset.bin --size 696 --set max_samples=8 -- true
        capcodec serve capset.bin --clear capability_bits.COPY_IMAGE -- true
        """,
        usage="%(prog)s [options] FILE [-- PROGRAM ...]",
        epilog="If PROGRAM is given, such as glxinfo -B, it runs as a guest, and this command returns its exit status.",
    )
    add_capset_arguments(parser)
    edit.add_to(parser)
    parser.add_argument("--socket", default=DEFAULT_SOCKET, help=f"where to listen; {DEFAULT_SOCKET} if not given")
    parser.add_argument(
        "--protocol",
        type=int,
        default=SERVER_VERSION,
        metavar="VERSION",
        help="newest version of the protocol to agree on (default: %(default)s); glxinfo on Mesa 22.3 needs 1",
    )
    add_json(parser, "what is served and where, in one line, as soon as it is")
    parser.set_defaults(run=run, program=None)


def run(arguments: argparse.Namespace) -> int:
    from ..vtest import VtestServer

    found = read_saved(arguments.file, arguments.kind, arguments.capset, VIRGL)
    data = edit.resized(found.data, arguments.size)
    capset = decode(data, given(arguments, found), arguments.layout or found.layout)
    if capset.capset_id not in (1, 2):
        raise ArgumentError(f"a vtest server has to offer capset 1 or 2, and this is {capset.name}")
    edit.apply(capset, arguments.edits)
    served = {"capset_id": capset.capset_id, "size": len(capset.pack()), "socket": arguments.socket}
    if not arguments.program:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # in the server's threads too; sigwait takes them
    with VtestServer(
        {capset.capset_id: capset.pack()}, arguments.socket, protocol_version=arguments.protocol
    ) as server:
        if arguments.json:
            print_text(json.dumps(served))
        elif not arguments.program:
            print_text(f"serving {capset.name}, {served['size']} bytes, at {arguments.socket}")
        stdout().flush()
        if arguments.program:
            status = _status(arguments.program, server.environment())
        else:
            signal.sigwait(STOPPING)
            status = 0
    for session in server.sessions:
        if session.error is not None and sys.stderr is not None:
            name = ascii(session.name.decode(errors="replace"))[1:-1]  # the guest's, with whatever it holds
            print(f"capcodec: {name}: {session.error}", file=sys.stderr)
    return status


def _status(program: list[str], environment: dict[str, str]) -> int:
    """The status that a shell would give for the program."""
    try:
        status = subprocess.run(program, env=environment).returncode
    except OSError as error:
        raise SourceError(error.errno, f"cannot run {program[0]}: {error.strerror}") from error
    return status if status >= 0 else 128 - status
