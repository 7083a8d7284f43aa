"""What the room shows to those who import it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from capcodec import vtest
from command import BIN


def test_public_names():
    assert vtest.__all__ == sorted(vtest.__all__)
    assert {*vtest.__all__} <= {*dir(vtest)}
    assert all(getattr(vtest, name).__name__ == name for name in vtest.__all__)
    with pytest.raises(AttributeError, match="module 'capcodec.vtest' has no attribute 'Nothing'"):
        vtest.Nothing  # noqa: B018


def test_the_messages_need_no_sockets():
    code = "import sys, capcodec.vtest.protocol; assert not {'socket', 'threading', 'logging'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-I", "-c", code], check=True, cwd=BIN)
