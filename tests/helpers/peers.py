"""Capsets for vtest, and peers at the other end of a socket that do as they are told."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import time

from capcodec import captures
from capcodec.vtest import VtestServer

V1 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset1.bin")
V2 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
VENUS = captures.load("virglrenderer-1.3.0-venus.capset4.bin")


def words(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


OLD = words(1, 7, 0)  # an old server ignores the ping


@contextlib.contextmanager
def listening(path: str, behave):
    """A server that does ``behave(connection)`` with its one client."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)

    def serve():
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                behave(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listener.close()
        thread.join(5)
        os.unlink(path)
    assert not thread.is_alive()


@contextlib.contextmanager
def connected(path: str):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(10)
        sock.connect(path)
        yield sock


def exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += sock.recv(size - len(data))
    return data


def ended(server: VtestServer, count: int) -> None:
    """Wait until that many sessions are over."""
    wait_until(lambda: server.guests >= count and not any(t.is_alive() for t in list(server._threads.values())))


def wait_until(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)
