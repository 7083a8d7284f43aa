"""The parser of all commands: examples that run, completions, and what a command imports."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys

import pytest

import example_files
from capcodec import VirglCapsV2, captures
from capcodec.cli import commands
from capcodec.cli.completion import actions_of
from capcodec.files import capset_file
from command import BIN, run
from histories import history_at
from logs import REAL
from real import need_extra

NEW = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
OLD = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")
VENUS = captures.load("virglrenderer-1.3.0-venus.capset4.bin")


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Every command and every action of one, by what a user types."""
    found = {}
    for action in actions_of(commands.parser()):
        if isinstance(action, argparse._SubParsersAction):
            found.update({parser.prog: parser for parser in action.choices.values()})
    return found


PARSERS = parsers()
EXAMPLES = [
    (name, line.strip())
    for name, parser in PARSERS.items()
    for line in parser.epilog.partition("examples:\n")[2].splitlines()
]


def test_every_command_has_examples():
    assert {name for name, _ in EXAMPLES} == PARSERS.keys()
    assert set(commands.COMMANDS) == {name.split()[1] for name in PARSERS}


@pytest.fixture
def files(tmp_path):
    """The files that examples speak of."""
    for name in ("capset.bin", "host.bin", "new.bin"):
        (tmp_path / name).write_bytes(NEW)
    (tmp_path / "old.bin").write_bytes(OLD)
    example_files.write(tmp_path)
    (tmp_path / "capset1.bin").write_bytes(NEW[:308])
    (tmp_path / "archive.tar").write_bytes(bytes(1024))
    (tmp_path / "golden.json").write_text(VirglCapsV2.unpack(NEW).to_json())
    (tmp_path / "guest.log").write_text(REAL)
    records = [capset_file.Record(1, 1, NEW[:308]), *(capset_file.Record(2, version, NEW) for version in (1, 2))]
    (tmp_path / "virgl.capset").write_bytes(capset_file.dump(records))
    return tmp_path


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_examples_run(name, example, files, request):
    if name == "capcodec serve":
        request.getfixturevalue("default_socket")
    if name == "capcodec upstream":
        history_at(files / "virglrenderer.git")
    need_extra(name.removeprefix("capcodec "))
    words = shlex.split(example, comments=True)
    assert name in " ".join(words)
    if "venus" in words:
        (files / "capset.bin").write_bytes(VENUS)
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    if "fleet.parquet" in words and "-o" not in words:
        need_extra("fleet pack")
        subprocess.run(
            [str(BIN / "capcodec"), "fleet", "pack", "old.bin", "host.bin", "-o", "fleet.parquet"],
            cwd=files,
            check=True,
        )
    done = subprocess.run(["bash", "-c", example], cwd=files, env=environment, capture_output=True)
    findings = ("capcodec diff", "capcodec lint", "capcodec stubs", "capcodec fleet", "capcodec fleet fits")
    assert done.returncode == 0 or (done.returncode == 1 and name in findings), done.stderr
    told = [
        line for line in done.stderr.splitlines() if not line.startswith((b"capcodec: wrote ", b"capcodec: skipped "))
    ]
    assert told in ([], [b"dmesg: read kernel buffer failed: Operation not permitted"])


@pytest.mark.parametrize("name", PARSERS)
def test_json_and_colour_are_everywhere(name):
    options = {option for action in PARSERS[name]._actions for option in action.option_strings}
    assert "--color" in options
    assert "--json" in options or name in ("capcodec file", "capcodec fleet", "capcodec completion", "capcodec man")


def test_a_command_imports_what_it_needs():
    code = "import sys; from capcodec.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"

    def imported(*arguments: str) -> set[str]:
        result = subprocess.run([sys.executable, "-c", code, *arguments], input=NEW, capture_output=True, cwd=BIN)
        return set(result.stderr.decode().split())

    heavy = {"rich", "jinja2", "matplotlib", "shtab", "socket", "subprocess", "json", "capcodec.flow", "capcodec.vtest"}
    assert not heavy & imported("--help")
    assert "capcodec.registry" not in imported("--help"), "defining classes would take as long as all the rest"
    assert not heavy & imported("show", "-")
    assert "capcodec.files.hexdump" not in imported("show", "-")


@pytest.mark.parametrize(
    ("variables", "arguments", "colours"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"FORCE_COLOR": "", "NO_COLOR": ""}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
    ],
)
def test_colours_as_users_set_them(variables, arguments, colours):
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    for command in (["lint", "-"], ["show", "-"], ["flow"]):
        result = subprocess.run(
            [sys.executable, "-m", "capcodec", *command, *arguments],
            input=OLD, capture_output=True, cwd=BIN, env={**environment, "TERM": "xterm-256color", **variables},
        )  # fmt: skip
        assert result.stderr == b""
        assert (b"\x1b[" in result.stdout) == colours


def test_json_that_serve_prints(tmp_path):
    (tmp_path / "capset.bin").write_bytes(NEW)
    socket = str(tmp_path / "socket")
    told = run("serve", str(tmp_path / "capset.bin"), "--json", "--socket", socket, "--", "true")
    assert json.loads(told) == {"capset_id": 2, "size": len(NEW), "socket": socket}
