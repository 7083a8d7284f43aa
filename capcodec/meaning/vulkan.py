"""Numbers of Vulkan in words: versions and extensions."""

from __future__ import annotations

from ..capsets.venus import VENUS_EXTENSIONS
from ..capsets.vk_xml import EXTENSIONS
from .walk import bits_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# By number. Numbers that are only reserved have no name.
EXTENSION_NAMES: Mapping[int, str] = {**EXTENSIONS, **VENUS_EXTENSIONS}


def extension_numbers(words: Iterable[int]) -> list[int] | None:
    """The extensions that a venus mask allows; None if it allows all, which a clear bit 0 of its first word says."""
    numbers = bits_of(words)
    return numbers[1:] if numbers[:1] == [0] else None


def version(packed: int) -> str:
    """``1.3.228`` of a packed version: 3 bits of variant, 7 of major, 10 of minor, 12 of patch."""
    text = f"{packed >> 22 & 0x7F}.{packed >> 12 & 0x3FF}.{packed & 0xFFF}"
    return f"{text} (variant {packed >> 29})" if packed >> 29 else text
