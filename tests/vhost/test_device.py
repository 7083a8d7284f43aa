"""The device: what a driver asks is answered as the flow model has it, and no command breaks it."""

from __future__ import annotations

import os
import random

import pytest

from capcodec import captures
from capcodec.flow import Host, Vmm
from capcodec.messages import virtio_gpu
from capcodec.vhost import gpu_commands as gpu
from capcodec.vhost.device import MAX_QUERIES, MAX_STEPS, GpuDevice
from peak import OF_A_VMM, at_most

V2 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
HOST = Host({2: [(0, V2[:700]), (2, V2)], 63: (1, bytes(70000))})
MUTATIONS = int(os.environ.get("CAPCODEC_MUTATIONS", "3000"))


def command(kind: int, *words: int, flags: int = 0, fence: int = 0, ctx: int = 0, ring: int = 0) -> bytes:
    head = kind.to_bytes(4, "little") + flags.to_bytes(4, "little") + fence.to_bytes(8, "little")
    head += ctx.to_bytes(4, "little") + bytes((ring, 0, 0, 0))
    return head + b"".join(word.to_bytes(4, "little") for word in words)


def kind(data: bytes) -> int:
    return int.from_bytes(data[:4], "little")


def test_capsets():
    device = GpuDevice(HOST)
    assert device.config == bytes(8) + b"\1\0\0\0\3\0\0\0"
    for index, offer in enumerate(HOST.offers):
        got = virtio_gpu.decode(device.answer(virtio_gpu.capset_info_request(index)).data)
        assert got["capset_id"] == offer.capset_id
        assert (got.capset_max_version, got.capset_max_size) == (offer.max_version, len(offer.data))
    assert virtio_gpu.capset_of(device.answer(virtio_gpu.capset_request(2, 0)).data) == V2[:700]
    assert virtio_gpu.capset_of(device.answer(virtio_gpu.capset_request(2, 1)).data) == V2
    assert len(device.answer(virtio_gpu.capset_request(63, 1)).data) == 24 + 65536
    with pytest.raises(virtio_gpu.ResponseError, match="INVALID_PARAMETER"):
        virtio_gpu.decode(device.answer(virtio_gpu.capset_request(4, 0)).data)


def test_silence():
    device = GpuDevice(Host({2: (2, V2)}, answer="never"))
    assert device.answer(virtio_gpu.capset_request(2, 0)).data is None
    assert device.answer(virtio_gpu.capset_info_request(0)).data is not None


def test_a_fence_is_repeated():
    got = (
        GpuDevice(HOST).answer(command(gpu.VIRTIO_GPU_CMD_SUBMIT_3D, 0, 0, flags=3, fence=1 << 40, ctx=7, ring=5)).data
    )
    assert got == command(gpu.VIRTIO_GPU_RESP_OK_NODATA, flags=3, fence=1 << 40, ctx=7, ring=5)
    got = GpuDevice(HOST).answer(virtio_gpu.capset_request(4, 0)[:4] + command(0, 4, 0, flags=1, fence=9)[4:]).data
    assert got == command(0x1205, flags=1, fence=9)


def test_the_display():
    """A monitor that says what it is, as VESA has it."""
    got = GpuDevice(HOST).answer(command(gpu.VIRTIO_GPU_CMD_GET_EDID, 0, 0)).data
    block = got[32 : 32 + 128]
    assert (kind(got), len(got), int.from_bytes(got[24:28], "little")) == (0x1104, 1056, 128)
    assert block[:8] == bytes.fromhex("00ffffffffffff00")
    assert sum(block) % 256 == 0
    assert block[18:20] == b"\1\4"
    timing = block[54:72]
    assert (timing[2] | timing[4] >> 4 << 8, timing[5] | timing[7] >> 4 << 8) == (1024, 768)
    got = GpuDevice(HOST).answer(command(gpu.VIRTIO_GPU_CMD_GET_DISPLAY_INFO)).data
    words = [int.from_bytes(got[at : at + 4], "little") for at in range(24, len(got), 4)]
    assert (kind(got), len(got), words) == (0x1101, 408, [0, 0, 1024, 768, 1, 0, *[0] * 90])


def query_buffer(resource_id: int) -> bytes:
    return command(gpu.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, resource_id, 0, 64, 1 << 17, 16, 1, 1, 1, 0, 0, 0, 0)


def backing(resource_id: int, address: int, length: int = 4096) -> bytes:
    return command(gpu.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, resource_id, 1, address, 0, length, 0)


def transfer(resource_id: int) -> bytes:
    return command(gpu.VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D, *[0] * 8, resource_id, 0, 0, 0)


def test_a_query_is_done():
    """Else Mesa asks for it for ever."""
    device = GpuDevice(HOST)
    device.answer(query_buffer(5))
    device.answer(backing(5, 0x1000))
    assert device.answer(transfer(5)).writes == ((0x1000, b"\1\0\0\0\4\0\0\0" + bytes(8)),)
    assert device.answer(transfer(6)).writes == ()
    device.answer(command(gpu.VIRTIO_GPU_CMD_RESOURCE_UNREF, 5, 0))
    assert device.answer(transfer(5)).writes == ()
    device.answer(query_buffer(7))
    device.answer(backing(7, 0x1000, 15))
    assert device.answer(transfer(7)).writes == ()


def test_what_is_kept_is_bounded():
    device = GpuDevice(HOST)
    for number in range(2 * MAX_QUERIES):
        device.answer(query_buffer(number))
        device.answer(virtio_gpu.capset_request(2, 0))
    assert len(device._queries) == MAX_QUERIES
    assert len(device.host.trace) == MAX_STEPS
    assert HOST.trace == []


@pytest.mark.parametrize("data", [b"", b"\x08\1", bytes(23), bytes(24), b"\xff" * 24, b"\xff" * 1000])
def test_commands_that_are_none(data):
    assert kind(GpuDevice(HOST).answer(data).data) == 0x1200


def test_random_and_mutated_commands():
    """CAPCODEC_MUTATIONS sets how many."""
    rng = random.Random(5)
    device = GpuDevice(HOST, Vmm(unknown="id-zero"))
    kinds = [*gpu.NAMES, 0x108, 0x109, 0x109, 0x1100, 0]
    answered = 0
    with at_most(OF_A_VMM):
        for _ in range(MUTATIONS):
            numbers = [rng.choice((0, 1, 2, 5, 63, 1 << 17, 16, 0xFFFFFFFF)) for _ in range(rng.randrange(14))]
            data = bytearray(command(rng.choice(kinds), *numbers, flags=rng.randrange(4), fence=rng.getrandbits(64)))
            for _ in range(rng.choice((0, 0, 1, 4))):
                data[rng.randrange(len(data))] = rng.randrange(256)
            answer = device.answer(bytes(data[: rng.choice((len(data), rng.randrange(len(data))))]))
            assert 24 <= len(answer.data) <= 24 + virtio_gpu.MAX_CAPSET_SIZE
            assert all(len(written) == 16 and 0 <= address < 1 << 64 for address, written in answer.writes)
            assert 0 < len(answer.text) < 200
            answered += kind(answer.data) < 0x1200
    assert answered > MUTATIONS / 2
