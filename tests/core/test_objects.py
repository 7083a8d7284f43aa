"""Instances as Python objects: equality, copies, pickles, buffers, lifetimes, memory."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import tracemalloc

import numpy
import pytest

import capcodec
from capcodec import VirglCapsBoolSet1, VirglCapsV1, VirglCapsV2, VirglVideoCaps, captures, define, schema


def every_kind(newest):
    whole = VirglCapsV2.unpack(newest)
    yield whole
    yield VirglCapsV2.unpack(newest[:690])
    yield VirglCapsV2.unpack(newest + b"tail")
    yield VirglCapsV2.view(bytearray(newest))
    yield VirglCapsV2.view(newest)
    yield whole.v1
    yield whole.bset
    yield whole.video_caps[3]
    yield VirglCapsV2.variants["0.9.0"].unpack(newest[:696])
    yield VirglCapsV1.variants["before-03e3116a"].unpack(newest[:288]).bset


def test_copies_and_pickles_are_equal_and_independent(newest):
    for capset in every_kind(newest):
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(capset, protocol)) == capset
        for duplicate in (copy.copy(capset), copy.deepcopy(capset), pickle.loads(pickle.dumps(capset))):
            assert type(duplicate) is type(capset)
            assert not duplicate.readonly
            memoryview(duplicate)[:1] = b"\xee"
            assert duplicate != capset


def test_equality_is_of_class_and_bytes(newest):
    capset = VirglCapsV2.unpack(newest)
    assert capset == VirglCapsV2.view(newest)
    assert capset != VirglCapsV2.unpack(newest[:-1])
    assert capset != VirglCapsV2.unpack(newest + b"\0")
    assert capset != VirglCapsV2.variants["before-328e5f66"].unpack(newest)
    assert capset != newest
    assert capset.v1 == VirglCapsV1.unpack(newest[:308])
    nan = VirglCapsV2.unpack(newest)
    nan.max_anisotropy = float("nan")
    assert nan == copy.copy(nan)


def test_construction(newest):
    assert VirglCapsV2().pack() == bytes(VirglCapsV2.size)
    assert VirglCapsV2(newest).pack() == newest
    edited = VirglCapsV2(newest, max_samples=7)
    assert (edited.max_samples, edited.pack()[288:]) == (7, newest[288:])
    assert VirglCapsV2.zeros(380).pack() == bytes(380)


def test_buffers_are_the_bytes(newest):
    for capset in every_kind(newest):
        assert bytes(capset) == capset.pack()
        assert memoryview(capset).readonly == capset.readonly
        assert memoryview(capset).nbytes == capset.valid_size + len(capset.tail)
        assert numpy.frombuffer(capset, numpy.uint8).tobytes() == capset.pack()


def test_views_write_through(newest):
    buffer = bytearray(newest)
    capset = VirglCapsV2.view(buffer)
    capset.max_samples = 123
    capset.video_caps[2].max_width = 456
    capset["v1.sampler.bitmask[3]"] = 789
    capset.bset.ubo = 1
    capset.sample_locations[5] = 99
    expected = VirglCapsV2.unpack(newest)
    expected.v1.max_samples = 123
    expected["video_caps[2].max_width"] = 456
    expected.sampler.bitmask[3] = 789
    expected.v1.bset.ubo = 1
    expected.sample_locations = [*expected.sample_locations[:5], 99, *expected.sample_locations[6:]]
    assert buffer == expected.pack()
    assert VirglCapsV2.unpack(newest).pack() == newest


def test_views_pin_their_buffer(newest):
    buffer = bytearray(newest)
    capset = VirglCapsV2.view(buffer)
    bset = capset.bset
    for viewer in (capset, bset):
        with pytest.raises(BufferError):
            buffer.append(0)
        del viewer
    del capset
    with pytest.raises(BufferError):
        buffer.append(0)
    del bset
    buffer.append(0)


def test_parts_outlive_their_whole(newest):
    """What is read from a part must still be right when every other reference to the bytes is gone."""
    expected = VirglCapsV2.unpack(newest)
    parts = [VirglCapsV2.unpack(newest).bset for _ in range(50)]
    arrays = [VirglCapsV2.view(bytearray(newest)).video_caps for _ in range(50)]
    elements = [VirglCapsV2.unpack(newest).max_const_buffer_size for _ in range(50)]
    views = [memoryview(VirglCapsV2.unpack(newest).sampler.bitmask) for _ in range(50)]
    deep = VirglCapsV2.unpack(newest)
    for _ in range(10_000):
        deep = VirglCapsV2.view(deep)
    gc.collect()
    [VirglCapsV2.unpack(b"\xff" * VirglCapsV2.size) for _ in range(100)]
    assert all(part == expected.bset for part in parts)
    assert all(array[0] == expected.video_caps[0] for array in arrays)
    assert all(list(element) == list(expected.max_const_buffer_size) for element in elements)
    assert all(view.tobytes() == bytes(expected.sampler.bitmask) for view in views)
    assert deep == expected
    del deep


def test_bytes_stay_at_one_address(newest):
    capset = VirglCapsV2.unpack(newest)
    address = numpy.frombuffer(capset, numpy.uint8).ctypes.data
    capset.max_samples = 3
    capset.to_dict()
    assert numpy.frombuffer(capset, numpy.uint8).ctypes.data == address


def test_arrays(newest):
    capset = VirglCapsV2.unpack(newest)
    locations = capset.sample_locations
    plain = numpy.frombuffer(newest, "<u4", 8, 396).tolist()
    assert len(locations) == 8
    assert list(locations) == locations.tolist() == plain
    assert locations == plain
    assert locations == tuple(plain)
    assert locations != plain[:-1]
    assert repr(locations) == repr(plain)
    assert (locations[-1], locations[2:5], locations[::-2]) == (plain[-1], plain[2:5], plain[::-2])
    assert locations.field.offset == 396
    exported = memoryview(locations)
    assert (exported.format.lstrip("<"), exported.itemsize, exported.shape) == ("I", 4, (8,))
    assert numpy.asarray(exported).tolist() == plain  # the format tells the byte order
    numpy.asarray(exported)[1] = 17
    assert capset.sample_locations[1] == 17
    assert numpy.asarray(capset.max_compute_grid_size).tolist() == list(capset.max_compute_grid_size)
    formats = numpy.unpackbits(numpy.frombuffer(newest, numpy.uint8, 64, 4), bitorder="little").nonzero()[0].tolist()
    assert capset.sampler.bitmask.bits() == formats
    with pytest.raises(capcodec.FieldTypeError):
        capset.video_caps.bits()
    with pytest.raises(BufferError):
        memoryview(capset.video_caps)


def test_arrays_of_arrays():
    grid = define(schema.struct("grid", schema.s16("cells[2][3][4]"), schema.char("names[2][5]"), schema.f64("at[2]")))
    data = bytes(range(24 * 2)) + b"one\0\0fives" + bytes(6) + numpy.array([1.5, -2.0], "<f8").tobytes()
    made = grid.unpack(data)
    cells = numpy.frombuffer(data, "<i2", 24).reshape(2, 3, 4)
    assert numpy.asarray(made.cells).tolist() == made.cells.tolist() == cells.tolist()
    assert made.cells[1][2][3] == made["cells[1][2][3]"] == cells[1, 2, 3]
    assert memoryview(made.cells[1]).shape == (3, 4)
    made.cells[0][1] = [-1, -2, -3, -4]
    assert made.cells.tolist()[0][1] == [-1, -2, -3, -4]
    with pytest.raises(capcodec.FieldRangeError, match=r"grid.cells\[1\]\[2\]\[3\] \(s16 at bytes 46..48\)"):
        made.cells[1] = [[0] * 4, [0] * 4, [0, 0, 0, 40_000]]
    with pytest.raises(capcodec.FieldIndexError, match=r"grid.cells\[1\] .* below 3, got 3"):
        made.cells[1][3]
    assert made.cells.tolist()[1] == cells[1].tolist()
    assert made.names.tolist() == [b"one", b"fives"]
    made.names[0] = b"two"
    assert made.pack()[48:58] == b"two\0\0fives"
    assert list(made.at) == [1.5, -2.0]


def test_memory_per_instance(newest):
    assert sys.getsizeof(VirglCapsV2.unpack(newest)) <= VirglCapsV2.size + 112
    assert sys.getsizeof(VirglCapsV2.view(newest)) <= 160
    tracemalloc.start()
    try:
        kept = [VirglCapsV2.unpack(newest) for _ in range(1000)]
        used = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert used / len(kept) <= VirglCapsV2.size + 112 + 8  # and its place in the list
    assert not gc.is_tracked(kept[0])


def test_nothing_leaks(newest):
    """Memory does not grow over a thousand rounds of everything, errors too."""
    writable = bytearray(newest)

    def everything():
        for capset in every_kind(newest):
            capset.to_dict()
            repr(capset)
        capset = VirglCapsV2.view(writable)
        VirglCapsV2.from_dict(capset.to_dict())
        capset.video_caps = capset.video_caps.tolist()
        list(capset.video_caps)
        capset["video_caps[7].profile"] = 3
        for bad in (5, memoryview(newest)[::2]):
            with pytest.raises(capcodec.CapcodecError):
                VirglCapsV2.view(bad)
            with pytest.raises(capcodec.CapcodecError):
                VirglCapsV2.unpack(bad)
            with pytest.raises(capcodec.CapcodecError):
                capcodec.min_copy(writable, bad)
        for path, value in (("v1", {}), ("video_caps", [{}] * 32), ("renderer", b"x" * 65), ("max_samples", -1)):
            with pytest.raises(capcodec.CapcodecError):
                capset[path] = value
        with pytest.raises(capcodec.CapcodecError):
            VirglCapsV2.from_dict({"v1": {"bset": {"ubo": 2}}})

    def used_after(rounds: int) -> int:
        for _ in range(rounds):
            everything()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    everything()
    tracemalloc.start()
    try:
        before = used_after(200)  # as long: caches of Python and of pytest fill up, and a leak does not stop
        grown = used_after(200) - before
    finally:
        tracemalloc.stop()
    assert grown < 20_000
    # The blob is shared by all: a reference lost or kept in excess would show in its count
    assert sys.getrefcount(newest) < 50


def test_classes_of_their_own_can_die():
    """A class made at run time goes away with its last instance, and takes its pools along."""

    def make():
        made = define(schema.struct("fleeting", schema.u32("x[100]")))
        return [made.zeros() for _ in range(20)]

    for _ in range(3):
        make()
    gc.collect()
    names = [cls.__name__ for cls in capcodec.Struct.__subclasses__()]
    assert names.count("Fleeting") == 0
    survivor = make()[0]
    gc.collect()
    assert survivor.x[99] == 0


def test_repr(newest):
    assert repr(VirglCapsV2.unpack(newest[:690])).startswith(f"<VirglCapsV2: 690 of {VirglCapsV2.size} bytes, ")
    whole = f"<VirglCapsV2: {VirglCapsV2.size} of {VirglCapsV2.size} bytes and a tail of 3, "
    assert repr(VirglCapsV2.unpack(newest + b"abc")).startswith(whole)
    assert repr(VirglVideoCaps.zeros()) == "<VirglVideoCaps: 16 of 16 bytes>"
    assert repr(VirglCapsBoolSet1(ubo=1)) == "<VirglCapsBoolSet1: 4 of 4 bytes, ubo=1>"
    assert repr(VirglCapsV2.max_samples) == "<Field virgl_caps_v2.v1.max_samples (u32 at bytes 284..288)>"


def test_metadata():
    assert (VirglCapsV1.capset_id, VirglCapsV2.capset_id, VirglVideoCaps.capset_id) == (1, 2, None)
    field = VirglCapsV2.fields["max_samples"]
    assert (field.offset, field.size, field.type, field.default) == (284, 4, "u32", 0)
    assert (field.since.size, field.since.commit, field.since.release) == (380, "4977d1fa023b", "0.7.0")
    assert "samples" in field.doc
    assert field.source == "GL_MAX_SAMPLES"
    assert VirglCapsV2.fields["v1.bset.has_cull"].since.date == "2018-02-09"
    assert list(VirglCapsV2.fields)[:2] == ["v1", "min_aliased_point_size"]
    assert "max_samples" in VirglCapsV2.fields
    assert "v1.max_samples" in VirglCapsV2.fields
    assert "typo" not in VirglCapsV2.fields
    captured = max(len(captures.load(name)) for name in captures.names(2))
    for cls in (VirglCapsV1, VirglCapsV2, VirglVideoCaps, VirglCapsBoolSet1):
        for name, field in cls.fields.items():
            assert field.doc or field.end > captured, name  # what was only just harvested has no meaning yet
            assert field.since is not None or cls is VirglVideoCaps
