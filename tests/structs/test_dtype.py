"""NumPy's types of structs against ctypes and the values of instances; what NumPy makes of columns and batches."""

from __future__ import annotations

import ctypes
import gc
import sys

import numpy
import pytest

import capcodec
from capcodec import (
    ArgumentError,
    Batch,
    CapcodecError,
    SizeStepError,
    VirglCapsV1,
    VirglCapsV2,
    captures,
    define,
    numpy_dtype,
    schema,
)
from capcodec.registry import CAPSETS


class Inner(ctypes.LittleEndianStructure):
    _fields_ = (("x", ctypes.c_uint16), ("y", ctypes.c_int8 * 2), ("z", ctypes.c_double))


class Either(getattr(ctypes, "LittleEndianUnion", ctypes.Union)):  # Python 3.10 has it not
    _fields_ = (("one", ctypes.c_uint8), ("four", ctypes.c_uint32), ("inner", Inner))


inner = schema.struct("inner", schema.u16("x"), schema.s8("y[2]"), schema.f64("z"))
outer = define(
    schema.struct(
        "outer",
        schema.u8("a"),
        schema.s16("b[2][3]"),
        schema.u64("c"),
        schema.s64("d"),
        schema.f32("e"),
        inner("inner"),
        inner("inners[2][3]"),
        schema.union("either", schema.u8("one"), schema.u32("four"), inner("inner"))("either"),
        schema.s32("last"),
    )
)
bits = define(
    schema.struct(
        "bits",
        schema.u8("a"),
        schema.u64("b:37"),
        schema.s64("c:20"),
        schema.s8("d:3"),
        schema.u32("e:12"),
        schema.u32("f:20"),
        schema.char("names[2][5]"),
        schema.char("one"),
        schema.u16("last:9"),
    )
)


def told(dtype: numpy.dtype) -> object:
    """All of a type but the flag that it was made of a struct of C's, and in how many steps its arrays were."""
    dims: tuple[int, ...] = ()
    while dtype.subdtype is not None:
        dtype, more = dtype.subdtype
        dims += more
    fields = {name: (told(of), offset) for name, (of, offset, *_) in (dtype.fields or {}).items()}
    return dtype.itemsize, dims, fields or dtype.str


@pytest.mark.skipif(
    sys.byteorder == "big", reason="ctypes of Python 3.11.2 has no unions of the other byte order in structs"
)
def test_as_ctypes_lays_it_out():
    class Outer(ctypes.LittleEndianStructure):
        _fields_ = (
            ("a", ctypes.c_uint8),
            ("b", ctypes.c_int16 * 3 * 2),
            ("c", ctypes.c_uint64),
            ("d", ctypes.c_int64),
            ("e", ctypes.c_float),
            ("inner", Inner),
            ("inners", Inner * 3 * 2),
            ("either", Either),
            ("last", ctypes.c_int32),
        )

    assert told(numpy_dtype(outer)) == told(numpy.dtype(Outer))


def compare(record: numpy.void, instance) -> None:
    """Every field of the one is that of the other; those that did not arrive whole, the one has not."""
    dtype, layout = record.dtype, instance.layout
    for name, field in {**layout.fields, **layout.folded}.items():
        if not instance.has_field(name):
            assert name not in dtype.names or field.layout is not None
            continue
        found, value = record[name], instance[name]
        if field.bits is not None:
            word = int(found) >> 8 * (field.offset - dtype.fields[name][1]) + field.shift
            assert word & (1 << field.bits) - 1 == value & (1 << field.bits) - 1, name
        elif field.layout is None:
            assert dtype.fields[name][1] == field.offset
            assert repr(found.tolist()) == repr(value.tolist() if hasattr(value, "tolist") else value), name
        elif not field.layout.schema.union:
            for part, one in zip(numpy.ravel(found), elements(value), strict=True):
                compare(part, one)


def elements(value):
    if hasattr(value, "tolist") and not hasattr(value, "to_dict"):
        return [one for part in value for one in elements(part)]
    return [value]


@pytest.mark.parametrize("cls", [bits, outer], ids=lambda cls: cls.name)
def test_any_bytes_are_what_instances_say(cls):
    rng = numpy.random.default_rng(5)
    blob = rng.integers(0, 256, cls.size * 40, numpy.uint8).tobytes()
    for at, record in enumerate(numpy.frombuffer(blob, numpy_dtype(cls))):
        compare(record, cls.unpack(blob[at * cls.size :][: cls.size]))


@pytest.mark.parametrize("capset_id", [1, 2, 4])
def test_captures(capset_id):
    cls = capcodec.capset_for(capset_id)
    for name in captures.names(capset_id):
        blob = captures.load(name)
        for step in cls.size_steps:
            if step <= len(blob):
                dtype = numpy_dtype(cls, step)
                assert dtype.itemsize == step
                compare(numpy.frombuffer(blob[:step], dtype)[0], cls.unpack(blob[:step]))


def all_classes():
    for capset in CAPSETS.values():
        cls = capset.cls
        yield from (cls, *cls.variants.values())


def test_every_class_and_every_size_step():
    seen = 0
    for cls in all_classes():
        for step in cls.size_steps:
            dtype = numpy_dtype(cls, step)
            assert dtype.itemsize == step
            for name, (of, offset, *_) in dtype.fields.items():
                field = cls.fields[name]
                assert field.end <= step or field.layout.grows
                assert (offset, of.itemsize) == (field.offset, field.size) or field.bits or field.end > step
            whole = {name for name, field in cls.layout.fields.items() if field.end <= step}
            assert whole <= set(dtype.names)
            seen += 1
    assert seen > 40
    assert numpy_dtype(VirglCapsV2).fields["max_samples"] == numpy_dtype(VirglCapsV2, 380).fields["max_samples"]
    swapped = VirglCapsV2.variants["0.9.0"]
    assert numpy_dtype(swapped).itemsize == swapped.size


def test_of_a_struct_that_grows_within_another_the_part_that_arrived():
    grown = schema.union("grown", schema.u32("a"), schema.step(4, "1"), schema.u64("b"), schema.step(8, "2"))
    holder = define(schema.struct("holder", schema.u64("kind"), schema.step(8), grown("data")))
    assert numpy_dtype(holder, 8).names == ("kind",)
    assert numpy_dtype(holder, 12)["data"].names == ("a",)
    assert numpy_dtype(holder)["data"].names == ("a", "b")


def test_unions_within_unions_are_made_once():
    one = schema.union("u0", schema.u8("a"), schema.u32("b"))
    for depth in range(1, 60):
        one = schema.union(f"u{depth}", one("a"), one("b"))
    dtype = numpy_dtype(define(schema.struct("deep", one("one"))))
    assert dtype.itemsize == 4
    assert dtype["one"]["a"] is dtype["one"]["b"]


def test_refusals(monkeypatch):
    for cls in (5, None, int, "VirglCapsV2", capcodec.Struct, VirglCapsV2()):
        with pytest.raises(ArgumentError, match="expected the class of a struct"):
            numpy_dtype(cls)
    for size in (0, 381, 10**30, "380"):
        with pytest.raises(SizeStepError):
            numpy_dtype(VirglCapsV2, size)
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(CapcodecError, match="pip install numpy"):
        numpy_dtype(VirglCapsV2)


class Bare:
    """Has the array interface of another object, and keeps that; and no buffer, which NumPy would ask first."""

    def __init__(self, other: object) -> None:
        self.other = other

    @property
    def __array_interface__(self):
        return self.other.__array_interface__


PATHS = ["a", "b", "c", "d", "e", "inner.x", "inner", "inners", "inners.y", "inners[1].z", "either", "last"]


@pytest.mark.parametrize("path", PATHS)
def test_a_column_is_to_numpy_what_its_buffer_is(path):
    batch = Batch(outer, numpy.random.default_rng(6).bytes(outer.size * 9), outer.size)
    short = Batch(outer, bytearray(b"\x01" * outer.size * 3), outer.size, sizes=[outer.size, 0, outer.size])
    for of in (batch, batch[::-2], short, batch[4:4]):
        for column in (of.column(path), of.columns([path])[path]):
            by_buffer, by_interface = numpy.asarray(memoryview(column)), numpy.asarray(Bare(column))
            assert by_interface.__array_interface__ == by_buffer.__array_interface__ or not len(column)
            assert (by_interface.dtype, by_interface.shape) == (by_buffer.dtype, by_buffer.shape)
            assert by_interface.tobytes() == by_buffer.tobytes()


def test_records_are_a_structured_array():
    memory = bytearray(captures.load(captures.names(2)[-1]) * 5)
    size = len(memory) // 5
    batch = Batch(VirglCapsV2, memory, size)
    array = numpy.asarray(batch)
    assert array.dtype == numpy_dtype(VirglCapsV2)
    assert array["max_samples"].tolist() == batch.column("max_samples").tolist()
    assert array["v1"]["max_samples"].tolist() == array["max_samples"].tolist()
    array["max_samples"][3] = 99
    assert batch[3].max_samples == 99
    assert numpy.asarray(batch[::-2])["max_samples"].tolist() == array["max_samples"][::-2].tolist()
    assert not numpy.asarray(Batch(VirglCapsV2, bytes(memory), size)).flags.writeable
    assert numpy.asarray(batch[:0]).shape == (0,)


def test_fields_that_some_record_lacks_are_not_there():
    blob = captures.load(captures.names(2)[-1])
    for sizes in ([1408, 380, 1408], [300, 308, 1408], [0, 1408, 5]):
        batch = Batch(VirglCapsV2, blob * 3, len(blob), sizes=sizes)
        array = numpy.asarray(batch)
        for name in VirglCapsV2.layout.fields:
            everywhere = all(record.has_field(name) for record in batch)
            assert (name in (array.dtype.names or ())) == everywhere or name == "v1"
        if "v1" in (array.dtype.names or ()):  # as much of it as there is
            assert set(array["v1"].dtype.names) == set(VirglCapsV1.layout.fields) & set(array.dtype.names)
        for path in ("max_version", "max_samples", "max_texture_2d_size"):
            assert path not in (array.dtype.names or ()) or array[path].tolist() == batch.column(path).tolist()


def test_records_that_lie_anywhere_are_copied():
    blobs = [captures.load(name) for name in captures.names(2)]
    batch = Batch.of(VirglCapsV2, blobs)
    assert not batch.stride
    array = numpy.asarray(batch)
    assert array.dtype.itemsize == min(map(len, blobs))
    assert array["max_samples"].tolist() == batch.column("max_samples").tolist()
    equal = Batch.of(VirglCapsV2, blobs[:1] * 4)
    assert numpy.shares_memory(numpy.asarray(equal), numpy.asarray(equal))
    assert numpy.asarray(Batch.of(VirglCapsV2, [b"", None, blobs[0]])).dtype.itemsize == 0


def test_memory_stays_as_long_as_an_array():
    blob = captures.load(captures.names(2)[-1])
    memory = bytearray(blob * 50)
    batch = Batch(VirglCapsV2, memory, len(blob))
    arrays = [numpy.asarray(Bare(made)) for made in (batch, batch.column("max_samples"))]
    arrays.append(numpy.asarray(Bare(batch.columns(["sampler"])["sampler"])))
    want = [array.tobytes() for array in arrays]
    kept = numpy.asarray(batch)["max_samples"]
    del batch
    gc.collect()
    assert [array.tobytes() for array in arrays] == want
    del arrays
    gc.collect()
    with pytest.raises(BufferError):
        memory.clear()
    assert kept.tolist() == [VirglCapsV2.unpack(blob).max_samples] * 50
    del kept
    gc.collect()
    memory.clear()


def test_sizes_may_be_any_array_of_integers():
    blob = captures.load(captures.names(1)[0])
    want = [record.pack() for record in Batch(VirglCapsV1, blob * 3, 308, sizes=[8, 120, 4])]
    for order in "<>":
        for kind in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"):
            sizes = numpy.array([8, 120, 4], order + kind)
            for given in (sizes, sizes[::-1][::-1], memoryview(sizes) if sizes.dtype.isnative else sizes):
                assert [record.pack() for record in Batch(VirglCapsV1, blob * 3, 308, sizes=given)] == want
    for wrong in (
        [8, -1, 4],
        [8, 309, 4],
        [8.0, 120.0, 4.0],
        [True, False, True],
        [[8, 120, 4]],
        [2**63, 1, 1],
        5,
        "abc",
    ):
        with pytest.raises(ArgumentError):
            Batch(VirglCapsV1, blob * 3, 308, sizes=numpy.array(wrong))
    swapped = numpy.dtype("u4").newbyteorder()
    with pytest.raises(ArgumentError, match="expected a size for each record"):
        Batch(VirglCapsV1, blob * 3, 308, sizes=memoryview(numpy.array([8, 120, 4], swapped)))
