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


QUESTION = f"identify, gl and lint of {COUNT:,} records, at most {COUNT / A_SECOND:.1f} s"


def test_describe(batch, measure):
    names = {"batch": batch, "gl": gl, "identify": identify, "lint": lint}
    measure(QUESTION, "identify(batch), gl(batch), lint(batch)", names, 1, 3)


@pytest.mark.parametrize("step", ["describe", "decoded"])
def test_record_batches(batch, measure, step):
    """The same as columns of Arrow, and with all fields as columns; every time as if for the first time."""
    pyarrow = pytest.importorskip("pyarrow")
    from capcodec.fleet import decoding, description
    from capcodec.fleet.records import ROWS, records

    pyarrow.set_cpu_count(1)
    made = [*records((("host", 2, record) for record in batch[: COUNT // 8]), ROWS)]
    names = {"fleet": made * 8, "step": getattr(description if step == "describe" else decoding, step)}
    names["forget"] = description._described.__wrapped__.cache_clear
    question = QUESTION if step == "describe" else f"all fields of {COUNT:,} records, as Arrow"
    measure(question, "forget()\nfor batch in fleet: step(batch)", names, 1, 3)
