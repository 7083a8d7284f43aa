"""Which extensions a guest gets: the table of what real Mesas said, against the Mesa that is installed."""

from __future__ import annotations

import random
import re

import pytest

from capcodec import ArgumentError, VirglCapsV2, captures, gl
from capcodec.meaning.formats import format_number
from capcodec.meaning.gl import VERSIONS
from capcodec.meaning.gl_extension_table import TABLES
from capcodec.meaning.gl_extensions import ALL, ANY, BOTH, LEAST, Extension, extensions, rows
from capcodec.meaning.gl_needs import FORMATS_OF, MASKS
from capcodec.meaning.mesa import MESAS
from capcodec.vtest.installed_mesa import InstalledMesa
from differences import CAPTURES, mixed, other_extensions

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
ASKED = [mesa for mesa in MESAS if any(True for _ in rows(mesa.tried, "core"))]
RELEASES = [mesa.tried for mesa in ASKED]
MUTATIONS = 40  # of each of three captures
SPREAD = 5  # each fifth of the flags is tried in CI; tests/long/mesa_extensions.py makes the whole table again


def listed(found: list[Extension], profile: str) -> set[str]:
    return {each.name for each in found if each.profile == profile and each.there}


@pytest.fixture
def installed(mesa, default_socket):
    if mesa not in RELEASES:
        pytest.skip(f"the table is of {', '.join(RELEASES)}, and Mesa {mesa} is installed")
    with InstalledMesa(default_socket, extensions=True) as found:
        found.ask({2: NEWEST})
        yield found


@pytest.mark.parametrize("name", captures.names(2))
def test_real_hosts_and_the_installed_mesa(installed, name):
    data = captures.load(name)
    strings = installed.ask({2: data}).strings
    found = extensions(data, mesa=installed.release, coherent=installed.coherent)
    for profile in VERSIONS:
        assert listed(found, profile) == set(strings[profile]["extensions"]), profile


def test_a_part_of_the_table_and_the_installed_mesa(installed):
    """Without the flag the extensions are gone, and all others are there."""
    table = dict(rows(installed.release, "core"))
    flags = [needs for needs in table if re.fullmatch(r"(v1\.bset|capability_bits(_v2)?)\.\w+", needs)]
    tried = 0
    for flag in flags[::SPREAD]:
        caps = VirglCapsV2.unpack(NEWEST)
        if caps[flag]:
            caps[flag] = 0
            answer = installed.ask({2: caps.pack()})
            gone = set(table[flag])
            found = extensions(caps, mesa=installed.release, coherent=installed.coherent)
            assert not gone & set(answer.strings["core"]["extensions"]), flag
            assert listed(found, "core") == set(answer.strings["core"]["extensions"]), flag
            tried += 1
    assert tried >= 3


@pytest.mark.parametrize("name", CAPTURES)
def test_mutations_and_the_installed_mesa(installed, name):
    """Several changes at once, and cuts; tests/long/mesa_extensions.py tries thousands."""
    told = [other_extensions(blob, installed) for _, blob in mixed(captures.load(name), random.Random(3), MUTATIONS)]
    assert told.count([]) >= MUTATIONS // 2, "of most, Mesa tells"
    assert not any(told)


@pytest.mark.parametrize("mesa", [mesa.name for mesa in ASKED])
def test_alternatives_for_one_of_several_needs(mesa):
    """Neither the one nor the other alone is missed, with whichever alternative for something else."""
    name, needs = "GL_ARB_ES3_1_compatibility", {"supported_multisample_formats": "NONE", "sampler": "S8X24_UINT"}
    for lacking in ([], ["sampler"], ["supported_multisample_formats"], list(needs)):
        caps = VirglCapsV2.unpack(NEWEST)
        caps.sampler.bitmask = [0xFFFFFFFF] * 16
        for mask in lacking:
            number = format_number(needs[mask], FORMATS_OF)
            caps[f"{mask}.bitmask[{number // 32}]"] &= ~(1 << number % 32)
        assert name in listed(extensions(caps, mesa=mesa), "core"), lacking
        caps.max_texture_array_layers = 2047
        there = name in listed(extensions(caps, mesa=mesa), "core")
        assert there == ("supported_multisample_formats" not in lacking), lacking


def test_the_compatibility_profile_in_the_place_of_core_3_1():
    caps = VirglCapsV2.unpack(NEWEST)
    caps.glsl_level = 140
    for mesa, same in (("25.0", False), ("26", True)):
        assert gl(caps, mesa=mesa).core == gl(caps, mesa=mesa).compatibility == (3, 1)
        found = extensions(caps, mesa=mesa)
        assert (listed(found, "core") == listed(found, "compatibility")) == same
        assert ("GL_ARB_compatibility" in listed(found, "core")) == same


@pytest.mark.parametrize("release", RELEASES)
def test_every_row_names_what_there_is(release):
    """Fields, flags and formats of this package; and no extension stands in two rows of a profile."""
    everything = extensions(bytes(VirglCapsV2.size), mesa=release, capset_id=2)
    assert not any(each.there for each in everything), "a host that has nothing brings no display"
    for profile in VERSIONS:
        table = list(rows(release, profile))
        names = [name for _, those in table for name in those]
        assert len(names) == len(set(names)) == sum(each.profile == profile for each in everything)
        assert all(name.startswith("GL_") for name in names)
        parts = re.split("|".join(map(re.escape, (ALL, ANY, BOTH))), ALL.join(needs for needs, _ in table))
        for path in {part.partition(LEAST)[0] for part in parts}:
            mask = path.partition(".")[0]
            if path not in ("", "version") and mask not in MASKS:
                assert VirglCapsV2.zeros()[path] == 0, path


def test_what_brings_an_extension():
    found = {each.name: each for each in extensions(NEWEST) if each.profile == "core"}
    assert found["GL_ARB_copy_image"] == ("GL_ARB_copy_image", "core", True, "capability_bits.COPY_IMAGE")
    caps = VirglCapsV2.unpack(NEWEST)
    caps["capability_bits.COPY_IMAGE"] = 0
    assert "GL_ARB_copy_image" not in listed(extensions(caps), "core")
    assert "GL_ARB_copy_image" in listed(extensions(NEWEST, mesa="22.3", coherent=False), "core")


def test_memory_that_can_be_mapped():
    there = [listed(extensions(NEWEST, coherent=coherent), "core") for coherent in (False, True)]
    assert "GL_ARB_buffer_storage" in there[1] - there[0]


def test_releases():
    """Those that the rules were compared with, and no others."""
    assert {each for table in TABLES.values() for releases in table for each in releases.split()} == {*RELEASES}
    assert [extensions(NEWEST, mesa=mesa) for mesa in RELEASES] == [
        extensions(NEWEST, mesa=mesa.name) for mesa in MESAS
    ]


def test_what_is_not_known():
    with pytest.raises(ArgumentError, match="the rules of Mesa '27' are not known"):
        extensions(NEWEST, mesa="27")
    with pytest.raises(ArgumentError, match="OpenGL needs capset 1 or 2, and this is venus"):
        extensions(NEWEST, capset_id=4)
