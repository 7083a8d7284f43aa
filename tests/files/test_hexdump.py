"""Dumps: against the programs that print them, and the C compiler."""

from __future__ import annotations

import base64
import contextlib
import random
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import ArgumentError, CapcodecError, MessageError, captures
from capcodec.files import hexdump
from command import run
from real import need

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
    assert hexdump.parse(text, style) == data
    if data:
        assert hexdump.parse(text) == hexdump.parse(text.encode()) == data


@pytest.mark.parametrize("options", [["-e"], ["-b"], ["-E"], ["-o", "16"], ["-d"]])
def test_dumps_of_xxd_that_mean_other_bytes(options):
    """Byte-swapped, binary, EBCDIC, or not from the start on: all look like its usual ones."""
    with pytest.raises(MessageError, match=r"xxd, line \d+, column \d+: expected"):
        hexdump.parse(printed("xxd", SAMPLES[0], *options))


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
    with pytest.raises(
        MessageError, match=r"line \d+, column 29: expected the length \d+, as there are bytes, got 9999"
    ):
        hexdump.parse(text.replace(f"_len = {len(SAMPLES[0])}", "_len = 9999"))


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
def test_c_arrays_against_the_compiler(declaration, tmp_path):
    assert hexdump.parse(declaration) == compiled(declaration, tmp_path)


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
        (XXD + XXD, "xxd, line 2, column 1: expected offset 0x10, got 0x0"),
        (XXD.replace("00000000", "00000010"), "xxd, line 1, column 1: expected offset 0x0, got 0x10"),
        (XXD + "oops\n", "xxd, line 2: expected an offset, a colon and hexadecimal digits"),
        (XXD.replace("0b2c", "0b2d"), r"xxd, line 1, column 52: expected the text \".*-..\", got \".*,..\""),
        ("00000000: 616\n", "xxd, line 1, column 13: expected the text 'a', got '6'"),
        (HEX + HEX, "hexdump, line 2, column 1: expected offset 0x10, got 0x0"),
        (HEX, "hexdump, line 1: nothing says where it ends"),
        (HEX + "0000000f\n", "hexdump, line 2, column 1: expected offset 0x10, got 0xf"),
        (HEX.replace("2c", "2d") + "00000010\n", "hexdump, line 1, column 61: expected the text"),
        (
            HEX.replace("02 00", "02 0") + "00000010\n",
            "hexdump, line 1, column 14: expected the text '[|].[|]', got '0 00",
        ),
        (HEX + "*\n", "hexdump, line 2: nothing says where it ends"),
        ("*\n" + HEX, "'[*]' is in no kind"),
        (HEX + "*\n*\n", "hexdump, line 3: expected an offset of 8 digits"),
        (HEX + "*\n00000025\n", "hexdump, line 3, column 1: offset 0x00000025 does not continue the lines repeated"),
        (HEX + "*\n00000000\n", "hexdump, line 3, column 1: offset 0x00000000 does not continue"),
        (HEX + "*\nfffffff0\n", "hexdump, line 3, column 1: offset 0xfffffff0 does not continue"),
        (HEX + "00000010  00\n*\n00000021\n", "hexdump, line 3: expected an offset of 8 digits"),
        (HEX + "00000010\n" + HEX, "hexdump, line 3: an offset alone ends a dump"),
        (HEX + "zz\n", "hexdump, line 2: expected an offset of 8 digits"),
        ("1b2\n34 \n", "hex dump, line 2, column 2: 5 digits are no whole number of bytes"),
        ("00ff\n00112233445566778899aabbccddeefg", "hex dump, line 2, column 32: 'g' is no digit"),
        ("00112233445566778899AABBCCDDEEFO", "hex dump, line 1, column 32: 'O' is no digit"),
        ("AAAAAAAA", "it could be plain digits, or base64"),
        ("ffffffff", "it could be plain digits, or base64"),
        ("00aaBB11", "it could be plain digits, or base64"),
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
        ("QUJD=QUJd", "base64, line 1, column 5: "),
        ("QUJd\nq", "base64, line 2, column 1: "),
        ("QUJdQ===", "base64, line 1, column 6: "),
        ("QUJdQR==", "base64, line 1, column 7: it ends in bits or signs that belong to no byte"),
        ("what is\n this?", r"hex dump, line 2, column 6: '\?' is in no kind that is known"),
        (b"\xff\xfe", "byte 0 is no ASCII"),
        ("10" * (hexdump.MOST + 1), "1048577 bytes are more than the 1048576"),
        (" " * (hexdump.MOST_TEXT + 1), "16777217 characters are more than the 16777216"),
    ],
)
def test_what_is_refused(text, message):
    with pytest.raises(MessageError, match=message):
        hexdump.parse(text)


@pytest.mark.parametrize("size", [24, 308, 696, 1408])
def test_a_capset_of_zeros_in_base64(size):
    """Base64 spells zeros with A, which is a digit: 696 of them could be 464 bytes of 0xaa."""
    text = hexdump.dump(bytes(size), "base64")
    assert hexdump.parse(text, "base64") == bytes(size)
    if size % 3:
        assert hexdump.parse(text) == bytes(size)
    else:
        with pytest.raises(MessageError, match="it could be plain digits, or base64: say which"):
            hexdump.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "00000000: " + "a" * 100_000 + "!",
        "00000000: " + "aa " * 50_000 + "!",
        "00000000  " + "aa " * 50_000 + "!",
        "0x1" + " " * 100_000 + "!",
        "{1}" + "a" * 100_000,
        "{" + "/*" * 50_000,
        "u32 " * 50_000 + "{",
    ],
)
def test_time_grows_with_length_and_no_more(text):
    start = time.process_time()
    with contextlib.suppress(MessageError):
        hexdump.parse(text)
    assert time.process_time() - start < 2  # seconds; whoever tries all ways to split such a line takes years


def test_styles():
    with pytest.raises(ArgumentError, match="no dump is called 'od'; there are xxd, hexdump, c, base64"):
        hexdump.dump(b"", "od")
    with pytest.raises(ArgumentError, match="no dump is called 'od'; there are xxd, hexdump, plain, c, base64"):
        hexdump.parse("", "od")


@given(st.binary(max_size=400), st.sampled_from(list(hexdump.STYLES)))
def test_round_trips(data, style):
    text = hexdump.dump(data, style)
    assert hexdump.parse(text, style) == data
    with contextlib.suppress(MessageError):  # it may be refused, but is never taken for something else
        assert hexdump.parse(text) == data


@given(st.text() | st.binary() | st.text("0123456789abcdef: *|{},x=\n"), st.sampled_from([None, *hexdump.PARSERS]))
def test_any_text(text, style):
    with contextlib.suppress(CapcodecError):
        assert len(hexdump.parse(text, style)) <= hexdump.MOST


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
    assert (
        run("dump", "-", "--hex", "--style", "base64", stdin=b"QUJDRA==") == base64.b64encode(b"ABCD").decode() + "\n"
    )
    assert "hex dump: there is nothing" in run("show", "-", "--hex", status=1)
