"""The story of capset 2."""

from __future__ import annotations

from capcodec import VirglCapsV2, captures
from capcodec.cli.demo import NEW_HOST
from command import run


def test_demo_tells_the_story():
    output = run("demo")
    assert "copies what the host has, 380 bytes" in output
    assert "72 bytes beyond the struct were written" in output
    assert "copies the smaller of the two sizes, 308 bytes" in output
    assert "0 bytes beyond the struct were written" in output
    new_host = len(captures.load(NEW_HOST))
    assert f"688 are copied, 0 cut off, {VirglCapsV2.size - 688} keep the guest's default" in output
    assert f"688 are copied, {new_host - 688} cut off, 0 keep the guest's default" in output
