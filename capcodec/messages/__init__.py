"""What the parties say to each other about capsets, byte for byte: structs declared as capsets are.

:mod:`capcodec.messages.virtio_gpu` is between guest kernel and VMM, :mod:`capcodec.messages.drm_ioctl` between guest
userspace and its kernel, :mod:`capcodec.vtest.protocol` between guest userspace and a vtest server.
"""
