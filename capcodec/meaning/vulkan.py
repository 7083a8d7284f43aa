"""Vulkan's numbers: versions and extensions."""

from __future__ import annotations

from functools import cache

from .tables import rows
from .walk import bits_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


# Numbers that the registry keeps free, and venus-protocol uses for its own
VENUS_EXTENSIONS = {384: "VK_EXT_command_serialization", 385: "VK_MESA_venus_protocol"}


@cache
def extension_names() -> Mapping[int, str]:
    """Names of extensions by number, without those that are reserved only."""
    return {**{int(number): name for number, name in rows("vulkan_extensions.tsv")}, **VENUS_EXTENSIONS}


def extension_numbers(words: Iterable[int]) -> list[int] | None:
    """The extensions that a venus mask allows; None if it says that all are, by the clear bit 0 of its first word."""
    numbers = bits_of(words)
    return numbers[1:] if numbers[:1] == [0] else None


def version(packed: int) -> str:
    """``1.3.228`` of a packed version: 3 bits of variant, 7 of major, 10 of minor, 12 of patch."""
    text = f"{packed >> 22 & 0x7F}.{packed >> 12 & 0x3FF}.{packed & 0xFFF}"
    return f"{text} (variant {packed >> 29})" if packed >> 29 else text
