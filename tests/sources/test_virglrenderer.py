"""The host library as a source: a real one, and ones that misbehave."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from capcodec import SourceError, captures
from capcodec.sources import virglrenderer
from capcodec.sources.virglrenderer import DRM, NO_VIRGL, USE_EGL, USE_GLES, USE_SURFACELESS, VENUS
from real import need_library

FAKE = """
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int virgl_renderer_init(void *cookie, int flags, void *callbacks)
{ if (!cookie || *(int *)callbacks != 1) return -22; puts("noise on stdout"); INIT; return 0; }
void virgl_renderer_get_cap_set(uint32_t id, uint32_t *version, uint32_t *size)
{ *version = id == 2 ? 2 : 0; *size = SIZE; }
void virgl_renderer_fill_caps(uint32_t id, uint32_t version, unsigned char *caps)
{ FILL; }
"""


@pytest.fixture
def fake(tmp_path):
    def build(init: str = "", size: str = "16", fill: str = "memset(caps, id, 16)") -> str:
        source, library = tmp_path / "fake.c", tmp_path / "libfake.so"
        source.write_text(FAKE)
        defines = [f"-DINIT={init}", f"-DSIZE={size}", f"-DFILL={fill}"]
        subprocess.run(["cc", "-shared", "-fPIC", "-w", *defines, "-o", library, source], check=True)
        return str(library)

    return build


@pytest.fixture
def real_library():
    need_library("libEGL_mesa.so.0", "libegl-mesa0")
    return need_library(virglrenderer.LIBRARY, "libvirglrenderer1")


@pytest.mark.parametrize(
    ("driver", "api"), [("llvmpipe", "gl"), ("softpipe", "gl"), ("llvmpipe", "gles"), ("softpipe", "gles")]
)
def test_real_capsets_of_gl(real_library, driver, api):
    flags = USE_EGL | USE_SURFACELESS | (USE_GLES if api == "gles" else 0)
    environment = {"LIBGL_ALWAYS_SOFTWARE": "1", "GALLIUM_DRIVER": driver}
    one, two = virglrenderer.capsets((1, 2), flags, environment=environment)
    assert (one.capset_id, one.capset_version, len(one.data)) == (1, 1, 308)
    assert (two.capset_id, two.capset_version) == (2, 2)
    # Capset 2 starts as capset 1 does, but for max_version
    assert (one.data[:4], two.data[:4]) == (b"\1\0\0\0", b"\2\0\0\0")
    assert one.data[4:] == two.data[4:308]
    assert one.remarks == two.remarks == ()
    name = f"virglrenderer-0.10.4-{driver}-{api}.capset2.bin"
    if name in captures.names() and len(two.data) == 1376:  # the same release, on another machine
        assert captures.load(name)[308:392] == two.data[308:392]


def test_real_venus(real_library):
    (venus,) = virglrenderer.capsets((4,))
    assert venus.capset_version == 0
    words = [int.from_bytes(venus.data[at : at + 4], "little") for at in range(0, len(venus.data), 4)]
    assert words[1] >> 22 == 1  # of vk.xml's version, the major one
    assert words[5] & 1  # extension masks are valid
    if len(venus.data) == 156:
        assert venus.data == captures.load("virglrenderer-0.10.4-venus.capset4.bin")


def test_what_is_not_filled_is_said(real_library):
    """Without its part of the library running, fill_caps returns without a word."""
    one, two = virglrenderer.capsets((1, 2), VENUS | NO_VIRGL)
    for answer in (one, two):
        assert not any(answer.data)
        assert answer.remarks == ("announced, but not filled: its part of the library is not running",)


def test_all_capsets_by_default(fake):
    found = virglrenderer.capsets(library=fake())
    assert [(answer.capset_id, answer.capset_version, answer.data[:1]) for answer in found] == [
        (1, 0, b"\1"),
        (2, 2, b"\2"),
        (4, 0, b"\4"),
        (6, 0, b"\6"),
    ]
    assert [answer.capset_id for answer in virglrenderer.capsets((6, 1), library=fake())] == [6, 1]
    assert f"flags {DRM | NO_VIRGL:#x}" in found[3].party
    assert "noise" not in repr(found)


def test_capsets_that_the_build_has_not(fake):
    assert virglrenderer.capsets((1, 6), 0, library=fake(size="id == 6 ? 0 : 16"))[-1].capset_id == 1


def test_bytes_that_were_left_alone(fake):
    (answer,) = virglrenderer.capsets((2,), 0, library=fake(fill="memset(caps, 9, 12)"))
    assert answer.data == b"\x09" * 12 + bytes(4)
    assert answer.remarks == ("4 of 16 bytes were left as they were",)


@pytest.mark.parametrize(
    ("misbehaviour", "message"),
    [
        ({"fill": "memset(caps, id, 17)"}, "wrote beyond the 16 bytes that it announced for capset 2"),
        ({"size": "0xffffffff"}, "announces 4294967295 bytes, and no capset has more than 65536"),
        ({"init": "raise(SIGSEGV)"}, "died of SIGSEGV: no message"),
        ({"fill": "raise(SIGABRT)"}, "died of SIGABRT"),
        ({"init": "return -19"}, "failed: virgl_renderer_init returned -19"),
        ({"init": "_exit(3)"}, "failed: no message"),
        ({"init": 'fputs("no display", stderr), _exit(1)'}, "failed: no display"),
        ({"fill": "_exit(0)"}, "left without an answer for capset 2"),
    ],
)
def test_libraries_that_misbehave(fake, misbehaviour, message):
    with pytest.raises(SourceError, match=message):
        virglrenderer.capsets((2,), 0, library=fake(**misbehaviour))


def test_a_library_that_hangs_and_leaves_others_behind(fake, tmp_path):
    """What the child has started, as a render server would be, goes with it."""
    pid = tmp_path / "pid"
    library = fake(
        init=f'if (fork() == 0) {{ FILE *f = fopen("{pid}", "w"); fprintf(f, "%d", getpid()); fclose(f); }} pause()'
    )
    started = time.monotonic()
    with pytest.raises(SourceError, match=r"has not answered within 1\.5 seconds"):
        virglrenderer.capsets((2,), 0, library=library, timeout=1.5)
    assert time.monotonic() - started < 10
    left = Path("/proc", pid.read_text(), "stat")
    deadline = time.monotonic() + 10
    while left.exists() and left.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_missing_library():
    with pytest.raises(SourceError, match=r"libnone\.so, flags 0x0\) failed: libnone\.so: cannot open shared object"):
        virglrenderer.capsets((2,), 0, library="libnone.so")
