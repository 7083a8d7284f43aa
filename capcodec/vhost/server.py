"""A backend that VMMs find at a socket, with a thread for each of them."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections import deque
from typing import TYPE_CHECKING

from ..errors import ArgumentError, SourceError
from ..flow import Host
from ..messages.virtio_gpu import MAX_CAPSET_SIZE
from ..vtest.server import identity, remove_stale
from ..vtest.wire import checked_timeout
from .session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Buffer, Self

    from ..flow import Vmm

MAX_GUESTS = 16  # VMMs at once
MAX_SESSIONS = 64  # sessions that are kept, of VMMs that came last
MAX_HOSTS = 1 << 12
PAUSE = 0.1  # seconds, after a VMM could not be taken

_log = logging.getLogger(__name__)


class VhostUserGpu:
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
    ) -> None:
        given = hosts if isinstance(hosts, (list, tuple)) else [hosts]
        self.hosts = [host if isinstance(host, Host) else Host(host) for host in given]  # type: ignore[arg-type]
        if not 0 < len(self.hosts) <= MAX_HOSTS:
            raise ArgumentError(f"expected 1 to {MAX_HOSTS} hosts, got {len(self.hosts)}")
        for host in self.hosts:
            for offer in host.offers:
                if len(offer.data) > MAX_CAPSET_SIZE:
                    raise ArgumentError(f"capset {offer.capset_id} has more than {MAX_CAPSET_SIZE} bytes")
        self.path = path
        self.guests = 0
        self._vmm, self._told = vmm, told
        self._timeout = checked_timeout(timeout)
        self._sessions: deque[Session] = deque(maxlen=MAX_SESSIONS)
        self._threads: dict[Session, threading.Thread] = {}
        self._closing = threading.Event()
        self._listener: socket.socket | None = None

    @property
    def sessions(self) -> list[Session]:
        """The sessions of the VMMs that came last, at most 64, in the order of their coming."""
        return list(self._sessions)

    def qemu_arguments(self, megabytes: int = 512) -> list[str]:
        """The arguments with which a QEMU of 8.0 or newer takes this backend, and shares its guest's memory."""
        return [
            *("-machine", "q35,memory-backend=mem", "-m", str(megabytes)),
            *("-object", f"memory-backend-memfd,id=mem,size={megabytes}M,share=on"),
            *("-chardev", f"socket,id=vgpu,path={self.path.replace(',', ',,')}"),
            *("-device", "vhost-user-gpu-pci,chardev=vgpu", "-vga", "none"),
        ]

    def __enter__(self) -> Self:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            remove_stale(self.path)
            listener.bind(self.path)
            self._made = identity(self.path)
            listener.listen(MAX_GUESTS)
        except (OSError, ValueError) as error:  # ValueError: a path with a null byte
            listener.close()
            number, reason = getattr(error, "errno", None), getattr(error, "strerror", None) or error
            raise SourceError(number, f"cannot listen at {self.path}: {reason}") from error
        self._listener = listener
        self._closing.clear()
        self._accepting = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening, end every session, and remove the socket that this backend made."""
        if self._listener is None:
            return
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._accepting.join()
        self._listener.close()
        self._listener = None
        for session in self._threads:
            session.end()
        for thread in self._threads.values():
            thread.join()
        self._threads.clear()
        if identity(self.path) == self._made:  # somebody else may have put another in its place
            with contextlib.suppress(OSError):
                os.unlink(self.path)

    def _accept(self, listener: socket.socket) -> None:
        """Take VMMs until the backend closes."""
        while not self._closing.is_set():
            try:
                sock, _ = listener.accept()
            except OSError as error:
                self._wait(f"cannot take a VMM: {error.strerror}")
                continue
            self._threads = {session: thread for session, thread in self._threads.items() if thread.is_alive()}
            if len(self._threads) >= MAX_GUESTS:
                sock.close()
                self._wait(f"has {MAX_GUESTS} VMMs, and sends one away")
                continue
            try:
                self._start(sock)
            except (OSError, RuntimeError, MemoryError) as error:
                sock.close()
                self._wait(f"cannot start a thread for a VMM, and sends it away: {str(error) or 'no memory'}")

    def _start(self, sock: socket.socket) -> None:
        """A session for a VMM, in a thread of its own."""
        party = f"VMM {self.guests}"
        session = Session(sock, party, self.hosts, self._vmm, timeout=self._timeout, told=self._told)
        thread = threading.Thread(target=session.run, daemon=True)
        thread.start()
        self._threads[session] = thread
        self._sessions.append(session)
        self.guests += 1

    def _wait(self, trouble: str) -> None:
        """Say what is wrong, and try again after a moment."""
        if not self._closing.is_set():
            _log.warning("the backend at %s %s", self.path, trouble)
            self._closing.wait(PAUSE)
