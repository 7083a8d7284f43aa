"""``capcodec fleet``."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from ..errors import ArgumentError
from ..registry import find
from .arguments import VIRGL, add_form_arguments, decode, given, read_saved
from .commands import add, add_json
from .fleet_files import add_actions, batches_of, engine_of, imported, is_parquet
from .output import print_json, printable, write_file

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from typing import Any

    from ..fleet import Excess
    from ..structs._classes import Struct
    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "fleet",
        "Find the one capset that all hosts of a fleet can serve, so that a guest can move between them; put "
        "hosts into a file, and ask what they have.",
        """
        capcodec fleet baseline old.bin new.bin -o baseline.bin
        capcodec fleet fits old.bin new.bin host.bin
        capcodec fleet describe old.bin new.bin host.bin
        """,
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    words = "find the largest capset that every host can serve"
    finding = add(
        actions,
        "baseline",
        "Find the largest capset of which no Mesa that is known takes more than a host has. Say what each host loses, "
        "and which hosts are the limit.",
        """
        capcodec fleet baseline old.bin new.bin                  # what each loses
        capcodec fleet baseline old.bin new.bin -o baseline.bin  # what to serve
        capcodec fleet baseline fleet.parquet --engine threads   # of any number of hosts
        """,
        help=words,
    )
    finding.add_argument("-o", "--output", metavar="OUT", help="write the capset there; - for stdout")
    finding.add_argument(
        "--engine",
        metavar="WHERE",
        help="stream Parquet files, of capset 2 if --capset does not say otherwise, and count hosts instead of naming "
        "them: on threads, or on a cluster, dask://HOST:PORT",
    )
    finding.set_defaults(run=run_baseline)
    words = "say which hosts cannot serve a capset"
    fitting = add(
        actions,
        "fits",
        "Say which hosts cannot serve a capset, and what guests would take that these do not have.",
        "capcodec fleet fits old.bin new.bin host.bin   # can the last two serve the first?",
        help=words,
        epilog="The exit status is 1 if a host cannot.",
    )
    fitting.add_argument("served", metavar="CAPSET", help="what shall be served, in any form that --from names")
    fitting.set_defaults(run=run_fits)
    add_actions(actions)
    for each in (finding, fitting):
        each.add_argument(
            "hosts", nargs="+", metavar="HOST", help="the capset of a host, in any form, or a Parquet file of hosts"
        )
        add_form_arguments(each)
        add_json(each)


def run_baseline(arguments: argparse.Namespace) -> None:
    from ..fleet import baseline

    if arguments.engine:
        _run_counted(arguments)
        return
    found = baseline(_hosts(arguments))
    data = found.caps.pack()
    if arguments.output:
        write_file(arguments.output, data, arguments.json)
    if arguments.json:
        print_json(
            {
                "capset_id": found.caps.capset_id,
                "size": len(data),
                "data": data.hex(),
                "hosts": [{"name": name, "loses": _listed(lost)} for name, lost in found.losses.items()],
                "limits": [{"field": field, "hosts": list(hosts)} for field, hosts in found.limits.items()],
            }
        )
    elif arguments.output != "-":
        from .screen import put

        put((f"capset {found.caps.capset_id} in {len(data)} bytes serves {len(found.losses)} hosts", "bold"))
        for name, lost in found.losses.items():
            put((f"{name} loses{'' if lost else ' nothing'}", "bold"))
            for each in lost:
                limits = f"  (limited by {', '.join(found.limits[each.field])})"
                put([_line(each), (limits, "dim")])


def _run_counted(arguments: argparse.Namespace) -> None:
    if not all(map(is_parquet, arguments.hosts)):
        raise ArgumentError("--engine is for Parquet files of hosts: capcodec fleet pack makes them")
    arguments.capset = find(arguments.capset or 2).capset_id
    engine = engine_of(arguments)
    found = imported("reduce").meets_of(batches_of(arguments.hosts, arguments), engine)
    if not found:
        raise ArgumentError(f"no host has capset {arguments.capset}")
    ((number, (hosts, meet)),) = found.items()
    data = meet.caps().pack()
    lost = imported("limits").limits_of(batches_of(arguments.hosts, arguments), {number: data}, engine)[number]
    if arguments.output:
        write_file(arguments.output, data, arguments.json)
    if arguments.json:
        limits = [each._asdict() for each in lost]
        print_json({"capset_id": number, "size": len(data), "data": data.hex(), "hosts": hosts, "limits": limits})
    elif arguments.output != "-":
        from .screen import put, text_table

        put((f"capset {number} in {len(data)} bytes serves {hosts:,} hosts", "bold"))
        names = ["field", "member", "lose", "limit", "such as"]
        put(text_table(names, [["" if cell is None else printable(f"{cell}") for cell in each] for each in lost]))


def run_fits(arguments: argparse.Namespace) -> int:
    from ..fleet import fits

    served = _read(arguments, arguments.served)  # before the hosts: it may be stdin
    found = fits(served, _hosts(arguments))
    if arguments.json:
        print_json([{"host": name, **each} for name, over in found.items() for each in _listed(over)])
        return int(bool(found))
    from .screen import put

    for name, over in found.items():
        put((f"{name} cannot serve it: what guests take -> what it has", "bold"))
        mesas: dict[str, list[str]] = {}
        for each in over:
            mesas.setdefault(_line(each), []).append(each.mesa)
        for line, versions in mesas.items():
            put([line, (f"  (Mesa {', '.join(versions)})" if any(versions) else "", "dim")])
    if not found:
        put("every host can serve it")
    return int(bool(found))


def _read(arguments: argparse.Namespace, name: str) -> Struct:
    found = read_saved(name, arguments.kind, arguments.capset, VIRGL)
    return decode(found.data, given(arguments, found), found.layout)


def _hosts(arguments: argparse.Namespace) -> dict[str, Struct]:
    """The capsets of the hosts by name; those of a fleet's file as well."""
    found: dict[str, Struct] = {}
    for name in arguments.hosts:
        if not is_parquet(name):
            found[name] = _read(arguments, name)
            continue
        wanted = None if arguments.capset is None else find(arguments.capset).capset_id
        sent: dict[str, dict[int, list[bytes]]] = {}
        for batch in imported("parquet").read(name):
            for host, number, data in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                sent.setdefault(host, {}).setdefault(number, []).append(data)
        for host, capsets in sent.items():
            shown = printable(host)
            number = wanted or next((each for each in VIRGL if each in capsets), next(iter(capsets)))
            for place, data in enumerate(capsets.get(number, ())):
                found[f"{shown} ({place + 1})" if place else shown] = decode(data, number)
    return found


def _line(each: Excess) -> str:
    if isinstance(each.promised, list):  # members of a set
        return f"  {each.field}: " + " ".join(f"-{name}" for name in each.promised)
    return f"  {each.field}: {each.promised!r} -> {each.has!r}"


def _listed(excess: Iterable[Excess]) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in each._asdict().items()} for each in excess]


def _plain(value: Any) -> Any:
    """For JSON, which has no bytes, and no number for infinity."""
    return str(value) if isinstance(value, (bytes, dict)) or value in (inf, -inf) else value
