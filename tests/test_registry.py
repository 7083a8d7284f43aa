"""The capsets by number, name and size."""

from __future__ import annotations

import gc
import importlib
import pickle
import random
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import capcodec
import real_headers
from capcodec import (
    ArgumentError,
    BufferAccessError,
    VirglCapsV1,
    VirglCapsV2,
    VirglRendererCapsetDrm,
    VirglRendererCapsetVenus,
    capset_for,
)
from capcodec.registry import CAPSETS, class_named, decoded, find, guess
from liars import Int, Str

ALL = [cls for capset in CAPSETS.values() for cls in (capset.cls, *capset.cls.variants.values())]


def test_capsets_are_kept_by_the_number_of_their_schema():
    assert list(CAPSETS) == list(range(1, len(CAPSETS) + 1))
    for number, capset in CAPSETS.items():
        assert capset.capset_id == capset.cls.capset_id == capset.schema.capset_id == number
    assert repr(CAPSETS[4]) == "<Capset 4 venus>"
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
    for target, message in (
        ("elsewhere:struct", "ArgumentError: entry point mine = elsewhere:struct leads to no schema of a capset"),
        ("nowhere:mine", "ArgumentError: entry point mine = nowhere:mine cannot be loaded: ModuleNotFoundError("),
    ):
        (info / "entry_points.txt").write_text(f"[capcodec.capsets]\nmine = {target}\n")
        result = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)], capture_output=True, text=True, cwd=tmp_path
        )
        assert message in result.stderr


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


def test_numbers_and_names_are_taken_for_what_they_are():
    """A subclass of int or str says nothing by its comparisons."""
    assert capset_for(Int(6)) is capset_for(True + 5) is VirglRendererCapsetDrm
    assert capset_for(Str("venus")) is VirglRendererCapsetVenus
    assert capset_for(6, Int(592)).variant == "ENABLE_DRM_AMDGPU"
    assert guess(Int(308)) is VirglCapsV1
    for wrong in (Int(77), Str("nothing"), 0, -1, 10**5000, None, 6.0, b"venus", ["venus"], object()):
        with pytest.raises(ArgumentError, match="no capset .* is known; there are 1 virgl"):
            find(wrong)
    for size in ("380", -1, 3.5, object()):
        with pytest.raises(ArgumentError, match="expected a number of bytes, got"):
            capset_for(2, size)
        with pytest.raises(ArgumentError, match="expected a number of bytes, got"):
            guess(size)


def test_classes_by_name():
    assert class_named("VirglCapsV2") is VirglCapsV2
    assert class_named("VirglRendererCapsetDrm[ENABLE_DRM_AMDGPU]").variant == "ENABLE_DRM_AMDGPU"
    assert class_named("VirglRendererCapsetDrmMsm") is type(VirglRendererCapsetDrm().u.msm)
    assert class_named("Nothing") is None


def test_bytes_and_instances_are_decoded(newest):
    caps = decoded(newest)
    assert type(caps) is VirglCapsV2
    assert caps.pack() == newest
    assert decoded(caps) is caps
    assert type(decoded(caps, 1)) is VirglCapsV1
    assert decoded(caps, 1).tail == newest[VirglCapsV1.size :]
    assert type(decoded(memoryview(newest)[:308])) is VirglCapsV1
    released = memoryview(newest)
    released.release()
    for wrong in (released, "text", None, 308):
        with pytest.raises(BufferAccessError, match="capset: expected the bytes of one, got"):
            decoded(wrong)


def test_capsets_of_a_package_that_comes_and_goes(tmp_path, monkeypatch):
    (tmp_path / "passing.py").write_text(
        "from capcodec.schema import struct, u32\ns = struct('s', u32('a'), capset_id=61)\n"
    )
    info = tmp_path / "passing-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: passing\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[capcodec.capsets]\npassing = passing:s\n")
    with monkeypatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        cls = capset_for("passing")
        number = id(cls)
        del cls
        gc.collect()
        assert id(capset_for(61)) == number, "the class is the same each time, though nobody kept it"
        for target, message in (("passing:struct", "leads to no schema of a capset"), ("gone:s", "cannot be loaded")):
            (info / "entry_points.txt").write_text(f"[capcodec.capsets]\npassing = {target}\n")
            importlib.invalidate_caches()
            with pytest.raises(ArgumentError, match=f"entry point passing = {target} {message}"):
                find("passing")
    with pytest.raises(ArgumentError, match="no capset 'passing' is known"):
        find("passing")


FIRST_USE = """
import sys, threading
sys.path.insert(0, sys.argv[1])
sys.setswitchinterval(1e-6)
import capcodec
from capcodec import registry
from capcodec.structs.layout import layout_of

NAMES = [name for capset in registry.CAPSETS._capsets for name in (capset.name, *capset.aliases)]
start, found, errors = threading.Barrier(8), [[] for _ in range(8)], []

def use(number):
    start.wait()
    try:
        for name in NAMES[number:] + NAMES[:number]:
            cls = capcodec.capset_for(name)
            variants = [cls.variants[variant] for variant in cls.variants]
            inner = [capcodec.define(field.layout.schema) for field in cls.fields.values() if field.layout]
            layouts = [layout_of(cls.layout.schema), *(layout_of(made.layout.schema) for made in variants)]
            assert getattr(capcodec, cls.__name__) is cls
            assert [layout is made.layout for layout, made in zip(layouts, [cls, *variants])]
            caps = cls.unpack(bytes(range(200)))
            assert cls.from_dict(caps.to_dict()).pack() == caps.pack()
            found[number].append((name, cls, *variants, *inner, *layouts, registry.find(name)))
    except BaseException as error:
        errors.append(error)
        raise

threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
different = {tuple(sorted((name, *map(id, made)) for name, *made in one)) for one in found}
print(len(errors), len(different), len(found[0]) == len(NAMES))
"""


def test_first_use_from_many_threads_gives_one_object(pytestconfig):
    """Every capset, its variants, its nested structs and their layouts, in fresh processes; see ``--processes``."""
    site = str(Path(capcodec.__file__).parent.parent)
    for _ in range(pytestconfig.getoption("processes")):
        result = subprocess.run([sys.executable, "-c", FIRST_USE, site], capture_output=True, text=True)
        assert (result.stdout, result.stderr) == ("0 1 True\n", "")
