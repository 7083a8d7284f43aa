"""Bytes with some of their words replaced."""

from __future__ import annotations

import struct


def edited(data: bytes, *words: tuple[int, int]) -> bytes:
    """The bytes, but for 32-bit words at some offsets."""
    made = bytearray(data)
    for offset, value in words:
        struct.pack_into("<I", made, offset, value)
    return bytes(made)
