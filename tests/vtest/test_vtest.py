"""The vtest client against a real server, our server against a real Mesa, and both against the worst of peers."""

from __future__ import annotations

import contextlib
import os
import random
import re
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

import pytest

from capcodec import ArgumentError, CapcodecError, MessageError, SourceError, captures
from capcodec.sources import LARGEST, virglrenderer
from capcodec.vtest import protocol as vtest
from capcodec.vtest.client import VtestClient
from capcodec.vtest.server import VtestServer
from mesa_guest import GL_VERSIONS, mesa_answers
from real import need, need_library

V1 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset1.bin")
V2 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
VENUS = captures.load("virglrenderer-1.3.0-venus.capset4.bin")


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "socket")


# -- real peers


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
    # capability_bits tell what the process around the library can do
    assert [at for at in range(len(told[2])) if told[2][at] != library[2][at] and at not in range(392, 396)] == []


@pytest.mark.parametrize("protocol_version", [0, 3])
@pytest.mark.parametrize("name", GL_VERSIONS)
def test_a_real_mesa_guest(mesa, default_socket, name, protocol_version):
    """Mesa's virgl driver makes of each capset what it is on record for, as a guest of ours."""
    capset_id = int(re.search(r"capset(\d)", name)[1])
    data = captures.load(name.split()[0])  # capset 1 alone: the server ignores GET_CAPS2
    answers = mesa_answers({capset_id: data}, default_socket, protocol_version)
    assert all(answer["renderer"].startswith("virgl") for answer in answers.values())
    if mesa == "22.3.6":
        assert answers == GL_VERSIONS[name]


# -- our client and our server


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


def test_a_server_from_before_capset_2(path):
    with VtestServer({1: V1}, path) as server, VtestClient(path) as client:
        assert [(answer.capset_id, answer.data) for answer in client.get_caps()] == [(1, V1)]
    assert server.sessions[0].commands["GET_CAPS2"] == 1


def test_capset_1_is_the_start_of_capset_2(path):
    with VtestServer({2: V2[:200]}, path), VtestClient(path) as client:
        (one,) = [answer.data for answer in client.get_caps() if answer.capset_id == 1]
        assert one == b"\1\0\0\0" + V2[4:200] + bytes(108)


def test_a_socket_left_behind_is_replaced_and_one_in_use_is_not(path):
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(path)
    with VtestServer({2: V2}, path):
        with (
            pytest.raises(SourceError, match=rf"cannot listen at {path}: Address already in use"),
            VtestServer({2: V2}, path),
        ):
            pass
        with VtestClient(path) as client:
            assert client.get_caps()
    with pytest.raises(SourceError, match="cannot listen at /nowhere/socket"), VtestServer({2: V2}, "/nowhere/socket"):
        pass
    file = path + ".txt"
    Path(file).write_text("keep")
    with pytest.raises(SourceError, match="Address already in use"), VtestServer({2: V2}, file):
        pass
    assert Path(file).read_text() == "keep"


def test_what_a_server_cannot_offer(path):
    with pytest.raises(ArgumentError, match="has to offer capset 1 or 2"):
        VtestServer({4: VENUS}, path)
    with pytest.raises(ArgumentError, match=f"capset 2 has more than {LARGEST} bytes"):
        VtestServer({2: bytes(LARGEST + 1)}, path)
    with pytest.raises(ArgumentError, match=r"expected a protocol version of 0\.\.3, got 4"):
        VtestServer({2: V2}, path, protocol_version=4)


def test_nobody_listens(path):
    with pytest.raises(SourceError, match=f"the vtest server at {path} cannot be reached: No such file"):
        VtestClient(path)
    with pytest.raises(SourceError, match="cannot be reached: AF_UNIX path too long"):
        VtestClient(path * 10)


# -- a peer that does its worst


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


def words(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


OLD = words(1, 7, 0)  # an old server ignores the ping


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
        (OLD + words(0, 2), "expected a length of bytes and one more at byte 0, got 0"),
        (OLD + words(1, 2) + words(0, 1), "expected a length of bytes and one more at byte 0, got 0"),
        (OLD + words(0xFFFFFFFF, 2), f"announces 4294967294 bytes, and no capset has more than {LARGEST}"),
        (OLD + words(0xFFFFFFFF, 1), f"announces 4294967294 bytes, and no capset has more than {LARGEST}"),
        (OLD + words(1409, 2) + V2[:1000], "closed the connection after 1000 of 1408 bytes of capset 2"),
        (OLD + words(1409, 2) + V2 + words(309, 5), "answers GET_CAPS with TRANSFER_PUT"),
        (OLD + words(1409, 3) + V2, "answers GET_CAPS with RESOURCE_UNREF"),
        (OLD + words(1409, 2) + V2 + words(309, 1) + V1[:307], "after 307 of 308 bytes of capset 1"),
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


@pytest.mark.parametrize("sent", [b"", OLD, OLD + words(1409, 2) + V2[:100]])
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
        words(1409, 2) + V2,
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
                assert all(len(answer.data) <= LARGEST for answer in answers)
            except CapcodecError:
                outcomes["error"] += 1
    assert outcomes["error"] > 500
    assert outcomes["capsets"] > 5


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
    deadline = time.monotonic() + 10
    while len(server.sessions) < count or any(thread.is_alive() for thread in server._threads):
        assert time.monotonic() < deadline
        time.sleep(0.002)


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
            if number % 50 == 0:
                ended(server, number + 1)
        ended(server, 1000)
        with VtestClient(path) as client:
            assert len(client.get_caps()) == 2
    errors = [session.error for session in server.sessions[:1000]]
    assert all(error is None or isinstance(error, CapcodecError) for error in errors)
    assert sum(error is None for error in errors) > 100
    assert sum(error is not None for error in errors) > 300
    assert threading.active_count() < 10
