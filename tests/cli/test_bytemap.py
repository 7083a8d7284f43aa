"""Where a capset ends on the map of its history."""

from __future__ import annotations

import pytest

from capcodec import VirglCapsV2, captures
from capcodec.cli import bytemap
from command import run

SWAPPED = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")


def letters(size: int) -> str:
    lines = list(bytemap.lines(VirglCapsV2.unpack(bytes(size))))
    return "".join(line.partition(": ")[2] for line in lines[1:] if line.split(":")[0].strip().isdecimal())


@pytest.mark.parametrize("size", [0, 4, 380, 690, 696, VirglCapsV2.size])
def test_letters(size):
    steps = VirglCapsV2.layout.steps
    releases = list(dict.fromkeys(step.release for step in steps))
    drawn = letters(size)
    assert len(drawn) == VirglCapsV2.size // bytemap.CELL
    assert drawn.isalpha()
    for number, letter in enumerate(drawn):
        end = (number + 1) * bytemap.CELL
        release = next(step.release for step in steps if step.size >= end)
        assert ord(letter.upper()) - ord("A") == releases.index(release)
        assert letter.isupper() == (end <= size)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "before the first size step, 380"),
        (380, "which is a size step"),
        (690, "behind size step 688 and before 692"),
        (VirglCapsV2.size, "which is a size step"),
    ],
)
def test_where_it_ends(size, words):
    assert list(bytemap.lines(VirglCapsV2.unpack(bytes(size))))[-1] == f"the capset ends at byte {size}, {words}"


def test_show_draws_it(blob):
    output = run("show", blob(SWAPPED))
    assert "the capset ends at byte 696, which is a size step\n" in output
    assert "  D 0.9.1: 696\n" in output
    assert max(map(len, output.partition("\nbyte  field")[0].splitlines()[1:])) <= 80


def test_runs_fill_the_field():
    for field in VirglCapsV2.fields.values():
        cells = [row * 64 + column + at for row, column, width in bytemap.runs(field, 64) for at in range(width)]
        assert cells == list(range(field.offset, field.end))
