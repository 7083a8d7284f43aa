"""Capset 5, as in rutabaga's ``src/cross_domain/cross_domain_protocol.rs``: which sockets of the host a guest may use.

Read in rutabaga_gfx 8130b61c; ``src/cross_domain/component.rs`` fills it.
"""

from __future__ import annotations

from ..schema import Schema, struct, u32

CROSS_DOMAIN_CHANNEL_TYPE = {
    0x01: "WAYLAND",
    0x02: "CAMERA",
    0x10: "PIPEWIRE",
    0x11: "X11",
    0x12: "DBUS_SESSION",
    0x13: "DBUS_SYSTEM",
}

cross_domain_capabilities: Schema = struct(
    "CrossDomainCapabilities",
    u32("version", "version of the protocol, 1"),
    u32("supported_channels", "kinds of sockets: bit n for channel type n", flags=CROSS_DOMAIN_CHANNEL_TYPE),
    u32("supports_dmabuf", "1 if the host hands out images as dma-bufs"),
    u32("supports_external_gpu_memory", "1 if the guest can map the host's GPU memory"),
    doc="Capset 5, cross-domain: Wayland, PipeWire and other sockets of the host",
    header="rutabaga_gfx/src/cross_domain",
    capset_id=5,
)
