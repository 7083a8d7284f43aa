"""The display: an EDID of one block, and the modes of the scanouts."""

from __future__ import annotations

from capcodec.vhost.display import display_info, edid


def test_sizes():
    """The fields are read in tests/vhost/test_device.py, and by a guest's kernel in tests/vhost/test_machine.py."""
    assert (len(edid()), len(display_info())) == (128, 16 * 24)
    assert edid()[8:10] == (3 << 10 | 1 << 5 | 3).to_bytes(2, "big"), "C, A, C"
    assert edid()[126] == 0, "no block follows"
