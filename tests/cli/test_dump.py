"""Dumps from the command line."""

from __future__ import annotations

import base64

from capcodec import VirglCapsV1, captures
from capcodec.files import hexdump
from command import run

SAMPLES = [captures.load(name) for name in captures.names()[::5]]


def test_every_style_and_back(tmp_path):
    data = SAMPLES[0]
    file = tmp_path / "dump"
    for style in hexdump.STYLES:
        file.write_bytes(data)
        text = run("dump", str(file), "--style", style)
        assert text == hexdump.dump(data, style)
        file.write_text(text)
        capset_id = "1" if len(data) == VirglCapsV1.size else "2"
        shown = run("show", str(file), "--json", "--capset", capset_id)
        file.write_bytes(data)
        assert shown == run("show", str(file), "--json", "--capset", capset_id)
    assert (
        run("dump", "-", "--from", "base64", "--style", "base64", stdin=b"QUJDRA==")
        == base64.b64encode(b"ABCD").decode() + "\n"
    )
    assert "hex dump: there is nothing" in run("show", "-", "--from", "hex", status=2)
