"""What several tests share: real capsets, and the compiler's word on every layout that virgl_hw.h ever had."""

from __future__ import annotations

import fcntl
import re
import signal
from pathlib import Path

import hypothesis
import pytest

from capcodec import VirglCapsV2, captures
from capcodec.vtest import protocol as vtest
from real import missing, need_library
from recorded import load


def pytest_addoption(parser):
    parser.addoption(
        "--processes", type=int, default=5, help="fresh processes for a test of first use; 200 is thorough"
    )


# Machines are shared and noisy: a slow example is no failure
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

# A run in the background of a script inherits that interrupts are ignored, and its children would too
signal.signal(signal.SIGINT, signal.default_int_handler)


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
    names = [name for name in captures.names(2) if "llvmpipe-gl" in name]
    data = captures.load(max(names, key=lambda name: [int(part) for part in name.split("-")[1].split(".")]))
    return data.ljust(VirglCapsV2.size, b"\1")  # what the struct has grown by since is not captured yet


@pytest.fixture
def blob(tmp_path):
    """Writes bytes to a file, and gives its name."""

    def write(data: bytes) -> str:
        path = tmp_path / "capset.bin"
        path.write_bytes(data)
        return str(path)

    return write


@pytest.fixture(scope="session")
def mesa():
    """Mesa's version, of the driver that a guest of ours would use."""
    need_library("libEGL_mesa.so.0", "libegl-mesa0")
    drivers = [*Path("/usr/lib").glob("*/dri/swrast_dri.so"), *Path("/usr/lib").glob("*/libgallium*.so")]
    found = {
        match[1] for driver in drivers for match in [re.search(rb"Mesa (\d+\.\d+\.\d+)", driver.read_bytes())] if match
    }
    if not found:
        need_library("swrast_dri.so", "libgl1-mesa-dri")
    return found.pop().decode()


@pytest.fixture
def default_socket():
    """Where Mesa 22.3 looks, which is nowhere else; for one test run on this machine at a time."""
    with open(f"{vtest.DEFAULT_SOCKET}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield vtest.DEFAULT_SOCKET


@pytest.fixture
def header(request) -> Path:
    """Each real header of ``real_headers.headers``."""
    if request.param is None:
        missing(
            "a real header", "sources, by tests/helpers/fetch_headers, and name their directory in CAPCODEC_HEADERS"
        )
    return request.param
