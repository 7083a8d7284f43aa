"""Capset 4: the layout against the compiler's word on upstream's history, and real captures."""

from __future__ import annotations

import struct

import pytest

import real_headers
from capcodec import VirglRendererCapsetVenus, captures
from recorded import load

REVISIONS = load("venus_drm_layout_history.json")["venus"]["revisions"]


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda revision: revision["commit"])
def test_every_recorded_revision_agrees(revision):
    theirs = {
        field["name"]: (field["offset"], 4 * field.get("count", 1), field["type"]) for field in revision["fields"]
    }
    ours = {
        field.path: (field.offset, field.size, "unsigned int")
        for field in VirglRendererCapsetVenus.fields.values()
        if field.end <= revision["size"]
    }
    assert ours == theirs
    assert revision["size"] in VirglRendererCapsetVenus.size_steps


@pytest.mark.parametrize("header", real_headers.headers("**/venus_hw.h"), indirect=True)
def test_a_real_header_lays_out_every_field_as_we_do(header):
    (size,) = real_headers.values(header, ["sizeof(struct virgl_renderer_capset_venus)"]).values()
    assert size in VirglRendererCapsetVenus.size_steps
    fields = [field for field in VirglRendererCapsetVenus.fields.values() if field.end <= size]
    touched = real_headers.touched(header, "struct virgl_renderer_capset_venus", [field.path for field in fields])
    for field, data in zip(fields, touched.values(), strict=True):
        assert data == bytes(field.offset) + b"\xff" * field.size + bytes(size - field.end), field
    assert sum(field.size for field in fields) == size


@pytest.mark.parametrize("name", captures.names(4))
def test_captured_venus(name):
    data = captures.load(name)
    caps = VirglRendererCapsetVenus.unpack(data)
    words = struct.unpack(f"<{len(data) // 4}I", data)
    assert caps.pack() == data
    assert [caps.vk_xml_version, *caps.vk_extension_mask1, caps.allow_vk_wait_syncs] == [words[1], *words[5:38]]
    assert caps.has_field("use_guest_vram") == (len(data) >= 160)
