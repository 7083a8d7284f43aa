"""The baseline of record batches: in any parts, in any order, on any number of threads, it is that of the hosts."""

from __future__ import annotations

import random
import threading
from functools import reduce
from operator import and_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capcodec import ArgumentError, BaselineError, VirglCapsV2, captures
from capcodec.fleet import Meet, baseline
from fleets import CAPTURES
from peak import at_most

pyarrow = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from batches import batch_of, hosts_of, joined, mixed  # noqa: E402
from capcodec.fleet.records import records  # noqa: E402
from capcodec.fleet.reduce import MEETS, baseline_of, meet, meets_of  # noqa: E402

NEW = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
OLD = captures.load("virglrenderer-0.8.2-llvmpipe-gl.capset2.bin")
SEEDS = st.integers(0, 1 << 32)


def expected(batch) -> dict[int, tuple[int, Meet]]:
    rows = batch.to_pylist()
    found = {}
    for capset_id in {row["capset_id"] for row in rows}:
        meets = [Meet.of(row["data"], capset_id) for row in rows if row["capset_id"] == capset_id]
        found[capset_id] = (len(meets), reduce(and_, meets))
    return found


def parts(rng: random.Random, batch) -> list:
    cuts = sorted(rng.randrange(len(batch) + 1) for _ in range(rng.randrange(4)))
    return [batch.slice(a, b - a) for a, b in zip([0, *cuts], [*cuts, len(batch)], strict=True)]


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_in_any_parts_and_in_any_order(seed):
    rng = random.Random(seed)
    batch = mixed(rng)
    whole = meet(batch)
    assert whole.schema.equals(MEETS, check_metadata=True)
    assert meets_of([batch]) == meets_of([whole]) == expected(batch)
    pieces = [meet(part) for part in parts(rng, batch) if len(part)]
    rng.shuffle(pieces)
    assert meet(joined(*pieces)).equals(whole), "associative and commutative"
    assert meet(joined(meet(joined(*pieces[:2])), *pieces[2:])).equals(whole)
    assert meet(whole).equals(whole)
    twice = meet(joined(whole, whole))
    assert twice.drop_columns("hosts").equals(whole.drop_columns("hosts")), "idempotent"
    assert meets_of(parts(rng, batch)) == meets_of(pieces) == meets_of([batch])


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_the_same_bytes_each_time(seed):
    rng = random.Random(seed)
    batch = mixed(rng)
    shuffled = batch.take(rng.sample(range(len(batch)), len(batch)))
    streams = []
    for each in (batch, shuffled):
        sink = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(sink, MEETS) as writer:
            writer.write_batch(meet(each))
        streams.append(sink.getvalue().to_pybytes())
    assert streams[0] == streams[1]


def test_it_is_the_baseline_of_the_hosts():
    llvmpipe = [data for name, data in CAPTURES.items() if "llvmpipe-gl" in name]
    for hosts in (llvmpipe, [NEW]):
        assert baseline_of([batch_of(hosts)]) == {2: baseline(hosts).caps}
        assert baseline_of(map(batch_of, [hosts[:1], hosts * 3])) == {2: baseline(hosts).caps}


def test_what_nobody_can_serve():
    hosts = [CAPTURES[f"virglrenderer-{name}.capset2.bin"] for name in ("0.7.0-llvmpipe-gl", "1.1.1-softpipe-gles")]
    with pytest.raises(BaselineError) as caught:
        baseline(hosts)
    with pytest.raises(BaselineError, match=caught.value.field):
        baseline_of([batch_of(hosts)])


def test_no_records():
    empty = batch_of([NEW]).slice(0, 0)
    assert len(meet(empty)) == len(meet(meet(empty))) == 0
    assert meets_of([]) == meets_of([empty]) == {}
    with pytest.raises(ArgumentError, match="a baseline needs a host"):
        baseline_of([empty])


def test_what_is_no_fleet():
    for wrong in (7, None, {}, pyarrow.record_batch([[1]], ["a"])):
        with pytest.raises(ArgumentError, match="expected a record batch|no fleet"):
            meet(wrong)
    with pytest.raises(ArgumentError, match="expected record batches, got int 7"):
        meets_of(7)
    (batch,) = records([("a", 2, NEW), ("b", 77, NEW)])
    with pytest.raises(ArgumentError, match="host 'b': no capset 77 is known"):
        meet(batch)


WHOLE, PARTS = meet(batch_of([NEW])).to_pylist()[0], meet(batch_of([NEW, OLD])).to_pylist()[0]


@pytest.mark.parametrize(
    "row",
    [
        WHOLE | {"capset_id": None},
        WHOLE | {"hosts": None},
        WHOLE | {"hosts": 0},
        WHOLE | {"hosts": -1},
        WHOLE | {"size": 7},
        WHOLE | {"promises": PARTS["promises"]},
        WHOLE | {"whole": None},
        WHOLE | {"capset_id": -2},
        WHOLE | {"capset_id": 77},
        PARTS | {"size": 1 << 40},
        PARTS | {"size": -1},
        PARTS | {"capset_id": 4},
        PARTS | {"promises": "{}"},
        PARTS | {"promises": PARTS["promises"][:-1]},
    ],
)
def test_meets_from_elsewhere(row):
    fields = [pyarrow.field(field.name, field.type) for field in MEETS]
    columns = [pyarrow.array([row[field.name]], field.type) for field in MEETS]
    with pytest.raises(ArgumentError):
        meet(pyarrow.record_batch(columns, pyarrow.schema(fields)))


def test_columns_from_elsewhere():
    columns = meet(batch_of([NEW, OLD])).columns
    wide = [*columns[:3], columns[3].cast("large_binary"), columns[4].cast("large_string")]
    assert meet(pyarrow.record_batch(wide, MEETS.names)).equals(meet(batch_of([NEW, OLD])))
    broken = pyarrow.array([b"\xff"]).view(pyarrow.string())
    for wrong in (pyarrow.array(["a"]), pyarrow.array([1 << 70], pyarrow.decimal128(38))):
        with pytest.raises(ArgumentError, match="no meets: "):
            meet(pyarrow.record_batch([wrong, *columns[1:]], MEETS.names))
    with pytest.raises(ArgumentError, match="no meets: "):
        meet(pyarrow.record_batch([*columns[:4], broken], MEETS.names))
    many = pyarrow.record_batch([columns[0], pyarrow.array([(1 << 63) - 1]), *columns[2:]], MEETS)
    with pytest.raises(ArgumentError, match="more than can be counted"):
        meet(joined(many, many))


def test_threads_that_share_nothing_and_everything():
    """Many at once get what one gets; so do those that share what is known."""
    batches = [batch_of(hosts_of(random.Random(seed))) for seed in range(12)]
    wanted, results = meets_of(map(meet, batches)), []
    threads = [threading.Thread(target=lambda: results.append(meets_of(batches))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [wanted] * 6


@pytest.mark.parametrize(("path", "batch_count"), [("max_video_memory", 40), ("max_vertex_attribs", 3)])
def test_memory_is_bounded(path, batch_count):
    """However many records there are, and however many of them are different."""
    field = VirglCapsV2.fields[path]

    def batches(count):
        for number in range(count):
            values = [(number * 500 + row).to_bytes(4, "little") for row in range(500)]
            yield batch_of([NEW[: field.offset] + value + NEW[field.end :] for value in values])

    meets_of(batches(1))
    with at_most(24 << 20):
        assert meets_of(batches(batch_count))[2][0] == 500 * batch_count
