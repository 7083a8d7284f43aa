"""A model of the four parties that a capset passes through, each in its old and its repaired form.

A *host* (virglrenderer) offers capsets. A *VMM* (QEMU, crosvm, libkrun) turns a guest kernel's requests into questions
to the host. The *kernel* lists the capsets when it boots, and copies one to its userspace on an ioctl. The *guest*
(Mesa) asks for one with a struct of its own size. The parties are modelled; the copies between them are real.

>>> from capcodec import flow
>>> grown = flow.Host({1: (2, bytes(380))})
>>> result = flow.negotiate(grown, flow.Vmm(), flow.Kernel(fixed=False), flow.Guest(308, fixed=False))
>>> result.destroyed
range(308, 380)
"""

from __future__ import annotations

from .guest import Guest, Query
from .host import Host
from .kernel import Kernel
from .memory import Memory
from .negotiation import Negotiation, negotiate
from .party import Step
from .vmm import Vmm

__all__ = ["Guest", "Host", "Kernel", "Memory", "Negotiation", "Query", "Step", "Vmm", "negotiate"]
