"""The host library as a source: a real one, and ones that misbehave."""

from __future__ import annotations

import io
import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import SourceError, captures, diff
from capcodec.messages.virtio_gpu import MAX_CAPSET_SIZE
from capcodec.sources import _fill_caps, virglrenderer
from capcodec.sources.virglrenderer import DRM, NO_VIRGL, USE_EGL, USE_GLES, USE_SURFACELESS, VENUS
from real import need_library

# Writes into the file of the answers before the child does
ANSWER = 'dprintf(fd(), "%s", "{}")'

FAKE = """
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <stdlib.h>
/* The child's first argument, which the kernel remembers */
int fd(void)
{ char all[4096]; FILE *f = fopen("/proc/self/cmdline", "r"); size_t n = fread(all, 1, sizeof all - 1, f); fclose(f);
  for (size_t at = 0; at < n; at += strlen(all + at) + 1) if (strstr(all + at, "_fill_caps.py"))
      return atoi(all + at + strlen(all + at) + 1);
  abort(); }
int flags;
int virgl_renderer_init(void *cookie, int given, void *callbacks)
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
    assert venus.remarks == ()
    if len(venus.data) == 156:  # a release before 1.1.0, which needs no render server
        recorded = captures.load("virglrenderer-0.10.4-venus.capset4.bin")
        assert [change.path for change in diff(recorded, venus.data, 4)] == ["supports_blob_id_0"]
        assert virglrenderer.capsets((4,), VENUS | NO_VIRGL)[0].data == recorded


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
        ({"init": 'for (int i = 0; i < 1 << 20; i++) fputs("noise ", stderr); _exit(1)'}, "failed: .{100,4096}$"),
        ({"init": "raise(35)"}, "died of signal 35"),
        ({"init": ANSWER.format("garbage\\n")}, r"gave no answer for capset 2, but b'garbage"),
        ({"init": ANSWER.format("2 0 16\\n")}, "announces 16 bytes for capset 2, and gives another number"),
        ({"init": ANSWER.format("2 0 16 00 ff\\n")}, "announces 16 bytes for capset 2, and gives another number"),
        ({"init": ANSWER.format("2 0 -1\\n")}, "gave no answer for capset 2"),
        ({"init": ANSWER.format("{'size': 1}")}, "gave no answer for capset 2"),
        ({"init": ANSWER.format("\\xff\\xfe")}, r"gave no answer for capset 2, but b'.xff.xfe"),
        ({"init": ANSWER.format("2 0 0\\n")}, "gave more answers than there were questions"),
        ({"init": ANSWER.format("4 0 0\\n")}, "gave no answer for capset 2, but b'4 0 0"),
        (
            {"init": 'for (int i = 0, n = fd(); i < 1 << 14; i++) dprintf(n, "%02048d", 0)'},
            "gave no answer for capset 2",
        ),
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


def test_the_child_s_environment(fake, tmp_path, monkeypatch):
    """It gets what drivers read, and nothing else of ours."""
    seen = tmp_path / "seen"
    for name in ("SECRET_TOKEN", "PYTHONPATH", "LD_PRELOAD_NOT", "MESA_DEBUG", "GALLIUM_DRIVER", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, "x")
    told = 'for (char **e = environ; *e; e++) fprintf(f, "%s\\n", *e)'
    library = fake(init=f'FILE *f = fopen("{seen}", "w"); extern char **environ; {told}; fclose(f)')
    virglrenderer.capsets((2,), 0, library=library, environment={"GALLIUM_DRIVER": "softpipe", "ANY": "thing"})
    given = dict(line.split("=", 1) for line in seen.read_text().splitlines())
    assert given["GALLIUM_DRIVER"] == "softpipe"
    assert (given["ANY"], given["MESA_DEBUG"], given["XDG_RUNTIME_DIR"]) == ("thing", "x", "x")
    assert not {"SECRET_TOKEN", "PYTHONPATH", "LD_PRELOAD_NOT"} & given.keys()
    assert all(
        name in virglrenderer.ENVIRONMENT or name.startswith(virglrenderer.ENVIRONMENT)
        for name in given.keys() - {"ANY"}
    )


def test_what_the_child_writes(fake, tmp_path, monkeypatch):
    """The lines that it says it writes, and nothing for sizes that nobody makes room for."""

    def leave(status):
        raise SystemExit(status)

    monkeypatch.setattr(_fill_caps.os, "_exit", leave)
    library = fake(size="id == 6 ? 0 : id == 4 ? 9 : 2", fill="caps[0] = id")
    answers = tmp_path / "answers"
    with answers.open("w") as file:
        numbers = (7, 8, 3, 2, 4, 6)  # flags, the largest size, bytes behind it, ids
        monkeypatch.setattr(_fill_caps.sys, "argv", ["", str(os.dup(file.fileno())), library, *map(str, numbers)])
        with pytest.raises(SystemExit) as caught:
            _fill_caps.main()
    assert caught.value.code == 0
    assert answers.read_text() == "2 2 2 0200000000 02ffffffff\n4 0 9\n6 0 0\n"


@pytest.mark.parametrize(
    ("library", "message"), [("libnone.so", "cannot open shared object"), (None, "virgl_renderer_init returned -5")]
)
def test_what_the_child_says_when_it_fails(fake, monkeypatch, library, message):
    library = library or fake(init="return -5")
    monkeypatch.setattr(_fill_caps.sys, "argv", ["", "99", library, "0", "8", "3"])
    with pytest.raises(SystemExit, match=message):
        _fill_caps.main()


def test_flags_of_each_start(fake):
    library = fake(
        size="flags == 0x9 ? 1 : flags == 0x2c0 ? 2 : flags == 0x480 ? 3 : 0", fill="*caps = id", init="flags = given"
    )
    assert [(answer.capset_id, len(answer.data)) for answer in virglrenderer.capsets(library=library)] == [
        *((1, 1), (2, 1), (4, 2), (6, 3))
    ]


def test_a_child_that_cannot_be_started(monkeypatch):
    monkeypatch.setattr(virglrenderer.sys, "executable", "/nowhere/python")
    with pytest.raises(SourceError, match="cannot be started: No such file or directory"):
        virglrenderer.capsets((2,), 0)


@given(
    st.binary(max_size=200)
    | st.from_regex(rb"2 [0-9]{1,3} [0-9]{1,6}( [0-9a-f]{0,200} [0-9a-f]{0,200})?\n", fullmatch=True)
)
def test_any_answer(data):
    """Whatever is in the file, it is an answer or an error of ours."""
    try:
        found = virglrenderer._read(io.BytesIO(data), [2], "the library")
    except SourceError:
        return
    assert all(answer.capset_id == 2 and len(answer.data) <= MAX_CAPSET_SIZE for answer in found)


def test_a_missing_library():
    with pytest.raises(SourceError, match=r"libnone\.so, flags 0x0\) failed: libnone\.so: cannot open shared object"):
        virglrenderer.capsets((2,), 0, library="libnone.so")
