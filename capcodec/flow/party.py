"""What the four parties have in common: each records what it does, and none of them really waits."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """One thing that one party did."""

    party: str
    what: str
    seconds: int = 0  # a real party would have waited so long


class Party:
    """One of the four.

    Attributes:
        trace: what this party did, oldest first. In a negotiation all four write to one list.
    """

    name = ""

    def __init__(self) -> None:
        self.trace: list[Step] = []

    def tell(self, what: str, seconds: int = 0) -> None:
        """Add a step to the trace."""
        self.trace.append(Step(self.name, what, seconds))


def in_bytes(count: int) -> str:
    """A number of bytes with its unit: ``1 byte``, ``2 bytes``."""
    return f"{count} byte{'' if count == 1 else 's'}"
