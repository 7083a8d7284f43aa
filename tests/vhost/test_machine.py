"""A real kernel, and the driver that people run, with dozens of hosts in one boot: both answer as the models say.

On Debian 12 it is Linux 6.1 and Mesa 22.3.6 with the QEMU of bookworm-backports, on Debian 13 Linux 6.12 and Mesa 25.0.
CAPCODEC_QEMU names a QEMU of 8.0 or newer, if the one that is installed is older, and CAPCODEC_KERNEL another kernel.
An older one cannot do it, as that of Debian 12: then the tests are skipped.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import sys
import zlib
from pathlib import Path

import pytest

import guest_grid
from capcodec import ArgumentError, KernelError, SourceError, captures, cli, gl
from capcodec.flow import Host, Kernel
from capcodec.meaning.mesa import mesa_named
from capcodec.vhost.machine import QEMU, boot, check_qemu
from guest_machine import kernel as download_kernel
from mesa_guest import recorded_versions
from real import missing, need

COMMAND = os.environ.get("CAPCODEC_QEMU", QEMU)
NEW = "echo QEMU emulator version 10.0.0;"
RNG = random.Random(61)
WHOLE_GRID = 5  # hosts that are asked for everything
IDS, VERSIONS = range(64), range(4)
SIZES = [0, 1, 2, 3, 4, 7, 8, 24, 63, 64, 100, 159, 160, 161, 255, 256, 307, 308, 309, 379, 380, 381, 500, 556, 688]
SIZES += [692, 764, 1024, 1375, 1376, 1407, 1408, 1409, 2000, 4096, 16384, 32768, 65535, 65536, 70000]


def real_hosts() -> list[tuple[str, Host]]:
    found = []
    for name in captures.names(2):
        one = captures.load(name.replace("capset2", "capset1"))
        found.append((name, Host({1: (1, one), 2: (2, captures.load(name))})))
    return found


def invented_hosts() -> list[Host]:
    venus = captures.load("virglrenderer-1.3.0-venus.capset4.bin")
    newest = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
    return [
        Host({}),
        Host({1: (1, newest[:308]), 2: (2, newest), 4: (0, venus), 6: (0, RNG.randbytes(592))}),
        Host({2: (2, RNG.randbytes(2000))}),
        Host({63: (3, RNG.randbytes(65536))}),
        Host({1: (1, b""), 2: (0, b"\1")}),
        Host({2: [(0, newest[:688]), (1, newest[:700]), (2, newest)]}),
        Host({1: (1, newest[:308]), 31: (0, b"31"), 32: (0, b"32")}),
        Host({5: (0, RNG.randbytes(16)), 40: (1, RNG.randbytes(400)), 63: (0, b"end")}),
        Host({capset_id: (capset_id % 4, RNG.randbytes(capset_id * 50)) for capset_id in range(1, 64, 3)}),
        Host({64: (0, b"too high")}),
        Host({0: (0, b"none")}),
        Host({2: (2, newest)}, answer="error"),
        Host({2: (2, newest), 4: (0, venus)}, answer="error"),
        Host({2: (0, newest)}, answer="never"),
    ]


def questions(number: int, host: Host) -> list[tuple[int, int, int]]:
    if number < WHOLE_GRID:
        return list(itertools.product(IDS, VERSIONS, SIZES))
    ids = {offer.capset_id for offer in host.offers}
    if host.answer == "never":  # the kernel waits five seconds for each id and version
        return [(capset_id, 0, 100) for capset_id in ids]
    near = sorted({n for capset_id in ids | {0} for n in (capset_id - 1, capset_id, capset_id + 1) if 0 <= n < 1 << 32})
    sizes = sorted({0, 1, 308, 1408} | {len(offer.data) + more for offer in host.offers for more in (-1, 0, 1)} - {-1})
    return list(itertools.product(near, VERSIONS, sizes))


def modelled(
    host: Host, version: tuple[int, int], asked: list[tuple[int, int, int]]
) -> tuple[list[int], list[list[int]]]:
    kernel = Kernel(host, version=version)
    params = []
    for number in range(1, 11):
        try:
            params.append(kernel.getparam(number))
        except KernelError as error:
            params.append(-error.errno)
    answers = []
    for capset_id, caps_version, size in asked:
        buffer, code = bytearray([guest_grid.FILL]) * (size + guest_grid.GUARD), 0
        try:
            kernel.get_caps(capset_id, caps_version, buffer, size=size)
        except KernelError as error:
            code = error.errno
        answers.append([code, zlib.crc32(buffer)])
    return params, answers


@pytest.fixture(scope="module")
def qemu() -> str:
    need("qemu-system-x86_64", "qemu-system-x86")
    need("busybox", "busybox-static")
    try:
        check_qemu(COMMAND)
    except SourceError as error:
        if "CAPCODEC_QEMU" not in os.environ and re.search(r"has version \d", str(error)):
            pytest.skip(f"{error}. CAPCODEC_QEMU names none")
        missing(f"a QEMU of 8.0 or newer ({error})", "qemu-system-x86 of bookworm-backports, named by CAPCODEC_QEMU")
    return COMMAND


@pytest.fixture(scope="module")
def linux(tmp_path_factory) -> Path:
    given = os.environ.get("CAPCODEC_KERNEL")
    if given:
        return Path(given)
    image, _ = download_kernel(tmp_path_factory.mktemp("linux"))
    return image


def test_many_hosts_in_one_boot(qemu, linux, mesa):
    real, invented = real_hosts(), invented_hosts()
    hosts = [host for _, host in real] + invented
    hosts = [hosts[index] for index in (0, 17, 18, 23, 24)] + [
        h for i, h in enumerate(hosts) if i not in (0, 17, 18, 23, 24)
    ]
    assert len(hosts) >= 30
    asked = [{"caps": questions(number, host), "gl": False} for number, host in enumerate(hosts)]
    for _, host in real:
        asked[hosts.index(host)]["gl"] = True
    files = {"questions.json": json.dumps(asked).encode()}
    program = [sys.executable, guest_grid.__file__]
    ran = boot(str(linux), hosts, program, qemu=qemu, files=files, timeout=1200)
    assert ran.status == 0, ran.errors
    answers = json.loads(ran.directory["answers.json"])
    assert len(answers) == len(hosts)
    release = linux.name.partition("-")[2] or linux.parent.name  # /lib/modules/7.2.13+deb14-amd64/vmlinuz
    version = tuple(int(part) for part in release.split(".")[:2])
    differences = compared = 0
    for number, (host, question, answer) in enumerate(zip(hosts, asked, answers, strict=True)):
        params, caps = modelled(host, version, question["caps"])
        assert answer["params"] == params, number
        compared += len(caps)
        differences += sum(one != other for one, other in zip(answer["caps"], caps, strict=True))
    assert differences == 0
    release = mesa_named(mesa)
    for name, host in real:
        verdict = gl(host.offers[1].data, mesa=release.name, coherent=False)
        found = {profile: verdict.of(profile) for profile in ("core", "compatibility", "es")}
        assert recorded_versions(answers[hosts.index(host)]["gl"]) == found, name
    assert ran.session.error is None
    first, *others = [round(seconds, 1) for seconds in ran.session.seconds]
    print(f"{len(hosts)} hosts, {compared} answers in {ran.seconds:.0f} seconds: the first {first}, then {others}")


def test_the_command(qemu, linux, mesa, tmp_path, capsys):
    """``capcodec serve --guest``: a host of today, and one of years ago."""
    hosts = [captures.load(f"virglrenderer-{release}-llvmpipe-gl.capset2.bin") for release in ("1.3.0", "0.10.4")]
    files = [str(tmp_path / str(number)) for number in range(len(hosts))]
    for path, data in zip(files, hosts, strict=True):
        Path(path).write_bytes(data)
    assert cli.main(["serve", "--guest", str(linux), "--qemu", qemu, *files]) == 0
    told = capsys.readouterr().out
    assert told.count("capsets 2: read back as they are") == len(hosts)
    versions = [tuple(map(int, found)) for found in re.findall(r"^  core (\d+)\.(\d+)", told, re.MULTILINE)]
    release = mesa_named(mesa).name
    assert versions == [gl(data, mesa=release, coherent=False).version for data in hosts]
    assert "seconds, from the command to the guest's end" in told


def test_the_program_sees_this_machine_s_tmp_and_does_not_change_it(qemu, linux, tmp_path):
    seen = tmp_path / "seen"
    seen.write_text("as it was")
    words = 'cat "$0" && echo of the guest >"$0" && cat "$0" && touch /tmp/guest-was-here'
    ran = boot(str(linux), Host({}), ["sh", "-c", words, str(seen)], qemu=qemu)
    assert (ran.status, ran.output, ran.errors) == (0, "as it wasof the guest\n", "")
    assert seen.read_text() == "as it was"
    assert not os.path.exists("/tmp/guest-was-here")


def test_what_a_guest_needs(tmp_path):
    with pytest.raises(SourceError, match="vhost-user without KVM needs 8.0"):
        check_qemu("echo QEMU emulator version 7.2.0;")
    with pytest.raises(SourceError, match="cannot run /nowhere/qemu"):
        check_qemu("/nowhere/qemu")
    with pytest.raises(ArgumentError, match="cannot read the kernel /nowhere/vmlinuz-6.1"):
        boot("/nowhere/vmlinuz-6.1", Host({}), ["true"], qemu=NEW)
    image = tmp_path / "kernel"
    image.write_bytes(b"no kernel")
    with pytest.raises(ArgumentError, match="expected a kernel named as vmlinuz-RELEASE, got kernel"):
        boot(str(image), Host({}), ["true"], qemu=NEW)
