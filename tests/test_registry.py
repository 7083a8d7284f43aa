"""The capsets by number, name and size."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
import textwrap

import pytest

import real_headers
from capcodec import (
    ArgumentError,
    VirglCapsV1,
    VirglCapsV2,
    VirglRendererCapsetDrm,
    VirglRendererCapsetVenus,
    capset_for,
)
from capcodec.registry import CAPSETS, find, guess

ALL = [cls for capset in CAPSETS.values() for cls in (capset.cls, *capset.cls.variants.values())]


def test_capsets_are_kept_by_the_number_of_their_schema():
    assert list(CAPSETS) == list(range(1, len(CAPSETS) + 1))
    for number, capset in CAPSETS.items():
        assert capset.capset_id == capset.cls.capset_id == capset.schema.capset_id == number
    with pytest.raises(KeyError):
        CAPSETS[0]


@pytest.mark.parametrize("header", real_headers.headers("*/*/virtio_gpu.h"), indirect=True)
def test_numbers_of_the_kernel(header):
    """Of several kernels: newer ones name more."""
    found = real_headers.macros(header, "VIRTIO_GPU_CAPSET_")
    assert {"VIRTIO_GPU_CAPSET_VIRGL", "VIRTIO_GPU_CAPSET_VIRGL2"} <= found.keys()
    assert {name: find(name).capset_id for name in found} == found


@pytest.mark.parametrize("header", real_headers.headers("*/*/virtgpu_drm.h"), indirect=True)
def test_numbers_of_drm(header, monkeypatch):
    monkeypatch.setenv("CPATH", str(header.parents[1] / "libdrm-dev"))  # it includes drm.h
    found = real_headers.macros(header, "VIRTGPU_DRM_CAPSET_")
    assert found or "CAPSET_VENUS" not in header.read_text()
    assert {name: find(name).capset_id for name in found} == found


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
    """A capset that grows has more by and by."""
    cls = capset_for(capset_id)
    assert cls.capset_id == capset_id
    assert {*cls.size_steps}.union(*(variant.size_steps for variant in cls.variants.values())) >= sizes
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
