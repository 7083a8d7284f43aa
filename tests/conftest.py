"""What several tests share: real capsets, and the compiler's word on every layout that virgl_hw.h ever had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capcodec import captures

DATA = Path(__file__).parent / "data"


def load(name: str):
    return json.loads((DATA / name).read_text())


@pytest.fixture(scope="session")
def history() -> list[dict]:
    """Revisions of virgl_hw.h, oldest first, each with its structs as gcc laid them out."""
    return load("virgl_layout_history.json")["revisions"]


@pytest.fixture(scope="session")
def kernel_answers() -> dict:
    """What a real Linux 6.1 guest got from DRM_IOCTL_VIRTGPU_GET_CAPS."""
    return load("guest_linux_6.1_host_0.10.4.json")


@pytest.fixture(params=captures.names(1) + captures.names(2))
def capture(request) -> tuple[str, bytes]:
    """Name and bytes of each real capset 1 and 2."""
    return request.param, captures.load(request.param)


@pytest.fixture(scope="session")
def newest() -> bytes:
    """A whole capset 2 of today's size."""
    return captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
