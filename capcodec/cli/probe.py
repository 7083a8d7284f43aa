"""``capcodec probe``."""

from __future__ import annotations

import math
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from ..errors import ArgumentError, CapcodecError
from ..registry import find
from ..vtest.protocol import DEFAULT_SOCKET
from .commands import add, add_json
from .output import print_json, write_file

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ..sources import Answer
    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "probe",
        "Ask whatever is reachable on this machine for its capsets: render nodes, a vtest server, the host library.",
        """
        capcodec probe                          # what this machine offers
        capcodec probe --json --timeout 60      # with all bytes, on a slow machine
        capcodec probe --save found             # as files, to send
        """,
    )
    parser.add_argument("--socket", help=f"socket of a vtest server; {DEFAULT_SOCKET} if not given and there is one")
    parser.add_argument(
        "--timeout", type=float, default=20.0, help="seconds that each answer may take; 20 if not given"
    )
    parser.add_argument(
        "--save", metavar="DIR", help="write each capset to a file in a directory, named as the captures are"
    )
    add_json(parser, "with the bytes in hexadecimal")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    if not 0 < arguments.timeout < math.inf:
        raise ArgumentError(f"probe: expected a timeout of some seconds, got {arguments.timeout}")
    reports = list(probe(arguments.socket, arguments.timeout))
    if arguments.save:
        for name in save(reports, arguments.save):
            print(f"capcodec: wrote {name}", file=sys.stderr)
    if arguments.json:
        print_json(reports)
        return
    from .screen import put, text_table

    for report in reports:
        put((report["party"], "bold"))
        if "params" in report:
            put("  " + " ".join(f"{name}={value}" for name, value in report["params"].items()))
        for remark in report.get("remarks", ()):
            put((f"  {remark}", "yellow"))
        if "error" in report:
            put((f"  {report['error']}", "yellow"))
        if report.get("capsets"):
            rows = [
                (f"  {told['capset_id']}", told["name"], str(told["size"]), told["host"], "; ".join(told["remarks"]))
                for told in report["capsets"]
            ]
            put(text_table(("  capset", "name", "bytes", "host", "remarks"), rows))


def probe(socket: str | None, timeout: float) -> Iterator[dict[str, Any]]:
    """What each party says, or why it says nothing."""
    from ..sources import virglrenderer
    from ..sources.render_node import RenderNode, nodes
    from ..vtest import VtestClient

    paths = nodes()
    if not paths:
        yield {"party": "the kernel", "error": "there is no render node"}
    for path in paths:
        report: dict[str, Any] = {"party": path}
        try:
            with RenderNode(path) as node:
                report["params"] = node.params()
                report["capsets"] = [_told(answer) for answer in node.capsets()]
                report["remarks"] = [
                    f"the kernel lists capset {capset_id} and gives {error} for it; its list has 32 bits, and an id of "
                    "32 or more may have set this one"
                    for capset_id, error in node.refused().items()
                ]
        except (CapcodecError, OSError) as error:
            report["error"] = str(error)
        yield report
    if socket or os.path.exists(DEFAULT_SOCKET):
        report = {"party": f"vtest server at {socket or DEFAULT_SOCKET}"}
        try:
            with VtestClient(socket or DEFAULT_SOCKET, timeout=timeout) as client:
                report["capsets"] = [_told(answer) for answer in client.capsets()]
        except CapcodecError as error:
            report["error"] = str(error)
        yield report
    for ids in ((1, 2), (4,), (6,)):
        report = {"party": f"{virglrenderer.LIBRARY}, capset {' and '.join(map(str, ids))}"}
        try:
            report["capsets"] = [_told(answer) for answer in virglrenderer.capsets(ids, timeout=timeout)]
            if not report["capsets"]:
                report["error"] = "it was built without"
        except CapcodecError as error:
            report["error"] = str(error)
        yield report


def save(reports: list[dict[str, Any]], directory: str) -> list[str]:
    """Write the capsets that were given, each whole or not at all; returns the names of the files.

    They are named ``PARTY-RELEASE.capsetN.bin``, as captures are: the release is ``unknown`` unless the bytes tell just
    one. What two parties of one name give, such as a device's capset 2 asked for twice, is told apart by a number.

    Raises:
        OSError: the directory cannot be made, or a file in it cannot be written.
    """
    files: dict[str, bytes] = {}
    for report in reports:
        for told in report.get("capsets", ()):
            stem = f"{_file_name(report['party'])}-{told['release'] or 'unknown'}"
            end = f".capset{told['capset_id']}.bin"
            data = bytes.fromhex(told["data"])
            count = 1
            name = stem + end
            while files.get(name, data) != data:
                count += 1
                name = f"{stem}-{count}{end}"
            files[name] = data
    if files:
        os.makedirs(directory, exist_ok=True)
    for name, data in files.items():
        write_file(os.path.join(directory, name), data)
    return list(files)


def _file_name(party: str) -> str:
    """Who gave a capset, as a part of a file's name without a dash or a dot."""
    path = party.partition(", capset ")[0].rpartition("/")[2] if "vtest" not in party else "vtest"
    return re.sub(r"\W+", "_", path.partition(".so")[0].removeprefix("lib"), flags=re.ASCII)


def _told(answer: Answer) -> dict[str, Any]:
    from ..meaning.identify import identify

    try:
        name = find(answer.capset_id).name
    except CapcodecError:
        name = "unknown"
    host = release = ""
    try:
        if any(answer.data):
            identity = identify(answer.data, answer.capset_id)
            host, release = str(identity), identity.releases[0] if len(identity.releases) == 1 else ""
    except CapcodecError:
        pass  # this capset tells no release
    return {
        "capset_id": answer.capset_id,
        "name": name,
        "version": answer.capset_version,
        "size": len(answer.data),
        "host": host,
        "release": release,
        "remarks": list(answer.remarks),
        "data": answer.data.hex(),
    }
