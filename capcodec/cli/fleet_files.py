"""``capcodec fleet pack``, ``describe``, ``query`` and ``simulate``: fleets in files."""

from __future__ import annotations

import os
import sys
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from ..errors import ArgumentError, CapcodecError, MessageError
from . import _fail, _told
from .arguments import add_form_arguments, read_form, subject
from .commands import add, add_json
from .output import print_json, printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator
    from typing import Any, TypeVar

    from .commands import _Commands

    _A = TypeVar("_A")

BAR = 40  # letters of the longest bar


def add_actions(actions: _Commands) -> None:
    words = "put capsets of many hosts into a Parquet file"
    packing = add(
        actions,
        "pack",
        "Put capsets of many hosts into a Parquet file: the bytes as they came, which releases made them, which OpenGL "
        "guests get, and every field. pandas, Polars, DuckDB and others read it.",
        """
        capcodec fleet pack old.bin host.bin -o fleet.parquet
        capcodec fleet pack . --skip -o fleet.parquet   # every capset below this directory
        """,
        help=words,
        epilog="A host is named as its file. Of a directory, all files in it and below are taken; of a capset file, "
        "all its capsets; of a Parquet file, its hosts. --capset takes only those of that one. A file that cannot be "
        "read ends it with status 2.",
    )
    _add_files(packing)
    packing.add_argument("-o", "--output", metavar="OUT", required=True, help="the Parquet file to write")
    packing.set_defaults(run=run_pack)
    words = "say what there is in a fleet, and what some of it lacks"
    describing = add(
        actions,
        "describe",
        "Say which releases, sizes and versions of OpenGL there are in a fleet, how many of each, and which fields and "
        "flags some hosts lack.",
        """
        capcodec fleet describe old.bin host.bin
        capcodec fleet describe fleet.parquet --json
        """,
        help=words,
    )
    _add_files(describing)
    describing.add_argument(
        "--engine", metavar="WHERE", help="where to count: on threads, or on a cluster, dask://HOST:PORT"
    )
    describing.set_defaults(run=run_describe)
    words = "list the hosts whose fields meet conditions"
    asking = add(
        actions,
        "query",
        "List the hosts of which all conditions hold, with what stands in these fields.",
        """
        capcodec fleet query fleet.parquet 'max_samples<8' renderer
        capcodec fleet query fleet.parquet capability_bits.COPY_IMAGE=0 --json
        capcodec fleet query old.bin 'release<=0.9.0' gl max_video_memory=absent
        """,
        help=words,
        epilog="A condition is FIELD, or FIELD OP VALUE with one of = != < <= > >=. FIELD is a path, or a column of "
        "what pack writes, or release, one of those that can have made it, or gl, the highest version. Nothing "
        "holds of what is absent but FIELD=absent.",
    )
    asking.add_argument("files", nargs=1, metavar="FLEET", help="a Parquet file, a capset in any form, or a directory")
    asking.add_argument("conditions", nargs="+", metavar="CONDITION", help="such as 'max_samples<8'")
    _add_options(asking)
    asking.set_defaults(run=run_query)
    words = "make up a fleet of plausible hosts"
    simulating = add(
        actions,
        "simulate",
        "Make up a fleet, of any number of plausible hosts, and put it into a Parquet file: the releases of "
        "virglrenderer by their age, GPUs, venus and native contexts beside OpenGL. It is always the same of a seed.",
        """
        capcodec fleet simulate -n 10000 -o fleet.parquet
        capcodec fleet simulate -n 1000 --edits 0.1 --seed 7 -o odd.parquet
        """,
        help=words,
    )
    simulating.add_argument("-n", "--hosts", type=int, required=True, metavar="COUNT", help="how many hosts")
    simulating.add_argument("--seed", type=int, default=0, help="which fleet (default: %(default)s)")
    simulating.add_argument("--distinct", type=int, metavar="COUNT", help="how many different capsets")
    simulating.add_argument(
        "--edits",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="share of the different hosts whose capset 2 somebody masked, cut, confused or did not fill, 0 to 1",
    )
    simulating.add_argument("-o", "--output", metavar="OUT", required=True, help="the Parquet file to write")
    add_json(simulating)
    simulating.set_defaults(run=run_simulate)


def _add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a capset in any form that --from names, a Parquet file, or a directory",
    )
    _add_options(parser)


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_form_arguments(parser)
    parser.add_argument("--skip", action="store_true", help="name capsets that cannot be read, and go on")
    add_json(parser)


def run_pack(arguments: argparse.Namespace) -> None:
    _write(arguments, _batches(arguments))


def run_simulate(arguments: argparse.Namespace) -> None:
    simulate = imported("simulate").simulate
    hosts = simulate(arguments.hosts, arguments.seed, arguments.distinct, edits=arguments.edits)
    steps = -(-arguments.hosts // imported("records").ROWS)
    _write(arguments, watched(hosts, "simulating", steps), hosts=arguments.hosts)


def _write(arguments: argparse.Namespace, batches: Iterable[Any], **told: int) -> None:
    if arguments.output == "-":
        raise ArgumentError("a Parquet file is written to a file, and not to stdout")
    count = imported("parquet").write(arguments.output, batches)
    if arguments.json:
        print_json({"output": arguments.output, **told, "records": count})


def run_describe(arguments: argparse.Namespace) -> None:
    summary = imported("summary").Summary.of(_batches(arguments), engine_of(arguments))
    if arguments.json:
        print_json(
            {"records": summary.records.total(), "capsets": [_of_capset(summary, each) for each in summary.records]}
        )
        return
    from .screen import put
    from .tables import Column, Table

    for capset_id, records in summary.records.items():
        name = _name(capset_id)
        put((f"capset {capset_id}{f', {name}' if name else ''}: {records} records", "bold"))
        told = _of_capset(summary, capset_id)
        table = Table(Column("what"), Column("value"), Column("records", right=True), Column(""))
        for what in imported("summary").COUNTED:
            for each in told[what]:
                if each["value"] is not None:
                    many = each["records"]
                    table.add([what, _text(each["value"]), f"{many:,}", "#" * round(BAR * many / records)])
        for each in told["lacks"]:
            many = each["records"]
            table.add(["lacks", each["field"], f"{many:,}", "#" * round(BAR * many / records)], "yellow")
        put(table)


def _of_capset(summary: Any, capset_id: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "capset_id": capset_id,
        "name": _name(capset_id),
        "records": summary.records[capset_id],
    }
    for what in imported("summary").COUNTED:
        told[what] = [
            {"value": value, "records": count} for value, count in summary.counts[capset_id, what].most_common()
        ]
    return told | {"lacks": [{"field": name, "records": n} for name, n in summary.lacks(capset_id).items()]}


def _name(capset_id: int) -> str | None:
    from ..registry import CAPSETS

    return CAPSETS[capset_id].name if capset_id in CAPSETS else None


def run_query(arguments: argparse.Namespace) -> None:
    conditions = imported("conditions")
    asked = [conditions.Condition.of(text) for text in arguments.conditions]
    rows: list[dict[str, Any]] = []
    for batch in _batches(arguments):
        rows += conditions.selected(batch, asked, arguments.capset).to_pylist()
    if arguments.json:
        print_json([{name: _plain(value) for name, value in row.items()} for row in rows])
        return
    from .screen import put, text_table

    names = dict.fromkeys(("host", "capset_id", *(each.field for each in asked)))
    put(text_table([*names], [[_text(row[name]) for name in names] for row in rows]))


def _plain(value: Any) -> Any:
    """For JSON, which has no bytes, and no number for infinity."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return str(value) if isinstance(value, float) and value - value else value


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value)) if value else "none"
    return "absent" if value is None else printable(str(_plain(value)))


def imported(module: str) -> Any:
    """A module of fleets, or an error that says what it needs."""
    from importlib import import_module

    try:
        return import_module(f"..fleet.{module}", __package__)
    except ModuleNotFoundError as error:
        raise CapcodecError(str(error)) from error


def _batches(arguments: argparse.Namespace) -> Iterator[Any]:
    """Record batches of what the arguments name."""
    # All of them before the first is read: what is written may stand among them
    files = [each for name in arguments.files for each in _below(name)]
    if "output" in arguments:
        output = os.path.realpath(arguments.output)
        files = [each for each in files if each == "-" or os.path.realpath(each) != output]
    return batches_of(files, arguments)


def batches_of(files: list[str], arguments: argparse.Namespace) -> Iterator[Any]:
    """Record batches of files."""
    records = imported("records").records
    of_capset = partial(imported("records").of_capset, capset=arguments.capset)
    read = imported("parquet").read
    for of_fleets, names in groupby(watched(files), is_parquet):
        if of_fleets:
            for name in names:
                yield from map(of_capset, read(name))
        else:
            yield from records(_hosts(names, arguments))


def engine_of(arguments: argparse.Namespace) -> str | None:
    """Where steps run, as of ``capcodec.fleet.engine.mapped``."""
    return None if arguments.engine == "threads" else arguments.engine


def is_parquet(name: str) -> bool:
    """Does a file start as a Parquet file does? One that cannot be read does not."""
    try:
        if name == "-" or not os.path.isfile(name):
            return False
        with open(name, "rb") as file:
            return file.read(4) == b"PAR1"
    except OSError:
        return False


def _below(name: str) -> Iterator[str]:
    """A file; or of a directory, the files in it and below, in the order of their names."""

    def refuse(error: OSError) -> None:
        raise error

    if name == "-" or not os.path.isdir(name):
        yield name
        return
    for directory, inner, files in os.walk(name, onerror=refuse):
        inner.sort()
        paths = [os.path.join(directory, file) for file in sorted(files)]
        yield from filter(os.path.isfile, paths)  # a pipe may never end


def _hosts(names: Iterable[str], arguments: argparse.Namespace) -> Iterator[tuple[str, int, bytes]]:
    """Of each capset in files: a host, the capset's number, its bytes."""
    from ..files.saved import load_all
    from ..registry import class_of, find

    for name in names:
        try:
            try:
                found = load_all(read_form(name, arguments.kind), arguments.kind, arguments.capset)
                numbers = [each.capset_id or arguments.capset or class_of(each.data).capset_id for each in found]
            except CapcodecError as error:
                told = str(error)
                raise MessageError(told if told.startswith(subject(name)) else f"{subject(name)}: {told}") from None
        except (CapcodecError, OSError) as error:
            if not arguments.skip:
                raise
            _fail(f"skipped {_told(error)}")
            continue
        host = os.fsencode(name).decode("utf-8", "backslashreplace")
        for each, number in zip(found, numbers, strict=True):
            yield host, find(number or 0).capset_id, each.data


def watched(each: Iterable[_A], what: str = "reading", total: int | None = None) -> Iterable[_A]:
    """The same ones, with a bar of progress on a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return each
    try:
        from rich.console import Console
        from rich.progress import track
    except ImportError:
        return each
    return track(each, what, total, console=Console(stderr=True), transient=True)
