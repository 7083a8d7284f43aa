"""Fleets in Parquet files: lossless, read by others with our values, never half written."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys

import pytest

from capcodec import ArgumentError, MessageError
from command import BIN
from measured import measured
from mixed_hosts import HOSTS, NEW

WHEELS = "there is no wheel of it for this machine or this Python"
pa = pytest.importorskip("pyarrow", reason=WHEELS)
from pyarrow import parquet as pq  # noqa: E402

from capcodec.fleet import parquet  # noqa: E402
from capcodec.fleet.decoding import decoded  # noqa: E402
from capcodec.fleet.description import describe  # noqa: E402
from capcodec.fleet.records import records  # noqa: E402


@pytest.fixture
def path(tmp_path):
    name = tmp_path / "fleet.parquet"
    assert parquet.write(name, records(HOSTS, 7)) == len(HOSTS)
    return str(name)


def ours() -> pa.RecordBatch:
    (batch,) = records(HOSTS)
    return decoded(describe(batch))


def triples(path) -> list[tuple]:
    return [tuple(row.values()) for batch in parquet.read(path) for row in batch.to_pylist()]


def test_bytes_come_back(path):
    assert triples(path) == HOSTS


def test_pyarrow_reads_the_same(path):
    table = pq.read_table(path)
    table.validate(full=True)
    assert repr(table.to_pylist()) == repr(ours().to_pylist())
    assert table.schema.names == ours().schema.names
    assert str(table.schema).count("uint32") == str(ours().schema).count("uint32"), "and not wider ones"
    assert "fixed_size_list" not in str(table.schema), "which pyarrow before 26 cannot read where they are null"


def test_polars_reads_the_same(path):
    polars = pytest.importorskip("polars", reason=WHEELS)
    assert repr(polars.read_parquet(path).to_dicts()) == repr(ours().to_pylist())


def test_pandas_reads_the_same(path):
    pandas = pytest.importorskip("pandas", reason=WHEELS)
    frame = pandas.read_parquet(path, dtype_backend="pyarrow")
    assert list(frame.columns) == ours().schema.names
    rows = [
        {name: None if value is pandas.NA else value for name, value in row.items()} for row in frame.to_dict("records")
    ]
    for row, want in zip(rows, ours().to_pylist(), strict=True):
        for name, value in want.items():
            assert repr(listed(row[name])) == repr(listed(value)), (want["host"], name)


def test_duckdb_reads_the_same(path):
    duckdb = pytest.importorskip("duckdb", reason=WHEELS)
    relation = duckdb.read_parquet(path)
    for row, want in zip(relation.fetchall(), ours().to_pylist(), strict=True):
        for name, value, other in zip(relation.columns, row, want.values(), strict=True):
            assert repr(listed(value)) == repr(listed(other)), (want["host"], name)
    (asked,) = duckdb.sql(f"select count(*) from '{path}' where virgl2.max_video_memory is null").fetchall()
    absent = [row for row in ours().to_pylist() if row["virgl2"] is None or row["virgl2"]["max_video_memory"] is None]
    assert asked == (len(absent),)


def listed(value: object) -> object:
    """Lists are lists, whoever made them."""
    if isinstance(value, dict):
        return {name: listed(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        return [listed(part) for part in value]
    return value


@pytest.mark.parametrize("writer", ["polars", "pandas", "duckdb"])
def test_what_others_write_is_read(writer, tmp_path):
    library = pytest.importorskip(writer, reason=WHEELS)
    name = str(tmp_path / "theirs.parquet")
    columns = dict(zip(("host", "capset_id", "data"), zip(*HOSTS, strict=True), strict=True))
    if writer == "polars":
        library.DataFrame(columns).write_parquet(name)
    elif writer == "pandas":
        library.DataFrame(columns).to_parquet(name)
    else:
        library.from_arrow(pa.table(columns)).write_parquet(name)
    assert triples(name) == HOSTS


def test_other_columns_are_kept(tmp_path):
    (batch,) = records(HOSTS)
    parquet.write(tmp_path / "a", [batch.append_column("rack", pa.array(range(len(batch))))])
    assert pq.read_table(tmp_path / "a").column("rack").to_pylist() == [*range(len(HOSTS))]
    again = pq.ParquetFile(tmp_path / "a").iter_batches()
    parquet.write(tmp_path / "b", again)
    one, other = (pq.read_table(tmp_path / name) for name in "ab")
    assert repr(one.to_pylist()) == repr(other.to_pylist())


def test_none_at_all(tmp_path):
    assert parquet.write(tmp_path / "none", []) == 0
    assert triples(tmp_path / "none") == []
    parquet.write(tmp_path / "some", records(HOSTS))
    assert pq.read_schema(tmp_path / "none").equals(pq.read_schema(tmp_path / "some"))


def test_row_groups(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "GROUP_ROWS", 10)
    parquet.write(tmp_path / "rows", records(HOSTS, 3))
    file = pq.ParquetFile(tmp_path / "rows")
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [12] * 4 + [len(HOSTS) - 48]
    monkeypatch.setattr(parquet, "GROUP_BYTES", 1)
    parquet.write(tmp_path / "rows", records(HOSTS, 3))
    assert pq.ParquetFile(tmp_path / "rows").num_row_groups == -(-len(HOSTS) // 3)
    assert triples(tmp_path / "rows") == HOSTS


def failing() -> object:
    yield from records(HOSTS)
    raise KeyboardInterrupt


def test_all_or_nothing(path, tmp_path):
    before = (tmp_path / "fleet.parquet").read_bytes()
    (batch,) = records(HOSTS)
    for wrong in ([batch, 5], 5, [batch, batch.append_column("x", pa.array([0] * len(batch)))], None, [pa.table([])]):
        with pytest.raises(ArgumentError):
            parquet.write(path, wrong)
    with pytest.raises(KeyboardInterrupt):
        parquet.write(path, failing())
    assert os.listdir(tmp_path) == ["fleet.parquet"]
    assert (tmp_path / "fleet.parquet").read_bytes() == before
    with pytest.raises(FileNotFoundError):
        parquet.write(tmp_path / "no" / "x", [batch])
    for other in (5, None, b"a\0b", "\0", ("a",)):
        with pytest.raises(ArgumentError, match="expected the path of a file, got "):
            parquet.write(other, [batch])
        with pytest.raises(ArgumentError, match="expected the path of a file, got "):
            list(parquet.read(other))
    assert os.listdir(tmp_path) == ["fleet.parquet"]


def test_what_parquet_cannot_have(tmp_path):
    (batch,) = records([("a", 2, b"")])
    odd = pa.array([None], pa.month_day_nano_interval())
    with pytest.raises(ArgumentError, match="Parquet cannot have these columns: "):
        parquet.write(tmp_path / "x", [batch.append_column("odd", odd)])
    assert os.listdir(tmp_path) == []


def test_a_link_and_a_device(path, tmp_path):
    (tmp_path / "link").symlink_to("fleet.parquet")
    (batch,) = records([("a", 2, b"")])
    parquet.write(tmp_path / "link", [batch])
    assert (tmp_path / "link").is_symlink()
    assert triples(path) == [("a", 2, b"")]
    parquet.write("/dev/null", [batch])
    with pytest.raises(OSError, match="No space left"):
        parquet.write("/dev/full", [batch])


def test_what_is_no_fleet(path, tmp_path):
    whole = (tmp_path / "fleet.parquet").read_bytes()
    other = tmp_path / "other"

    def refused(content: bytes) -> str:
        other.write_bytes(content)
        with pytest.raises(MessageError) as caught:
            list(parquet.read(other))
        assert str(caught.value).startswith(f"{other}: no ")
        return str(caught.value)

    for content in (b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", whole[:-1], whole[100:], whole[:1000] + whole[-8:]):
        assert "no Parquet file of a fleet: " in refused(content)
    for columns in (
        {"a": [1]},
        {"host": [1], "capset_id": [2], "data": [{"x": 1}]},
        {"host": [None], "capset_id": [1]},
    ):
        written = io.BytesIO()
        pq.write_table(pa.table(columns), written)
        assert ": no fleet: " in refused(written.getvalue())
    with pytest.raises(FileNotFoundError):
        list(parquet.read(tmp_path / "missing"))
    with pytest.raises(IsADirectoryError):
        list(parquet.read(tmp_path))


def test_bits_that_fall_over_are_seen(path, tmp_path):
    """Wherever one is, the three columns are what was written, or the file is refused."""
    whole = bytearray((tmp_path / "fleet.parquet").read_bytes())
    rng, refused = random.Random(3), 0
    for _ in range(300):
        place, bit = rng.randrange(len(whole)), 1 << rng.randrange(8)
        whole[place] ^= bit
        (tmp_path / "hit").write_bytes(whole)
        whole[place] ^= bit
        try:
            assert triples(tmp_path / "hit") == HOSTS
        except MessageError:
            refused += 1
    assert refused


def test_a_long_value_repeated_without_end(tmp_path):
    """A page says once what stands in a million rows."""
    rows = 1_000_000
    table = pa.table(
        {
            "host": pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()).fill_null(0), pa.array(["a"])),
            "capset_id": pa.nulls(rows, pa.uint32()).fill_null(2),
            "data": pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()).fill_null(0), pa.array([bytes(1 << 20)])),
        }
    )
    pq.write_table(table, tmp_path / "bomb", compression="zstd")
    assert os.path.getsize(tmp_path / "bomb") < 1 << 20
    done = measured(sys.executable, "-m", "capcodec", "fleet", "describe", str(tmp_path / "bomb"))
    assert done.status == 2
    assert b"1048576 bytes are more than the 65536 of a capset or a name" in done.stderr
    assert done.megabytes < 400


def test_memory_is_bounded(tmp_path):
    """Four times the hosts, no more memory."""
    code = (
        "import sys; from capcodec import captures; from capcodec.fleet import parquet, records\n"
        "data = captures.load('virglrenderer-1.3.0-llvmpipe-gl.capset2.bin') * 20; parquet.GROUP_ROWS = 512\n"
        "hosts = ((str(n), 2, data) for n in range(int(sys.argv[1])))\n"
        "parquet.write(sys.argv[2], records.records(hosts, 512)); sum(map(len, parquet.read(sys.argv[2])))"
    )
    few, many = (measured(sys.executable, "-c", code, str(count), str(tmp_path / "x")) for count in (4000, 16000))
    assert few.status == many.status == 0, many.stderr
    assert many.megabytes < few.megabytes + 100, "336 megabytes more came and went"


def test_files_of_a_fork(path):
    """A second process reads while the first one writes anew: it sees one of both."""
    code = "import sys; from capcodec.fleet import parquet; print(sum(map(len, parquet.read(sys.argv[1]))))"
    process = subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, cwd=BIN)
    parquet.write(path, records([("a", 2, NEW)]))
    assert int(process.communicate()[0]) in (1, len(HOSTS))
