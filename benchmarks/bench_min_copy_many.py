"""How fast are many records copied, each cut to a smaller size? In the cache, and out of it."""

from __future__ import annotations

import numpy
import pytest

from capcodec import min_copy, min_copy_many
from rivals import ffi

SIZE, SOURCE_SIZE = 1376, 1408
COUNTS = {"256 records, in the cache": 256, "100,000 records, out of it": 100_000}
CASES = {
    "capcodec": "min_copy_many(dst, src, 1376, 1408)",
    "numpy, void records": "targets[:] = records",
    "numpy, bytes": "target_bytes[:] = record_bytes",
}
ONE = {
    "capcodec": "min_copy_many(target, record, 1376, 1408)",
    "capcodec min_copy": "min_copy(target, record)",
}
LOOPS = {
    "capcodec min_copy, a loop": "for d, s in pairs: min_copy(d, s)",
    "cffi memmove, a loop": "for d, s in pairs: memmove(d, s, 1376)",
    "memoryview slice, a loop": "for d, s in pairs: d[:] = s[:1376]",
}


def names(count: int) -> dict:
    # Written once, so that no page is first touched while time is taken
    src = numpy.full(count * SOURCE_SIZE, 7, numpy.uint8)
    dst = numpy.full(count * SIZE, 1, numpy.uint8)
    cut = numpy.dtype({"names": ["record"], "formats": [f"V{SIZE}"], "offsets": [0], "itemsize": SOURCE_SIZE})
    rows = src.reshape(count, SOURCE_SIZE)
    return {
        "dst": dst,
        "memmove": ffi.memmove,
        "min_copy": min_copy,
        "min_copy_many": min_copy_many,
        "pairs": [(memoryview(d), memoryview(s)) for d, s in zip(dst.reshape(count, SIZE), rows, strict=True)]
        if count < 1000
        else [],
        "record_bytes": rows[:, :SIZE],
        "records": src.view(cut)["record"],
        "src": src,
        "target_bytes": dst.reshape(count, SIZE),
        "targets": dst.view(f"V{SIZE}"),
    }


@pytest.fixture(scope="module", params=COUNTS)
def records(request):
    return request.param, names(COUNTS[request.param])


@pytest.mark.parametrize("who", CASES)
def test_min_copy_many(measure, who, records):
    what, scope = records
    statements = 100 if COUNTS[what] < 1000 else 1
    measure(f"min_copy_many, 1408 into 1376 bytes, {what}", CASES[who], scope, statements, rounds=15)


@pytest.mark.parametrize("who", ONE)
def test_one_record(measure, who):
    scope = {**names(1), "record": bytes(SOURCE_SIZE), "target": bytearray(SIZE)}
    measure("min_copy_many, 1408 into 1376 bytes, one record", ONE[who], scope)


@pytest.mark.parametrize("who", LOOPS)
def test_loops(measure, who):
    measure(f"min_copy_many, 1408 into 1376 bytes, {next(iter(COUNTS))}", LOOPS[who], names(256), 10, rounds=15)


@pytest.mark.parametrize("who", {**CASES, **LOOPS})
def test_all_copy_the_same(who):
    scope = names(256)
    scope["src"].reshape(256, SOURCE_SIZE)[:, :SIZE] = numpy.arange(SIZE) % 251
    expected = scope["record_bytes"].copy()
    exec({**CASES, **LOOPS}[who], scope)
    assert (scope["target_bytes"] == expected).all()
