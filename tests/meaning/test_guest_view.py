"""Which values a guest's driver uses: the host's, its own defaults, and those that rules put in their place."""

from __future__ import annotations

import struct

import pytest

from capcodec import SizeStepError, UnknownFieldError, VirglCapsV2, captures, guest_view
from capcodec.meaning.mesa_rules import MESA_RULES

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def seen(data: bytes, path: str):
    return guest_view(data, capset_id=2)[path]


@pytest.mark.parametrize("name", captures.names(2))
def test_what_the_host_did_not_send_is_mesas_default(name):
    data = captures.load(name)
    view = guest_view(data, capset_id=2)
    defaults = VirglCapsV2.guest_defaults()
    assert view.copied == len(data)
    for path, found in view.items():
        field = VirglCapsV2.fields[path]
        if found.origin == "reinterpreted":
            assert found.rule in [rule.name for rule in MESA_RULES]
            assert found.reason == MESA_RULES[found.rule].reason
            continue
        assert found.origin == ("host" if field.end <= len(data) else "default")
        source = VirglCapsV2.unpack(data) if field.end <= len(data) else defaults
        expected = source[path]
        assert found.value == (expected if isinstance(expected, (int, float, bytes)) else expected.tolist())
        assert found.value == found.sent


def test_a_field_that_the_host_cuts():
    assert seen(NEWEST[:690], "capability_bits_v2").origin == "mixed"
    assert seen(NEWEST[:830], "supported_multisample_formats.bitmask").sent[:15] == list(
        struct.unpack_from("<15I", NEWEST, 768)
    )
    assert seen(NEWEST[:382], "texture_buffer_offset_alignment").origin == "mixed"


def test_an_older_guest_knows_fewer_rules():
    view = guest_view(NEWEST, 380)
    assert (view.copied, view.caps.valid_size) == (380, 380)
    assert "capability_bits" not in view
    assert {found.origin for found in view.values()} == {"host"}
    assert view.derived.keys() == {"max_uniform_blocks_per_stage", "fake_sw_msaa"}
    with pytest.raises(UnknownFieldError, match="the guest has no value of its own at 'capability_bits'"):
        view["capability_bits"]
    with pytest.raises(SizeStepError):
        guest_view(NEWEST, 381)


def test_capset_1_is_taken_as_it_is():
    view = guest_view(NEWEST, capset_id=1)
    assert {found.origin for found in view.values()} == {"host"}
    assert not view.derived
    assert {found.origin for found in guest_view(b"", capset_id=1).values()} == {"default"}


def test_values_are_attributes_too():
    view = guest_view(NEWEST)
    assert view.max_samples == view["max_samples"].value == view["v1.max_samples"].value == 4
    assert view.fake_sw_msaa is False
    with pytest.raises(AttributeError):
        _ = view.max_sample
    assert "fields" in repr(view)
    assert "host" in repr(view["max_samples"])
