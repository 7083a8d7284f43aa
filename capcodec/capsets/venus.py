"""Capset 4, as in virglrenderer's ``src/venus_hw.h``: what a Vulkan guest is told.

Layout: virglrenderer d1d572ef4d3e, since which the header calls it stable; growth: its history, tags to 1.3.0.
``wire_format_version`` is 0 where the host failed, or has no render server: an all-zero capset looks like success.
"""

from __future__ import annotations

from ..schema import step, struct, u32

HEADER = "virglrenderer/src/venus_hw.h"

virgl_renderer_capset_venus = struct(
    "virgl_renderer_capset_venus",
    u32("wire_format_version", "1 when the host filled it; 0, and a guest gives up"),
    u32("vk_xml_version", "Vulkan registry that the host was built with", meaning="vk_version"),
    u32("vk_ext_command_serialization_spec_version", "of VK_EXT_command_serialization"),
    u32("vk_mesa_venus_protocol_spec_version", "of VK_MESA_venus_protocol"),
    step(16, "6c31f853", "2020-07-17", "0.9.0"),
    u32("supports_blob_id_0", "blob resources without a Vulkan object; guests insist on it"),
    step(20, "a2a30dee", "2021-11-11", "0.10.0"),
    u32(
        "vk_extension_mask1[32]",
        "bit n % 32 of word n / 32 is set if extension number n is allowed; "
        "bit 0 of word 0 says that the masks are valid, and without it all extensions are",
        meaning="vk_extension_mask",
    ),
    step(148, "222b377a", "2022-04-04", "0.10.0"),
    u32("allow_vk_wait_syncs", "vkWaitForFences and its kin may block on the host; guests insist on it"),
    step(152, "16a68ed5", "2022-05-31", "0.10.0"),
    u32("supports_multiple_timelines", "a fence timeline for each queue; guests insist on it"),
    step(156, "fe0cd13b", "2022-11-07", "0.10.4"),
    u32("use_guest_vram", "host-visible memory is allocated by the guest"),
    step(160, "1b9067d7", "2023-10-30", "1.0.1"),
    doc="Capset 4, venus: Vulkan",
    header=HEADER,
    capset_id=4,
)
