"""A guest to ask: a small virtual machine whose kernel takes a backend of ours for its GPU, and runs a program.

Its kernel is any that is given; everything else is this machine's own root, read-only. QEMU emulates it (TCG), so there
need be no KVM; that takes a QEMU of 8.0 or newer, since older ones refuse vhost-user devices without KVM.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import ArgumentError, SourceError
from .initramfs import OUT, archive, uncompressed
from .server import VhostUserGpu

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..flow import Host, Vmm
    from .session import Session

QEMU = "qemu-system-x86_64"
OLDEST = 8, 0  # the first QEMU that runs vhost-user devices under TCG
MEGABYTES = 1024
CPU = "Nehalem,+rdrand"  # of x86-64-v2: later ones have instructions that are slow to emulate; it needs no entropy
APPEND = (
    "console=ttyS0 quiet panic=-1 nokaslr mitigations=off tsc=reliable no_timer_check lpj=4000000 "
    "rdinit=/init loglevel=3 cryptomgr.notests"
)


class GuestRun(NamedTuple):
    """What came of a guest.

    Attributes:
        directory: what the program wrote there, by the names of the files.
        output: what it printed.
        errors: what it printed on standard error.
        status: its exit status.
        log: the kernel's log.
        seconds: of the whole run, from the command to the end.
        session: the backend's side of it.
    """

    directory: dict[str, bytes]
    output: str
    errors: str
    status: int
    log: str
    seconds: float
    session: Session


def check_qemu(qemu: str = QEMU) -> None:
    """Raise unless there is a QEMU that can run such a guest.

    Raises:
        SourceError: there is none, or it is too old.
    """
    try:
        told = subprocess.run([*shlex.split(qemu), "--version"], capture_output=True, text=True, timeout=60).stdout
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise SourceError(getattr(error, "errno", None), f"cannot run {qemu}: {error}") from error
    version = re.search(r"version (\d+)\.(\d+)", told)
    if version is None or (int(version[1]), int(version[2])) < OLDEST:
        found = version[0] if version else "no version"
        raise SourceError(
            f"{qemu} has {found}, and vhost-user without KVM needs 8.0: Debian 12 has 10.0 in bookworm-backports"
        )


def boot(
    kernel: str,
    hosts: Host | Sequence[Host],
    program: Sequence[str],
    *,
    qemu: str = QEMU,
    files: Mapping[str, bytes] | None = None,
    modules: str | None = None,
    vmm: Vmm | None = None,
    timeout: float = 300.0,
    told: Callable[[str], None] | None = None,
) -> GuestRun:
    """Boot a guest, run a program in it, and wait for its end.

    Args:
        kernel: the kernel's image, such as ``/boot/vmlinuz-6.1.0-42-amd64``.
        hosts: what the guest is offered, as of :class:`VhostUserGpu`.
        program: the command that runs in the guest, with this machine's files. It may write to ``/mnt``.
        qemu: the command of a QEMU of 8.0 or newer.
        files: contents of files that the program finds in ``/mnt``.
        modules: directory of the kernel's modules, if it is not where the kernel is.
        vmm: the bugs of the VMM that is played.
        timeout: seconds that all of it may take.
        told: is called with each line of the trace.

    Raises:
        ArgumentError: the kernel's name does not tell its release, or it cannot be read.
        SourceError: something that a guest needs is missing, or it did not end in time.
    """
    started = time.monotonic()
    check_qemu(qemu)
    with tempfile.TemporaryDirectory(prefix="capcodec-guest") as name:
        place = Path(name)
        try:
            (place / "kernel").write_bytes(uncompressed(Path(kernel).read_bytes()))
        except OSError as error:
            raise ArgumentError(f"cannot read the kernel {kernel}: {error.strerror}") from error
        (place / "initramfs").write_bytes(archive(Path(kernel), Path(modules) if modules else None))
        out = place / "out"
        out.mkdir()
        for path, data in (files or {}).items():
            (out / path).write_bytes(data)
        (out / "run").write_text(f"cd /{OUT}\nexec {shlex.join(program)}\n")
        with VhostUserGpu(hosts, str(place / "socket"), vmm=vmm, told=told) as backend:
            command = [*shlex.split(qemu), *backend.qemu_arguments(MEGABYTES), *_arguments(place)]
            try:
                result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
            except subprocess.TimeoutExpired:
                raise SourceError(f"the guest did not end within {timeout:g} seconds") from None
        found = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
        if "status" not in found or not backend.sessions:
            said = (result.stdout + result.stderr).decode(errors="replace")[-1000:]
            raise SourceError(f"the guest did not run the program: {said.strip() or 'it says nothing'}")
        texts = {path: found.pop(path, b"").decode(errors="replace") for path in ("stdout", "stderr", "status", "log")}
        seconds = time.monotonic() - started
        return GuestRun(
            found,
            texts["stdout"],
            texts["stderr"],
            int(texts["status"] or 1),
            texts["log"],
            seconds,
            backend.sessions[0],
        )


def _arguments(place: Path) -> list[str]:
    """Those of QEMU that do not concern the GPU."""
    shares = {"root": ("/", ",readonly=on"), "out": (str(place / "out"), "")}
    return [
        *("-accel", "tcg", "-smp", "2", "-cpu", CPU, "-display", "none", "-serial", "stdio", "-monitor", "none"),
        *("-no-reboot", "-nic", "none", "-kernel", str(place / "kernel"), "-initrd", str(place / "initramfs")),
        *("-append", APPEND),
        *(
            word
            for tag, (path, more) in shares.items()
            for word in ("-virtfs", f"local,path={path},mount_tag={tag},security_model=none,multidevs=remap{more}")
        ),
    ]
