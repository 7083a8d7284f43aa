"""``capcodec stubs``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ArgumentError
from .commands import add, add_json
from .output import print_json, print_text

if TYPE_CHECKING:
    import argparse
    from types import ModuleType

    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "stubs",
        "Write a stub, MODULE.pyi, beside each module: its classes of structs with all their fields as type checkers "
        "shall see them, and all else as in the source. Run it again when a struct has changed.",
        """
        capcodec stubs my_structs             # writes my_structs.pyi
        capcodec stubs --check my_structs     # in CI
        """,
        epilog="With --check the exit status is 1 if a stub is missing or not up to date.",
    )
    parser.add_argument("modules", nargs="+", metavar="MODULE", help="as in an import: my_package.my_structs")
    parser.add_argument("--into", type=Path, metavar="DIR", help="write DIR/my_package/my_structs.pyi instead")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a stub is not what it would be")
    add_json(parser, "each stub that is written, or with --check should be")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    sys.path.insert(0, "")  # as python -m has it: modules of the directory at hand
    changed: list[dict[str, str]] = []
    for name in arguments.modules:
        path, text = _stub(name, arguments.into)
        if arguments.into is None and not (arguments.check or path.resolve().is_relative_to(Path.cwd())):
            raise ArgumentError(f"{path} lies outside the current directory: say --into where the stub shall stand")
        known = path.read_text(encoding="utf-8") if path.exists() else None
        if known == text:
            continue
        state = "written"
        if arguments.check:
            state = "is missing" if known is None else "is not up to date"
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        changed.append({"path": str(path), "state": state})
        if not arguments.json:
            print_text(f"{path}: {state}")
    if arguments.json:
        print_json(changed)
    return int(bool(arguments.check and changed))


def _stub(name: str, into: Path | None) -> tuple[Path, str]:
    """Where the stub of a module belongs, and its text.

    Raises:
        ArgumentError: the module cannot be imported, or has no source.
    """
    from ..structs.stubs import module_stub

    module = _imported(name)
    source = Path(getattr(module, "__file__", None) or "")
    if source.suffix != ".py":
        raise ArgumentError(f"{name} has no source that a stub could stand beside")
    path = source.with_suffix(".pyi")
    if into is not None:
        parts = name.split(".")
        path = into.joinpath(*parts[: len(parts) - (source.stem != "__init__")], path.name)
    try:
        return path, module_stub(module, source.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeError) as error:
        raise ArgumentError(f"{source}: {error}") from error


def _imported(name: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(name)
    except Exception as error:  # whatever the module does when it is imported
        raise ArgumentError(f"cannot import {name}: {type(error).__name__}: {error}") from error
