"""History of virglrenderer's ``src/venus_hw.h``: which commit brought each field. Data only.

By name of the last field that a commit brought: the size after the commit, the commit, its author date, and the first
release tag that contains it. Before d1d572ef4d3e (2023-11-30) the header did not call the layout stable.
"""

from __future__ import annotations

from ..schema import step

VIRGL_RENDERER_CAPSET_VENUS = {
    "vk_mesa_venus_protocol_spec_version": step(16, "6c31f85330bb", "2020-07-17", "0.9.1"),
    "supports_blob_id_0": step(20, "a2a30dee0b42", "2021-11-11", "0.10.0"),
    "vk_extension_mask1": step(148, "222b377a0295", "2022-04-04", "0.10.0"),
    "allow_vk_wait_syncs": step(152, "16a68ed5d267", "2022-05-31", "0.10.0"),
    "supports_multiple_timelines": step(156, "fe0cd13ba6f6", "2022-11-07", "0.10.4"),
    "use_guest_vram": step(160, "1b9067d7ba66", "2023-10-30", "1.0.1"),
}
