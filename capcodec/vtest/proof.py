"""The smallest set of fields whose change lifts the version of OpenGL that a real Mesa gives: by delta debugging.

It knows nothing of the requirements in :mod:`capcodec.meaning`: it takes fields of a host that has everything, and asks
Mesa which of them matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..classes import VirglCapsV2
from ..errors import ArgumentError
from ..meaning.formats import format_name
from ..meaning.guest_view import guest_view
from ..meaning.releases import RELEASES
from ..meaning.walk import format_masks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..structs.field import Field
    from .installed_mesa import InstalledMesa

WORD = 4  # bytes; a capset 2 has nothing else
SKIPPED = ("renderer", "video_caps", "num_video_caps", "max_video_memory", "max_version")  # they are not of OpenGL


class Part(NamedTuple):
    """One flag, format or number in which two capsets differ.

    Attributes:
        text: what it is, with the value that it gets.
        offset: of its word, in bytes.
        mask: its bits in that word.
        word: the word that it is taken from.
    """

    text: str
    offset: int
    mask: int
    word: int


def parts_between(before: bytes, after: bytes) -> list[Part]:
    """The parts of capset 2 in which ``after`` is another than ``before``. Both are as long as each other."""
    if len(before) != len(after) or len(before) > VirglCapsV2.size:
        raise ArgumentError(f"expected two capsets 2 of the same size, got {len(before)} and {len(after)} bytes")
    masks = {f"{path}.bitmask" for path, _ in format_masks(VirglCapsV2.zeros())}
    found = []
    for field in VirglCapsV2.layout.leaves():
        if field.end <= len(before) and not field.path.startswith(SKIPPED) and field.path != "v1.max_version":
            for index, part in enumerate(field.elements() if field.dims else (field,)):
                then, now = (
                    int.from_bytes(data[part.offset : part.offset + WORD], "little") for data in (before, after)
                )
                found += _parts(field, part, index, then, now, field.path in masks)
    return found


def _parts(field: Field, part: Field, index: int, then: int, now: int, of_formats: bool) -> list[Part]:
    if field.bits is not None:  # capset 1's flags: one bit of the word each
        mask = ((1 << field.bits) - 1) << (field.shift or 0)
        return [Part(f"{field.path} = {int(bool(now & mask))}", part.offset, mask, now)] if (then ^ now) & mask else []
    if not of_formats and not field.flags:
        return [Part(f"{part.path} = {now}", part.offset, 0xFFFFFFFF, now)] if then != now else []
    found = []
    for bit in range(32):
        if (then ^ now) >> bit & 1:
            name = (field.flags or {}).get(bit) if field.flags else format_name(32 * index + bit, RELEASES[-1].name)
            sign = "+" if now >> bit & 1 else "-"
            path = field.path.removesuffix(".bitmask")
            found.append(Part(f"{path} {sign}{name or 32 * index + bit}", part.offset, 1 << bit, now))
    return found


def with_parts(data: bytes, parts: Sequence[Part]) -> bytes:
    """The bytes with these parts changed."""
    made = bytearray(data)
    for part in parts:
        there = slice(part.offset, part.offset + WORD)
        word = int.from_bytes(made[there], "little") & ~part.mask | part.word & part.mask
        made[there] = word.to_bytes(WORD, "little")
    return bytes(made)


def smallest(parts: Sequence[Part], enough: Callable[[Sequence[Part]], bool]) -> list[Part] | None:
    """A set of parts that is enough, and of which none can be left out; None if all together are not enough."""
    found = list(parts)
    if not enough(found):
        return None
    size = max(1, len(found) // 2)
    while True:
        before, start = len(found), 0
        while start < len(found):
            fewer = found[:start] + found[start + size :]
            if enough(fewer):
                found = fewer
            else:
                start += size
        if size == 1 and len(found) == before:
            return found
        size = max(1, size // 2)


def lifting(mesa: InstalledMesa, blob: Any, rich: bytes, profile: str = "core") -> list[Part] | None:
    """The smallest set of parts of ``rich`` that lifts the version which this Mesa makes of ``blob``.

    Args:
        mesa: the Mesa that is asked, some hundred times.
        blob: capset 2 of a host, as bytes.
        rich: capset 2 of a host that has everything, of the size of today's.
        profile: "core", "compatibility" or "es".

    Returns:
        The parts; None if even all of them do not lift it.

    Raises:
        SourceError: Mesa does not answer.
    """
    whole = guest_view(blob, VirglCapsV2.size, 2).caps.pack()
    now = mesa.ask({2: whole}).of(profile) or (0, 0)

    def enough(parts: Sequence[Part]) -> bool:
        return (mesa.ask({2: with_parts(whole, parts)}).of(profile) or (0, 0)) > now

    return smallest(parts_between(whole, rich), enough)
