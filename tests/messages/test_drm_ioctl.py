"""Ioctls of a render node: against the kernel's header as the C compiler reads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from c_header import check_layouts, printed
from capcodec.messages import drm_ioctl
from real import missing

# Native headers of libdrm-dev, else those that a cross compiler brings
FOLDERS = [Path("/usr/include/libdrm"), *sorted(Path("/usr").glob("*/include/drm"))]

DRM = [
    drm_ioctl.DrmVirtgpuGetparam,
    drm_ioctl.DrmVirtgpuGetCaps,
    drm_ioctl.DrmVirtgpuContextSetParam,
    drm_ioctl.DrmVirtgpuContextInit,
]


IOCTLS = ["DRM_IOCTL_VIRTGPU_GETPARAM", "DRM_IOCTL_VIRTGPU_GET_CAPS", "DRM_IOCTL_VIRTGPU_CONTEXT_INIT"]


PARAMS = {f"VIRTGPU_PARAM_{name}": number for number, name in drm_ioctl.VIRTGPU_PARAM.items()}
CONTEXT_PARAMS = {f"VIRTGPU_CONTEXT_PARAM_{name}": number for number, name in drm_ioctl.VIRTGPU_CONTEXT_PARAM.items()}
NUMBERS = {**PARAMS, **CONTEXT_PARAMS, **{name: getattr(drm_ioctl, name) for name in IOCTLS}}
# What an older header may lack: contexts came with Linux 5.16, their names later
NEWER = {name for name in NUMBERS if "CONTEXT" in name or "DEBUG_NAME" in name} | {"VIRTGPU_PARAM_SUPPORTED_CAPSET_IDs"}
NEWER |= {cls.name for cls in DRM if "context" in cls.name}


def defined(folder: Path) -> set[str]:
    """The names of ours that the header in a folder defines."""
    words = set(re.findall(r"\w+", (folder / "virtgpu_drm.h").read_text()))
    return words & {*NUMBERS, *(cls.name for cls in DRM)}


@pytest.fixture
def header():
    """Of the headers on this machine the fullest: options for the compiler, and the names that it defines."""
    folders = [folder for folder in FOLDERS if (folder / "virtgpu_drm.h").exists()]
    if not folders:
        missing("virtgpu_drm.h", "libdrm-dev")
    folder = max(folders, key=lambda folder: len(defined(folder)))
    assert {*NUMBERS, *(cls.name for cls in DRM)} - defined(folder) <= NEWER
    return ["-idirafter", str(folder), "-idirafter", str(folder.parent)], defined(folder)


def test_layouts(tmp_path, header):
    options, names = header
    check_layouts(tmp_path, "virtgpu_drm.h", [cls for cls in DRM if cls.name in names], *options)


def test_numbers(tmp_path, header):
    options, names = header
    checked = [name for name in NUMBERS if name in names]
    lines = printed(
        tmp_path, "virtgpu_drm.h", [f'printf("%lu\\n", (unsigned long){name});' for name in checked], *options
    )
    assert [int(value) for (value,) in lines] == [NUMBERS[name] for name in checked]


def test_every_parameter_has_its_constant():
    for number, name in drm_ioctl.VIRTGPU_PARAM.items():
        assert getattr(drm_ioctl, f"VIRTGPU_PARAM_{name}") == number
    assert list(drm_ioctl.VIRTGPU_PARAM) == list(range(1, 9))


def test_numbers_of_ioctls():
    assert [getattr(drm_ioctl, name) for name in IOCTLS] == [0xC0106443, 0xC0186449, 0xC010644B]
