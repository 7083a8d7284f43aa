"""Programs that use the package in a child process, which must end by itself and not by a signal."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from command import BIN

START = """
import gc, operator, sys, threading
import capcodec
from capcodec import *
from capcodec import captures
from capcodec.schema import f32, s32, struct, u8, u32, u64
blob = captures.load(captures.names(2)[0])
size = VirglCapsV2.size
GIL = getattr(sys, "_is_gil_enabled", lambda: True)()

def refused(call, *errors):
    try:
        call()
    except errors or (Exception,):
        return
    raise AssertionError("not refused")

class Liar(int):
    "Equal to everything, less and more than everything."
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __le__(self, other): return True
    def __gt__(self, other): return True
    def __ge__(self, other): return True
    __hash__ = int.__hash__

class Index:
    "Runs code when it is asked for its value."
    def __init__(self, run, value): self.run, self.value = run, value
    def __index__(self): self.run(); return self.value
"""


def run(program: str, start: str = START) -> None:
    """Run a program after ``start``; it has to end well."""
    code = start + textwrap.dedent(program)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=BIN, timeout=300)
    assert result.returncode == 0, result.stderr[-2000:]
