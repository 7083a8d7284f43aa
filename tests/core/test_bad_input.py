"""Every way to be wrong: the error that fits, a message that names what was wrong, and nothing written."""

from __future__ import annotations

import math
import pickle
from collections import OrderedDict, UserDict
from types import MappingProxyType

import pytest

import capcodec
from capcodec import (
    BufferAccessError,
    CapcodecError,
    FieldAbsentError,
    FieldIndexError,
    FieldLengthError,
    FieldRangeError,
    FieldTypeError,
    TextError,
    UnknownFieldError,
    VirglCapsV2,
    min_copy,
)

SIZE = capcodec.VirglCapsV2.size
LONG = [[0] * 100000, "x" * 100000, {"x": [0] * 100000}, 10**4000]


class Evil:
    """No int, though it looks like one until asked."""

    def __index__(self):
        raise RuntimeError("asked")


WRITES = [
    # (attribute or path, value, error, built-in that it also is, words of the message)
    ("max_samples", 2**32, FieldRangeError, OverflowError, "v1.max_samples (u32 at bytes 284..288): expected 0..4294967295, got int 4294967296"),
    ("max_samples", -1, FieldRangeError, OverflowError, "expected 0..4294967295, got int -1"),
    ("max_samples", 10**400, FieldRangeError, OverflowError, "expected 0..4294967295, got int 1000"),
    ("max_samples", 1.0, FieldTypeError, TypeError, "expected an int, got float 1.0"),
    ("max_samples", "8", FieldTypeError, TypeError, "expected an int, got str '8'"),
    ("max_samples", None, FieldTypeError, TypeError, "expected an int, got NoneType None"),
    ("min_texel_offset", 2**31, FieldRangeError, OverflowError, "expected -2147483648..2147483647, got int 2147483648"),
    ("min_texel_offset", -(2**31) - 1, FieldRangeError, OverflowError, "(s32 at bytes 364..368)"),
    ("max_anisotropy", 1e39, FieldRangeError, OverflowError, "max_anisotropy (f32 at bytes 760..764): expected -3.4028235e+38..3.4028235e+38, got float 1e+39"),
    ("max_anisotropy", 10**400, FieldRangeError, OverflowError, "max_anisotropy"),
    ("max_anisotropy", "16", FieldTypeError, TypeError, "expected a number, got str '16'"),
    ("v1.bset.ubo", 2, FieldRangeError, OverflowError, "v1.bset.ubo (u32:1 at byte 262 bit 2): expected 0..1, got int 2"),
    ("v1.bset.ubo", -1, FieldRangeError, OverflowError, "expected 0..1, got int -1"),
    ("video_caps[31].max_temporal_layers", 256, FieldRangeError, OverflowError, "expected 0..255, got int 256"),
    ("video_caps[31].reserved", 1 << 20, FieldRangeError, OverflowError, "(u32:20 at byte 1369 bit 4): expected 0..1048575"),
    ("renderer", b"x" * 65, FieldLengthError, ValueError, "renderer (char[64] at bytes 696..760): expected at most 64 bytes, got 65"),
    ("renderer", "llvmpipe", FieldTypeError, TypeError, "expected bytes, got str 'llvmpipe'"),
    ("sample_locations", [0] * 7, FieldLengthError, ValueError, "sample_locations (u32[8] at bytes 396..428): expected 8 elements, got 7"),
    ("sample_locations", [0] * 7 + [2**32], FieldRangeError, OverflowError, "sample_locations[7] (u32 at bytes 424..428): expected 0..4294967295"),
    ("sample_locations", 5, FieldTypeError, TypeError, "expected a sequence of 8, got int 5"),
    ("sample_locations", {1, 2, 3, 4, 5, 6, 7, 8}, FieldTypeError, TypeError, "expected a sequence of 8, got set"),
    ("video_caps", [{}] * 32, TextError, ValueError, "virgl_caps_v2.video_caps[0].profile (u32:8 at byte 860 bit 0) is missing"),
    ("v1", {"max_version": 7}, TextError, ValueError, "virgl_caps_v2.v1.sampler (virgl_supported_format_mask at bytes 4..68) is missing"),
    ("v1", 5, FieldTypeError, TypeError, "expected a dict or a virgl_caps_v1, got int 5"),
    ("v1.bset", {"ubo": 1, "typo": 1}, CapcodecError, Exception, "virgl_caps_v2.v1.bset"),
    ("max_sample", 8, UnknownFieldError, KeyError, "virgl_caps_v2 has no field 'max_sample'; did you mean 'max_samples'?"),
    ("v1.max_sample", 8, UnknownFieldError, AttributeError, "did you mean 'v1.max_samples'?"),
    ("video_caps[32].profile", 8, UnknownFieldError, KeyError, "virgl_caps_v2 has no 'video_caps[32].profile': video_caps has 32 elements"),
    ("video_caps[-1].profile", 8, UnknownFieldError, KeyError, "no field 'video_caps[-1].profile'"),
    ("video_caps[03].profile", 8, UnknownFieldError, KeyError, "no field"),
    ("video_caps.profile", 8, UnknownFieldError, KeyError, "no field"),
    ("", 8, UnknownFieldError, KeyError, "virgl_caps_v2 has no field ''"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "error", "builtin", "words"), WRITES)
def test_writes(newest, path, value, error, builtin, words):
    buffer = bytearray(newest)
    for capset in (VirglCapsV2.unpack(newest), VirglCapsV2.view(buffer)):
        with pytest.raises(error) as caught:
            capset[path] = value
        assert isinstance(caught.value, CapcodecError)
        assert isinstance(caught.value, builtin)
        assert words in str(caught.value)
        assert str(caught.value).startswith("virgl_caps_v2")
        assert capset.pack() == newest
    assert buffer == newest


def test_attributes_are_as_strict_as_paths(newest):
    capset = VirglCapsV2.unpack(newest)
    with pytest.raises(FieldRangeError, match="virgl_caps_v2.v1.max_samples"):
        capset.max_samples = 2**32
    with pytest.raises(FieldRangeError, match="virgl_caps_bool_set1.ubo"):
        capset.bset.ubo = 2
    with pytest.raises(FieldRangeError, match=r"virgl_caps_v2.sample_locations\[3\]"):
        capset.sample_locations[3] = -1
    with pytest.raises(AttributeError):
        capset.max_sample = 8
    with pytest.raises(AttributeError, match="'max_sample'"):
        _ = capset.max_sample
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del capset.max_samples
    with pytest.raises(RuntimeError, match="asked"):
        capset.max_samples = Evil()
    assert capset.pack() == newest


def test_absent_fields(newest):
    arrived = newest[:690]
    capset = VirglCapsV2.unpack(arrived)
    words = (
        r"virgl_caps_v2.max_tcs_outputs \(u32 at bytes 1376..1380\) is absent: 690 bytes arrived; "
        r"it came with size 1384 \(release 1.0.0, fddc2e9e119b, 2023-07-13\)"
    )
    for error in (FieldAbsentError, AttributeError, CapcodecError):
        with pytest.raises(error, match=words):
            _ = capset.max_tcs_outputs
    with pytest.raises(FieldAbsentError, match=words):
        capset.max_tcs_outputs = 1
    with pytest.raises(FieldAbsentError, match="capability_bits_v2"):  # two of its four bytes did arrive
        _ = capset.capability_bits_v2
    assert not hasattr(capset, "max_tcs_outputs")
    assert getattr(capset, "max_tcs_outputs", None) is None
    assert not capset.has_field("max_tcs_outputs")
    assert capset.has_field("max_samples")
    assert not VirglCapsV2.unpack(newest[:307]).has_field("v1")
    with pytest.raises(UnknownFieldError):
        capset.has_field("max_tcs_output")
    assert capset.pack() == arrived


def test_counts_in_the_payload_never_index(newest):
    data = bytearray(newest)
    data[856:860] = (4_000_000_000).to_bytes(4, "little")
    capset = VirglCapsV2.unpack(data)
    assert capset.num_video_caps == 4_000_000_000
    assert len(capset.video_caps) == len(list(capset.video_caps)) == 32
    for index in (32, capset.num_video_caps - 1, -33):
        with pytest.raises(
            FieldIndexError, match=rf"virgl_caps_v2.video_caps \(.*\): expected an index below 32, got {index}"
        ):
            _ = capset.video_caps[index]
    with pytest.raises(IndexError):
        _ = capset.video_caps[2**100]
    assert VirglCapsV2.from_json(capset.to_json()).pack() == data


@pytest.mark.parametrize("bad", [None, 5, "text", [1, 2], object(), memoryview(bytes(16))[::2], 1.5])
@pytest.mark.parametrize(
    "use", [VirglCapsV2.unpack, VirglCapsV2.view, VirglCapsV2, lambda bad: min_copy(bytearray(8), bad)]
)
def test_sources_that_are_no_buffers(use, bad):
    for error in (BufferAccessError, BufferError, TypeError):
        with pytest.raises(error, match="expected a contiguous buffer, got " + type(bad).__name__):
            use(bad)


@pytest.mark.parametrize("make", [lambda data: data, memoryview, lambda data: VirglCapsV2.view(data)])
def test_destinations_that_are_read_only(make):
    data = bytes(range(200)) * 8
    destination = make(data)
    with pytest.raises(BufferAccessError, match="min_copy to dst: expected a writable contiguous buffer"):
        min_copy(destination, b"\xff" * 100)
    assert data == bytes(range(200)) * 8
    capset = VirglCapsV2.view(destination)
    assert capset.readonly
    with pytest.raises(BufferAccessError, match="virgl_caps_v2.v1.max_samples .* expected a writable buffer"):
        capset.max_samples = 1
    with pytest.raises(BufferAccessError, match="v1.bset|bool_set1"):
        capset.bset.ubo = 0
    with pytest.raises(BufferAccessError, match="sample_locations"):
        capset.sample_locations[0] = 1
    assert memoryview(capset).readonly
    assert memoryview(capset.sample_locations).readonly


def test_destinations_that_are_not_contiguous(newest):
    memory = bytearray(2000)
    with pytest.raises(BufferAccessError, match="not C-contiguous"):
        min_copy(memoryview(memory)[::2], newest)
    with pytest.raises(BufferAccessError):
        min_copy(8, newest)
    with pytest.raises(capcodec.ArgumentError, match="expected tail='keep' or tail='zero', got str 'clear'"):
        min_copy(memory, newest, tail="clear")
    assert memory == bytes(2000)


DICTS = [
    ({"v1": {"max_versio": 1}}, UnknownFieldError, "virgl_caps_v2.v1: virgl_caps_v1 has no field 'max_versio'; did you mean 'max_version'?"),
    ({"max_samples": 1}, UnknownFieldError, "virgl_caps_v2 has 'max_samples' as 'v1.max_samples', and a dict is nested as the struct is"),
    ({"v1": {"max_version": 1, "render": {"bitmask": [0] * 16}}}, TextError, "v1.render.bitmask (u32[16] at bytes 68..132) is given, but a field before it is missing, at byte 4"),
    ({"min_aliased_point_size": 1.0}, TextError, "min_aliased_point_size (f32 at bytes 308..312) is given, but a field before it is missing, at byte 0"),
    ({"v1": {"max_version": "1"}}, FieldTypeError, "virgl_caps_v2.v1.max_version (u32 at bytes 0..4): expected an int, got str '1'"),
    ({"v1": {"max_version": 1, "sampler": {"bitmask": [0] * 15 + [2**32]}}}, FieldRangeError, "virgl_caps_v2.v1.sampler.bitmask[15] (u32 at bytes 64..68)"),
    ({5: 1}, UnknownFieldError, "virgl_caps_v2 has no field 5"),
    ({"_valid_size": SIZE + 1}, TextError, f"expected a _valid_size of 0..{SIZE}, got int {SIZE + 1}"),
    ({"_valid_size": -1}, TextError, "_valid_size"),
    ({"_valid_size": 4}, TextError, "does not continue"),
    ({"_partial": b"x"}, TextError, "_partial without _valid_size"),
    ({"_valid_size": 4, "_partial": "abcd"}, TextError, "expected bytes in _partial"),
    ({"_tail": b"x"}, TextError, f"a _tail behind 0 of {SIZE} bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "error", "words"), DICTS)
def test_dicts(given, error, words):
    before = pickle.dumps(given)
    with pytest.raises(error) as caught:
        VirglCapsV2.from_dict(given)
    assert words in str(caught.value)
    assert pickle.dumps(given) == before


@pytest.mark.parametrize("given", [None, [], "x", 5, VirglCapsV2.zeros()])
def test_no_dicts(given):
    with pytest.raises(TextError, match="virgl_caps_v2: expected a dict, got " + type(given).__name__):
        VirglCapsV2.from_dict(given)


@pytest.mark.parametrize("mapping", [OrderedDict, UserDict, MappingProxyType])
def test_a_mapping_is_as_good_as_a_dict(mapping, newest):
    given = VirglCapsV2.unpack(newest).to_dict()
    given["v1"]["bset"] = mapping(given["v1"]["bset"])
    assert VirglCapsV2.from_dict(mapping(given)).pack() == newest


@pytest.mark.parametrize(
    "given",
    [{key: value} for key in ("_valid_size", "_tail", "_partial", "max_anisotropy", "renderer", "v1") for value in LONG]
    + [{"x" * 100000: 1}],
    ids=lambda given: f"{next(iter(given))[:12]}={type(next(iter(given.values()))).__name__}",
)
def test_messages_stay_short_where_values_do_not(given):
    with pytest.raises(CapcodecError) as caught:
        VirglCapsV2.from_dict(given)
    assert len(str(caught.value)) < 500


def test_every_truncation_of_json(newest):
    text = VirglCapsV2.unpack(newest[:396]).to_json().rstrip()
    for size in range(0, len(text), 17):
        with pytest.raises(TextError, match="virgl_caps_v2: not JSON: .*line"):
            VirglCapsV2.from_json(text[:size])


JSONS = [
    ("[]", "expected a JSON object, got list"),
    ('{"v1": {}, "v1": {}}', "'v1' stands twice"),
    ('{"_struct": "virgl_caps_v1"}', "expected the text of a virgl_caps_v2, got that of 'virgl_caps_v1'"),
    ('{"v1": {"max_version": NaN}}', "NaN is no JSON"),
    ('{"_tail": "zz"}', "expected hexadecimal digits in _tail"),
    ('{"_tail": 5}', "expected hexadecimal digits in _tail"),
    ("[" * 100_000, "not JSON"),
    ("\ud800", "not JSON"),
    (b"\xff\xfe{", "not JSON"),
]


@pytest.mark.parametrize(("text", "words"), JSONS, ids=range(len(JSONS)))
def test_json(text, words):
    with pytest.raises(TextError, match="virgl_caps_v2") as caught:
        VirglCapsV2.from_json(text)
    assert words in str(caught.value)


def with_field(newest, **values) -> str:
    import json

    plain = json.loads(VirglCapsV2.unpack(newest).to_json())
    return json.dumps({**plain, **values})


@pytest.mark.parametrize("number", ["nan", "nan:0", "nan:0x7f800000", "nan:0x17fc00000", "Inf", "1.5", "nan:zz"])
def test_floats_in_json(newest, number):
    with pytest.raises(
        TextError, match="virgl_caps_v2.max_anisotropy .* expected a number, 'inf', '-inf' or the bits of a NaN"
    ):
        VirglCapsV2.from_json(with_field(newest, max_anisotropy=number))


def test_strings_in_json(newest):
    with pytest.raises(TextError, match=r"virgl_caps_v2.renderer .* expected characters up to U\+00FF"):
        VirglCapsV2.from_json(with_field(newest, renderer="\u20ac"))
    with pytest.raises(FieldLengthError, match="virgl_caps_v2.renderer"):
        VirglCapsV2.from_json(with_field(newest, renderer="x" * 65))
    with pytest.raises(FieldTypeError, match="virgl_caps_v2.renderer"):
        VirglCapsV2.from_json(with_field(newest, renderer=5))


def test_classes_are_sealed(newest):
    with pytest.raises(TypeError):
        VirglCapsV2.size = 5
    with pytest.raises(TypeError):
        type("Mine", (VirglCapsV2,), {})
    with pytest.raises(TypeError):
        capcodec.Struct()
    with pytest.raises(TypeError, match="expected one buffer at most, got 2"):
        VirglCapsV2(newest, newest)
    with pytest.raises(TypeError):
        hash(VirglCapsV2.unpack(newest))
    with pytest.raises(TypeError, match="max_samples .* is no field of 'int' objects"):
        type.__getattribute__(VirglCapsV2, "__dict__")["max_samples"].__get__(5, int)


def test_infinities_and_nans_are_values():
    capset = VirglCapsV2.zeros()
    for value in (math.inf, -math.inf):
        capset.max_anisotropy = value
        assert capset.max_anisotropy == value
    capset.max_anisotropy = math.nan
    assert math.isnan(capset.max_anisotropy)
