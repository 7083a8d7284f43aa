"""Messages of virtio-gpu: against the kernel's header as the C compiler reads it, and against bytes made by hand."""

from __future__ import annotations

import pickle
import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import real_headers
from c_header import check_layouts, printed
from capcodec import BufferAccessError, CapcodecError, FieldRangeError, MessageError, ResponseError, captures
from capcodec.messages import virtio_gpu
from measured import measured

BLOB = captures.load("virglrenderer-0.10.4-llvmpipe-gl.capset2.bin")
VIRTIO = [
    virtio_gpu.VirtioGpuCtrlHdr,
    virtio_gpu.VirtioGpuGetCapsetInfo,
    virtio_gpu.VirtioGpuRespCapsetInfo,
    virtio_gpu.VirtioGpuGetCapset,
    virtio_gpu.VirtioGpuRespCapset,
    virtio_gpu.VirtioGpuConfig,
]


def test_layouts(tmp_path):
    check_layouts(tmp_path, "linux/virtio_gpu.h", VIRTIO)


def test_numbers(tmp_path):
    statements = [f'printf("%d\\n", {name});' for name in virtio_gpu.VIRTIO_GPU_CTRL_TYPE.values()]
    found = printed(tmp_path, "linux/virtio_gpu.h", statements)
    assert [int(value) for (value,) in found] == list(virtio_gpu.VIRTIO_GPU_CTRL_TYPE)


@pytest.mark.parametrize("header", real_headers.headers("*/*/virtio_gpu.h"), indirect=True)
def test_headers_of_other_kernels(tmp_path, header):
    options = ["-I", str(header.parent)]
    check_layouts(tmp_path, "virtio_gpu.h", VIRTIO, *options)
    statements = [f'printf("%d\\n", {name});' for name in virtio_gpu.VIRTIO_GPU_CTRL_TYPE.values()]
    found = printed(tmp_path, "virtio_gpu.h", statements, *options)
    assert [int(value) for (value,) in found] == list(virtio_gpu.VIRTIO_GPU_CTRL_TYPE)


HDR = "<IIQIB3x"


MESSAGES = [
    (virtio_gpu.capset_info_request(3), struct.pack(HDR, 0x108, 0, 0, 0, 0) + struct.pack("<II", 3, 0)),
    (
        virtio_gpu.capset_info_response(2, 2, 999),
        struct.pack(HDR, 0x1102, 0, 0, 0, 0) + struct.pack("<IIII", 2, 2, 999, 0),
    ),
    (virtio_gpu.capset_request(2, 1), struct.pack(HDR, 0x109, 0, 0, 0, 0) + struct.pack("<II", 2, 1)),
    (virtio_gpu.capset_response(BLOB), struct.pack(HDR, 0x1103, 0, 0, 0, 0) + BLOB),
]


@pytest.mark.parametrize(("ours", "by_hand"), MESSAGES)
def test_messages(ours, by_hand):
    assert ours == by_hand
    assert virtio_gpu.decode(ours).pack() == by_hand
    assert virtio_gpu.decode(bytearray(ours)) == virtio_gpu.decode(ours)


def test_what_they_say():
    info = virtio_gpu.decode(MESSAGES[1][0])
    # As any name that classes need for themselves, capset_id is by path, or with an underscore
    assert info["capset_id"] == info.capset_id_ == 2
    assert (info.capset_max_version, info.capset_max_size) == (2, 999)
    assert virtio_gpu.decode(MESSAGES[0][0]).capset_index == 3
    assert virtio_gpu.capset_of(MESSAGES[3][0]) == BLOB
    assert virtio_gpu.capset_of(virtio_gpu.capset_response(b"")) == b""
    with pytest.raises(FieldRangeError):
        virtio_gpu.capset_info_request(1 << 32)


def test_errors_of_the_vmm():
    answer = virtio_gpu.error_response(0x1205)
    assert answer == struct.pack(HDR, 0x1205, 0, 0, 0, 0)
    for read in (virtio_gpu.decode, virtio_gpu.capset_of):
        message = r"^the VMM answers VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER \(0x1205\)$"
        with pytest.raises(ResponseError, match=message) as caught:
            read(answer)
        assert caught.value.code == 0x1205
        assert pickle.loads(pickle.dumps(caught.value)).code == 0x1205
        with pytest.raises(ResponseError, match="the VMM answers type 0x1206"):  # as RVGPU's device reset
            read(struct.pack(HDR, 0x1206, 0, 0, 0, 0))
    with pytest.raises(MessageError, match="expected one of VIRTIO_GPU_RESP_ERR_"):
        virtio_gpu.error_response(0x1103)


@pytest.mark.parametrize("message", [ours for ours, _ in MESSAGES[:3]])
def test_cut_and_too_long(message):
    for size in range(len(message)):
        with pytest.raises(MessageError, match=f"ends at byte {size}, expected "):
            virtio_gpu.decode(message[:size])
    with pytest.raises(MessageError, match=f"expected the end at byte {len(message)}, got 1 bytes more"):
        virtio_gpu.decode(message + b"x")
    with pytest.raises(MessageError, match="at byte 0, got VIRTIO_GPU_"):
        virtio_gpu.capset_of(message)


def test_of_another_type():
    with pytest.raises(MessageError, match=r"at byte 0 one of .*, got type 0x0100"):
        virtio_gpu.decode(struct.pack(HDR, 0x100, 0, 0, 0, 0))
    for wrong in (7, "text", None):
        with pytest.raises(BufferAccessError):
            virtio_gpu.decode(wrong)


@given(
    st.binary(max_size=60)
    | st.tuples(st.sampled_from([*virtio_gpu.VIRTIO_GPU_CTRL_TYPE, 0, 0xFFFFFFFF]), st.binary(max_size=60)).map(
        lambda parts: struct.pack("<I", parts[0]) + parts[1]
    )
)
def test_any_bytes(data):
    try:
        message = virtio_gpu.decode(data)
    except CapcodecError:
        return
    assert message.pack() == data


def test_a_long_message_is_not_copied():
    """A message is refused by its length; what is behind the header is not looked at before."""
    program = """
import mmap, struct
from capcodec import MessageError
from capcodec.messages import virtio_gpu
with mmap.mmap(-1, 1 << 30) as message:
    for type_ in (0, *virtio_gpu.MESSAGES):
        message[:4] = struct.pack("<I", type_)
        for read in (virtio_gpu.decode, virtio_gpu.capset_of, virtio_gpu.capset_response):
            try:
                read(message)
            except MessageError as error:
                print(error)
"""
    done = measured(sys.executable, "-c", program)
    assert (done.status, done.stderr) == (0, b"")
    assert len(done.stdout.splitlines()) == 3 * (1 + len(virtio_gpu.MESSAGES))
    assert b"virtio_gpu_resp_capset: expected the end at byte 65560, got 1073676264 bytes more" in done.stdout
    assert done.megabytes < 100


def test_the_largest_capset():
    data = bytes(virtio_gpu.MAX_CAPSET_SIZE)
    assert virtio_gpu.capset_of(virtio_gpu.capset_response(data)) == data
    with pytest.raises(MessageError, match="expected at most 65536 bytes, got 65537"):
        virtio_gpu.capset_response(data + b"x")


def test_buffers_that_are_none():
    for wrong in (None, 3, "text", memoryview(bytes(80))[::2]):
        for read in (virtio_gpu.decode, virtio_gpu.capset_of, virtio_gpu.capset_response):
            with pytest.raises(BufferAccessError, match="virtio-gpu message: expected a contiguous buffer"):
                read(wrong)
