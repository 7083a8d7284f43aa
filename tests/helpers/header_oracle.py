"""What the compiler says of a header that was read: a program that checks every figure, and one bit after the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from capcodec.upstream.model import Header, Struct, flat

START = """#include <stddef.h>
#include <string.h>
#include <stdio.h>
#define CHECK(what) _Static_assert(what, #what)
"""


def fields_of(struct: Struct, path: str = "", base: int = 0):
    """Path, field and first bit of every field that C has a name for, those of types without a name too."""
    for field in flat(struct):
        yield path + field.name, field, base + field.bit
        if isinstance(field.type, Struct) and not field.type.name and not field.dims:
            yield from fields_of(field.type, f"{path}{field.name}.", base + field.bit)


def checked(header: Header, path: str, tmp_path: Path, options: tuple[str, ...] = ()) -> int:
    """Compile and run the program; how many figures it checked. An AssertionError names those that are wrong."""
    lines, statements = [f'#include "{path}"', START], []
    for struct in header.structs.values():
        lines.append(f"CHECK(sizeof({struct.title}) == {struct.size});")
        for name, field, bit in fields_of(struct):
            if field.bits is None:
                lines.append(f"CHECK(offsetof({struct.title}, {name}) == {bit // 8});")
                if 0 not in field.dims:
                    lines.append(f"CHECK(sizeof((({struct.title} *)0)->{name}) == {field.size});")
            else:
                statements.append(_bits(struct, name, bit, field.bits))
    lines += [
        f"CHECK(({member.name}) == {_literal(member.value)});"
        for enum in header.enums
        for member in enum.members
        if member.name not in header.constants  # which the name then stands for
    ]
    lines += [
        f"CHECK(({constant.name}) == {_literal(constant.value)});"
        for constant in header.constants.values()
        if isinstance(constant.value, int)
    ]
    source, binary = tmp_path / "oracle.c", tmp_path / "oracle"
    main = ["int main(void)", "{", "unsigned bad = 0;", *statements, "return bad != 0;", "}"]
    source.write_text("\n".join(lines + main))
    command = [os.environ.get("CC", "cc"), "-w", "-std=gnu11", "-O0", *options, str(source), "-o", str(binary)]
    built = subprocess.run(command, capture_output=True, text=True)
    wrong = [line for line in built.stderr.splitlines() if "error" in line]
    assert not built.returncode, "\n".join(wrong)[:2000] or built.stderr[-2000:]
    if statements:
        ran = subprocess.run([str(binary)], capture_output=True, text=True)
        assert not ran.returncode, ran.stdout[:2000]
    return len(lines) - 2 + len(statements)


def _literal(value: int) -> str:
    return f"{value}ULL" if value > 2**63 - 1 else "(-9223372036854775807LL - 1)" if value == -(2**63) else f"{value}LL"


def _bits(struct: Struct, name: str, bit: int, width: int) -> str:
    """The first and the last bit of a field, each alone in a struct of zeros.

    A big-endian compiler counts bits, of bytes and of fields, from the most significant one.
    """
    checks = []
    big = sys.byteorder == "big"
    for number in {0, width - 1}:
        at = bit + (width - 1 - number if big else number)
        shift = 7 - at % 8 if big else at % 8
        checks.append(
            f"{{ static {struct.title} it; unsigned char *p = (void *)&it; unsigned n = 0; "
            f"memset(&it, 0, sizeof it); it.{name} = (1ULL << {number}); "
            f"for (unsigned i = 0; i < 8 * sizeof it; i++) n += p[i / 8] >> i % 8 & 1; "
            f'if (n != 1 || !(p[{at // 8}] >> {shift} & 1)) {{ bad++; puts("{struct.title} {name} {number}"); }} }}'
        )
    return "\n".join(checks)
