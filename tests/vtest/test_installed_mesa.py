"""The installed Mesa, asked again and again."""

from __future__ import annotations

import os
import sys

import pytest

from capcodec import ArgumentError, SourceError, captures
from capcodec.vtest.installed_mesa import InstalledMesa
from peers import V2


def test_one_program_asks_all(mesa, default_socket):
    with InstalledMesa(default_socket) as installed:
        first = installed.ask({2: V2})
        program = installed._program
        for name in captures.names(2)[:3]:
            assert not installed.ask({2: captures.load(name)}).error
        assert installed.ask({2: V2}) == first
        assert installed._program is program
        assert installed.release == mesa
        assert [session.error for session in installed.sessions] == [None]
    assert program.returncode is not None
    assert first.of("core") == first.core >= (4, 3)
    assert not os.path.exists(default_socket)


def test_extensions(mesa, default_socket):
    with InstalledMesa(default_socket, extensions=True) as installed:
        strings = installed.ask({2: V2}).strings
    assert {"GL_ARB_copy_image", "GL_ARB_compute_shader"} <= set(strings["core"]["extensions"])
    assert "GL_OES_texture_view" in strings["es"]["extensions"]


@pytest.mark.parametrize(
    "python", [("false",), ("sh", "-c", "read line; echo nonsense"), ("sh", "-c", "read line; echo '[]'")]
)
def test_a_program_that_does_not_ask(path, python):
    with InstalledMesa(path, python=python) as installed, pytest.raises(SourceError, match="Mesa cannot be asked"):
        installed.ask({2: V2})


def test_no_such_program(path):
    with InstalledMesa(path, python=("/nowhere/python",)) as installed, pytest.raises(SourceError, match="Mesa cannot"):
        installed.ask({2: V2})


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), 1 << 20])
def test_timeouts_that_are_none(path, timeout):
    with pytest.raises(ArgumentError, match="expected a timeout of 1 second or more"):
        InstalledMesa(path, timeout=timeout)


def test_a_mesa_whose_rules_are_not_known(path):
    program = """import json, sys; sys.stdin.readline(); print(json.dumps({"core": {"version": "4.6 Mesa 99.1.2"}}))"""
    with InstalledMesa(path, python=(sys.executable, "-c", program)) as installed:
        assert installed.ask({2: V2}).core == (4, 6)
        assert installed.release == "99.1.2"
        with pytest.raises(ArgumentError, match="the rules of Mesa '99.1.2' are not known"):
            assert installed.version
