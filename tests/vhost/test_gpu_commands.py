"""Commands and rings, as the C compiler reads them in the kernel's headers."""

from __future__ import annotations

from c_header import check_layouts, printed
from capcodec.vhost import gpu_commands as gpu
from capcodec.vhost.virtqueue import VringDesc

MESSAGES = [
    gpu.VirtioGpuResourceCreate3d,
    gpu.VirtioGpuResourceAttachBacking,
    gpu.VirtioGpuMemEntry,
    gpu.VirtioGpuTransferHost3d,
]


def test_layouts(tmp_path):
    check_layouts(tmp_path, "linux/virtio_gpu.h", MESSAGES)
    check_layouts(tmp_path, "linux/virtio_ring.h", [VringDesc])


def test_numbers(tmp_path):
    names = [name for name in vars(gpu) if name.startswith("VIRTIO_GPU_")]
    statements = [f'printf("%d\\n", (int){name});' for name in names]
    found = printed(tmp_path, "linux/virtio_gpu.h", statements)
    assert [int(value) for (value,) in found] == [getattr(gpu, name) for name in names]
