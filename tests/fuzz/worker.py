"""One process that runs one Python target: it fuzzes, or replays inputs and says which lines they reached.

worker.py fuzz TARGET SEEDS [arguments of libFuzzer]
worker.py replay TARGET REPORT.json DIRECTORY...
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from pathlib import Path


def load_package() -> None:
    """Import all of the package but its commands, so that a fuzzer instruments what is otherwise imported late."""
    import capcodec

    for module in pkgutil.walk_packages(capcodec.__path__, "capcodec."):
        if not module.name.startswith(("capcodec.cli", "capcodec.__main__")) and "._fill" not in module.name:
            importlib.import_module(module.name)


def fuzz(name: str, seeds: str, arguments: list[str]) -> None:
    """``seeds`` is a directory that is there: the target's seeds are put there, and are what it starts from."""
    import atheris

    os.environ.pop("LD_PRELOAD", None)  # compilers are not to be sanitized

    with atheris.instrument_imports(include=["capcodec"]):
        load_package()
    from targets import load_all

    target = load_all()[name]
    for number, seed in enumerate(target.seeds()):
        Path(seeds, f"{number:03}").write_bytes(seed)
    if target.words:
        words = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in target.words)
        Path(f"{seeds}.dict").write_text("".join(f'"{word}"\n' for word in words))
        arguments.append(f"-dict={seeds}.dict")
    atheris.Setup([name, *arguments, seeds], target.run)
    atheris.Fuzz()


def replay(name: str, report: str, directories: list[str]) -> None:
    import coverage

    measured = coverage.Coverage(data_file=None, source_pkgs=["capcodec"], messages=False)
    measured.start()
    load_package()
    from targets import load_all

    target = load_all()[name]
    for directory in directories:
        for path in sorted(Path(directory).iterdir()):
            target.run(path.read_bytes())
    measured.stop()
    found = {}
    for file in target.covers:
        if file.endswith(".py"):
            _, lines, _, missing, _ = measured.analysis2(sys.modules[file[:-3].replace("/", ".")])
            found[file] = {"lines": lines, "missing": missing}
    Path(report).write_text(json.dumps(found))


if __name__ == "__main__":
    command, target_name, *rest = sys.argv[1:]
    (fuzz if command == "fuzz" else replay)(target_name, rest[0], rest[1:])
