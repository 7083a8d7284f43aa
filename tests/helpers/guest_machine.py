"""A real guest: Debian's kernel in QEMU with virtio-gpu, a Python interpreter, and this library, built for one run.

QEMU emulates (TCG), since its display needs GL and a test machine need have no KVM. Its GL is Mesa's software driver
on a virtual X server. The guest speaks on its serial line.
"""

from __future__ import annotations

import lzma
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import capcodec
from real import missing, need

MODULES = ("virtio_pci", "virtio_gpu")
NOT_NEEDED = (
    "test",
    "idlelib",
    "tkinter",
    "ensurepip",
    "lib2to3",
    "pydoc_data",
    "turtledemo",
    "site-packages",
    "config-*",
)
START = "capcodec guest: start"
END = "capcodec guest: end"
INIT = f"""#!/bin/sh
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs devtmpfs /dev
echo 1 > /proc/sys/kernel/printk
for module in $(busybox cat /modules/order); do busybox insmod /modules/$module || echo no $module; done
busybox stty -F /dev/ttyS0 -onlcr
echo "{START}"
export PYTHONPATH=/python PYTHONHOME=/python PYTHONDONTWRITEBYTECODE=1
/python/bin/python /payload.py
echo "{END} $?"
busybox dmesg | busybox grep -i -e drm -e virtio
busybox poweroff -f
"""


def dependencies(package: str, kinds: str) -> list[str]:
    """The kernel's packages of some kinds that a package depends on."""
    listed = subprocess.run(["apt-cache", "depends", package], check=True, capture_output=True, text=True).stdout
    return re.findall(rf"Depends: (linux-(?:{kinds})-\S+)", listed)


def kernel(directory: Path) -> tuple[Path, list[Path]]:
    """Debian's kernel and the modules that the guest needs, in the order of loading; downloaded, not installed."""
    need("apt-cache", "apt")
    need("dpkg-deb", "dpkg")
    need("depmod", "kmod")
    packages = dependencies("linux-image-amd64", "image")
    if not packages:
        missing("a kernel for apt to download", "linux-image-amd64")
    packages += dependencies(packages[0], "base|binary|modules")  # in newer Debians, nothing is in the image itself
    if not list(directory.glob("linux-*.deb")):
        fetched = subprocess.run(["apt-get", "download", "-q", *packages], cwd=directory, capture_output=True)
        if fetched.returncode:
            missing("a kernel that apt can download", packages[0])
    tree = directory / "kernel"
    if not tree.exists():
        for package in directory.glob("linux-*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, tree], check=True)
        if not (tree / "lib").exists():  # Debian 13 and later: the modules are in usr/lib
            (tree / "lib").symlink_to("usr/lib")
    release = next((tree / "lib" / "modules").iterdir()).name
    subprocess.run(["depmod", "-b", tree, release], check=True)
    order: list[Path] = []
    for module in MODULES:
        shown = subprocess.run(
            ["modprobe", "-d", tree, "-S", release, "--show-depends", module],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for line in shown.splitlines():
            kind, name = line.split()[:2]
            if kind == "insmod" and Path(name) not in order:  # else it is built into the kernel
                order.append(Path(name))
    images = tree / "boot" / f"vmlinuz-{release}", tree / "lib" / "modules" / release / "vmlinuz"
    return next(image for image in images if image.exists()), order


def libraries(binary: Path) -> list[Path]:
    """Shared libraries that a program or module needs, and the loader."""
    listed = subprocess.run(["ldd", binary], capture_output=True, text=True).stdout
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", listed)]


def interpreter(root: Path) -> None:
    """The running Python with its standard library, and this package as it is installed."""
    home = root / "python"
    (home / "bin").mkdir(parents=True)
    binary = Path(sys.base_prefix, "bin", f"python{sysconfig.get_python_version()}").resolve()
    shutil.copy(binary, home / "bin" / "python")
    ignored = shutil.ignore_patterns(*NOT_NEEDED, "__pycache__", "*.a")
    shutil.copytree(
        sysconfig.get_path("stdlib"), home / "lib" / Path(sysconfig.get_path("stdlib")).name, ignore=ignored
    )
    shutil.copytree(Path(capcodec.__file__).parent, home / "capcodec", ignore=shutil.ignore_patterns("__pycache__"))
    needed = {path for module in [binary, *home.rglob("*.so")] for path in libraries(module)}
    for path in needed:
        target = root / path.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)


def initramfs(directory: Path, modules: list[Path], payload: str) -> Path:
    root = directory / "root"
    shutil.rmtree(root, ignore_errors=True)
    for name in ("bin", "dev", "proc", "sys", "modules"):
        (root / name).mkdir(parents=True)
    shutil.copy(need("busybox", "busybox-static"), root / "bin" / "busybox")
    (root / "bin" / "sh").symlink_to("busybox")
    names = [module.name.removesuffix(".xz") for module in modules]
    for module, name in zip(modules, names, strict=True):
        data = module.read_bytes()
        (root / "modules" / name).write_bytes(lzma.decompress(data) if module.suffix == ".xz" else data)
    (root / "modules" / "order").write_text("\n".join(names))
    interpreter(root)
    (root / "payload.py").write_text(payload)
    (root / "init").write_text(INIT)
    (root / "init").chmod(0o755)
    archive = directory / "initramfs"
    files = subprocess.run(["find", ".", "-print0"], cwd=root, check=True, capture_output=True).stdout
    with archive.open("wb") as file:
        subprocess.run(
            [need("cpio", "cpio"), "-0oH", "newc", "--quiet"], cwd=root, input=files, stdout=file, check=True
        )
    return archive


def boot(directory: Path, payload: str, device: str = "virtio-gpu-gl-pci", timeout: float = 240) -> tuple[str, str]:
    """Run a Python program in the guest; what it printed, and the kernel's lines about its GPU."""
    qemu, xvfb = need("qemu-system-x86_64", "qemu-system-x86"), need("Xvfb", "xvfb")
    if "sdl" not in subprocess.run([qemu, "-display", "help"], capture_output=True, text=True).stdout:
        missing("QEMU's SDL display", "qemu-system-gui")
    image, modules = kernel(directory)
    archive = initramfs(directory, modules, payload)
    display_read, display_write = os.pipe()
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(display_write), "-screen", "0", "640x480x24", "-nolisten", "tcp"],
        pass_fds=[display_write],
        stderr=subprocess.DEVNULL,
    )
    try:
        os.close(display_write)
        with os.fdopen(display_read) as line:
            display = line.readline().strip()
        command = [qemu, "-M", "q35", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-device", device, "-vga", "none"]
        command += ["-display", "sdl,gl=on", "-serial", "stdio", "-monitor", "none", "-no-reboot", "-nic", "none"]
        command += ["-kernel", str(image), "-initrd", str(archive), "-append", "console=ttyS0 quiet panic=-1"]
        environment = {**os.environ, "DISPLAY": f":{display}", "LIBGL_ALWAYS_SOFTWARE": "1", "SDL_AUDIODRIVER": "dummy"}
        started = time.monotonic()
        guest = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )
        print(f"the guest ran for {time.monotonic() - started:.1f} seconds")
    finally:
        server.terminate()
        server.wait()
    output = guest.stdout.replace("\r\n", "\n")
    assert START in output, output + guest.stderr
    printed, _, rest = output.partition(START)[2].partition(END)
    assert rest.startswith(" 0"), output + guest.stderr
    return printed.strip(), rest.partition("\n")[2]
