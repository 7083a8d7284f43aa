"""The client: against a real server, the library, and servers that do their worst."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import threading
import time

import pytest

from capcodec import CapcodecError, SourceError, diff
from capcodec.messages.virtio_gpu import MAX_CAPSET_SIZE
from capcodec.sources import virglrenderer
from capcodec.vtest import VtestClient, VtestServer
from peers import OLD, V1, V2, VENUS, listening, words
from real import need, need_library

# Between two processes. capability_bits tell what the process around the library can do; max_video_memory of a 1.1.0 on
# desktop GL is a truncated address
MAY_DIFFER = {"capability_bits", "max_video_memory"}


@contextlib.contextmanager
def real_server(path: str, driver: str, api: str):
    program = need("virgl_test_server", "virgl-server")
    need_library("libEGL_mesa.so.0", "libegl-mesa0")
    command = [program, "--use-egl-surfaceless", "--multi-clients", f"--socket-path={path}"]
    environment = {**os.environ, "LIBGL_ALWAYS_SOFTWARE": "1", "GALLIUM_DRIVER": driver}
    command += ["--use-gles"] * (api == "gles")
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                with VtestClient(path, timeout=20):
                    break
            except SourceError:
                assert time.monotonic() < deadline, "the server does not come up"
                time.sleep(0.05)
        yield
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("driver", ["llvmpipe", "softpipe"])
@pytest.mark.parametrize("api", ["gl", "gles"])
def test_a_real_server_and_the_library_say_the_same(path, driver, api):
    with real_server(path, driver, api), VtestClient(path) as client:
        assert client.protocol_version >= 2
        told = {answer.capset_id: answer.data for answer in client.get_caps()}
        if client.protocol_version >= 3:
            by_id = {capset_id: client.get_capset(capset_id).data for capset_id in (1, 2)}
            assert by_id == told
            assert client.get_capset(2, 99) is None
            assert client.get_capset(55) is None
    flags = virglrenderer.USE_EGL | virglrenderer.USE_SURFACELESS | (virglrenderer.USE_GLES if api == "gles" else 0)
    environment = {"LIBGL_ALWAYS_SOFTWARE": "1", "GALLIUM_DRIVER": driver}
    library = {
        answer.capset_id: answer.data for answer in virglrenderer.capsets((1, 2), flags, environment=environment)
    }
    assert told.keys() == {1, 2}
    assert told[1] == library[1]
    assert len(told[2]) == len(library[2])
    differing = {change.path for change in diff(told[2], library[2], 2)}
    assert differing <= MAY_DIFFER


@pytest.mark.parametrize("protocol_version", [0, 1, 2, 3])
def test_client_and_server(path, protocol_version):
    with VtestServer({2: V2, 4: VENUS}, path, protocol_version=protocol_version) as server:
        with VtestClient(path, name="test") as client:
            assert client.protocol_version == protocol_version
            two, one = client.get_caps()
            assert (one.capset_id, one.data, two.capset_id, two.data) == (1, V1, 2, V2)
            assert path in one.party
            if protocol_version < 3:
                with pytest.raises(
                    SourceError, match=f"speaks protocol {protocol_version}, and GET_CAPSET came with 3"
                ):
                    client.get_capset(4)
            else:
                assert client.get_capset(4).data == VENUS
                assert client.get_capset(4, 1) is None
                assert [answer.capset_id for answer in client.capsets()] == [1, 2, 4]
        client.close()
    assert not os.path.exists(path)
    (session,) = server.sessions
    assert (session.name, session.error) == (b"test", None)
    assert session.commands["GET_CAPS"] >= 1


def test_nobody_listens(path):
    with pytest.raises(SourceError, match=f"the vtest server at {path} cannot be reached: No such file"):
        VtestClient(path)
    with pytest.raises(SourceError, match="cannot be reached: AF_UNIX path too long"):
        VtestClient(path * 10)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"", "closed the connection after 0 of 8 bytes of the header of the first reply"),
        (words(1)[:3], "closed the connection after 3 of 8 bytes of the header of the first reply"),
        (words(1, 9, 0), "answers RESOURCE_BUSY_WAIT with GET_CAPS2 of length 1, not 1"),
        (words(2, 7, 0, 0), "answers RESOURCE_BUSY_WAIT with RESOURCE_BUSY_WAIT of length 2, not 1"),
        (words(1, 0xFFFFFFFF, 0), "answers RESOURCE_BUSY_WAIT with command 4294967295"),
        (words(0, 10, 1, 7, 0, 1, 11, 77), "wants protocol version 77 where at most 4 was offered"),
        (words(1, 10), "answers PING_PROTOCOL_VERSION with PING_PROTOCOL_VERSION of length 1, not 0"),
        (OLD, "closed the connection after 0 of 8 bytes of the header of GET_CAPS2"),
        (OLD + words(0, 2), "expected a length of at least 1 at byte 0, got 0"),
        (OLD + words(1, 2) + words(0, 1), "expected a length of at least 1 at byte 0, got 0"),
        (OLD + words(0xFFFFFFFF, 2), f"announces 4294967294 bytes, and no capset has more than {MAX_CAPSET_SIZE}"),
        (OLD + words(0xFFFFFFFF, 1), f"announces 4294967294 bytes, and no capset has more than {MAX_CAPSET_SIZE}"),
        (OLD + words(len(V2) + 1, 2) + V2[:1000], f"closed the connection after 1000 of {len(V2)} bytes of capset 2"),
        (OLD + words(len(V2) + 1, 2) + V2 + words(309, 5), "answers GET_CAPS with TRANSFER_PUT"),
        (OLD + words(len(V2) + 1, 3) + V2, "answers GET_CAPS with RESOURCE_UNREF"),
        (OLD + words(len(V2) + 1, 2) + V2 + words(309, 1) + V1[:307], "after 307 of 308 bytes of capset 1"),
    ],
)  # fmt: skip
def test_servers_that_misbehave(path, answer, message):
    def behave(connection):
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass

    refused = pytest.raises(SourceError, match=message)
    with listening(path, behave), refused, VtestClient(path, timeout=5) as client:
        client.get_caps()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (words(0, 16), "answers GET_CAPSET with GET_CAPSET of length 0"),
        (words(0xFFFFFFFF, 16), "announces 17179869176 bytes"),
        (words(2, 15, 1, 1), "answers GET_CAPSET with GET_PARAM of length 2"),
        (words(3, 16, 1), "closed the connection after 0 of 8 bytes of capset 4"),
        (words(3, 16), "closed the connection after 0 of 4 bytes of GET_CAPSET"),
    ],
)
def test_servers_that_misbehave_at_get_capset(path, answer, message):
    def behave(connection):
        connection.sendall(words(0, 10, 1, 7, 0, 1, 11, 3) + answer)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass

    with listening(path, behave), VtestClient(path, timeout=5) as client, pytest.raises(SourceError, match=message):
        client.get_capset(4)


@pytest.mark.parametrize("sent", [b"", OLD, OLD + words(len(V2) + 1, 2) + V2[:100]])
def test_a_server_that_stops_answering(path, sent):
    done = threading.Event()

    def behave(connection):
        connection.sendall(sent)
        done.wait(10)

    started = time.monotonic()
    with listening(path, behave):
        refused = pytest.raises(SourceError, match=r"did not send .* within 0\.3 seconds")
        with refused, VtestClient(path, timeout=0.3) as client:
            client.get_caps()
        done.set()
    assert time.monotonic() - started < 5


def test_a_server_that_drips(path):
    """A byte now and then does not prolong the time for an answer."""
    done = threading.Event()

    def behave(connection):
        for byte in OLD * 20:
            with contextlib.suppress(OSError):
                connection.send(bytes([byte]))
            if done.wait(0.1):
                return

    started = time.monotonic()
    with listening(path, behave):
        with pytest.raises(SourceError, match=r"within 0\.5 seconds"):
            VtestClient(path, timeout=0.5)
        done.set()
    assert time.monotonic() - started < 3


def test_a_thousand_random_servers(path):
    """Whatever a server says, the client ends in time and with an error of ours, or with capsets."""
    rng = random.Random(5)
    tokens = [
        OLD,
        words(0, 10),
        words(1, 7, 0),
        words(1, 11, 3),
        words(len(V2) + 1, 2) + V2,
        words(309, 1) + V1,
        words(3, 16, 1, 2, 3),
    ]
    outcomes = {"error": 0, "capsets": 0}
    for _ in range(1000):
        script = bytearray().join(rng.choice(tokens) for _ in range(rng.randint(0, 7)))
        for _ in range(rng.choice([0, 0, 1, 3])):
            if script:
                script[rng.randrange(len(script))] = rng.randrange(256)
        script = script[: rng.choice([len(script), rng.randint(0, len(script))])] + rng.randbytes(rng.choice([0, 0, 9]))

        def behave(connection, script=script):
            with contextlib.suppress(OSError):
                connection.sendall(script)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(4096):
                    pass

        with listening(path, behave):
            try:
                with VtestClient(path, timeout=5) as client:
                    answers = client.capsets()
                outcomes["capsets"] += 1
                assert all(len(answer.data) <= MAX_CAPSET_SIZE for answer in answers)
            except CapcodecError:
                outcomes["error"] += 1
    assert outcomes["error"] > 500
    assert outcomes["capsets"] > 5
