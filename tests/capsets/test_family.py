"""Every capset but 1 and 2: layouts against the compiler's word on upstream's history, names, numbers."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
import textwrap

import pytest

import capcodec
from capcodec import (
    ArgumentError,
    SchemaError,
    UnknownFieldError,
    VirglCapsV1,
    VirglCapsV2,
    VirglRendererCapsetDrm,
    VirglRendererCapsetVenus,
    capset_for,
    captures,
)
from capcodec.registry import CAPSETS, find, guess
from capcodec.schema import since, step, struct, u32, u64, union
from real import missing
from recorded import load

HISTORY = load("venus_drm_layout_history.json")
TYPES = {"unsigned int": "u32", "long unsigned int": "u64", "char": "char"}
ALL = [cls for capset in CAPSETS.values() for cls in (capset.cls, *capset.cls.variants.values())]


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


def revisions():
    for kind, capset_id in (("venus", 4), ("drm", 6)):
        for revision in HISTORY[kind]["revisions"]:
            yield pytest.param(
                capset_id, revision, id=f"{kind}-{revision['commit']}-{revision['build_flag'] or 'plain'}"
            )


@pytest.mark.parametrize(("capset_id", "revision"), list(revisions()))
def test_every_revision_agrees(capset_id, revision):
    """Every field the compiler saw lies where ours does; what we have beyond that came later."""
    cls = capset_for(capset_id)
    if revision["build_flag"]:
        cls = cls.variants[revision["build_flag"]]
    assert revision["size"] in cls.size_steps
    ours = dict(described(cls))
    fields = revision["fields"]
    theirs = {path: tuple(place) for path, *place in compiled(fields)}
    word = theirs.pop("u.amdgpu.__pad", None)
    if word is not None:
        # The word was padding whole, before one of its bits was named
        assert word in (("u32", 28 * 8, None, None), ("u32", 28 * 8 + 1, 31, None))
        assert ours["u.amdgpu.__pad"] == ("u32", 28 * 8 + 1, 31, None)
    assert {path: ours[path] for path in theirs} == theirs
    commits = [known["commit"] for known in HISTORY["venus" if capset_id == 4 else "drm"]["revisions"]]
    later = commits[commits.index(revision["commit"]) :]
    for path in ours.keys() - theirs.keys() - {"u.amdgpu.__pad"}:
        assert cls.fields[path].since.commit in later, path


def test_since_of_a_union_s_fields():
    """The size of the whole capset when the field came, though its bytes were there before it."""
    sizes = {
        path: VirglRendererCapsetDrm.fields[path].since.size for path in ("pad", "u", "u.msm.gpu_id", "u.intel.pci_bus")
    }
    assert sizes == {"pad": 24, "u": 80, "u.msm.gpu_id": 80, "u.intel.pci_bus": 160}
    assert VirglRendererCapsetDrm.fields["u.msm.has_raytracing"].since.size == 160
    bit = VirglRendererCapsetDrm.variants["ENABLE_DRM_AMDGPU"].fields["u.amdgpu.has_vm_always_valid"].since
    assert (bit.size, bit.commit) == (592, "291a93aeed4a")


def test_every_commit_of_the_drm_header_brought_a_field():
    brought = {field.since.commit for field in VirglRendererCapsetDrm.layout.leaves()}
    intel = {"5295b403fcd3"}
    assert {revision["commit"] for revision in HISTORY["drm"]["revisions"]} == brought | intel


@pytest.mark.parametrize(
    ("capset_id", "sizes"),
    [
        (1, {288, 300, 304, 308}),
        (3, {16, 84, 100, 104}),
        (4, {16, 20, 148, 152, 156, 160}),
        (5, {16}),
        (6, {24, 80, 160, 592}),
        (7, {16}),
        (8, {16}),
        (9, {16}),
        (10, {24}),
    ],
)
def test_each_size_is_a_step_of_the_layout_or_of_a_variant(capset_id, sizes):
    cls = capset_for(capset_id)
    assert cls.capset_id == capset_id
    assert {*cls.size_steps}.union(*(variant.size_steps for variant in cls.variants.values())) == sizes
    for size in sizes:
        chosen = capset_for(capset_id, size)
        assert size in chosen.size_steps
        assert (chosen.variant_of or chosen) is cls


def test_a_variant_is_taken_only_where_its_size_tells():
    assert capset_for(6, 592) is VirglRendererCapsetDrm.variants["ENABLE_DRM_AMDGPU"]
    assert capset_for(3, 84).variant == "before-219d5093e"
    assert capset_for(2, 696) is VirglCapsV2  # not the swapped words of 0.9.0
    assert capset_for(6, 4096) is VirglRendererCapsetDrm


def test_names_lead_to_the_same_capset():
    names = [name for capset in CAPSETS.values() for name in capset.names]
    assert len(names) == len(set(names))
    for capset in CAPSETS.values():
        for name in capset.names:
            assert find(name) is capset
    assert find("VIRTIO_GPU_CAPSET_DRM").capset_id == find("RUTABAGA_CAPSET_DRM").capset_id == 6
    assert capset_for("gfxstream") is capset_for("gfxstream-vulkan")
    with pytest.raises(ArgumentError, match=r"no capset 'vulkan' is known; there are 1 virgl, .*10 apir"):
        capset_for("vulkan")


def test_numbers_of_the_kernel():
    """Those in the installed kernel header agree, as far as it goes."""
    source = "#include <linux/virtio_gpu.h>\n"
    found = subprocess.run(["cc", "-E", "-dM", "-"], input=source, capture_output=True, text=True)
    if found.returncode:
        missing("linux/virtio_gpu.h", "linux-libc-dev")
    defined = dict(line.split()[1:3] for line in found.stdout.splitlines() if "define VIRTIO_GPU_CAPSET_" in line)
    assert {"VIRTIO_GPU_CAPSET_VIRGL", "VIRTIO_GPU_CAPSET_VIRGL2"} <= defined.keys()
    for name, value in defined.items():
        assert find(name).capset_id == int(value)


def test_sizes_that_several_capsets_had_are_not_guessed():
    with pytest.raises(ArgumentError, match="160 bytes may be of capset 4 venus, 6 drm: say which it is"):
        guess(160)
    assert guess(592) is VirglRendererCapsetDrm.variants["ENABLE_DRM_AMDGPU"]
    assert guess(156) is VirglRendererCapsetVenus
    assert (guess(308), guess(380), guess(4096)) == (VirglCapsV1, VirglCapsV2, VirglCapsV2)


def test_capsets_of_another_package(tmp_path):
    package = tmp_path / "elsewhere.py"
    package.write_text("from capcodec.schema import struct, u32\nmine = struct('mine', u32('a'), capset_id=60)\n")
    info = tmp_path / "elsewhere-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[capcodec.capsets]\nmine = elsewhere:mine\n")
    code = """
        import sys; sys.path.insert(0, sys.argv[1])
        from capcodec import capset_for
        assert capset_for(60) is capset_for("mine") and capset_for(60).fields["a"].end == 4
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(tmp_path)], check=True, cwd=tmp_path)
    (info / "entry_points.txt").write_text("[capcodec.capsets]\nmine = elsewhere:struct\n")
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)], capture_output=True, text=True, cwd=tmp_path
    )
    assert "entry point mine = elsewhere:struct leads to no schema of a capset" in result.stderr


@pytest.mark.parametrize("name", captures.names(4))
def test_captured_venus(name):
    data = captures.load(name)
    caps = VirglRendererCapsetVenus.unpack(data)
    words = [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4)]
    assert caps.pack() == data
    assert [caps.vk_xml_version, *caps.vk_extension_mask1, caps.allow_vk_wait_syncs] == [words[1], *words[5:38]]
    assert caps.has_field("use_guest_vram") == (len(data) == 160)


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_random_bytes_round_trip(cls):
    rng = random.Random(cls.size)
    for length in {*cls.size_steps, *range(0, cls.size + 9, 7)}:
        data = rng.randbytes(length)
        caps = cls.unpack(data)
        assert caps.pack() == data
        assert cls.from_dict(caps.to_dict()) == caps
        assert cls.from_json(caps.to_json()) == caps
        assert pickle.loads(pickle.dumps(caps)) == caps
    assert pickle.loads(pickle.dumps(cls.variant_of or cls)) is (cls.variant_of or cls)


@pytest.mark.parametrize("cls", [VirglRendererCapsetDrm, *VirglRendererCapsetDrm.variants.values()])
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
    caps.u = {"intel": dict.fromkeys(capcodec.VirglRendererCapsetDrmIntel.fields, 7)}
    assert caps.pack()[24:48] == (7).to_bytes(4, "little") * 6
    before = caps.pack()
    with pytest.raises(UnknownFieldError, match=r"drm.u: virgl_renderer_capset_drm_u \(intel\) has no field 'msm'"):
        caps.u = {"intel": caps.u.intel.to_dict(), "msm": {}}
    assert caps.pack() == before
    other = VirglRendererCapsetDrm.zeros()
    other.u = caps.u
    assert other.pack()[24:] == before[24:]


grown = union("grown", u32("a"), step(4, "1"), u64("b"), step(8, "2"))


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: struct("s", grown("g"), u32("x")), "s.g: grown still grows, and would push what follows it"),
        (lambda: struct("s", grown("g[2]")), "s.g: grown still grows"),
        (lambda: struct("s", grown("g"), step(8)), "s.g: grown still grows"),
        (lambda: union("u", grown("g")), "u.g: grown still grows"),
        (lambda: union("u", u32("a"), step(8)), "a step of 8 bytes does not fall on the end of a field; with a .* 4"),
        (lambda: union("u", u64("a"), step(4), u32("b"), since("1")), "u has 8 bytes, but its last step is 4"),
        (lambda: union("u", u32("a:1")), "u.a: the offset of a bitfield cannot be chosen"),
        (lambda: struct("s", grown("g", select=("k", {1: "a"}))), "s.g: no unsigned field 'k' before it"),
        (
            lambda: struct("s", u32("k"), grown("g", select=("k", {1: "c"}))),
            "s.g: k 1 selects 'c', which grown has not",
        ),
        (lambda: struct("s", u32("k"), grown("g[2]", select=("k", {1: "a"}))), "s.g: only a single union has members"),
    ],
)
def test_unions_that_are_refused(declare, message):
    with pytest.raises(SchemaError, match=message):
        capcodec.define(declare())


def test_a_struct_grows_with_its_last_member():
    cls = capcodec.define(struct("s", u64("k"), step(8), grown("g", select=("k", {1: "a", 2: "b"}))))
    assert cls.size_steps == (8, 12, 16)
    assert [cls.fields[path].since.size for path in ("k", "g", "g.a", "g.b")] == [8, 12, 12, 16]
    assert cls.unpack(b"\1" + bytes(15)).to_dict() == {"k": 1, "g": {"a": 0}}
    assert cls.unpack(b"\2" + bytes(11)).to_dict() == {"k": 2, "_valid_size": 12, "_partial": bytes(4)}
