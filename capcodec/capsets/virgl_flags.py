"""The bits of capset 2's words of flags, as ``src/virgl_hw.h`` names them: VIRGL_CAP_COPY_IMAGE is 8."""

from __future__ import annotations

from .virgl import VIRGL_CAP, VIRGL_CAP_V2

globals().update({f"VIRGL_CAP_{name}": 1 << bit for bit, name in VIRGL_CAP.items()})
globals().update({f"VIRGL_CAP_V2_{name}": 1 << bit for bit, name in VIRGL_CAP_V2.items()})
