"""Messages on the wire: against the kernel's headers as the C compiler reads them, and against bytes made by hand."""

from __future__ import annotations

import pickle
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import BufferAccessError, CapcodecError, FieldRangeError, MessageError, ResponseError, captures
from capcodec.messages import drm_ioctl, virtio_gpu
from capcodec.vtest import protocol as vtest
from real import missing

BLOB = captures.load("virglrenderer-0.10.4-llvmpipe-gl.capset2.bin")
VIRTIO = [
    virtio_gpu.VirtioGpuCtrlHdr,
    virtio_gpu.VirtioGpuGetCapsetInfo,
    virtio_gpu.VirtioGpuRespCapsetInfo,
    virtio_gpu.VirtioGpuGetCapset,
    virtio_gpu.VirtioGpuRespCapset,
    virtio_gpu.VirtioGpuConfig,
]
DRM = [
    drm_ioctl.DrmVirtgpuGetparam,
    drm_ioctl.DrmVirtgpuGetCaps,
    drm_ioctl.DrmVirtgpuContextSetParam,
    drm_ioctl.DrmVirtgpuContextInit,
]
IOCTLS = ["DRM_IOCTL_VIRTGPU_GETPARAM", "DRM_IOCTL_VIRTGPU_GET_CAPS", "DRM_IOCTL_VIRTGPU_CONTEXT_INIT"]
# Some distributions' compilers for this machine lack the DRM headers, and those for others have them
HEADERS = next((path.parent.parent for path in sorted(Path("/usr").glob("*/include/drm/virtgpu_drm.h"))), None)
if Path("/usr/include/drm/virtgpu_drm.h").exists():
    HEADERS = Path("/usr/include")


def compiled(tmp_path, include: str, statements: list[str]) -> list[list[str]]:
    source, binary = tmp_path / "a.c", tmp_path / "a"
    lines = [f"#include <{name}>" for name in ("stddef.h", "stdio.h", include)]
    source.write_text("\n".join([*lines, "int main(void)", "{", *statements, "return 0; }"]))
    options = [] if HEADERS is None else ["-idirafter", str(HEADERS)]
    subprocess.run(["cc", "-w", *options, "-o", binary, source], check=True)
    printed = subprocess.run([binary], capture_output=True, text=True, check=True).stdout
    return [line.split() for line in printed.splitlines()]


def leaves_of(cls):
    return [field for field in cls.layout.leaves() if field.bits is None]


def layout_in_c(tmp_path, include: str, classes) -> None:
    statements, expected = [], []
    for cls in classes:
        statements.append(f'printf("{cls.name} %zu\\n", sizeof(struct {cls.name}));')
        expected.append([cls.name, str(cls.size)])
        for field in leaves_of(cls):
            statements.append(
                f'printf("{field.path} %zu %zu\\n", offsetof(struct {cls.name}, {field.path}), '
                f"sizeof(((struct {cls.name} *)0)->{field.path}));"
            )
            expected.append([field.path, str(field.offset), str(field.size)])
    assert compiled(tmp_path, include, statements) == expected


def test_layouts_of_virtio_gpu(tmp_path):
    layout_in_c(tmp_path, "linux/virtio_gpu.h", VIRTIO)


def test_numbers_of_virtio_gpu(tmp_path):
    statements = [f'printf("%d\\n", {name});' for name in virtio_gpu.VIRTIO_GPU_CTRL_TYPE.values()]
    found = compiled(tmp_path, "linux/virtio_gpu.h", statements)
    assert [int(value) for (value,) in found] == list(virtio_gpu.VIRTIO_GPU_CTRL_TYPE)


def test_layouts_and_numbers_of_drm(tmp_path):
    if HEADERS is None:
        missing("drm/virtgpu_drm.h", "linux-libc-dev")
    layout_in_c(tmp_path, "drm/virtgpu_drm.h", DRM)
    names = [f"VIRTGPU_PARAM_{name}" for number, name in drm_ioctl.VIRTGPU_PARAM.items() if number <= 7]
    names += [
        f"VIRTGPU_CONTEXT_PARAM_{name}" for number, name in drm_ioctl.VIRTGPU_CONTEXT_PARAM.items() if number <= 3
    ]
    names += IOCTLS
    found = compiled(tmp_path, "drm/virtgpu_drm.h", [f'printf("%lu\\n", (unsigned long){name});' for name in names])
    assert [int(value) for (value,) in found] == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        1,
        2,
        3,
        *(getattr(drm_ioctl, n) for n in IOCTLS),
    ]


def test_numbers_of_ioctls():
    assert [getattr(drm_ioctl, name) for name in IOCTLS] == [0xC0106443, 0xC0186449, 0xC010644B]


# -- virtio-gpu

HDR = "<IIQIB3x"
MESSAGES = [
    (virtio_gpu.capset_info_request(3), struct.pack(HDR, 0x108, 0, 0, 0, 0) + struct.pack("<II", 3, 0)),
    (
        virtio_gpu.capset_info_response(2, 2, 1408),
        struct.pack(HDR, 0x1102, 0, 0, 0, 0) + struct.pack("<IIII", 2, 2, 1408, 0),
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
    assert (info.capset_max_version, info.capset_max_size) == (2, 1408)
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


# -- vtest: header and data; sessions are in test_vtest.py


def test_vtest_messages():
    assert vtest.message(vtest.VCMD_RESOURCE_BUSY_WAIT, 5, 0) == struct.pack("<IIII", 2, 7, 5, 0)
    assert vtest.create_renderer(b"name") == struct.pack("<II", 5, 8) + b"name\0"
    assert vtest.caps_reply(2, BLOB) == struct.pack("<II", len(BLOB) + 1, 2) + BLOB
    assert vtest.caps_reply(1, bytes(308))[:8] == struct.pack("<II", 309, 1)
    assert vtest.capset_reply(bytes(160)) == struct.pack("<III", 41, 16, 1) + bytes(160)
    assert vtest.capset_reply(None) == struct.pack("<III", 1, 16, 0)
    for word in (-1, 1 << 32):
        with pytest.raises(MessageError, match=f"GET_CAPSET: expected words of 32 bits, got {word}"):
            vtest.message(vtest.VCMD_GET_CAPSET, 2, word)
    with pytest.raises(MessageError, match="a capset of 7 bytes is no whole number of dwords"):
        vtest.capset_reply(bytes(7))


@given(st.binary(min_size=8, max_size=8))
def test_any_vtest_header(data):
    head = vtest.VtestHdr.unpack(data)
    length, cmd_id = struct.unpack("<II", data)
    assert (head.length, head.cmd_id, head.pack()) == (length, cmd_id, data)
    assert vtest.named(cmd_id)
    if length:
        assert vtest.caps_size(head) == length - 1
    else:
        with pytest.raises(MessageError, match="at byte 0, got 0"):
            vtest.caps_size(head)
