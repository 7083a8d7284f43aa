"""Capset 10, as in virglrenderer's ``src/apir_hw.h``: remoting of APIs other than graphics.

Read in dd369375 (2026-01-09) of virglrenderer's merge request 1590, which is in no release up to 1.3.0.
"""

from __future__ import annotations

from ..schema import Schema, struct, u32

virgl_renderer_capset_apir: Schema = struct(
    "virgl_renderer_capset_apir",
    u32("apir_version", "version of the protocol, 1"),
    u32("supports_blob_resources", "1 if the guest may use blob resources"),
    u32("reserved[4]", "not used"),
    doc="Capset 10, apir: API remoting",
    header="virglrenderer/src/apir_hw.h",
    capset_id=10,
)
