"""Whatever the bytes, whatever the values: random input to everything that decodes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from capcodec import CapcodecError, VirglCapsV1, VirglCapsV2, min_copy

CLASSES = [VirglCapsV1, VirglCapsV2, *VirglCapsV1.variants.values(), *VirglCapsV2.variants.values()]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["v1", "bset", "_tail", "x"]), inner),
)


@given(st.sampled_from(CLASSES), st.binary(max_size=1500))
def test_any_bytes_survive(cls, data):
    capset = cls.unpack(data)
    assert capset.pack() == data
    assert cls.view(data) == capset
    assert cls.from_dict(capset.to_dict()).pack() == data
    assert cls.from_json(capset.to_json()).pack() == data
    repr(capset)
    for field in cls.layout.leaves():
        assert capset.has_field(field.path) == (field.end <= len(data))


@given(st.binary(max_size=1500), st.binary(max_size=1500), st.sampled_from(["keep", "zero"]))
def test_copies(dst, src, tail):
    memory = bytearray(dst)
    n = min_copy(memory, src, tail=tail)
    assert n == min(len(dst), len(src))
    assert memory == src[:n] + (bytes(len(dst) - n) if tail == "zero" else dst[n:])


@given(st.sampled_from([field.path for field in VirglCapsV2.layout.leaves()]), JSON | st.integers(0, 2**33))
def test_any_value_into_any_field(path, value):
    """It is stored and reads back, or it is refused and nothing changes."""
    capset = VirglCapsV2.unpack(bytes(range(256)) * 5 + bytes(128))
    before = capset.pack()
    field = VirglCapsV2.fields[path]
    try:
        capset[path] = value
    except CapcodecError as error:
        assert capset.pack() == before
        assert path in str(error)
    else:
        after = capset.pack()
        assert after[: field.offset] == before[: field.offset]
        assert after[field.end :] == before[field.end :]
        if isinstance(value, int):
            assert capset[path] == value or field.type == "f32"


@given(st.dictionaries(st.sampled_from([*VirglCapsV2.fields, "_tail", "_partial", "_valid_size"]), JSON, max_size=4))
def test_any_dict(given_dict):
    try:
        VirglCapsV2.from_dict(given_dict)
    except CapcodecError as error:
        assert "virgl_caps" in str(error)


@settings(max_examples=300)
@given(st.text() | st.binary())
def test_any_text(text):
    try:
        VirglCapsV2.from_json(text)
    except CapcodecError as error:
        assert "virgl_caps_v2" in str(error)
