"""Which extensions a guest gets: the table of what real Mesas said, against the Mesa that is installed."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError, VirglCapsV2, captures
from capcodec.meaning.gl import VERSIONS
from capcodec.meaning.gl_extension_table import TABLES
from capcodec.meaning.gl_extensions import ALL, ANY, LEAST, Extension, extensions, table_of
from capcodec.meaning.gl_needs import MASKS
from capcodec.vtest.installed_mesa import InstalledMesa

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
SPREAD = 5  # each fifth of the flags is tried in CI; tests/long/mesa_extensions.py makes the whole table again


def listed(found: list[Extension], profile: str) -> set[str]:
    return {each.name for each in found if each.profile == profile and each.there}


@pytest.fixture
def installed(mesa, default_socket):
    if mesa not in TABLES["core"]:
        pytest.skip(f"the table is of {', '.join(TABLES['core'])}, and Mesa {mesa} is installed")
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
    flags = [needs for needs in TABLES["core"][installed.release] if ALL not in needs and ANY not in needs]
    flags = [flag for flag in flags if flag.startswith(("v1.bset.", "capability_bits"))]
    tried = 0
    for flag in flags[::SPREAD]:
        caps = VirglCapsV2.unpack(NEWEST)
        if caps[flag]:
            caps[flag] = 0
            answer = installed.ask({2: caps.pack()})
            gone = set(TABLES["core"][installed.release][flag].split())
            found = extensions(caps, mesa=installed.release, coherent=installed.coherent)
            assert not gone & set(answer.strings["core"]["extensions"]), flag
            assert listed(found, "core") == set(answer.strings["core"]["extensions"]), flag
            tried += 1
    assert tried >= 3


@pytest.mark.parametrize("release", TABLES["core"])
def test_every_row_names_what_there_is(release):
    """Fields, flags and formats of this package; and no extension stands in two rows of a profile."""
    everything = extensions(bytes(VirglCapsV2.size), mesa=release, capset_id=2)
    assert not any(each.there for each in everything), "a host that has nothing brings no display"
    for profile in VERSIONS:
        rows = TABLES[profile][release]
        names = " ".join(rows.values()).split()
        assert len(names) == len(set(names)) == sum(each.profile == profile for each in everything)
        assert all(name.startswith("GL_") for name in names)
        parts = [part for needs in rows for each in needs.split(ANY) for part in each.split(ALL)]
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


def test_mesas_that_were_not_asked():
    assert (table_of("25.0"), table_of("22.3.1")) == ("25.0.7", "22.3.6")
    with pytest.raises(ArgumentError, match=r"no Mesa 26 was asked for its extensions; there are 22\.3\.6, 25\.0\.7"):
        extensions(NEWEST, mesa="26")
    with pytest.raises(ArgumentError, match="OpenGL needs capset 1 or 2, and this is venus"):
        extensions(NEWEST, capset_id=4)
