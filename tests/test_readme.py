"""The README: short enough to read, and its links and headings lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TREE = Path(__file__).parent.parent
PAGES = sorted([*TREE.glob("*.md"), *(TREE / "docs").glob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def test_the_readme_is_short():
    readme = (TREE / "README.md").read_text()
    assert len(readme.split()) <= 700
    assert len(re.findall(r"!\[", readme)) == 1


def anchors(page: Path) -> set[str]:
    """What a link to a heading may say, as GitHub and myst-parser spell it."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_link_is_broken(page):
    for link in LINK.findall(page.read_text()):
        name, _, anchor = link.partition("#")
        assert "://" not in name, "what may vanish is not tested here"
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link
