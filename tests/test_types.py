"""What type checkers know of the package."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import checkers
import real

CODE = Path(__file__).parent / "data" / "typed_code.py"
SETTINGS = Path(__file__).parent.parent / "pyproject.toml"  # which libraries have no types


@pytest.mark.parametrize("checker", checkers.CHECKERS)
def test_the_code_of_a_user(checker, tmp_path):
    """30 right lines are accepted, 30 wrong ones refused: fields, values, keywords, subclasses."""
    lines = CODE.read_text().splitlines()
    assert len(checkers.marked(CODE)) >= 30
    assert sum("assert_type(" in line or re.match(r"    caps\.", line) is not None for line in lines) >= 30
    found = checkers.refused(checker, CODE, tmp_path)
    assert set(found) == checkers.marked(CODE), found


def test_stubs_agree_with_what_is_there(tmp_path):
    """mypy imports every module, and compares it with its stub or its source."""
    real.need_checker("stubtest")
    command = [sys.executable, "-m", "mypy.stubtest", "capcodec", "--mypy-config-file", str(SETTINGS)]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_how_complete_the_types_are(tmp_path):
    said = checkers.run("pyright", "--verifytypes", "capcodec", "--ignoreexternal", cwd=tmp_path)
    (score,) = re.findall(r"Type completeness score: ([\d.]+)%", said)
    assert float(score) >= 99, said
