"""The messages about capsets between a guest's userspace, its kernel and the VMM, as structs.

:mod:`capcodec.messages.virtio_gpu` has those between guest kernel and VMM, :mod:`capcodec.messages.drm_ioctl` those
between guest userspace and guest kernel. Those of a vtest server are in :mod:`capcodec.vtest.protocol`.
"""
