"""Findings on the screen."""

from __future__ import annotations

import json
import subprocess
import sys

from capcodec import captures
from command import BIN, run

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
SWAPPED = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")


def test_lint(blob):
    assert run("lint", blob(NEWEST)) == "nothing is wrong with it\n"
    path = blob(SWAPPED)
    result = subprocess.run([sys.executable, "-m", "capcodec", "lint", path], capture_output=True, text=True, cwd=BIN)
    assert result.returncode == 1  # for scripts
    assert result.stdout.startswith("error capability_bits_v2: release 0.9.0 swapped it with max_video_memory: ")
    assert "[swapped-words]\n  see virglrenderer src/virgl_hw.h @7e7a4e72a1fc" in result.stdout
    assert run("lint", path, "--layout", "0.9.0") == "nothing is wrong with it\n"
    result = subprocess.run([sys.executable, "-m", "capcodec", "lint", path, "--json"], capture_output=True, cwd=BIN)
    assert [finding["rule"] for finding in json.loads(result.stdout)] == ["swapped-words"]
