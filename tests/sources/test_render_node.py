"""A real guest kernel, asked by this library from within: what it answers is what the model says."""

from __future__ import annotations

import errno
import json

import pytest

import guest_machine
from capcodec import KernelError, diff
from capcodec.flow import Host, Kernel
from capcodec.flow.kernel import PARAM_SUPPORTED_CAPSET_IDS
from capcodec.messages.drm_ioctl import VIRTGPU_PARAM
from capcodec.sources import virglrenderer
from real import need_library

IDS, VERSIONS = range(7), range(4)
SIZES = [
    *(
        0,
        1,
        2,
        3,
        4,
        5,
        7,
        8,
        12,
        15,
        16,
        17,
        24,
        31,
        32,
        64,
        100,
        128,
        255,
        256,
        264,
        284,
        288,
        300,
        304,
        307,
        308,
        309,
    ),
    *(379, 380, 381, 388, 396, 512, 556, 688, 696, 1000, 1371, 1372, 1375, 1376, 1377, 1384, 1407, 1408, 1409, 1472),
    *(2047, 2048, 4095, 4096, 4097, 8191, 8192),
]

# Run in the guest: what `capcodec probe` says, then every request with the errno and the bytes written
PAYLOAD = f"""
import contextlib, errno, fcntl, io, json
from capcodec import cli
from capcodec.messages.drm_ioctl import DRM_IOCTL_VIRTGPU_GET_CAPS, DrmVirtgpuGetCaps
from capcodec.sources.drm import RenderNode, nodes

with contextlib.redirect_stdout(io.StringIO()) as printed:
    status = cli.main(["probe", "--json"])
answers = []
with RenderNode(nodes()[0]) as node:
    for capset_id in {list(IDS)}:
        for version in {list(VERSIONS)}:
            for size in {SIZES}:
                try:
                    answers.append((0, len(node.ask(capset_id, version, size))))
                except OSError as error:
                    answers.append((error.errno, 0))
    nowhere = []
    for capset_id, size in ((2, 64), (2, 0), (55, 64)):
        try:
            asked = DrmVirtgpuGetCaps(cap_set_id=capset_id, addr=8, size=size)
            fcntl.ioctl(node._fd, DRM_IOCTL_VIRTGPU_GET_CAPS, asked, True)
            nowhere.append(0)
        except OSError as error:
            nowhere.append(error.errno)
    mesa = node.mesa(1408) if answers[-1][0] != errno.ENOSYS else None
print(json.dumps({{
    "status": status, "probe": json.loads(printed.getvalue()), "answers": answers, "nowhere": nowhere,
    "mesa": mesa and [mesa.capset_id, len(mesa.data)],
}}))
"""


@pytest.fixture(scope="session")
def machine(tmp_path_factory):
    """Boots guests, from one download of the kernel."""
    directory = tmp_path_factory.mktemp("guest")

    def boot(device: str) -> tuple[dict, str]:
        printed, log = guest_machine.boot(directory, PAYLOAD, device)
        return json.loads(printed), log

    return boot


def predicted(kernel: Kernel) -> list[list[int]]:
    """What the model says to all the same requests."""
    found = []
    for capset_id in IDS:
        for version in VERSIONS:
            for size in SIZES:
                try:
                    found.append([0, kernel.get_caps(capset_id, version, bytearray(size))])
                except KernelError as error:
                    found.append([error.errno, 0])
    return found


def test_a_guest_with_3d(machine):
    need_library("libEGL_mesa.so.0", "libegl-mesa0")
    library = {
        answer.capset_id: answer for answer in virglrenderer.capsets((1, 2), environment={"LIBGL_ALWAYS_SOFTWARE": "1"})
    }
    told, log = machine("virtio-gpu-gl-pci")
    assert told["status"] == 0
    node = told["probe"][0]
    seen = {capset["capset_id"]: capset for capset in node["capsets"]}
    assert seen.keys() == library.keys() == {1, 2}
    for capset_id, answer in library.items():
        data = bytes.fromhex(seen[capset_id]["data"])
        # What was written, as two fill patterns tell, is all that the host has
        assert len(data) == seen[capset_id]["size"] == len(answer.data)
        differing = {change.path: change for change in diff(answer.data, data, capset_id)}
        # capability_bits tell what the process around the library can do; a VMM that brings a GL context of its own,
        # as QEMU does, gets no untyped resources
        if capset_id == 2 and "capability_bits_v2" in differing:
            change = differing.pop("capability_bits_v2")
            assert {*change.added, *change.removed} == {"UNTYPED_RESOURCE"}
        assert differing.keys() <= ({"capability_bits"} if capset_id == 2 else set())
        assert seen[capset_id]["version"] == answer.capset_version
    kernel = Kernel(Host({number: (answer.capset_version, answer.data) for number, answer in library.items()}))
    assert len(SIZES) >= 40
    assert told["answers"] == predicted(kernel)
    assert told["nowhere"] == [errno.EFAULT, errno.EINVAL, errno.EINVAL]
    assert told["mesa"] == [2, min(1408, len(library[2].data))]
    params = {number: node["params"][name] for number, name in VIRTGPU_PARAM.items()}
    assert params[PARAM_SUPPORTED_CAPSET_IDS] == kernel.getparam(PARAM_SUPPORTED_CAPSET_IDS) == 0b110
    for number in (1, 2):
        assert params[number] == kernel.getparam(number) == 1
    for answer in library.values():
        assert f"id {answer.capset_id}, max-version {answer.capset_version}, max-size {len(answer.data)}" in log


def test_a_guest_without_3d(machine):
    """There are no capsets: before anything else, ENOSYS."""
    told, _ = machine("virtio-gpu-pci")
    assert told["answers"] == predicted(Kernel(Host({})))
    assert {code for code, _ in told["answers"]} == {errno.ENOSYS}
    assert told["nowhere"] == [errno.ENOSYS] * 3
    assert told["probe"][0]["params"]["3D_FEATURES"] == 0
    assert told["probe"][0]["capsets"] == []
