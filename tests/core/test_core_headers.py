"""The C headers alone, without Python: on this machine, under sanitizers, and on a big-endian one.

Expected values come from Python's own int.from_bytes, struct and json.
"""

from __future__ import annotations

import json
import platform
import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest

import json_cases
from real import need

SOURCES = Path(__file__).parents[2] / "src"
INTEGERS = {"U8": 8, "U16": 16, "U32": 32, "U64": 64, "S8": 8, "S16": 16, "S32": 32, "S64": 64}


def cases():
    """Calls of the program, and the line that each must print."""
    rng = random.Random(5)
    calls, expected = [], []
    for name, width in INTEGERS.items():
        for _ in range(20):
            data = rng.randbytes(width // 8)
            value = int.from_bytes(data, "little", signed=name[0] == "S") & (1 << 64) - 1
            calls.append(
                f'field((cc_row){{.op = CC_{name}, .size = {width // 8}}}, "{data.hex()}", {int(name[0] == "S")});'
            )
            expected.append(f"{value:x} {data.hex()}")
    for _ in range(600):
        width, shift, signed = rng.randint(1, 64), rng.randint(0, 7), rng.random() < 0.4
        size = -(-(shift + width) // 8)
        if size > 8:
            continue
        data = rng.randbytes(size)
        mask = (1 << width) - 1
        value = int.from_bytes(data, "little") >> shift & mask
        stored = bytes(byte ^ 255 for byte in data)
        stored = int.from_bytes(stored, "little") & ~(mask << shift) | value << shift
        if signed and value >> width - 1:
            value |= (1 << 64) - 1 & ~mask
        op = "SBITS" if signed else "BIT" if size == 1 else "UBITS"
        row = f"{{.op = CC_{op}, .size = {size}, .shift = {shift}, .width = {width}, .max = UINT64_C({mask})}}"
        calls.append(f'field((cc_row){row}, "{data.hex()}", {int(signed)});')
        expected.append(f"{value:x} {stored.to_bytes(size, 'little').hex()}")
    for bits in (
        0,
        1 << 31,
        1,
        0x7F7FFFFF,
        0x7F800000,
        0x7F800001,
        0xFFC12345,
        *(rng.getrandbits(32) for _ in range(99)),
    ):
        data = bits.to_bytes(4, "little")
        wide = int.from_bytes(struct.pack("<d", struct.unpack("<f", data)[0]), "little")
        if bits & 0x7FFFFFFF > 0x7F800000:  # a conversion might quiet it; what must come out is plain arithmetic
            wide = bits >> 31 << 63 | 0x7FF << 52 | (bits & 0x7FFFFF) << 29
        calls.append(f'single("{data.hex()}");')
        expected.append(f"{wide:x} 0 {data.hex()}")
    for _ in range(50):
        data = rng.randbytes(8)
        calls.append(f'twice("{data.hex()}");')
        expected.append(f"{int.from_bytes(data, 'little'):x} {data.hex()}")
    return calls, expected


# The last one that includes a header is to reach all of it
PROGRAMS = {
    "arrow_in_headers.c": lambda: ([], []),
    "arrow_headers.c": lambda: ([], []),
    "core_headers.c": cases,
    "json_headers.c": json_cases.cases,
}
each_program = pytest.mark.parametrize("program", PROGRAMS)


def build(tmp_path, program: str, compiler: str, *flags: str) -> Path:
    calls, _ = PROGRAMS[program]()
    directory = tmp_path / Path(program).stem
    directory.mkdir()
    (directory / "calls.h").write_text("\n".join(calls))
    strict = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", *flags]
    source = Path(__file__).with_name(program)
    command = [compiler, *strict, f"-I{SOURCES}", f"-I{directory}", "-o", directory / "core", source, "-lm"]
    subprocess.run(command, check=True, cwd=directory)
    return directory / "core"


def check(program: str, command: list, order: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    first, *lines = result.stdout.splitlines()
    assert first == order
    assert lines == PROGRAMS[program]()[1]


@each_program
def test_natively(program, tmp_path):
    check(program, [build(tmp_path, program, "cc")], sys.byteorder)


@each_program
def test_under_sanitizers(program, tmp_path):
    flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g"]
    check(program, [build(tmp_path, program, "cc", *flags)], sys.byteorder)


@each_program
def test_on_a_big_endian_machine(program, tmp_path):
    compiler = need("s390x-linux-gnu-gcc", "gcc-s390x-linux-gnu")
    emulator = [] if sys.byteorder == "big" else [need("qemu-s390x", "qemu-user")]
    check(program, [*emulator, build(tmp_path, program, compiler, "-static")], "big")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="stores past the caches are compiled for x86-64 only")
def test_every_line_and_branch_runs(tmp_path):
    gcov = need("gcov", "gcc")
    headers = {}
    for program in PROGRAMS:
        binary = build(tmp_path, program, need("gcc", "gcc"), "-O0", "--coverage")
        check(program, [binary], sys.byteorder)
        command = [gcov, "--branch-probabilities", "--json-format", "--stdout", *binary.parent.glob("*.gcda")]
        counted = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=binary.parent).stdout)
        headers |= {Path(file["file"]).name: file["lines"] for file in counted["files"] if "cc_" in file["file"]}
    assert set(headers) == {path.name for path in SOURCES.glob("cc_*.h")}
    for name, lines in headers.items():
        assert lines
        assert [line["line_number"] for line in lines if not line["count"]] == [], name
        branches = [(line["line_number"], at) for line in lines for at in enumerate(line["branches"])]
        assert [(line, at) for line, (at, branch) in branches if not branch["count"]] == [], name


@pytest.mark.parametrize("header", sorted(SOURCES.glob("cc_*.h")), ids=lambda path: path.name)
def test_headers_stand_alone_and_know_no_python(header, tmp_path):
    source = tmp_path / "alone.c"
    source.write_text(f'#include "{header.name}"\nint main(void) {{ return 0; }}\n')
    subprocess.run(
        ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{SOURCES}", "-fsyntax-only", source], check=True
    )
    assert "Python.h" not in header.read_text()
    assert "Py_" not in header.read_text()
