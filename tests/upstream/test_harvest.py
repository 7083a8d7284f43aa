"""What a history says: of a made-up one each fact, and of virglrenderer's what this package ships."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from capcodec.upstream import harvest
from capcodec.upstream.history import History
from capcodec.upstream.repository import Repository
from capcodec.upstream.rules_file import Rules
from histories import Made

FIRST = """struct caps { int a; };
#define CAP_OLD (1 << 0)
enum formats { FORMAT_A, FORMAT_MAX };
"""


@pytest.fixture
def past(tmp_path):
    made = Made(tmp_path / "made")
    ids = [made.commit({"hw.h": FIRST, "src/vrend_renderer.c": "x"}, tag="proj-0.1.0")]
    for old, new, tag in (
        ("int a;", "int a; int b;", ""),
        ("int b;", "int c; int b;", "proj-0.2.0"),  # a break that is taken back
        ("int c; int b;", "int b; int c;", "v0.10.0"),
        ("CAP_OLD (1 << 0)", "CAP_NEW (1 << 0)\n#define CAP_OLD CAP_NEW\n#define CAP_TOP (1 << 31)", ""),
        ("FORMAT_A,", "FORMAT_A, FORMAT_B, FORMAT_C = 1,", "0.11.0"),
        ("FORMAT_B, FORMAT_C = 1,", "FORMAT_D,", ""),
        ("int c;", "int c; struct { char text[8]; } d;", ""),
    ):
        text = (made.path / "hw.h").read_text()
        assert old in text
        ids.append(made.commit({"hw.h": text.replace(old, new, 1)}, tag=tag))
    repository = Repository(str(made.path))
    return harvest.Past(History(repository, Rules()), "hw.h"), [id_[:12] for id_ in ids]


def test_fields(past):
    history, ids = past
    found = harvest.fields(history, ["caps"], Rules().is_padding)
    assert found == {
        "a": harvest.Origin(4, ids[0], "2020-01-01", "0.1.0"),
        "b": harvest.Origin(8, ids[1], "2020-01-02", "0.2.0"),
        "c": harvest.Origin(12, ids[3], "2020-01-04", "0.10.0"),
        "d": harvest.Origin(20, ids[7], "2020-01-08", ""),
    }
    gone = harvest.fields(history, ["caps"], Rules().is_padding, layout=[("c", 32, 32), ("b", 64, 32)])
    assert gone == {"b": harvest.Origin(12, ids[2], "2020-01-03", "0.2.0")}
    assert [field.name for field in harvest.new_fields(history, ["caps"], ["a", "b"])] == ["c", "d"]
    assert harvest.struct_in(history.newest, ["caps", "d"]).size == 8


def test_flags_formats_and_releases(past):
    history, ids = past
    names, origins = harvest.flags(history, "CAP_")
    assert names == {0: "NEW", 31: "TOP"}
    assert origins[0] == harvest.Origin(None, ids[0], "2020-01-01", "0.1.0", ("OLD", ids[4], "2020-01-05", "0.11.0"))
    assert origins[31].release == "0.11.0"
    assert harvest.formats(history, "formats", "FORMAT_") == [
        (0, "A", "0.1.0", ""), (1, "B", "0.11.0", ""), (1, "C", "0.11.0", ""), (1, "D", "", ""),
    ]  # fmt: skip
    assert [row[:1] + row[2:] for row in harvest.releases(history, "formats", "FORMAT_MAX")] == [
        ("0.1.0", 0, 1), ("0.2.0", 0, 1), ("0.10.0", 0, 1), ("0.11.0", 0, 2),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def modules(virglrenderer, tmp_path_factory):
    """The data modules that a harvest writes where their tables were deleted, and what it printed."""
    import re

    import capcodec.capsets

    shipped = Path(capcodec.capsets.__file__).parent
    into = tmp_path_factory.mktemp("capsets")
    for path in shipped.glob("*.py"):
        text = path.read_text()
        if path.name in ("virgl_hw.py", "venus_hw.py", "drm_hw.py", "virgl_formats.py", "virglrenderer_releases.py"):
            text = re.sub(r"(?ms)\n?^[A-Z0-9_]+ = [({].*?^[)}]\n", "", text)
            assert text != path.read_text()
        (into / path.name).write_text(text)
    command = [sys.executable, "-m", "capcodec", "upstream", virglrenderer, "--into", str(into)]
    printed = subprocess.run(command, capture_output=True, text=True, cwd=Path(sys.executable).parent)
    assert printed.returncode == 0, printed.stderr
    return shipped, into


@pytest.mark.parametrize(
    "name",
    ["virgl_hw.py", "venus_hw.py", "drm_hw.py", "virgl_formats.py", "virgl.py", "venus.py"],
)
def test_what_is_shipped_is_what_the_history_says(name, modules):
    shipped, into = modules
    assert (into / name).read_text() == (shipped / name).read_text()


def test_the_releases_are_those_of_the_tags(modules):
    """But for host_feature_check_version, which a partial clone lacks."""
    shipped, into = modules
    assert (into / "virglrenderer_releases.py").read_text() == (shipped / "virglrenderer_releases.py").read_text()
