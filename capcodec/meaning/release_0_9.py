"""The words that release 0.9.0 swapped: capability_bits_v2 and max_video_memory, at bytes 688 and 692.

virglrenderer 7e7a4e72a1fc inserted a field before another, 5e2d10463d6b put both right for 0.9.1, 19 days later. Both
releases send 696 bytes and host_feature_check_version 4.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._core import Struct

OFFSET = 688
KNOWN_BITS = (1 << 6) - 1  # VIRGL_CAP_V2_* of 0.9
VIDEO_MEMORY = 1 << 2


def likelier_layout(caps: Struct) -> tuple[str | None, str]:
    """The release of 0.9 whose layout makes sense of the two words, and why; None if both do, or neither."""
    data = caps.pack()
    first, second = (int.from_bytes(data[at : at + 4], "little") for at in (OFFSET, OFFSET + 4))
    shown = f"the words at {OFFSET} and {OFFSET + 4} are {first:#x} and {second:#x}"
    swapped, straight = _sensible(second, first), _sensible(first, second)
    if swapped == straight:
        return None, f"{shown}, which {'either' if swapped else 'neither'} order makes sense of"
    rule = "capability_bits_v2 knows 6 bits, and without VIDEO_MEMORY there are no megabytes of it"
    return ("0.9.0" if swapped else "0.9.1"), f"{shown}; {rule}"


def _sensible(bits: int, megabytes: int) -> bool:
    return not bits & ~KNOWN_BITS and (bits & VIDEO_MEMORY != 0 or not megabytes)
