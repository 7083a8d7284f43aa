"""Capset 6: layouts against the compiler's word on upstream's history, and the union whose member a field tells."""

from __future__ import annotations

import random
import re

import pytest

import real_headers
from capcodec import UnknownFieldError, VirglRendererCapsetDrm, VirglRendererCapsetDrmIntel, define
from capcodec.capsets import drm
from recorded import load

REVISIONS = load("venus_drm_layout_history.json")["drm"]["revisions"]
TYPES = {"unsigned int": "u32", "long unsigned int": "u64", "char": "char"}
LAYOUTS = [VirglRendererCapsetDrm, *VirglRendererCapsetDrm.variants.values()]


def compiled(fields: list[dict], base: int = 0, prefix: str = ""):
    """Path, type, bit offset, bit size and count of every leaf, as the compiler laid them out."""
    for field in fields:
        path, count = prefix + field["name"], field.get("count")
        start = base + (field["bit_offset"] if "bit_offset" in field else field["offset"] * 8)
        if "fields" in field:
            yield from compiled(field["fields"], start, path + ".")
        else:
            yield path, TYPES[field["type"]], start, field.get("bit_size"), count


def described(cls):
    """The same of our layout, by path."""
    for field in cls.layout.leaves():
        count = list(field.dims) if len(field.dims) > 1 else (*field.dims, None)[0]
        yield field.path, (field.type, field.offset * 8 + field.shift, field.bits, count)


@pytest.mark.parametrize(
    "revision", REVISIONS, ids=lambda revision: f"{revision['commit']}-{revision['build_flag'] or 'plain'}"
)
def test_every_recorded_revision_agrees(revision):
    """Every field the compiler saw lies where ours does; what we have beyond that came later."""
    cls = VirglRendererCapsetDrm
    if revision["build_flag"]:
        cls = cls.variants[revision["build_flag"]]
    assert revision["size"] in cls.size_steps
    ours = dict(described(cls))
    theirs = {path: tuple(place) for path, *place in compiled(revision["fields"])}
    word = theirs.pop("u.amdgpu.__pad", None)
    if word is not None:
        # The word was padding whole, before one of its bits was named
        assert word in (("u32", 28 * 8, None, None), ("u32", 28 * 8 + 1, 31, None))
        assert ours["u.amdgpu.__pad"] == ("u32", 28 * 8 + 1, 31, None)
    assert {path: ours[path] for path in theirs} == theirs
    commits = [known["commit"] for known in REVISIONS]
    earlier = commits[: commits.index(revision["commit"])]
    for path in ours.keys() - theirs.keys() - {"u.amdgpu.__pad"}:
        assert cls.fields[path].since.commit not in earlier, path


def test_every_commit_of_the_header_brought_a_field():
    brought = {field.since.commit for field in VirglRendererCapsetDrm.layout.leaves()}
    assert {revision["commit"] for revision in REVISIONS} <= brought | {drm.drm_hw.UNION["intel"].commit}


def test_since_of_a_union_s_fields():
    """The size of the whole capset when the field came, though its bytes were there before it."""
    paths = ("pad", "u", "u.msm.gpu_id", "u.intel.pci_bus", "u.msm.has_raytracing")
    since = {path: VirglRendererCapsetDrm.fields[path].since for path in paths}
    assert {path: (brought.size, brought.release) for path, brought in since.items()} == {
        "pad": (24, "0.10.0"),
        "u": (80, "0.10.0"),
        "u.msm.gpu_id": (80, "0.10.0"),
        "u.intel.pci_bus": (160, "1.3.0"),
        "u.msm.has_raytracing": (160, "1.1.1"),
    }
    bit = VirglRendererCapsetDrm.variants["ENABLE_DRM_AMDGPU"].fields["u.amdgpu.has_vm_always_valid"].since
    assert (bit.size, bit.commit) == (592, "291a93aeed4a")


@pytest.mark.parametrize("header", real_headers.headers("**/drm_hw.h"), indirect=True)
def test_a_real_header_lays_out_every_field_as_we_do(header):
    text = header.read_text()
    (size,) = real_headers.values(header, ["sizeof(struct virgl_renderer_capset_drm)"]).values()
    assert size in VirglRendererCapsetDrm.size_steps
    asked = {
        field.path + ":bit" * (field.bits is not None): field
        for field in VirglRendererCapsetDrm.layout.leaves()
        if all(re.search(rf"\b{name}\b", text) for name in field.path.split(".")) and field.name != "__pad"
    }
    if "has_vm_always_valid" not in text:
        asked.pop("u.amdgpu.has_vm_always_valid:bit", None)
    for path, data in real_headers.touched(header, "struct virgl_renderer_capset_drm", list(asked)).items():
        field = asked[path]
        bits = (1 << (field.bits or 8 * field.size)) - 1 << 8 * field.offset + field.shift
        assert int.from_bytes(data, "little") == bits, field
    found = real_headers.macros(header, "VIRTGPU_DRM_CONTEXT_")
    ours = {f"VIRTGPU_DRM_CONTEXT_{name}": number for number, name in drm.VIRTGPU_DRM_CONTEXT.items()}
    assert found.items() <= ours.items()


@pytest.mark.parametrize("header", real_headers.headers("bookworm/libdrm-dev/amdgpu.h"), indirect=True)
@pytest.mark.parametrize("schema", [drm.amdgpu_gpu_info, drm.amdgpu_buffer_size_alignments])
def test_structs_of_libdrm(header, schema, monkeypatch):
    """libdrm 2.4.114 is Debian 12's."""
    monkeypatch.setenv("CPATH", str(header.parent))
    cls = define(schema)
    (size,) = real_headers.values(header, [f"sizeof(struct {cls.name})"]).values()
    assert size == cls.size
    fields = list(cls.fields.values())
    touched = real_headers.touched(header, f"struct {cls.name}", [field.path for field in fields])
    for field, data in zip(fields, touched.values(), strict=True):
        assert data == bytes(field.offset) + b"\xff" * field.size + bytes(size - field.end), field


@pytest.mark.parametrize("cls", LAYOUTS)
@pytest.mark.parametrize(("context_type", "member"), [(1, "msm"), (2, "amdgpu"), (3, "intel"), (4, None), (0, None)])
def test_a_union_shows_the_member_that_is_meant(cls, context_type, member):
    rng = random.Random(context_type)
    data = bytearray(rng.randbytes(cls.size))
    data[16:20] = context_type.to_bytes(4, "little")
    for length in range(cls.size + 1):
        caps = cls.unpack(data[:length])
        told = caps.to_dict()
        assert cls.view(bytes(data[:length])).to_dict() == told  # and what lies behind is not looked at
        assert cls.from_dict(told) == caps
        assert cls.from_json(caps.to_json()) == caps
        if length == cls.size:
            assert [key for key in told["u"] if key[0] != "_"] == ([member] if member else [])
    # In C all members can be read, whatever is meant, and so they can here
    assert caps.u.msm.gpu_id == caps["u.msm.gpu_id"] == int.from_bytes(data[48:52], "little")
    assert caps.u.intel.pci_device_id == int.from_bytes(data[44:48], "little")


def test_assigning_a_union():
    caps = VirglRendererCapsetDrm.zeros()
    caps.context_type = 3
    caps.u = {"intel": dict.fromkeys(VirglRendererCapsetDrmIntel.fields, 7)}
    assert caps.pack()[24:48] == (7).to_bytes(4, "little") * 6
    before = caps.pack()
    with pytest.raises(UnknownFieldError, match=r"drm.u: virgl_renderer_capset_drm_u \(intel\) has no field 'msm'"):
        caps.u = {"intel": caps.u.intel.to_dict(), "msm": {}}
    assert caps.pack() == before
    other = VirglRendererCapsetDrm.zeros()
    other.u = caps.u
    assert other.pack()[24:] == before[24:]
