"""The child that asks the host library: whatever stands in its answer, the parent has capsets or an error of ours."""

from __future__ import annotations

import json
import os
import subprocess
from unittest import mock

from capcodec import SourceError
from capcodec.sources import virglrenderer
from choices import Choices

from . import check_message, target

STATUSES = [0, 0, 0, 0, 0, 1, 255, -6, -11, -64, -35]


class Child:
    """A process that has ended, and has said what it had to say."""

    pid = 0
    status = 0
    said = b""

    def __init__(self, command: object, *, pass_fds: tuple[int, ...], **_: object) -> None:
        os.write(pass_fds[0], self.said)

    def wait(self, timeout: float | None = None) -> int:
        return self.status

    def kill(self) -> None:
        """It has ended."""

    poll = wait
    returncode = property(wait)


def said() -> list[bytes]:
    """A choice of status and of flags, and lines of a child."""
    found = []
    for size, low, high in (
        (8, b"\1" * 8, b"\1" * 8),
        (8, b"\0" * 8, b"\xff" * 8),
        (0, b"", b""),
        (6, b"\2" * 6, b"\2" * 3 + b"\xff" * 3),
    ):
        one = {
            "capset_id": 2,
            "max_version": 2,
            "size": size,
            "zeros": (low + bytes(64)).hex(),
            "ones": (high + b"\xff" * 64).hex(),
        }
        found.append(json.dumps(one).encode() + b"\n")
    return [bytes((status, 0)) + b"".join(found) for status in range(len(STATUSES))] + [
        b"\0\1" + line * 2 for line in found
    ]


@target(
    "capcodec/sources/virglrenderer.py",
    plant=("capcodec/sources/virglrenderer.py", "", ""),
    seeds=said,
    words=(
        '"zeros": "',
        '"ones": "',
        '"size": ',
        '"capset_id": ',
        '"max_version": ',
        "65536",
        "65537",
        "-1",
        "1e9",
        "00" * 40,
        "\n",
        "{",
        "}",
    ),
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
        assert repr(answer)
