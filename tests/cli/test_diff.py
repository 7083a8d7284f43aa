"""Changes on the screen."""

from __future__ import annotations

import json
import subprocess
import sys

from capcodec import captures
from command import BIN, run

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def test_diff(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(NEWEST)
    changed = bytearray(NEWEST)
    changed[284] = 8
    two.write_bytes(changed)
    command = [sys.executable, "-m", "capcodec", "diff"]
    result = subprocess.run([*command, one, two], capture_output=True, text=True, cwd=BIN)
    assert (result.returncode, result.stdout) == (1, "v1.max_samples: 4 -> 8\n")
    assert run("diff", str(one), str(one)) == ""
    result = subprocess.run([*command, one, two, "--json"], capture_output=True, cwd=BIN)
    assert [change["path"] for change in json.loads(result.stdout)] == ["v1.max_samples"]
