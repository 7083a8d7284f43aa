"""What the command line reads at most: endless and huge input costs little time and memory."""

from __future__ import annotations

import sys

import pytest

from capcodec.files import dmesg, hexdump
from capcodec.messages.virtio_gpu import MAX_CAPSET_SIZE
from measured import measured

CAPCODEC = [sys.executable, "-m", "capcodec"]
LOG = b"[    2.664092] [drm] cap set 1: id 2, max-version 2, max-size 1376\n"
TEXTS = {
    "lines of *": b"*\n",
    "hexdump with *": b"00000000  41 41 41 41 41 41 41 41  41 41 41 41 41 41 41 41  |AAAAAAAAAAAAAAAA|\n*\n",
    "{": b"{",
    "one repeated key": b'{"max_samples": 8, "max_samples": 8, ',
    "lines of dmesg": LOG,
    "errors of dmesg": b"[drm] *ERROR* response 0x1200 (command 0x108)\n",
    "elements of an array": b"0x41, ",
    "base64": b"QUJD",
    "spaces": b" ",
}
HUGE = 100 << 20  # bytes of each
COMMANDS = {
    "show": ["show"],
    "show --json": ["show", "--json"],
    "show --from hex": ["show", "--from", "hex"],
    "identify": ["identify"],
    "lint": ["lint"],
    "guest": ["guest"],
    "gl": ["gl"],
    "fleet baseline": ["fleet", "baseline"],
    "fleet describe": ["fleet", "describe"],
    "file list": ["file", "list"],
    "dump": ["dump"],
    "dump --from hex": ["dump", "--from", "hex"],
    "dmesg": ["dmesg"],
    "dmesg --json": ["dmesg", "--json"],
}
AROUND = {  # commands with more arguments than the file
    "copy": lambda file: ["copy", file, "308"],
    "diff": lambda file: ["diff", file, file if file != "-" else "/dev/null"],
    "fleet fits": lambda file: ["fleet", "fits", file, "/dev/null"],
    "fleet pack": lambda file: ["fleet", "pack", file, "-o", "/dev/null"],
    "fleet query": lambda file: ["fleet", "query", file, "max_samples"],
    "serve": lambda file: ["serve", file, "--", "true"],
    "file extract": lambda file: ["file", "extract", file, "2", "-"],
    "file pack": lambda file: ["file", "pack", "-", f"1:0:{file}"],
}


def arguments_of(name: str, file: str) -> list[str]:
    return [*COMMANDS[name], file] if name in COMMANDS else AROUND[name](file)


def check(name: str, file: str, stdin: bytes = b"", repeat: int = 1, status: tuple[int, ...] = (2,)) -> bytes:
    """Any command answers any input within 5 seconds and 300 MB, in one line where it refuses."""
    done = measured(*CAPCODEC, *arguments_of(name, file), stdin=stdin, repeat=repeat)
    assert done.status in status, done.stderr
    assert b"Traceback" not in done.stderr
    if done.status == 2:
        assert done.stderr.count(b"\n") == 1
        assert len(done.stderr) < 2000
    assert done.seconds < 5
    assert done.megabytes < 300
    return done.stderr


@pytest.mark.parametrize("name", [*COMMANDS, *AROUND])
def test_a_gigabyte_of_zeros(name, tmp_path):
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(1 << 30)
    assert b"has more than " in check(name, str(sparse))


@pytest.mark.parametrize("name", [*COMMANDS, *AROUND])
def test_a_device_without_end(name):
    assert b"/dev/zero has more than " in check(name, "/dev/zero")


@pytest.mark.parametrize("text", ["lines of *", "{", "one repeated key", "lines of dmesg"])
@pytest.mark.parametrize("name", [*COMMANDS, *AROUND])
def test_a_pipe_of_100_megabytes(name, text):
    refused = check(name, "-", TEXTS[text], HUGE // len(TEXTS[text]))
    assert b"standard input has more than " in refused


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", ["show", "lint", "file list", "show --from hex", "dump", "dump --from hex", "dmesg"])
def test_as_much_as_is_read(name, text):
    """Just below the limit the same holds, whether the input makes sense or not."""
    piece = TEXTS[text]
    limit = {"dmesg": dmesg.MAX_TEXT, "dump": hexdump.MAX_BYTES}.get(name.split()[0], MAX_CAPSET_SIZE)
    limit = hexdump.MAX_TEXT if "--from hex" in name else limit
    check(name, "-", piece, limit // len(piece), status=(0, 1, 2))


@pytest.mark.parametrize(
    ("name", "limit", "what"),
    [
        ("show", MAX_CAPSET_SIZE, "a capset"),
        ("gl", MAX_CAPSET_SIZE, "a capset"),
        ("dump", hexdump.MAX_BYTES, "a dump"),
        ("show --from hex", hexdump.MAX_TEXT, "a hex dump"),
        ("dmesg", dmesg.MAX_TEXT, "a kernel log"),
        ("file list", 16 * (12 + 2048), "a capset file"),
    ],
)
def test_the_limit_is_said(name, limit, what):
    expected = f"capcodec: /dev/zero has more than {limit} bytes, too many for {what}; no more were read\n"
    assert check(name, "/dev/zero").decode() == expected


def test_a_dump_that_stands_for_too_much():
    text = hexdump.dump(bytes(MAX_CAPSET_SIZE + 1), "hexdump").encode()
    refused = check("show --from hex", "-", text)
    assert refused == b"capcodec: the hex dump stands for 65537 bytes, too many for a capset\n"
