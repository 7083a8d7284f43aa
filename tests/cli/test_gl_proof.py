"""What the installed Mesa says of a capset, on the screen."""

from __future__ import annotations

import json

from capcodec import VirglCapsV2, captures
from command import run

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def without(path: str) -> bytes:
    caps = VirglCapsV2.unpack(NEWEST)
    caps[path] = 0
    return caps.pack()


def test_what_lifts_it(mesa, default_socket, blob):
    output = run("gl", blob(without("bset.has_fp64")), "--prove")
    assert output.startswith(f"Mesa {mesa}, as a vtest guest with ")
    assert "  core 3.3, as gl says\n    the fewest changes that lift it:\n      v1.bset.has_fp64 = 1\n" in output
    assert "  es 3.2, as gl says\n    no change of the fields of a host lifts it\n" in output


def test_as_json(mesa, default_socket, blob):
    told = json.loads(run("gl", blob(without("max_render_targets")), "--prove", "--json"))
    assert (told["mesa"], told["differs"], told["error"]) == (mesa, [], "")
    assert told["versions"]["core"] is None
    assert told["lifts"]["core"] == ["v1.max_render_targets = 8"]
