"""Upstream's own headers, and what the C compiler makes of them.

They stand in the directory that the environment variable CAPCODEC_HEADERS names; ``fetch_headers`` beside this file
fills it. ``python real_headers.py DIR`` prints tests/data/virgl_formats_by_release.json, from a DIR with a clone's
headers.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from c_program import Program

ROOT = os.environ.get("CAPCODEC_HEADERS", "")
# What headers expect to be included before them, and a switch that some structs stood behind
BEFORE = """#define VIRGL_RENDERER_UNSTABLE_APIS
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
"""
# As c_program.ORDER, for all structs of a header
ORDER, DEFAULT_ORDER = (
    f"\n#pragma scalar_storage_order {order}\n" * (sys.byteorder == "big") for order in ("little-endian", "default")
)


def headers(pattern: str) -> list:
    """Parameters for the fixture ``header``: each file that matches, or None, for which the fixture skips or fails."""
    found = sorted(Path(ROOT).glob(pattern)) if ROOT else []
    return [pytest.param(path, id="/".join(path.parts[-3:-1])) for path in found] or [pytest.param(None, id="none")]


def releases_of(header: Path, releases) -> list[str]:
    """Names of the releases that a header can be of: the one of its directory, or any, as for Mesa's copy of it."""
    names = [release.name for release in releases]
    return [header.parent.name] if header.parent.name in names else names


def preprocessed(header: Path, *options: str) -> str:
    """What the C preprocessor makes of a header, without comments."""
    command = [os.environ.get("CC", "cc"), "-E", *options, "-"]
    source = f'{BEFORE}#include "{header}"\n'
    return subprocess.run(command, input=source, check=True, capture_output=True, text=True).stdout


def macros(header: Path, prefix: str) -> dict[str, int]:
    """The macros of a header that start with a prefix and are numbers, by name."""
    names = re.findall(rf"^#define ({prefix}\w*) .", preprocessed(header, "-dM"), re.MULTILINE)
    return values(header, names)


def members(header: Path, enum: str) -> dict[str, int]:
    """The members of an enum, by name."""
    body = re.search(rf"enum {enum}\s*{{(.*?)}}", preprocessed(header, "-P"), re.DOTALL)
    assert body, f"{header} has no enum {enum}"
    return values(header, re.findall(r"(\w+)\s*(?:=[^,]*)?(?:,|$)", body[1].strip()))


def values(header: Path, expressions: list[str]) -> dict[str, int]:
    """What each expression is in C, after the header was included."""
    rows = run(header, [f'printf("%lld\\n", (long long)({text}));' for text in expressions])
    return {text: int(value) for text, (value,) in zip(expressions, rows, strict=True)}


def run(header: Path, statements: list[str], declarations: tuple[str, ...] = ()) -> list[list[str]]:
    """The words of each line that statements print, after the header was included."""
    program = Program()
    program.declarations += [BEFORE, f'{ORDER}#include "{header}"{DEFAULT_ORDER}', *declarations]
    program.statements += statements
    with tempfile.TemporaryDirectory() as directory:
        return program.run(Path(directory))


def touched(header: Path, struct: str, paths: list[str]) -> dict[str, bytes]:
    """The struct as bytes, all zero but for the bits of one field, for each field of these paths."""
    rows = run(
        header,
        [f'{{ static {struct} it; {_fill(path)} put("{path}", &it, sizeof it); }}' for path in paths],
    )
    return {path: bytes.fromhex(data) for path, data in rows}


def _fill(path: str) -> str:
    """A bitfield has no offset, and of nothing else all bits can be assigned."""
    name, _, bits = path.partition(":")
    where = f"(char *)&it + offsetof(__typeof__(it), {name})"  # what is in another byte order has no address
    return f"it.{name} = -1;" if bits else f"memset({where}, 255, sizeof it.{name});"


def digest(pairs) -> str:
    """Of the numbers and names of an enum, in whatever order."""
    return hashlib.sha256("".join(f"{number} {name}\n" for number, name in sorted(pairs)).encode()).hexdigest()


def formats(header: Path) -> set[tuple[int, str]]:
    """Numbers and names of the formats in a virgl_hw.h, without VIRGL_FORMAT_."""
    found = members(header, "virgl_formats").items()
    return {(number, name.removeprefix("VIRGL_FORMAT_")) for name, number in found if "FORMAT_MAX" not in name}


if __name__ == "__main__":
    tags = sorted(Path(sys.argv[1]).glob("[0-9]*/virgl_hw.h"))
    print(json.dumps({path.parent.name: digest(formats(path)) for path in tags}, indent=1))
