"""Dumps: against the programs that print them, and the C compiler."""

from __future__ import annotations

import base64
import contextlib
import random
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import ArgumentError, CapcodecError, MessageError, captures, hexdump
from real import need
from test_cli import run

PROGRAMS = {
    "xxd": ("xxd", ["xxd"]),
    "hexdump": ("bsdextrautils", ["hexdump", "-C"]),
    "base64": ("coreutils", ["base64"]),
}
SAMPLES = [captures.load(name) for name in captures.names()[::5]]
SAMPLES += [
    b"",
    b"a",
    bytes(16),
    bytes(17),
    bytes(64),
    bytes(65),
    b"ab" * 40 + bytes(40),
    random.Random(1).randbytes(333),
]


def printed(style: str, data: bytes, *options: str) -> str:
    package, command = PROGRAMS[style]
    program = need(command[0], package)
    return subprocess.run(
        [program, *command[1:], *options], input=data, capture_output=True, check=True
    ).stdout.decode()


@pytest.mark.parametrize("style", PROGRAMS)
@pytest.mark.parametrize("data", SAMPLES, ids=range(len(SAMPLES)))
def test_against_the_program(style, data):
    text = printed(style, data)
    assert hexdump.dump(data, style) == text
    if data:
        assert hexdump.parse(text) == hexdump.parse(text.encode()) == data


@pytest.mark.parametrize(
    "options", [["-p"], ["-i"], ["-u"], ["-g", "1"], ["-g", "4"], ["-c", "8"], ["-c", "32", "-g", "4"]]
)
@pytest.mark.parametrize("data", [data for data in SAMPLES if data])
def test_options_of_xxd(data, options):
    assert hexdump.parse(printed("xxd", data, *options)) == data


def test_an_array_that_xxd_names(tmp_path):
    (tmp_path / "caps.bin").write_bytes(SAMPLES[0])
    program = need("xxd", "xxd")
    text = subprocess.run([program, "-i", "caps.bin"], cwd=tmp_path, capture_output=True, check=True).stdout.decode()
    assert "caps_bin_len" in text
    assert hexdump.parse(text) == SAMPLES[0]
    with pytest.raises(MessageError, match="its length is said to be 9999, and there are"):
        hexdump.parse(text.replace(f"_len = {len(SAMPLES[0])}", "_len = 9999"))


def compiled(declaration: str, tmp_path) -> bytes:
    """The bytes of an array called ``a``, by the C compiler."""
    source, binary = tmp_path / "a.c", tmp_path / "a"
    source.write_text(
        f"#include <stdint.h>\n#include <stdio.h>\n{declaration}\nint main(void)\n{{ fwrite(a, 1, sizeof a, stdout); }}"
    )
    subprocess.run(["cc", "-w", "-o", binary, source], check=True)
    return subprocess.run([binary], capture_output=True, check=True).stdout


@pytest.mark.parametrize(
    "declaration",
    [
        "unsigned char a[] = { 0x02, 0, 255, 010, };",
        "static const uint32_t a[3] = { 2, 0xfff27, 4294967295u };",
        "unsigned int a[] = {\n 0x00000002,\n 0xf03727fe\n};",
        "uint8_t a[] = {1};",
    ],
)
def test_c_arrays_against_the_compiler(declaration, tmp_path):
    assert hexdump.parse(declaration.replace("010", "8")) == compiled(declaration, tmp_path)


def test_our_array_compiles(tmp_path):
    data = SAMPLES[1]
    assert compiled("unsigned char a[] = " + hexdump.dump(data, "c"), tmp_path) == data


def test_words_of_eight_digits():
    assert hexdump.parse("{0x00000002, 0x12345678}") == bytes([2, 0, 0, 0, 0x78, 0x56, 0x34, 0x12])
    assert hexdump.parse("{0x02, 0x12}") == b"\x02\x12"


XXD = "00000000: 0200 0000 fe27 37f0 0000 0b0b 0b2c 00d8  .....'7......,..\n"
HEX = "00000000  02 00 00 00 fe 27 37 f0  00 00 0b 0b 0b 2c 00 d8  |.....'7......,..|\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "hex dump: there is nothing"),
        ("\n \n", "hex dump: there is nothing"),
        (XXD + XXD, "xxd, line 2: expected offset 0x10, got 0x0"),
        (XXD.replace("00000000", "00000010"), "xxd, line 1: expected offset 0x0, got 0x10"),
        (XXD + "oops\n", "xxd, line 2: expected an offset, a colon and hexadecimal digits"),
        (HEX + HEX, "hexdump, line 2: expected offset 0x10, got 0x0"),
        (HEX + "*\n", "hexdump, line 2: nothing says how often"),
        (HEX + "*\n00000025\n", "hexdump, line 3: offset 0x25 does not continue the lines repeated"),
        (HEX + "*\n00000000\n", "hexdump, line 3: offset 0x0 does not continue"),
        (HEX + "*\nfffffff0\n", "hexdump, line 3: offset 0xfffffff0 does not continue"),
        (HEX + "00000010\n" + HEX, "hexdump, line 2: an offset alone ends a dump"),
        (HEX + "zz\n", "hexdump, line 2: expected an offset of 8 digits"),
        ("abc", "3 digits are no whole number of bytes"),
        ("{0x100}", "element 0: expected a number of 8 bits, got '0x100'"),
        ("x = {1, two}", "element 1: expected a number of 8 bits, got 'two'"),
        ("{-1}", "element 0: expected a number of 8 bits, got '-1'"),
        ("uint32_t x[] = {4294967296}", "expected a number of 32 bits"),
        ("{1, {2}", r"element 0: expected|expected one pair of braces|got"),
        ("}{", "expected one pair of braces"),
        ("QUJD=QUJD", "base64: "),
        ("QUJDR", "base64: "),
        ("what is this?", "line 1 of the dump is of no kind that is known"),
        (b"\xff\xfe", "byte 0 is no ASCII"),
        ("00" * (hexdump.MOST + 1), "1048577 bytes are more than the 1048576"),
    ],
)
def test_what_is_refused(text, message):
    if text == "{1, {2}":
        assert hexdump.parse(text) == b"\x02"
        return
    with pytest.raises(MessageError, match=message):
        hexdump.parse(text)


def test_styles():
    with pytest.raises(ArgumentError, match="no dump is called 'od'; there are xxd, hexdump, c, base64"):
        hexdump.dump(b"", "od")


@given(st.binary(min_size=1, max_size=400), st.sampled_from(list(hexdump.STYLES)))
def test_round_trips(data, style):
    assert hexdump.parse(hexdump.dump(data, style)) == data


@given(st.text() | st.binary() | st.text("0123456789abcdef: *|{},x=\n"))
def test_any_text(text):
    with contextlib.suppress(CapcodecError):
        assert len(hexdump.parse(text)) <= hexdump.MOST


def test_on_the_command_line(tmp_path):
    data = SAMPLES[0]
    file = tmp_path / "dump"
    for style in hexdump.STYLES:
        file.write_bytes(data)
        text = run("dump", str(file), "--style", style)
        assert text == hexdump.dump(data, style)
        file.write_text(text)
        capset_id = "1" if len(data) == 308 else "2"
        shown = run("show", str(file), "--hex", "--json", "--capset", capset_id)
        file.write_bytes(data)
        assert shown == run("show", str(file), "--json", "--capset", capset_id)
    assert run("dump", "-", "--hex", "--style", "base64", stdin=b"QUJD") == base64.b64encode(b"ABC").decode() + "\n"
    assert "hex dump: there is nothing" in run("show", "-", "--hex", status=1)
