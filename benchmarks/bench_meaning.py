"""How long until the bytes of a capset are understood, beside the time for all its values as a nested dict?

No capset is asked about twice in a row: each is one of 1,000 that differ in a word that no answer depends on.
"""

from __future__ import annotations

from itertools import cycle

import pytest

import rivals
from capcodec import VirglCapsV2, captures, diff, gl, guest_view, identify, lint

COUNT = 1000
AT = VirglCapsV2.fields["max_texel_offset"].offset


def each(data: bytes) -> list[bytes]:
    return [data[:AT] + number.to_bytes(4, "little") + data[AT + 4 :] for number in range(COUNT)]


def endless(*releases: bytes):
    """For each look, the next capsets, one of each release."""
    return cycle(zip(*map(each, releases), strict=True)).__next__


OLDER = captures.load("virglrenderer-1.1.1-llvmpipe-gl.capset2.bin")
MUCH_OLDER = captures.load("virglrenderer-0.10.4-llvmpipe-gl.capset2.bin")
NAMES = {
    "capset": VirglCapsV2.unpack(rivals.DATA),
    "one": cycle(each(rivals.DATA)).__next__,
    "older": endless(OLDER, rivals.DATA),
    "much_older": endless(MUCH_OLDER, rivals.DATA),
    "same": endless(rivals.DATA, rivals.DATA),
    "diff": diff,
    "gl": gl,
    "guest_view": guest_view,
    "identify": identify,
    "lint": lint,
}
QUESTIONS = {  # statement, and how many times as long as to_dict it may take
    "identify": ("identify(one())", 6),
    "lint": ("lint(one())", 5),
    "guest_view": ("guest_view(one())", 10),
    "gl": ("gl(one())", 12),
    "diff of 1.1.1 and 1.3.0": ("diff(*older())", 10),
    "diff of 0.10.4 and 1.3.0": ("diff(*much_older())", 10),
    "diff of 0.10.4 and 1.3.0, all printed": ("str(diff(*much_older()))", 60),
    "diff of equal bytes": ("diff(*same())", 0.1),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("who", ["capcodec", "to_dict"])
def test_meaning(measure, who, question):
    statement, most = QUESTIONS[question]
    # Rounds are short, so that on a busy machine some are not interrupted
    measure(
        f"{question}, at most {most} of to_dict", statement if who == "capcodec" else "capset.to_dict()", NAMES, 10, 300
    )
