"""``capcodec stubs``."""

from __future__ import annotations

import subprocess
import sys

import pytest

SOURCE = """
from capcodec import define
from capcodec.schema import struct, u32

Mine = define(struct("mine", u32("x")))
"""


def stubs(*arguments, cwd, status=0):
    """What the command prints, run in a directory that has the modules."""
    command = [sys.executable, "-m", "capcodec", "stubs", *arguments]
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert result.returncode == status, result.stderr
    return result.stderr if status == 2 else result.stdout


@pytest.fixture
def package(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").write_text("")
    (tmp_path / "mine" / "structs.py").write_text(SOURCE)
    return tmp_path


def test_a_stub_beside_its_module(package):
    stub = package / "mine" / "structs.pyi"
    assert stubs("--check", "mine.structs", cwd=package, status=1) == f"{stub}: is missing\n"
    assert not stub.exists()
    assert stubs("mine.structs", cwd=package) == f"{stub}: written\n"
    assert "class Mine(Struct):" in stub.read_text()
    assert stubs("mine.structs", cwd=package) == ""
    assert stubs("--check", "mine.structs", cwd=package) == ""
    (package / "mine" / "structs.py").write_text(SOURCE.replace('"x"', '"y"'))
    assert stubs("--check", "mine.structs", cwd=package, status=1) == f"{stub}: is not up to date\n"


def test_no_stub_beside_somebody_else_s_module(package):
    assert "lies outside the current directory: say --into" in stubs("json", cwd=package, status=2)
    assert stubs("--into", "out", "json", cwd=package).endswith("written\n")


def test_stubs_in_another_directory(package):
    stubs("--into", "out", "mine.structs", "mine", cwd=package)
    assert (package / "out" / "mine" / "structs.pyi").is_file()
    assert (package / "out" / "mine" / "__init__.pyi").is_file()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("nothing", None, "cannot import nothing: ModuleNotFoundError"),
        ("broken", "1 / 0", "cannot import broken: ZeroDivisionError: division by zero"),
        ("sys", None, "sys has no source that a stub could stand beside"),
        ("", None, "cannot import : ValueError"),
    ],
)
def test_what_has_no_stub(name, text, says, tmp_path):
    if text:
        (tmp_path / f"{name}.py").write_text(text)
    assert says in stubs(name, cwd=tmp_path, status=2)
