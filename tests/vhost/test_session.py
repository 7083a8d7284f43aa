"""Sessions: VMMs that do their worst. Each ends with an error that says what was wrong, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import struct
import threading
import time

import pytest

from capcodec import CapcodecError, MessageError, SourceError, captures
from capcodec.flow import Host
from capcodec.vhost import protocol as vhost
from capcodec.vhost.session import MAX_TRACE, Session
from fake_vmm import FEATURES, GUEST, USER, FakeVmm, message, state
from peak import OF_A_VMM, at_most

V2 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
HOST = Host({2: (2, V2)})
MUTATIONS = int(os.environ.get("CAPCODEC_MUTATIONS", "3000"))
SET_FEATURES = message(vhost.VHOST_USER_SET_FEATURES, FEATURES.to_bytes(8, "little"))


def serve(data: bytes, *files: int, timeout: float = 5) -> Session:
    """A session with a VMM that says this, and leaves."""
    ours, theirs = socket.socketpair()
    session = Session(ours, "VMM 0", [HOST], timeout=timeout)
    thread = threading.Thread(target=session.run)
    thread.start()
    with contextlib.suppress(OSError):
        socket.send_fds(theirs, [data], list(files)) if data else None
        theirs.shutdown(socket.SHUT_WR)
    thread.join(30)
    assert not thread.is_alive()
    theirs.close()
    return session


@pytest.fixture
def file():
    made = os.memfd_create("guest")
    os.truncate(made, 65536)
    yield made
    os.close(made)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", None),
        (SET_FEATURES, None),
        (b"\1", "VMM 0 left after 1 of 12 bytes of a header"),
        (message(1, flags=0), "GET_FEATURES: expected flags of version 1 and no reply, got 0x0"),
        (message(1, flags=5), "expected flags of version 1 and no reply, got 0x5"),
        (message(0), "request 0 is none that this backend knows"),
        (message(99), "request 99 is none that this backend knows"),
        (struct.pack("<3I", 1, 1, 4097), "GET_FEATURES: announces 4097 bytes, and none has more than 4096"),
        (struct.pack("<3I", 1, 1, 0xFFFFFFFF), "announces 4294967295 bytes"),
        (struct.pack("<3I", 2, 1, 8) + b"abc", "VMM 0 left after 3 of 8 bytes of SET_FEATURES"),
        (message(2, bytes(7)), "SET_FEATURES: expected 8 bytes, got 7"),
        (message(2, bytes(8)), "this device needs VIRTIO_F_VERSION_1"),
        (message(5, bytes(4)), "SET_MEM_TABLE: expected 8 bytes, got 4"),
        (message(5, bytes(8)), "SET_MEM_TABLE: expected 1 to 32 regions, got 0"),
        (message(5, struct.pack("<2I", 1, 0) + bytes(32)), "SET_MEM_TABLE: 1 regions in 40 bytes, with 0 files"),
        (message(8, state(2, 16)), "SET_VRING_NUM: there are 2 queues, and this is number 2"),
        (message(8, state(0, 3)), "expected a ring of a power of two entries"),
        (message(8, state(0, 1 << 31)), "expected a ring of a power of two entries"),
        (message(9, bytes(39)), "SET_VRING_ADDR: expected 40 bytes, got 39"),
        (message(12, bytes(8)), "SET_VRING_KICK: expected one descriptor, got 0"),
        (message(12, (1 << 8).to_bytes(8, "little")), "memory, size and addresses of the queue have to come first"),
        (message(13, (255).to_bytes(8, "little")), "SET_VRING_CALL: there are 2 queues, and this is number 255"),
        (message(24, bytes(11)), "GET_CONFIG: expected 12 bytes, got 11"),
        (message(24, struct.pack("<3I", 0, 16, 0)), "GET_CONFIG: 16 bytes at 0, with room for 0"),
        (message(24, struct.pack("<3I", 0xFFFFFFFF, 16, 0) + bytes(16)), "GET_CONFIG: 16 bytes at 4294967295"),
        (message(33), "GPU_SET_SOCKET: expected one descriptor, got 0"),
    ],
)
def test_vmms_that_misbehave(data, text):
    before = len(os.listdir("/proc/self/fd"))
    session = serve(data)
    assert (text is None) == (session.error is None), session.error
    if text is not None:
        assert isinstance(session.error, (MessageError, SourceError))
        assert text in str(session.error)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("count", [1, 8, 9, 100])
def test_descriptors_that_nobody_asked_for(file, count):
    """They are closed, also those of a message that is refused."""
    before = len(os.listdir("/proc/self/fd"))
    session = serve(message(3) + message(99), *[file] * count)
    assert len(os.listdir("/proc/self/fd")) == before
    if count > 8:
        assert "more than 8 descriptors came with it" in str(session.error)


def test_memory_that_is_refused(file):
    region = struct.pack("<2I4Q", 1, 0, GUEST, 65537, USER, 0)
    before = len(os.listdir("/proc/self/fd"))
    assert "its file has 65536" in str(serve(message(5, region), file).error)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("request_", [vhost.VHOST_USER_SET_VRING_KICK, vhost.VHOST_USER_SET_VRING_CALL])
def test_descriptors_of_another_kind(file, request_):
    """A device such as /dev/zero would keep this thread busy."""
    with open("/dev/zero") as zero:
        for number in (file, zero.fileno()):
            session = serve(message(request_, bytes(8)), number)
            assert "expected the descriptor of an eventfd or a pipe" in str(session.error)


def test_a_vmm_that_stops_in_a_message():
    ours, theirs = socket.socketpair()
    session = Session(ours, "VMM 0", [HOST], timeout=0.2)
    theirs.sendall(b"\1\0")
    session.run()
    assert str(session.error) == "VMM 0 did not send a header, of which 2 of 12 bytes came, in time"
    theirs.close()


def test_a_vmm_that_does_not_read():
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    session = Session(ours, "VMM 0", [HOST], timeout=0.3)
    thread = threading.Thread(target=session.run)
    thread.start()
    with contextlib.suppress(OSError):
        theirs.settimeout(5)
        while thread.is_alive():
            theirs.sendall(message(1) * 100)
    thread.join(30)
    assert "does not take the reply to GET_FEATURES" in str(session.error)
    theirs.close()


def started() -> tuple[Session, threading.Thread, FakeVmm]:
    ours, theirs = socket.socketpair()
    session = Session(ours, "VMM 0", [HOST])
    thread = threading.Thread(target=session.run)
    thread.start()
    vmm = FakeVmm(theirs)
    vmm.start()
    return session, thread, vmm


def cut_off(vmm: FakeVmm) -> None:
    """Take most of the guest's memory away. A session that reads it meanwhile may not look again before a kick."""
    for _ in range(20):
        os.truncate(vmm.memory, 100)
        os.eventfd_write(vmm.kicks[0], 1)
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("trouble", "text"),
    [
        (lambda vmm: vmm.submit(999), "descriptor 999 is beyond a table of 16"),
        (cut_off, "which was longer"),
        (lambda vmm: vmm.command(bytes(32), 1 << 30, wait=1), None),
    ],
)
def test_guests_that_misbehave(trouble, text):
    session, thread, vmm = started()
    with vmm:
        with contextlib.suppress(AssertionError):
            trouble(vmm)
        if text is not None:
            thread.join(30)
    thread.join(30)
    assert not thread.is_alive()
    assert text is None or text in str(session.error)


def test_a_backend_that_ends():
    session, thread, vmm = started()
    session.end()
    thread.join(30)
    assert session.error is None
    vmm.__exit__()


def random_message(rng: random.Random) -> bytes:
    request = rng.choice([*vhost.REQUESTS, *vhost.REQUESTS, 0, 6, 7, 99, rng.getrandbits(32)])
    queue = rng.choice((0, 1, 2, 255, 256))
    payload = rng.choice(
        [
            b"",
            FEATURES.to_bytes(8, "little"),
            state(queue, rng.choice((0, 1, 16, 32768, 0xFFFFFFFF))),
            queue.to_bytes(8, "little"),
            struct.pack("<2I4Q", queue % 3, 0, *(rng.choice((USER, USER + 4096, 0, (1 << 64) - 1)) for _ in range(4))),
            struct.pack("<2I4Q", 1, 0, GUEST, rng.choice((4096, 65536, 0, 1 << 63)), USER, rng.choice((0, 4096))),
            struct.pack("<3I", 0, 16, 0) + bytes(16),
            rng.randbytes(rng.randrange(60)),
        ]
    )
    data = bytearray(message(request, payload, rng.choice((1, 1, 9, 9, rng.randrange(16)))))
    if rng.random() < 0.1:
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def misbehave(rng: random.Random, files: list[list[int]]) -> tuple[Session, int]:
    """A session with a VMM that says anything, and how many messages those were."""
    script = [SET_FEATURES, *(random_message(rng) for _ in range(12))]
    ours, theirs = socket.socketpair()
    session = Session(ours, "VMM", [HOST], timeout=5)
    messages = 0
    with contextlib.suppress(OSError):
        for part in script:
            socket.send_fds(theirs, [part], rng.choice(files))
            messages += 1
        theirs.shutdown(socket.SHUT_WR)
    session.run()
    theirs.close()
    return session, messages


def test_random_and_mutated_messages(file):
    """CAPCODEC_MUTATIONS sets how many. Each VMM gets a dozen; then the next one is served."""
    rng = random.Random(9)
    before = len(os.listdir("/proc/self/fd"))
    event = os.eventfd(0, os.EFD_NONBLOCK)
    files = [[], [], [file], [event], [event], [file, event]]
    messages = errors = 0
    with at_most(OF_A_VMM):
        while messages < MUTATIONS:
            session, more = misbehave(rng, files)
            messages += more
            assert session.error is None or isinstance(session.error, CapcodecError)
            assert len(str(session.error)) < 300
            errors += session.error is not None
    os.close(event)
    assert errors > MUTATIONS / 50
    assert len(os.listdir("/proc/self/fd")) == before
    _, thread, vmm = started()
    with vmm:
        assert vmm.command(struct.pack("<IIQIIII", 0x109, 0, 0, 0, 0, 2, 0), 2000)[24:] == V2
    thread.join(30)


def test_all_that_is_kept_of_a_guest():
    """Lines of the trace, and resources: those that came last."""
    session, thread, vmm = started()
    with at_most(OF_A_VMM), vmm:
        for number in range(MAX_TRACE + 99):
            create = struct.pack("<IIQII7I", 0x204, 0, 0, 0, 0, number, 0, 0, 1 << 17, 16, 1, 1)
            assert vmm.command(create, 24) is not None
        assert vmm.command(struct.pack("<IIQIIII", 0x109, 0, 0, 0, 0, 2, 0), 2000)[24:] == V2
    thread.join(30)
    assert (len(session.trace), session.commands) == (MAX_TRACE, MAX_TRACE + 100)


def test_a_table_of_memory_that_leaves_the_queues_out():
    """The memory before is given back, although the session ends."""
    before = len(os.listdir("/proc/self/fd"))
    session, thread, vmm = started()
    with vmm:
        region = struct.pack("<2I4Q", 1, 0, GUEST, 65536, 0, 0)
        vmm.send(message(vhost.VHOST_USER_SET_MEM_TABLE, region), vmm.memory)
        thread.join(30)
    assert "of the VMM are in no region" in str(session.error)
    assert len(os.listdir("/proc/self/fd")) == before
