"""The README's examples run, and say what they claim."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
VALUE = r"\d+|False|None|'[^']*'|\([^)]*\)|\[[^\]]*\]"
CLAIM = re.compile(rf"^(?P<code>[a-z(\[][^#=]*?) +# (?P<value>{VALUE})[.:;,]?(?: .*|$)")


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_examples(block):
    scope = {"__name__": "readme"}
    exec(block, scope)


def test_claims():
    """Where a comment starts with a value, the line before it gives that value."""
    checked = 0
    for block in (BLOCKS[0], BLOCKS[2], BLOCKS[3]):
        scope = {"__name__": "readme"}
        for line in block.splitlines():
            claim = CLAIM.match(line)
            if claim:
                assert eval(claim["code"], scope) == eval(claim["value"]), line
                checked += 1
            else:
                exec(line, scope)
    assert checked >= 12
