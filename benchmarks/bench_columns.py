"""How long does it take to gather fields of 100,000 records into arrays: all of them, and one?"""

from __future__ import annotations

from itertools import cycle, islice

import numpy
import pytest

from capcodec import Batch, VirglCapsV2, captures
from capcodec.structs.columns import Planner, default_paths
from rivals import ffi

pyarrow = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
COUNT = 100_000
FEW = 1_000  # as many as to_dict can be waited for
LAYOUT = VirglCapsV2.layout
PLANNER = Planner(LAYOUT)
PLANS = {path: PLANNER.plan(path) for path in default_paths(LAYOUT)}
ALL = {
    "capcodec": "batch.columns(out=out)",
    "numpy copyto, preallocated": "for path in paths: copyto(out[path], records[path])",
    "numpy ascontiguousarray": "{path: ascontiguousarray(records[path]) for path in paths}",
    "memcpy of the same bytes": "memmove(copy, memory, memory.nbytes)",
}
ONE = {
    "capcodec": "batch.columns(['max_samples'])",
    "numpy copy": "records['max_samples'].copy()",
    "capcodec, no copy": "batch.column('max_samples')",
}
BITS = {
    "capcodec": "batch.columns(['bset.has_fp64'])",
    "numpy shift and mask": "(records['bset'] >> 23 & 1).astype('u1')",
}

ARROW = {
    "capcodec": "table(batch)",
    "capcodec, as it comes and goes": "for part in reader(batch): pass",
    "capcodec, columns()": "batch.columns()",
}
OF_COLUMN = {
    "capcodec": "Batch.of(VirglCapsV2, column)",
    "one buffer of all": "b''.join(column.to_pylist())",
}
OF_ANYWHERE = {
    "capcodec": "anywhere.columns(out=out)",
    "capcodec, at equal distances": "batch.columns(out=out)",
}
FEW_TO_ARROW = {
    "capcodec": "table(few)",
    "to_dict, then pyarrow": "from_pylist([capset.to_dict() for capset in few], schema=nested)",
}


@pytest.fixture(scope="module")
def names() -> dict:
    dtype = numpy.dtype(
        {
            "names": list(PLANS),
            "formats": [("S64" if plan.format == "64s" else plan.format, plan.dims) for plan in PLANS.values()],
            "offsets": [plan.field.offset for plan in PLANS.values()],
            "itemsize": VirglCapsV2.size,
        }
    )
    memory = numpy.random.default_rng(1).integers(0, 256, COUNT * VirglCapsV2.size, numpy.uint8)
    records = memory.view(dtype)
    batch = Batch(VirglCapsV2, memory, VirglCapsV2.size)
    column = pyarrow.array(
        [record.tobytes() + b"tail"[: at % 5] for at, record in enumerate(memory.reshape(COUNT, -1))]
    )
    captured = [data for data in map(captures.load, captures.names(2)) if len(data) == VirglCapsV2.size]
    return {
        "Batch": Batch,
        "VirglCapsV2": VirglCapsV2,
        "anywhere": Batch.of(VirglCapsV2, column),
        "column": column,
        "ascontiguousarray": numpy.ascontiguousarray,
        "batch": batch,
        "captured": Batch(VirglCapsV2, b"".join(islice(cycle(captured), COUNT)), VirglCapsV2.size),
        "copy": numpy.full_like(memory, 1),
        "copyto": numpy.copyto,
        "few": batch[:FEW],
        "memmove": ffi.memmove,
        "memory": memory,
        "from_pylist": pyarrow.Table.from_pylist,
        "nested": pyarrow.Table.from_pylist([batch[0].to_dict()]).schema,
        # Written once, so that no page is first touched while time is taken
        "out": {path: numpy.full_like(records[path], 1) for path in PLANS},
        "paths": list(PLANS),
        "reader": pyarrow.RecordBatchReader.from_stream,
        "records": records,
        "table": pyarrow.table,
    }


@pytest.mark.parametrize("who", ALL)
def test_all_columns(measure, who, names):
    measure("columns of 100,000 records, all 74 fields", ALL[who], names, statements=1, rounds=12)


@pytest.mark.parametrize("who", ONE)
def test_one_column(measure, who, names):
    measure("columns of 100,000 records, one u32", ONE[who], names, statements=10)


@pytest.mark.parametrize("who", BITS)
def test_a_bitfield(measure, who, names):
    measure("columns of 100,000 records, one bitfield", BITS[who], names, statements=10)


@pytest.mark.parametrize("who", ARROW)
@pytest.mark.parametrize("what", ["of captures", "of random bytes, half of whose text is no ASCII"])
def test_to_arrow(measure, who, what, names):
    known = names | {"batch": names["captured"]} if what == "of captures" else names
    measure(f"100,000 records {what}, to Arrow, all fields", ARROW[who], known, statements=1, rounds=12)


@pytest.mark.parametrize("who", OF_COLUMN)
def test_of_a_binary_column(measure, who, names):
    measure("100,000 records in a binary column to a batch", OF_COLUMN[who], names, statements=1, rounds=12)


@pytest.mark.parametrize("who", OF_ANYWHERE)
def test_records_at_unequal_distances(measure, who, names):
    measure("columns of 100,000 records of different lengths", OF_ANYWHERE[who], names, statements=1, rounds=12)


@pytest.mark.parametrize("who", FEW_TO_ARROW)
def test_few_to_arrow(measure, who, names):
    measure("1,000 records to Arrow, all fields", FEW_TO_ARROW[who], names, statements=1, rounds=12)


def test_all_gather_the_same(names):
    for path, column in names["batch"].columns().items():
        assert memoryview(column).tobytes() == names["records"][path].tobytes(), path
    bits = eval(BITS["capcodec"], names)["bset.has_fp64"]
    assert (numpy.asarray(bits) == eval(BITS["numpy shift and mask"], names)).all()
