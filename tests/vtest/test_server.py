"""The server: with a real Mesa as its guest, and with many guests at once."""

from __future__ import annotations

import gc
import os
import re
import socket
import sys
import threading
import weakref

import pytest

from capcodec import ArgumentError, BufferAccessError, SourceError, captures
from capcodec.messages.virtio_gpu import MAX_CAPSET_SIZE
from capcodec.vtest import VtestClient, VtestServer
from capcodec.vtest.listener import MAX_SESSIONS
from capcodec.vtest.server import MAX_GUESTS
from measured import measured
from mesa_guest import GL_VERSIONS, PROFILES, RECORDED, mesa_answers
from peers import V1, V2, VENUS, wait_until


@pytest.mark.parametrize("protocol_version", [0, 3])
@pytest.mark.parametrize("name", GL_VERSIONS)
def test_a_real_mesa_guest(mesa, default_socket, name, protocol_version):
    """Mesa's virgl driver makes of each capset what it is on record for, as a guest of ours."""
    capset_id = int(re.search(r"capset(\d)", name)[1])
    data = captures.load(name.split()[0])  # capset 1 alone: the server ignores GET_CAPS2
    answers = mesa_answers({capset_id: data}, default_socket, protocol_version)
    strings = {name: answers.strings.get(profile) for name, profile in PROFILES.items()}
    assert all(answer["renderer"].startswith("virgl") for answer in answers.strings.values())
    if name in RECORDED.get(mesa, {}):
        assert strings == RECORDED[mesa][name]


def test_a_server_from_before_capset_2(path):
    with VtestServer({1: V1}, path) as server, VtestClient(path) as client:
        assert [(answer.capset_id, answer.data) for answer in client.get_caps()] == [(1, V1)]
    assert server.sessions[0].commands["GET_CAPS2"] == 1


def test_capset_1_is_the_start_of_capset_2(path):
    with VtestServer({2: V2[:200]}, path), VtestClient(path) as client:
        (one,) = [answer.data for answer in client.get_caps() if answer.capset_id == 1]
        assert one == b"\1\0\0\0" + V2[4:200] + bytes(108)


def test_what_a_server_cannot_offer(path):
    with pytest.raises(ArgumentError, match="has to offer capset 1 or 2"):
        VtestServer({4: VENUS}, path, protocol_version=2)
    with pytest.raises(ArgumentError, match="has to offer capset 1 or 2"):
        VtestServer({}, path)
    with pytest.raises(ArgumentError, match=f"capset 2 has more than {MAX_CAPSET_SIZE} bytes"):
        VtestServer({2: bytes(MAX_CAPSET_SIZE + 1)}, path)
    with pytest.raises(ArgumentError, match=r"expected a protocol version of 0\.\.3, got 4"):
        VtestServer({2: V2}, path, protocol_version=4)


def test_idle_guests_lock_nobody_out(path):
    """Whoever never gave a command goes first, then who gave none for the longest time."""
    with VtestServer({2: V2}, path) as listening:
        clients = [VtestClient(path) for _ in range(3)]
        silent = [socket.socket(socket.AF_UNIX) for _ in range(MAX_GUESTS - 3)]
        for sock in silent:
            sock.connect(path)
        wait_until(lambda: listening.guests == MAX_GUESTS)
        clients[0].get_caps()
        for _ in range(MAX_GUESTS - 3):
            clients.append(VtestClient(path))
        for sock in silent:
            sock.settimeout(10)
            assert sock.recv(1) == b""
            sock.close()
        assert all(len(client.get_caps()) == 2 for client in clients[2:])
        with VtestClient(path) as another:
            assert another.get_caps()
            with pytest.raises(SourceError):
                clients[1].get_caps()  # the one idle for longest: 0 asked since
            assert len(clients[0].get_caps()) == 2
        for client in clients:
            client.close()
        assert listening.guests == 2 * MAX_GUESTS - 3 + 1
        evicted = [str(session.error) for session in listening.sessions if session.error]
    assert len(listening.sessions) == MAX_SESSIONS
    assert all("disconnected as the longest idle of 64 guests" in error for error in evicted)


def test_a_flood_of_connections(path):
    """A thousand guests who say nothing: one who speaks is served all the while."""
    with VtestServer({2: V2}, path) as listening, VtestClient(path) as client:
        flood = []
        for number in range(1000):
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(path)
            flood.append(sock)
            if number % 100 == 0:
                assert len(client.get_caps()) == 2
        wait_until(lambda: listening.guests == 1001)
        assert len(client.get_caps()) == 2
        assert threading.active_count() < MAX_GUESTS + 10
        for sock in flood:
            sock.close()
    assert len(listening.sessions) == MAX_SESSIONS


GUESTS = """
import os, socket, sys
from capcodec import captures
from capcodec.vtest import VtestClient, VtestServer
blob = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
path, count = sys.argv[1], int(sys.argv[2])
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
with VtestServer({2: blob}, path) as server:
    for number in range(count + 500):
        if number == 500:
            before = resident()
        if number % 2:
            with VtestClient(path, name="x" * 3000) as client:
                client.get_caps()
        else:
            with socket.socket(socket.AF_UNIX) as sock:
                sock.connect(path)
                sock.sendall(os.urandom(16))
    print(server.guests, resident() - before)
"""


def test_memory_does_not_grow_with_the_number_of_guests(path):
    """2,000 guests; as many as the variable says for a long run, 100,000 in CAPCODEC_GUESTS=100000."""
    count = int(os.environ.get("CAPCODEC_GUESTS", "2000"))
    done = measured(sys.executable, "-c", GUESTS, path, str(count), timeout=60 + count / 100)
    assert (done.status, done.stderr) == (0, b"")
    guests, grown = map(int, done.stdout.split())
    print(f"{guests} guests: the resident set grew by {grown / 1024:.0f} KiB in {done.seconds:.0f} s")
    assert guests == count + 500
    assert grown < 5 << 20


def test_a_guest_leaves_no_cycle_of_objects(path):
    """Which would lie in memory until the garbage collector comes: late, on a Python without the lock."""
    with VtestServer({2: V2}, path) as listening:
        for rubbish in (os.urandom(16), b"\1" * 16, b"\0" * 4):
            with socket.socket(socket.AF_UNIX) as sock:
                sock.connect(path)
                sock.sendall(rubbish)
        wait_until(lambda: listening.guests == 3 and all(session.error for session in listening.sessions))
        kept = [weakref.ref(session) for session in listening.sessions]
        gc.collect()
        gc.disable()
        try:
            for _ in range(MAX_SESSIONS):
                VtestClient(path).close()
            wait_until(lambda: not any(ref() for ref in kept))
        finally:
            gc.enable()


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), 1e10])
def test_timeouts_that_are_none(path, timeout):
    with pytest.raises(ArgumentError, match="expected a timeout of more than 0"):
        VtestServer({2: V2}, path, timeout=timeout)
    with pytest.raises(ArgumentError, match="expected a timeout of more than 0"):
        VtestClient(path, timeout=timeout)


def test_paths_and_bytes_that_are_none(path):
    with pytest.raises(SourceError, match="cannot be reached"):
        VtestClient("a\0b")
    for wrong in (3, None, "text"):
        with pytest.raises(BufferAccessError, match="VtestServer: expected the bytes of capset 2, got"):
            VtestServer({2: wrong}, path)
    with VtestServer({1: (7, memoryview(V1)), 2: bytearray(V2)}, path), VtestClient(path) as client:
        assert [answer.data for answer in client.get_caps()] == [V2, V1]


def test_what_a_guest_s_environment_says(path, monkeypatch):
    monkeypatch.setenv("CAPCODEC_TEST", "kept")
    environment = VtestServer({2: V2}, path).environment()
    assert (environment["GALLIUM_DRIVER"], environment["VTEST_SOCKET_NAME"]) == ("virpipe", path)
    assert environment["CAPCODEC_TEST"] == "kept"
