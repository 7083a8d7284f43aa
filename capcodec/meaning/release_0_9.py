"""Release 0.9.0 swapped two words of capset 2, ``capability_bits_v2`` and ``max_video_memory``.

virglrenderer 7e7a4e72a1fc put a new field before the last one, and 5e2d10463d6b repaired that for 0.9.1, 19 days later.
Capsets of both have the same size and the same ``host_feature_check_version``, so only the two words can tell.
"""

from __future__ import annotations

from ..classes import VirglCapsV2
from .releases import in_release, release_named, size_in
from .rules import arrived
from .walk import flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._classes import Struct

SWAPPED, REPAIRED = "0.9.0", "0.9.1"  # SWAPPED is the name of the variant, too
SIZE = size_in(VirglCapsV2, SWAPPED)  # bytes that both send
_BITS, _MEMORY = VirglCapsV2.fields["capability_bits_v2"], VirglCapsV2.fields["max_video_memory"]
_NAMED = sum(1 << bit for bit, mark in _BITS.flag_marks.items() if in_release(mark.release, REPAIRED))
_HAS_MEMORY = flag(_BITS, "VIDEO_MEMORY")


def has_both_words(caps: Struct) -> bool:
    """Did the two words arrive, in whatever order?"""
    return caps.valid_size >= _MEMORY.end


def is_of_either(caps: VirglCapsV2) -> bool:
    """Do size and host_feature_check_version say that it is of one of the two releases?"""
    return (
        caps.valid_size == SIZE
        and arrived(caps, "host_feature_check_version")
        and caps.host_feature_check_version == release_named(SWAPPED).host_feature_check_version
    )


def likelier_release(caps: Struct) -> tuple[str | None, str]:
    """Which of the two releases made a capset, and why that is likelier.

    Args:
        caps: with both words; see :func:`has_both_words`.

    Returns:
        The release; None if the words make sense in both orders, or in neither. And a sentence that says why.
    """
    data = caps.pack()
    first, second = (int.from_bytes(data[field.offset : field.end], "little") for field in (_BITS, _MEMORY))
    shown = f"the words at {_BITS.offset} and {_MEMORY.offset} are {first:#x} and {second:#x}"
    swapped, straight = _make_sense(second, first), _make_sense(first, second)
    if swapped == straight:
        return None, f"{shown}, which {'both orders make' if swapped else 'neither order makes'} sense of"
    rule = f"capability_bits_v2 has {_NAMED.bit_count()} bits, and without VIDEO_MEMORY max_video_memory is 0"
    return (SWAPPED if swapped else REPAIRED), f"{shown}; {rule}"


def _make_sense(bits: int, megabytes: int) -> bool:
    return not bits & ~_NAMED and (bits & _HAS_MEMORY != 0 or not megabytes)
