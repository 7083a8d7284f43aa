"""The commands that say what bytes mean, and those that are hosts and guests, run as a user runs them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from capcodec import ArgumentError, CapcodecError, VirglCapsV2, captures
from capcodec.cli import edit
from capcodec.sources.render_node import RenderNode
from capcodec.vtest.client import VtestClient
from capcodec.vtest.server import VtestServer
from command import BIN, run

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
SWAPPED = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")


def test_identify(blob):
    output = run("identify", blob(SWAPPED))
    assert output.startswith("virglrenderer 0.9.0 or 0.9.1, likelier 0.9.0\ntheir layouts differ: ")
    assert "decode with VirglCapsV2[0.9.0] (--layout 0.9.0)\n  decode with VirglCapsV2\n" in output
    assert "  size 696: as much as the host has: 0.9.0 to 0.9.1\n" in output
    told = json.loads(run("identify", blob(SWAPPED), "--json"))
    assert (told["releases"], told["likeliest"]) == (["0.9.0", "0.9.1"], "0.9.0")
    assert "releases are told by capsets 1, 2 and 4" in run("identify", blob(bytes(24)), "--capset", "10", status=1)


def test_lint(blob):
    assert run("lint", blob(NEWEST)) == "nothing is wrong with it\n"
    path = blob(SWAPPED)
    result = subprocess.run([sys.executable, "-m", "capcodec", "lint", path], capture_output=True, text=True, cwd=BIN)
    assert result.returncode == 1  # for scripts
    assert result.stdout.startswith("error capability_bits_v2: release 0.9.0 swapped it with max_video_memory: ")
    assert "[swapped-words]\n  see virglrenderer 7e7a4e72a1fc" in result.stdout
    assert run("lint", path, "--layout", "0.9.0") == "nothing is wrong with it\n"
    result = subprocess.run([sys.executable, "-m", "capcodec", "lint", path, "--json"], capture_output=True, cwd=BIN)
    assert [finding["rule"] for finding in json.loads(result.stdout)] == ["swapped-words"]


def test_diff(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(NEWEST)
    changed = bytearray(NEWEST)
    changed[284] = 8
    two.write_bytes(changed)
    command = [sys.executable, "-m", "capcodec", "diff"]
    result = subprocess.run([*command, one, two], capture_output=True, text=True, cwd=BIN)
    assert (result.returncode, result.stdout) == (1, "v1.max_samples: 4 -> 8\n")
    assert run("diff", str(one), str(one)) == ""
    result = subprocess.run([*command, one, two, "--json"], capture_output=True, cwd=BIN)
    assert [change["path"] for change in json.loads(result.stdout)] == ["v1.max_samples"]


def test_guest(blob):
    output = run("guest", blob(SWAPPED))
    assert output.startswith("host 696 bytes, guest 1408 bytes: 696 copied\n")
    lines = {line.split()[1]: line for line in output.splitlines() if line.split()[:1] and line.split()[0].isdecimal()}
    assert "default" in lines["max_texture_samplers"]
    assert lines["renderer"].endswith("ignored")
    assert "v1.max_samples" not in lines
    assert "glsl_level_compatibility" in output
    assert " v1.max_samples " in run("guest", blob(SWAPPED), "--all")
    told = json.loads(run("guest", blob(NEWEST), "--json", "--size", "696", "--no-coherent"))
    assert (told["size"], told["copied"]) == (696, 696)
    assert told["fields"]["max_video_memory"] == {
        "value": None,
        "origin": "reinterpreted",
        "sent": 0,
        "rule": "video_memory",
        "reason": "The size of video memory counts only with VIRGL_CAP_V2_VIDEO_MEMORY",
    }
    assert told["derived"]["arb_buffer_storage"]["value"] is False


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
        "serve", blob(NEWEST), "--socket", path, "--", "/nowhere", status=1
    )


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serve_until_it_is_stopped(tmp_path, blob, stop):
    path = str(tmp_path / "socket")
    command = [sys.executable, "-m", "capcodec", "serve", blob(NEWEST), "--socket", path]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=BIN)
    try:
        assert server.stdout.readline() == f"serving virgl_caps_v2, 1408 bytes, at {path}\n"
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
        (["--set", "capability_bits.NOPE=1"], "has no flag 'NOPE'; there are TGSI_INVARIANT, "),
        (["--set", "bset=1"], "is a struct: set its fields one by one"),
        (["--size", "-1"], "expected a size of 0..65536 bytes, got -1"),
        (["--size", "556", "--set", "renderer=x"], "is absent: 556 bytes arrived"),
        (["--capset", "venus", "--size", "160"], "has to offer capset 1 or 2, and this is virgl_renderer_capset_venus"),
    ],
)
def test_serve_refuses(blob, arguments, message):
    assert message in run("serve", blob(NEWEST), *arguments, "--", "true", status=1)


def test_edits():
    caps = VirglCapsV2.unpack(NEWEST)
    given = [("set", "max_compute_grid_size=1,0x2,3"), ("set", "min_texel_offset=-9"), ("set", "max_anisotropy=2.5")]
    given += [("set", "renderer=gpu"), ("clear", "capability_bits.COPY_IMAGE"), ("set", "capability_bits_v2.SSO=0")]
    given += [
        ("set", "bset.has_fp64=0"),
        ("clear", "video_caps"),
        ("clear", "v1.sampler"),
        ("set", "scanout.bitmask[3]=7"),
    ]
    edit.apply(caps, given)
    assert caps.max_compute_grid_size.tolist() == [1, 2, 3]
    assert (caps.min_texel_offset, caps.max_anisotropy, caps.renderer) == (-9, 2.5, b"gpu")
    before = VirglCapsV2.unpack(NEWEST)
    assert caps.capability_bits == before.capability_bits & ~(1 << 3)
    assert caps.capability_bits_v2 == before.capability_bits_v2 & ~(1 << 9)
    assert (caps.bset.has_fp64, caps.sampler.bitmask.bits(), caps.scanout.bitmask[3]) == (0, [], 7)
    edit.apply(caps, [("set", "capability_bits.COPY_IMAGE=1")])
    assert caps.capability_bits == before.capability_bits
    with pytest.raises(CapcodecError):
        edit.apply(caps, [("set", "max_samples=4294967296")])
    assert edit.resized(b"abc", 5) == b"abc\0\0"
    with pytest.raises(ArgumentError):
        edit.resized(b"", 1 << 17)


def test_probe_reports_what_answers_and_what_does_not(tmp_path):
    path = str(tmp_path / "socket")
    with VtestServer({2: NEWEST}, path):
        reports = json.loads(run("probe", "--json", "--socket", path))
        text = run("probe", "--socket", path)
    (server,) = [report for report in reports if report["party"] == f"vtest server at {path}"]
    assert [(told["name"], told["size"]) for told in server["capsets"]] == [("virgl", 308), ("virgl2", 1408)]
    assert bytes.fromhex(server["capsets"][1]["data"]) == NEWEST
    assert server["capsets"][1]["host"] == "virglrenderer 1.1.1 to 1.3.0"
    assert all("capsets" in report or report["error"] for report in reports)
    assert "virgl2" in text
    (report,) = [
        report for report in json.loads(run("probe", "--json", "--socket", path)) if "vtest" in report["party"]
    ]
    assert "cannot be reached: No such file or directory" in report["error"]


def test_a_node_of_something_else(tmp_path):
    file = tmp_path / "node"
    file.write_bytes(b"")
    with pytest.raises(CapcodecError, match=f"the kernel does not open {tmp_path / 'none'}: No such file"):
        RenderNode(str(tmp_path / "none"))
    with (
        RenderNode(str(file)) as node,
        pytest.raises(CapcodecError, match="is no virtio-gpu: GETPARAM 3D_FEATURES gives ENOTTY"),
    ):
        node.params()
    with RenderNode("/dev/null") as node, pytest.raises(OSError, match="Inappropriate ioctl"):
        node.ask(2)
    node.close()
