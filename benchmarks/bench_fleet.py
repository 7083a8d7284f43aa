"""How long does the baseline of 1,000,000 records take, beside ``Batch.columns()`` of the same?

2,000 of them are different: in the size of video memory and the release, or in any value; or all are different.
"""

from __future__ import annotations

import random

import pytest

from capcodec import Batch, VirglCapsV2, captures

pyarrow = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from capcodec.fleet.records import FLEET, ROWS  # noqa: E402
from capcodec.fleet.reduce import meets_of  # noqa: E402

COUNT, DIFFERENT = 1_000_000, 2_000
SIZE = VirglCapsV2.size
MEMORY = VirglCapsV2.fields["max_video_memory"]
WHO = {"capcodec": "meets_of(batches)", "capcodec, columns()": "records.columns()"}
NEW = [data for name in captures.names(2) if len(data := captures.load(name)) == SIZE]
HOSTS = ("2,000 different, in what GPUs have of memory", "2,000 different, in anything", "all different, in memory")


def host(choose: random.Random, anything: bool) -> bytearray:
    data = bytearray(choose.choice(NEW))
    data[MEMORY.offset : MEMORY.end] = choose.randbytes(4)
    if anything:
        data[choose.randrange(300, SIZE)] ^= 1 << choose.randrange(8)
    return data


@pytest.fixture(scope="module", params=HOSTS)
def fleet(request) -> tuple[str, dict]:
    choose = random.Random(1)
    hosts = [host(choose, "anything" in request.param) for _ in range(DIFFERENT)]
    data = bytearray().join(choose.choices(hosts, k=COUNT))
    if "all" in request.param:
        for number in range(COUNT):
            data[number * SIZE + MEMORY.offset : number * SIZE + MEMORY.end] = number.to_bytes(4, "little")
    return request.param, {"batches": batches(data), "records": Batch(VirglCapsV2, data, SIZE), "meets_of": meets_of}


def batches(data: bytearray) -> list:
    """The records where they are, in batches."""
    made = []
    for first in range(0, COUNT, ROWS):
        count = min(ROWS, COUNT - first)
        offsets = pyarrow.array(range(0, (count + 1) * SIZE, SIZE), pyarrow.int32()).buffers()[1]
        part = pyarrow.py_buffer(memoryview(data)[first * SIZE : (first + count) * SIZE])
        numbers = pyarrow.array([2] * count, pyarrow.uint32())
        names = pyarrow.array([f"host-{number}" for number in range(first, first + count)])
        column = pyarrow.Array.from_buffers(pyarrow.binary(), count, [None, offsets, part])
        made.append(pyarrow.record_batch([names, numbers, column], FLEET))
    return made


@pytest.mark.parametrize("who", WHO)
def test_baseline(measure, who, fleet):
    measure(f"the baseline of {COUNT:,} records, {fleet[0]}", WHO[who], fleet[1], 1, 3)
