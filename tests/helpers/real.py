"""Real programs that tests need: skipped where they are missing, unless the run promised to have them all."""

from __future__ import annotations

import ctypes
import os
import shutil

import pytest


def need(program: str, package: str) -> str:
    """Path of a program. Without it the test is skipped, or fails if CAPCODEC_REAL=1: then all must be there."""
    path = shutil.which(program)
    if path is None:
        missing(program, package)
    return path


def need_library(name: str, package: str) -> str:
    """Name of a shared library that can be loaded; the same without it."""
    try:
        ctypes.CDLL(name)
    except OSError:
        missing(name, package)
    return name


def missing(what: str, package: str) -> None:
    """Skip, or fail, as above."""
    message = f"{what} is missing: install Debian's package {package}"
    if os.environ.get("CAPCODEC_REAL") == "1":
        pytest.fail(message)
    pytest.skip(message)
