"""Who may import whom: no import climbs from a floor to a higher one, and modules form no circle."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import import_graph

TREE = Path(__file__).parent.parent

# Rooms by floor, from the lowest. The order of modules within a room, and of rooms on a floor, is derived: no circles.
FLOORS = [
    {"errors", "captures", "C headers"},
    {"schema"},
    {"structs", "capsets", "upstream"},
    {"registry", "classes", "messages"},
    {"meaning", "files", "sources", "flow", "measure"},
    {"fleet", "vtest", "vhost", "testing"},
    {"capcodec"},  # the names that users import, most of them lazily
    {"cli"},
    {"__main__"},
]
RECURSIVE = ("capcodec.structs.field", "capcodec.structs.layout")  # a field may be a struct, which has fields


@pytest.fixture(scope="module")
def graph():
    found = import_graph.read(TREE)
    found[RECURSIVE[0]].remove(RECURSIVE[1])
    return found


def test_every_module_has_its_floor(graph):
    assert {import_graph.room_of(module) for module in graph} == set().union(*FLOORS)


def test_the_core_is_looked_at(graph):
    core = set().union(*(found for name, found in graph.items() if name.startswith("capcodec.structs._")))
    assert {"capcodec.errors", "cc_copy.h", "cc_row.h"} <= core
    assert "cc_row.h" in graph["cc_field.h"]


def test_no_import_climbs(graph):
    assert import_graph.climbs(graph, FLOORS) == []


def test_no_circle(graph):
    assert import_graph.circles(graph) == []


def test_errors_import_nothing(graph):
    assert graph["capcodec.errors"] == set()


PLANTED = {
    "at the top": ("structs/abi.py", "\nfrom ..registry import find\n"),
    "lazily": ("structs/methods.py", "\n\ndef later():\n    from ..meaning.identify import identify\n"),
    "by name": ("schema.py", "\nfrom importlib import import_module\nimport_module('capcodec.structs.layout')\n"),
    "for type checkers": ("errors.py", "\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    from .schema import Schema\n"),
    "in a stub": ("structs/_classes.pyi", "\nfrom ..registry import find\n"),
    "in the core": ("../src/_classes.pyx", "\nfrom capcodec import registry\n"),
}


@pytest.mark.parametrize(("path", "text"), PLANTED.values(), ids=PLANTED)
def test_an_import_that_climbs_is_found(path, text, tmp_path):
    for part in ("capcodec", "src"):
        shutil.copytree(TREE / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    assert import_graph.climbs(import_graph.read(tmp_path), FLOORS) == []
    with open(tmp_path / "capcodec" / path, "a") as file:
        file.write(text)
    assert len(import_graph.climbs(import_graph.read(tmp_path), FLOORS)) == 1


def test_a_circle_is_found(tmp_path):
    for part in ("capcodec", "src"):
        shutil.copytree(TREE / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    with open(tmp_path / "capcodec" / "structs" / "abi.py", "a") as file:
        file.write("\n\ndef later():\n    from .since import History\n")
    found = import_graph.read(tmp_path)
    found[RECURSIVE[0]].remove(RECURSIVE[1])
    assert import_graph.circles(found) == [f"capcodec.structs.{name}" for name in ("abi", "field", "since")]


# Every room with a protocol has its parts: what is sent, who answers, and one connection
OF_A_PROTOCOL = {"protocol", "server", "session"}


def test_no_file_name_means_two_things():
    """Of modules; a command may be named as what it shows."""
    rooms: dict[str, list[str]] = {}
    for path in (TREE / "capcodec").rglob("*.py"):
        if path.parent.name != "cli" and path.stem not in {"__init__", "__main__", *OF_A_PROTOCOL}:
            rooms.setdefault(path.stem, []).append(path.parent.name)
    assert {name: found for name, found in rooms.items() if len(found) > 1} == {}
