"""Fleets of capsets: records as views, fields as columns, and records that are too short for a field."""

from __future__ import annotations

import random
import sys

import numpy
import pytest

import capcodec
from capcodec import (
    ArgumentError,
    Batch,
    BufferAccessError,
    UnknownFieldError,
    VirglCapsV1,
    VirglCapsV2,
    VirglVideoCaps,
    captures,
    define,
    schema,
)
from capcodec.structs.columns import default_paths

LITTLE = "<" * (sys.byteorder == "big")  # before the format of a column: elements are as they lie in the bytes

mixed = define(
    schema.struct(
        "mixed",
        schema.u8("a"),
        schema.s16("b[2][3]"),
        schema.u64("c:37"),
        schema.s64("d:20"),
        schema.s8("e:3"),
        schema.u32("f:12"),
        schema.f64("g"),
        schema.char("names[2][5]"),
        schema.struct("inner", schema.u16("x"), schema.s8("y[2]"), schema.u8("z:3"), schema.u8("w:5"))("parts[3]"),
        schema.s32("last"),
    )
)

SIZE = VirglCapsV2.size


def fleet(cls, count: int, seed: int = 0) -> bytearray:
    return bytearray(random.Random(seed).randbytes(cls.size * count))


def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def values(batch, path: str):
    """A column, read instance by instance."""
    return [plain(record[path]) for record in batch]


def test_records_are_views():
    memory = fleet(VirglCapsV2, 5)
    batch = Batch(VirglCapsV2, memory, SIZE)
    assert len(batch) == 5
    for i, record in enumerate(batch):
        assert type(record) is VirglCapsV2
        assert record.pack() == batch[i].pack() == memory[i * SIZE : (i + 1) * SIZE]
    batch[2].max_samples = 77
    assert memory[2 * SIZE + 284 : 2 * SIZE + 288] == (77).to_bytes(4, "little")
    assert batch[-1] == batch[4]
    with pytest.raises(IndexError):
        batch[5]
    with pytest.raises(IndexError):
        batch[-6]


def test_slices_are_batches():
    batch = Batch(VirglCapsV2, fleet(VirglCapsV2, 9), SIZE)
    for part in (slice(2, 7), slice(None, None, 3), slice(None, None, -1), slice(7, 1, -2), slice(4, 4), slice(99)):
        cut = batch[part]
        assert isinstance(cut, Batch)
        assert [record.pack() for record in cut] == [record.pack() for record in list(batch)[part]]
        assert cut.column("max_samples").tolist() == values(batch, "max_samples")[part]
        assert cut.columns(["max_samples"])["max_samples"].tolist() == values(batch, "max_samples")[part]
        assert [record.pack() for record in cut[::-1]] == [record.pack() for record in list(batch)[part][::-1]]


def test_every_column_is_what_the_instances_say():
    """All leaves of a struct of every kind, and of capset 2: as columns of one field and as one pass over all."""
    for cls, count in ((mixed, 150), (VirglCapsV2, 20)):
        batch = Batch(cls, fleet(cls, count), cls.size)
        paths = [leaf.path for leaf in cls.layout.leaves()]
        gathered = batch.columns(paths)
        for path in paths:
            column = batch.column(path)
            assert repr(column.tolist()) == repr(values(batch, path)) == repr(gathered[path].tolist()), path
            assert column.valid is gathered[path].valid is None
            assert gathered[path].contiguous
            assert memoryview(column).tobytes() == memoryview(gathered[path]).tobytes()


def test_arrays_on_the_way_may_go_without_an_index():
    batch = Batch(mixed, fleet(mixed, 70), mixed.size)
    expected = {
        "parts.x": [[part.x for part in record.parts] for record in batch],
        "parts.y": [[part.y.tolist() for part in record.parts] for record in batch],
        "parts.y[1]": [[part.y[1] for part in record.parts] for record in batch],
        "parts.w": [[part.w for part in record.parts] for record in batch],
        "parts[2].y": [record.parts[2].y.tolist() for record in batch],
        "b[1]": [record.b[1].tolist() for record in batch],
        "names": [record.names.tolist() for record in batch],
        "names[1]": [record.names[1] for record in batch],
    }
    gathered = batch.columns(expected)
    for path, rows in expected.items():
        assert batch.column(path).tolist() == gathered[path].tolist() == rows, path


def test_nested_structs_come_as_words():
    memory = fleet(VirglCapsV2, 6)
    batch = Batch(VirglCapsV2, memory, SIZE)
    bytes_ = numpy.frombuffer(memory, numpy.uint8).reshape(6, SIZE)
    for path, start, end, shape in (
        ("bset", 260, 264, (6,)),
        ("sampler", 4, 68, (6, 16)),
        ("v1", 0, 308, (6, 77)),
        ("video_caps", 860, 1372, (6, 32, 4)),
        ("video_caps[5]", 940, 956, (6, 4)),
    ):
        array = numpy.asarray(batch.column(path))
        assert (array.dtype, array.shape) == (numpy.dtype("<u4"), shape)
        assert array.tobytes() == bytes_[:, start:end].tobytes()


def test_columns_are_typed_buffers():
    memory = fleet(VirglCapsV2, 6)
    batch = Batch(VirglCapsV2, memory, SIZE)
    for path, format_, shape, strides in (
        ("max_samples", LITTLE + "I", (6,), (SIZE,)),
        ("min_texel_offset", LITTLE + "i", (6,), (SIZE,)),
        ("max_anisotropy", LITTLE + "f", (6,), (SIZE,)),
        ("renderer", LITTLE + "64s", (6,), (SIZE,)),
        ("sample_locations", LITTLE + "I", (6, 8), (SIZE, 4)),
        ("video_caps.max_width", LITTLE + "H", (6, 32), (SIZE, 16)),
        ("video_caps[3].profile", LITTLE + "B", (6,), (SIZE,)),
        ("bset.has_fp64", LITTLE + "B", (6,), (1,)),
        ("video_caps.reserved", LITTLE + "I", (6, 32), (128, 4)),
    ):
        view = memoryview(batch.column(path))
        assert (view.format, view.shape, view.strides) == (format_, shape, strides), path
        assert view.itemsize == numpy.asarray(view).dtype.itemsize


def test_zero_copy_columns_share_the_memory():
    memory = fleet(VirglCapsV2, 4)
    batch = Batch(VirglCapsV2, memory, SIZE)
    column = numpy.asarray(batch.column("max_samples"))
    column[2] = 99
    assert batch[2].max_samples == 99
    frozen = Batch(VirglCapsV2, bytes(memory), SIZE)
    assert frozen.readonly
    assert frozen[0].readonly
    assert memoryview(frozen.column("max_samples")).readonly
    assert not memoryview(frozen.columns(["max_samples"])["max_samples"]).readonly
    with pytest.raises(BufferAccessError):
        frozen[0].max_samples = 1


def test_columns_by_default_are_all_fields_by_their_names():
    batch = Batch(VirglCapsV2, fleet(VirglCapsV2, 3), SIZE)
    columns = batch.columns()
    assert list(columns) == list(default_paths(VirglCapsV2.layout))
    folded = len(VirglCapsV1.fields) - 1  # in the place of v1
    assert len(columns) == len(VirglCapsV2.fields) + folded
    assert sum(memoryview(column).nbytes for column in columns.values()) == 3 * SIZE
    assert columns["max_samples"].tolist() == values(batch, "max_samples")
    assert list(Batch(VirglCapsV1, bytes(308), VirglCapsV1.size).columns()) == list(VirglCapsV1.fields)


def test_into_arrays_that_are_there():
    batch = Batch(VirglCapsV2, fleet(VirglCapsV2, 100), SIZE)
    out = {
        "max_samples": numpy.zeros(100, numpy.uint32),
        "bset.has_fp64": numpy.zeros(100, bool),
        "sample_locations": bytearray(100 * 32),
    }
    columns = batch.columns(out=out)
    assert out["max_samples"].tolist() == columns["max_samples"].tolist() == values(batch, "max_samples")
    assert out["bset.has_fp64"].tolist() == [bool(record.bset.has_fp64) for record in batch]
    assert numpy.frombuffer(out["sample_locations"], "<u4").reshape(100, 8).tolist() == values(
        batch, "sample_locations"
    )
    only = numpy.zeros(100, numpy.uint32)
    assert list(batch.columns(["max_samples"], out={"max_samples": only, "renderer": None})) == ["max_samples"]
    assert only.tolist() == values(batch, "max_samples")


WRONG_OUT = [
    (lambda: numpy.zeros(99, numpy.uint32), ArgumentError, "expected a buffer of 400 bytes in elements 'I' of 4 bytes, got 396 bytes in elements 'I' of 4"),
    (lambda: numpy.zeros(50, numpy.uint64), ArgumentError, "expected a buffer of 400 bytes in elements 'I' of 4 bytes, got 400 bytes in elements 'L' of 8"),
    (lambda: numpy.zeros(200, numpy.uint32)[::2], BufferAccessError, "not C-contiguous"),
    (lambda: bytes(400), BufferAccessError, "not writable"),
    (lambda: [0] * 100, BufferAccessError, "expected a writable contiguous buffer, got list"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "error", "words"), WRONG_OUT)
def test_arrays_that_do_not_fit(make, error, words):
    batch, good = Batch(VirglCapsV2, fleet(VirglCapsV2, 100), SIZE), numpy.full(100, 7, numpy.uint32)
    with pytest.raises(error) as caught:
        batch.columns(out={"glsl_level": good, "max_samples": make()})
    assert "max_samples" in str(caught.value)
    assert words in str(caught.value)
    assert (good == 7).all(), "nothing may be written if any of them does not fit"


def test_a_target_within_the_records_is_refused():
    memory = numpy.frombuffer(fleet(VirglCapsV2, 2), numpy.uint8)
    with pytest.raises(ArgumentError, match="max_samples: the buffer overlaps the records"):
        Batch(VirglCapsV2, memory, SIZE).columns(out={"max_samples": memory[4:12]})


def real_fleet():
    """Capsets of several releases, each at the start of a slot as long as the newest, whose rest is rubbish."""
    blobs = [captures.load(name) for name in captures.names(2)]
    memory = bytearray(b"\xee" * (SIZE * len(blobs)))
    for i, blob in enumerate(blobs):
        memory[i * SIZE : i * SIZE + len(blob)] = blob
    return blobs, Batch(VirglCapsV2, memory, SIZE, sizes=[len(blob) for blob in blobs])


def test_records_of_different_sizes():
    blobs, batch = real_fleet()
    assert [record.pack() for record in batch] == blobs
    assert [record.valid_size for record in batch] == [len(blob) for blob in blobs]
    for cut in (slice(None, None, -1), slice(3, None, 2)):
        assert [record.pack() for record in batch[cut]] == blobs[cut]


@pytest.mark.parametrize("path", ["max_samples", "max_tcs_outputs", "renderer", "video_caps.profile", "bset.ubo"])
def test_absent_is_not_a_value(path):
    blobs, batch = real_fleet()
    end = {"video_caps.profile": 1357, "bset.ubo": 263}.get(path) or VirglCapsV2.fields[path].end
    there = [len(blob) >= end for blob in blobs]
    column = batch.column(path)
    assert [value is not None for value in column] == there
    if all(there):
        assert column.valid is None
    else:
        assert column.valid.tolist() == there
        assert column.valid.format == "?"
    for i, record in enumerate(batch):
        if there[i] and path in VirglCapsV2.fields:
            assert column[i] == record[path]


def test_elements_of_records_that_lack_a_field_are_left_as_they_were():
    blobs, batch = real_fleet()
    out = numpy.full(len(blobs), 0xDEAD, numpy.uint32)
    column = batch.columns(out={"max_tcs_outputs": out})["max_tcs_outputs"]
    for i, blob in enumerate(blobs):
        if len(blob) < 1380:
            assert out[i] == 0xDEAD
            assert column[i] is None
        else:
            assert out[i] == batch[i].max_tcs_outputs == column[i]
    assert not any(numpy.asarray(batch.columns(["max_tcs_outputs"])["max_tcs_outputs"])[~numpy.array(column.valid)])


def test_a_stride_shorter_than_the_struct():
    memory = fleet(VirglCapsV1, 10)
    batch = Batch(VirglCapsV2, memory, stride=308)
    assert len(batch) == 10
    assert batch[3].pack() == memory[3 * 308 : 4 * 308]
    assert not batch[3].has_field("max_tcs_outputs")
    assert batch.column("max_tcs_outputs").tolist() == [None] * 10
    assert batch.column("max_samples").tolist() == values(batch, "max_samples")


def test_a_stride_longer_than_the_struct():
    memory = bytearray(random.Random(1).randbytes(2048 * 3 + 1500))
    batch = Batch(VirglCapsV2, memory, stride=2048)
    assert [record.pack() for record in batch] == [memory[i : i + SIZE] for i in range(0, 2048 * 4, 2048)]
    sized = Batch(VirglCapsV2, memory, stride=2048, sizes=[SIZE, 1500, 0, 1500])
    assert [len(record.tail) for record in sized] == [0, 1500 - SIZE, 0, 1500 - SIZE]


def test_a_last_record_that_is_cut_short():
    memory = fleet(VirglCapsV2, 3)[: 2 * SIZE + 700]
    batch = Batch(VirglCapsV2, memory, SIZE)
    assert [record.valid_size for record in batch] == [SIZE, SIZE, 700]
    assert batch.column("renderer").valid.tolist() == [True, True, False]
    assert batch.column("max_video_memory").valid is None
    assert len(Batch(VirglCapsV2, b"", SIZE)) == 0
    assert Batch(VirglCapsV2, b"", SIZE).column("max_samples").tolist() == []


def test_more_than_the_caches_hold():
    """Past 4 MiB columns are written by another way, in which no alignment may show."""
    count = 4_001
    memory = numpy.random.default_rng(2).integers(0, 256, count * SIZE, numpy.uint8)
    rows = memory.reshape(count, SIZE)
    batch = Batch(VirglCapsV2, memory, SIZE)
    spare = numpy.full(count * 4 + 64, 0xA5, numpy.uint8)
    out = {"max_samples": spare[3 : 3 + count * 4]}
    paths = [*default_paths(VirglCapsV2.layout), "video_caps.reserved", "bset.ubo", "video_caps.max_width"]
    columns = batch.columns(paths, out={path: out.get(path, bytearray(columns_size(batch, path))) for path in paths})
    for path in default_paths(VirglCapsV2.layout):
        field = VirglCapsV2.fields[path]
        assert memoryview(columns[path]).tobytes() == rows[:, field.offset : field.end].tobytes(), path
    assert (spare[:3] == 0xA5).all()
    assert (spare[3 + count * 4 :] == 0xA5).all()
    words = rows[:, 860:1372].copy().view("<u4").reshape(count, 32, 4)
    assert (numpy.asarray(columns["video_caps.reserved"]) == words[:, :, 3] >> 12).all()
    assert (numpy.asarray(columns["video_caps.max_width"]) == words[:, :, 1] & 0xFFFF).all()
    assert (numpy.asarray(columns["bset.ubo"]) == rows[:, 262] >> 2 & 1).all()


def columns_size(batch, path: str) -> int:
    return memoryview(batch.columns([path])[path]).nbytes


def test_the_buffer_is_kept_and_pinned():
    memory = fleet(VirglCapsV2, 3)
    batch = Batch(VirglCapsV2, memory, SIZE)
    record, column = batch[1], batch.column("max_samples")
    expected = record.pack(), column.tolist()
    del batch
    for _ in range(2):
        with pytest.raises(BufferError):
            memory.append(0)
        assert (record.pack(), column.tolist()) == expected
    del record
    with pytest.raises(BufferError):
        memory.append(0)
    del column
    memory.append(0)


WRONG = [
    ((VirglCapsV2, 5), {"stride": 4}, BufferAccessError, "Batch: expected a contiguous buffer, got int 5"),
    ((VirglCapsV2, memoryview(bytes(99))[::3]), {"stride": 4}, BufferAccessError, "Batch: expected a contiguous buffer"),
    ((capcodec.Struct, b""), {"stride": 4}, ArgumentError, "expected the class of a struct"),
    ((dict, b""), {"stride": 4}, ArgumentError, "expected the class of a struct, got type <class 'dict'>"),
    ((VirglCapsV2, b""), {}, ArgumentError, "Batch: expected a stride in bytes, such as VirglCapsV2.size, got none"),
    ((VirglCapsV2, b""), {"stride": 0}, ArgumentError, "Batch: expected a stride in bytes of 1 or more, got int 0"),
    ((VirglCapsV2, b""), {"stride": -5}, ArgumentError, "got int -5"),
    ((VirglCapsV2, b""), {"stride": 2**70}, ArgumentError, "expected a stride"),
    ((VirglCapsV2, b""), {"stride": 1.5}, ArgumentError, "got float 1.5"),
    ((VirglCapsV2, bytes(100)), {"stride": 50, "sizes": [50, 51]}, ArgumentError, "expected a size of record 1 in bytes of 0..50, got int 51"),
    ((VirglCapsV2, bytes(100)), {"stride": 50, "sizes": [50, 50, 1]}, ArgumentError, "record 2 of 1 bytes, with a stride of 50, does not fit into the 100 bytes"),
    ((VirglCapsV2, bytes(100)), {"stride": 2**62, "sizes": [0, 0, 0]}, ArgumentError, "record 1 of 0 bytes"),
    ((VirglCapsV2, bytes(100)), {"stride": 50, "sizes": [50, 50, 0, 0, 0]}, ArgumentError, "record 3 of 0 bytes"),
    ((VirglCapsV2, bytes(100)), {"stride": 50, "sizes": [-1]}, ArgumentError, "got int -1"),
    ((VirglCapsV2, bytes(100)), {"stride": 50, "sizes": ["x"]}, ArgumentError, "got str 'x'"),
    ((VirglCapsV2, bytes(100)), {"stride": 50, "sizes": 5}, ArgumentError, "expected a size for each record, got int 5"),
]  # fmt: skip


@pytest.mark.parametrize(("positional", "named", "error", "words"), WRONG)
def test_wrong_arguments(positional, named, error, words):
    with pytest.raises(error) as caught:
        Batch(*positional, **named)
    assert words in str(caught.value)


def test_unknown_columns():
    batch = Batch(VirglCapsV2, bytes(SIZE), SIZE)
    for path in ("typo", "video_caps.typo", "video_caps[32].profile", "max_samples[0]", "renderer.x", "", 5):
        with pytest.raises(UnknownFieldError):
            batch.column(path)
        with pytest.raises(UnknownFieldError):
            batch.columns([path])


def test_repr():
    batch = Batch(VirglVideoCaps, bytes(64), VirglVideoCaps.size)
    assert repr(batch) == "<batch of 4 virgl_video_caps, 16 bytes apart>"
    assert repr(batch.column("max_width")) == "<column of 4 virgl_video_caps.max_width>"
    column = batch.column("max_width")
    assert (len(column), column[-1], column[1:3], column.field.type) == (4, 0, [0, 0], "u32")
    with pytest.raises(IndexError):
        column[4]
