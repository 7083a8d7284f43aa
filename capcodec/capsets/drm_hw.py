"""History of virglrenderer's ``src/drm_hw.h``: which commit brought each field. Data only.

By name of the last field that a commit brought: the size after the commit, the commit, its author date, and the first
release tag that contains it. The sizes are gcc's, of every revision of the header up to release 1.3.0, compiled without
and with ENABLE_DRM_AMDGPU.
"""

from __future__ import annotations

from ..schema import since, step

MSM = {
    "max_freq": since("b481690448aa", "2022-02-01", "0.10.0"),
    "highest_bank_bit": since("6bea22eb30f4", "2023-12-07", "1.1.0"),
    "uche_trap_base": since("72fbdfb165dc", "2025-01-31", "1.1.1"),
}

AMDGPU = {
    "address32_hi": since("d27e04e8be6a", "2023-10-06", "1.1.0"),
    "has_vm_always_valid": since("291a93aeed4a", "2025-10-22", "1.3.0"),
    "marketing_name": since("d27e04e8be6a", "2023-10-06", "1.1.0"),
}

UNION = {
    "msm": step(56, "b481690448aa", "2022-02-01", "0.10.0"),
    "amdgpu": step(136, "d27e04e8be6a", "2023-10-06", "1.1.0"),
    "intel": since("5295b403fcd3", "2023-02-16", "1.3.0"),
}

UNION_WITH_ENABLE_DRM_AMDGPU = {
    "msm": step(56, "b481690448aa", "2022-02-01", "0.10.0"),
    "amdgpu": step(568, "d27e04e8be6a", "2023-10-06", "1.1.0"),
    "intel": since("5295b403fcd3", "2023-02-16", "1.3.0"),
}

VIRGL_RENDERER_CAPSET_DRM = {
    "pad": step(24, "7f9e2d8a61d8", "2022-03-19", "0.10.0"),
}
