"""Every command that takes a file, with every form of file: the answer of the raw capset, or one line and status 2."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from capcodec import VirglCapsV2, captures, cli
from capcodec.cli import commands
from capcodec.files import capset_file, hexdump
from logs import REAL
from real import need_extra

V2 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
FORMS = {
    "raw": V2,
    "xxd": hexdump.dump(V2, "xxd").encode(),
    "hexdump -C": hexdump.dump(V2, "hexdump").encode(),
    "plain digits": V2.hex().encode(),
    "C array": hexdump.dump(V2, "c").encode(),
    "base64": hexdump.dump(V2, "base64").encode(),
    "capset file": capset_file.dump([capset_file.Record(2, 2, V2)]),
    "golden JSON": VirglCapsV2.unpack(V2).to_json().encode(),
}
OTHERS = {
    "kernel log": REAL.encode(),
    "README": (Path(__file__).parents[2] / "README.md").read_bytes(),
    "source": Path(__file__).read_bytes(),
    "executable": Path(sys.executable).read_bytes()[:2000],
    "other JSON": b'{"capsets": []}',
    "nothing": b"",
}
COMMANDS = {  # the file is called FILE
    "show": ["show", "FILE"],
    "show --json": ["show", "--json", "FILE"],
    "identify": ["identify", "FILE"],
    "lint": ["lint", "FILE"],
    "diff": ["diff", "FILE", "other.bin"],
    "diff the other way": ["diff", "other.bin", "FILE", "--json"],
    "report": ["report", "FILE", "other.bin"],
    "copy": ["copy", "FILE", "688"],
    "guest": ["guest", "FILE", "--all"],
    "gl": ["gl", "FILE"],
    "fleet baseline": ["fleet", "baseline", "FILE", "other.bin"],
    "fleet fits": ["fleet", "fits", "FILE", "FILE"],
    "fleet pack": ["fleet", "pack", "FILE", "-o", "out.parquet"],
    "fleet describe": ["fleet", "describe", "FILE"],
    "fleet query": ["fleet", "query", "FILE", "max_samples", "gl"],
    "dump": ["dump", "FILE"],
    "serve": ["serve", "FILE", "--json", "--socket", "socket", "--", "true"],
    "serve a VMM": ["serve", "FILE", "--vhost-user", "socket", "--", "true"],
    "file pack": ["file", "pack", "-", "2:2:FILE"],
}
ALONE = {"file list": "capset file", "file extract": "capset file", "dmesg": "kernel log"}  # what takes one form only
CODE = {  # what takes source code, or a repository, and so none of the forms
    "abi, old": ["abi", "FILE", "other.h"],
    "abi, new": ["abi", "other.h", "FILE"],
    "abi --rules": ["abi", "other.h", "other.h", "--rules", "FILE"],
    "abi --git": ["abi", "--git", "FILE", "other.h"],
    "schema": ["schema", "FILE", "point"],
    "show --header": ["show", "other.bin", "--header", "FILE", "--struct", "point"],
    "upstream": ["upstream", "FILE", "--check"],
    "stubs": ["stubs", "FILE"],
}
WITHOUT = {"probe", "flow", "demo", "bench", "draw", "completion", "man"}  # what reads no file


def test_every_command_is_here():
    assert {words.split()[0].rstrip(",") for words in (*COMMANDS, *ALONE, *CODE, *WITHOUT)} == set(commands.COMMANDS)


@pytest.fixture
def ask(tmp_path, monkeypatch, capsysbinary):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.bin").write_bytes(captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin"))
    (tmp_path / "other.h").write_text("struct point { int x, y; };\n")

    def asked(arguments: list[str], content: bytes) -> tuple[int, bytes, bytes]:
        need_extra(arguments[0])
        (tmp_path / "FILE").write_bytes(content)
        return cli.main(arguments), *capsysbinary.readouterr()

    return asked


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_capset_in_any_form(command, form, ask):
    status, output, errors = ask(COMMANDS[command], FORMS[form])
    assert errors == b""
    assert status == (1 if command.startswith("diff") else 0)
    assert (status, output, errors) == ask(COMMANDS[command], V2)


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_capset(command, form, ask):
    refused(ask(COMMANDS[command], OTHERS[form]), one_line_about="FILE" if form != "nothing" else "")


@pytest.mark.parametrize("form", {**FORMS, **OTHERS})
@pytest.mark.parametrize("command", ALONE)
def test_what_takes_one_form(command, form, ask):
    content = {**FORMS, **OTHERS}[form]
    arguments = [*command.split(), "FILE", *(["2", "out"] if command == "file extract" else [])]
    answer = ask(arguments, content)
    if form == ALONE[command] or (form == "nothing" and command in ("dmesg", "file list")):
        assert answer[0] == 0
    else:
        refused(answer)


@pytest.mark.parametrize("form", {**FORMS, **OTHERS})
@pytest.mark.parametrize("command", CODE)
def test_what_is_no_code(command, form, ask):
    if form == "nothing" and command.startswith("abi") and command != "abi --git":
        return  # a header with no struct, and rules that say nothing
    refused(ask(CODE[command], {**FORMS, **OTHERS}[form]), one_line_about="FILE")


@pytest.mark.parametrize("command", ["report FILE -o", "copy FILE 688 --output", "file pack"])
def test_a_file_that_cannot_be_written(command, ask):
    pack = ["2:2:FILE"] if command == "file pack" else []
    refused(
        ask([*command.split(), "missing/page.html", *pack], V2), one_line_about="capcodec: missing/page.html: No such"
    )


def refused(answer: tuple[int, bytes, bytes], one_line_about: str = "") -> None:
    status, output, errors = answer
    assert (status, output) == (2, b"")
    assert errors.startswith(b"capcodec: ")
    assert errors.count(b"\n") == 1
    assert one_line_about.encode() in errors


@pytest.mark.parametrize(("capset", "status"), [("virgl2", 0), ("1", 0), ("venus", 2)])
def test_of_a_file_of_several_the_right_one(capset, status, ask):
    content = capset_file.dump([capset_file.Record(1, 1, V2[:308]), capset_file.Record(2, 2, V2)])
    assert ask(["show", "--json", "FILE", "--capset", capset], content)[0] == status
    assert b"1, 2: say which to take" in ask(["show", "FILE"], content)[2]
    for arguments in (
        ["gl", "FILE"],
        ["guest", "FILE", "--all"],
        ["copy", "FILE", "688"],
        ["serve", "FILE", "--", "true"],
    ):
        assert ask(arguments, content) == ask(arguments, V2), "what a guest prefers"
    assert ask(["copy", "FILE", "308"], content) == ask(["copy", "FILE", "308"], V2[:308])


def test_opengl_is_of_virgl_only(ask):
    venus = captures.load(captures.names(4)[0])
    for command in ("gl", "guest"):
        status, _, errors = ask(COMMANDS[command], venus)
        assert status == 2
        assert b"FILE has virgl_renderer_capset_venus, capset 4" in errors
    assert ask(["gl", "FILE", "--capset", "2"], venus)[0] == 0, "a capset 2 that somebody cut to that size"
    assert b"virgl_renderer_capset_venus never had 688 bytes" in ask(COMMANDS["copy"], venus)[2]
    assert ask(["copy", "FILE", "160", "--json"], venus)[0] == 0
