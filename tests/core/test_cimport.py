"""Other Cython code builds against the installed package, and calls its core."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import capcodec
from capcodec import VirglCapsV2

EXAMPLE = Path(__file__).parents[1] / "cimport_example"


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    directory = tmp_path_factory.mktemp("cimport") / "example"
    shutil.copytree(EXAMPLE, directory)
    result = subprocess.run(
        [sys.executable, "setup.py", "-q", "build_ext", "--inplace"], cwd=directory, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    (built,) = directory.glob("cimport_example.*.so")
    spec = importlib.util.spec_from_file_location("cimport_example", built)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_layout(example):
    assert example.where(VirglCapsV2, "max_samples") == (284, 288, 0, True)
    assert example.where(VirglCapsV2, "v1.bset.ubo") == (262, 263, 2, False)
    with pytest.raises(capcodec.UnknownFieldError):
        example.where(VirglCapsV2, "typo")
    with pytest.raises(capcodec.ArgumentError, match="expected the class of a struct, got type <class 'dict'>"):
        example.where(dict, "max_samples")


def test_loads(example, newest):
    assert example.total(VirglCapsV2, "max_texture_2d_size", newest * 5, len(newest)) == 5 * 16384
    ones = b"\xff" * VirglCapsV2.size
    assert example.total(VirglCapsV2, "video_caps[3].reserved", ones * 3, len(ones)) == 3 * 0xFFFFF


def test_the_unpack_entry(example, newest):
    assert example.first_bytes(VirglCapsV2, newest, 700) == VirglCapsV2.unpack(newest[:700])
    assert example.first_bytes(VirglCapsV2, newest * 2, len(newest) + 92).tail == newest[:92]


def test_bytes_of_an_instance(example, newest):
    capset = VirglCapsV2.unpack(newest)
    assert example.double_samples(capset) == VirglCapsV2.size
    assert capset.max_samples == 2 * VirglCapsV2.unpack(newest).max_samples
    with pytest.raises(ValueError, match="no max_samples in there"):
        example.double_samples(VirglCapsV2.unpack(newest[:100]))
    with pytest.raises(TypeError, match="expected an instance of a struct, got bytes"):
        example.double_samples(newest)


def test_the_copies(example, newest):
    dst = bytearray(308 * 6)
    assert example.copies(dst, newest, 308) == 308
    assert dst == newest[:308] + newest[: 308 * 4] + bytes(308)
