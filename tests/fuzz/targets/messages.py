"""Messages and files that hold capsets: virtio-gpu's, the structs of DRM ioctls, capset files of RVGPU."""

from __future__ import annotations

from capcodec import captures
from capcodec.files import capset_file
from capcodec.messages import drm_ioctl, virtio_gpu
from choices import Choices, number

from . import refusing, target

STRUCTS = [
    virtio_gpu.VirtioGpuCtrlHdr,
    virtio_gpu.VirtioGpuConfig,
    drm_ioctl.DrmVirtgpuGetparam,
    drm_ioctl.DrmVirtgpuGetCaps,
    drm_ioctl.DrmVirtgpuContextSetParam,
    drm_ioctl.DrmVirtgpuContextInit,
]


def virtio_messages() -> list[bytes]:
    blob = captures.load(captures.names(1)[-1])
    found = [
        virtio_gpu.capset_info_request(1),
        virtio_gpu.capset_info_response(2, 2, 1408),
        virtio_gpu.capset_request(2, 2),
        virtio_gpu.capset_response(blob),
        virtio_gpu.error_response(virtio_gpu.VIRTIO_GPU_RESP_ERR_UNSPEC),
    ]
    return [bytes((kind,)) + part for kind in range(3) for message in found for part in (message, message[:-1])]


@target(
    "capcodec/messages/virtio_gpu.py",
    "capcodec/messages/drm_ioctl.py",
    plant=("capcodec/messages/virtio_gpu.py", "return message.tail\n", "return message.tail.rstrip(b'\\0')\n"),
    seeds=virtio_messages,
)
def virtio_message(data: bytes) -> None:
    """Any bytes as a message, and any numbers in one."""
    choices = Choices(data)
    kind = choices.below(4)
    if kind == 0:
        message = choices.rest()
        with refusing():
            decoded = virtio_gpu.decode(message)
            assert decoded.pack() == message
            assert decoded.hdr.type == int.from_bytes(message[:4], "little")
        with refusing():
            assert virtio_gpu.capset_response(virtio_gpu.capset_of(message))[24:] == message[24:]
    elif kind == 1:
        cls = choices.pick(STRUCTS)
        blob = choices.rest()
        assert cls.from_dict(cls.unpack(blob).to_dict()).pack() == blob
    elif kind == 2:
        numbers = [number(choices) for _ in range(3)]
        with refusing():
            info = virtio_gpu.decode(virtio_gpu.capset_info_response(*numbers))
            assert [info["capset_id"], info.capset_max_version, info.capset_max_size] == numbers
        with refusing():
            assert virtio_gpu.decode(virtio_gpu.capset_info_request(numbers[0])).capset_index == numbers[0]
        with refusing():
            assert virtio_gpu.decode(virtio_gpu.capset_request(*numbers[:2])).capset_version == numbers[1]
    else:
        code = number(choices)
        with refusing():
            answer = virtio_gpu.error_response(code)
            assert len(answer) == 24
            assert virtio_gpu.VirtioGpuCtrlHdr.unpack(answer).type == code
            virtio_gpu.decode(answer)
            raise AssertionError("an error was decoded as an answer")


def capset_files() -> list[bytes]:
    records = [
        capset_file.Record(capset_id, 1, captures.load(captures.names(capset_id)[-1])) for capset_id in (1, 2, 4)
    ]
    return [capset_file.dump(records), capset_file.dump(records[:1] * 16), capset_file.dump(records[:1]) + b"\1"]


@target(
    "capcodec/files/capset_file.py",
    plant=("capcodec/files/capset_file.py", "at += head.valid_size", "at += head.valid_size + (index == 3)"),
    seeds=capset_files,
)
def capset_file_bytes(data: bytes) -> None:
    """Any bytes as a capset file; what is read writes the same file."""
    with refusing():
        records = capset_file.load(data)
        assert capset_file.dump(records) == data
        assert sum(12 + len(record.data) for record in records) == len(data)
        for record in records:
            found = capset_file.find(records, record.capset_id)
            assert found.capset_version >= record.capset_version
            assert capset_file.find(records, record.capset_id, record.capset_version) in records
            assert repr(record)
    choices = Choices(data)
    records = [
        capset_file.Record(number(choices), number(choices), choices.take(choices.number(2) % 2100))
        for _ in range(choices.below(18))
    ]
    dumped = b""
    with refusing():
        dumped = capset_file.dump(records)
    assert not dumped or list(capset_file.load(dumped)) == records
    with refusing():
        capset_file.load(choices.pick([data, memoryview(data)[::2], None, 7]))
    with refusing():
        capset_file.find(records, choices.number(), choices.pick([None, 1, 2]))
