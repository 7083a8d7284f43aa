"""The program that asks EGL: a driver that crashes or hangs ends its child, and not the program."""

from __future__ import annotations

import os
import signal
import time

import pytest

from capcodec.vtest import egl_guest


@pytest.mark.parametrize(
    ("driver", "error"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "Mesa ends with signal 9"),
        (lambda: time.sleep(30), "Mesa hangs"),
        (lambda: os._exit(3), "Mesa does not answer"),
        (lambda: print("noise"), ""),
    ],
)
def test_drivers(monkeypatch, driver, error):
    monkeypatch.setattr(egl_guest, "ask", lambda egl, extensions: driver() or {"driver": []})
    found = egl_guest.ask_in_a_child(None, False, 1)
    assert found.get("error", "") == error
