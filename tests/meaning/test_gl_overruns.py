"""Numbers that crash Mesa's driver."""

from __future__ import annotations

import pytest

from capcodec import VirglCapsV2, captures
from capcodec.meaning.gl import gl
from capcodec.meaning.gl_overruns import ROOM
from capcodec.vtest.installed_mesa import InstalledMesa

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
EVERYWHERE = ("max_shader_image_frag_compute", "max_shader_image_other_stages")


def with_number(path: str, value: int) -> bytes:
    caps = VirglCapsV2.unpack(NEWEST)
    caps[path] = value
    return caps.pack()


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("value", [0, 1, ROOM, ROOM + 1, 0x7FFFFFFF, 0x80000000])
def test_how_much_is_too_much(path, value):
    found = gl(with_number(path, value)).overruns
    assert bool(found) == (ROOM < value < 0x80000000)
    assert not found or found[0].startswith(f"{path} = {value}: Mesa 25.0 has room for 32, does not check")


def test_what_newer_mesas_check():
    data = with_number("max_vertex_attribs", 64)
    assert [len(gl(data, mesa=mesa).overruns) for mesa in ("22.3", "25.0")] == [1, 0]
    assert all(not gl(captures.load(name), mesa="22.3").overruns for name in captures.names(2))


@pytest.mark.parametrize("path", EVERYWHERE)
def test_the_installed_mesa_crashes(mesa, default_socket, path):
    with InstalledMesa(default_socket) as installed:
        assert installed.ask({2: with_number(path, 16384)}).error.startswith("Mesa ends with signal")
        assert not installed.ask({2: with_number(path, ROOM)}).error
