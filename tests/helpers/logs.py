"""Kernel logs of real guests."""

# Of a Debian 12 guest under QEMU 7.2 with virtio-gpu-gl-pci
REAL = """\
[    2.645682] [drm] pci: virtio-gpu-pci detected at 0000:00:01.0
[    2.646133] [drm] features: +virgl +edid -resource_blob -host_visible
[    2.646150] [drm] features: -context_init
[    2.649782] [drm] number of scanouts: 1
[    2.649826] [drm] number of cap sets: 2
[    2.663713] [drm] cap set 0: id 1, max-version 1, max-size 308
[    2.664092] [drm] cap set 1: id 2, max-version 2, max-size 1376
[    2.673656] [drm] Initialized virtio_gpu 0.1.0 0 for 0000:00:01.0 on minor 0
[    2.798223] virtio-pci 0000:00:01.0: [drm] fb0: virtio_gpudrmfb frame buffer device
"""
