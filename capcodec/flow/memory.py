"""A guest's memory: its struct, and behind it what belongs to somebody else."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NEIGHBOUR = 64  # bytes behind the struct at least
CANARY = 0xA5


class Memory:
    """Memory in which every byte that is written behind the struct shows.

    Args:
        struct: what the guest has there before it asks.
        threats: all that might be written. No byte behind the struct is one that any of them has at its place, so that
            none can be overwritten by its like; nor is it zero, as what follows them may be.

    Attributes:
        buffer: the memory, the struct at its beginning.
        size: bytes of the struct.
    """

    __slots__ = ("_before", "buffer", "size")

    def __init__(self, struct: bytes, threats: Sequence[bytes] = ()) -> None:
        self.size = len(struct)
        end = max(self.size, *(len(threat) for threat in threats), 0) + NEIGHBOUR
        self._before = struct + bytes(_canary(offset, threats) for offset in range(self.size, end))
        self.buffer = bytearray(self._before)

    @property
    def struct(self) -> bytes:
        """The guest's struct, as it is now."""
        return bytes(self.buffer[: self.size])

    @property
    def destroyed(self) -> range:
        """Offsets of the bytes behind the struct that were overwritten."""
        changed = [i for i in range(self.size, len(self.buffer)) if self.buffer[i] != self._before[i]]
        return range(changed[0], changed[-1] + 1) if changed else range(0)


def _canary(offset: int, threats: Sequence[bytes]) -> int:
    taken = {0} | {threat[offset] for threat in threats if offset < len(threat)}
    return next((byte for byte in (CANARY, *range(256)) if byte not in taken), CANARY)
