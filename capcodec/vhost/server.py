"""A backend that VMMs find at a socket, with a thread for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ArgumentError
from ..flow import Host
from ..messages.virtio_gpu import MAX_CAPSET_SIZE
from ..vtest.listener import Listener
from ..vtest.wire import checked_timeout
from .session import Session

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Buffer

    from ..flow import Vmm

MAX_GUESTS = 16  # VMMs at once
MAX_HOSTS = 1 << 12


class VhostUserGpu(Listener[Session]):
    """Listens for VMMs on a Unix socket while its context lasts.

    A VMM takes it for the backend of its GPU::

        with VhostUserGpu({2: (2, blob)}, path) as backend:
            subprocess.run(["qemu-system-x86_64", *backend.qemu_arguments(), "-kernel", kernel])

    A guest's kernel finds a GPU that draws nothing and has these capsets. Several hosts are offered in turn: the next
    one each time the guest's driver lets go of the device, as by ``unbind`` in sysfs. The last one stays.

    Args:
        hosts: one host, or several: of :class:`capcodec.flow.Host`, or as its first argument. All ids, any bytes up to
            64 KiB, refusals and silence.
        path: where to listen. A socket at which nobody listens is replaced.
        vmm: the bugs of the VMM that is played to the guest; none if not given.
        timeout: seconds that each message from a VMM, or to it, may take. Between messages there is no limit.
        told: is called with each line of the trace as it happens, in another thread.
        remarked: is called likewise with each remark about the VMM's options.

    Raises:
        ArgumentError: there is no host, a capset is too large, or another argument is out of range.
        BufferAccessError: the bytes of a capset are no buffer.
        SourceError: the backend cannot listen there.
    """

    def __init__(
        self,
        hosts: Host | Mapping[int, tuple[int, Buffer]] | Sequence[Host | Mapping[int, tuple[int, Buffer]]],
        path: str,
        *,
        vmm: Vmm | None = None,
        timeout: float = 10.0,
        told: Callable[[str], None] | None = None,
        remarked: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(path, name="backend", guest="VMM", most=MAX_GUESTS)
        given = hosts if isinstance(hosts, (list, tuple)) else [hosts]
        self.hosts: list[Host] = [host if isinstance(host, Host) else Host(host) for host in given]  # type: ignore[arg-type]
        if not 0 < len(self.hosts) <= MAX_HOSTS:
            raise ArgumentError(f"expected 1 to {MAX_HOSTS} hosts, got {len(self.hosts)}")
        for host in self.hosts:
            for offer in host.offers:
                if len(offer.data) > MAX_CAPSET_SIZE:
                    raise ArgumentError(f"capset {offer.capset_id} has more than {MAX_CAPSET_SIZE} bytes")
        self._vmm, self._told, self._remarked = vmm, told, remarked
        self._timeout = checked_timeout(timeout)

    def qemu_arguments(self, megabytes: int = 512) -> list[str]:
        """The arguments with which a QEMU of 8.0 or newer takes this backend, and shares its guest's memory."""
        return [
            *("-machine", "q35,memory-backend=mem", "-m", str(megabytes)),
            *("-object", f"memory-backend-memfd,id=mem,size={megabytes}M,share=on"),
            *("-chardev", f"socket,id=vgpu,path={self.path.replace(',', ',,')}"),
            *("-device", "vhost-user-gpu-pci,chardev=vgpu", "-vga", "none"),
        ]

    def _session(self, sock: socket.socket, party: str) -> Session:
        return Session(
            sock,
            party,
            self.hosts,
            self._vmm,
            timeout=self._timeout,
            told=self._told,
            remarked=self._remarked,
        )
