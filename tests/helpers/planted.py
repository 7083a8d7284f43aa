"""A copy of the installed package with something changed in it, and child processes that import the copy."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import capcodec


class Copy:
    """A copy of the package, the compiled extension with it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.package = directory / "capcodec"
        shutil.copytree(
            Path(capcodec.__file__).parent, self.package, ignore=shutil.ignore_patterns("__pycache__", "*.pxd")
        )

    def plant(self, file: str, old: str, new: str) -> Copy:
        """Replace a text that stands once in a file of the package."""
        path = self.package / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} has {text.count(old)} times {old!r}"
        path.write_text(text.replace(old, new))
        return self

    def run(self, *arguments: str, stdin: bytes = b"", status: int = 0) -> str:
        """Run Python with arguments, and the copy first on its path; what it printed."""
        start = f"import sys; sys.path.insert(0, {str(self.directory)!r}); "
        head, *rest = arguments
        if head == "-m":
            head = f"import runpy; runpy.run_module({rest.pop(0)!r}, run_name='__main__', alter_sys=True)"
        code = start + head
        result = subprocess.run(
            [sys.executable, "-c", code, *rest], input=stdin, capture_output=True, cwd=self.directory
        )
        assert result.returncode == status, result.stderr.decode()
        return result.stdout.decode()
