"""One process that runs one Python target: it fuzzes, or replays inputs, and may say which lines they reached.

worker.py fuzz TARGET SEEDS MODULES [arguments of libFuzzer]
worker.py replay TARGET DIRECTORY...
worker.py lines TARGET REPORT.json DIRECTORY...
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import sys
from pathlib import Path


def load_package() -> None:
    """Import all of the package but its commands, so that nothing is imported while a target runs."""
    import capcodec

    for module in pkgutil.walk_packages(capcodec.__path__, "capcodec."):
        if not module.name.startswith(("capcodec.cli", "capcodec.__main__")) and "._fill" not in module.name:
            importlib.import_module(module.name)


def modules_of_package() -> set[str]:
    """Names of all of its Python modules, without an import of any."""
    package = Path(importlib.util.find_spec("capcodec").origin).parent
    files = [path.relative_to(package.parent).with_suffix("") for path in package.rglob("*.py")]
    return {".".join(path.parts).removesuffix(".__init__") for path in files}


def fuzz(name: str, seeds: str, modules: str, arguments: list[str]) -> None:
    """``seeds`` is a directory that is there: the target's seeds are put there, and are what it starts from.

    Only ``modules`` tell the fuzzer their branches, beside the extension: telling takes as long as the work itself.
    """
    import atheris

    os.environ.pop("LD_PRELOAD", None)  # compilers are not to be sanitized

    with atheris.instrument_imports(include=["capcodec"], exclude=modules_of_package() - set(modules.split(","))):
        load_package()
    from targets import load_all

    target = load_all()[name]
    gc.freeze()  # what is there now stays
    for number, seed in enumerate(target.seeds()):
        Path(seeds, f"{number:03}").write_bytes(seed)
    if target.words:
        words = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in target.words)
        Path(f"{seeds}.dict").write_text("".join(f'"{word}"\n' for word in words))
        arguments.append(f"-dict={seeds}.dict")
    atheris.Setup([name, f"-max_len={target.longest}", *arguments, seeds], target.run)
    atheris.Fuzz()


def replay(name: str, directories: list[str]) -> None:
    load_package()
    from targets import load_all

    target = load_all()[name]
    for directory in directories:
        for path in sorted(Path(directory).iterdir()):
            target.run(path.read_bytes())


def lines(name: str, report: str, directories: list[str]) -> None:
    import coverage

    measured = coverage.Coverage(data_file=None, source_pkgs=["capcodec"], messages=False)
    measured.start()
    replay(name, directories)
    measured.stop()
    from targets import TARGETS

    found = {}
    for file in TARGETS[name].covers:
        if file.endswith(".py"):
            _, all_lines, _, missing, _ = measured.analysis2(sys.modules[file[:-3].replace("/", ".")])
            found[file] = {"lines": all_lines, "missing": missing}
    Path(report).write_text(json.dumps(found))


if __name__ == "__main__":
    command, target_name, *rest = sys.argv[1:]
    if command == "fuzz":
        fuzz(target_name, rest[0], rest[1], rest[2:])
    elif command == "lines":
        lines(target_name, rest[0], rest[1:])
    else:
        replay(target_name, rest)
