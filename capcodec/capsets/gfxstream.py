"""Capsets 3, 7, 8 and 9, as in gfxstream's ``host/virtgpu_gfxstream_protocol.h``: one for each API that it streams.

Read up to gfxstream 9fcff254 (2025-06-12). Until 219d5093e the capset of Vulkan had unused words at its end, and new
fields took the place of some of them.
"""

from __future__ import annotations

from ..schema import Member, Schema, struct, u32, variant
from . import virtgpu_gfxstream_protocol as protocol

HEADER = "gfxstream/host/virtgpu_gfxstream_protocol.h"

_START = (
    u32("protocolVersion", "version of the streaming protocol, 1"),
    u32("ringSize", "size of the command ring, 12288", unit="bytes"),
    u32("bufferSize", "size of the command buffer, 1048576", unit="bytes"),
)
_BLOB_ALIGNMENT = u32("blobAlignment", "alignment of blob resources: the host's page size", unit="bytes")
_VULKAN: tuple[Member, ...] = (
    *_START,
    u32("colorBufferMemoryIndex", "index of the Vulkan memory type for color buffers; padding before d22867a74"),
    u32("deferredMapping", "1 if the host maps memory into the guest when the guest first uses it"),
    _BLOB_ALIGNMENT,
    u32("noRenderControlEnc", "1 if the guest cannot control GLES rendering"),
    u32("alwaysBlob", "1 if every resource is a blob"),
    u32("externalSync", "1 if fences can be exported from the host"),
)

vulkan_capset: Schema = struct(
    "vulkanCapset",
    *_VULKAN,
    u32("virglSupportedFormats[16]", "bit f % 32 of word f / 32 for VIRGL_FORMAT f", meaning="virgl_format_mask"),
    u32("vulkanBatchedDescriptorSetUpdate", "1 if the guest may update descriptor sets in batches"),
    doc="Capset 3, gfxstream-vulkan",
    header=HEADER,
    capset_id=3,
    history=protocol.VULKAN_CAPSET,
)

variant(
    vulkan_capset,
    "before-219d5093e",
    "unused words at its end instead of virglSupportedFormats, from 4721513f8 (2023-04-04) to cc5a7f136 (2024-07)",
    *_VULKAN,
    u32("padding[12]", "not used"),
    history=protocol.VULKAN_CAPSET_BEFORE_219D5093E,
)


def _plain(name: str, capset_id: int, doc: str) -> Schema:
    return struct(
        name,
        *_START,
        _BLOB_ALIGNMENT,
        doc=doc,
        header=HEADER,
        capset_id=capset_id,
        history=protocol.PLAIN_CAPSET,
    )


magma_capset: Schema = _plain("magmaCapset", 7, "Capset 7, magma; rutabaga's own magma sends 0 bytes")
gles_capset: Schema = _plain("glesCapset", 8, "Capset 8, gfxstream-gles")
composer_capset: Schema = _plain("composerCapset", 9, "Capset 9, gfxstream-composer")
