"""The backend, with a VMM that says what QEMU says, and with many at once."""

from __future__ import annotations

import os
import random
import threading
import time

import pytest

from capcodec import ArgumentError, BufferAccessError, SourceError, captures
from capcodec.flow import Host, Kernel, Vmm
from capcodec.messages import virtio_gpu
from capcodec.vhost import VhostUserGpu
from capcodec.vhost.server import MAX_GUESTS
from fake_vmm import connect

V1 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset1.bin")
V2 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
VENUS = captures.load("virglrenderer-1.3.0-venus.capset4.bin")
HOSTS = [
    {1: (1, V1), 2: (2, V2), 4: (0, VENUS)},
    {2: (2, random.Random(1).randbytes(2000))},
    {63: (7, bytes(range(256)) * 256), 5: (0, b"")},
    {},
]


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "socket")


def answers(vmm, host: Host) -> None:
    """All that a guest can ask about capsets, beside what the model says."""
    for index in range(len(host.offers) + 2):
        kind, info = Vmm().capset_info(host, index)
        got = vmm.command(virtio_gpu.capset_info_request(index), 40, indirect=bool(index % 2))
        assert got[:4] == kind.to_bytes(4, "little")
        assert [int.from_bytes(got[at : at + 4], "little") for at in (24, 28, 32)] == list(info)
    for capset_id in {offer.capset_id for offer in host.offers} | {0, 1, 64}:
        for version in range(4):
            found = Vmm().get_capset(host, capset_id, version)
            got = vmm.command(virtio_gpu.capset_request(capset_id, version), 24 + (1 << 16))
            assert (int.from_bytes(got[:4], "little"), got[24:]) == found


@pytest.mark.parametrize("features", [(0, 1, 28, 29, 30, 32), (0, 1, 30, 32)])
def test_every_capset_to_the_byte(path, features):
    with VhostUserGpu(HOSTS, path) as backend, connect(path) as vmm:
        vmm.features = sum(1 << bit for bit in features)
        vmm.start()
        for number, given in enumerate(HOSTS):
            config = vmm.ask(24, (0).to_bytes(4, "little") + (16).to_bytes(4, "little") + bytes(20))
            assert config[12:] == bytes(8) + (1).to_bytes(4, "little") + len(given).to_bytes(4, "little")
            answers(vmm, Host(given))
            assert vmm.told() > 0
            base, _ = vmm.stop()
            assert base == vmm.avail[0]
            vmm.driver()
            assert backend.sessions[0].host == min(number + 1, len(HOSTS) - 1)
        assert backend.sessions[0].error is None
        assert "GET_CAPSET 63 version 0: 65536 bytes" in backend.sessions[0].trace


def test_refusals_and_silence(path):
    hosts = [Host({2: (2, V2)}, answer="error"), Host({2: (2, V2)}, answer="never")]
    with VhostUserGpu(hosts, path), connect(path) as vmm:
        vmm.start()
        assert vmm.command(virtio_gpu.capset_request(2, 0), 2000) == b"\x05\x12" + bytes(22)
        vmm.stop()
        vmm.driver()
        assert vmm.command(virtio_gpu.capset_request(2, 0), 2000, wait=0.3) is None


@pytest.mark.parametrize("bug", [{"index_for_id": True}, {"count": 5}, {"unknown": "poisoned-id"}])
def test_the_bugs_of_vmms(path, bug):
    """The model's kernel and this device see the same."""
    host = Host(HOSTS[0])
    model = Vmm(**bug)
    with VhostUserGpu(host, path, vmm=model), connect(path) as vmm:
        vmm.start()
        for index in range(4):
            kind, info = model.capset_info(host, index)
            got = vmm.command(virtio_gpu.capset_info_request(index), 40)
            assert got[:4] == kind.to_bytes(4, "little")
            assert int.from_bytes(got[24:28], "little") == info.capset_id
    assert Kernel(host, model) is not None


def test_memory_that_is_not_shared(path):
    with VhostUserGpu(HOSTS, path) as backend, connect(path) as vmm:
        vmm.start()
        os.eventfd_write(vmm.kicks[0], 1)
        deadline = time.monotonic() + 20
        while not backend.sessions[0].remarks:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert "QEMU needs share=on" in backend.sessions[0].remarks[0]


def test_a_vmm_without_3d(path):
    lines = []
    with VhostUserGpu(HOSTS, path, told=lines.append) as backend, connect(path) as vmm:
        vmm.features &= ~1
        vmm.start()
        assert (
            backend.sessions[0].remarks
            == lines
            == ["the VMM leaves out the feature VIRGL: its guest asks for no capset"]
        )


def test_many_vmms(path):
    """The next guest is served, also while another one is silent; one too many is sent away."""
    with VhostUserGpu(HOSTS, path) as backend:
        silent = [connect(path) for _ in range(MAX_GUESTS - 1)]
        with connect(path) as vmm:
            vmm.start()
            assert vmm.command(virtio_gpu.capset_request(2, 0), 2000)[24:] == V2
            with connect(path) as other:
                assert other.sock.recv(1) == b""
        for vmm in silent:
            vmm.__exit__()
        deadline = time.monotonic() + 20
        while any(thread.is_alive() for thread in backend._threads.values()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        with connect(path) as vmm:
            vmm.start()
            assert vmm.command(virtio_gpu.capset_request(2, 0), 2000)[24:] == V2
        assert backend.guests == MAX_GUESTS + 1


def test_nothing_stays_behind(path):
    before, files = threading.active_count(), len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with VhostUserGpu(HOSTS, path), connect(path) as vmm:
            vmm.start()
            vmm.command(virtio_gpu.capset_request(2, 0), 2000)
    assert not os.path.exists(path)
    assert (threading.active_count(), len(os.listdir("/proc/self/fd"))) == (before, files)


def test_what_qemu_is_told():
    words = VhostUserGpu({}, "/a,b").qemu_arguments(256)
    assert "memory-backend-memfd,id=mem,size=256M,share=on" in words
    assert "socket,id=vgpu,path=/a,,b" in words


def test_what_a_backend_cannot_offer(path):
    with pytest.raises(ArgumentError, match="expected 1 to 4096 hosts, got 0"):
        VhostUserGpu([], path)
    with pytest.raises(ArgumentError, match="capset 2 has more than 65536 bytes"):
        VhostUserGpu({2: (2, bytes(65537))}, path)
    with pytest.raises(BufferAccessError):
        VhostUserGpu({2: (2, "text")}, path)
    with pytest.raises(ArgumentError, match="expected a timeout"):
        VhostUserGpu({}, path, timeout=0)
    with pytest.raises(SourceError, match="cannot listen at /nowhere/socket"), VhostUserGpu({}, "/nowhere/socket"):
        pass
