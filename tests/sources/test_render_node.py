"""A render node: a real guest kernel, asked from within, says what the model says; and the model stands for others."""

from __future__ import annotations

import errno
import json
import os
import re
import struct

import pytest

import guest_machine
from capcodec import KernelError, SourceError, VirglCapsV2, captures, cli, diff
from capcodec.files import dmesg
from capcodec.flow import Host, Kernel, Vmm
from capcodec.flow.vmm import FEATURES
from capcodec.messages.drm_ioctl import VIRTGPU_PARAM, VIRTGPU_PARAM_BLOB_ALIGNMENT
from capcodec.messages.virtio_gpu import MAX_CAPSET_SIZE
from capcodec.sources import render_node, virglrenderer
from capcodec.sources.render_node import RenderNode
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
import contextlib, errno, fcntl, io, json, os
from capcodec import cli
from capcodec.messages.drm_ioctl import DRM_IOCTL_VIRTGPU_GET_CAPS, DrmVirtgpuGetCaps
from capcodec.sources.render_node import RenderNode, nodes

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
    mesa = node.mesa({VirglCapsV2.size}) if answers[-1][0] != errno.ENOSYS else None
print(json.dumps({{
    "status": status, "probe": json.loads(printed.getvalue()), "answers": answers, "nowhere": nowhere,
    "mesa": mesa and [mesa.capset_id, len(mesa.data)], "release": os.uname().release,
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


def known_params(kernel: Kernel) -> dict[int, int | None]:
    """The model's parameters; None for those that it does not know."""
    found = {}
    for number in VIRTGPU_PARAM:
        try:
            found[number] = kernel.getparam(number)
        except KernelError:
            found[number] = None
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
        # max_video_memory of a 1.1.0 on desktop GL is a truncated address, another one in every process
        assert differing.keys() <= ({"capability_bits", "max_video_memory"} if capset_id == 2 else set())
        assert seen[capset_id]["version"] == answer.capset_version
    version = tuple(map(int, re.match(r"(\d+)\.(\d+)", told["release"]).groups()))
    features = {name for name, has in dmesg.read(log).features.items() if has} & FEATURES
    kernel = Kernel(
        Host({number: (answer.capset_version, answer.data) for number, answer in library.items()}),
        Vmm(features=features),
        version=version,
    )
    assert len(SIZES) >= 40
    assert told["answers"] == predicted(kernel)
    assert told["nowhere"] == [errno.EFAULT, errno.EINVAL, errno.EINVAL]
    assert told["mesa"] == [2, min(VirglCapsV2.size, len(library[2].data))]
    params = {number: node["params"][name] for number, name in VIRTGPU_PARAM.items()}
    assert params == known_params(kernel)
    assert (params[1], params[2], params[7]) == (1, 1, 0b110)
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


# -- kernels that no test machine has: the model answers, and writes as a kernel does


class ModelledIoctl:
    """Stands for ``fcntl.ioctl`` on a node of a modelled kernel. Its words are in this machine's byte order.

    It writes to memory as a kernel does: it stops with EFAULT where no memory is, and knows nothing of the sizes of
    Python's objects.
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.areas: list[tuple[int, int]] = []  # size told, bytes written
        self._memory = os.open("/proc/self/mem", os.O_RDWR)

    def close(self) -> None:
        os.close(self._memory)

    def __call__(self, fd: int, request: int, asked: bytearray, mutate: bool) -> int:
        if request == render_node.DRM_IOCTL_VIRTGPU_GETPARAM:
            param, value = struct.unpack("=QQ", asked)
            self._write(value, struct.pack("=I", self.kernel.getparam(param)))
            return 0
        assert request == render_node.DRM_IOCTL_VIRTGPU_GET_CAPS
        capset_id, version, address, size, _ = struct.unpack("=IIQII", asked)
        user = bytearray(1 << 20)
        written = self.kernel.get_caps(capset_id, version, user, size=size)
        self.areas.append((size, written))
        self._write(address, user[:written])
        return 0

    def _write(self, address: int, data: bytes) -> None:
        if data and os.pwrite(self._memory, data, address) < len(data):
            raise OSError(errno.EFAULT, os.strerror(errno.EFAULT))


@pytest.fixture
def node_of(monkeypatch, tmp_path):
    """A render node of a modelled kernel."""

    opened = []

    def open_node(host: Host, kernel: type[Kernel] = Kernel, **named) -> RenderNode:
        ioctl = ModelledIoctl(kernel(host, **named))
        opened.append(ioctl)
        monkeypatch.setattr(render_node.fcntl, "ioctl", ioctl)
        path = tmp_path / "renderD128"
        path.touch()
        node = RenderNode(str(path))
        node.asked = ioctl.areas
        return node

    yield open_node
    for ioctl in opened:
        ioctl.close()


V1, V2 = (captures.load(f"virglrenderer-1.3.0-llvmpipe-gl.capset{number}.bin") for number in (1, 2))
OFFERS = {1: (1, V1), 2: (2, V2), 4: (0, bytes(160))}


@pytest.mark.parametrize("fixed", [True, False])
def test_every_capset_of_a_modelled_kernel(node_of, fixed):
    with node_of(Host(OFFERS), fixed=fixed) as node:
        found = {answer.capset_id: answer for answer in node.capsets()}
    assert {number: answer.data.rstrip(b"\0") for number, answer in found.items()} == {
        number: data.rstrip(b"\0") for number, (_, data) in OFFERS.items()
    }
    assert {number: answer.capset_version for number, answer in found.items()} == {1: 1, 2: 2, 4: 0}
    assert found[1].remarks == ()
    assert found[4].remarks == ("all zero: the host may have answered with an error",)


def test_a_kernel_that_ignores_sizes_finds_room(node_of):
    """Before Linux 4.16 a kernel told of one byte writes all of the host's: into an area that takes it, here."""
    with node_of(Host({1: (2, bytes(range(256)) * 200)}), fixed=False) as node:
        for _ in range(20):
            assert len(node.capsets()[0].data) == 51200
            with pytest.raises(OSError, match="there is no such capset"):
                node.ask(2)
            assert node.get_caps(1, 0, 1) == b"\0"
    overruns = [written - told for told, written in node.asked if written > told]
    assert len(overruns) >= 100


def test_a_host_that_has_more_than_any_area(node_of):
    """What does not fit ends in EFAULT, in our memory as anywhere."""
    with node_of(Host({1: (0, b"x" * (MAX_CAPSET_SIZE + 1))}), fixed=False) as node:
        assert node.capsets() == []
        with pytest.raises(OSError, match="Bad address"):
            node.ask(1, 0, 8)
    with node_of(Host({1: (0, b"x" * MAX_CAPSET_SIZE)}), fixed=False) as node:
        assert node.ask(1, 0, 8) == b"x" * 8
        (answer,) = node.capsets()
        assert answer.data == b"x" * MAX_CAPSET_SIZE


def test_sizes_that_no_capset_has(node_of):
    with node_of(Host(OFFERS)) as node:
        for size in (-1, MAX_CAPSET_SIZE + 1):
            with pytest.raises(SourceError, match=f"expected a size of 0..65536 bytes, got {size}"):
                node.ask(1, 0, size)
        with pytest.raises(OSError, match="no room"):
            node.ask(1, 0, 0)
        with pytest.raises(SourceError, match="with room for 3"):
            node.get_caps(1, 0, 4, room=3)


def test_there_is_no_memory(node_of, monkeypatch):
    def fail(name):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(render_node.os, "memfd_create", fail)
    with node_of(Host(OFFERS), fixed=False) as node:
        with pytest.raises(SourceError, match="no room for a kernel without CAPSET_QUERY_FIX"):
            node.ask(1)
        with pytest.raises(SourceError, match="no room for a kernel without CAPSET_QUERY_FIX"):
            node.capsets()


def test_what_mesa_gets(node_of):
    with node_of(Host(OFFERS)) as node:
        assert node.mesa(380).data == V2[:380]
    with node_of(Host({1: OFFERS[1]})) as node:  # EINVAL for capset 2
        assert (node.mesa(380).capset_id, node.mesa(380).data) == (1, V1)
    with node_of(Host(OFFERS), fixed=False) as node:
        assert (node.mesa(380).capset_id, node.mesa(380).data) == (1, V1)
    with node_of(Host(OFFERS, answer="never")) as node, pytest.raises(OSError, match="the host does not answer"):
        node.mesa(380)


class OddMask(Kernel):
    """As Linux on x86-64: an id of 33 sets the bit of id 1, since the shift of an int wraps."""

    def getparam(self, param: int) -> int:
        if param == 7:
            return sum({1 << offer.capset_id % 32 for offer in self._host.offers})
        return super().getparam(param)


def test_an_id_above_31_costs_no_node(node_of, monkeypatch, capsys):
    """The kernel lists a bit for it that is another capset's; what can be read is read, and the bit is remarked on."""
    node = node_of(Host({2: OFFERS[2], 33: (0, b"abcd")}), OddMask)
    with node:
        assert [(answer.capset_id, answer.data) for answer in node.capsets()] == [(2, V2), (33, b"abcd")]
        assert node.refused() == {1: "EINVAL"}
    monkeypatch.setattr(render_node, "nodes", lambda: [node.path])
    assert cli.main(["probe", "--json", "--timeout", "1"]) == 0
    report = json.loads(capsys.readouterr().out)[0]
    assert [(told["capset_id"], told["size"]) for told in report["capsets"]] == [(2, len(V2)), (33, 4)]
    assert report["remarks"][0].startswith("the kernel lists capset 1 and gives EINVAL for it")
    assert cli.main(["probe", "--timeout", "1"]) == 0
    assert "the kernel lists capset 1 and gives EINVAL for it" in capsys.readouterr().out


class Kernel72(Kernel):
    def getparam(self, param: int) -> int:
        if param == VIRTGPU_PARAM_BLOB_ALIGNMENT:
            raise KernelError(errno.ENOENT, "")
        return super().getparam(param)


def test_a_parameter_that_the_device_has_no_value_for(node_of):
    """Linux 7.2 gives ENOENT for the alignment of blobs where the device does not offer it."""
    with node_of(Host(OFFERS), Kernel72) as node:
        params = node.params()
    assert (params["BLOB_ALIGNMENT"], params["3D_FEATURES"]) == (None, 1)


def test_a_node_of_something_else(tmp_path):
    file = tmp_path / "node"
    file.write_bytes(b"")
    with pytest.raises(SourceError, match=f"the kernel does not open {tmp_path / 'none'}: No such file"):
        RenderNode(str(tmp_path / "none"))
    with (
        RenderNode(str(file)) as node,
        pytest.raises(SourceError, match="is no virtio-gpu: GETPARAM 3D_FEATURES gives ENOTTY"),
    ):
        node.params()
    with RenderNode("/dev/null") as node, pytest.raises(OSError, match="Inappropriate ioctl"):
        node.ask(2)
    node.close()


def test_paths_that_are_none():
    with pytest.raises(SourceError, match="null (byte|character)"):
        RenderNode("a\0b")
