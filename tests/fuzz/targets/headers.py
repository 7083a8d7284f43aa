"""What a compiler left behind, and what maintainers wrote: object files, rules. No compiler runs here."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from unittest import mock

from capcodec.upstream import dwarf, macros, numbers, verdict
from capcodec.upstream.model import Constant, Enum, Enumerator, Header, flat
from capcodec.upstream.rules_file import GROWING, parse
from choices import Choices

from . import refusing, target

SOURCE = """
typedef struct { unsigned x : 3, y; long z : 40; } point;
enum e { A, B = -4 };
enum wide { C = 0x80000000u, D = 1 };
struct s { point p[2][3]; union { int i; float f; }; enum e e; enum wide w; struct s *next; _Bool b; char text[]; };
static const double capcodec_0 __attribute__((used)) = 0.5;
static const char capcodec_1[] __attribute__((used)) = "text";
static const int capcodec_2 __attribute__((used));
static const char capcodec_3[2][2] __attribute__((used)) = {"a", "b"};
static const unsigned char capcodec_4 __attribute__((used)) = 7;
static struct s *const capcodec_5 __attribute__((used));
"""
COMPILERS = (("cc", "5"), ("cc", "2"), ("clang", "4"))
LIMITS = ((1 << 18, 100), (9, 100), (1 << 18, 3), (1 << 18, 0))  # MAX_ENTRIES, MAX_DEPTH


@cache
def objects() -> list[bytes]:
    """Object files with debugging information, as those compilers make them that are here."""
    found = []
    with tempfile.TemporaryDirectory() as directory:
        source, made = Path(directory, "a.c"), Path(directory, "a.o")
        source.write_text(SOURCE)
        for name, version in COMPILERS:
            compiler = os.environ.get("CC", name) if name == "cc" else name
            if shutil.which(compiler):
                command = [compiler, f"-gdwarf-{version}", "-gstrict-dwarf", "-fno-eliminate-unused-debug-types", "-c"]
                subprocess.run([*command, str(source), "-o", str(made)], check=True, stderr=subprocess.DEVNULL)
                found.append(made.read_bytes())
    return found


def changed_objects() -> list[bytes]:
    """Choices of the file and of limits; then places and values."""
    chosen = [bytes((file, limit)) for file in range(len(COMPILERS)) for limit in range(len(LIMITS))]
    places = [bytes((at % 256, at // 256, 0x7F, 3, at % 7)) * 3 for at in range(0, 2000, 37)]
    return [*(each + b"\0" for each in chosen), *(bytes((at % 3, 0, 3)) + place for at, place in enumerate(places))]


@target(
    "capcodec/upstream/dwarf.py",
    plant=("capcodec/upstream/dwarf.py", "ConstructError, LookupError,", "ConstructError,"),
    seeds=changed_objects,
    words=("\x7fELF",),
)
def object_file(data: bytes) -> None:
    """Bytes of a real object file are changed: places and values by the fuzzer's choice."""
    choices = Choices(data)
    file = bytearray(choices.pick(objects()))
    entries, depth = choices.pick(LIMITS)
    for _ in range(choices.below(8)):
        file[choices.below(len(file))] = choices.below(256)
    with (
        refusing(),
        mock.patch.object(dwarf, "MAX_ENTRIES", entries),
        mock.patch.object(dwarf, "MAX_DEPTH", depth),
    ):
        found = dwarf.read(io.BytesIO(file))
        for struct in found.structs:
            assert all(field.name for field in flat(struct))
            hash(struct)


CHANGES = [
    verdict.change(kind, subject, "was changed", file="it.h", line=1)
    for kind in ("append", "rename", "move")
    for subject in ("struct a.b", "struct a", "A")
]


def rules_files() -> list[bytes]:
    """Rules that say something, and some for each way to be wrong."""
    good = b"[compile]\ninclude = ['stdint.h']\n[struct.a]\nfrozen = true\nreason = 'r'\n"
    accepting = b"[severity]\nrename = 'broken'\n[[accept]]\nsubject = '*'\nkind = 'move'\ncommit = 'a'\nreason = 'r'\n"
    wrong = ["[", "frozen = 1", "[severity]\nrename = 'bad'", "[severity]\nrenam = 'fine'", "[compile]\ninclude = 1"]
    wrong += ["struct = 1", "[struct]\na = 1", "accept = 1", "[[accept]]\nreason = 1", "padding = '('", "padding = 1"]
    wrong += ["[[accept]]\nsubject = '*'\nreason = 'r'\nkind = 'none'", "padding = '_*pad'"]
    return [good, accepting, *(text.encode() for text in wrong)]


@target(
    "capcodec/upstream/rules_file.py",
    plant=(
        "capcodec/upstream/rules_file.py",
        "if not isinstance(found, list) or not all(isinstance(item, str)",
        "if not all(isinstance(item, str)",
    ),
    seeds=rules_files,
    words=("[compile]", "include", "[[accept]]", "subject", "reason", "[severity]", "frozen = true", "padding = "),
)
def rules_file(data: bytes) -> None:
    """Rules are understood, or refused with the key that is wrong. What is judged stays the change that it was."""
    with refusing():
        found = parse(data)
        found.is_padding("pad0")
        assert all(accepted.reason.strip() for accepted in found.accepted)
        for before, after in zip(CHANGES, found.judged(CHANGES, "abc"), strict=True):
            assert (after.kind, after.subject) == (before.kind, before.subject)
            assert after.severity in (verdict.FINE, verdict.NOTE, verdict.BROKEN)
            if not found.accepted and after.kind in found.severity and after.kind not in GROWING:
                assert after.severity == found.severity[after.kind]


NAMES = (
    "FLAG_A",
    "FLAG_B",
    "FLAG_C_SIZE",
    "FLAG_V2_A",
    "CMD_GET",
    "CMD_SET_MAX",
    "E_MAX",
    "E_MAX_EXTENDED",
    "A_VERSION",
)
VALUES = (0, 1, 2, 3, 4, 5, 8, 16, 1 << 31, -(1 << 31), 1 << 40, 0.5, b"text")


def numbered(choices: Choices) -> Header:
    """Any enums, and any macros on any lines."""
    enums = []
    for _ in range(choices.below(3)):
        members = []
        for name in dict.fromkeys(choices.pick(NAMES) for _ in range(choices.below(6))):
            alias = members[-1].name if members and choices.flag() else ""
            members.append(Enumerator(name, choices.below(9), alias))
        enums.append(Enum(choices.pick(("", "e", "f")), 4, tuple(members), "it.h", 1))
    constants = {}
    line = 0
    for _ in range(choices.below(12)):
        name, line = choices.pick(NAMES), line + choices.below(3)
        constants[name] = Constant(name, choices.pick(VALUES), choices.pick(("", *constants)), line)
    return Header("it.h", {}, tuple(enums), constants, {})


@target(
    "capcodec/upstream/numbers.py",
    plant=("capcodec/upstream/numbers.py", "if isinstance(value, int)]", "]"),
    seeds=lambda: [bytes((at * step + at // 7) % 256 for at in range(90)) for step in range(1, 30)],
)
def two_headers(data: bytes) -> None:
    """Any numbers of two revisions: what is the same is no change, and a change is of a name that one of them has."""
    choices = Choices(data)
    old, new = numbered(choices), numbered(choices)
    before, after = numbers.numbers(old), numbers.numbers(new)
    assert set(before) == {*old.constants, *(member.name for enum in old.enums for member in enum.members)}
    assert not list(numbers.compare(old, old))
    for change in numbers.compare(old, new):
        assert change.subject in before or change.subject in after
        assert change.subject in after or change.kind == "removal"
        assert change.kind != "added" or change.subject not in before


@target(
    "capcodec/upstream/macros.py",
    plant=("capcodec/upstream/macros.py", 'if define and define[1].replace("$", "_").isidentifier():', "if define:"),
    seeds=lambda: [
        b'# 1 "it.h"\n#define A 1\n#define B_MAX (A)\n#undef A\n',
        b'# 3 "it.h"\n#define X "\\"" \n#define F(x) x\nint x;\n# 1 "other\\n.h" 2\n#define OTHER 1\n',
        b'# 1 "it.h"\n#define A (B\n#define C )(\n#define D B A\n#define E {1}\n',
        b'# 1 "it.h"\n#define 0 ,B\n#define a$b\n',
    ],
    words=('# 1 "it.h"\n', "#define ", "#undef ", "_MAX", "FLAG_"),
)
def macro_listing(data: bytes) -> None:
    """What the preprocessor prints."""
    found = macros.defined(data.decode(errors="replace"), "it.h")
    for name, (body, line) in found.items():
        assert name.replace("$", "_").isidentifier()
        assert line >= 0
        assert name in macros.words(name, found)
        if "'" not in body and '"' not in body:  # what stands in a string may be open
            assert not macros.may_be_worth(body) or body.count("(") == body.count(")")
