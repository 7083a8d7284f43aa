"""What a compiler left behind, and what maintainers wrote: object files, rules. No compiler runs here."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from capcodec.upstream import dwarf, numbers, rules
from capcodec.upstream.header import _macros
from capcodec.upstream.model import Header, flat
from choices import Choices

from . import refusing, target

SOURCE = """
typedef struct { unsigned x : 3, y; } point;
enum e { A, B = -4 };
struct s { point p[2][3]; union { int i; float f; }; enum e e; struct s *next; char text[]; };
static const double capcodec_0 __attribute__((used)) = 0.5;
static const char capcodec_1[] __attribute__((used)) = "text";
"""


@cache
def objects() -> list[bytes]:
    """An object file with debugging information, as a compiler makes it."""
    with tempfile.TemporaryDirectory() as directory:
        source, made = Path(directory, "a.c"), Path(directory, "a.o")
        source.write_text(SOURCE)
        command = [os.environ.get("CC", "cc"), "-g", "-gdwarf-5", "-fno-eliminate-unused-debug-types", "-c"]
        subprocess.run([*command, str(source), "-o", str(made)], check=True)
        return [made.read_bytes()]


@target(
    "capcodec/upstream/dwarf.py",
    plant=("capcodec/upstream/dwarf.py", "ConstructError, LookupError,", "ConstructError,"),
    seeds=lambda: [b"\0" * 8, *(bytes((at % 256, at // 256, 0x7F, 3, at % 7)) * 3 for at in range(0, 2000, 37))],
    words=("\x7fELF",),
)
def object_file(data: bytes) -> None:
    """Bytes of a real object file are changed: places and values by the fuzzer's choice."""
    choices = Choices(data)
    file = bytearray(objects()[0])
    for _ in range(choices.below(8)):
        file[choices.below(len(file))] = choices.below(256)
    with refusing():
        found = dwarf.read(io.BytesIO(file))
        for struct in found.structs:
            assert all(field.name for field in flat(struct))
            hash(struct)


@target(
    "capcodec/upstream/rules.py",
    plant=(
        "capcodec/upstream/rules.py",
        "if not isinstance(found, list) or not all(isinstance(item, str)",
        "if not all(isinstance(item, str)",
    ),
    seeds=lambda: [
        b"[compile]\ninclude = ['stdint.h']\n[struct.a]\nfrozen = true\nreason = 'r'\n",
        b"[severity]\nrename = 'broken'\n[[accept]]\nsubject = '*'\nkind = 'move'\nreason = 'r'\n",
        b"padding = '_*pad'\n",
    ],
    words=("[compile]", "include", "[[accept]]", "subject", "reason", "[severity]", "frozen = true", "padding = "),
)
def rules_file(data: bytes) -> None:
    """Rules are understood, or refused with the key that is wrong."""
    with refusing():
        found = rules.parse(data)
        found.is_padding("pad0")
        assert all(accepted.reason.strip() for accepted in found.accepted)


@target(
    "capcodec/upstream/numbers.py",
    plant=("capcodec/upstream/numbers.py", "if isinstance(value, int)]", "]"),
    seeds=lambda: [b'# 1 "it.h"\n#define A 1\n#define B_MAX (A)\n#undef A\n', b'# 3 "it.h"\n#define X "\\"" \n'],
    words=('# 1 "it.h"\n', "#define ", "#undef ", "_MAX", "FLAG_"),
)
def macros(data: bytes) -> None:
    """What the preprocessor prints; and families of any numbers."""
    from capcodec.upstream.model import Constant

    found = _macros(data.decode(errors="replace"), "it.h")
    choices = Choices(data)
    values = [1 << choices.below(70), choices.below(9), b"text", 0.5]
    constants = {
        name: Constant(name, values[choices.below(4)], "", line % (1 << 31)) for name, (_, line) in found.items()
    }
    header = Header("it.h", {}, (), constants, {})
    assert set(numbers.numbers(header)) == set(constants)
    assert not list(numbers.compare(header, header))
