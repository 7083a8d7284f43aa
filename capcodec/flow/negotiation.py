"""One capset's way from the host to the guest's struct."""

from __future__ import annotations

from .memory import Memory
from .party import in_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..structs._classes import Struct
    from .guest import Guest, Query
    from .host import Host
    from .kernel import Kernel
    from .party import Step
    from .vmm import Vmm


class Negotiation:
    """What happened.

    Attributes:
        trace: what each party did, in order.
        queries: the guest's questions to its kernel, with their results.
        memory: the guest's memory afterwards.
        caps: the guest's struct afterwards.
    """

    def __init__(self, trace: list[Step], queries: list[Query], memory: Memory, caps: Struct) -> None:
        self.trace = trace
        self.queries = queries
        self.memory = memory
        self.caps = caps

    @property
    def seconds(self) -> int:
        """Seconds that a real guest would have waited for responses that never came."""
        return sum(step.seconds for step in self.trace)

    @property
    def written(self) -> int:
        """Bytes that the kernel wrote to the guest's memory."""
        return self.queries[-1].written

    @property
    def from_host(self) -> int:
        """Bytes of the guest's struct that the kernel wrote; the rest is as the guest had it before."""
        return min(self.written, self.memory.size)

    @property
    def overrun(self) -> int:
        """Bytes that the kernel wrote beyond the room that the guest had said it has."""
        return max(0, self.written - self.queries[-1].size)

    @property
    def destroyed(self) -> range:
        """Offsets of the bytes behind the guest's struct that were overwritten, counted from its beginning."""
        return self.memory.destroyed

    @property
    def outcome(self) -> str:
        """What came of it, in one sentence."""
        last, size = self.queries[-1], self.memory.size
        if last.errno:
            return f"{last.answer}: the guest keeps what it had, nothing is the host's"
        if self.destroyed:
            return f"{in_bytes(len(self.destroyed))} behind the guest's struct are destroyed"
        told = f"{self.from_host} of the struct's {in_bytes(size)} come over the device"
        if self.from_host and not any(self.memory.struct[: self.from_host]):
            told += ", all of them zero"
        if self.overrun:
            told += f", {self.overrun} of them not asked for, but within the struct"
        return told + (f"; {size - self.from_host} are as the guest had them" if self.from_host < size else "")

    def as_dict(self) -> dict[str, Any]:
        """The same as plain lists and dicts, for JSON, without the trace."""
        return {
            "queries": [{**query._asdict(), "answer": query.answer} for query in self.queries],
            "struct_size": self.memory.size,
            "from_host": self.from_host,
            "destroyed": list(self.destroyed),
            "seconds": self.seconds,
            "outcome": self.outcome,
        }


def negotiate(host: Host, vmm: Vmm, kernel: Kernel, guest: Guest) -> Negotiation:
    """Boot the kernel on the VMM's device, and let the guest ask for its capset.

    The parties can be used again: the kernel boots anew, and each call makes its own trace.
    """
    trace: list[Step] = []
    for party in (host, vmm, kernel, guest):
        party.trace = trace
    for offer in host.offers:
        host.tell(f"offers capset {offer.capset_id}, version {offer.max_version}, {len(offer.data)} bytes")
    kernel.boot(host, vmm)
    memory = Memory(guest.assumed().pack(), [offer.data for offer in host.offers])
    guest.tell(f"has a struct of {memory.size} bytes, filled with {'its defaults' if guest.fixed else 'zeros'}")
    queries = guest.query(kernel, memory)
    return Negotiation(trace, queries, memory, guest.struct.unpack(memory.struct))
