"""One VMM's connection: it says where its guest's memory and queues are, and the device answers what is in them."""

from __future__ import annotations

import array
import contextlib
import errno
import os
import select
import socket
import stat
import time
from collections import deque
from typing import TYPE_CHECKING

from ..errors import CapcodecError, MessageError, SourceError, without_frames
from . import protocol as vhost
from .device import GpuDevice
from .shared_memory import GuestMemory, Region
from .virtqueue import Virtqueue, check_size

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..flow import Host, Vmm
    from ..structs._classes import _AnyStruct

CONTROL = 0  # the queue of commands; the other one is for the cursor
MAX_TRACE = 1 << 12  # lines that are kept, the last ones
PATIENCE = 2.0  # seconds that a guest's memory may show nothing after the guest told of a queue
MAX_ROUND = 1 << 8  # chains that are answered before the VMM is listened to again
OFFERED = vhost.bits(
    vhost.VIRTIO_GPU_F_VIRGL,
    vhost.VIRTIO_GPU_F_EDID,
    vhost.VIRTIO_RING_F_INDIRECT_DESC,
    vhost.VIRTIO_RING_F_EVENT_IDX,
    vhost.VHOST_USER_F_PROTOCOL_FEATURES,
    vhost.VIRTIO_F_VERSION_1,
)
OFFERED_PROTOCOL = vhost.bits(
    vhost.VHOST_USER_PROTOCOL_F_MQ, vhost.VHOST_USER_PROTOCOL_F_REPLY_ACK, vhost.VHOST_USER_PROTOCOL_F_CONFIG
)
NOT_SHARED = (
    "the guest says that it has filled a queue, and its memory shows an empty one: the VMM does not share it; "
    "QEMU needs share=on for the memory backend"
)
NO_3D = "the VMM leaves out the feature VIRGL: its guest asks for no capset"


class _Queue:
    """What the VMM said of a queue so far. The descriptors are owned."""

    def __init__(self) -> None:
        self.size: int = 0
        self.base: int = 0
        self.addresses: tuple[int, int, int] | None = None
        self.kick: int = -1
        self.call: int = -1
        self.enabled: bool = False
        self.ring: Virtqueue | None = None

    def stop(self) -> None:
        """The VMM's guest no longer uses it."""
        if self.kick >= 0:
            os.close(self.kick)
        self.kick, self.ring = -1, None

    def close(self) -> None:
        self.stop()
        if self.call >= 0:
            os.close(self.call)
        self.call = -1


class Session:
    """What one VMM said, and its guest asked.

    Args:
        sock: the connection; it is closed in the end.
        party: what errors call the VMM.
        hosts: what the guest is offered, one after the other: the next one each time its driver lets go of the device.
            The last one stays.
        vmm: the bugs of the VMM that is played; none if not given.
        timeout: seconds that each message may take. Between messages there is no limit.
        told: is called with each line of the trace, as it happens.
        remarked: is called with each remark, as it is made.

    Attributes:
        trace: what was asked and answered, the last 4096 lines.
        remarks: what is wrong with the VMM's options, in words.
        host: index of the host that is offered now.
        seconds: how long each host was offered before, the last one not.
        commands: how many commands the guest gave.
        error: why the session ended, if the VMM did not simply close the connection between two messages.
    """

    def __init__(
        self,
        sock: socket.socket,
        party: str,
        hosts: Sequence[Host],
        vmm: Vmm | None = None,
        *,
        timeout: float = 10.0,
        told: Callable[[str], None] | None = None,
        remarked: Callable[[str], None] | None = None,
    ) -> None:
        self.trace: deque[str] = deque(maxlen=MAX_TRACE)
        self.remarks: list[str] = []
        self.host: int = 0
        self.seconds: list[float] = []
        self._since = time.monotonic()
        self.commands: int = 0
        self.error: CapcodecError | None = None
        self._sock, self._party, self._timeout, self._told = sock, party, timeout, told
        self._remarked = remarked
        self._devices = [GpuDevice(host, vmm) for host in hosts]
        self._queues = [_Queue() for _ in range(vhost.QUEUES)]
        self._memory: GuestMemory | None = None
        self._features = self._protocol_features = 0
        self._descriptors: list[int] = []  # that came with the message in hand, and nobody took
        self._channel = -1
        self._ending = False
        self._empty_since: float | None = None

    def run(self) -> None:
        """Serve the VMM until it closes the connection, breaks the protocol, or :meth:`end` is called."""
        try:
            self._serve()
        except CapcodecError as error:
            self.error = None if self._ending else without_frames(error)
        except OSError as error:
            self.error = None if self._ending else SourceError(error.errno, f"{self._party}: {error.strerror}")
        except MemoryError:
            self.error = SourceError(errno.ENOMEM, f"{self._party} had to go: there is no memory for it")
        finally:
            self._close()

    def end(self) -> None:
        """End the session, from another thread."""
        self._ending = True
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        self._sock.close()
        for queue in self._queues:
            queue.close()
        self._drop_descriptors()
        if self._channel >= 0:
            os.close(self._channel)
        self._channel = -1
        if self._memory is not None:
            self._memory.close()

    def _serve(self) -> None:
        """Wait for messages and for kicks."""
        again = False  # is there more in a queue than one round takes?
        while True:
            poll = select.poll()
            poll.register(self._sock, select.POLLIN)
            kicks = {queue.kick: queue for queue in self._queues if queue.enabled and queue.kick >= 0}
            for file in kicks:
                poll.register(file, select.POLLIN)
            ready = dict(poll.poll(0 if again else self._patience()))
            again = False
            if self._sock.fileno() in ready and not self._message():
                return
            for file, queue in kicks.items():
                if queue.kick == file and file in ready:
                    self._take_kick(queue)
            for queue in self._queues:
                again |= self._look_into(queue)

    def _take_kick(self, queue: _Queue) -> None:
        try:
            if len(os.read(queue.kick, 8)) == 0:
                raise SourceError(f"{self._party} closed the descriptor by which its guest tells of a queue")
        except BlockingIOError:
            return
        if queue is self._queues[CONTROL] and queue.ring is not None and not self.commands and not queue.ring.waiting:
            self._empty_since = self._empty_since or time.monotonic()

    def _patience(self) -> float | None:
        """Milliseconds until a queue that was said to be filled has to show something; None if there is none."""
        if self._empty_since is None:
            return None
        left = self._empty_since + PATIENCE - time.monotonic()
        if left <= 0 or self.commands:
            self._empty_since = None
            if not self.commands:
                self._remark(NOT_SHARED)
            return None
        return 1000 * left

    def _look_into(self, queue: _Queue) -> bool:
        """Answer what is in a queue; is there more than that?"""
        ring = queue.ring
        if ring is None or not queue.enabled:
            return False
        for _ in range(MAX_ROUND):
            chain = ring.take()
            if chain is None:
                ring.ask_to_be_told()
                if not ring.waiting:
                    break
                continue
            self.commands += 1
            answer = self._devices[self.host].answer(chain.command)
            self._tell(answer.text)
            if answer.data is None:
                continue  # the guest waits for this one in vain
            assert self._memory is not None
            for address, data in answer.writes:
                self._memory.write(address, data)
            ring.give_back(chain, answer.data)
        more = bool(ring.waiting)
        if ring.must_tell() and queue.call >= 0:
            with contextlib.suppress(BlockingIOError):
                os.write(queue.call, (1).to_bytes(8, "little"))
        return more

    def _tell(self, text: str) -> None:
        self.trace.append(text)
        if self._told is not None:
            self._told(text)

    def _remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)
            self._tell(text)
            if self._remarked is not None:
                self._remarked(text)

    # Messages

    def _message(self) -> bool:
        """Read and answer one message; False at the end of the connection."""
        deadline = time.monotonic() + self._timeout
        first = self._receive(vhost.VhostUserHeader.size, deadline, "a header")
        if not first:
            return False
        head = vhost.VhostUserHeader.unpack(first)
        name = vhost.named(head.request)
        if head.flags & vhost.VERSION_MASK != vhost.VERSION or head.flags & vhost.REPLY_FLAG:
            raise MessageError(f"{name}: expected flags of version {vhost.VERSION} and no reply, got {head.flags:#x}")
        size = head["size"]  # head.size is the header's own
        if size > vhost.MAX_PAYLOAD:
            raise MessageError(f"{name}: announces {size} bytes, and none has more than {vhost.MAX_PAYLOAD}")
        payload = self._receive(size, deadline, name) if size else b""
        handle = _MESSAGES.get(head.request)
        if handle is None:
            raise MessageError(f"{name} is none that this backend knows")
        reply = handle(self, payload)
        self._drop_descriptors()
        if reply is None and head.flags & vhost.NEED_REPLY_FLAG and self._has(vhost.VHOST_USER_PROTOCOL_F_REPLY_ACK):
            reply = bytes(8)
        if reply is not None:
            self._send(head.request, reply, deadline)
        return True

    def _has(self, protocol_feature: int) -> bool:
        return bool(self._protocol_features >> protocol_feature & 1)

    def _receive(self, size: int, deadline: float, what: str) -> bytes:
        """Exactly so many bytes; none at the end of the connection. Descriptors that come are kept."""
        data = b""
        while len(data) < size:
            self._sock.settimeout(max(deadline - time.monotonic(), 0.001))
            room = socket.CMSG_SPACE(vhost.MAX_DESCRIPTORS * array.array("i").itemsize)
            try:
                part, ancillary, flags, _ = self._sock.recvmsg(size - len(data), room, socket.MSG_CMSG_CLOEXEC)
            except TimeoutError:
                raise SourceError(
                    f"{self._party} did not send {what}, of which {len(data)} of {size} bytes came, in time"
                ) from None
            for level, kind, given in ancillary:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                    files = array.array("i")
                    files.frombytes(given[: len(given) - len(given) % files.itemsize])
                    self._descriptors += files
            if flags & socket.MSG_CTRUNC or len(self._descriptors) > vhost.MAX_DESCRIPTORS:
                raise MessageError(f"{what}: more than {vhost.MAX_DESCRIPTORS} descriptors came with it")
            if not part:
                if data or what != "a header":
                    raise SourceError(f"{self._party} left after {len(data)} of {size} bytes of {what}")
                return b""
            data += part
        return data

    def _send(self, request: int, payload: bytes, deadline: float) -> None:
        head = vhost.VhostUserHeader(request=request, flags=vhost.VERSION | vhost.REPLY_FLAG, size=len(payload))
        self._sock.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            self._sock.sendall(head.pack() + payload)
        except TimeoutError:
            raise SourceError(f"{self._party} does not take the reply to {vhost.named(request)}") from None

    def _drop_descriptors(self) -> None:
        files, self._descriptors = self._descriptors, []
        for file in files:
            os.close(file)

    def _take_descriptor(self, name: str) -> int:
        if len(self._descriptors) != 1:
            raise MessageError(f"{name}: expected one descriptor, got {len(self._descriptors)}")
        return self._descriptors.pop()

    def _get_features(self, payload: bytes) -> bytes:
        return OFFERED.to_bytes(8, "little")

    def _set_features(self, payload: bytes) -> None:
        self._features = _number(payload, "SET_FEATURES")
        if not self._features >> vhost.VIRTIO_F_VERSION_1 & 1:
            raise MessageError("SET_FEATURES: this device needs VIRTIO_F_VERSION_1")
        if not self._features >> vhost.VIRTIO_GPU_F_VIRGL & 1:
            self._remark(NO_3D)

    def _get_protocol_features(self, payload: bytes) -> bytes:
        return OFFERED_PROTOCOL.to_bytes(8, "little")

    def _set_protocol_features(self, payload: bytes) -> None:
        self._protocol_features = _number(payload, "SET_PROTOCOL_FEATURES")

    def _get_queue_num(self, payload: bytes) -> bytes:
        return vhost.QUEUES.to_bytes(8, "little")

    def _nothing(self, payload: bytes) -> None:
        """A message that changes nothing here."""

    def _get_config(self, payload: bytes) -> bytes:
        start = vhost.ConfigHeader.size
        asked = _read(vhost.ConfigHeader, payload, "GET_CONFIG")
        offset, size = asked.offset, asked["size"]  # asked.size is the header's own
        if offset + size > vhost.MAX_PAYLOAD or len(payload) != start + size:
            raise MessageError(f"GET_CONFIG: {size} bytes at {offset}, with room for {len(payload) - start}")
        config = self._devices[self.host].config[offset : offset + size]
        return payload[:start] + config.ljust(size, b"\0")

    def _set_socket(self, payload: bytes) -> None:
        """The display's channel: it is held, and nothing is said on it."""
        channel = self._take_descriptor("GPU_SET_SOCKET")
        if self._channel >= 0:
            os.close(self._channel)
        self._channel = channel

    def _set_mem_table(self, payload: bytes) -> None:
        table = _read(vhost.MemoryTable, payload, "SET_MEM_TABLE")
        size = vhost.MemoryRegion.size
        if table.nregions != len(self._descriptors) or len(payload) != table.size + size * table.nregions:
            raise MessageError(
                f"SET_MEM_TABLE: {table.nregions} regions in {len(payload)} bytes, with {len(self._descriptors)} files"
            )
        regions = []
        for number, file in enumerate(self._descriptors):
            start = table.size + size * number
            told = vhost.MemoryRegion.unpack(payload[start : start + size])
            regions.append(Region(told.guest_phys_addr, told.memory_size, told.userspace_addr, told.mmap_offset, file))
        memory = GuestMemory(regions)
        self._descriptors = []  # they are the memory's now
        old, self._memory = self._memory, memory
        if old is not None:
            old.close()
        for queue in self._queues:
            if queue.ring is not None:
                queue.base = queue.ring.last_avail
                self._start(queue)

    def _queue(self, payload: bytes, name: str) -> tuple[_Queue, int]:
        state = _read(vhost.VringState, payload, name)
        return self._at(state.index, name), state.num

    def _at(self, index: int, name: str) -> _Queue:
        if index >= len(self._queues):
            raise MessageError(f"{name}: there are {len(self._queues)} queues, and this is number {index}")
        return self._queues[index]

    def _set_num(self, payload: bytes) -> None:
        queue, size = self._queue(payload, "SET_VRING_NUM")
        check_size(size)
        queue.size = size

    def _set_base(self, payload: bytes) -> None:
        queue, base = self._queue(payload, "SET_VRING_BASE")
        queue.base = base % (1 << 16)

    def _set_addr(self, payload: bytes) -> None:
        told = _read(vhost.VringAddr, payload, "SET_VRING_ADDR")
        addresses = told.desc_user_addr, told.avail_user_addr, told.used_user_addr
        self._at(told.index, "SET_VRING_ADDR").addresses = addresses

    def _get_base(self, payload: bytes) -> bytes:
        """The VMM stops a queue. Its driver let go of the device: the next host's turn."""
        queue, _ = self._queue(payload, "GET_VRING_BASE")
        index = self._queues.index(queue)
        base = queue.base if queue.ring is None else queue.ring.last_avail
        used = queue.ring is not None and base
        queue.stop()
        queue.enabled, queue.addresses, queue.base = False, None, base
        if index == CONTROL and used and self.host + 1 < len(self._devices):
            self.host += 1
            now = time.monotonic()
            self.seconds.append(now - self._since)
            self._since = now
            self._tell(f"host {self.host} is offered from now on")
        return vhost.VringState(index=index, num=base).pack()

    def _file(self, payload: bytes, name: str) -> tuple[_Queue, int]:
        """The queue that a message brings a descriptor for, and that; -1 if it says that there is none."""
        number = _number(payload, name)
        queue = self._at(number & vhost.QUEUE_MASK, name)
        if number & vhost.NO_DESCRIPTOR_FLAG:
            return queue, -1
        file = self._take_descriptor(name)
        kind = stat.S_IFMT(os.fstat(file).st_mode)
        if kind not in (0, stat.S_IFIFO):  # an eventfd has no kind
            os.close(file)
            raise MessageError(f"{name}: expected the descriptor of an eventfd or a pipe")
        os.set_blocking(file, False)
        return queue, file

    def _set_kick(self, payload: bytes) -> None:
        queue, file = self._file(payload, "SET_VRING_KICK")
        old, queue.kick = queue.kick, file
        if old >= 0:
            os.close(old)
        self._start(queue)

    def _set_call(self, payload: bytes) -> None:
        queue, file = self._file(payload, "SET_VRING_CALL")
        old, queue.call = queue.call, file
        if old >= 0:
            os.close(old)
        if queue.ring is not None and file >= 0:  # what was told to the old one may be lost
            with contextlib.suppress(BlockingIOError):
                os.write(file, (1).to_bytes(8, "little"))

    def _set_err(self, payload: bytes) -> None:
        _, file = self._file(payload, "SET_VRING_ERR")
        if file >= 0:
            os.close(file)

    def _enable(self, payload: bytes) -> None:
        queue, on = self._queue(payload, "SET_VRING_ENABLE")
        queue.enabled = bool(on)

    def _start(self, queue: _Queue) -> None:
        """Begin to serve a queue of which all is known."""
        if self._memory is None or queue.addresses is None or not queue.size:
            raise MessageError("SET_VRING_KICK: memory, size and addresses of the queue have to come first")
        event_idx = bool(self._features >> vhost.VIRTIO_RING_F_EVENT_IDX & 1)
        queue.ring = Virtqueue(self._memory, queue.size, *queue.addresses, queue.base, event_idx)
        if not self._features >> vhost.VHOST_USER_F_PROTOCOL_FEATURES & 1:
            queue.enabled = True


def _number(payload: bytes, name: str) -> int:
    if len(payload) != 8:
        raise MessageError(f"{name}: expected 8 bytes, got {len(payload)}")
    return int.from_bytes(payload, "little")


def _read(cls: type[_AnyStruct], payload: bytes, name: str) -> _AnyStruct:
    if len(payload) < cls.size:
        raise MessageError(f"{name}: expected {cls.size} bytes, got {len(payload)}")
    return cls.unpack(payload[: cls.size])


_MESSAGES: dict[int, Callable[[Session, bytes], bytes | None]] = {
    vhost.VHOST_USER_GET_FEATURES: Session._get_features,
    vhost.VHOST_USER_SET_FEATURES: Session._set_features,
    vhost.VHOST_USER_SET_OWNER: Session._nothing,
    vhost.VHOST_USER_RESET_OWNER: Session._nothing,
    vhost.VHOST_USER_SET_MEM_TABLE: Session._set_mem_table,
    vhost.VHOST_USER_SET_VRING_NUM: Session._set_num,
    vhost.VHOST_USER_SET_VRING_ADDR: Session._set_addr,
    vhost.VHOST_USER_SET_VRING_BASE: Session._set_base,
    vhost.VHOST_USER_GET_VRING_BASE: Session._get_base,
    vhost.VHOST_USER_SET_VRING_KICK: Session._set_kick,
    vhost.VHOST_USER_SET_VRING_CALL: Session._set_call,
    vhost.VHOST_USER_SET_VRING_ERR: Session._set_err,
    vhost.VHOST_USER_GET_PROTOCOL_FEATURES: Session._get_protocol_features,
    vhost.VHOST_USER_SET_PROTOCOL_FEATURES: Session._set_protocol_features,
    vhost.VHOST_USER_GET_QUEUE_NUM: Session._get_queue_num,
    vhost.VHOST_USER_SET_VRING_ENABLE: Session._enable,
    vhost.VHOST_USER_GET_CONFIG: Session._get_config,
    vhost.VHOST_USER_SET_CONFIG: Session._nothing,
    vhost.VHOST_USER_GPU_SET_SOCKET: Session._set_socket,
}
