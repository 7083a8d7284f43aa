"""Programs whose allocations fail, one after the other, by CPython's own test module."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from command import BIN

# What needs no package: to make a function, a generator and a class
CONTROL = """
import _testcapi
for at in range(1, 200):
    _testcapi.set_nomemory(at, at + 1)
    try:
        made = lambda: at
        list(made() for _ in range(2))
        type("Made", (), {"f": lambda self: [self]})
    except MemoryError:
        pass
    finally:
        _testcapi.remove_mem_hooks()
"""

# What a program has to ask with. What Python makes once is made before: some interpreters do not survive it without
# memory.
ASK = """
import _testcapi

def ask(call, name, allocations):
    for _ in range(CALLS_BEFORE):
        call()
    for start in range(1, allocations):
        try:
            _testcapi.set_nomemory(start, start + 1)
            try:
                call()
            finally:
                _testcapi.remove_mem_hooks()
        except MemoryError:
            continue
        except BaseException as error:
            raise AssertionError(f"{name}, allocation {start}: {error!r}") from error
        if start > 60:
            break
"""

# Python 3.10 makes a cache for a function that is called 1,024 times, and forgets the MemoryError where it cannot
CALLS_BEFORE = 1100 if sys.version_info < (3, 11) else 1


def run(code: str, *controls: str) -> subprocess.CompletedProcess[str]:
    """Run a program that makes allocations fail; the test is skipped where Python itself does not stand that.

    Args:
        code: the program. ``ask(call, name, allocations)`` calls while there is memory, then with each of so many
            allocations failing once: a MemoryError has to come out, and nothing else.
        controls: programs besides ``CONTROL`` that need no package, and show whether Python stands it.
    """
    if find_spec("_testcapi") is None:
        pytest.skip("this Python comes without _testcapi, which makes allocations fail")
    for control in (CONTROL, *controls):
        shown = subprocess.run([sys.executable, "-I", "-c", control], capture_output=True, text=True, cwd=BIN)
        if shown.returncode < 0:
            pytest.skip("this Python crashes by itself when it makes a function without memory")
        if shown.returncode:
            pytest.skip(f"this Python by itself says without memory: {shown.stderr.splitlines()[-1]}")
    code = f"CALLS_BEFORE = {CALLS_BEFORE}\n{ASK}{code}"
    return subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, cwd=BIN)
