"""What is lowered where guests would assume more than a host has, and what nothing can be lowered for."""

from __future__ import annotations

import pytest

from capcodec import BaselineError, VirglCapsV2, captures
from capcodec.fleet import baseline
from fleets import broken

NEWEST = VirglCapsV2.unpack(captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin"))
TESSELLATION = "bset.has_tessellation_shaders"


def host(**edits):
    made = VirglCapsV2.unpack(NEWEST.pack())
    for path, value in edits.items():
        made[path.replace("__", ".")] = value
    return made


def version(number, **edits):
    return host(host_feature_check_version=number, **edits)


def lacks_one_format(**edits):
    """A host that can multisample all but one of the formats that can be rendered to."""
    made = host(**edits)
    both = [a & b for a, b in zip(made.sampler.bitmask, made.render.bitmask, strict=True)]
    word = next(index for index in range(2, 16) if both[index])
    made[f"supported_multisample_formats.bitmask[{word}]"] &= ~(both[word] & -both[word])
    return made


REPAIRED = {
    "any format": (version(8), lacks_one_format(), {"max_samples": 1}),
    "two samples": (version(8), lacks_one_format(max_samples=2), {"max_samples": 0}),
    "fakes alone": (host(max_samples=1), host(bset__texture_multisample=0), {"max_samples": 0}),
    "tessellation": (version(18), host(max_tcs_outputs=20), {"max_vertex_outputs": 20, TESSELLATION: 1}),
    "too few outputs": (version(18), host(max_tes_outputs=8), {"max_vertex_outputs": 32, TESSELLATION: 0}),
    "mirror clamp": (version(21), host(capability_bits_v2__MIRROR_CLAMP=0), {"bset.mirror_clamp": 0}),
    "uniform blocks": (version(12), host(max_uniform_block_size=32768), {"max_const_buffer_size[1]": 32768}),
    "scanout": (
        host(scanout__bitmask=[2] + [0] * 15),
        host(scanout__bitmask=[4] + [0] * 15),
        {"scanout.bitmask[0]": 1},
    ),
    "no attachments": (
        host(max_samples=1, max_texture_array_layers=1024),
        host(supported_multisample_formats__bitmask=[0xFFFFFFFE] + [0xFFFFFFFF] * 15, max_texture_array_layers=1024),
        {"capability_bits.FB_NO_ATTACH": 0},
    ),
    "one thing after the other": (
        host(max_samples=1, max_atomic_counters=[0] * 6),
        host(bset__texture_multisample=0, max_atomic_counter_buffers=[0] * 6),
        {"max_samples": 0, "max_shader_storage_blocks[1]": 1},
    ),
    "atomic counters": (
        host(max_atomic_counters=[0] * 6),
        host(max_atomic_counter_buffers=[0] * 6),
        {"max_shader_buffer_frag_compute": 1, "max_shader_storage_blocks[1]": 1},
    ),
}


@pytest.mark.parametrize(("one", "other", "found"), REPAIRED.values(), ids=REPAIRED)
def test_what_is_lowered(one, other, found):
    made = baseline({"one": one, "other": other})
    assert {path: made.caps[path] for path in found} == found
    assert broken(made.caps.pack(), one.pack()) == broken(made.caps.pack(), other.pack()) == []
    assert all(made.limits.values())


REFUSED = {
    "v1.bset.timer_query": (version(14), host(bset__timer_query=0), "host_feature_check_version 15, hosts have timer"),
    "max_const_buffer_size": (version(11), host(max_const_buffer_size=[16384] * 6), "Sizes of constant buffers"),
    "max_uniform_block_size": (version(11), host(max_uniform_block_size=32768), "The driver reads the size of"),
    "max_vertex_streams": (version(1), host(capability_bits__TRANSFORM_FEEDBACK3=0), "transform feedback with 4"),
    "capability_bits": (version(0), host(capability_bits__SRGB_WRITE_CONTROL=0), "hosts have mixed"),
    "v1.bset.has_fp64": (host(capability_bits__HOST_IS_GLES=1), host(bset__has_fp64=0), "A GLES host emulates doubles"),
}


@pytest.mark.parametrize(("field", "one", "other", "reason"), [(name, *rest) for name, rest in REFUSED.items()])
def test_what_no_capset_serves(field, one, other, reason):
    with pytest.raises(BaselineError) as raised:
        baseline({"other": other, "third": NEWEST, "one": one})
    assert raised.value.field == field
    assert reason in str(raised.value)
    assert str(raised.value).endswith(": one forces that, and other does not have it")
