"""``capcodec upstream``: what it says of a history that is not virglrenderer's, and of one that has grown."""

from __future__ import annotations

from pathlib import Path

import pytest

from capcodec import VirglCapsV2
from capcodec.meaning.releases import RELEASES, Release
from command import run
from histories import Made, grow, real_history
from planted import Copy


def test_a_repository_that_is_not_virglrenderer(tmp_path):
    made = Made(tmp_path / "made")
    made.commit({"it.h": "struct it { int a; };\n"})
    assert "src/virgl_hw.h" in run("upstream", str(made.path), "--check", status=2)
    assert "no such" in run("upstream", str(tmp_path / "none"), status=2).lower()


PLANTED = {
    "a bit's date": ("virgl_hw.py", '"2024-01-17", "1.1.0"', '"2024-01-18", "1.1.0"'),
    "a bit's commit": ("virgl_hw.py", "66049f6b1014", "66049f6b1015"),
    "a step's date": ("virgl_hw.py", '"03ee5e5e28e5", "2024-10-15"', '"03ee5e5e28e5", "2024-10-14"'),
    "a format's name": ("virgl_formats.py", '(480, "Y12X4_U12X4_V12X4_444_UNORM"', '(480, "Y12X4"'),
    "a release": ("virgl_formats.py", '(479, "Y12X4_U12X4_V12X4_422_UNORM", "1.2.0"', '(479, "Y12X4_U12X4_V12X4_422_UNORM", "1.1.1"'),
    "a release's date": ("virglrenderer_releases.py", "2025-09-08", "2025-09-09"),
    "a step of venus": ("venus_hw.py", "2021-11-11", "2021-11-12"),
    "a step of drm": ("drm_hw.py", "2022-03-19", "2022-03-18"),
}  # fmt: skip


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A copy of the package with faults planted, and then the next release harvested into it."""
    directory = tmp_path_factory.mktemp("grown")
    growth = grow(real_history(tmp_path_factory.mktemp("history")), directory)
    copy = Copy(directory)
    before = {}
    for module, old, new in PLANTED.values():
        path = copy.package / "capsets" / module
        before.setdefault(module, path.read_text())
        copy.plant(f"capsets/{module}", old, new)
    into = str(copy.package / "capsets")
    checked = copy.run("-m", "capcodec", "upstream", str(growth.path), "--check", "--into", into, status=1)
    assert {path.name: path.read_text() for path in Path(into).glob("*.py")}["venus_hw.py"] != before["venus_hw.py"]
    written = copy.run("-m", "capcodec", "upstream", str(growth.path), "--into", into)
    return growth, copy, before, checked, written


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_fault_is_found(case, grown):
    _, copy, before, checked, _ = grown
    module, old, new = PLANTED[case]
    assert new in checked
    text = (copy.package / "capsets" / module).read_text()
    assert text.count(old) == before[module].count(old)


def test_the_next_release(grown):
    growth, copy, _, _, written = grown
    word = growth.word
    assert f"virgl_caps_v2.{word}_one has no meaning yet: say it in virgl.py" in written
    size, number = VirglCapsV2.size, RELEASES[-1].format_max
    printed = copy.run(
        "import capcodec; from capcodec.meaning.formats import format_number; from capcodec.meaning.releases import RELEASES; "
        f"V = capcodec.VirglCapsV2; f = V.fields['{word}_two']; print(V.size, f.offset, f.since.release, RELEASES[-1]); "
        f"print(format_number('{word.upper()}'), V.fields['capability_bits_v2'].flags[{growth.bit}]); "
        f"caps = V.zeros(); caps.{word}_one = 7; assert V.unpack(caps.pack()).{word}_one == 7; "
        "assert capcodec.identify(caps.pack()) is not None"
    )
    release = Release(growth.release, growth.date, growth.version, number + 1)
    assert printed.splitlines() == [f"{size + 8} {size + 4} {growth.release} {release}", f"{number} {word.upper()}"]
