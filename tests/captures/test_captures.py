"""The captures that ship: taken again from the real library, and what their names say."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from capcodec import ArgumentError, capset_for, captures, identify
from capcodec.capsets.virglrenderer_releases import RELEASES
from capcodec.sources.virglrenderer import LIBRARY
from real import need_library

SCRIPT = Path(__file__).parents[1] / "long" / "capture.py"
SPEC = importlib.util.spec_from_file_location("capture", SCRIPT)
capture = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(capture)


def installed() -> str:
    """The release of the installed library, as Debian's package says."""
    need_library("libEGL_mesa.so.0", "libegl-mesa0")
    need_library(LIBRARY, "libvirglrenderer1")
    if shutil.which("dpkg-query") is None:
        pytest.skip("only Debian's packages tell their version")
    told = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", "libvirglrenderer1"], check=True, capture_output=True, text=True
    )
    return told.stdout.partition("-")[0]


@pytest.mark.parametrize("kind", capture.KINDS)
def test_a_capture_taken_again_is_of_its_release(kind):
    release = installed()
    taken = capture.take(kind, release)
    assert len(taken) == len(capture.KINDS[kind][0])
    for name, data in taken.items():
        assert release in identify(data, int(name.removesuffix(".bin")[-1])).releases


@pytest.mark.parametrize("kind", capture.KINDS)
def test_a_capture_taken_again_is_the_same_byte_for_byte(kind, mesa):
    release = installed()
    if mesa != "22.3.6" or f"virglrenderer-{release}-llvmpipe-gl.capset2.bin" not in captures.names():
        pytest.skip("captures were taken on Mesa 22.3.6, of other releases")
    taken = capture.take(kind, release)
    assert taken == {name: captures.load(name) for name in taken}


def test_the_names_tell_release_driver_and_capset():
    releases = [row[0] for row in RELEASES]
    for name in captures.names():
        release, kind, capset_id = re.fullmatch(r"virglrenderer-([\d.]+)-([\w-]+)\.capset(\d+)\.bin", name).groups()
        assert release in releases
        assert int(capset_id) in capture.KINDS[kind][0]
        assert captures.load(name)
        assert name in captures.names(int(capset_id))
    assert sorted(name for number in (1, 2, 4) for name in captures.names(number)) == captures.names()
    assert captures.names(3) == []


def test_every_byte_of_a_capture_means_something():
    """Nothing is cut off, and nothing lies beyond the layout."""
    for name in captures.names():
        cls = capset_for(int(name.removesuffix(".bin")[-1]))
        caps = cls.unpack(captures.load(name))
        assert caps.valid_size in cls.size_steps
        assert caps.tail == b""
        assert caps.pack() == captures.load(name)


@pytest.mark.parametrize("name", ["nothing", "../__init__.py", "", "virglrenderer-0.10.4-venus.capset4"])
def test_names_that_are_none(name):
    with pytest.raises(ArgumentError, match=r"no capture .*; names\(\) lists them, such as virglrenderer-"):
        captures.load(name)
