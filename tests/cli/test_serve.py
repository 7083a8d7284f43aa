"""A host for real guests, from the command line."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import fake_vmm
from capcodec import captures
from capcodec.vtest import VtestClient
from capcodec.vtest.protocol import DEFAULT_SOCKET
from command import BIN, run
from real import need, need_library

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def test_serve_runs_a_program(tmp_path, blob):
    path = str(tmp_path / "socket")
    program = (
        "import os; from capcodec.vtest.client import VtestClient; "
        "caps = VtestClient(os.environ['VTEST_SOCKET_NAME']).get_caps(); "
        "print(len(caps[0].data), caps[0].data[284], os.environ['GALLIUM_DRIVER']); raise SystemExit(7)"
    )
    command = [sys.executable, "-m", "capcodec", "serve", blob(NEWEST), "--socket", path, "--size", "556"]
    command += ["--set", "max_samples=8", "--", sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, cwd=BIN)
    assert (result.returncode, result.stdout) == (7, "556 8 virpipe\n"), result.stderr
    assert not os.path.exists(path)
    command[command.index("--") + 1 :] = ["sh", "-c", "kill -TERM $$"]
    assert subprocess.run(command, cwd=BIN).returncode == 128 + signal.SIGTERM
    assert "cannot run /nowhere: No such file" in run(
        "serve", blob(NEWEST), "--socket", path, "--", "/nowhere", status=2
    )


def test_a_capset_that_needs_a_newer_protocol(tmp_path, blob):
    """Venus is served too, and only so: nothing else is offered."""
    path = str(tmp_path / "socket")
    program = (
        "import os; from capcodec.vtest.client import VtestClient; "
        "client = VtestClient(os.environ['VTEST_SOCKET_NAME']); "
        "print([(found.capset_id, len(found.data)) for found in client.capsets()], client.get_capset(2))"
    )
    name = blob(captures.load("virglrenderer-1.3.0-venus.capset4.bin"))
    told = run("serve", name, "--capset", "venus", "--socket", path, "--", sys.executable, "-c", program)
    assert told == "[(1, 0), (4, 160)] None\n"


def test_the_line_of_the_readme(blob):
    """A program with a window, as a guest, and no word of the protocol."""
    need_library("libEGL_mesa.so.0", "libegl-mesa0")
    xvfb, glxinfo = need("xvfb-run", "xvfb"), need("glxinfo", "mesa-utils")
    command = [xvfb, "-a", sys.executable, "-m", "capcodec", "serve", blob(NEWEST)]
    command += ["--clear", "capability_bits.COPY_IMAGE", "--", glxinfo, "-B"]
    with open(f"{DEFAULT_SOCKET}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = subprocess.run(command, capture_output=True, text=True, cwd=BIN, timeout=300)
    assert "OpenGL core profile version string: 4.2 (Core Profile) Mesa" in result.stdout, result.stdout + result.stderr
    assert result.returncode == 0


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serve_until_it_is_stopped(tmp_path, blob, stop):
    path = str(tmp_path / "socket")
    command = [sys.executable, "-m", "capcodec", "serve", blob(NEWEST), "--socket", path]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=BIN)
    try:
        assert server.stdout.readline() == f"serving virgl_caps_v2, {len(NEWEST)} bytes, at {path}\n"
        with VtestClient(path) as client:
            assert client.get_caps()[0].data == NEWEST
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(path)
            sock.sendall(bytes(8))  # no command has number 0
            assert sock.recv(1) == b""
        time.sleep(0.1)
        server.send_signal(stop)
        _, errors = server.communicate(timeout=20)
    finally:
        server.kill()
    assert server.returncode == 0
    assert "command 0 at byte 4 is none that this server knows" in errors
    assert not os.path.exists(path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "nope=1"], "virgl_caps_v2 has no field 'nope'"),
        (["--set", "max_samples"], "expected FIELD=VALUE, got 'max_samples'"),
        (["--clear", "max_samples=1"], "expected FIELD alone, got 'max_samples=1'"),
        (["--set", "max_samples=many"], "expected a number, got 'many'"),
        (["--set", "max_samples=-1"], r"expected 0..4294967295, got int -1"),
        (["--set", "capability_bits.NOPE=1"], "has no field 'capability_bits.NOPE'; its flags are TGSI_INVARIANT, "),
        (["--set", "bset=1"], "is a struct: set its fields one by one"),
        (["--size", "-1"], "expected a size of 0..65536 bytes, got -1"),
        (["--size", "556", "--set", "renderer=x"], "is absent: 556 bytes arrived"),
        (
            ["--capset", "venus", "--size", "160", "--protocol", "1"],
            "has to offer capset 1 or 2, and this is virgl_renderer_capset_venus",
        ),
    ],
)
def test_serve_refuses(blob, arguments, message):
    assert message in run("serve", blob(NEWEST), *arguments, "--", "true", status=2)


def test_serve_a_virtual_machine(tmp_path, blob):
    """Two hosts in turn, for a VMM that is a program of ours."""
    path = str(tmp_path / "vhost")
    (tmp_path / "venus").write_bytes(captures.load("virglrenderer-1.3.0-venus.capset4.bin"))
    program = (
        "import sys; sys.path.insert(0, sys.argv[2]); import fake_vmm\n"
        "vmm = fake_vmm.connect(sys.argv[1]); vmm.start()\n"
        "from capcodec.messages import virtio_gpu as gpu\n"
        "def read(n): return len(vmm.command(gpu.capset_request(n, 0), 4096))\n"
        "print(read(2), read(4)); vmm.stop(); vmm.driver(); print(read(2), read(4)); raise SystemExit(5)"
    )
    helpers = str(Path(__file__).parents[1] / "helpers")
    command = [sys.executable, "-m", "capcodec", "serve", "--vhost-user", path, "--trace", "--set", "max_samples=8"]
    command += [blob(NEWEST), str(tmp_path / "venus"), blob(NEWEST), "--", sys.executable, "-c", program, path, helpers]
    result = subprocess.run(command, capture_output=True, text=True, cwd=BIN)
    assert (result.returncode, result.stdout) == (5, "1432 184\n1432 24\n"), result.stderr
    assert "GET_CAPSET 4 version 0: 160 bytes\n" in result.stderr
    assert "host 1 is offered from now on\nGET_CAPSET 2 version 0: 1408 bytes\n" in result.stderr
    assert not os.path.exists(path)


def test_serve_says_how_qemu_takes_it(tmp_path, blob):
    path = str(tmp_path / "vhost")
    command = [sys.executable, "-m", "capcodec", "serve", "--vhost-user", path, blob(NEWEST)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=BIN)
    try:
        assert server.stdout.readline().startswith(f"serving 1 host at {path}; a QEMU of 8.0 or newer")
        assert "memory-backend-memfd,id=mem,size=512M,share=on" in server.stdout.readline()
        with fake_vmm.connect(path) as vmm:
            vmm.features &= ~1
            vmm.start()
            said = server.stderr.readline()  # at once, while the VMM runs
            assert said == "capcodec: the VMM leaves out the feature VIRGL: its guest asks for no capset\n"
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)
    finally:
        server.kill()
    assert server.returncode == 0


def test_what_does_not_go_together(blob, tmp_path):
    name = blob(NEWEST)
    assert "--guest has a socket of its own" in run("serve", name, "--vhost-user", "x", "--guest", "y", status=2)
    assert "are for --vhost-user and --guest" in run("serve", name, name, "--", "true", status=2)
    told = run("serve", name, "--guest", "/nowhere/vmlinuz-6.1", "--qemu", "/nowhere/qemu", status=2)
    assert "cannot run /nowhere/qemu" in told


def test_debian_12_s_own_qemu_is_told_off_in_one_line(blob):
    old = "echo QEMU emulator version 7.2.22;"
    told = run("serve", blob(NEWEST), "--guest", "/nowhere/vmlinuz-6.1", "--qemu", old, status=2)
    assert told == (
        f"capcodec: {old} has version 7.2, and vhost-user without KVM needs 8.0: Debian 12 has 10.0 in "
        "bookworm-backports\n"
    )
