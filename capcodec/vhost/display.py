"""The display of a device that shows nothing: its modes, and the EDID by which a monitor describes itself."""

from __future__ import annotations

WIDTH, HEIGHT = 1024, 768
EDID_SIZE = 1024  # bytes that an answer has room for
BLOCK = 128  # bytes of an EDID without extensions
SCANOUTS = 16

HEAD = bytes.fromhex("00ffffffffffff00")
MAKER = bytes.fromhex("0c23") + bytes(8)  # "CAC", and no product, serial number or date
VERSION_1_4 = b"\1\4"
DIGITAL = bytes.fromhex("a5000078 06")  # 8 bits a color, no size, gamma 2.2, sRGB and a preferred mode
COLORS = bytes.fromhex("ee91a3544c99260f5054")  # those of sRGB
NO_OTHER_MODES = bytes(3) + b"\1" * 16
# 1024x768 at 60 Hz: VESA's timing, 65 MHz
TIMING = bytes.fromhex("6419 00 40 41 00 26 30 18 88 36 00 00 00 00 00 00 18")
NO_DESCRIPTOR = bytes.fromhex("000000100000") + bytes(12)


def edid() -> bytes:
    """An EDID of one block, 128 bytes, with its checksum."""
    block = HEAD + MAKER + VERSION_1_4 + DIGITAL + COLORS + NO_OTHER_MODES + TIMING + 3 * NO_DESCRIPTOR + b"\0"
    return block + bytes([-sum(block) % 256])


def display_info() -> bytes:
    """The modes of all scanouts: x, y, width, height, enabled, flags of each; the first one is enabled."""
    words = (0, 0, WIDTH, HEIGHT, 1, 0)
    return b"".join(word.to_bytes(4, "little") for word in words).ljust(SCANOUTS * 24, b"\0")
