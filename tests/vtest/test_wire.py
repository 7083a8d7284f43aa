"""The wire: whole messages in time, over a pair of sockets."""

from __future__ import annotations

import socket
import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import ArgumentError, SourceError
from capcodec.vtest.wire import CHUNK, Wire
from measured import measured


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Wire(ours, "the peer", 0.3), theirs


def test_a_message_in_pieces(pair):
    wire, theirs = pair
    threading.Timer(0.05, lambda: theirs.sendall(b"cd")).start()
    theirs.sendall(b"ab")
    wire.begin()
    assert wire.receive(4, "it") == b"abcd"


def test_what_a_peer_leaves_out(pair):
    wire, theirs = pair
    theirs.sendall(b"ab")
    wire.begin()
    with pytest.raises(SourceError, match=r"the peer did not send it, of which 2 of 4 bytes came, within 0\.3 seconds"):
        wire.receive(4, "it")
    theirs.sendall(b"ab")
    theirs.close()
    wire.begin()
    with pytest.raises(SourceError, match="the peer closed the connection after 2 of 4 bytes of it"):
        wire.receive(4, "it")


def test_a_peer_that_does_not_read_or_is_gone(pair):
    wire, theirs = pair
    wire.begin()
    with pytest.raises(SourceError, match=r"the peer did not take what was sent within 0\.3 seconds"):
        wire.send(bytes(1 << 24))
    theirs.close()
    wire.begin()
    with pytest.raises(SourceError, match="the peer takes no more: Broken pipe"):
        wire.send(b"x")


def test_a_reset_connection():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        theirs.close()
        wire = Wire(ours, "the peer", 5)
        wire.begin()
        with pytest.raises(SourceError, match="the peer broke off in it: Connection reset by peer"):
            wire.receive(4, "it")
        wire.close()
        wire.close()


def test_one_deadline_for_all_pieces(pair):
    wire, theirs = pair
    stop = threading.Event()

    def drip():
        while not stop.wait(0.05):
            theirs.send(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    started = time.monotonic()
    wire.begin()
    with pytest.raises(SourceError, match=r"within 0\.3 seconds"):
        wire.receive(1000, "it")
    assert 0.25 < time.monotonic() - started < 5
    stop.set()
    thread.join()


@given(st.binary(max_size=3 * 4096), st.lists(st.integers(1, 3000), max_size=8))
def test_whatever_the_pieces_the_bytes_come_whole(data, cuts):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire = Wire(ours, "the peer", 5)
        theirs.sendall(data)
        wire.begin()
        found, at = b"", 0
        for size in [*cuts, len(data)]:
            part = min(size, len(data) - at)
            found += wire.receive(part, "it")
            at += part
        assert found == data


def test_dropping_takes_no_room_for_all():
    program = f"""
import socket, threading
from capcodec.vtest.wire import Wire
ours, theirs = socket.socketpair()
wire = Wire(ours, "the peer", 60)
chunk = bytes({CHUNK})
count = (1 << 28) // {CHUNK}
thread = threading.Thread(target=lambda: [theirs.sendall(chunk) for _ in range(count)])
thread.start()
wire.begin()
wire.drop(count * {CHUNK}, "it")
thread.join()
"""
    done = measured(sys.executable, "-c", program)
    assert (done.status, done.stderr) == (0, b"")
    assert done.megabytes < 60


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_timeouts_that_are_none(pair, timeout):
    with pytest.raises(ArgumentError, match="expected a timeout of more than 0 and less than 1048576 seconds"):
        Wire(pair[1], "the peer", timeout)
