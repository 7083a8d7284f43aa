"""The parties by name, and all sixteen combinations of old and new parties."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

from .. import captures
from ..classes import VirglCapsV1, VirglCapsV2
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

    from .host import _Answer

    _T = TypeVar("_T")

FIRST, NEWEST = "virglrenderer-0.7.0-llvmpipe-gl", "virglrenderer-1.3.0-llvmpipe-gl"

SIZE_1, FIRST_SIZE_2, SIZE_2 = VirglCapsV1.size, VirglCapsV2.size_steps[0], VirglCapsV2.size

# Of each capset id: the version, and how many of a capture's first bytes; None for all
HOSTS: dict[str, dict[int, tuple[int, str, int | None]]] = {
    f"capset1-{SIZE_1}": {1: (1, f"{FIRST}.capset1.bin", SIZE_1)},
    # Tried in February 2018, before capset 2 existed: https://airlied.blogspot.com/2018/02/
    f"capset1-{FIRST_SIZE_2}": {1: (2, f"{FIRST}.capset2.bin", FIRST_SIZE_2)},
    "capset2": {1: (1, f"{NEWEST}.capset1.bin", None), 2: (2, f"{NEWEST}.capset2.bin", None)},
}
VMMS: dict[str, dict[str, Any]] = {
    "good": {},
    "index-for-id": {"index_for_id": True},
    "hard-coded-count": {"count": 5},
    "id-zero": {"count": 5, "unknown": "id-zero"},
    "poisoned-id": {"count": 5, "unknown": "poisoned-id"},
}
KERNELS = {"old": False, "new": True}
GUESTS = {"old": (SIZE_1, False), "new": (SIZE_2, True)}

# The names that `old` and `new` stand for
OLD = {"host": f"capset1-{FIRST_SIZE_2}", "vmm": "index-for-id", "kernel": "old", "guest": "old"}
NEW = {"host": "capset2", "vmm": "good", "kernel": "new", "guest": "new"}

LEGEND = {
    "host": (
        f"offers capset 1 grown to {FIRST_SIZE_2} bytes",
        f"offers capset 1 as it was, {SIZE_1} bytes, and the newest capset 2",
    ),
    "vmm": ("asks for sizes by the index in place of the id", "passes on what the host offers"),
    "kernel": ("Linux before 4.16: copies what the host has", "copies the smaller of the two sizes"),
    "guest": (
        f"asks for capset 1, with its struct of {SIZE_1} bytes",
        f"fills its {SIZE_2} bytes with defaults, checks that the kernel is repaired, then asks for capset 2 before 1",
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
    """One combination: old or new for each party, and the result."""

    forms: tuple[str, ...]
    result: Negotiation

    def cells(self) -> list[str]:
        """The cells under :data:`HEADINGS`."""
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
    answer: _Answer = "ok",
) -> tuple[Host, Vmm, Kernel, Guest]:
    """The parties of these names; each name may also be ``old`` or ``new``.

    Raises:
        ArgumentError: there is no such party, or no such answer.
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


def _named(party: str, name: str, known: dict[str, _T]) -> _T:
    """The party of a name, or of ``old`` or ``new``."""
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
