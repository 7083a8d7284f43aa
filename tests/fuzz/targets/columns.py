"""Batches and columns against ctypes, record by record."""

from __future__ import annotations

import contextlib
import ctypes
import io
import struct
from array import array

from capcodec import Batch, CapcodecError, Column, define, schema
from choices import CallerError, Choices, hostile
from targets.copies import copies

from . import refusing, target

try:
    import pyarrow
except ImportError:  # it has no wheels for some machines
    pyarrow = None


class Part(ctypes.Structure):
    """``part`` as ctypes has it."""

    _fields_ = (("x", ctypes.c_uint16), ("y", ctypes.c_int8 * 2), ("z", ctypes.c_uint8, 3), ("w", ctypes.c_uint8, 5))


class Record(ctypes.Structure):
    """``record`` as ctypes has it. It shares the units of bitfields out as gcc does where all are of one type."""

    _fields_ = (
        ("a", ctypes.c_uint8),
        ("b", ctypes.c_int16 * 3 * 2),
        ("c", ctypes.c_uint64, 37),
        ("d", ctypes.c_uint64, 27),
        ("e", ctypes.c_int32, 3),
        ("f", ctypes.c_int32, 29),
        ("g", ctypes.c_uint32, 1),
        ("h", ctypes.c_uint32, 15),
        ("i", ctypes.c_uint32, 16),
        ("names", ctypes.c_ubyte * 5 * 2),
        ("parts", Part * 3),
        ("words", ctypes.c_uint64 * 9),
        ("real", ctypes.c_float),
        ("reals", ctypes.c_double * 2),
        ("last", ctypes.c_int32),
    )


part = schema.struct("part", schema.u16("x"), schema.s8("y[2]"), schema.u8("z:3"), schema.u8("w:5"))
Ours = define(
    schema.struct(
        "record",
        schema.u8("a"),
        schema.s16("b[2][3]"),
        schema.u64("c:37"),
        schema.u64("d:27"),
        schema.s32("e:3"),
        schema.s32("f:29"),
        schema.u32("g:1"),
        schema.u32("h:15"),
        schema.u32("i:16"),
        schema.char("names[2][5]"),
        part("parts[3]"),
        schema.u64("words[9]"),
        schema.f32("real"),
        schema.f64("reals[2]"),
        schema.s32("last"),
    )
)
inner = schema.struct("inner", schema.u8("y[2][2][2]"), schema.u8("z"))
Deep = define(  # columns of more dimensions than Python's buffers have, or of many pieces; and a folded struct
    schema.struct(
        "deep",
        schema.struct("level", inner("x[2][2][2]"))("x[2][2][1]"),
        schema.struct("many", schema.u8("y"), schema.u8("w"))("z[3][9]"),
        schema.struct("folded", schema.u8("a"), schema.u8("b"))("folded", fold=True),
    )
)
assert Ours.size == ctypes.sizeof(Record)
PATHS = [
    "a",
    "b",
    "b[1]",
    "b[1][2]",
    "c",
    "d",
    "e",
    "f",
    "g",
    "h",
    "i",
    "names",
    "names[1]",
    "words",
    "words[8]",
    "last",
]
PATHS += [
    "parts.x",
    "parts.y",
    "parts.y[1]",
    "parts.z",
    "parts.w",
    "parts[2].w",
    "parts[1].y",
    "parts[0].y[0]",
    "parts",
    "parts[1]",
]
STEPS = {path: path.replace("]", "").replace("[", ".").split(".") for path in PATHS}
SIGNED_BYTES = {path for path in PATHS if path.startswith("parts") and ".y" in path} | {"e"}
MAX_RECORDS = 24
OUT_TYPES = [  # elements of what a caller offers for a column
    *(ctypes.c_bool, ctypes.c_char, ctypes.c_uint8, ctypes.c_int16, ctypes.c_uint32, ctypes.c_float, ctypes.c_double),
    *(kind.__ctype_be__ for kind in (ctypes.c_uint16, ctypes.c_int32, ctypes.c_uint64)),
    *(ctypes.c_char * 5, ctypes.c_uint64),
]


def read(value: object, steps: list[str]) -> object:
    """What a column has of ``value`` after these names and indices, of which those of arrays of structs may lack."""
    if not steps:
        if isinstance(value, Part):
            return list(struct.unpack("<3H", value))  # a nested struct comes as words
        if isinstance(value, ctypes.Array):
            return (
                bytes(value).rstrip(b"\0")
                if value._type_ is ctypes.c_ubyte
                else [read(element, []) for element in value]
            )
        return value
    step, *more = steps
    if step.isdecimal():
        return read(value[int(step)], more)
    if isinstance(value, ctypes.Array):
        return [read(element, steps) for element in value]
    return read(getattr(value, step), more)


def expected(record: bytes, path: str) -> object:
    """The value at ``path``; None if the record ends before it does: then what would follow decides."""
    low = read(Record.from_buffer_copy(record.ljust(Ours.size, b"\0")), STEPS[path])
    if len(record) < Ours.size and low != read(Record.from_buffer_copy(record.ljust(Ours.size, b"\xff")), STEPS[path]):
        return None
    return low


def offered(kind: type, size: int) -> object:
    """Memory of ``size`` bytes, or nearly, with elements of that kind."""
    return (kind * (size // ctypes.sizeof(kind)))()


def misuse(choices: Choices, stride: int) -> None:
    """Anything for any argument: an error, of ours or of the caller's."""
    memory = bytes(range(200))
    some = memory[: MAX_RECORDS * stride]
    records, deep = Batch(Ours, choices.pick([some, bytearray(some)]), stride), Batch(Deep, memory, 200)
    batch = choices.pick([records, records, records[::2], deep])
    path = (
        choices.pick(PATHS)
        if batch is not deep
        else choices.pick(["x", "x.x.y", "x[0].x.y", "x[0].x.y[9]", "z", "z.y", "a"])
    )
    names, out = hostile(choices, PATHS), hostile(choices, PATHS)
    index = hostile(choices, ["x"])
    with contextlib.suppress(CapcodecError, CallerError, TypeError):
        Batch[hostile(choices, ["x"])]
        Batch(Ours, hostile(choices, ["x"]), hostile(choices, ["x"]), hostile(choices, ["x"]))
    for call in (
        lambda: batch.columns(names, out),
        lambda: batch.columns(out=out),
        lambda: batch.columns(out={path: hostile(choices, ["x"])}),
        lambda: batch.columns(out={path: batch.column(path)}),
        lambda: batch.columns()["a"],
        lambda: batch.column(names),
        lambda: batch.column(path),
        lambda: batch.column(path).__arrow_c_array__(names) and batch.column(path),
        lambda: batch.__arrow_c_array__(index) and batch.__arrow_c_stream__(names) and batch.column(path),
    ):
        with contextlib.suppress(CapcodecError, CallerError, KeyError if batch is deep else CapcodecError):
            column = call()
    with contextlib.suppress(CapcodecError, CallerError):
        column = batch.column(path)
        assert len(list(column)) == len(column) == len(batch) == len(list(batch))
        assert len(repr(column)) + len(repr(batch)) < 300
        assert batch.cls is (Deep if batch is deep else Ours)
        assert column.contiguous or batch.readonly == memoryview(column).readonly
        assert column.field.path == path or batch is deep
        assert batch.stride
        assert memoryview(column).c_contiguous or not column.contiguous
        assert column[1::2] == list(column)[1::2]
        for of in (column, batch):
            with contextlib.suppress(CallerError, IndexError, TypeError):
                of[index]
        with contextlib.suppress(BufferError, TypeError):
            array("B").frombytes(column)  # asks for bytes without strides
        with contextlib.suppress(BufferError, TypeError, ValueError):
            io.BytesIO(b"77").readinto(column)  # asks for a writable one


@target(
    "src/_bulk.pyx",
    "capcodec/structs/columns.py",
    plant=("src/cc_columns.h", "(uint64_t)cc_load_signed_bits(bits, p)", "cc_load_bits(bits, p)"),
    seeds=lambda: [
        *(bytes((kind, *range(at, 250, 3))) * 4 for kind in range(8) for at in range(3)),
        *(bytes((255, kind, *range(at, at + 40))) for kind in range(3) for at in range(0, 200, 9)),
    ],
)
def columns(data: bytes) -> None:
    """Of any records: as many as there are bytes, of sizes of their own, in any slice."""
    choices = Choices(data)
    flags = choices.number()
    if flags >= 224:
        copies(choices.rest())
        return
    stride = 1 + choices.number()
    path, paths = choices.pick(PATHS), [choices.pick(PATHS) for _ in range(choices.below(4))]
    cut = slice(*((choices.number() % 21 - 10) or None for _ in range(3)))
    sizes = [min(choices.number(), stride) for _ in range(choices.below(12))] if flags & 1 else None
    if flags & 2:
        misuse(choices, stride)
        return
    blob = (choices.rest() * (1 + 7 * (flags >> 2 & 1)))[: MAX_RECORDS * stride]
    try:
        batch = Batch(Ours, blob, stride, sizes)
    except CapcodecError:
        assert sizes is not None
        assert any(at * stride + size > len(blob) for at, size in enumerate(sizes))
        return
    lengths = [Ours.size] * -(-len(blob) // stride) if sizes is None else sizes
    records = [blob[at * stride : at * stride + min(size, stride)] for at, size in enumerate(lengths)][cut]
    batch = batch[cut]
    assert [record.pack() for record in batch] == records
    values = {path: [expected(record, path) for record in records] for path in {path, *paths}}
    assert batch.column(path).tolist() == values[path]
    found = batch.columns(paths)
    assert set(found) == set(paths)
    gathered = {path: memoryview(column).tobytes() for path, column in found.items()}
    out = {path: array("b" if path in SIGNED_BYTES else "B", bytes(len(gathered[path]))) for path in paths}
    batch.columns(out=out)
    assert {path: given.tobytes() for path, given in out.items()} == gathered
    with refusing():
        out = {path: offered(choices.pick(OUT_TYPES), len(content)) for path, content in gathered.items()}
        batch.columns(out=out)
        assert {path: bytes(given) for path, given in out.items()} == gathered
    for path in paths:
        assert found[path].tolist() == values[path]
        assert [found[path][at] for at in range(-len(records), 0)] == values[path]
        assert found[path].valid is None or found[path].valid.tolist() == [value is not None for value in values[path]]
    exported(batch, {path: batch.column(path), **found}, values)


def exported(batch: Batch, found: dict[str, Column], values: dict[str, list]) -> None:
    """What Arrow reads of them is sound, and what is neither text nor a struct has the same values."""
    made = [batch.__arrow_c_schema__(), batch.__arrow_c_array__(), batch.__arrow_c_stream__()]
    if pyarrow is None:
        return
    pyarrow.record_batch(batch).validate(full=True)
    pyarrow.table(batch).validate(full=True)
    for path, column in found.items():
        array = pyarrow.array(column)
        array.validate(full=True)
        texts = path.startswith(("names", "parts")) and array.to_pylist()
        if texts is False:
            assert repr(array.to_pylist()).replace("True", "1").replace("False", "0") == repr(values[path])
        else:
            assert [value is None for value in texts] == [value is None for value in values[path]]
    del made
