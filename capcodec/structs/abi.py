"""Where the members of a C struct lie, in plain numbers; refuses what C, or the append-only rule, does not allow.

The rules are those of the System V ABI, which gcc and clang follow on every 64-bit Linux: a scalar is aligned to its
own size, a struct to its strictest member, and a bitfield shares the storage unit of its type with its neighbours
unless it would cross the unit's end. Bits are numbered from the least significant one, whatever the machine, since
what is laid out here is the little-endian wire. AArch64 alone has another rule, which is not followed: there unnamed
bits align a struct to their type, as named ones do.
"""

from __future__ import annotations

from ..errors import SchemaError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_SIZE = (1 << 31) - 1  # bytes; offsets are uint32_t in src/cc_row.h, and sizes fit an int


class Placing:
    """A struct, or a union, into which members are placed one after the other.

    Attributes:
        name: of the struct, for errors.
        union: do all members start at byte 0?
        min_size: bytes; the struct is never smaller.
        cursor: the first bit behind the last member.
        align: of the struct, in bytes.
        ended: bytes at which the struct ended at its last size step; 0 if it has had none.
    """

    __slots__ = ("_last", "align", "cursor", "ended", "min_size", "name", "union")

    def __init__(self, name: str, *, union: bool = False, min_size: int = 0) -> None:
        self.name: str = name
        self.union: bool = union
        self.min_size: int = min_size
        self.cursor: int = 0
        self.align: int = 1
        self.ended: int = 0
        self._last = ("nothing", "")  # name and place of the last member

    @property
    def size(self) -> int:
        """What C's ``sizeof`` would say now, in bytes."""
        return max(_align_up(_bytes(self.cursor), self.align), self.min_size)

    def place(self, name: str, type_: str, size: int, align: int, offset: int | None = None) -> int:
        """Place a member that is no bitfield.

        Args:
            name: of the member.
            type_: name of its type.
            size: bytes of the member, all elements together.
            align: bytes to which its type is aligned.
            offset: where it must lie, in bytes; where its alignment allows if not given.

        Returns:
            Its offset in bytes.
        """
        at = 0 if self.union else _align_up(_bytes(self.cursor), align)
        if offset is not None:
            at = offset
            if at * 8 < self.cursor and not self.union:
                raise SchemaError(f"{self.name}.{name} at byte {at} overlaps {self._last[0]}, {self._last[1]}")
            if at % align:
                raise SchemaError(f"{self.name}.{name} at byte {at} is misaligned: {type_} is aligned to {align} bytes")
        self._take(name, at * 8, size * 8, align, where(at, size))
        return at

    def place_bits(self, name: str, type_: str, unit: int, width: int) -> tuple[int, int]:
        """Place a bitfield behind the last bit taken, or into the next storage unit of its type.

        Args:
            name: of the member; empty for unnamed bits.
            type_: name of its type.
            unit: bytes of its type.
            width: in bits; 0, for unnamed bits, closes the storage unit.

        Returns:
            The offset of its first byte, and its lowest bit there.
        """
        bits = unit * 8
        if width > bits or (name and not width):
            raise SchemaError(f"{self.name}.{name or 'unnamed bits'}: {width} bits of {type_}, which has {bits}")
        if not width or self.cursor // bits != (self.cursor + width - 1) // bits:
            self.cursor = _align_up(self.cursor, bits)
        offset, shift = divmod(self.cursor, 8)
        if name:
            self._take(name, self.cursor, width, unit, where(offset, _bytes(shift + width), shift, width))
        else:
            self.cursor += width
        return offset, shift

    def end_step(self, size: int) -> None:
        """Note that the struct once ended here.

        Args:
            size: in bytes, as its ``sizeof`` then was.
        """
        if size <= self.ended:
            raise SchemaError(
                f"{self.name}: a step of {size} bytes after one of {self.ended}; a struct grows only at its end"
            )
        # A member of a union may have grown since, within the bytes that a later member needs
        if size != self.size and not (self.union and size < self.size):
            raise SchemaError(
                f"{self.name}: a step of {size} bytes does not fall on the end of a field; "
                f"with {self._last[0]} the struct has {self.size}"
            )
        self.ended = size

    def _take(self, name: str, start: int, width: int, align: int, at: str) -> None:
        if start < self.ended * 8 and not self.union:
            raise SchemaError(
                f"{self.name}.{name} lies at {at}, within the {self.ended} bytes at which the struct once ended; "
                "a struct grows only at its end"
            )
        self.cursor = max(self.cursor, start + width)
        self.align = max(self.align, align)
        self._last = (name, at)
        if self.size > MAX_SIZE:
            raise SchemaError(f"{self.name}.{name} ends beyond {MAX_SIZE} bytes")


def where(offset: int, size: int, shift: int = 0, bits: int | None = None) -> str:
    """``byte 284``, ``byte 262 bit 2`` or ``bytes 4..68``, the last one exclusive."""
    if bits is not None:
        return f"byte {offset} bit {shift}"
    return f"byte {offset}" if size == 1 else f"bytes {offset}..{offset + size}"


def padding(taken: Iterable[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    """The bits of a struct that no member covers.

    Args:
        taken: of each member in order, its first bit and the one behind its last.
        size: of the struct, in bytes.

    Yields:
        First bit and the one behind the last, of parts of one byte, or of whole bytes.
    """
    cursor = 0
    for start, stop in (*taken, (size * 8, size * 8)):
        while cursor < start:
            inside = cursor % 8 or start - cursor < 8
            upto = min(_align_up(cursor + 1, 8), start) if inside else start // 8 * 8
            yield cursor, upto
            cursor = upto
        cursor = stop


def _bytes(bits: int) -> int:
    return -(-bits // 8)


def _align_up(value: int, unit: int) -> int:
    return -(-value // unit) * unit
