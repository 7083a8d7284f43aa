"""What importing the package costs, and what it offers."""

from __future__ import annotations

import doctest
import importlib
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import capcodec

PACKAGE = Path(capcodec.__file__).parent
SITE = str(PACKAGE.parent)
UNWANTED = ["socket", "ctypes", "argparse", "json", "dataclasses", "inspect", "numpy", "typing", "enum", "re", "rich"]


def python(code: str) -> str:
    """Run in a fresh interpreter that has only the package's own site, and no start-up files."""
    code = f"import sys; sys.path.insert(0, {SITE!r}); {code}"
    return subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True, capture_output=True, text=True).stdout


def test_what_stays_unimported():
    found = python(f"import capcodec; print([name for name in {UNWANTED} if name in sys.modules])")
    assert found.strip() == "[]"


def test_import_opens_no_files_but_its_own():
    opened = python(
        "opened = []; sys.addaudithook(lambda event, args: event == 'open' and opened.append(str(args[0]))); "
        "import capcodec; print(*opened, sep='\\n')"
    ).split()
    assert opened
    assert [name for name in opened if not name.endswith((".py", ".pyc", ".so"))] == []


def test_missing_extension_says_how_to_build_it(tmp_path):
    """A source tree without the compiled module must not import, and not pretend."""
    tree = tmp_path / "capcodec"
    shutil.copytree(PACKAGE, tree, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import capcodec"],
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert "ImportError: capcodec's extension module is not built here" in result.stderr
    assert "Run 'pip install .' and start Python in another directory, or 'pip install -e .'" in result.stderr


def test_what_is_public_is_there():
    assert sorted(capcodec.__all__) == capcodec.__all__
    for name in dir(capcodec):
        assert getattr(capcodec, name).__doc__


@pytest.mark.parametrize("name", ["capcodec", "capcodec.structs", "capcodec.vhost", "capcodec.vtest"])
@pytest.mark.parametrize("lacking", ["nothing", "__wrapped__"])
def test_what_is_not_there(name, lacking):
    with pytest.raises(AttributeError, match=f"module '{name}' has no attribute '{lacking}'"):
        getattr(importlib.import_module(name), lacking)


def test_dir_shows_the_public_api_and_nothing_else():
    found = python("import capcodec; print(*dir(capcodec))").split()
    assert set(capcodec.__all__) < set(found)
    rest = set(found) - set(capcodec.__all__) - {"__version__"}
    assert rest >= {
        "captures",
        "files",
        "flow",
        "meaning",
        "measure",
        "messages",
        "schema",
        "sources",
        "vhost",
        "vtest",
    }
    assert all(isinstance(getattr(capcodec, name), ModuleType) for name in rest)
    assert found == sorted(found)
    assert dir(capcodec) == found, "what has been imported since is shown too, or no more"


def test_headers_for_code_that_cimports():
    headers = {path.name for path in Path(capcodec.get_include()).glob("*.h")}
    assert headers >= {"cc_copy.h", "cc_field.h", "cc_row.h"}


def test_typed():
    assert (PACKAGE / "py.typed").is_file()
    for extension in (PACKAGE / "structs").glob("_*.so"):
        stub = extension.with_name(extension.name.partition(".")[0] + ".pyi")
        assert stub.is_file() or stub.stem in ("_core", "_dicts", "_values"), "what Python code imports has a stub"


@pytest.mark.parametrize("module", [capcodec, capcodec.schema])
def test_examples_in_docstrings(module):
    if module is capcodec:
        assert doctest.testmod(module).attempted
    assert doctest.testmod(module).failed == 0
