"""Messages of vhost-user: numbers, and layouts as C has them."""

from __future__ import annotations

import struct

from capcodec.vhost import protocol as vhost


def test_layouts():
    header = vhost.VhostUserHeader(request=24, flags=9)
    header["size"] = 28
    assert header.pack() == struct.pack("<3I", 24, 9, 28)
    assert vhost.VringState(index=1, num=2).pack() == struct.pack("<2I", 1, 2)
    parts = {"desc_user_addr": 3, "used_user_addr": 4, "avail_user_addr": 5, "log_guest_addr": 6}
    assert vhost.VringAddr(index=1, flags=2, **parts).pack() == struct.pack("<2I4Q", 1, 2, 3, 4, 5, 6)
    assert (vhost.MemoryTable.size, vhost.MemoryRegion.size, vhost.ConfigHeader.size) == (8, 32, 12)


def test_names():
    assert vhost.named(24) == "GET_CONFIG"
    assert vhost.named(33) == "GPU_SET_SOCKET"
    assert vhost.named(77) == "request 77"
    assert vhost.bits(0, 3, 9) == 0x209
