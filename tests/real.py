"""Real programs that tests need: skipped where they are missing, unless the run promised to have them all."""

from __future__ import annotations

import os
import shutil

import pytest


def need(program: str, package: str) -> str:
    """Path of a program. Without it the test is skipped, or fails if CAPCODEC_REAL=1: then all must be there."""
    path = shutil.which(program)
    if path is None:
        message = f"{program} is missing: install Debian's package {package}"
        if os.environ.get("CAPCODEC_REAL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return path
