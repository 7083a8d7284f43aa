"""``capcodec fleet``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import VIRGL, add_form_arguments, decode, given, read_saved
from .commands import add, add_json
from .output import print_json, write_file

if TYPE_CHECKING:
    import argparse
    from typing import Any

    from ..structs._classes import Struct
    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "fleet",
        "Find the one capset that all hosts of a fleet can serve, so that a guest can move between them.",
        """
        capcodec fleet baseline old.bin new.bin -o baseline.bin
        capcodec fleet fits old.bin new.bin host.bin
        """,
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    finding = add(
        actions,
        "baseline",
        "Find the largest capset of which no Mesa that is known takes more than a host has; say what each host loses, "
        "and which hosts are the limit.",
        """
        capcodec fleet baseline old.bin new.bin                  # what each loses
        capcodec fleet baseline old.bin new.bin -o baseline.bin  # what to serve
        """,
        help="find the largest capset that every host can serve",
        epilog="The exit status is 2 if there is none.",
    )
    finding.add_argument("files", nargs="+", metavar="HOST", help="the capset of a host, in any form that --from names")
    finding.add_argument("-o", "--output", metavar="OUT", help="write its bytes there; - for stdout")
    add_form_arguments(finding)
    add_json(finding, "the capset, the losses, and the limits")
    finding.set_defaults(run=run_baseline)

    fitting = add(
        actions,
        "fits",
        "Say which hosts cannot serve a capset, and what guests would take that they do not have.",
        "capcodec fleet fits old.bin new.bin host.bin   # can the hosts of the last two serve the first?",
        help="say which hosts cannot serve a capset",
        epilog="The exit status is 1 if a host cannot.",
    )
    fitting.add_argument("capset_file", metavar="CAPSET", help="what shall be served, in any form that --from names")
    fitting.add_argument("files", nargs="+", metavar="HOST", help="the capset of a host, likewise")
    add_form_arguments(fitting)
    add_json(fitting, "a list of promises that a host cannot keep")
    fitting.set_defaults(run=run_fits)


def run_baseline(arguments: argparse.Namespace) -> None:
    from ..fleet import baseline

    found = baseline({name: _read(arguments, name) for name in arguments.files})
    data = found.caps.pack()
    if arguments.output:
        write_file(arguments.output, data, arguments.json)
    if arguments.json:
        losses = found.losses.items()
        print_json(
            {
                "capset_id": found.caps.capset_id,
                "size": len(data),
                "data": data.hex(),
                "hosts": [{"name": name, "loses": [each.as_dict() for each in lost]} for name, lost in losses],
                "limits": [{"path": path, "hosts": list(hosts)} for path, hosts in found.limits.items()],
            }
        )
    elif arguments.output != "-":
        from .screen import put

        put((f"capset {found.caps.capset_id} in {len(data)} bytes serves {len(found.losses)} hosts", "bold"))
        for name, lost in found.losses.items():
            put((f"{name} loses{'' if lost else ' nothing'}", "bold"))
            for each in lost:
                put([f"  {each} ", (f"(limited by {', '.join(found.limits[each.path])})", "dim")])


def run_fits(arguments: argparse.Namespace) -> int:
    from ..fleet import fits

    # Read first: it may be stdin
    capset = _read(arguments, arguments.capset_file)
    found = fits(capset, {name: _read(arguments, name) for name in arguments.files})
    if arguments.json:
        print_json([{**each._asdict(), "promised": _plain(each.promised), "has": _plain(each.has)} for each in found])
        return int(bool(found))
    from .screen import put

    mesas: dict[str, dict[str, list[str]]] = {}
    for each in found:
        promised, has = _words(each.field, each.promised), _words(each.field, each.has)
        line = f"  {each.field}: guests would take {promised}, it has {has}"
        mesas.setdefault(each.host, {}).setdefault(line, []).append(each.mesa)
    for name, lines in mesas.items():
        put((f"{name} cannot serve it", "bold"))
        for line, versions in lines.items():
            put([line, (f" (Mesa {', '.join(versions)})" if any(versions) else "", "dim")])
    if not found:
        put("every host can serve it")
    return int(bool(found))


def _read(arguments: argparse.Namespace, name: str) -> Struct:
    found = read_saved(name, arguments.kind, arguments.capset, VIRGL)
    return decode(found.data, given(arguments, found), found.layout)


def _plain(value: Any) -> Any:
    """For JSON, which has no bytes, and no number for infinity."""
    if isinstance(value, bytes):
        return value.decode("ascii", "backslashreplace")
    return str(value) if isinstance(value, float) and value - value else value


def _words(field: str, value: Any) -> str:
    """What a person reads: formats by their names."""
    if not isinstance(value, list):
        return str(value)
    from ..meaning.formats import format_name

    names = [format_name(each) if field.endswith("bitmask") else None for each in value]
    return " ".join(name or str(each) for name, each in zip(names, value, strict=True)) or "none of them"
