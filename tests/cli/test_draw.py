"""Pictures, and that those of the documentation are today's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from capcodec import VirglCapsV2, cli
from command import run
from real import need_extra

needs_matplotlib = pytest.fixture(autouse=True)(lambda: need_extra("draw"))
DOCS = Path(__file__).parents[2] / "docs"


def words(svg: str) -> list[str]:
    """All text of a picture; shapes depend on the version of matplotlib."""
    assert svg.rstrip().endswith("</svg>")
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("picture", ["layout", "growth"])
def test_the_pictures_of_the_documentation(picture):
    drawn = run("draw", picture)
    assert words((DOCS / f"{picture}.svg").read_text()) == words(drawn)
    assert drawn == run("draw", picture), "the same every time"


def test_what_is_in_them():
    layout, growth = words(run("draw", "layout")), words(run("draw", "growth"))
    for step in VirglCapsV2.layout.steps:
        assert any(text.startswith(f"{step.size} bytes") for text in layout)
        assert step.release in growth
    assert {"v1", "renderer", "scanout", "video_caps"} <= set(layout)


@pytest.mark.parametrize("capset", ["venus", "1", "drm", "apir", "cross-domain"])
def test_other_capsets_and_formats(capset, tmp_path):
    for ending, start in (("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")):
        output = tmp_path / f"picture.{ending}"
        told = json.loads(run("draw", "layout", "--capset", capset, "--output", str(output), "--json"))
        assert told == {"picture": "layout", "output": str(output), "size": output.stat().st_size}
        assert output.read_bytes().startswith(start)


def test_what_cannot_be_drawn(capsys):
    assert cli.main(["draw", "layout", "--output", "picture.txt"]) == 2
    assert "expected a file that ends in .svg, .png, .pdf, got picture.txt" in capsys.readouterr().err
    assert cli.main(["draw", "growth", "--capset", "apir"]) == 2
    assert "has no history of sizes" in capsys.readouterr().err
