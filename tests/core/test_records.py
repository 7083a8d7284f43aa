"""Records of any lengths that become a batch: from buffers, and from binary columns of careful and careless producers.

What other libraries read of such batches is compared in test_arrow.py.
"""

from __future__ import annotations

import array
import errno
import gc
import pickle
import random
import struct

import numpy
import pytest

import no_memory
from arrow_producer import DropSchema, OfArray, OfStream
from capcodec import ArgumentError, Batch, BufferAccessError, VirglCapsV1, VirglCapsV2, captures
from programs import START, run

BLOBS = [captures.load(name) for name in captures.names(2)]
SIZE = VirglCapsV2.size


def some(count: int) -> list[bytes]:
    """Records of all lengths, some longer than the struct."""
    choose = random.Random(count)
    return [choose.randbytes(choose.choice([0, 1, 307, 308, 380, 1000, SIZE, SIZE + 20])) for _ in range(count)]


def packed(batch: Batch) -> list[bytes]:
    return [record.pack() for record in batch]


def offsets(records: list[bytes], code: str = "i") -> bytes:
    ends = [sum(map(len, records[:at])) for at in range(len(records) + 1)]
    return array.array(code, ends).tobytes()


def test_buffers_of_every_kind():
    records = some(300)
    for given in (
        records,
        tuple(records),
        iter(records),
        (bytearray(record) for record in records),
        [memoryview(record) for record in records],
        [VirglCapsV2.unpack(record) for record in records],
        [array.array("B", record) for record in records],
        numpy.array(records, object),
    ):
        batch = Batch.of(VirglCapsV2, given)
        assert packed(batch) == records
        assert [record.valid_size for record in batch] == [min(len(record), SIZE) for record in records]
        assert not batch.readonly
    assert packed(Batch.of(VirglCapsV2, Batch.of(VirglCapsV2, records))) == records
    rows = numpy.frombuffer(b"".join(BLOBS[-2:]), numpy.uint8).reshape(2, -1)
    assert packed(Batch.of(VirglCapsV2, rows)) == BLOBS[-2:]
    assert packed(Batch.of(VirglCapsV2, [])) == []


def test_they_are_copied():
    memory = bytearray(BLOBS[0])
    batch = Batch.of(VirglCapsV2, [memory, BLOBS[2]])
    memory.clear()
    assert packed(batch) == [BLOBS[0], BLOBS[2]]
    batch[0].max_samples = 99
    assert batch.column("max_samples")[0] == 99


def test_none_is_a_record_of_which_nothing_arrived():
    batch = Batch.of(VirglCapsV2, [None, BLOBS[0], None])
    assert [record.valid_size for record in batch] == [0, len(BLOBS[0]), 0]
    assert batch.column("max_version").tolist() == [None, 2, None]
    assert batch.columns(["max_version"])["max_version"].valid.tolist() == [False, True, False]


def test_columns_are_what_the_records_say():
    records = some(200)
    batch = Batch.of(VirglCapsV2, records)
    paths = [
        "max_version",
        "bset.has_fp64",
        "renderer",
        "video_caps.max_width",
        "sampler",
        "host_feature_check_version",
    ]
    gathered = batch.columns(paths)
    out = {path: bytearray(memoryview(column).nbytes) for path, column in gathered.items()}
    batch.columns(out=out)
    for path, column in gathered.items():
        want = [column_value(record, path) for record in batch]
        assert column.tolist() == batch.column(path).tolist() == want
        assert column.valid.tolist() == [value is not None for value in want]
        assert out[path] == memoryview(column).tobytes()
    for cut in (slice(3, 150), slice(None, None, -7), slice(50, 50), slice(9, 10)):
        assert packed(batch[cut]) == records[cut]
        assert batch[cut].column("max_version").tolist() == gathered["max_version"].tolist()[cut]
    full = Batch.of(VirglCapsV2, [blob.ljust(SIZE + at) for at, blob in enumerate(BLOBS)])  # all have all
    assert full.column("renderer").valid is None
    assert full.column("renderer").tolist() == [record.renderer for record in full]


def column_value(record, path: str):
    if path.startswith("video_caps"):
        there = record.has_field("video_caps")
        return [record[f"video_caps[{at}].max_width"] for at in range(32)] if there else None
    if not record.has_field(path):
        return None
    value = record[path]
    return list(struct.unpack("<16I", value)) if path == "sampler" else value


def test_records_of_one_length_are_at_equal_distances():
    for blob in (BLOBS[0], BLOBS[0] + b"tail", BLOBS[0][:77]):
        batch = Batch.of(VirglCapsV2, [blob] * 5)
        assert batch.stride == len(blob)
        assert packed(batch) == [blob] * 5
        assert memoryview(batch.column("max_version")).strides == (len(blob),)  # a view
    assert Batch.of(VirglCapsV2, BLOBS).stride == 0
    assert Batch.of(VirglCapsV2, [b"", b""]).stride == 0
    assert "various bytes apart" in repr(Batch.of(VirglCapsV2, BLOBS))


def test_pickles():
    for records in (some(40), [BLOBS[0] + b"tail"] * 3, [b"", b"x" * 100_000, *[b"y"] * 50]):
        batch = Batch.of(VirglCapsV2, records)
        made = pickle.loads(pickle.dumps(batch))
        assert made.cls is VirglCapsV2
        assert packed(made) == records
        assert len(pickle.dumps(batch)) < 2 * sum(map(len, records)) + 1000


REFUSED = [
    (5, ArgumentError, "expected several buffers, or a binary column, got int 5"),
    (BLOBS[0], ArgumentError, "expected several buffers"),
    (bytearray(5), ArgumentError, "expected several buffers"),
    (array.array("I", [1]), ArgumentError, "expected several buffers"),
    (numpy.frombuffer(BLOBS[0], numpy.uint8), ArgumentError, "expected several buffers"),  # bytes are buffers to NumPy
    (numpy.array([b"ab\0"]), ArgumentError, "expected several buffers"),  # of which it has cut the NUL
    (VirglCapsV2.unpack(BLOBS[0]), ArgumentError, "expected several buffers"),
    ([b"1", 5], BufferAccessError, "Batch.of, record 1: expected a contiguous buffer, got int 5"),
    ("ab", BufferAccessError, "record 0: .* got str 'a'"),
    ([memoryview(b"1234")[::2]], BufferAccessError, "record 0"),
]


@pytest.mark.parametrize(("records", "error", "message"), REFUSED)
def test_what_are_no_records(records, error, message):
    with pytest.raises(error, match=message):
        Batch.of(VirglCapsV2, records)


def test_what_is_no_class():
    for cls in (5, None, int, Batch):
        with pytest.raises(ArgumentError, match="expected the class of a struct"):
            Batch.of(cls, [])


def test_a_column_is_read_where_it_lies():
    pyarrow = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
    for records in (some(99), [BLOBS[0]] * 9):
        for type_ in (pyarrow.binary(), pyarrow.large_binary()):
            column = pyarrow.array([*records, None, b"more"], type_)[2:]
            want = [*records[2:], b"", b"more"]
            data = column.buffers()[2]
            batch = Batch.of(VirglCapsV2, column)
            assert packed(batch) == want
            assert batch.readonly
            before = pyarrow.total_allocated_bytes()
            del column
            gc.collect()
            assert pyarrow.total_allocated_bytes() == before
            at = data.address + sum(map(len, records[:2]))
            for record, blob in zip(batch, want, strict=True):
                assert not blob or numpy.frombuffer(record, numpy.uint8).ctypes.data == at
                at += len(blob)
            del data
            kept = batch[5]
            del batch, record
            assert kept.pack() == want[5]
            del kept
            gc.collect()
            assert pyarrow.total_allocated_bytes() < before


def test_records_of_equal_length_are_columns_without_a_copy():
    pyarrow = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
    column = pyarrow.array([BLOBS[-1]] * 9, pyarrow.binary(SIZE))
    batch = Batch.of(VirglCapsV2, column[1:])
    found = numpy.asarray(batch.column("max_samples"))
    assert found.ctypes.data == column.buffers()[1].address + SIZE + 284
    assert not found.flags.writeable
    del column, batch
    gc.collect()
    assert found.tolist() == [VirglCapsV2.unpack(BLOBS[-1]).max_samples] * 8


def test_a_column_may_not_be_filled_from_itself():
    pyarrow = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
    for records in (BLOBS, [BLOBS[0]] * 9):
        memory = bytearray(b"".join(records))
        buffers = [None, pyarrow.py_buffer(offsets(records)), pyarrow.py_buffer(memory)]
        batch = Batch.of(VirglCapsV2, pyarrow.Array.from_buffers(pyarrow.binary(), len(records), buffers))
        out = memoryview(memory)[700 : 700 + 4 * len(records)]
        with pytest.raises(ArgumentError, match="overlaps the records"):
            batch.columns(out={"max_samples": out})
        batch[3:].columns(out={"max_samples": out[: 4 * len(batch[3:])]})  # these do not
        assert bytes(out[:4]) == batch[3].max_samples.to_bytes(4, "little")


THREE = [b"abcd" * 80, b"", b"xyz" * 200]
DATA = b"".join(THREE)


def views(*entries: tuple[int, bytes, int, int]) -> bytes:
    return b"".join(struct.pack("=i4sii", *entry) for entry in entries)


GOOD = {
    "binary": (b"z", 3, None, offsets(THREE), DATA),
    "large": (b"Z", 3, None, offsets(THREE, "q"), DATA),
    "views": (
        b"vz",
        3,
        None,
        views((320, b"abcd", 0, 0), (0, b"", 9, 9), (600, b"xyzx", 0, 320)),
        DATA,
        struct.pack("=q", len(DATA)),
    ),
}


@pytest.mark.parametrize("arguments", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("kind", [OfArray, OfStream])
def test_all_is_released_once(kind, arguments):
    producer = kind(*arguments)
    batch = Batch.of(VirglCapsV1, producer)
    chunks = 2 if kind is OfStream else 1
    assert packed(batch) == THREE * chunks
    assert producer.dropped["stream"] == chunks - 1
    kept = batch[2], batch[1:].columns(["max_version"]), batch.__arrow_c_array__()
    assert producer.dropped["array"] == 0
    part = batch[:1]
    del batch, kept
    gc.collect()
    assert producer.dropped["array"] == 0
    assert packed(part) == THREE[:1]
    del part
    gc.collect()
    assert producer.dropped == {"schema": 1, "array": chunks, "stream": chunks - 1}


def change(**changes):
    def apply(producer) -> None:
        for path, value in changes.items():
            part, _, name = path.partition("_")
            setattr(getattr(producer, part), name, value)

    return apply


LIES = {
    "of text": ((b"u", 3, None, offsets(THREE), DATA), None, "another type than binary"),
    "of no type": ((None, 3, None, offsets(THREE), DATA), None, "another type than binary"),
    "of a negative width": ((b"w:-4", 3, None, DATA), None, "another type than binary"),
    "of a huge width": (
        (b"w:2000000000", 3, None, DATA),
        change(array_offset=(1 << 57) - 4),
        "more bytes than there can be",
    ),
    "of negative length": (GOOD["binary"], change(array_length=-1), "no possible length"),
    "of endless length": (GOOD["binary"], change(array_length=(1 << 63) - 1), "no possible length"),
    "from before its start": (GOOD["binary"], change(array_offset=-1), "no possible length"),
    "from far behind its end": (GOOD["binary"], change(array_offset=(1 << 63) - 1), "no possible length"),
    "of no buffers": (GOOD["binary"], change(array_buffers=None), "other buffers than its type has"),
    "of too few buffers": (GOOD["large"], change(array_n_buffers=2), "other buffers than its type has"),
    "of views of no buffers": (GOOD["views"], change(array_n_buffers=0), "other buffers than its type has"),
    "without offsets": ((b"z", 3, None, None, DATA), None, "without one of its buffers, at record 0"),
    "without data": ((b"z", 3, None, offsets(THREE), None), None, "without one of its buffers, at record 0"),
    "without its nulls": (GOOD["binary"], change(array_null_count=1), "without one of its buffers"),
    "of offsets that shrink": ((b"z", 3, None, offsets(THREE)[:8] + bytes(8), DATA), None, "do not grow, at record 1"),
    "of negative offsets": ((b"z", 1, None, struct.pack("=2i", -4, 4), DATA), None, "do not grow, at record 0"),
    "of a view of no buffer": ((b"vz", 1, None, views((13, b"", 1, 0)), DATA, b"\xff" * 8), None, "leaves its buffer"),
    "of a view behind the end": (
        (b"vz", 1, None, views((13, b"", 0, 2)), DATA[:14], struct.pack("=q", 14)),
        None,
        "leaves its buffer, at record 0",
    ),
    "of a type released before": (GOOD["binary"], change(schema_release=DropSchema()), "was released before"),
}


@pytest.mark.parametrize("kind", [OfArray, OfStream])
@pytest.mark.parametrize(("arguments", "lie", "message"), LIES.values(), ids=LIES)
def test_columns_that_lie(arguments, lie, message, kind):
    producer = kind(*arguments)
    if lie is not None:
        lie(producer)
    want = {"schema": bool(producer.schema.release), "array": 1 + (kind is OfStream), "stream": kind is OfStream}
    with pytest.raises(ArgumentError, match=f"Batch.of: expected a binary column of Arrow's, got .*{message}"):
        Batch.of(VirglCapsV1, producer)
    assert producer.dropped == want


def test_capsules_that_are_none():
    for name, message in (("schema", "a type that was released before"), ("array", "no array, or one")):
        for other in (b"arrow", b"", None):
            producer = OfArray(*GOOD["binary"])
            producer.names[name] = other
            with pytest.raises(ArgumentError, match=f"expected a binary column of Arrow's, got {message}"):
                Batch.of(VirglCapsV1, producer)
            assert producer.dropped == {"schema": 1, "array": 1, "stream": 0, name: 0}  # that is the producer's still
    producer = OfArray(*GOOD["binary"])
    Batch.of(VirglCapsV1, producer)
    with pytest.raises(ArgumentError, match="released before"):
        Batch.of(VirglCapsV1, producer)  # of the same capsules
    assert producer.dropped == {"schema": 1, "array": 1, "stream": 0}


def test_streams_that_fail():
    producer = OfStream(*GOOD["binary"])
    producer.fails = errno.EIO
    producer.say(b"the disk is on fire \xff" + b"!" * 1000)
    with pytest.raises(ArgumentError, match="the disk is on fire \ufffd!!!") as caught:
        Batch.of(VirglCapsV1, producer)
    assert len(str(caught.value)) < 300
    assert producer.dropped == {"schema": 1, "array": 2, "stream": 1}
    producer = OfStream(*GOOD["binary"])
    producer.fails = errno.ENOMEM
    with pytest.raises(MemoryError):
        Batch.of(VirglCapsV1, producer)
    assert producer.dropped == {"schema": 1, "array": 2, "stream": 1}
    producer = OfStream(*GOOD["binary"])
    producer.schema_fails = errno.EINVAL
    with pytest.raises(ArgumentError):
        Batch.of(VirglCapsV1, producer)
    assert producer.dropped == {"schema": 0, "array": 0, "stream": 1}
    producer = OfStream(*GOOD["binary"])
    producer.names["stream"] = b"arrow_stream"
    with pytest.raises(ArgumentError, match="no array"):
        Batch.of(VirglCapsV1, producer)
    assert producer.dropped == {"schema": 0, "array": 0, "stream": 0}


def test_what_exports_something_else():
    for given in (None, 5, (), (1, 2), (1, 2, 3), "ab", [1, 2]):
        for protocol in ("__arrow_c_array__", "__arrow_c_stream__"):
            with pytest.raises(ArgumentError, match="expected a binary column of Arrow's, got "):
                Batch.of(VirglCapsV1, type("Other", (), {protocol: lambda self, given=given: given})())

    def fails(self):
        raise NotImplementedError("not today")

    with pytest.raises(NotImplementedError, match="not today"):
        Batch.of(VirglCapsV1, type("Other", (), {"__arrow_c_array__": fails})())
    with pytest.raises(ArgumentError, match="TypeError"):
        Batch.of(VirglCapsV1, type("Other", (), {"__arrow_c_array__": lambda self, more: more})())
    with pytest.raises(ArgumentError, match="another type than binary"):
        Batch.of(VirglCapsV1, Batch.of(VirglCapsV1, [BLOBS[0]]).column("max_version"))


def test_a_column_of_ours_is_one():
    batch = Batch.of(VirglCapsV2, [BLOBS[0]] * 3)
    masks = Batch.of(VirglCapsV1, batch.columns(["sampler"])["sampler"])  # masks are binary
    assert packed(masks) == [BLOBS[0][4:68]] * 3


HOSTILE = {
    "threads share a column and a list that changes": """
        records = [blob[:at] for at in range(0, len(blob), 7)]
        changing = [bytearray(record) for record in records]
        batch = Batch.of(VirglCapsV2, records)
        stop = []
        def change():
            while not stop:
                for at in range(len(changing)):
                    changing[at] = bytearray(blob[: (len(changing[at]) * 7 + 1) % len(blob)])
                    changing[-at - 1] += b"x" if len(changing[-at - 1]) < 2000 else b""
                changing.append(changing.pop(3))
        def read():
            for _ in range(60):
                try:
                    made = Batch.of(VirglCapsV2, changing)
                    assert len(made) >= len(records) - 1
                    for record in made: record.pack()
                    made.columns(["max_version", "renderer"])
                except BufferError: pass
                batch.columns(["max_version", "sampler"]), batch.__arrow_c_array__(), batch[::-2].column("max_samples")
        writer = threading.Thread(target=change); writer.start()
        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        stop.append(1); writer.join()
        """,
    "a batch within its own records": """
        records = []
        batch = Batch.of(VirglCapsV2, [blob, blob[:9]])
        records += batch
        for _ in range(100): records = list(Batch.of(VirglCapsV2, records))
        assert records[1].pack() == blob[:9]
        """,
    "buffers that run code when they are asked": """
        class Wild(list):
            def __iter__(self):
                self.append(blob); self.pop(0); return super().__iter__()
        assert len(Batch.of(VirglCapsV2, Wild([b"1", b"2"]))) == 2
        class Never:
            def __getattr__(self, name): raise ZeroDivisionError(name)
        refused(lambda: Batch.of(VirglCapsV2, Never()), ZeroDivisionError)
        refused(lambda: Batch.of(VirglCapsV2, type("Odd", (), {"__arrow_c_array__": 5})()), CapcodecError)
        """,
    "a column that lives until Python ends": """
        import pyarrow
        sys.kept = [Batch.of(VirglCapsV2, pyarrow.array([blob, blob[:5], None]))]
        sys.kept.append(sys.kept)
        """,
    "threads take the same stream": """
        import pyarrow
        for _ in range(300):
            capsule = pyarrow.chunked_array([[blob], [blob[:9]]]).__arrow_c_stream__()
            class Same:
                def __arrow_c_stream__(self): return capsule
            found = []
            def take():
                try: found.append(len(Batch.of(VirglCapsV2, Same())))
                except CapcodecError: pass
            threads = [threading.Thread(target=take) for _ in range(3 if GIL else 1)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            assert found == [2], found
        """,
}


@pytest.mark.parametrize("program", HOSTILE.values(), ids=HOSTILE)
def test_what_no_caller_should_do(program):
    if "pyarrow" in program:
        pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
    run(program)


NO_MEMORY = """
records = [blob, None, blob[:300], bytearray(blob)]
batch = Batch.of(VirglCapsV2, records)
column = Batch.of(VirglCapsV1, [blob[:308]] * 3).columns(["sampler"])["sampler"]
shown = repr
calls = [lambda: Batch.of(VirglCapsV2, records), lambda: Batch.of(VirglCapsV2, column), lambda: batch[::-1]]
calls += [batch.__arrow_c_array__, batch.__arrow_c_stream__, lambda: batch.columns(["max_samples"]), batch.__reduce__]
for call in calls:
    ask(call, call, 600)
"""


def test_no_memory():
    """Each allocation fails once: a MemoryError comes out."""
    result = no_memory.run(START + NO_MEMORY)
    assert result.returncode == 0, result.stderr[-3000:]


LOST = """
import resource
column = Batch.of(VirglCapsV1, [blob[:308]] * 300).columns(["sampler"])["sampler"]
records = [blob[:at] for at in range(900)]
def use():
    Batch.of(VirglCapsV2, records)[::2].columns(["max_version"])
    Batch.of(VirglCapsV2, column)[1:].__arrow_c_array__()
    refused(lambda: Batch.of(VirglCapsV2, [blob] * 100 + [5]), CapcodecError)
    refused(lambda: Batch.of(VirglCapsV2, Batch.of(VirglCapsV2, records).column("max_version")), CapcodecError)
for _ in range(30): use()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(300): use()
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert grown < 4000, f"{grown} KiB more after 300 rounds"
"""


def test_nothing_is_lost():
    run(LOST)
