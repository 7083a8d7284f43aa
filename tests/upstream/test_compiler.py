"""Headers that mean harm: each is refused in bounded time, nothing of it runs, and no file leaks into an error."""

from __future__ import annotations

import os
import subprocess
import time

import pytest

from capcodec.errors import HeaderError
from capcodec.upstream import compiler
from capcodec.upstream.compiler import Compiler
from capcodec.upstream.header import read_file
from real import missing, need

SECRET = "a_secret_word"
DEEP = "struct s0 {{ int x; }};\n" + "".join(f"struct s{i} {{{{ struct s{i - 1} x; }}}};\n" for i in range(1, 300))
HOSTILE = {
    "endless file": ('#include "/dev/zero"', "memory|lies outside|MiB|seconds"),
    "file outside": ('#include "{outside}"', "lies outside"),
    "file outside by a macro": ('#define X "{outside}"\n#include X', "lies outside"),
    "file outside behind a line marker": ('#line 1 "/usr/include/stdint.h"\n#include "{outside}"', "lies outside"),
    "a pipe that nobody writes": ('#include "{pipe}"', "seconds|lies outside"),
    "itself": ('#include "it.h"\n#include "it.h"', "nested depth|too deeply|MiB|seconds|memory"),
    "a bomb of macros": (
        "#define A0 x x x x x x x x\n"
        + "".join(f"#define A{i} A{i - 1} A{i - 1} A{i - 1} A{i - 1} A{i - 1} A{i - 1}\n" for i in range(1, 14))
        + "int y[sizeof(A13)];",
        "memory|MiB|seconds|stopped",
    ),
    "a huge array of data": ("char big[1UL << 40] = {{1}};", "MiB|memory|stopped|seconds"),
    "a huge array, element by element": (
        "int big[1 << 28] = {{[0 ... (1 << 28) - 1] = 7}};",
        "MiB|memory|seconds|stopped",
    ),
    "assembler code": ('__asm__(".incbin \\"{outside}\\"");', "assembler code"),
    "assembler in a name": ('int x __asm__("x\\n.incbin \\"{outside}\\"\\n") = 1;', "assembler directive"),
    "no end": ("/* ", "unterminated"),
    "no closing brace": ("struct it {{ int a;", "error"),
    "structs without end": (DEEP, "too deeply"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_headers(case, header, tmp_path, monkeypatch):
    monkeypatch.setattr(compiler, "SECONDS", 2)
    monkeypatch.setattr(compiler, "SHELL", compiler._shell(2, 1 << 20))
    outside, pipe = tmp_path / "outside", tmp_path / "pipe"
    outside.write_text(f"struct {SECRET} {{ {SECRET} x }}\n")
    os.mkfifo(pipe)
    text, expected = HOSTILE[case]
    begun = time.monotonic()
    with pytest.raises(HeaderError, match=expected) as caught:
        header(
            text.replace("{outside}", str(outside)).replace("{pipe}", str(pipe)).replace("{{", "{").replace("}}", "}")
        )
    assert SECRET not in str(caught.value)
    assert time.monotonic() - begun < 60


def test_nothing_of_a_header_runs(header, tmp_path):
    ran = tmp_path / "ran"
    found = header(
        "#include <stdlib.h>\n"
        f'static void __attribute__((constructor, used)) run(void) {{ system("touch {ran}"); }}\n'
        "struct it { int a; };"
    )
    assert found.find("it").size == 4
    assert not ran.exists()


def test_what_is_preloaded_into_this_process_is_not_into_the_compiler(header, monkeypatch):
    """A sanitizer takes terabytes of address space, for which the bounds have no room."""
    runtime = subprocess.run(["cc", "-print-file-name=libasan.so"], capture_output=True, text=True).stdout.strip()
    if not os.path.exists(runtime):
        missing("libasan.so", "gcc")
    monkeypatch.setenv("LD_PRELOAD", runtime)
    assert header("struct it { int a; };").find("it").size == 4


def test_a_string_that_looks_like_a_directive(header):
    assert header('#define TEXT ".incbin #APP"\n').constants["TEXT"].value == b".incbin #APP"


def test_directories_may_be_named(tmp_path, header):
    (tmp_path / "other.h").write_text("typedef short other;")
    text = f'#include "{tmp_path}/other.h"\nstruct it {{ other a; }};'
    with pytest.raises(HeaderError, match="lies outside; -I would let it"):
        header(text)
    assert header(text, directories=(str(tmp_path),)).find("it").size == 2


def test_what_is_no_compiler():
    with pytest.raises(HeaderError, match="is no C compiler"):
        Compiler(("false",))
    with pytest.raises(HeaderError, match="no-such-compiler"):
        Compiler(("no-such-compiler",))


def test_clang_says_the_same(tmp_path, monkeypatch):
    need("clang", "clang")
    path = "/usr/include/linux/openat2.h"
    mine = read_file(path)
    monkeypatch.setenv("CC", "clang")
    other = read_file(path)
    assert {name: (s.size, [f.bit for f in s.fields]) for name, s in other.structs.items()} == {
        name: (s.size, [f.bit for f in s.fields]) for name, s in mine.structs.items()
    }
    assert other.constants == mine.constants


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("cc1: out of memory allocating 65536 bytes", "the compiler takes more than . GiB of memory for it"),
        ("as: it.o: File too large", "the compiler makes more than 16 MiB of it"),
        ("cc: Killed (program cc1)", "the compiler breaks on it, or is stopped at the bounds it runs in"),
        ("it does not feel like it", "it does not feel like it"),
        ("", "cc ended with 1"),
    ],
)
def test_compilers_that_give_up(tmp_path, monkeypatch, says, told):
    with pytest.raises(HeaderError, match=told):
        read_with(f"echo '{says}'", tmp_path, monkeypatch)


def test_the_bounds_are_set(tmp_path, monkeypatch):
    """Seconds, KiB of memory, and blocks of 512 bytes of a file."""
    with pytest.raises(HeaderError, match="20 2097152 32768"):
        read_with("echo $(ulimit -t) $(ulimit -v) $(ulimit -f)", tmp_path, monkeypatch)


def read_with(program, tmp_path, monkeypatch):
    """Read a header with a compiler that says where its headers are, and otherwise fails after that program."""
    fake, header = tmp_path / "cc", tmp_path / "it.h"
    fake.write_text(f'#!/bin/sh\ncase "$*" in "-E -v"*) exec gcc "$@" ;; esac\n{program} >&2\nexit 1\n')
    fake.chmod(0o755)
    header.write_text("struct it { int a; };\n")
    monkeypatch.setenv("CC", str(fake))
    return read_file(str(header))


def test_without_descriptors_of_processes(tmp_path, monkeypatch):
    """An old kernel has none."""
    header = tmp_path / "it.h"
    header.write_text("struct it { int a; };\n")
    monkeypatch.delattr("os.pidfd_open")
    assert read_file(str(header)).find("it").size == 4
