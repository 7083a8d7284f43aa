"""The host library itself: what ``virgl_renderer_fill_caps`` of an installed virglrenderer says.

It runs in a child process, since it starts a GL driver, which may crash, hang, print, and never come back.
Functions, flags and callbacks: virglrenderer's ``src/virglrenderer.h``.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from ..errors import SourceError
from . import Answer, bounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

LIBRARY = "libvirglrenderer.so.1"
USE_EGL = 1 << 0
USE_SURFACELESS = 1 << 3
USE_GLES = 1 << 4
VENUS = 1 << 6
NO_VIRGL = 1 << 7
DRM = 1 << 10

_CHILD = os.path.join(os.path.dirname(__file__), "_fill_caps.py")


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
        capset_ids: which to ask for; in this order they come back.
        flags: of ``virgl_renderer_init``. If not given, the library is started once with GL through EGL, without a
            window, for capsets 1 and 2, and once without GL for all others.
        library: name or path of the shared library.
        environment: variables to set, such as ``LIBGL_ALWAYS_SOFTWARE`` or ``GALLIUM_DRIVER``.
        timeout: seconds that each start may take.

    Raises:
        SourceError: the library is missing, fails to start, crashes, hangs, or writes beyond the size it announced.
    """
    wanted = list(capset_ids)
    if flags is not None:
        return _ask(wanted, flags, library, environment, timeout)
    found = []
    for ids, chosen in (({1, 2}, USE_EGL | USE_SURFACELESS), ({4}, VENUS | NO_VIRGL), ({6}, DRM | NO_VIRGL)):
        asked = [capset_id for capset_id in wanted if capset_id in ids]
        if asked:
            found += _ask(asked, chosen, library, environment, timeout)
    return sorted(found, key=lambda answer: wanted.index(answer.capset_id))


def _ask(
    capset_ids: list[int], flags: int, library: str, environment: Mapping[str, str] | None, timeout: float
) -> list[Answer]:
    party = f"virglrenderer ({library}, flags {flags:#x})"
    # Files and not pipes, which a render server that the library starts would hold open. Whatever the driver prints on
    # stdout stays out of the answer.
    with tempfile.TemporaryFile() as answers, tempfile.TemporaryFile() as printed:
        command = [sys.executable, "-I", "-S", _CHILD, str(answers.fileno()), library, str(flags)]
        child = subprocess.Popen(
            [*command, *map(str, capset_ids)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=printed,
            pass_fds=[answers.fileno()],
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        try:
            status = child.wait(timeout)
        except subprocess.TimeoutExpired:
            raise SourceError(f"{party} has not answered within {timeout:g} seconds") from None
        finally:
            _kill(child)
        printed.seek(0)
        said = printed.read().decode(errors="replace").strip().rpartition("\n")[2] or "no message"
        if status < 0:
            raise SourceError(f"{party} died of {signal.Signals(-status).name}: {said}")
        if status:
            raise SourceError(f"{party} failed: {said}")
        answers.seek(0)
        told = [json.loads(line) for line in answers]
    for capset_id in capset_ids[len(told) :]:
        raise SourceError(f"{party} left without an answer for capset {capset_id}")
    return [_answer(one, party) for one in told if one["size"]]  # 0: this build knows no such capset


def _kill(child: subprocess.Popen[bytes]) -> None:
    """The child, and whatever it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _answer(told: dict[str, Any], party: str) -> Answer:
    """From what the child got when it offered buffers of zeros, and of ones."""
    size = bounded(told["size"], party)
    zeros, ones = (bytes.fromhex(told[key]) for key in ("zeros", "ones"))
    if zeros[size:].strip(b"\0") or ones[size:].strip(b"\xff"):
        raise SourceError(f"{party} wrote beyond the {size} bytes that it announced for capset {told['capset_id']}")
    data = zeros[:size]
    written = sum(low == high for low, high in zip(data, ones[:size], strict=True))
    remarks = []
    if not written:
        remarks.append("announced, but not filled: its part of the library is not running")
    elif written < size:
        remarks.append(f"{size - written} of {size} bytes were left as they were")
    return Answer(told["capset_id"], told["max_version"], data, party, tuple(remarks))
