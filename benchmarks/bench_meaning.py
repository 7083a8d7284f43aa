"""How long until the bytes of a capset are understood, beside the time for all its values as a nested dict?"""

from __future__ import annotations

import pytest

import rivals
from capcodec import VirglCapsV2, captures, diff, gl, guest_view, identify, lint

NAMES = {
    "capset": VirglCapsV2.unpack(rivals.DATA),
    "DATA": rivals.DATA,
    "OLDER": captures.load("virglrenderer-1.1.1-llvmpipe-gl.capset2.bin"),
    "MUCH_OLDER": captures.load("virglrenderer-0.10.4-llvmpipe-gl.capset2.bin"),
    "SAME": bytes(bytearray(rivals.DATA)),
    "diff": diff,
    "gl": gl,
    "guest_view": guest_view,
    "identify": identify,
    "lint": lint,
}
QUESTIONS = {  # statement, and how many times as long as to_dict it may take
    "identify": ("identify(DATA)", 6),
    "lint": ("lint(DATA)", 5),
    "guest_view": ("guest_view(DATA)", 10),
    "gl": ("gl(DATA)", 12),
    "diff of 1.1.1 and 1.3.0": ("diff(OLDER, DATA)", 10),
    "diff of 0.10.4 and 1.3.0": ("diff(MUCH_OLDER, DATA)", 10),
    "diff of equal bytes": ("diff(DATA, SAME)", 0.1),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("who", ["capcodec", "to_dict"])
def test_meaning(measure, who, question):
    statement, most = QUESTIONS[question]
    measure(
        f"{question}, at most {most} of to_dict", statement if who == "capcodec" else "capset.to_dict()", NAMES, 100
    )
