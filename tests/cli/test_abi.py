"""The gate on the command line: its statuses and its formats."""

from __future__ import annotations

import json

import pytest

from capcodec import cli
from command import run
from histories import Made


@pytest.fixture
def headers(tmp_path):
    for name, body in (
        ("old", "int a;"),
        ("grown", "int a; int b;"),
        ("broken", "int b; int a;"),
        ("bad", "nonsense x;"),
    ):
        (tmp_path / f"{name}.h").write_text(f"struct it {{ {body} }};\n")
    return {path.stem: str(path) for path in tmp_path.glob("*.h")}


def test_statuses(headers):
    assert run("abi", headers["old"], headers["grown"]) == "0 broken, 0 to note, 1 fine\n"
    assert "append struct it.b" in run("abi", "--all", headers["old"], headers["grown"])
    assert run("abi", headers["old"], headers["broken"], status=1) == ""
    assert "bad.h:1:" in run("abi", headers["old"], headers["bad"], status=2)
    assert "expected OLD and NEW" in run("abi", headers["old"], status=2)


def test_git(tmp_path):
    made = Made(tmp_path / "made")
    made.commit({"it.h": "struct it { int a; };\n"}, tag="v1.0")
    made.commit({"it.h": "struct it { int a, b; };\n"})
    told = json.loads(run("abi", "--git", str(made.path), "--base", "latest", "--format", "json", "it.h"))
    assert [(step["new"], [item["kind"] for item in step["changes"]]) for step in told][-1][1] == ["append"]
    for form in ("codequality", "junit", "github", "text"):
        run("abi", "--git", str(made.path), "--format", form, "it.h")
    assert run("abi", "--git", str(made.path), "--claims", "it.h") == "0 numbers are claimed twice\n"
    assert "no such" in run("abi", "--git", str(tmp_path / "none"), "it.h", status=2).lower()


def test_headers_of_a_history_may_need_others(tmp_path, capsys):
    """--include adds to the rules that the newest commit has."""
    made = Made(tmp_path / "made")
    made.commit({"it.h": "struct it { uint32_t a; };\n"}, tag="v1.0")
    made.commit({"it.h": "struct it { uint32_t a, b; };\n"})
    arguments = ["abi", "--git", str(made.path), "--base", "v1.0", "it.h"]
    assert cli.main(arguments) == 2
    assert "--include stdint.h may help" in capsys.readouterr().out
    assert cli.main([*arguments, "--include", "stdint.h"]) == 0
    assert capsys.readouterr().out.endswith("0 broken, 0 to note, 2 fine\n")


def test_numbers_claimed_twice(tmp_path, capsys):
    made = Made(tmp_path / "made")
    made.commit({"it.h": "enum it { A };\n"})
    for name in ("B", "C"):
        made.git("checkout", "-q", "-b", name, "main")
        made.commit({"it.h": f"enum it {{ A, {name} }};\n"})
    made.git("checkout", "-q", "main")
    assert cli.main(["abi", "--git", str(made.path), "--claims", "--format", "json", "it.h"]) == 1
    names = {"refs/heads/B": "B", "refs/heads/C": "C"}
    assert json.loads(capsys.readouterr().out) == [{"path": "it.h", "what": "enum it", "number": "1", "names": names}]


def test_rules(headers, tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text('[struct.it]\nfrozen = true\nreason = "so"\n')
    run("abi", "--rules", str(rules), headers["old"], headers["grown"], status=1)
    rules.write_text("[frozen]")
    assert "frozen is not known" in run("abi", "--rules", str(rules), headers["old"], headers["grown"], status=2)
