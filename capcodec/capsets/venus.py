"""Capset 4, as in virglrenderer's ``src/venus_hw.h``: what the host tells a Vulkan guest.

``wire_format_version`` is 0 where the host failed or has no render server. The guest's kernel reports success all the
same, with a capset of zeros.
"""

from __future__ import annotations

from ..schema import EITHER, SMALLER, Schema, own, struct, u32
from . import venus_hw

# Extensions of venus-protocol's own, which the Vulkan registry does not name
VENUS_EXTENSIONS = {384: "VK_EXT_command_serialization", 385: "VK_MESA_venus_protocol"}

virgl_renderer_capset_venus: Schema = struct(
    "virgl_renderer_capset_venus",
    u32(
        "wire_format_version",
        "1 if the host filled the capset; with 0 a guest gives up",
        less=own("same", "a guest takes its own version alone, and gives up with 0"),
    ),
    u32(
        "vk_xml_version",
        "version of the Vulkan registry that the host was built with",
        meaning="vk_version",
        less=SMALLER,
    ),
    u32("vk_ext_command_serialization_spec_version", "version of VK_EXT_command_serialization", less=SMALLER),
    u32("vk_mesa_venus_protocol_spec_version", "version of VK_MESA_venus_protocol", less=SMALLER),
    u32("supports_blob_id_0", "1 if a blob resource needs no Vulkan object; a guest gives up without it", less=SMALLER),
    u32(
        "vk_extension_mask1[32]",
        "bit n % 32 of word n / 32 is set if the host allows extension number n; "
        "bit 0 of word 0 says that the masks are valid, and without it the host allows all extensions",
        meaning="vk_extension_mask",
        less=own("allowed", "what all hosts allow; those without bit 0 of word 0 allow all"),
    ),
    u32(
        "allow_vk_wait_syncs",
        "1 if vkWaitForFences and the like may block on the host; a guest gives up without it",
        less=SMALLER,
    ),
    u32(
        "supports_multiple_timelines",
        "1 if each queue has its own fence timeline; a guest gives up without it",
        less=SMALLER,
    ),
    u32("use_guest_vram", "1 if the guest must allocate host-visible memory itself", less=EITHER),
    doc="Capset 4, venus: Vulkan",
    header="virglrenderer/src/venus_hw.h",
    capset_id=4,
    history=venus_hw.VIRGL_RENDERER_CAPSET_VENUS,
)
