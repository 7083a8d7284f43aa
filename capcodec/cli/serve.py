"""``capcodec serve``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from ..errors import ArgumentError, SourceError
from ..vtest.protocol import DEFAULT_SOCKET, SERVER_VERSION, VERSION_WITH_GET_CAPSET, WINDOWED_VERSION
from . import edit
from .arguments import VIRGL, add_capset_arguments, decode, given, read_saved
from .commands import add, add_json
from .output import print_text, stdout

if TYPE_CHECKING:
    import argparse

    from .commands import _Commands

STOPPING = {signal.SIGINT, signal.SIGTERM}


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "serve",
        "Be a host: offer a capset, edited or not, to real guests on a vtest socket. Nothing is drawn. With "
        "--vhost-user or --guest, be the GPU of a virtual machine. Several FILEs are then the capsets of a host; one "
        "whose id is there already begins the next host, which comes when the guest's driver lets go.",
        """
        capcodec serve capset.bin -- true                    # run a program as a guest
        capcodec serve capset.bin --size 696 --set max_samples=8 -- true
        capcodec serve capset.bin --clear capability_bits.COPY_IMAGE -- true
        """,
        usage="%(prog)s [options] FILE [FILE ...] [-- PROGRAM ...]",
        epilog="If PROGRAM is given, such as glxinfo -B, or a VMM with --vhost-user, it runs, and this command returns "
        "its exit status.",
    )
    add_capset_arguments(parser)
    parser.add_argument("more", nargs="*", metavar="MORE", help="more capsets, with --vhost-user or --guest")
    parser.add_argument(
        "--vhost-user", metavar="SOCKET", help="be a vhost-user-gpu backend there, for VMMs such as QEMU"
    )
    parser.add_argument(
        "--guest", metavar="KERNEL", help="boot that kernel in QEMU, and print what it sees of each host"
    )
    parser.add_argument(
        "--qemu", default="qemu-system-x86_64", metavar="COMMAND", help="of 8.0 or newer; default: %(default)s"
    )
    parser.add_argument("--trace", action="store_true", help="show what a guest's kernel asks, as it asks")
    edit.add_to(parser)
    parser.add_argument("--socket", default=DEFAULT_SOCKET, help=f"where to listen; {DEFAULT_SOCKET} if not given")
    parser.add_argument(
        "--protocol",
        type=int,
        metavar="VERSION",
        help=(
            f"newest version of the protocol to agree on, 0 to {SERVER_VERSION}; if not given {WINDOWED_VERSION}, with "
            f"which programs that have a window work on every Mesa; {SERVER_VERSION} for capsets that need it"
        ),
    )
    add_json(parser, "what is served and where, in one line, as soon as it is; with --guest, what it saw")
    parser.set_defaults(run=run, program=None)


def run(arguments: argparse.Namespace) -> int:
    if arguments.vhost_user or arguments.guest:
        from . import serve_vhost

        if arguments.vhost_user and arguments.guest:
            raise ArgumentError("--guest has a socket of its own: give it without --vhost-user")
        return serve_vhost.ask_guest(arguments) if arguments.guest else serve_vhost.serve(arguments, _status)
    if arguments.more or arguments.trace:
        raise ArgumentError("several files, and --trace, are for --vhost-user and --guest")
    from ..vtest import VtestServer

    found = read_saved(arguments.file, arguments.kind, arguments.capset, VIRGL, layout=arguments.layout)
    capset_id = given(arguments, found)
    if capset_id is None and arguments.size is not None and not arguments.layout:
        capset_id = decode(found.data).capset_id  # the size that it shall have may tell nothing
    data = edit.resized(found.data, arguments.size)
    capset = decode(data, capset_id, arguments.layout or found.layout)
    if capset.capset_id is None:
        raise ArgumentError(f"a vtest server has to offer a capset, and this is {capset.name}")
    protocol = arguments.protocol
    if protocol is None:
        protocol = WINDOWED_VERSION if capset.capset_id in (1, 2) else SERVER_VERSION
    elif protocol < VERSION_WITH_GET_CAPSET and capset.capset_id not in (1, 2):
        raise ArgumentError(
            f"a vtest server of protocol {protocol} has to offer capset 1 or 2, and this is {capset.name}"
        )
    edit.apply(capset, arguments.edits)
    served = {"capset_id": capset.capset_id, "size": len(capset.pack()), "socket": arguments.socket}
    if not arguments.program:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # in the server's threads too; sigwait takes them
    with VtestServer({capset.capset_id: capset.pack()}, arguments.socket, protocol_version=protocol) as server:
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
