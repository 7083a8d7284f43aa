"""C source from layouts, and what the compiler makes of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from capcodec.schema import Mark, Schema

C_TYPES = {"char": "char", "f32": "float", "f64": "double"}
# The wire is little-endian. Where the machine is not, gcc lays a struct out as if it were, bitfields included.
ORDER = ' __attribute__((scalar_storage_order("little-endian")))' if sys.byteorder == "big" else ""
PRELUDE = """
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
static void put(const char *name, const void *bytes, size_t size)
{
    printf("%s ", name);
    for (size_t i = 0; i < size; i++)
        printf("%02x", ((const unsigned char *)bytes)[i]);
    printf("\\n");
}
"""


def keyword(schema: Schema) -> str:
    return "union" if schema.union else "struct"


class Program:
    """A C program in the making: structs that it declares, statements of its main."""

    def __init__(self) -> None:
        self.tags: dict[Schema, str] = {}
        self.declarations: list[str] = []
        self.statements: list[str] = []

    def tag(self, schema: Schema) -> str:
        """The C tag of a schema; declares the struct, and those nested in it, when first asked."""
        if schema not in self.tags:
            lines = [self.member(member) for member in schema.members if not isinstance(member, Mark)]
            self.tags[schema] = f"{schema.name}_{len(self.tags)}"
            self.declarations.append(f"{keyword(schema)} {self.tags[schema]} {{\n" + "\n".join(lines) + f"\n}}{ORDER};")
        return self.tags[schema]

    def member(self, member) -> str:
        if isinstance(member.type, Schema):
            type_ = f"{keyword(member.type)} {self.tag(member.type)}"
        else:
            name = member.type.name
            type_ = C_TYPES.get(name, f"{'uint' if name[0] == 'u' else 'int'}{name[1:]}_t")
        dims = "".join(f"[{count}]" for count in member.dims)
        bits = f" : {member.bits}" if member.bits is not None else ""
        return f"    {type_} {member.name}{dims}{bits};"

    def source(self) -> str:
        main = "int main(void)\n{\n" + "\n".join(f"    {line}" for line in self.statements) + "\n    return 0;\n}\n"
        return PRELUDE + "\n".join(self.declarations) + "\n" + main

    def run(self, directory: Path) -> list[list[str]]:
        """Compile and run; the words of each line printed."""
        source, binary = directory / "program.c", directory / "program"
        source.write_text(self.source())
        compiler = os.environ.get("CC", "cc")
        subprocess.run([compiler, "-std=gnu11", "-O0", "-w", "-o", binary, source], check=True)
        output = subprocess.run([binary], check=True, capture_output=True, text=True).stdout
        return [line.split() for line in output.splitlines()]
