"""What pyarrow, pandas, Polars and DuckDB read of batches and columns, against the instances' own values."""

from __future__ import annotations

import collections.abc
import copy
import gc
import pickle
import random

import pytest

import no_memory
from arrow_rows import as_booleans, expected, rows_of
from capcodec import Batch, Column, VirglCapsV1, VirglCapsV2, capset_for, captures, define, registry, schema
from capcodec.structs.columns import default_paths
from programs import START, run

WHEELS = "there is no wheel of it for this machine or this Python"
pyarrow = pytest.importorskip("pyarrow", reason=WHEELS)

SIZE = VirglCapsV2.size
inner = schema.struct("inner", schema.u16("x"), schema.s8("y[2]"), schema.u8("z:3"), schema.u8("w:1"), schema.u8("v:4"))
mixed = define(
    schema.struct(
        "mixed",
        schema.u8("a"),
        schema.s16("b[2][3]"),
        schema.u64("c:37"),
        schema.s64("d:20"),
        schema.s8("e:1"),
        schema.u32("f:12"),
        schema.u32("on:1"),
        schema.f64("g"),
        schema.f32("h[2]"),
        schema.char("names[2][5]"),
        schema.struct("part", schema.u8("kind"), inner("deep[2]"))("parts[3]"),
        inner("one"),
        schema.struct("set", schema.u32("words[3]"), mask=True)("masks[2]"),
        schema.union("either", schema.u8("one"), schema.u32("four"))("either"),
        schema.s32("last"),
    ),
    module="mixed",
)


def fleet(cls: type, count: int, sizes: list[int] | None = None) -> Batch:
    return Batch(cls, random.Random(count).randbytes(cls.size * count), cls.size, sizes)


BLOBS = [captures.load(name) for name in captures.names(2)]


def captured() -> Batch:
    """All captures of capset 2, each at the start of a slot as long as the newest."""
    blobs = BLOBS
    memory = b"".join(blob.ljust(SIZE, b"\xee") for blob in blobs)
    return Batch(VirglCapsV2, memory, SIZE, sizes=[len(blob) for blob in blobs])


def cut(cls: type) -> list[bytes | None]:
    """Records of all lengths, some longer than the struct, in no order; and some of which nothing arrived."""
    choose = random.Random(3)
    blobs = [choose.randbytes(size) for size in range(cls.size + 9)]
    return [None if at % 50 == 7 else choose.choice(blobs) for at in range(2500)]


BATCHES = {
    "captures of capset 2": captured,
    "captures of capset 1": lambda: Batch(
        VirglCapsV1, b"".join(captures.load(name) for name in captures.names(1)), VirglCapsV1.size
    ),
    "captures of venus": lambda: Batch(
        capset_for(4), b"".join(captures.load(name).ljust(400) for name in captures.names(4)), 400
    ),
    "every kind of field": lambda: fleet(mixed, 1100),
    "every kind of field, cut anywhere": lambda: fleet(mixed, mixed.size + 1, list(range(mixed.size + 1))),
    "backwards": lambda: fleet(mixed, 90)[::-2],
    "captures as buffers": lambda: Batch.of(VirglCapsV2, BLOBS),
    "captures as a column": lambda: Batch.of(VirglCapsV2, pyarrow.array(BLOBS)),
    "captures as a column of views": lambda: Batch.of(VirglCapsV2, pyarrow.array(BLOBS, pyarrow.binary_view())),
    "captures as a column of equal records": lambda: Batch.of(
        VirglCapsV1, pyarrow.array([captures.load(name) for name in captures.names(1)], pyarrow.binary(308))
    ),
    "captures as a column of chunks": lambda: Batch.of(
        VirglCapsV2, pyarrow.chunked_array([BLOBS[3:], BLOBS[:3], []], pyarrow.large_binary())
    ),
    "a column, cut anywhere": lambda: Batch.of(mixed, pyarrow.array(cut(mixed)))[5:],
    "buffers, cut anywhere, backwards": lambda: Batch.of(mixed, cut(mixed))[::-3],
    "none": lambda: fleet(mixed, 0),
    "a stride shorter than the struct": lambda: Batch(VirglCapsV2, bytes(308 * 9), 308),
}
each_batch = pytest.mark.parametrize("make", BATCHES.values(), ids=BATCHES)


@each_batch
def test_pyarrow_reads_what_the_instances_say(make):
    batch = make()
    want = rows_of(batch)
    record_batch, table = pyarrow.record_batch(batch), pyarrow.table(batch)
    record_batch.validate(full=True)
    table.validate(full=True)
    assert repr(record_batch.to_pylist()) == repr(table.to_pylist()) == repr(as_booleans(want, batch.cls))
    assert pyarrow.schema(batch) == record_batch.schema == table.schema


@pytest.mark.parametrize("name", ["captures of capset 2", "captures of venus", *(n for n in BATCHES if " as " in n)])
def test_polars_pandas_and_duckdb_read_the_same(name):
    batch = BATCHES[name]()
    want = rows_of(batch)
    polars = pytest.importorskip("polars", reason=WHEELS)
    assert polars.DataFrame(batch).to_dicts() == want
    pandas = pytest.importorskip("pandas", reason=WHEELS)
    frame = pyarrow.table(batch).to_pandas(types_mapper=pandas.ArrowDtype)
    for path in default_paths(batch.cls.layout):
        found = [None if value is pandas.NA else value for value in frame[path]]
        assert [value.tolist() if hasattr(value, "tolist") else value for value in found] == [row[path] for row in want]
    duckdb = pytest.importorskip("duckdb", reason=WHEELS)
    relation = duckdb.from_arrow(pyarrow.table(batch))
    for path in default_paths(batch.cls.layout):
        found = [value for (value,) in relation.select(f'"{path}"').fetchall()]
        assert [list(value) if isinstance(value, tuple) else value for value in found] == [row[path] for row in want]


def test_columns_of_polars_pandas_and_duckdb_become_batches():
    polars = pytest.importorskip("polars", reason=WHEELS)
    pandas = pytest.importorskip("pandas", reason=WHEELS)
    duckdb = pytest.importorskip("duckdb", reason=WHEELS)
    blobs = [*BLOBS, None, b"short", b""]  # views have records of up to 12 bytes within them
    want = pyarrow.record_batch(Batch.of(VirglCapsV2, blobs))
    table = pyarrow.table({"blob": blobs})
    for column in (
        polars.Series(blobs),
        polars.concat([polars.Series(blobs[:3]), polars.Series(blobs[3:])], rechunk=False),
        pandas.Series(blobs),
        pandas.Series(blobs, dtype=pandas.ArrowDtype(pyarrow.large_binary())),
        duckdb.from_arrow(table).to_arrow_table()["blob"],
    ):
        batch = Batch.of(VirglCapsV2, column)
        assert [record.pack() for record in batch] == [blob or b"" for blob in blobs]
        assert pyarrow.record_batch(batch).equals(want)


PATHS = ["a", "b", "b[1]", "c", "d", "e", "f", "on", "g", "h", "names", "names[1]", "parts", "parts.deep", "parts[1]"]
PATHS += ["parts.deep.y", "parts.deep.z", "parts.deep.w", "one", "one.w", "masks", "masks[1]", "either", "last"]


@pytest.mark.parametrize("path", PATHS)
def test_a_column_is_the_same_as_an_array(path):
    for sizes in (None, [random.Random(at).randint(0, mixed.size) for at in range(300)]):
        batch = fleet(mixed, 300, sizes)
        for column in (batch.column(path), batch.columns([path])[path], batch[::-2].column(path)):
            array = pyarrow.array(column)
            array.validate(full=True)
            found = array.to_pylist()
            assert [value is None for value in found] == [value is None for value in column]
            field = column.field
            if field.layout is None and field.type != "char":
                bools = repr(column.tolist()).replace("0", "False").replace("1", "True") if array_of_bits(array) else ""
                assert repr(found) == (bools or repr(column.tolist()))
            elif not path.startswith("parts.deep"):
                want = [value_at(record, path) for record in (batch if len(column) == len(batch) else batch[::-2])]
                assert found == [None if value is None else expected(value, field) for value in want]


def array_of_bits(array) -> bool:
    type_ = array.type
    while pyarrow.types.is_fixed_size_list(type_):
        type_ = type_.value_type
    return pyarrow.types.is_boolean(type_)


def value_at(record, path: str) -> object:
    value = record[path] if record.has_field(path) else None
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if hasattr(value, "tolist"):
        return [element.to_dict() if hasattr(element, "to_dict") else element for element in value.tolist()]
    return value


def test_memory_is_shared_where_the_format_allows():
    batch = fleet(VirglCapsV2, 100)
    for path, shared in (("max_samples", True), ("sampler", True), ("sample_locations", True), ("bset", False)):
        column = batch.columns([path])[path]
        start = pyarrow.py_buffer(memoryview(column).cast("B")).address
        buffers = [buffer for buffer in pyarrow.array(column).buffers() if buffer is not None]
        assert any(buffer.address == start for buffer in buffers) == shared, path


def test_what_is_shared_lives_as_long_as_the_array():
    column = fleet(VirglCapsV2, 100).columns(["max_samples"])["max_samples"]
    want = column.tolist()
    array = pyarrow.array(column)[3:]
    del column
    gc.collect()
    assert array.to_pylist() == want[3:]


def test_a_stream_is_made_of_batches_of_bounded_size():
    batch = Batch(VirglCapsV2, bytes(SIZE * 10_000), SIZE)
    lengths = [part.num_rows for part in pyarrow.RecordBatchReader.from_stream(batch)]
    assert sum(lengths) == 10_000
    assert len(lengths) > 1
    assert max(lengths) * SIZE <= 1 << 22


def test_a_column_is_a_sequence():
    column = Batch(VirglCapsV1, bytes(3), 1, sizes=[1, 1, 1]).column("max_version")
    assert isinstance(column, collections.abc.Sequence)
    assert column.count(None) == 3
    assert column.index(None, 1) == 1
    with pytest.raises(ValueError, match="^$"):  # as collections.abc.Sequence has it
        column.index(5)
    assert list(reversed(column)) == [None] * 3
    assert None in column


@pytest.mark.parametrize("name", [name for name in BATCHES if name.startswith(("captures", "a stride"))])
def test_pickles(name):
    batch = BATCHES[name]()
    made = pickle.loads(pickle.dumps(batch))
    assert made.cls is batch.cls
    assert [record.pack() for record in made] == [record.pack() for record in batch]
    for path, column in {**batch.columns(), "max": batch.column(default_paths(batch.cls.layout)[0])}.items():
        for again in (pickle.loads(pickle.dumps(column)), copy.copy(column)):
            assert type(again) is Column
            assert (repr(again), again.tolist()) == (repr(column), column.tolist()), path
            assert pyarrow.array(again).equals(pyarrow.array(column)) or "NaN" in str(column.tolist())


def with_inner(instance):
    """An instance, and those of all structs within it."""
    yield instance
    for field in type(instance).layout.fields.values():
        if field.layout is not None:
            yield from with_inner(instance[field.path + "[0]" * len(field.dims)])


def test_every_class_pickles_and_so_do_its_instances_of_every_size():
    seen = set()
    for capset in registry.CAPSETS.values():
        for cls in (capset.cls, *capset.cls.variants.values()):
            batch = Batch(cls, bytes(cls.size * 2), cls.size)
            assert pickle.loads(pickle.dumps(batch)).cls is cls
            whole = [type(instance) for instance in with_inner(cls.zeros())]
            seen |= {*whole}
            for protocol in range(4, pickle.HIGHEST_PROTOCOL + 1):
                for size in cls.size_steps:
                    instance = cls.zeros(size)
                    for again in (pickle.loads(pickle.dumps(instance, protocol)), copy.deepcopy(instance)):
                        assert (type(again), again.pack()) == (cls, instance.pack())
                for inner in with_inner(cls.zeros()):
                    assert type(pickle.loads(pickle.dumps(inner, protocol))) is type(inner)
                    assert pickle.loads(pickle.dumps(type(inner), protocol)) is type(inner)
    assert len(seen) > 25
    with pytest.raises(AttributeError, match="no attribute 'newest'"):
        _ = VirglCapsV2.variants.newest


HOSTILE = {
    "capsules that nobody takes": """
        batch = Batch(VirglCapsV2, bytearray(blob * 3), len(blob))
        for of in (batch, batch.column("max_samples"), batch.columns()["max_samples"]):
            for requested in (None, 5, object(), batch.__arrow_c_schema__()):
                of.__arrow_c_schema__()
                of.__arrow_c_array__(requested)
                of.__arrow_c_array__(requested_schema=requested)
        batch.__arrow_c_stream__(5)
        refused(lambda: batch.__arrow_c_array__(1, 2), TypeError)
        """,
    "an array that lives until Python ends": """
        import pyarrow
        kept = pyarrow.array(Batch(VirglCapsV2, blob * 3, len(blob)).columns()["max_samples"])
        stream = pyarrow.RecordBatchReader.from_stream(Batch(VirglCapsV2, blob * 3, len(blob)))
        sys.kept = [kept, stream, Batch(VirglCapsV2, blob * 3, len(blob)).__arrow_c_stream__()]
        sys.kept.append(sys.kept)
        """,
    "releases in threads that Python did not start": """
        import pyarrow, pyarrow.compute
        batch = Batch(VirglCapsV2, blob * 20_000, len(blob))
        for _ in range(5):
            columns = batch.columns(["max_samples", "sampler"])
            table = pyarrow.table({path: pyarrow.array(column) for path, column in columns.items()})
            del columns
            table.take(list(range(0, 20_000, 3))).sort_by("max_samples")
            del table
            pyarrow.Table.from_batches(pyarrow.RecordBatchReader.from_stream(batch)).sort_by("max_samples")
        """,
    "threads export, read and drop": """
        import pyarrow
        memory = bytearray(blob * 600)
        batch = Batch(VirglCapsV2, memory, len(blob))
        shared = batch.columns()
        def write():
            for at in range(0, len(memory), 97):
                memory[at] ^= 0xFF
        def read():
            for _ in range(30):
                pyarrow.record_batch(batch).validate(full=True)
                pyarrow.array(shared["renderer"]).validate(full=True)
                pyarrow.array(shared["max_samples"]).validate(full=True)
        threads = [threading.Thread(target=work) for work in (read, read, write, write)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        """,
    "pickles that were tampered with": """
        from capcodec.structs._bulk import restored_column
        for arguments in ((5, "max_samples", b"1234", None), (VirglCapsV2, 5, b"1234", None),
            (VirglCapsV2, "typo", b"1234", None), (VirglCapsV2, "max_samples", b"12345", None),
            (VirglCapsV2, "max_samples", b"1234", b"11"), (VirglCapsV2, "max_samples", 5, None),
            (VirglCapsV2, "max_samples", b"1234", 0), (VirglCapsV2, "max_samples", "1234", None)):
            try:
                made = restored_column(*arguments)
            except (CapcodecError, TypeError):
                continue
            made.tolist()
            assert arguments[3] == 0 or arguments[2] == 5, arguments
        """,
}


@pytest.mark.parametrize("program", HOSTILE.values(), ids=HOSTILE)
def test_what_no_caller_should_do(program):
    run(program)


NO_MEMORY = """
batch = Batch(VirglCapsV2, blob * 3, len(blob), sizes=[len(blob), 700, 300])
columns = batch.columns(["max_samples", "bset.has_fp64", "renderer", "video_caps"])
calls = [batch.__arrow_c_schema__, batch.__arrow_c_array__, batch.__arrow_c_stream__]
calls += [call for column in columns.values() for call in (column.__arrow_c_schema__, column.__arrow_c_array__)]
calls += [batch.column("max_samples").__arrow_c_array__, batch.__reduce__, columns["renderer"].__reduce__]
for call in calls:
    ask(call, call, 600)
"""


def test_no_memory():
    """Each allocation fails once: a MemoryError comes out."""
    result = no_memory.run(START + NO_MEMORY)
    assert result.returncode == 0, result.stderr[-3000:]


LOST = """
import resource
batch = Batch(VirglCapsV2, blob * 300, len(blob))
def use():
    batch.__arrow_c_array__(), batch.__arrow_c_stream__(), batch.__arrow_c_schema__()
    for column in batch.columns(["max_samples", "video_caps"]).values():
        column.__arrow_c_array__()
for _ in range(30): use()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(500): use()
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert grown < 4000, f"{grown} KiB more after 500 rounds"
"""


def test_nothing_is_lost():
    run(LOST)
