"""Who copies how many bytes: host, VMM, kernel and guest, each in its old and its new form.

Without arguments, all sixteen combinations. With any party named, what each party does in that one; those not named are
new ones.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from ..flow import matrix, negotiate
from ..flow.host import ANSWERS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from ..flow import Negotiation

PARTIES: dict[str, Iterable[str]] = {"host": matrix.HOSTS, "vmm": matrix.VMMS, "kernel": (), "guest": ()}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("flow", help="who copies how many bytes, old and new", description=__doc__)
    for party, names in PARTIES.items():
        old, new = matrix.LEGEND[party]
        choices = ["old", "new", *names]
        parser.add_argument(f"--{party}", choices=choices, help=f"old: {old}; new: {new}")
    parser.add_argument("--guest-size", type=int, metavar="BYTES", help="of the guest's struct, if not 308 or 1408")
    parser.add_argument("--answer", choices=ANSWERS, help="how the host answers a request for a capset's bytes")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="the combinations as a table for a README")
    form.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    given = {name: getattr(arguments, name) for name in (*PARTIES, "guest_size", "answer")}
    chosen = {name: value for name, value in given.items() if value is not None}
    if arguments.markdown:
        sys.stdout.write(matrix.markdown())
    elif chosen:
        run_one(negotiate(*matrix.build(**chosen)), arguments.json)
    elif arguments.json:
        rows = [{**dict(zip(PARTIES, row.forms, strict=True)), **row.result.as_dict()} for row in matrix.rows()]
        json.dump(rows, sys.stdout, indent=1)
        print()
    else:
        run_all()


def run_all() -> None:
    from .screen import put, text_table

    told = [row.cells() for row in matrix.rows()]
    put(text_table(matrix.HEADINGS, told, numbers=3, alarming=lambda cells: cells[-1] != "0"), "")
    put(
        *(
            f"[bold]{form} {party}[/]: {words}"
            for party, legend in zip(matrix.HEADINGS, matrix.LEGEND.values(), strict=False)
            for form, words in zip(("old", "new"), legend, strict=True)
        )
    )


def run_one(result: Negotiation, as_json: bool) -> None:
    if as_json:
        json.dump({"trace": [step._asdict() for step in result.trace], **result.as_dict()}, sys.stdout, indent=1)
        print()
        return
    from .demo import dump
    from .screen import escape, put, text_table

    steps = [(f"{step.seconds} s" if step.seconds else "", step.party, step.what) for step in result.trace]
    put(text_table(("waits", "who", "does"), steps), "")
    if result.destroyed:
        first, last = result.destroyed[0], result.destroyed[-1]
        put(
            f"Bytes {first} to {last} from the beginning of the struct belonged to somebody else. There lies now",
            f"[red]{escape(dump(result.memory.buffer[first : last + 1], first))}[/]",
        )
    waited = f"; waited {result.seconds} s in vain" if result.seconds else ""
    put(f"[bold]{escape(result.outcome)}{waited}[/]")
