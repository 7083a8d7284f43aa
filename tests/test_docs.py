"""The documentation: it builds without a warning, its blocks run as they claim, and its tables are today's."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import example_files
from capcodec import captures
from capcodec.cli import commands
from capcodec.files import capset_file
from command import BIN
from histories import history_at
from logs import REAL
from real import need_extra

TREE = Path(__file__).parent.parent
DOCS = TREE / "docs"
PAGES = [TREE / "README.md", *sorted(DOCS.glob("*.md"))]
VALUE = r"\d+|True|False|None|'[^']*'|\([^)]*\)|\[[^\]]*\]"
CLAIM = re.compile(rf"^(?P<code>[a-zA-Z(\[][^#]*?) +# (?P<value>{VALUE})[.:;,]?(?: .*|$)")
LONG = ("python3 -m venv", "pip install")  # set-up and benchmarks, which .ci/run does
NEW = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
OLD = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")


def blocks(language: str) -> list:
    found = []
    for page in PAGES:
        for number, block in enumerate(re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.DOTALL)):
            found.append(pytest.param(block, id=f"{page.name}-{number}"))
    return found


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A directory with the files that the documentation speaks of."""
    monkeypatch.chdir(tmp_path)
    for name in ("capset.bin", "host.bin"):
        (tmp_path / name).write_bytes(NEW)
    (tmp_path / "old.bin").write_bytes(OLD)
    example_files.write(tmp_path)
    (tmp_path / "guest.log").write_text(REAL.replace("1376", "308"))
    return tmp_path


@pytest.mark.parametrize("block", blocks("python"))
def test_python(block, files):
    """Every line runs, tests in pytest. Where a comment starts with a value, the line before it gives that value."""
    if "def test_" in block:
        (files / "test_it.py").write_text(block)
        command = [sys.executable, "-m", "pytest", "-q", "--update-capsets", "test_it.py"]
        assert "passed" in subprocess.run(command, capture_output=True, text=True, cwd=files, check=True).stdout
        return
    scope = {"__name__": "docs"}
    if "capcodec.fleet.records" in block:
        need_extra("fleet pack")
    if not any(CLAIM.match(line) for line in block.splitlines()):
        exec(block, scope)
        return
    statement = ""
    for line in block.splitlines():
        claim = CLAIM.match(line)
        if claim and not statement and "=" not in re.sub(r"==|\w+=\w", "", claim["code"]):
            assert eval(claim["code"], scope) == eval(claim["value"]), line
            continue
        if statement and not line.startswith((" ", ")")):
            exec(statement, scope)
            statement = ""
        statement += line + "\n"
    exec(statement, scope)


def test_claims_are_seen():
    claims = [line for block in blocks("python") for line in block.values[0].splitlines() if CLAIM.match(line)]
    assert len(claims) >= 20


@pytest.mark.parametrize("block", blocks("sh"))
def test_commands(block, files, request):
    if "capcodec serve" in block:
        request.getfixturevalue("default_socket")
    if any(words in block for words in LONG):
        assert block.count("\n") == 1
        return
    for command in re.findall(r"^capcodec (\w+(?: \w+)?)", block, re.MULTILINE):
        need_extra(command)
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], capture_output=True, env=environment, cwd=files)
    assert (done.returncode, done.stderr) == (0, b"")


def test_it_builds_without_a_warning(tmp_path):
    if sys.version_info < (3, 11):
        pytest.skip("no current Sphinx runs on Python 3.10, and the documentation is for a current one")
    need_extra("sphinx-build")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", DOCS, tmp_path / "html"],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    reference = (tmp_path / "html" / "reference.html").read_text()
    for name in ("capcodec.Struct", "capcodec.min_copy", "capcodec.files.saved.load", "capcodec.meaning.gl.gl"):
        assert f'id="{name}"' in reference


def test_the_history():
    spec = importlib.util.spec_from_file_location("history", DOCS / "history.py")
    history = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(history)
    assert (DOCS / "history.md").read_text().endswith(f"\n\n{history.table()}")


def flattened(value: object, path: str = "") -> Iterator[str]:
    """Keys of a JSON value, spelt as in the documentation."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from flattened(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for part in value:
            yield from flattened(part, f"{path}[]")
    else:
        yield path


def documented() -> dict[str, dict[str, str]]:
    """By command: what is said of each key."""
    found: dict[str, dict[str, str]] = {}
    for section in (DOCS / "json.md").read_text().split("\n## ")[1:]:
        name, _, text = section.partition("\n")
        found[name] = dict(re.findall(r"^\| `([^`]+)` \| (.*) \|$", text, re.MULTILINE))
    return found


SHAPES = documented()
CALLS = {
    "show": ["host.bin"],
    "identify": ["old.bin"],
    "lint": ["old.bin"],
    "diff": ["old.bin", "host.bin"],
    "report": ["host.bin", "-o", "page.html"],
    "copy": ["host.bin", "688"],
    "guest": ["old.bin"],
    "gl": ["host.bin"],
    "fleet baseline": ["old.bin", "host.bin"],
    "fleet fits": ["host.bin", "old.bin"],
    "fleet pack": ["old.bin", "host.bin", "-o", "fleet.parquet"],
    "fleet describe": ["old.bin", "host.bin"],
    "fleet query": ["host.bin", "max_samples"],
    "fleet simulate": ["-n", "10", "-o", "fleet.parquet"],
    "file list": ["virgl.capset"],
    "file extract": ["virgl.capset", "2", "out.bin"],
    "file pack": ["new.capset", "2:2:host.bin"],
    "dump": ["host.bin"],
    "dmesg": ["guest.log"],
    "probe": [],
    "flow": [],
    "serve": ["host.bin", "--socket", "socket", "--", "true"],
    "demo": [],
    "bench": ["--records", "10"],
    "stubs": ["my_structs"],
    "abi": ["old.h", "new.h"],
    "schema": ["new.h", "point"],
    "upstream": ["virglrenderer.git", "--check"],
    "draw": ["layout", "-o", "layout.svg"],
}


def test_every_json_is_documented():
    assert SHAPES.keys() == CALLS.keys()
    assert {name.split()[0] for name in SHAPES} == commands.COMMANDS.keys() - {"completion", "man"}


@pytest.mark.parametrize("name", CALLS)
def test_json_is_as_documented(name, files):
    need_extra(name)
    if name == "upstream":
        history_at(files / "virglrenderer.git")
    (files / "virgl.capset").write_bytes(capset_file.dump([capset_file.Record(2, 2, NEW)]))
    before = CALLS[name].index("--") if "--" in CALLS[name] else len(CALLS[name])
    arguments = [*name.split(), *CALLS[name][:before], "--json", *CALLS[name][before:]]
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(["capcodec", *arguments], capture_output=True, env=environment, cwd=files)
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout.isascii()
    patterns = {
        key: re.compile(
            re.sub("<path>|<field>", ".+?", re.escape(key)) + (r"(?:[.\[].*)?" if words[:3] == "any" else "")
        )
        for key, words in SHAPES[name].items()
    }
    keys = set(flattened(json.loads(done.stdout)))
    for key in keys:
        assert any(pattern.fullmatch(key) for pattern in patterns.values()), key
    if name not in ("show", "probe", "flow"):  # which differ with the machine, or with the arguments
        unseen = {key for key, pattern in patterns.items() if not any(map(pattern.fullmatch, keys))}
        assert not {key for key in unseen if "sent" not in key and "may be missing" not in SHAPES[name][key]}
