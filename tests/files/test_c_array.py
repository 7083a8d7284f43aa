"""C arrays: against the C compiler, and all that is refused."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import CapcodecError, MessageError, captures
from capcodec.files import c_array, hexdump
from measured import measured


def compiled(declaration: str, tmp_path) -> bytes:
    """The bytes of an array called ``a``, by the C compiler, its elements in little-endian order."""
    source, binary = tmp_path / "a.c", tmp_path / "a"
    source.write_text(
        f"#include <stdint.h>\n#include <stdio.h>\n{declaration}\nint main(void)\n{{"
        "for (size_t i = 0; i < sizeof a; i++) putchar(a[i / sizeof *a] >> i % sizeof *a * 8 & 255); }"
    )
    subprocess.run(["cc", "-w", "-o", binary, source], check=True)
    return subprocess.run([binary], capture_output=True, check=True).stdout


@pytest.mark.parametrize(
    "declaration",
    [
        "unsigned char a[] = { 0x02, 0, 255, 0x10, };",
        "static const uint32_t a[3] = { 2, 0xfff27, 4294967295u };",
        "unsigned int a[] = {\n 0x00000002,\n 0xf03727fe\n};",
        "unsigned a[] = {1, 2UL};",
        "uint8_t a[] = {1};",
        "const char a[2] = {0x00000001, 0x7f}; // eight digits, and still a byte",
        "char a[] __attribute__((aligned(16))) = { /* 3, */ 4 };",
    ],
)
def test_against_the_compiler(declaration, tmp_path):
    assert c_array.parse(declaration) == compiled(declaration, tmp_path)


def test_our_array_compiles(tmp_path):
    data = captures.load(captures.names(2)[0])
    assert compiled("unsigned char a[] = " + hexdump.dump(data, "c"), tmp_path) == data


def test_words_of_eight_digits():
    assert c_array.parse("{0x00000002, 0x12345678}") == bytes([2, 0, 0, 0, 0x78, 0x56, 0x34, 0x12])
    assert c_array.parse("{0x02, 0x12}") == b"\x02\x12"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{0x100}", "C array, line 1, column 7: without a type, expected elements of at most two digits, or all of"),
        ("{0x00000001, 0x02}", "without a type, expected elements of at most two digits"),
        ("{256}", "line 1, column 2: expected a number of 8 bits, got '256'"),
        ("{" + "9" * 5000 + "}", "expected a number of 8 bits, got '99999999999999999999'"),
        ("x = {1,\n two}", "C array, line 2, column 2: expected a decimal or hexadecimal number, got 'two'"),
        ("{-1}", "column 2: expected a decimal or hexadecimal number, got '-'"),
        ("{010}", "expected a decimal or hexadecimal number, got '010'"),
        ("{1_0}", "got '1_0'"),
        ("{0b1}", "got '0b1'"),
        ("{\u0661}", "got '\u0661'"),
        ("{1ulul}", "got '1ulul'"),
        ("{1 2}", "column 4: expected a comma, got '2'"),
        ("{,}", "expected a decimal or hexadecimal number, got ','"),
        ("{1 /* }", "expected one array, in one pair of braces"),
        ("uint32_t x[] = {4294967296}", "column 17: expected a number of 32 bits"),
        ("uint16_t x[] = {1}", "elements of type 'uint16_t' are neither bytes nor 32-bit words"),
        ("u32 x[4] = {1}", "column 12: expected 4 elements, as declared, got 1"),
        ("{1, {2}}", "column 5: expected one array"),
        ("{1, {2}", "column 5: expected one array"),
        ("{1}\n{2}", "line 2, column 1: expected one array"),
        ("}{", "expected one array, in one pair of braces"),
        ("0x01 0x02", "column 6: expected a comma, got '0x02'"),
        ("u32 x[" + "9" * 500 + "] = {1}", "expected 99999999999999999999 elements, as declared, got 1"),
        ("u" * 500 + " x[] = {1}", f"elements of type '{'u' * 60}' are neither"),
        (" " * c_array.MAX_AROUND + "x = {1}", "expected at most 65536 characters before the array, and behind it"),
        ("{1}" + " " * c_array.MAX_AROUND, "expected at most 65536 characters before the array, and behind it"),
        ("1," * (c_array.MAX_BYTES + 1), "column 2097153: expected at most 1048576 elements"),
        ("u32 x[] = {" + "1," * (c_array.MAX_BYTES // 4) + "1}", "expected at most 1048576 bytes, got 1048580"),
        (
            "{1}\nunsigned int x_len = 2;",
            "line 2, column 22: expected the length 1, the number of bytes in the array, got 2",
        ),
    ],
    ids=itertools.count(),
)
def test_what_is_refused(text, message):
    with pytest.raises(MessageError, match=message):
        c_array.parse(text)


def test_elements_without_braces_and_none_at_all():
    assert c_array.parse("0x01, 0x02,") == b"\1\2"
    assert c_array.parse("") == c_array.parse("{}") == c_array.parse("u8 x[0] = {};") == b""
    assert c_array.parse("{1}\nunsigned int x_len = 1;") == b"\1"


def test_the_largest_array():
    assert c_array.parse("1," * c_array.MAX_BYTES) == b"\1" * c_array.MAX_BYTES
    words = c_array.MAX_BYTES // 4
    assert c_array.parse(f"u32 x[{words}] = {{" + "258," * words + "}") == b"\2\1\0\0" * words


@pytest.mark.parametrize(
    "text",
    [
        "0x1" + " " * 100_000 + "!",
        "{1}" + "a" * 50_000,
        "{" + "/*" * 50_000,
        "{" + "/**/ " * 50_000,
        "{" + "//\n" * 50_000,
        "u32 " * 15_000 + "{",
        "{" * 100_000,
        "{" + "1" * 100_000,
    ],
    ids=itertools.count(),
)
def test_time_grows_with_the_length_and_no_more(text):
    started = time.process_time()
    with contextlib.suppress(MessageError):
        c_array.parse(text)
    assert time.process_time() - started < 2  # seconds; whoever tries all ways to split such a text takes years


@pytest.mark.parametrize("text", ["1,", "{", "/**/", "0x1 ", "a", "//\n", "{1,"])
def test_memory_is_bounded(text):
    """16 Mi characters, the longest dump, take a few times their own size and no more."""
    program = f"""
from capcodec import CapcodecError
from capcodec.files import hexdump
text = {text!r} * (hexdump.MAX_TEXT // {len(text)})
for style in ("c", None):
    try:
        hexdump.parse(text, style)
    except CapcodecError as error:
        print(str(error)[:200])
"""
    done = measured(sys.executable, "-c", program)
    assert (done.status, done.stderr) == (0, b"")
    assert done.megabytes < 200
    assert done.seconds < 20


ELEMENT = st.integers(0, 0xFFFFFFFF).map(str) | st.integers(0, 0xFFFFFFFF).map(hex) | st.text(max_size=4)
SOURCE = st.lists(st.sampled_from(["u8 x", "u32", "[", "]", "3", "=", "{", "}", ",", "/*", "*/", "//", "\n"]) | ELEMENT)


@given(SOURCE.map(" ".join) | st.text())
def test_any_text(text):
    try:
        data = c_array.parse(text)
    except CapcodecError:
        return
    assert len(data) <= c_array.MAX_BYTES


@given(st.binary(max_size=200))
def test_round_trip(data):
    assert c_array.parse(hexdump.dump(data, "c")) == data


@given(st.lists(st.integers(0, 0xFFFFFFFF), max_size=50), st.booleans())
def test_words(values, hexadecimal):
    elements = ", ".join(f"{value:#010x}" if hexadecimal else str(value) for value in values)
    expected = b"".join(value.to_bytes(4, "little") for value in values)
    assert c_array.parse(f"static const uint32_t x[{len(values)}] = {{ {elements} }};") == expected
