"""History of gfxstream's ``host/virtgpu_gfxstream_protocol.h``: which commit brought each field. Data only.

By name of the last field that a commit brought: the size after the commit, the commit and its date. gfxstream numbers
no releases that its hosts are known by, so no mark names one.
"""

from __future__ import annotations

from ..schema import since, step

_UNTIL_CC5A7F136 = {
    "colorBufferMemoryIndex": step(16, "cd14400a6", "2023-03-27"),
    "deferredMapping": since("4721513f8", "2023-04-04"),
    "blobAlignment": since("90b145cff", "2023-05"),
    "noRenderControlEnc": since("9928883b0", "2023-09"),
    "alwaysBlob": since("03e2dffc9", "2024-06"),
    "externalSync": since("cc5a7f136", "2024-07"),
}

VULKAN_CAPSET = {
    **_UNTIL_CC5A7F136,
    "virglSupportedFormats": step(100, "219d5093e", "2024-07-18"),
    "vulkanBatchedDescriptorSetUpdate": step(104, "b8ecec869", "2024-10-28"),
}

VULKAN_CAPSET_BEFORE_219D5093E = {
    **_UNTIL_CC5A7F136,
    "padding": step(84, "4721513f8", "2023-04-04"),
}

PLAIN_CAPSET = {
    "blobAlignment": since("defe6dd1e", "2023-09-13"),
}
