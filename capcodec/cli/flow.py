"""``capcodec flow``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..flow import matrix, negotiate
from ..flow.host import ANSWERS
from ..flow.matrix import SIZE_1, SIZE_2
from .commands import add, add_json
from .output import print_json, stdout

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from ..flow import Negotiation
    from .commands import _Commands

PARTIES: dict[str, Iterable[str]] = {"host": matrix.HOSTS, "vmm": matrix.VMMS, "kernel": (), "guest": ()}


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "flow",
        "Show who copies how many bytes: host, VMM, kernel and guest, each in its old and its new form. Without "
        "arguments it shows all sixteen combinations. If any party is named, it shows step by step what each party "
        "does; the parties that are not named are new.",
        """
        capcodec flow                                            # all combinations
        capcodec flow --host old --vmm new --kernel old --guest old   # the copy that destroyed memory
        capcodec flow --answer never                             # a host that does not answer
        """,
    )
    for party, names in PARTIES.items():
        old, new = matrix.LEGEND[party]
        choices = ["old", "new", *names]
        parser.add_argument(f"--{party}", choices=choices, help=f"old: {old}; new: {new}")
    parser.add_argument(
        "--guest-size",
        type=int,
        metavar="BYTES",
        help=f"of the guest's struct; {SIZE_1} for an old guest and {SIZE_2} for a new one if not given",
    )
    parser.add_argument("--answer", choices=ANSWERS, help="how the host answers a request for a capset's bytes")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="the combinations as a table for a README")
    add_json(form, "the combinations, or the steps")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    given = {name: getattr(arguments, name) for name in (*PARTIES, "guest_size", "answer")}
    chosen = {name: value for name, value in given.items() if value is not None}
    if arguments.markdown:
        stdout().write(matrix.markdown())
    elif chosen:
        run_one(negotiate(*matrix.build(**chosen)), arguments.json)
    elif arguments.json:
        rows = [{**dict(zip(PARTIES, row.forms, strict=True)), **row.result.as_dict()} for row in matrix.rows()]
        print_json(rows)
    else:
        run_all()


def run_all() -> None:
    from .screen import put, text_table

    told = [row.cells() for row in matrix.rows()]
    put(text_table(matrix.HEADINGS, told, numbers=3, alarming=lambda cells: cells[-1] != "0"), "")
    for party, legend in zip(matrix.HEADINGS, matrix.LEGEND.values(), strict=False):
        for form, words in zip(("old", "new"), legend, strict=True):
            put([(f"{form} {party}", "bold"), f": {words}"])


def run_one(result: Negotiation, as_json: bool) -> None:
    if as_json:
        print_json({"trace": [step._asdict() for step in result.trace], **result.as_dict()})
        return
    from .screen import byte_lines, put, text_table

    steps = [(f"{step.seconds} s" if step.seconds else "", step.party, step.what) for step in result.trace]
    put(text_table(("waits", "who", "does"), steps), "")
    if result.destroyed:
        first, last = result.destroyed[0], result.destroyed[-1]
        put(
            f"Bytes {first} to {last}, counted from the struct's beginning, belonged to somebody else. They now are",
            (byte_lines(result.memory.buffer[first : last + 1], first), "red"),
        )
    waited = f"; waited {result.seconds} s in vain" if result.seconds else ""
    put((f"{result.outcome}{waited}", "bold"))
