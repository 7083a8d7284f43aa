"""Capset 10: the layout."""

from __future__ import annotations

import struct

from capcodec import capset_for


def test_six_words():
    """As struct virgl_renderer_capset_apir of virglrenderer dd369375."""
    caps = capset_for("apir").unpack(struct.pack("<6I", 1, 1, 2, 3, 4, 5))
    assert (caps.apir_version, caps.supports_blob_resources, list(caps.reserved)) == (1, 1, [2, 3, 4, 5])
    assert (caps.valid_size, caps.tail) == (24, b"")
