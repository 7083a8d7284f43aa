"""What happens to the socket, the descriptors and the threads of a server, of either kind."""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import socket
import threading
import time
from pathlib import Path

import pytest

import fake_vmm
from capcodec import SourceError
from capcodec.vhost import VhostUserGpu
from capcodec.vtest import VtestClient, VtestServer
from capcodec.vtest.listener import PAUSE
from peers import V2, connected, wait_until


def vtest_asks(path: str) -> None:
    with VtestClient(path) as client:
        assert len(client.get_caps()) == 2


def vhost_asks(path: str) -> None:
    with fake_vmm.connect(path) as vmm:
        assert len(vmm.ask(1)) == 8


KINDS = {
    "vtest": (lambda path: VtestServer({2: V2}, path), vtest_asks, "vtest server", "guest"),
    "vhost": (lambda path: VhostUserGpu({2: (2, V2)}, path), vhost_asks, "backend", "VMM"),
}


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


@pytest.fixture
def make(kind):
    return kind[0]


@pytest.fixture
def ask(kind):
    return kind[1]


def test_a_socket_left_behind_is_replaced_and_one_in_use_is_not(path, make):
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(path)
    with make(path):
        with pytest.raises(SourceError, match=rf"cannot listen at {path}: Address already in use"), make(path):
            pass
        os.unlink(path)
    assert not os.path.exists(path)


def test_a_link_to_somebody_s_socket_is_not_followed(path, tmp_path, make):
    target = tmp_path / "target"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(target))
    os.symlink(target, path)
    with pytest.raises(SourceError, match="Address already in use"), make(path):
        pass
    assert target.exists()


def test_a_path_with_a_null_byte(make):
    with pytest.raises(SourceError, match="cannot listen at"), make("a\0b"):
        pass


def test_only_its_own_socket_is_removed(path, make):
    """Somebody else may have put another in its place meanwhile."""
    with make(path):
        os.unlink(path)
        Path(path).write_text("keep")
    assert Path(path).read_text() == "keep"
    os.unlink(path)
    with make(path):
        os.unlink(path)
        other = socket.socket(socket.AF_UNIX)
        other.bind(path)
    assert os.path.exists(path)
    other.close()
    os.unlink(path)
    with make(path):
        os.unlink(path)
    assert not os.path.exists(path)


def test_a_server_can_listen_again(path, make, ask):
    server = make(path)
    for _ in range(3):
        with server:
            ask(path)
        server.close()
    assert server.guests == len(server.sessions) == 3


def test_a_guest_is_counted_before_it_is_answered(path, make, ask, monkeypatch):
    started = threading.Thread.start

    def start_and_dawdle(thread):
        started(thread)
        time.sleep(0.1)

    with make(path) as server:
        monkeypatch.setattr(threading.Thread, "start", start_and_dawdle)
        for number in range(3):
            ask(path)
            assert server.guests == len(server.sessions) == number + 1


def test_no_descriptor_is_left(path, kind, caplog):
    """The server says so, once, waits, and goes on when there are some again."""
    make, ask, name, guest = kind
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with make(path) as server, caplog.at_level(logging.WARNING):
        first = socket.socket(socket.AF_UNIX)
        taken = []
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 20, hard))
            with contextlib.suppress(OSError):
                while True:
                    taken.append(os.open(os.devnull, os.O_RDONLY))
            assert len(taken) >= 15
            first.connect(path)
            wait_until(lambda: caplog.messages)
            time.sleep(3 * PAUSE)
        finally:
            for number in taken:
                os.close(number)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        ask(path)
        wait_until(lambda: server.guests == 2)
        first.close()
    assert caplog.messages == [f"the {name} at {path} cannot take a {guest}: Too many open files"]


def test_no_thread_can_start(path, make, ask, caplog, monkeypatch):
    started = threading.Thread.start
    failing = [RuntimeError("can't start new thread"), MemoryError()]

    def start(thread):
        if failing and getattr(thread, "_target", None).__name__ == "run":
            raise failing.pop(0)
        started(thread)

    with make(path) as server, caplog.at_level(logging.WARNING):
        monkeypatch.setattr(threading.Thread, "start", start)
        for _ in range(2):
            with connected(path) as sock:
                assert sock.recv(1) == b""
        ask(path)
        assert server.guests == 1
    assert [record.name for record in caplog.records] == [type(server).__module__] * 2
    assert [message.partition(", and ")[2] for message in caplog.messages] == [
        "sends it away: can't start new thread",
        "sends it away: no memory",
    ]


def test_a_listener_that_fails_while_the_server_closes(path, make):
    with make(path) as server:
        server._closing.set()
        server._wait("is not worth a word now")
        assert not server._trouble
