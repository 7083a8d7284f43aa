"""The host library itself: which capsets ``virgl_renderer_fill_caps`` of an installed virglrenderer writes.

The library starts a GL driver, which may crash, hang, print, and leave processes behind. So it runs in a child process.
Functions, flags and callbacks: virglrenderer ``src/virglrenderer.h``.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from ..errors import SourceError
from ..messages.virtio_gpu import MAX_CAPSET_SIZE
from .answer import Answer, bounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import IO

LIBRARY = "libvirglrenderer.so.1"
USE_EGL = 1 << 0
USE_SURFACELESS = 1 << 3
USE_GLES = 1 << 4
VENUS = 1 << 6
NO_VIRGL = 1 << 7
RENDER_SERVER = 1 << 9
DRM = 1 << 10

GL_FLAGS = USE_EGL | USE_SURFACELESS
VENUS_FLAGS = VENUS | NO_VIRGL | RENDER_SERVER  # without a render server, releases from 1.1.0 on leave it unfilled
DRM_FLAGS = DRM | NO_VIRGL

# The variables of this process that the child gets: where to find programs, libraries, displays and caches, and what
# Mesa, GL's and Vulkan's loaders and virglrenderer read. Nothing else of this process is the driver's business.
ENVIRONMENT = (
    *("DISPLAY", "HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "WAYLAND_DISPLAY", "XAUTHORITY"),
    *("DRI_", "EGL_", "GALLIUM_", "GALLIVM_", "GBM_", "LIBGL_", "LIBVA_", "LP_", "MESA_", "NIR_", "RENDER_SERVER_"),
    *("SOFTPIPE_", "ST_", "TGSI_", "VIRGL_", "VK_", "VKR_", "VN_", "VREND_", "VTEST_", "XDG_", "__EGL_", "__GL"),
)

GUARD = 64  # bytes of a buffer behind the announced size, which show whether the library wrote there
MAX_SAID = 4096  # bytes of the child's last message that are read

_CHILD = os.path.join(os.path.dirname(__file__), "_fill_caps.py")
_LINE = re.compile(rb"(\d{1,10}) (\d{1,10}) (\d{1,10})(?: ([0-9a-f]+) ([0-9a-f]+))?\n")


def capsets(
    capset_ids: Iterable[int] = (1, 2, 4, 6),
    flags: int | None = None,
    *,
    library: str = LIBRARY,
    environment: Mapping[str, str] | None = None,
    timeout: float = 60.0,
) -> list[Answer]:
    """The capsets that the library fills, of those that it announces.

    Args:
        capset_ids: which capsets to ask for. They come back in this order.
        flags: flags of ``virgl_renderer_init``. If not given, the library is started once with GL through EGL, without
            a window, for capsets 1 and 2, and once without GL for each other capset.
        library: name or path of the shared library.
        environment: variables to set for the child, such as ``LIBGL_ALWAYS_SOFTWARE`` or ``GALLIUM_DRIVER``. Of this
            process's own variables the child gets only those in ``ENVIRONMENT``: names, and beginnings of names that
            end in an underscore or are ``__GL``.
        timeout: seconds that each start may take.

    Raises:
        SourceError: the library is missing, fails to start, crashes, hangs, says what makes no sense, or writes beyond
            the size that it announced.
    """
    wanted = list(capset_ids)
    if flags is not None:
        return _ask(wanted, flags, library, environment, timeout)
    found = []
    for ids, chosen in (({1, 2}, GL_FLAGS), ({4}, VENUS_FLAGS), ({6}, DRM_FLAGS)):
        asked = [capset_id for capset_id in wanted if capset_id in ids]
        if asked:
            found += _ask(asked, chosen, library, environment, timeout)
    return sorted(found, key=lambda answer: wanted.index(answer.capset_id))


def _ask(
    capset_ids: list[int], flags: int, library: str, environment: Mapping[str, str] | None, timeout: float
) -> list[Answer]:
    party = f"virglrenderer ({library}, flags {flags:#x})"
    # Files and not pipes: a render server that the library starts would hold a pipe open. What a driver prints on
    # stdout stays out of the answers.
    with tempfile.TemporaryFile() as answers, tempfile.TemporaryFile() as printed:
        numbers = (flags, MAX_CAPSET_SIZE, GUARD, *capset_ids)
        try:
            child = subprocess.Popen(
                [sys.executable, "-I", "-S", _CHILD, str(answers.fileno()), library, *map(str, numbers)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=printed,
                pass_fds=[answers.fileno()],
                env={**_passed_on(os.environ), **(environment or {})},
                start_new_session=True,
            )
        except OSError as error:
            raise SourceError(error.errno, f"{party} cannot be started: {error.strerror}") from error
        try:
            status = child.wait(timeout)
        except subprocess.TimeoutExpired:
            raise SourceError(f"{party} has not answered within {timeout:g} seconds") from None
        finally:
            _kill(child)
        said = _last_line(printed) or "no message"
        if status < 0:
            raise SourceError(f"{party} died of {_signal(-status)}: {said}")
        if status:
            raise SourceError(f"{party} failed: {said}")
        return _read(answers, capset_ids, party)


def _passed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that the child gets."""
    beginnings = tuple(name for name in ENVIRONMENT if name.endswith("_") or name == "__GL")
    return {name: value for name, value in environment.items() if name in ENVIRONMENT or name.startswith(beginnings)}


def _kill(child: subprocess.Popen[bytes]) -> None:
    """The child, and every process that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _signal(number: int) -> str:
    """A signal's name; real-time signals have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _last_line(file: IO[bytes]) -> str:
    """The end of what the child printed on stderr."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - MAX_SAID))
    return file.read(MAX_SAID).decode(errors="replace").strip().rpartition("\n")[2]


def _read(file: IO[bytes], capset_ids: list[int], party: str) -> list[Answer]:
    """The child's answers. The library can have written anything into the file, and any amount of it."""
    file.seek(0)
    max_line = 64 + 4 * (MAX_CAPSET_SIZE + GUARD)
    found = []
    for capset_id in capset_ids:
        line = file.readline(max_line)
        if not line:
            raise SourceError(f"{party} left without an answer for capset {capset_id}")
        match = _LINE.fullmatch(line)
        if match is None or int(match[1]) != capset_id:
            raise SourceError(f"{party} gave no answer for capset {capset_id}, but {line[:40]!r}")
        version, size = int(match[2]), bounded(int(match[3]), party)
        if size:  # 0: this build knows no such capset
            digits = 2 * (size + GUARD)
            if match[4] is None or len(match[4]) != digits or len(match[5]) != digits:
                raise SourceError(f"{party} announces {size} bytes for capset {capset_id}, and gives another number")
            zeros, ones = (bytes.fromhex(text.decode()) for text in match.group(4, 5))
            found.append(_answer(capset_id, version, size, zeros, ones, party))
    if file.read(1):
        raise SourceError(f"{party} gave more answers than there were questions")
    return found


def _answer(capset_id: int, version: int, size: int, zeros: bytes, ones: bytes, party: str) -> Answer:
    """From what the child got when it offered buffers of zeros, and of ones."""
    if zeros[size:].strip(b"\0") or ones[size:].strip(b"\xff"):
        raise SourceError(f"{party} wrote beyond the {size} bytes that it announced for capset {capset_id}")
    data = zeros[:size]
    written = sum(low == high for low, high in zip(data, ones[:size], strict=True))
    remarks = []
    if not written:
        remarks.append("announced, but not filled: its part of the library is not running")
    elif written < size:
        remarks.append(f"{size - written} of {size} bytes were left as they were")
    return Answer(capset_id, version, data, party, tuple(remarks))
