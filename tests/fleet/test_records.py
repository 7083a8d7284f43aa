"""Record batches of a fleet, and what is refused as none."""

from __future__ import annotations

import subprocess
import sys

import pytest

from capcodec import ArgumentError, CapcodecError
from mixed_hosts import HOSTS

pa = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from capcodec.fleet.records import FLEET, fleet_of, records  # noqa: E402

GOOD = {"host": ["a"], "capset_id": [2], "data": [b"x"]}


def test_records():
    batches = list(records(iter(HOSTS), 7))
    assert [len(batch) for batch in batches] == [7] * (len(HOSTS) // 7) + [len(HOSTS) % 7]
    assert all(batch.schema == FLEET for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert [(row["host"], row["capset_id"], row["data"]) for row in rows] == HOSTS
    assert list(records([])) == []


def test_any_buffer_is_bytes():
    (batch,) = records([("a", 2, bytearray(b"\1\2")), ("b", 2, memoryview(b"\3"))])
    assert batch.column("data").to_pylist() == [b"\1\2", b"\3"]


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        (5, "expected hosts, capsets' numbers and their bytes, got int 5"),
        ([5], "expected a host, a capset's number and its bytes, got int 5"),
        ([("a", 2)], "expected a host, a capset's number and its bytes, got tuple"),
        ([(1, 2, b"")], "host: "),
        ([("\ud800", 2, b"")], "host: "),
        ([(None, 2, b"")], "1 of 1 records have no host"),
        ([("a", 1.5, b"")], "expected a capset's number, got float 1.5"),
        ([("a", -1, b"")], "capset_id: "),
        ([("a", 1 << 32, b"")], "capset_id: "),
        ([("a", 2, "text")], "capset: expected a buffer, got str 'text'"),
        ([("a", 2, bytes(65537))], "65537 bytes are more than the 65536 of a capset"),
    ],
)
def test_what_is_no_record(hosts, words):
    with pytest.raises(CapcodecError, match=words.replace("(", r"\(")):
        list(records(hosts))
    for rows in (0, -1, 1.5, None, "1"):
        with pytest.raises(ArgumentError, match="expected how many records a batch has, got "):
            list(records([], rows))


@pytest.mark.parametrize(
    "columns",
    [
        {"host": pa.array(["a"], pa.large_string()), "data": pa.array([b"x"], pa.large_binary())},
        {"host": pa.array(["a"]).dictionary_encode(), "data": pa.array([b"x"]).dictionary_encode()},
        {"host": pa.array(["a"], pa.string_view()), "data": pa.array([b"x"], pa.binary_view())},
        {"host": pa.array([b"a"]), "capset_id": pa.array([2.0])},
        {"capset_id": pa.array([2], pa.int8())},
    ],
)
def test_other_types_that_mean_the_same(columns):
    assert fleet_of(pa.record_batch({**GOOD, **columns})).equals(next(records([("a", 2, b"x")])))


def test_other_columns_stay_behind_the_three():
    found = fleet_of(pa.record_batch({"rack": [7], **dict(reversed(GOOD.items())), "note": [None]}))
    assert found.schema.names == ["host", "capset_id", "data", "rack", "note"]
    assert found.to_pylist() == [{"host": "a", "capset_id": 2, "data": b"x", "rack": 7, "note": None}]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, "it has no column host, but []"),
        ({"host": ["a"], "data": [b""]}, "it has no column capset_id, but ['host', 'data']"),
        ({**GOOD, "host": [None]}, "1 of 1 records have no host"),
        ({**GOOD, "data": [None]}, "1 of 1 records have no data"),
        ({**GOOD, "capset_id": [-1]}, "capset_id is int64, and no uint32: "),
        ({**GOOD, "capset_id": [2.5]}, "capset_id is double, and no uint32: "),
        ({**GOOD, "data": [[1]]}, "data is list<item: int64>, and no binary: "),
        ({**GOOD, "host": [b"\xff"]}, "host is binary, and no string: "),
        ({**GOOD, "host": pa.array([b"\xff"]).view(pa.string())}, "host is string, and no string: "),
        ({**GOOD, "data": [bytes(65537)]}, "65537 bytes are more than the 65536 of a capset or a name"),
        ({**GOOD, "host": pa.array(["a" * 65537]).dictionary_encode()}, "65537 bytes are more"),
    ],
)
def test_what_is_no_fleet(columns, words):
    with pytest.raises(ArgumentError) as caught:
        fleet_of(pa.record_batch(columns))
    assert str(caught.value).startswith(f"no fleet: {words}")


def test_what_is_no_batch():
    for other in (None, 5, "text", [1], b"bytes", object()):
        with pytest.raises(ArgumentError, match="expected a record batch, got "):
            fleet_of(other)
    twice = pa.record_batch([["a"], [2], [b""], [1], [1]], ["host", "capset_id", "data", "x", "x"])
    with pytest.raises(ArgumentError, match="two of its columns have the same name"):
        fleet_of(twice)


def test_without_pyarrow(tmp_path):
    """The fleet is there, files of it say what they need."""
    (tmp_path / "pyarrow.py").write_text("raise ModuleNotFoundError('none', name='pyarrow')")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import capcodec.fleet; from capcodec.cli import main; "
        "capcodec.fleet.baseline([bytes(308)], 1); sys.exit(main(['fleet', 'describe', '/dev/null']))"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "capcodec: fleets in record batches need pyarrow: pip install 'capcodec[fleet]'\n",
    )


def test_the_fleet_alone_imports_no_pyarrow():
    code = "import sys, capcodec.fleet; print('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, cwd="/").stdout == b"False\n"
