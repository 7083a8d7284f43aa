"""The gate over histories that were made up: what broke, what was repaired, what shipped."""

from __future__ import annotations

import subprocess

import pytest

from capcodec.errors import ArgumentError, HeaderError, RepositoryError
from capcodec.upstream import gate, judge
from capcodec.upstream.header import Options
from capcodec.upstream.rules_file import Rules
from histories import Made

STDINT = Rules(Options(("stdint.h",)))


@pytest.fixture
def made(tmp_path):
    """Three releases: a break that was repaired in time, one that shipped, and one that is not released."""
    made = Made(tmp_path / "made")
    for body, tag in (
        ("uint32_t a; uint32_t b;", "proj-1.0"),
        ("uint32_t b; uint32_t a;", ""),
        ("uint32_t a; uint32_t b;", ""),
        ("uint32_t a; uint32_t b; uint32_t c;", "proj-1.1"),
        ("uint32_t a; uint32_t c; uint32_t b;", "proj-1.2"),
        ("uint32_t a; uint32_t b;", ""),
    ):
        made.commit({"src/caps.h": f"struct caps {{ {body} }};\n", "README": body}, message=body, tag=tag)
    return made


def rows(steps):
    return [(step.fate, step.release, [item.kind for item in step.changes]) for step in steps]


def test_a_history(made):
    verdict = gate.repository(str(made.path), ["src"], rules=STDINT)
    assert rows(verdict.commits) == [
        ("", "proj-1.0", []),
        ("repaired", "proj-1.1", ["move", "move"]),
        ("repaired", "proj-1.1", ["move", "move"]),
        ("", "proj-1.1", ["append"]),
        ("shipped", "proj-1.2", ["move", "move"]),
        ("unreleased", "", ["removal"]),
    ]
    assert [(step.old, step.new, len(step.broken)) for step in verdict.whole][:2] == [
        ("proj-1.0", "proj-1.1", 0),
        ("proj-1.1", "proj-1.2", 2),
    ]
    assert verdict.status == 1
    assert {step.includes for step in verdict.commits[1:]} == {("stdint.h",)}


def test_a_range_and_a_base(made):
    head = made.git("rev-parse", "HEAD~2")
    fine = gate.repository(str(made.path), ["src/caps.h"], range_=f"proj-1.0..{head}", rules=STDINT)
    assert fine.status == 0
    assert [step.fate for step in fine.commits] == ["repaired", "repaired", ""]
    assert gate.repository(str(made.path), ["src"], base="latest", rules=STDINT).status == 1
    assert gate.repository(str(made.path), ["src"], base="HEAD", rules=STDINT).whole == []


def test_rules_come_from_the_newest_commit(made):
    rules = (
        '[compile]\ninclude = ["stdint.h"]\n'
        + '[[accept]]\nsubject = "struct caps.*"\nreason = "it was agreed"\n'
        + '[[accept]]\nsubject = "src/caps.h"\nreason = "types were missing"\n'
    )
    made.commit({".capcodec-abi.toml": rules})
    verdict = gate.repository(str(made.path), ["src"])
    assert verdict.status == 0
    assert {item.reason for step in verdict.whole for item in step.changes if item.kind == "move"} == {"it was agreed"}


def test_what_cannot_be_read(made):
    verdict = gate.repository(str(made.path), ["src"], base="proj-1.2")
    assert verdict.status == 2
    assert "--include stdint.h may help" in verdict.whole[0].changes[0].text
    with pytest.raises(RepositoryError):
        gate.repository(str(made.path), ["src"], base="no-such-tag", rules=STDINT)
    for name in ("src/cap.h", "sources", "README"):
        for more in ({}, {"base": "proj-1.1"}, {"range_": "HEAD~1..HEAD"}):
            with pytest.raises(RepositoryError, match=f"neither the first revision nor the last has a header {name}"):
                gate.repository(str(made.path), ["src", name], rules=STDINT, **more)
    with pytest.raises(RepositoryError, match="no commit is called 'none'"):
        gate.repository(str(made.path), ["src"], range_="none..HEAD", rules=STDINT)
    with pytest.raises(ArgumentError, match="expected A..B"):
        gate.repository(str(made.path), ["src"], range_="HEAD", rules=STDINT)
    with pytest.raises(ArgumentError, match="two ways to say"):
        gate.repository(str(made.path), ["src"], range_="a..b", base="c", rules=STDINT)


def test_a_bare_repository_and_includes_of_the_commit(made, tmp_path):
    made.commit({"src/types.h": "typedef unsigned int uint32_t;\n"})
    made.commit({"src/caps.h": '#include "types.h"\nstruct caps { uint32_t a; uint32_t b; };\n'}, tag="proj-2.0")
    made.commit(
        {
            "src/types.h": "typedef unsigned long uint32_t;\n",
            "src/caps.h": '#include "types.h"\nstruct caps { uint32_t a, b, c; };\n',
        }
    )
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(made.path), str(bare)], check=True)
    verdict = gate.repository(str(bare), ["src/caps.h"], base="proj-2.0", rules=Rules())
    assert sorted(item.kind for item in verdict.whole[0].changes) == ["append", "resize", "resize"]


def test_how_much_is_read_at_most(tmp_path, monkeypatch):
    made = Made(tmp_path / "made")
    text = '#include "b.h"\n#include "c.h"\nstruct it { int a; };'
    made.commit({"a.h": text, "b.h": "", "c.h": ""}, tag="proj-1.0")
    made.commit({"a.h": text.replace("int a", "int b")})
    monkeypatch.setattr(judge, "MAX_INCLUDES", 1)
    verdict = gate.repository(str(made.path), ["a.h"], base="proj-1.0", rules=Rules())
    assert verdict.status == 2
    assert "a.h includes more than 1 files" in verdict.whole[0].changes[0].text
    monkeypatch.setattr(judge, "MAX_HEADERS", 2)
    with pytest.raises(ArgumentError, match="has more than 2 headers"):
        gate.files(str(made.path), str(made.path), Rules())
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArgumentError, match="has no headers"):
        gate.files(str(tmp_path / "empty"), str(made.path), Rules())


def test_files_and_trees(tmp_path):
    for side, body in (("old", "int a;"), ("new", "int b; int a;")):
        (tmp_path / side / "sub").mkdir(parents=True)
        (tmp_path / side / "sub" / "it.h").write_text(f"struct it {{ {body} }};")
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "gone.h").write_text("int x;")
    verdict = gate.files(str(old), str(new), Rules())
    assert [(step.path, [item.kind for item in step.changes]) for step in verdict.whole] == [
        ("sub/it.h", ["insertion"]), ("gone.h", ["removal"]),
    ]  # fmt: skip
    assert gate.files(str(old / "sub/it.h"), str(new / "sub/it.h"), Rules()).status == 1
    assert gate.files(str(old / "sub/it.h"), str(old / "sub/it.h"), Rules()).status == 0
    with pytest.raises(ArgumentError, match="not both files"):
        gate.files(str(old), str(new / "sub/it.h"), Rules())
    (new / "sub/it.h").write_text("struct {")
    assert gate.files(str(old), str(new), Rules()).status == 2
    with pytest.raises(HeaderError):
        gate.files(str(old / "sub/it.h"), str(new / "sub/it.h"), Rules())
