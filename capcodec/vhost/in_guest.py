"""Run as a program in a guest: for each host offered, all capsets, and what Mesa makes of them, as JSON.

Usage: ``in_guest.py COUNT``. Between two hosts it makes the driver let go of the device and take it again.
"""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NODE = "/dev/dri/renderD128"
DRIVER = "/sys/bus/virtio/drivers/virtio_gpu"
PATIENCE = 60.0  # seconds for a driver to come up; it waits five for each capset that does not come


def rebind() -> None:
    """Let the driver begin anew."""
    device = next(name for name in os.listdir(DRIVER) if name.startswith("virtio"))
    for name in ("unbind", "bind"):
        with open(f"{DRIVER}/{name}", "w") as file:
            file.write(device)


def wait_for_node() -> bool:
    """Does the driver make its device node?"""
    deadline = time.monotonic() + PATIENCE
    while not os.path.exists(NODE):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def ask() -> dict[str, Any]:
    """What the render node says."""
    from capcodec.errors import CapcodecError
    from capcodec.sources.render_node import RenderNode

    try:
        with RenderNode(NODE) as node:
            params = node.params()
            capsets = [[answer.capset_id, answer.capset_version, answer.data.hex()] for answer in node.capsets()]
            return {
                "params": params,
                "capsets": capsets,
                "refused": {str(key): name for key, name in node.refused().items()},
            }
    except (CapcodecError, OSError) as error:
        return {"error": str(error)}


class Mesa:
    """The driver that is installed, asked through EGL, in a child for each question."""

    def __init__(self) -> None:
        asked, self._questions = os.pipe()
        self._answers, told = os.pipe()
        nothing = os.open(os.devnull, os.O_WRONLY)
        program = os.path.join(PACKAGE, "vtest", "egl_guest.py")
        ends = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in enumerate((asked, told, nothing))]
        os.posix_spawn(sys.executable, [sys.executable, "-I", "-S", program], os.environ, file_actions=ends)
        for end in (asked, told, nothing):
            os.close(end)

    def ask(self) -> None:
        """Begin to ask."""
        try:
            os.write(self._questions, b"60\n")
        except BrokenPipeError:  # there is no libEGL.so.1, as the answer will say
            return

    def answer(self) -> dict[str, Any]:
        """As of ``egl_guest.py``."""
        import json

        with open(self._answers, closefd=False) as answers:
            found: dict[str, Any] = json.loads(answers.readline() or '{"error": "there is no libEGL.so.1"}')
        return found


def main() -> None:
    """Ask of each host."""
    mesa = Mesa()  # before modules load, which takes seconds on an emulated processor, and there are two
    sys.path.insert(0, os.path.dirname(PACKAGE))
    import json

    for number in range(int(sys.argv[1])):
        if number:
            rebind()
        started = time.monotonic()
        found: dict[str, Any] = {"error": "the driver made no device node"}
        if wait_for_node():
            mesa.ask()  # meanwhile the other processor asks the kernel
            found = ask()
            found["gl"] = mesa.answer()
        found["seconds"] = round(time.monotonic() - started, 2)
        with open(f"host{number}.json", "w") as file:
            json.dump(found, file)


if __name__ == "__main__":
    main()
