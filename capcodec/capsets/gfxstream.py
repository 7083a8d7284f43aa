"""Capsets 3, 7, 8 and 9, as in gfxstream's ``host/virtgpu_gfxstream_protocol.h``: one for each API it streams.

Layouts, commits and dates: the header's history in gfxstream up to 9fcff254 (2025-06-12). Until 219d5093e the capset
of Vulkan carried unused words at its end, which fields were then carved from.
"""

from __future__ import annotations

from ..schema import Member, Schema, since, step, struct, u32, variant

HEADER = "gfxstream/host/virtgpu_gfxstream_protocol.h"


def _start() -> tuple[Member, Member, Member]:
    return (
        u32("protocolVersion", "of the streaming protocol, 1"),
        u32("ringSize", "of the command ring, 12288", unit="bytes"),
        u32("bufferSize", "of the command buffer, 1048576", unit="bytes"),
    )


_BLOB_ALIGNMENT = u32("blobAlignment", "of blob resources, the host's page size", unit="bytes")

_UNTIL_CC5A7F136 = (
    *_start(),
    u32("colorBufferMemoryIndex", "Vulkan memory type for color buffers; padding before d22867a74"),
    step(16, "cd14400a6", "2023-03-27"),
    u32("deferredMapping", "memory is mapped into the guest when it is first used"),
    since("4721513f8", "2023-04-04"),
    _BLOB_ALIGNMENT,
    since("90b145cff", "2023-05"),
    u32("noRenderControlEnc", "no GLES render control"),
    since("9928883b0", "2023-09"),
    u32("alwaysBlob", "every resource is a blob"),
    since("03e2dffc9", "2024-06"),
    u32("externalSync", "fences can leave the host"),
    since("cc5a7f136", "2024-07"),
)

vulkan_capset = struct(
    "vulkanCapset",
    *_UNTIL_CC5A7F136,
    u32("virglSupportedFormats[16]", "bit f % 32 of word f / 32 for VIRGL_FORMAT f", meaning="virgl_format_mask"),
    step(100, "219d5093e", "2024-07-18"),
    u32("vulkanBatchedDescriptorSetUpdate", "descriptor sets are updated in batches"),
    step(104, "b8ecec869", "2024-10-28"),
    doc="Capset 3, gfxstream-vulkan",
    header=HEADER,
    capset_id=3,
)

variant(
    vulkan_capset,
    "before-219d5093e",
    "with unused words at its end instead of virglSupportedFormats, from 4721513f8 (2023-04-04) to cc5a7f136 (2024-07)",
    *_UNTIL_CC5A7F136,
    u32("padding[12]", "not used"),
    step(84, "4721513f8", "2023-04-04"),
)


def _plain(name: str, capset_id: int, doc: str) -> Schema:
    return struct(
        name,
        *_start(),
        _BLOB_ALIGNMENT,
        since("defe6dd1e", "2023-09-13"),
        doc=doc,
        header=HEADER,
        capset_id=capset_id,
    )


magma_capset = _plain("magmaCapset", 7, "Capset 7, magma; rutabaga's own magma sends none of it, 0 bytes")
gles_capset = _plain("glesCapset", 8, "Capset 8, gfxstream-gles")
composer_capset = _plain("composerCapset", 9, "Capset 9, gfxstream-composer")
