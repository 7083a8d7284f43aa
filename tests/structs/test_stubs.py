"""Stubs from schemas: what type checkers are told, for capcodec's own classes and for a user's."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
import types
from pathlib import Path

import pytest

import capcodec
import checkers
from capcodec import classes, define
from capcodec.registry import CAPSETS
from capcodec.schema import char, f32, struct, u32, union
from capcodec.structs import stubs

PACKAGE = Path(capcodec.__file__).parent
WRITTEN = [
    path for path in sorted(PACKAGE.rglob("*.pyi")) if path.read_text().startswith("# Written by `capcodec stubs ")
]

MODULE = '''"""Structs of a device."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from capcodec import VirglVideoCaps, define
from capcodec.capsets.virgl import virgl_video_caps
from capcodec.schema import Member, char, f32, struct, u32, u64

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 16
NAMES = {0: "FAST", 1: "WIDE"}

inner = struct("inner_part", u32("count"), f32("scale[2][3]"))
my_caps = struct(
    "my_caps",
    u32("version", 'says """which" version'),
    u64("size"),
    inner("parts[4]"),
    virgl_video_caps("video"),
    char("name[16]"),
    capset_id=50,
)
MyCaps = define(my_caps)
Again = MyCaps
for _index in range(2):
    globals()[f"LATER_{_index}"] = _index


class Reader:
    """Reads."""

    def read(self, path: Path) -> Iterator[MyCaps]:
        yield MyCaps.unpack(path.read_bytes())


def first(member: Member, *more: int, name: str = os.sep) -> str:
    return member.name
'''

CODE = """from pathlib import Path

import my_structs
from capcodec import VirglVideoCaps
from capcodec.schema import u32
from my_structs import MyCaps, Reader, first
from typing_extensions import assert_type


def f(caps: MyCaps, reader: Reader) -> None:
    assert_type(caps.version, int)
    assert_type(caps.size_, int)
    assert_type(caps.size, int)
    assert_type(caps.parts[1].scale[1][2], float)
    assert_type(caps.video, VirglVideoCaps)
    assert_type(caps.name_, bytes)
    assert_type(MyCaps(version=1, size=2).capset_id, int)
    assert_type(my_structs.Again.version.offset, int)
    assert_type([caps.version for caps in reader.read(Path("x"))], list[int])
    assert_type(first(u32("x"), 1, name="y"), str)
    assert_type(my_structs.NAMES, dict[int, str])
    print(my_structs.LATER_1 + my_structs.LIMIT, my_structs.my_caps.doc)
    caps.versoin  # wrong
    caps.parts[0].counts  # wrong
    caps.parts[0].scale[0][0] = "1"  # wrong
    MyCaps(sized=1)  # wrong
    first("x")  # wrong
    my_structs.LATER_2  # wrong
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    """The stub of a user's module, and the directory that has both."""
    (tmp_path / "my_structs.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "my_structs", raising=False)
    text = stubs.module_stub(importlib.import_module("my_structs"), MODULE)
    (tmp_path / "my_structs.pyi").write_text(text)
    yield tmp_path
    sys.modules.pop("my_structs", None)


def test_classes_stand_in_the_order_of_all_whichever_was_asked_for_first():
    module = types.ModuleType("made")
    module.__all__ = ["First", "Second"]
    for name in ("Second", "First"):
        setattr(module, name, define(struct(name.lower(), u32("x")), module="made"))
    text = stubs.module_stub(module, "")
    assert 0 < text.index("class First") < text.index("class Second")


def test_stubs_that_are_shipped_are_up_to_date():
    """After a change of a schema: ``capcodec stubs --into . MODULE``; CONTRIBUTING.md says which."""
    assert {path.stem for path in WRITTEN} >= {"classes"}
    for path in WRITTEN:
        module = importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
        assert path.read_text() == stubs.module_stub(module, path.with_suffix(".py").read_text()), path


def test_every_class_of_a_capset_has_a_stub():
    def within(cls):
        yield cls
        for field in cls.fields.values():
            if field.layout is not None:
                yield from within(define(field.layout.schema))

    known = {cls.__name__ for entry in CAPSETS.values() for cls in within(entry.cls)}
    assert set(classes.__all__) == known
    assert all(getattr(classes, name).__name__ == name for name in classes.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = classes.Nothing


@pytest.mark.parametrize("checker", checkers.CHECKERS)
def test_a_module_of_a_user(checker, written):
    code = written / "code.py"
    code.write_text(CODE)
    found = checkers.refused(checker, code, written)
    assert set(found) == checkers.marked(code), found


def test_the_stub_of_a_user_agrees_with_the_module(written):
    checkers.real.need_checker("stubtest")
    result = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "my_structs"],
        cwd=written,
        capture_output=True,
        text=True,
        env={"MYPYPATH": ".", "PYTHONPATH": "."},
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_what_a_stub_tells_of_a_field():
    text = stubs.module_stub(classes, Path(classes.__file__).read_text())
    tree = ast.parse(text)
    (cls,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "VirglCapsV2")
    (field,) = (node for node in cls.body if getattr(node, "name", "") == "max_compute_grid_size")
    doc = ast.get_docstring(field)
    assert ast.unparse(field.returns) == "Array[int]"
    assert "Type: u32[3]" in doc
    assert "Since: 484" in doc
    assert "Range" not in doc  # the type tells


HOSTILE = [
    'ends in "',
    'has """ and \\',
    "has \0 and \r\n and \N{BELL} and \ud800",
    "'''",
    "{x} %s",
    "a" * 10_000,
    "\\",
]


@pytest.mark.parametrize("doc", HOSTILE)
def test_any_documentation_gives_a_stub_that_python_reads(doc):
    module = types.ModuleType("hostile")
    module.Hostile = define(struct("hostile", u32("x", doc, unit=doc, default=1), doc=doc))
    tree = ast.parse(stubs.module_stub(module, ""))
    assert any(isinstance(node, ast.ClassDef) and node.name == "Hostile" for node in tree.body)


def test_odd_names():
    """Names that Python keeps for itself, and those of what a stub needs."""
    module = types.ModuleType("odd")
    part = union("Self", u32("cls"), f32("source"))
    odd = struct("odd", u32("from"), u32("cls"), u32("source"), u32("__hidden"), part("Any"), char("Member[3][4]"))
    module.Member, module.Final = define(odd), 3
    text = stubs.module_stub(module, "Final = 3\n")
    assert "def from" not in text
    assert "Member as _Member" in text
    assert "class _Self(Struct)" in text
    compile(text, "odd.pyi", "exec")
