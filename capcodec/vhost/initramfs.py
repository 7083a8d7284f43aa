"""The first files of a small guest: busybox, the modules that it needs, and a script that hands over to this machine's.

The guest sees this machine's root, read-only, over 9p, and runs a program in it; so nothing has to be packed for it.
What it writes to ``/tmp`` stays in its own memory.
"""

from __future__ import annotations

import lzma
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ArgumentError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = ("virtio_pci", "9pnet_virtio", "9p", "overlay", "virtio_gpu")
XZ = b"\xfd7zXZ\0"
ELF = b"\x7fELF"
DIRECTORIES = ("bin", "dev", "proc", "sys", "host", "modules", "tmp")
OUT = "mnt"  # where the guest's program finds the directory that it may write to
INIT = f"""#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs devtmpfs /dev
for module in $($b cat /modules/order); do
    case $module in drm_kms_helper.ko) parameters=fbdev_emulation=0;; *) parameters=;; esac
    $b insmod /modules/$module $parameters || echo "no module $module"
done
$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 root /host || echo "no root over 9p"
for each in dev proc sys; do $b mount -o bind /$each /host/$each; done
$b mount -t tmpfs tmpfs /tmp
$b mkdir /tmp/written /tmp/work
$b mount -t overlay -o lowerdir=/host/tmp,upperdir=/tmp/written,workdir=/tmp/work tmp /host/tmp || echo "no /tmp"
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 out /host/{OUT}
$b chroot /host /bin/sh /{OUT}/run >/host/{OUT}/stdout 2>/host/{OUT}/stderr
echo $? >/host/{OUT}/status
$b dmesg >/host/{OUT}/log
$b sync
$b poweroff -f
"""


def entry(name: str, mode: int, data: bytes = b"") -> bytes:
    """A file in a cpio archive of the kind ``newc``, as Linux unpacks it (Documentation/driver-api/early-userspace)."""
    path = name.encode() + b"\0"
    numbers = (0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
    head = b"070701" + b"".join(b"%08X" % number for number in numbers) + path
    return head.ljust(-(-len(head) // 4) * 4, b"\0") + data.ljust(-(-len(data) // 4) * 4, b"\0")


def archive(kernel: Path, modules: Path | None = None) -> bytes:
    """The archive for a kernel.

    Args:
        kernel: its image: ``/boot/vmlinuz-6.1.0-42-amd64``, or ``/lib/modules/6.12.0/vmlinuz`` beside its modules.
        modules: directory of its modules; looked for beside the image and on this machine if not given.

    Raises:
        ArgumentError: the image's name has no release.
        SourceError: there is no busybox, or a module is missing.
    """
    busybox = shutil.which("busybox")
    if busybox is None:
        raise SourceError("a guest needs busybox: install Debian's package busybox-static")
    parts = [entry(name, 0o040755) for name in DIRECTORIES]
    parts += [entry("bin/busybox", 0o100755, Path(busybox).read_bytes()), entry("init", 0o100755, INIT.encode())]
    order = []
    for path in module_files(modules or modules_of(kernel)):
        data = path.read_bytes()
        order.append(path.name.removesuffix(".xz"))
        parts.append(entry(f"modules/{order[-1]}", 0o100644, lzma.decompress(data) if path.suffix == ".xz" else data))
    parts.append(entry("modules/order", 0o100644, "\n".join(order).encode()))
    return b"".join(parts) + entry("TRAILER!!!", 0)


def modules_of(kernel: Path) -> Path:
    """The directory of a kernel's modules."""
    if kernel.name == "vmlinuz" and (kernel.parent / "modules.dep").exists():
        return kernel.parent  # where newer Debians have it
    release = re.fullmatch(r"(?:vmlinu[xz]|bzImage)-(\S+)", kernel.name)
    if release is None:
        raise ArgumentError(f"expected a kernel named as vmlinuz-RELEASE, got {kernel.name}: its modules are not known")
    for root in (kernel.parent.parent, Path("/")):
        for lib in ("lib", "usr/lib"):
            found = root / lib / "modules" / release[1]
            if (found / "modules.dep").exists():
                return found
    raise SourceError(f"the modules of Linux {release[1]} are missing: is there a modules.dep of them?")


def module_files(directory: Path) -> Iterator[Path]:
    """The files of the modules that are not built in, each behind those that it needs.

    Raises:
        SourceError: one is missing.
    """
    needed = {}
    for line in (directory / "modules.dep").read_text().splitlines():
        path, _, others = line.partition(":")
        needed[_name(path)] = [path, *others.split()]
    built_in = {_name(path) for path in (directory / "modules.builtin").read_text().split()}
    seen = set()
    for name in MODULES:
        if name in built_in:
            continue
        if name not in needed:
            raise SourceError(f"{directory} has no module {name}")
        for path in reversed(needed[name]):
            if path not in seen:
                seen.add(path)
                yield directory / path


def _name(path: str) -> str:
    return Path(path).name.partition(".")[0].replace("-", "_")


def uncompressed(image: bytes) -> bytes:
    """The kernel within an image that xz compressed, which boots faster; the image itself if there is none."""
    start = image.find(XZ)
    while start >= 0:
        try:
            found = lzma.LZMADecompressor(memlimit=1 << 30).decompress(image[start:], 1 << 28)
        except lzma.LZMAError:
            found = b""
        if found.startswith(ELF):
            return found
        start = image.find(XZ, start + 1)
    return image
