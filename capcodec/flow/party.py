"""What the four parties have in common: each tells what it does, and none of them waits for real."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """One thing that one party did."""

    party: str
    what: str
    seconds: int = 0  # that a real one would have waited


class Party:
    """One of the four.

    Attributes:
        trace: what this one did, oldest first. In a negotiation, all four write to the same list.
    """

    name = ""

    def __init__(self) -> None:
        self.trace: list[Step] = []

    def tell(self, what: str, seconds: int = 0) -> None:
        """Add a step to the trace."""
        self.trace.append(Step(self.name, what, seconds))


def in_bytes(count: int) -> str:
    """A number of bytes in words."""
    return f"{count} byte{'' if count == 1 else 's'}"
