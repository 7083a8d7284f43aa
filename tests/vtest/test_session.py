"""Sessions: guests that do their worst, and what real guests do besides asking."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import re
import socket
import threading
import time

import pytest

from capcodec import CapcodecError, MessageError, SourceError
from capcodec.vtest import Session, VtestClient, VtestServer
from capcodec.vtest import protocol as vtest
from capcodec.vtest.wire import Wire
from peers import V2, connected, ended, exactly, words


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (words(0)[:3], "closed the connection after 2 of 7 bytes of a command's header"),
        (words(0, 99), "command 99 at byte 4 is none that this server knows"),
        (words(0, 0xFFFFFFFF), "command 4294967295 at byte 4"),
        (
            words(0xFFFFFFFF, 8),
            "CREATE_RENDERER: announces 4294967295 bytes of data, and no guest sends more than 4096",
        ),
        (words(20, 8) + b"name", "closed the connection after 4 of 20 bytes of CREATE_RENDERER"),
        (words(0xFFFFFFFF, 6), "SUBMIT_CMD: announces 17179869180 bytes"),
        (words(100, 6, 1, 2), "closed the connection after 8 of 400 bytes of SUBMIT_CMD"),
        (words(1, 7, 0), "RESOURCE_BUSY_WAIT: expected a length of 2 dwords at byte 0, got 1"),
        (words(0, 16), "GET_CAPSET: expected a length of 2 dwords at byte 0, got 0"),
        (words(11, 4, *[0] * 10, 0xFFFFFFFF), "TRANSFER_GET: announces 4294967295 bytes"),
        (words(11, 5, *[0] * 10, 0xFFFFFFFF), "TRANSFER_PUT: announces 4294967295 bytes"),
        (words(11, 12, *[0] * 10, 0xFFFFFFFF), "RESOURCE_CREATE2: announces 4294967295 bytes"),
    ],
)
def test_guests_that_misbehave(path, sent, message):
    with VtestServer({2: V2}, path) as server:
        with connected(path) as sock, contextlib.suppress(ConnectionError):  # the server may hang up on the rest
            sock.sendall(sent)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(4096):
                pass
        ended(server, 1)
        assert isinstance(server.sessions[0].error, (MessageError, SourceError))
        assert re.search(message, str(server.sessions[0].error))
        with VtestClient(path) as client:
            assert client.get_caps()


def test_a_guest_that_stops_and_one_that_does_not_read(path):
    with VtestServer({2: V2}, path, timeout=0.3) as server:
        with connected(path) as stops, connected(path) as deaf:
            stops.sendall(words(20, 8))
            deaf.sendall(words(11, 4, *[0] * 10, 1 << 26))
            ended(server, 2)
        assert sorted(str(session.error).partition(" did not ")[2] for session in server.sessions) == [
            "send CREATE_RENDERER, of which 0 of 20 bytes came, within 0.3 seconds",
            "take what was sent within 0.3 seconds",
        ]


def test_a_guest_may_think_between_commands(path):
    with VtestServer({2: V2}, path, timeout=1), VtestClient(path) as client:
        time.sleep(1.3)
        assert client.get_caps()


def test_a_guest_for_which_there_is_no_memory(path, monkeypatch):
    def fail(self):
        raise MemoryError

    monkeypatch.setattr(Session, "_command", fail)
    with VtestServer({2: V2}, path) as server, connected(path) as sock:
        assert sock.recv(1) == b""
        ended(server, 1)
    assert "guest 0 had to go: there is no memory for it" in str(server.sessions[0].error)


def test_memory_that_cannot_be_given(path, monkeypatch):
    def fail(name):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "memfd_create", fail)
    with VtestServer({2: V2}, path) as server, connected(path) as sock:
        sock.sendall(words(11, 12, *[0] * 10, 4096))
        assert sock.recv(1) == b""
        ended(server, 1)
    assert "guest 0 gets no memory: Too many open files" in str(server.sessions[0].error)


def test_a_resource_without_bytes(path):
    with VtestServer({2: V2}, path) as server, connected(path) as sock:
        sock.sendall(words(11, 12, *[0] * 11) + words(2, 7, 0, 0))
        assert exactly(sock, 12) == words(1, 7, 0)
    assert server.sessions[0].error is None


def test_a_guest_whose_connection_breaks():
    """A reset between two commands is an error, an end is none."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    session = Session(Wire(ours, "guest 0", 5), {}, 3)
    theirs.close()
    session.run()
    assert "guest 0 broke off: Connection reset by peer" in str(session.error)


def test_resources_and_transfers(path):
    """What real guests do besides asking: memory comes as a file, pixels as zeros."""
    with VtestServer({2: V2}, path) as server, connected(path) as sock:
        sock.sendall(words(1, 11, 3))
        assert exactly(sock, 12) == words(1, 11, 3)
        sock.sendall(words(11, 12, *[0] * 10, 4096))
        assert exactly(sock, 12) == words(1, 12, 1)
        _, (memory,), _, _ = socket.recv_fds(sock, 1, 1)
        assert os.fstat(memory).st_size == 4096
        os.close(memory)
        sock.sendall(words(10, 2, *[0] * 10) + words(11, 4, *[0] * 10, 100) + words(11, 5, *[0] * 10, 4) + b"data")
        assert exactly(sock, 12) == words(1, 2, 2)
        assert exactly(sock, 100) == bytes(100)
        sock.sendall(words(1, 15, 1) + words(2, 7, 1, 0))
        assert exactly(sock, 16 + 12) == words(2, 15, 0, 0) + words(1, 7, 0)
    assert server.sessions[0].error is None


def test_a_thousand_random_guests(path):
    """Whatever a guest says, its session ends, and the server goes on."""
    rng = random.Random(6)
    tokens = [vtest.create_renderer(b"x"), words(0, 10), words(1, 11, 3), words(0, 9), words(0, 1), words(2, 16, 2, 0)]
    tokens += [words(2, 7, 0, 0), words(2, 6, 0, 0), words(10, 2, *[1] * 10), words(11, 12, *[64] * 11)]
    errors = []
    with VtestServer({2: V2}, path, timeout=5) as server:
        for number in range(1000):
            script = bytearray().join(rng.choice(tokens) for _ in range(rng.randint(0, 7)))
            for _ in range(rng.choice([0, 0, 1, 3])):
                if script:
                    script[rng.randrange(len(script))] = rng.randrange(256)
            script = script[: rng.choice([len(script), rng.randint(0, len(script))])] + rng.randbytes(
                rng.choice([0, 0, 9])
            )
            with connected(path) as sock, contextlib.suppress(OSError):
                sock.sendall(script)
                if rng.random() < 0.8:
                    sock.shutdown(socket.SHUT_WR)
                    while sock.recv(4096):
                        pass
            if number % 50 == 49:
                ended(server, number + 1)
                errors += [session.error for session in server.sessions[-50:]]
        with VtestClient(path) as client:
            assert len(client.get_caps()) == 2
    assert len(errors) == 1000
    assert all(error is None or isinstance(error, CapcodecError) for error in errors)
    assert sum(error is None for error in errors) > 100
    assert sum(error is not None for error in errors) > 300
    assert threading.active_count() < 10
