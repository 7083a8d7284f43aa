"""Capset 5: the layout, and the names of its channels."""

from __future__ import annotations

import struct

from capcodec import CrossDomainCapabilities


def test_four_words_and_the_names_of_channels():
    """Values of rutabaga's cross_domain_protocol.rs."""
    caps = CrossDomainCapabilities.unpack(struct.pack("<4I", 1, 1 << 1 | 1 << 0x10, 1, 0))
    assert caps.to_dict() == {
        "version": 1,
        "supported_channels": 1 << 1 | 1 << 0x10,
        "supports_dmabuf": 1,
        "supports_external_gpu_memory": 0,
    }
    flags = CrossDomainCapabilities.fields["supported_channels"].flags
    assert {name: bit for bit, name in flags.items()} == {
        "WAYLAND": 1, "CAMERA": 2, "PIPEWIRE": 0x10, "X11": 0x11, "DBUS_SESSION": 0x12, "DBUS_SYSTEM": 0x13,
    }  # fmt: skip


def test_it_has_no_history():
    assert {field.since for field in CrossDomainCapabilities.fields.values()} == {None}
