"""A guest's memory: its struct, and behind the struct bytes that belong to somebody else."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_NEIGHBOUR = 64  # bytes behind the struct
GUARD = 0xA5  # value of a guard byte, unless that could be written there


class Memory:
    """Memory in which every byte that is written behind the struct shows.

    Behind the struct are guard bytes. Each differs from every byte that could be written there, so a write changes it.

    Args:
        struct: the guest's struct before it asks.
        writes: everything that might be written, from the struct's beginning on. Zeros may follow it.

    Attributes:
        buffer: the memory, which begins with the struct.
        size: bytes of the struct.
    """

    __slots__ = ("_before", "buffer", "size")

    def __init__(self, struct: bytes, writes: Sequence[bytes] = ()) -> None:
        self.size: int = len(struct)
        end = max(self.size, *(len(data) for data in writes), 0) + MIN_NEIGHBOUR
        self._before = struct + bytes(_guard(offset, writes) for offset in range(self.size, end))
        self.buffer: bytearray = bytearray(self._before)

    @property
    def struct(self) -> bytes:
        """The guest's struct, as it is now."""
        return bytes(self.buffer[: self.size])

    @property
    def destroyed(self) -> range:
        """Offsets of the bytes behind the struct that were overwritten."""
        changed = [i for i in range(self.size, len(self.buffer)) if self.buffer[i] != self._before[i]]
        return range(changed[0], changed[-1] + 1) if changed else range(0)


def _guard(offset: int, writes: Sequence[bytes]) -> int:
    """A byte that no write has at this offset."""
    taken = {0} | {data[offset] for data in writes if offset < len(data)}
    return next((byte for byte in (GUARD, *range(256)) if byte not in taken), GUARD)
