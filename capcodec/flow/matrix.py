"""Parties by name, and every combination of old and new ones."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

from .. import captures
from ..errors import ArgumentError
from .guest import Guest
from .host import Host
from .kernel import Kernel
from .negotiation import Negotiation, negotiate
from .vmm import Vmm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeVar

    from .host import Answer

    T = TypeVar("T")

FIRST, NEWEST = "virglrenderer-0.7.0-llvmpipe-gl", "virglrenderer-1.3.0-llvmpipe-gl"

# Capset id: version, and the first bytes of a capture
HOSTS = {
    "capset1-308": {1: (1, f"{FIRST}.capset1.bin", 308)},
    # What was tried in February 2018, before there was a capset 2: https://airlied.blogspot.com/2018/02/
    "capset1-380": {1: (2, f"{FIRST}.capset2.bin", 380)},
    "capset2": {1: (1, f"{NEWEST}.capset1.bin", 308), 2: (2, f"{NEWEST}.capset2.bin", 1408)},
}
VMMS: dict[str, dict[str, Any]] = {
    "good": {},
    "index-for-id": {"index_for_id": True},
    "hard-coded-count": {"count": 5},
    "id-zero": {"count": 5, "unknown": "id-zero"},
    "poisoned-id": {"count": 5, "unknown": "poisoned-id"},
}
KERNELS = {"old": False, "new": True}
GUESTS = {"old": (308, False), "new": (1408, True)}

# Which of the parties above stand for the old and the new ones
OLD = {"host": "capset1-380", "vmm": "index-for-id", "kernel": "old", "guest": "old"}
NEW = {"host": "capset2", "vmm": "good", "kernel": "new", "guest": "new"}

LEGEND = {
    "host": ("offers capset 1 grown to 380 bytes", "offers capset 1 as it was, 308 bytes, and capset 2 with 1408"),
    "vmm": ("asks for sizes by the index in place of the id", "passes on what the host offers"),
    "kernel": ("Linux before 4.16: copies what the host has", "copies the smaller of the two sizes"),
    "guest": (
        "asks for capset 1, with its struct of 308 bytes",
        "fills its 1408 bytes with defaults, looks whether the kernel is repaired, then asks for capset 2 before 1",
    ),
}
HEADINGS = (
    "host",
    "VMM",
    "kernel",
    "guest",
    "asks for capset (bytes)",
    "answer",
    "host's bytes",
    "guest's own",
    "destroyed",
)


class Row(NamedTuple):
    """One combination: the names of its parties as old or new, and what came of it."""

    forms: tuple[str, ...]
    result: Negotiation

    def cells(self) -> list[str]:
        """Under :data:`HEADINGS`."""
        queries, result = self.result.queries, self.result
        return [
            *self.forms,
            ", ".join(f"{query.capset_id} ({query.size})" for query in queries),
            ", ".join(query.answer for query in queries),
            str(result.from_host),
            str(result.memory.size - result.from_host),
            str(len(result.destroyed)),
        ]


def build(
    host: str = "new",
    vmm: str = "new",
    kernel: str = "new",
    guest: str = "new",
    *,
    guest_size: int | None = None,
    answer: Answer = "ok",
) -> tuple[Host, Vmm, Kernel, Guest]:
    """The parties of these names, each of which may also be ``old`` or ``new``.

    Raises:
        ArgumentError: there is no such party, or no way to answer as that.
        CapcodecError: neither capset ever had the guest's size.
    """
    capsets = _named("host", host, HOSTS).items()
    size, fixed = _named("guest", guest, GUESTS)
    return (
        Host({number: (version, captures.load(name)[:end]) for number, (version, name, end) in capsets}, answer=answer),
        Vmm(**_named("vmm", vmm, VMMS)),
        Kernel(fixed=_named("kernel", kernel, KERNELS)),
        Guest(size if guest_size is None else guest_size, fixed=fixed),
    )


def _named(party: str, name: str, known: dict[str, T]) -> T:
    meant = {"old": OLD[party], "new": NEW[party]}.get(name, name)
    if meant not in known:
        raise ArgumentError(f"no {party} {name!r} is known; there are {', '.join(('old', 'new', *known))}")
    return known[meant]


def rows() -> Iterator[Row]:
    """All sixteen combinations of old and new."""
    for forms in product(("old", "new"), repeat=4):
        yield Row(forms, negotiate(*build(*forms)))


def markdown() -> str:
    """The matrix, as the README has it."""
    lines = [HEADINGS, ("---",) * 6 + ("---:",) * 3, *(row.cells() for row in rows())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
