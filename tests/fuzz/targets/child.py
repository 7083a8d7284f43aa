"""The child that asks the host library: whatever stands in its answer, the parent has capsets or an error of ours."""

from __future__ import annotations

import os
import subprocess
from unittest import mock

from capcodec import SourceError
from capcodec.sources import virglrenderer
from choices import Choices

from . import check_message, target

NOT_STARTED = 999
STATUSES = [0, 0, 0, 0, 0, 1, 255, -6, -11, -64, -35, None, NOT_STARTED]


class Child:
    """A process that has ended, and has said what it had to say."""

    pid = 0
    status: int | None = 0  # None: it never ends
    said = b""

    def __init__(self, command: object, *, pass_fds: tuple[int, ...], **_: object) -> None:
        if self.status == NOT_STARTED:
            raise OSError(11, "Resource temporarily unavailable")
        os.write(pass_fds[0], self.said)

    def wait(self, timeout: float | None = None) -> int | None:
        if self.status is None and timeout is not None:
            raise subprocess.TimeoutExpired("child", timeout)
        return self.status

    def kill(self) -> None:
        """It has ended."""


def said() -> list[bytes]:
    """A choice of status and of flags, and lines of a child: id, version, size, and what two buffers held."""
    guard = b"\0" * 64
    known = {
        "filled": (b"\1" * 8, b"\1" * 8),
        "left": (b"\0" * 8, b"\xff" * 8),
        "unknown": (b"", b""),
        "half": (b"\2" * 6, b"\2" * 3 + b"\xff" * 3),
        "beyond": (b"\1" * 6 + b"\1", b"\1" * 6 + b"\1"),
    }
    found = []
    for name, (low, high) in known.items():
        size = len(low) - (name == "beyond")
        buffers = ((low + guard)[: size + 64], (high + b"\xff" * 64)[: size + 64])
        found.append([f"{number} 2 {size} {' '.join(part.hex() for part in buffers)}\n" for number in (2, 4, 6)])
    found.append([f"{number} 0 0\n" for number in (2, 4, 6)])
    whole = ["".join(lines).encode() for lines in found]
    parts = [line.encode() for lines in found for line in lines]
    statuses = [bytes((status, 1)) + b"why not" for status in range(len(STATUSES))]
    return statuses + [b"\0\1" + part for part in (*whole, *parts, whole[0] + b"x")] + [b"\0\0" + parts[0]]


@target(
    "capcodec/sources/virglrenderer.py",
    plant=("capcodec/sources/virglrenderer.py", "match is None or int(match[1]) != capset_id", "match is None"),
    seeds=said,
    words=("2 2 8 ", "4 0 0\n", " 65536 ", " 65537 ", "4294967295", "-1", "00" * 64, "ff" * 64, "\n"),
)
def child_answer(data: bytes) -> None:
    choices = Choices(data)
    Child.status, flags = choices.pick(STATUSES), choices.pick([None, 7])
    Child.said = choices.rest()
    with mock.patch.object(subprocess, "Popen", Child), mock.patch.object(os, "killpg"):
        try:
            found = virglrenderer.capsets([2, 4, 6], flags)
        except SourceError as error:
            check_message(error)
            return
    assert not Child.status
    for answer in found:
        assert isinstance(answer.data, bytes)
        assert len(answer.data) <= 1 << 16
        assert all(type(value) is int and 0 <= value < 1 << 32 for value in (answer.capset_id, answer.capset_version))
        told = f"{answer.capset_id} {answer.capset_version} {len(answer.data)} {answer.data.hex()}"
        assert told.encode() in Child.said
        assert repr(answer)
