"""Golden files: what an instance was when somebody last looked, as its JSON text beside the test."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ..errors import ArgumentError, CapcodecError, shown
from ..structs._classes import Struct
from ..structs.exact import text_of
from .compare import explain

MAX_CHANGES = 30  # that a failure lists
MAX_NAME = 120  # characters of a file's name that come from the test's


class GoldenMismatchError(AssertionError):
    """An instance is not what its golden file says, or there is no such file yet."""


class Golden:
    """Compares instances with golden files in one directory. The fixture ``capset_golden`` is one of these.

    Args:
        directory: for the files; made when the first one is written.
        stem: what the names of the files start with: the test's name.
        update: write the files in place of comparing with them.
    """

    def __init__(self, directory: Path, stem: str, update: bool) -> None:
        self.directory: Path = directory
        self.update: bool = update
        self._stem = _file_name(stem)
        self._used: set[str] = set()

    def __call__(self, caps: Struct, name: str = "") -> None:
        """Compare ``caps`` with the golden file of this test, byte for byte.

        Args:
            caps: an instance of any struct.
            name: which file, where a test has several.

        Raises:
            GoldenMismatchError: they differ, or there is no such file, or it is not the text of such a struct.
            ArgumentError: ``caps`` is no instance, or ``name`` no string, or the test has used that name before.
        """
        __tracebackhide__ = True
        if not isinstance(caps, Struct):
            raise ArgumentError(f"capset_golden: expected an instance of a struct, got {shown(caps)}")
        name = text_of("capset_golden: name", name)
        path = self.directory / (self._stem + (f".{_file_name(name)}" if name else "") + ".json")
        if path.name in self._used:
            raise ArgumentError(f"capset_golden: {path.name} stands for another instance; give each a name")
        self._used.add(path.name)
        if self.update:
            _write(path, caps.to_json())
            return
        if not path.exists():
            raise GoldenMismatchError(f"{path} is missing; 'pytest --update-capsets' writes it")
        try:
            golden = type(caps).from_json(path.read_bytes())
        except CapcodecError as error:
            raise GoldenMismatchError(f"{path}: {error}") from None
        if golden != caps:
            changes = explain(golden, caps)
            more = [f"... and {len(changes) - MAX_CHANGES} more"] if len(changes) > MAX_CHANGES else []
            lines = [f"{path} says otherwise; 'pytest --update-capsets' writes it anew", *changes[:MAX_CHANGES], *more]
            raise GoldenMismatchError("\n  ".join(lines))


def _file_name(text: str) -> str:
    """The name of a test, which may hold anything, as a part of a file's name that no other test of the module has."""
    name = re.sub(r"[^\w.\[\]-]", "_", text, flags=re.ASCII).replace("[", "-").replace("]", "")
    if name == text.replace("[", "-").replace("]", "") and len(name) <= MAX_NAME:
        return name
    from hashlib import sha256

    return f"{name[:MAX_NAME]}-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _write(path: Path, text: str) -> None:
    """All of it or none, whoever else writes or reads the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_text(text, encoding="ascii", newline="\n")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
