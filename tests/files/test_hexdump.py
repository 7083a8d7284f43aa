"""Dumps: against the programs that print them."""

from __future__ import annotations

import contextlib
import itertools
import random
import shutil
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import ArgumentError, CapcodecError, MessageError, VirglCapsV1, VirglCapsV2, captures
from capcodec.files import hexdump
from measured import measured
from real import missing, need

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
        MessageError, match=r"line \d+, column 29: expected the length \d+, the number of bytes in the array, got 9999"
    ):
        hexdump.parse(text.replace(f"_len = {len(SAMPLES[0])}", "_len = 9999"))


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
        (HEX, "hexdump, line 1: the end is missing: the last line has to be an offset alone"),
        (HEX + "0000000f\n", "hexdump, line 2, column 1: expected offset 0x10, got 0xf"),
        (HEX.replace("2c", "2d") + "00000010\n", "hexdump, line 1, column 61: expected the text"),
        (
            HEX.replace("02 00", "02 0") + "00000010\n",
            "hexdump, line 1, column 14: expected the text '[|].[|]', got '0 00",
        ),
        (HEX + "*\n", "hexdump, line 2: the end is missing"),
        ("*\n" + HEX, "no known style has '[*]'"),
        (HEX + "*\n*\n", "hexdump, line 3: expected an offset of 8 digits"),
        (HEX + "*\n00000025\n", "hexdump, line 3, column 1: offset 0x00000025 does not continue the lines repeated"),
        (HEX + "*\n00000000\n", "hexdump, line 3, column 1: offset 0x00000000 does not continue"),
        (HEX + "*\nfffffff0\n", "hex dump: 4294967280 bytes are more than the 1048576 that a dump may stand for"),
        (HEX + "00000010  00\n*\n00000021\n", "hexdump, line 3: expected an offset of 8 digits"),
        (HEX + "00000010\n" + HEX, "hexdump, line 3: an offset alone ends a dump"),
        (HEX + "zz\n", "hexdump, line 2: expected an offset of 8 digits"),
        ("1b2\n34 \n", "hex dump, line 2, column 2: 5 digits are no whole number of bytes"),
        ("00ff\n00112233445566778899aabbccddeefg", "hex dump, line 2, column 32: 'g' is no digit"),
        ("00112233445566778899AABBCCDDEEFO", "hex dump, line 1, column 32: 'O' is no digit"),
        ("0000000 0002 0000\n0000004 7fef 0800\n0000008\n", "0000000' may be an offset, as od and hexdump print it"),
        ("AAAAAAAA", "it could be plain digits, or base64"),
        ("ffffffff", "it could be plain digits, or base64"),
        ("00aaBB11", "it could be plain digits, or base64"),
        ("0a0a", "it could be plain digits, or base64"),
        ("0123456789ab" * 2, "it could be plain digits, or base64"),
        ("0x12", "it could be a number of a C array, or base64"),
        ("0x12345678UL", "it could be a number of a C array, or base64"),
        ("QUJD=QUJd", "base64, line 1, column 5: "),
        ("QUJd\nq", "base64, line 2, column 1: "),
        ("QUJdQ===", "base64, line 1, column 6: "),
        ("QUJdQR==", "base64, line 1, column 7: it ends in bits or signs that belong to no byte"),
        ("what is\n this?", r"hex dump, line 2, column 6: no known style has '\?'"),
        (b"\xff\xfe", "byte 0 is no ASCII"),
        ("10" * (hexdump.MAX_BYTES + 1), "1048577 bytes are more than the 1048576"),
        (" " * (hexdump.MAX_TEXT + 1), "16777217 characters are more than the 16777216"),
    ],
    ids=itertools.count(),
)
def test_what_is_refused(text, message):
    with pytest.raises(MessageError, match=message):
        hexdump.parse(text)


@pytest.mark.parametrize("style", ["xxd", "hexdump"])
@pytest.mark.parametrize("before", ["  ", "\t", "> ", ">> "])
def test_a_dump_that_is_indented_or_quoted(style, before):
    data = bytes(range(100)) + bytes(100)
    text = "".join(before + line for line in hexdump.dump(data, style).splitlines(keepends=True))
    assert hexdump.parse(text) == data


@pytest.mark.parametrize("program", [["hexdump", "-v"], ["od", "-v", "-x"], ["od", "-v", "-tx1"]])
def test_dumps_with_words_and_octal_offsets_are_refused(program, tmp_path):
    """Whatever is in them: taken for digits alone, their offsets would be bytes."""
    if shutil.which(program[0]) is None:
        missing(program[0], {"hexdump": "bsdextrautils", "od": "coreutils"}[program[0]])
    for size in (16, 48, 696, VirglCapsV2.size - 8):
        text = subprocess.run(program, input=VirglCapsV2.guest_defaults().pack()[:size], capture_output=True).stdout
        with pytest.raises(MessageError, match="may be an offset|could be plain digits"):
            hexdump.parse(text)
        with pytest.raises(MessageError, match="may be an offset"):
            hexdump.parse(text, "plain")


@pytest.mark.parametrize("size", [24, VirglCapsV1.size, 696, VirglCapsV2.size])
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
        " " * 100_000,
        "aA " * 50_000 + "!",
    ],
    ids=itertools.count(),
)
def test_time_grows_with_length_and_no_more(text):
    start = time.process_time()
    with contextlib.suppress(MessageError):
        hexdump.parse(text)
    assert time.process_time() - start < 2  # seconds; whoever tries all ways to split such a line takes years


def test_an_offset_claims_no_memory():
    """Each * stood for a MiB more: 244 kB became 8 GB."""
    line = "41 " * 15 + "41"
    text = "".join(f"{at:08x}  {line}\n*\n" for at in range(0, 1 << 33, (1 << 20) - 16))[:244_000]
    with pytest.raises(MessageError, match=r"hex dump: \d+ bytes are more than the 1048576 that a dump may stand for"):
        hexdump.parse(text)
    most = f"00000000  {line}\n*\n{hexdump.MAX_BYTES:08x}\n"
    assert hexdump.parse(most) == b"A" * hexdump.MAX_BYTES


@pytest.mark.parametrize(
    "text", ["*\n", "\n", " ", "A", "a ", "A ", "00000000: 61 a\n", "00000000  61\n", "00000000: 61 "]
)
def test_memory_is_bounded(text):
    """16 Mi characters, the longest dump, take a few times their own size and no more."""
    program = f"""
from capcodec import CapcodecError
from capcodec.files import hexdump
text = {text!r} * (hexdump.MAX_TEXT // {len(text)})
for style in (None, *hexdump.PARSERS):
    try:
        hexdump.parse(text, style)
    except CapcodecError as error:
        print(str(error)[:200])
"""
    done = measured(sys.executable, "-c", program)
    assert (done.status, done.stderr) == (0, b"")
    assert done.megabytes < 200
    assert done.seconds < 20


def test_the_longest_dumps():
    data = random.Random(2).randbytes(hexdump.MAX_BYTES)
    started = time.process_time()
    assert hexdump.parse(hexdump.dump(data, "xxd")) == data
    assert hexdump.parse(hexdump.dump(data, "hexdump")) == data
    assert time.process_time() - started < 20
    with pytest.raises(MessageError, match="1048577 bytes are more than the 1048576"):
        hexdump.parse(hexdump.dump(data + b"x", "xxd"))
    with pytest.raises(MessageError, match="1048577 bytes are more than the 1048576"):
        hexdump.parse(hexdump.dump(data + b"x", "hexdump"))


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
        assert len(hexdump.parse(text, style)) <= hexdump.MAX_BYTES
