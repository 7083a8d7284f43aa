"""What the fuzzers run: the package and small C programs, built under sanitizers, or so that gcov counts lines.

Builds stand in a work directory outside the tree, by a digest of the sources that they were made of.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

TREE = Path(__file__).parents[2]
C_TARGETS = {path.stem: path for path in sorted((TREE / "tests/fuzz/c").glob("fuzz_*.c"))}
SOURCES = ("capcodec", "pytest_capcodec.py", "src", "setup.py", "pyproject.toml", "README.md", "LICENSE")

SANITIZE = "-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g"
# Cython's own code adds 0 to null pointers where a call has no arguments
EXTENSION = f"-fsanitize=fuzzer-no-link {SANITIZE} -fno-sanitize=pointer-overflow"
BUILDS = {
    "sanitized": {"CC": "clang", "LDSHARED": "clang -shared", "CFLAGS": EXTENSION, "CAPCODEC_LINES": "1"},
    "counted": {"CC": "gcc", "LDSHARED": "gcc -shared", "CFLAGS": "--coverage", "CAPCODEC_LINES": "1"},
}


class Plant(NamedTuple):
    """A fault to put into a file: its text ``old`` becomes ``new``."""

    file: str
    old: str
    new: str


class BuildError(Exception):
    """A compiler is missing, or says no."""


def _run(command: list[str], **options: object) -> str:
    try:
        done = subprocess.run(command, text=True, capture_output=True, **options)
    except FileNotFoundError:
        raise BuildError(f"{command[0]} is missing; Debian: apt-get install clang libclang-rt-dev gcc") from None
    if done.returncode:
        raise BuildError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"[-3000:])
    return done.stdout


def _digest(*extra: str) -> str:
    found = hashlib.sha256("\n".join(extra).encode())
    for name in (*SOURCES, "tests/fuzz/c"):
        for path in sorted([TREE / name] if (TREE / name).is_file() else (TREE / name).rglob("*.*")):
            if path.is_file() and path.suffix not in {".pyc", ".so"}:
                found.update(path.relative_to(TREE).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


def put(plant: Plant, into: Path) -> None:
    """Plant a fault in a copy of the tree, or of the package in it."""
    file = into / plant.file
    text = file.read_text()
    if text.count(plant.old) != 1:
        raise BuildError(f"{plant.file} has not {plant.old!r} once: plant another fault")
    file.write_text(text.replace(plant.old, plant.new))


def copy_of_tree(to: Path, plant: Plant | None) -> None:
    """The sources, with a fault planted in them if one is given."""
    for name in SOURCES:
        if (TREE / name).is_dir():
            shutil.copytree(TREE / name, to / name, ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.pyc"))
        else:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy(TREE / name, to)
    if plant is not None:
        put(plant, to)


def package(work: Path, kind: str, plant: Plant | None = None) -> Path:
    """The directory of the built package, of one of the kinds of build. The copy of its sources is beside it."""
    settings = BUILDS[kind]
    made = work / f"{kind}-{_digest(kind, str(settings), str(plant))}"
    site = made / "site"
    if not (made / "done").exists():
        shutil.rmtree(made, ignore_errors=True)
        if plant is not None and plant.file.startswith("capcodec/"):  # nothing needs to be compiled again
            shutil.copytree(package(work, kind), site)
            put(plant, site)
        else:
            if plant is not None:  # only what depends on its file is compiled again
                for part in ("tree", "temp", "site"):
                    shutil.copytree(package(work, kind).with_name(part), made / part)
                put(plant, made / "tree")
            else:
                copy_of_tree(made / "tree", None)
            build = [sys.executable, "setup.py", "-q", "build", "--build-lib", str(site)]
            _run([*build, "--build-temp", str(made / "temp")], cwd=made / "tree", env={**os.environ, **settings})
        (made / "done").touch()
    return site


def program(work: Path, name: str, counted: bool, plant: Plant | None = None) -> Path:
    """A C target: a fuzzer, or a program that runs the files that it is given."""
    made = work / f"c-{_digest(name, str(counted), str(plant), SANITIZE)}"
    binary = made / name
    if not binary.exists():
        shutil.rmtree(made, ignore_errors=True)
        copy_of_tree(made / "tree", plant)
        here = C_TARGETS[name].parent
        flags = [
            "-std=c11",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-Wno-unused-function",
            f"-I{made}/tree/src",
            "-o",
            str(binary),
        ]
        if counted:
            command = ["gcc", "--coverage", "-O0", *flags, str(C_TARGETS[name]), str(here / "replay.c"), "-lm"]
        else:
            command = ["clang", "-O2", "-fsanitize=fuzzer", *SANITIZE.split(), *flags, str(C_TARGETS[name]), "-lm"]
        _run(command, cwd=made)
    return binary


def counted_lines(made: Path, files: list[str]) -> dict[str, tuple[set[int], set[int]]]:
    """Of each file: the lines that code was made of, and those of them that did not run, as gcov counted."""
    found: dict[str, tuple[set[int], set[int]]] = {file: (set(), set()) for file in files}
    for notes in made.rglob("*.gcno") if files else ():
        for text in _run(["gcov", "--json-format", "--stdout", str(notes)], cwd=notes.parent).splitlines():
            for source in json.loads(text)["files"]:
                origin = _origin(made / "tree" / source["file"]) if source["file"].endswith(".c") else {}
                for line in source["lines"]:
                    name, number = origin.get(line["line_number"], (source["file"], line["line_number"]))
                    file = next((file for file in files if name.endswith(file)), None)
                    if file:
                        found[file][line["count"] == 0].add(number)
    return {file: (ran | idle, _without_failures(file, idle - ran)) for file, (ran, idle) in found.items()}


def _without_failures(file: str, lines: set[int]) -> set[int]:
    """Without the lines that an allocation has to fail for: tests/core makes each fail once."""
    text = (TREE / file).read_text().splitlines()
    return {line for line in lines if text[line - 1].strip() != "raise MemoryError"}


def _origin(source: Path) -> dict[int, tuple[str, int]]:
    """Of each line of C that Cython made: the file and the line that it was made of, as a comment above it says."""
    found, current = {}, None
    for number, line in enumerate(source.read_text().splitlines() if source.exists() else (), 1):
        if match := re.match(r' *(?:/\*| \*) "(.*\.p(?:yx|xd))":(\d+)$', line):
            current = match[1], int(match[2])
        elif line.startswith("}"):
            current = None  # what Cython adds between functions is of no line
        if current is not None:
            found[number] = current
    return found
