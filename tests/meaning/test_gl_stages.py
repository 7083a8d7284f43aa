"""Needs that Mesa works out of several fields: each met by changes, from nothing and from real hosts."""

from __future__ import annotations

import pytest

from capcodec import VirglCapsV2, captures, guest_view
from capcodec.meaning import gl_stages
from capcodec.meaning.gl_needs import GuestCaps, Need
from capcodec.meaning.mesa import MESAS

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
NEEDS = {name: need for name, need in vars(gl_stages).items() if isinstance(need, Need)}
NEEDS["GLSL"] = gl_stages.CompatibilityGlsl(430)


def seen(caps: VirglCapsV2, mesa: str, coherent: bool = True) -> GuestCaps:
    return GuestCaps(guest_view(caps, caps.valid_size, 2, coherent=coherent, mesa=mesa), coherent)


# Mesa 22.3 asks for another flag, of capset 1
CASES = [(name, mesa) for name in NEEDS for mesa in MESAS if name != "MIRROR_CLAMP_TO_EDGE" or mesa.number >= (25,)]


@pytest.mark.parametrize("version", [0, 4, 12, 23])
@pytest.mark.parametrize(("name", "mesa"), CASES)
def test_changes_meet_a_need(name, version, mesa):
    need = NEEDS[name]
    caps = VirglCapsV2.guest_defaults(mesa.size)
    caps.host_feature_check_version = version
    for _ in range(2):  # a change of the version can make another one necessary
        for path, value in ({} if need(seen(caps, mesa.name)) else need.changes(seen(caps, mesa.name))).items():
            caps[path] = value
    assert need(seen(caps, mesa.name))


@pytest.mark.parametrize("name", NEEDS)
def test_a_real_host_meets_it(name):
    assert NEEDS[name](seen(VirglCapsV2.unpack(NEWEST), "25.0"))


def test_no_field_brings_memory():
    caps = seen(VirglCapsV2.unpack(NEWEST), "25.0", coherent=False)
    assert not gl_stages.BUFFER_STORAGE(caps)
    assert gl_stages.BUFFER_STORAGE.changes(caps) is None


def test_where_the_size_of_uniform_blocks_stands():
    caps = VirglCapsV2.unpack(NEWEST)
    caps.max_uniform_block_size, caps["max_const_buffer_size[1]"] = 1000, 2000
    for version, expected in ((11, 65536), (12, 2000), (13, 1000)):
        caps.host_feature_check_version = version
        assert seen(caps, "25.0").max_uniform_block_size == expected
