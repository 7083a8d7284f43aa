"""``capcodec serve --vhost-user`` and ``--guest``: a host for the kernel of a virtual machine."""

from __future__ import annotations

import json
import shlex
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ArgumentError
from ..flow import Host
from . import edit
from .arguments import VIRGL, decode, given, read_saved
from .output import print_json, print_text, stdout

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

VIRGL_IDS = (1, 2)  # whose max_version is their id; that of the others is 0


def hosts_of(arguments: argparse.Namespace) -> list[Host]:
    """The hosts that the files make: a capset whose id is there already begins the next one.

    Raises:
        ArgumentError: a file's size does not tell which capset it is.
        CapcodecError: a change does not fit.
    """
    hosts: list[dict[int, tuple[int, bytes]]] = [{}]
    first = None
    for name in (arguments.file, *arguments.more):
        found = read_saved(name, arguments.kind, arguments.capset, VIRGL, layout=arguments.layout)
        data = edit.resized(found.data, arguments.size)
        capset = decode(data, given(arguments, found), arguments.layout or found.layout)
        if capset.capset_id is None:
            raise ArgumentError(f"{name} is no capset, but a {capset.name}")
        first = first or capset.capset_id
        if capset.capset_id == first:
            edit.apply(capset, arguments.edits)
        if capset.capset_id in hosts[-1]:
            hosts.append({})
        version = capset.capset_id if capset.capset_id in VIRGL_IDS else 0
        hosts[-1][capset.capset_id] = version, capset.pack()
    return [Host(dict(sorted(host.items()))) for host in hosts]


def serve(arguments: argparse.Namespace, status_of: Callable[[list[str], dict[str, str]], int]) -> int:
    """Listen for VMMs, or run one."""
    import os

    from ..vhost import VhostUserGpu

    if not arguments.program:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    told = _show if arguments.trace else None
    with VhostUserGpu(hosts_of(arguments), arguments.vhost_user, told=told, remarked=_complain) as backend:
        if arguments.program:
            status = status_of(arguments.program, dict(os.environ))
        else:
            count = f"{len(backend.hosts)} hosts in turn" if len(backend.hosts) > 1 else "1 host"
            print_text(f"serving {count} at {arguments.vhost_user}; a QEMU of 8.0 or newer, which Debian 12 has in")
            print_text(
                f"bookworm-backports, takes it by: qemu-system-x86_64 {shlex.join(backend.qemu_arguments())} ..."
            )
            stdout().flush()
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
            status = 0
    for session in backend.sessions:
        if session.error is not None:
            _complain(str(session.error))
    return status


def ask_guest(arguments: argparse.Namespace) -> int:
    """Boot a guest, and print what it sees of each host. Status 1 if a capset came out of it as another one."""
    from ..vhost import in_guest
    from ..vhost.machine import boot

    hosts = hosts_of(arguments)
    program = [sys.executable, "-I", "-S", str(Path(in_guest.__file__)), str(len(hosts))]
    ran = boot(arguments.guest, hosts, program, qemu=arguments.qemu, told=_show if arguments.trace else None)
    found = [
        json.loads(ran.directory.get(f"host{number}.json", b'{"error": "not asked"}')) for number in range(len(hosts))
    ]
    same = []
    for host, told in zip(hosts, found, strict=True):
        read = {capset_id: bytes.fromhex(data) for capset_id, _, data in told.get("capsets", ())}
        same.append(read == {offer.capset_id: offer.data for offer in host.offers})
    if arguments.json:
        print_json({"seconds": round(ran.seconds, 1), "hosts": found, "same": same})
        return int(not all(same))
    for number, (host, told) in enumerate(zip(hosts, found, strict=True)):
        ids = ", ".join(str(offer.capset_id) for offer in host.offers)
        print_text(
            f"host {number}: capsets {ids}: {'read back as they are' if same[number] else 'read back otherwise'}"
        )
        for name, answer in told.get("gl", {}).items():
            if isinstance(answer, dict):
                print_text(f"  {name} {answer['version']}")
        if number < len(ran.session.seconds):
            print_text(f"  {ran.session.seconds[number]:.1f} seconds")
        if told.get("error") or "error" in told.get("gl", {}):
            print_text(f"  {told.get('error') or told['gl']['error']}")
    print_text(f"{ran.seconds:.1f} seconds, from the command to the guest's end")
    for text in (*ran.session.remarks, *([str(ran.session.error)] if ran.session.error is not None else [])):
        _complain(text)
    return int(not all(same))


def _show(text: str) -> None:
    if sys.stderr is not None:
        print(text, file=sys.stderr, flush=True)


def _complain(text: str) -> None:
    _show(f"capcodec: {text}")
