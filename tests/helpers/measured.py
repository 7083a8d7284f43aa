"""Run a command, and measure its processor time and the most memory that it had at once.

A program of its own starts the command: the kernel counts the memory of whoever starts a process into the process's own
(``ru_maxrss`` of wait4), and a test runner has much.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple


class Measured(NamedTuple):
    status: int
    stdout: bytes
    stderr: bytes
    seconds: float  # of the processor, so that other work on the machine does not count
    megabytes: float


def measured(*command: str, stdin: bytes = b"", repeat: int = 1, timeout: float = 60) -> Measured:
    """Run a command.

    Args:
        command: the program and its arguments.
        stdin: what the command may read on its standard input.
        repeat: how often it may read that. The command may stop reading whenever it likes.
        timeout: seconds after which it is killed.
    """
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, str(write), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=[write],
        cwd=Path(sys.executable).parent,  # not the source tree, whose uncompiled package would be imported
        start_new_session=True,
    )
    os.close(write)
    feeding = threading.Thread(target=_feed, args=(process.stdin, stdin, repeat))
    feeding.start()
    killing = threading.Timer(timeout, lambda: os.killpg(process.pid, 9))
    killing.start()
    process.stdin = None  # the thread's
    try:
        stdout, stderr = process.communicate()
    finally:
        killing.cancel()
        feeding.join()
    with os.fdopen(read) as file:
        told = file.read()
    assert told, f"no answer within {timeout} seconds: {stderr.decode()}"
    status, seconds, kibibytes = json.loads(told)
    return Measured(status, stdout, stderr, seconds, kibibytes / 1024)


def _feed(pipe, data: bytes, repeat: int) -> None:
    try:
        with pipe:
            at_once = max(1, min(repeat, (1 << 16) // max(len(data), 1)))
            for _ in range(repeat // at_once):
                pipe.write(data * at_once)
            pipe.write(data * (repeat % at_once))
    except BrokenPipeError:
        pass


def main() -> None:
    answer, command = int(sys.argv[1]), sys.argv[2:]
    os.set_inheritable(answer, False)
    pid = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(pid, 0)
    told = os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss
    os.write(answer, json.dumps(told).encode())


if __name__ == "__main__":
    main()
