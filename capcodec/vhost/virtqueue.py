"""A split virtqueue: chains of descriptors that a guest makes available, and the used ring that takes them back.

Layout and rules: virtio 1.2, 2.7. Descriptors, indices, lengths and loops come from the guest, and are all checked.
"""

from __future__ import annotations

from typing import NamedTuple

from ..errors import MessageError
from ..schema import struct, u16, u32, u64
from ..structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._classes import _AnyStruct
    from .shared_memory import GuestMemory

HEADER = "linux/include/uapi/linux/virtio_ring.h"
MAX_SIZE = 1 << 15  # entries of a ring
MAX_CHAIN = 1 << 10  # descriptors of one chain; a guest kernel sends less than its ring has
MAX_COMMAND = 1 << 16  # bytes that are read of a chain: commands of the device say what they want at their start
VRING_DESC_F_NEXT, VRING_DESC_F_WRITE, VRING_DESC_F_INDIRECT = 1, 2, 4
VRING_AVAIL_F_NO_INTERRUPT = 1
WRAP = 1 << 16  # indices are of 16 bits

VringDesc: type[_AnyStruct] = define(
    struct(
        "vring_desc",
        u64("addr", "the guest's physical address"),
        u32("len", "bytes"),
        u16("flags", "VRING_DESC_F_*"),
        u16("next", "the next descriptor, if a flag says that there is one"),
        doc="One piece of memory in a chain",
        header=HEADER,
    )
)


class Chain(NamedTuple):
    """What a guest made available.

    Attributes:
        head: number of the first descriptor, which the used ring takes.
        command: the first bytes that the device may read, at most 64 KiB.
        readable: bytes that it may read in all.
        room: where the device may write: addresses and lengths in bytes.
    """

    head: int
    command: bytes
    readable: int
    room: tuple[tuple[int, int], ...]

    @property
    def writable(self) -> int:
        """Bytes that the device may write."""
        return sum(size for _, size in self.room)


class Virtqueue:
    """One queue.

    Args:
        memory: the guest's memory.
        size: entries of each ring, a power of two.
        desc, avail, used: the VMM's addresses of the three parts.
        last_avail: index of the next chain to take.
        event_idx: was VIRTIO_RING_F_EVENT_IDX agreed on?

    Attributes:
        last_avail: as above.

    Raises:
        MessageError: the size is none, or a part is in no region of the memory.
    """

    def __init__(
        self, memory: GuestMemory, size: int, desc: int, avail: int, used: int, last_avail: int, event_idx: bool
    ) -> None:
        check_size(size)
        self._memory = memory
        self._size = size
        self._desc, self._avail, self._used = desc, avail, used
        self._event_idx = event_idx
        self.last_avail: int = last_avail
        self._last_used = self._word(used + 2)
        self._told = self._last_used
        for start, length in ((desc, 16 * size), (avail, 6 + 2 * size), (used, 6 + 8 * size)):
            memory.read(start, length, user=True)

    @property
    def waiting(self) -> int:
        """How many chains the guest made available that were not taken.

        Raises:
            MessageError: more than the ring has.
        """
        count = (self._word(self._avail + 2) - self.last_avail) % WRAP
        if count > self._size:
            raise MessageError(f"the guest makes {count} chains available in a ring of {self._size}")
        return count

    def take(self) -> Chain | None:
        """The next chain; None if there is none.

        Raises:
            MessageError: a descriptor, its address, or the chain is none.
        """
        if not self.waiting:
            return None
        head = self._word(self._avail + 4 + 2 * (self.last_avail % self._size))
        self.last_avail = (self.last_avail + 1) % WRAP
        return self._chain(head)

    def give_back(self, chain: Chain, answer: bytes) -> None:
        """Write an answer, as much of it as there is room for, and put the chain into the used ring."""
        rest = memoryview(answer)
        for address, size in chain.room:
            if rest:
                self._memory.write(address, bytes(rest[:size]))
                rest = rest[size:]
        element = chain.head.to_bytes(4, "little") + (len(answer) - len(rest)).to_bytes(4, "little")
        self._memory.write(self._used + 4 + 8 * (self._last_used % self._size), element, user=True)
        self._last_used = (self._last_used + 1) % WRAP
        self._memory.write(self._used + 2, self._last_used.to_bytes(2, "little"), user=True)

    def ask_to_be_told(self) -> None:
        """Let the guest tell of the next chain that it makes available. One may have come meanwhile: look again."""
        if self._event_idx:
            where = self._used + 4 + 8 * self._size
            self._memory.write(where, self.last_avail.to_bytes(2, "little"), user=True)

    def must_tell(self) -> bool:
        """Does the guest want to be told of the chains given back since it was told last?"""
        old, self._told = self._told, self._last_used
        if old == self._last_used:
            return False
        if self._event_idx:
            wanted = self._word(self._avail + 4 + 2 * self._size)
            return (self._last_used - wanted - 1) % WRAP < (self._last_used - old) % WRAP
        return not self._word(self._avail) & VRING_AVAIL_F_NO_INTERRUPT

    def _word(self, address: int) -> int:
        return int.from_bytes(self._memory.read(address, 2, user=True), "little")

    def _chain(self, head: int) -> Chain:
        table = self._desc, self._size, True
        index, seen, readable = head, 0, 0
        command = bytearray()
        room: list[tuple[int, int]] = []
        while True:
            start, size, user = table
            if index >= size:
                raise MessageError(f"descriptor {index} is beyond a table of {size}")
            desc = VringDesc.unpack(self._memory.read(start + 16 * index, 16, user=user))
            if desc.flags & VRING_DESC_F_INDIRECT:
                if not user or desc.flags & VRING_DESC_F_NEXT or desc.len % 16 or not 0 < desc.len <= 16 * MAX_CHAIN:
                    raise MessageError(f"descriptor {index} is no indirect table: {desc.len} bytes, flags {desc.flags}")
                table, index = (desc.addr, desc.len // 16, False), 0
                continue
            seen += 1
            if seen > MAX_CHAIN:
                raise MessageError(f"a chain has more than {MAX_CHAIN} descriptors, or none is its last")
            if desc.flags & VRING_DESC_F_WRITE:
                room.append((desc.addr, desc.len))
            elif room:
                raise MessageError(f"descriptor {index} is to be read, and stands behind one to be written")
            else:
                part = min(desc.len, MAX_COMMAND - len(command))
                command += self._memory.read(desc.addr, part) if part else b""
                readable += desc.len
            if not desc.flags & VRING_DESC_F_NEXT:
                return Chain(head, bytes(command), readable, tuple(room))
            index = desc.next


def check_size(size: int) -> None:
    """Raise if a queue cannot have so many entries.

    Raises:
        MessageError: it is no power of two, or too many.
    """
    if not 0 < size <= MAX_SIZE or size & (size - 1):
        raise MessageError(f"expected a ring of a power of two entries, at most {MAX_SIZE}, got {size}")
