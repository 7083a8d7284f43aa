"""vhost-user-gpu: a host for a real guest kernel, with any capsets, and without a GPU.

:class:`VhostUserGpu` listens where a VMM, such as QEMU, looks for the backend of its device. Each layer knows less:
:mod:`.session` speaks the vhost-user protocol, :mod:`.device` is the GPU, from command bytes to answer bytes,
:mod:`.virtqueue` reads the rings, and :mod:`.memory` the guest's memory.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .device import GpuDevice
    from .server import VhostUserGpu

__all__ = ["GpuDevice", "VhostUserGpu"]

_MODULES = {"GpuDevice": "device", "VhostUserGpu": "server"}


def __getattr__(name: str) -> object:
    """The classes, imported when they are first asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
