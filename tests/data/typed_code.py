"""A user's code. Each line that ends in `# wrong` is an error to a type checker, and no other line is."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import assert_type

from capcodec import (
    Answers,
    Array,
    Batch,
    Struct,
    VirglCapsBoolSet1,
    VirglCapsV1,
    VirglCapsV2,
    VirglRendererCapsetDrm,
    VirglRendererCapsetVenus,
    VirglSupportedFormatMask,
    VirglVideoCaps,
    capset_for,
    diff,
    gl,
    lint,
    min_copy,
)
from capcodec.classes import VirglRendererCapsetDrmMsm
from capcodec.meaning.gl import Verdict
from capcodec.structs.field import Field


def right(caps: VirglCapsV2, blob: bytes) -> None:
    assert_type(caps.max_samples, int)
    assert_type(caps.v1, VirglCapsV1)
    assert_type(caps.v1.max_samples, int)
    assert_type(caps.bset, VirglCapsBoolSet1)
    assert_type(caps.bset.has_fp64, int)
    assert_type(caps.max_anisotropy, float)
    assert_type(caps.renderer, bytes)
    assert_type(caps.video_caps, Array[VirglVideoCaps])
    assert_type(caps.video_caps[3].max_width, int)
    assert_type(caps.sampler, VirglSupportedFormatMask)
    assert_type(caps.sampler.bitmask, Array[int])
    assert_type(caps.sampler.bitmask[0], int)
    assert_type(caps.sampler.bitmask[:2], list[int])
    assert_type([entry.profile for entry in caps.video_caps], list[int])
    assert_type(VirglCapsV2.max_samples, Field)
    assert_type(VirglCapsV2.max_samples.doc, str)
    assert_type(VirglCapsV2.unpack(blob), VirglCapsV2)
    assert_type(VirglCapsV2.from_dict({"v1": caps.v1}), VirglCapsV2)
    assert_type(VirglCapsV2.capset_id, int)
    assert_type(Batch(VirglCapsV2, blob, 1408)[0], VirglCapsV2)
    assert_type(gl(blob), Verdict)
    assert_type(gl(Batch(VirglCapsV2, blob, 1408)), Answers[Verdict])
    assert_type(gl(Batch(VirglCapsV2, blob, 1408))[0], Verdict)
    assert_type(VirglRendererCapsetDrm().u.msm, VirglRendererCapsetDrmMsm)
    caps.max_samples = 8
    caps.bset.has_fp64 = True
    caps.max_anisotropy = 16
    caps.renderer = bytearray(b"a GPU")
    caps.max_compute_grid_size = [1, 2, 3]
    caps.video_caps[0] = {"profile": 1}
    caps.sampler = VirglSupportedFormatMask(bitmask=[1] * 16)
    assert_type(VirglCapsV2(blob, max_samples=8, renderer=b"x"), VirglCapsV2)
    print(bytes(caps), lint(caps), gl(caps), diff(caps, blob), min_copy(caps, blob), capset_for(2)().max_samples)


def wrong(caps: VirglCapsV2, venus: VirglRendererCapsetVenus) -> Iterator[object]:
    yield caps.max_sample  # wrong
    yield caps.has_fp64  # wrong
    yield caps.v1.max_texel_offset  # wrong
    yield caps.bset.has_fp32  # wrong
    yield caps.video_caps[3].max_widht  # wrong
    yield caps.sampler.bitmap  # wrong
    yield VirglCapsV2.max_sample  # wrong
    yield VirglCapsV2.max_samples.docs  # wrong
    yield venus.max_samples  # wrong
    yield caps.max_samples.upper()  # wrong
    yield caps.renderer + "text"  # wrong
    yield caps.video_caps.profile  # wrong
    yield caps["max_samples", 1]  # wrong
    yield VirglCapsV2(max_sample=8)  # wrong
    yield VirglCapsV2(max_samples="8")  # wrong
    yield VirglCapsV2(v1=venus)  # wrong
    yield VirglCapsV2("text")  # wrong
    yield VirglCapsV2(source=b"")  # wrong
    yield VirglCapsV2.unpack("text")  # wrong
    yield VirglCapsV2.zeros("380")  # wrong
    yield VirglCapsV2.from_dict([1])  # wrong
    caps.max_samples = "8"  # wrong
    caps.max_samples = 8.5  # wrong
    caps.max_sample = 8  # wrong
    caps.renderer = "a GPU"  # wrong
    caps.max_compute_grid_size = 3  # wrong
    caps.max_compute_grid_size[0] = "1"  # wrong
    caps.sampler = caps.bset  # wrong
    caps.valid_size = 380  # wrong
    yield Batch(Struct, b"")  # wrong


class Mine(VirglCapsV2):  # wrong
    pass
