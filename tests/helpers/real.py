"""Real programs that tests need: skipped where they are missing, unless the run promised to have them.

CAPCODEC_REAL=1 promises all of them but type checkers. CAPCODEC_REAL=tools promises all of these but drivers and
virtual machines, and leaves those out even where they are installed. CAPCODEC_REAL=types promises the type checkers,
which are in the extra ``lint``.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import sys

import pytest

PROMISE = os.environ.get("CAPCODEC_REAL", "")
LIBRARIES = {  # by command
    "report": "jinja2",
    "draw": "matplotlib",
    "completion": "shtab",
    "man": "argparse_manpage",
    **dict.fromkeys(("fleet pack", "fleet describe", "fleet query"), "pyarrow"),
    "sphinx-build": "sphinx",
    "pre-commit": "pre_commit",
}
DRIVERS = {"libEGL_mesa.so.0", "libvirglrenderer.so.1", "virgl_test_server", "qemu-system-x86_64"}


def need(program: str, package: str) -> str:
    """Path of a program. Without it the test is skipped, or fails if the run promised to have it."""
    leave_out_driver(program)
    path = shutil.which(program)
    if path is None:
        missing(program, package)
    return path


def need_library(name: str, package: str) -> str:
    """Name of a shared library that can be loaded; the same without it."""
    leave_out_driver(name)
    try:
        ctypes.CDLL(name)
    except OSError:
        missing(name, package)
    return name


def need_extra(command: str) -> None:
    """Skip the test if a command needs a library that is missing: not every machine has wheels of all of them."""
    words = command.split()
    library = LIBRARIES.get(" ".join(words[:2]), LIBRARIES.get(words[0]))
    if library is None or importlib.util.find_spec(library) is not None:
        return
    if PROMISE == "1":
        pytest.fail(f"{library} is missing: install capcodec[test]")
    pytest.skip(f"{command} needs {library}, of capcodec[test]")


def leave_out_driver(name: str) -> None:
    """Skip the test if it needs a driver or a virtual machine and this run is to do without."""
    if PROMISE == "tools" and name in DRIVERS:
        pytest.skip(f"CAPCODEC_REAL=tools leaves out {name}")


def missing(what: str, package: str) -> None:
    """Skip, or fail, as above."""
    message = f"{what} is missing: install Debian's package {package}"
    if PROMISE in ("1", "tools"):
        pytest.fail(message)
    pytest.skip(message)


def need_checker(name: str) -> str:
    """Path of a type checker of the extra ``lint``. Without it the test is skipped, or fails if CAPCODEC_REAL=types."""
    path = shutil.which(name, path=os.path.dirname(sys.executable))
    if path is None:
        message = f"{name} is missing: pip install 'capcodec[lint]'"
        if PROMISE == "types":
            pytest.fail(message)
        pytest.skip(message)
    return path
