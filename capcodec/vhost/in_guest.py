"""Run as a program in a guest: for each host offered, all capsets, and what Mesa makes of them, as JSON.

Usage: ``in_guest.py COUNT``. Between two hosts it makes the driver let go of the device and take it again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NODE = Path("/dev/dri/renderD128")
DRIVER = Path("/sys/bus/virtio/drivers/virtio_gpu")
PATIENCE = 60.0  # seconds for a driver to come up; it waits five for each capset that does not come


def rebind() -> None:
    """Let the driver begin anew."""
    device = next(path.name for path in DRIVER.iterdir() if path.name.startswith("virtio"))
    (DRIVER / "unbind").write_text(device)
    (DRIVER / "bind").write_text(device)


def wait_for_node() -> bool:
    """Does the driver make its device node?"""
    deadline = time.monotonic() + PATIENCE
    while not NODE.exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def ask() -> dict[str, Any]:
    """What the render node says."""
    from capcodec.errors import CapcodecError
    from capcodec.sources.render_node import RenderNode

    try:
        with RenderNode(str(NODE)) as node:
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
        program = Path(__file__).parents[1] / "vtest" / "egl_guest.py"
        self._program = subprocess.Popen(
            [sys.executable, "-I", str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def ask(self) -> dict[str, Any]:
        """As of ``egl_guest.py``."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(b"60\n")
        self._program.stdin.flush()
        found: dict[str, Any] = json.loads(self._program.stdout.readline() or b'{"error": "there is no libEGL.so.1"}')
        return found


def main() -> None:
    """Ask of each host."""
    mesa = Mesa()
    for number in range(int(sys.argv[1])):
        if number:
            rebind()
        started = time.monotonic()
        found: dict[str, Any] = {"error": "the driver made no device node"}
        if wait_for_node():
            found = ask()
            found["gl"] = mesa.ask()
        found["seconds"] = round(time.monotonic() - started, 2)
        Path(f"host{number}.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
