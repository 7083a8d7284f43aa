"""Ioctls of a render node: against the kernel's header as the C compiler reads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import real_headers
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
# What an older header may lack: contexts came with Linux 5.16, their names later, and alignment by 7.2
NEWER = {name for name in NUMBERS if "CONTEXT" in name or "DEBUG_NAME" in name}
NEWER |= {"VIRTGPU_PARAM_SUPPORTED_CAPSET_IDs", "VIRTGPU_PARAM_BLOB_ALIGNMENT"}
NEWER |= {cls.name for cls in DRM if "context" in cls.name}


def defined(folder: Path) -> set[str]:
    """The names of ours that the header in a folder defines."""
    words = set(re.findall(r"\w+", (folder / "virtgpu_drm.h").read_text()))
    return words & {*NUMBERS, *(cls.name for cls in DRM)}


@pytest.fixture
def installed():
    """Of the headers on this machine the fullest: options for the compiler, and the names that it defines."""
    folders = [folder for folder in FOLDERS if (folder / "virtgpu_drm.h").exists()]
    if not folders:
        missing("virtgpu_drm.h", "libdrm-dev")
    folder = max(folders, key=lambda folder: len(defined(folder)))
    assert {*NUMBERS, *(cls.name for cls in DRM)} - defined(folder) <= NEWER
    return ["-idirafter", str(folder), "-idirafter", str(folder.parent)], defined(folder)


def test_layouts(tmp_path, installed):
    options, names = installed
    check_layouts(tmp_path, "virtgpu_drm.h", [cls for cls in DRM if cls.name in names], *options)


def test_numbers(tmp_path, installed):
    options, names = installed
    checked = [name for name in NUMBERS if name in names]
    lines = printed(
        tmp_path, "virtgpu_drm.h", [f'printf("%lu\\n", (unsigned long){name});' for name in checked], *options
    )
    assert [int(value) for (value,) in lines] == [NUMBERS[name] for name in checked]


@pytest.mark.parametrize("header", real_headers.headers("*/*/virtgpu_drm.h"), indirect=True)
def test_headers_of_other_kernels(tmp_path, header):
    """And whatever they number, we have the number."""
    folder, drm_h = header.parent, header.parents[1] / "libdrm-dev"
    names = defined(folder)
    options = ["-I", str(folder), "-I", str(drm_h)]
    check_layouts(tmp_path, "virtgpu_drm.h", [cls for cls in DRM if cls.name in names], *options)
    theirs = set(re.findall(r"#define (VIRTGPU_(?:CONTEXT_)?PARAM_\w+)", header.read_text()))
    assert theirs <= NUMBERS.keys()
    checked = sorted(names & NUMBERS.keys())
    lines = printed(
        tmp_path, "virtgpu_drm.h", [f'printf("%lu\\n", (unsigned long){name});' for name in checked], *options
    )
    assert [int(value) for (value,) in lines] == [NUMBERS[name] for name in checked]


def test_every_parameter_has_its_constant():
    for number, name in drm_ioctl.VIRTGPU_PARAM.items():
        assert getattr(drm_ioctl, f"VIRTGPU_PARAM_{name}") == number
    assert list(drm_ioctl.VIRTGPU_PARAM) == list(range(1, len(PARAMS) + 1))


def test_numbers_of_ioctls():
    assert [getattr(drm_ioctl, name) for name in IOCTLS] == [0xC0106443, 0xC0186449, 0xC010644B]
