"""How long until each of 1,000,000 records is described: which release made it, which OpenGL it brings, what is wrong?

2,000 of them are different, and one core may take a second for 300,000.
"""

from __future__ import annotations

import random

import pytest

from capcodec import Batch, VirglCapsV2, captures, gl, identify, lint

COUNT, DIFFERENT, A_SECOND = 1_000_000, 2_000, 300_000


@pytest.fixture(scope="module")
def batch() -> Batch[VirglCapsV2]:
    choose = random.Random(1)
    different = []
    for _ in range(DIFFERENT):
        caps = VirglCapsV2.unpack(captures.load(choose.choice(captures.names(2))).ljust(VirglCapsV2.size, b"\0"))
        caps.max_video_memory = choose.getrandbits(32)
        different.append(caps.pack())
    return Batch(VirglCapsV2, b"".join(choose.choices(different, k=COUNT)), VirglCapsV2.size)


def test_describe(batch, measure):
    names = {"batch": batch, "gl": gl, "identify": identify, "lint": lint}
    question = f"identify, gl and lint of {COUNT:,} records, at most {COUNT / A_SECOND:.1f} s"
    measure(question, "identify(batch), gl(batch), lint(batch)", names, 1, 3)
