"""The same structs in the tools that people use today, made from our layouts so that all decode the same bytes.

``struct`` and numpy know no bitfields: they hold the words, and generated code picks the bits out of them.
"""

from __future__ import annotations

import ctypes
import struct

import cffi
import numpy

from c_program import Program
from capcodec import VirglCapsV2, captures
from capcodec.structs.field import Field
from capcodec.structs.layout import Layout

CTYPES = {"u32": ctypes.c_uint32, "s32": ctypes.c_int32, "f32": ctypes.c_float, "char": ctypes.c_char}
CODES = {"u32": "I", "s32": "i", "f32": "f"}
NUMPY = {"u32": "<u4", "s32": "<i4", "f32": "<f4"}
LAYOUT = VirglCapsV2.layout
DATA = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def ctypes_class(layout: Layout) -> type[ctypes.Structure]:
    """A structure with the same fields."""
    fields = []
    for field in layout.fields.values():
        type_ = ctypes_class(field.layout) if field.layout else CTYPES[field.type]
        for count in reversed(field.dims):
            type_ = type_ * count
        fields.append((field.name, type_) if field.bits is None else (field.name, type_, field.bits))
    return type(layout.name, (ctypes.LittleEndianStructure,), {"_fields_": fields})


def numpy_dtype(layout: Layout) -> numpy.dtype:
    """A structured dtype; a struct of bitfields is an array of the words they lie in."""
    if layout.rows[0].bits is not None:
        return numpy.dtype(("<u4", layout.size // 4)) if layout.size > 4 else numpy.dtype("<u4")
    fields = []
    for field in layout.fields.values():
        if field.type == "char":
            fields.append((field.name, f"S{field.size}"))
        else:
            fields.append((field.name, numpy_dtype(field.layout) if field.layout else NUMPY[field.type], field.dims))
    return numpy.dtype(fields)


def flat_items(layout: Layout) -> list[Field]:
    """The items of a flat struct format: words, and bytes of char arrays."""
    items: dict[int, Field] = {}
    for leaf in layout.leaves():
        for field in [leaf] if leaf.type == "char" else leaf.elements():
            items.setdefault(field.offset // 4 * 4, field)
    return list(items.values())


FLAT = flat_items(LAYOUT)
INDEX = {item.offset // 4 * 4: i for i, item in enumerate(FLAT)}
FORMAT = "<" + "".join(f"{item.size}s" if item.type == "char" else CODES[item.type] for item in FLAT)


def nested(fields, leaf) -> str:
    """Source of a nested dict literal with ``leaf(field)`` for each value."""

    def value(field: Field) -> str:
        if field.dims and field.type != "char":
            return "[" + ", ".join(value(field.element(i)) for i in range(field.dims[0])) + "]"
        if field.layout:
            return nested((inner.within(field) for inner in field.layout.fields.values()), leaf)
        return leaf(field)

    return "{" + ", ".join(f"{field.name!r}: {value(field)}" for field in fields) + "}"


def struct_leaf(field: Field) -> str:
    start = field.offset // 4 * 4
    word = f"t[{INDEX[start]}]"
    if field.type == "char":
        return f"{word}.rstrip(b'\\0')"
    if field.bits is None:
        return word
    return f"{word} >> {(field.offset - start) * 8 + field.shift} & {(1 << field.bits) - 1}"


def cffi_leaf(field: Field) -> str:
    return f"ffi.string(p.{field.path}, {field.size})" if field.type == "char" else f"p.{field.path}"


def path_in_dict(field: Field) -> str:
    parts = field.path.replace("[", ".").replace("]", "").split(".")
    return "d" + "".join(f"[{part}]" if part.isdecimal() else f"[{part!r}]" for part in parts)


def flat_source() -> str:
    """Source of the arguments of Struct.pack, taken from a nested dict ``d``."""
    words: dict[int, list[str]] = {}
    for leaf in LAYOUT.leaves():
        for field in [leaf] if leaf.type == "char" else leaf.elements():
            start = field.offset // 4 * 4
            shift = (field.offset - start) * 8 + field.shift
            path = path_in_dict(field)
            words.setdefault(start, []).append(f"{path} << {shift}" if shift else path)
    return ", ".join(" | ".join(parts) for parts in words.values())


def function(arguments: str, body: str, **names):
    """A function with a generated body, as fast as if it had been written by hand."""
    scope = dict(names)
    exec(f"def made({arguments}):\n    return {body}", scope)
    return scope["made"]


def flat_dtype() -> numpy.dtype:
    """One field for each item of the flat format: ``item`` makes a tuple of it at once."""
    return numpy.dtype([(f"w{i}", f"S{f.size}" if f.type == "char" else NUMPY[f.type]) for i, f in enumerate(FLAT)])


Caps = ctypes_class(LAYOUT)
Flat = struct.Struct(FORMAT)
dtype, words_dtype = numpy_dtype(LAYOUT), flat_dtype()
ffi = cffi.FFI()
_program = Program()
C_TYPE = f"struct {_program.tag(LAYOUT.schema)} *"
ffi.cdef("\n".join(_program.declarations))

_source = nested(LAYOUT.fields.values(), struct_leaf)
struct_to_dict = function("data", f"(lambda t: {_source})(unpack(data))", unpack=Flat.unpack)
numpy_to_dict = function("record", f"(lambda t: {_source})(record.item())")
ctypes_to_dict = function("o", nested(LAYOUT.fields.values(), lambda field: f"o.{field.path}"))
cffi_to_dict = function("p", nested(LAYOUT.fields.values(), cffi_leaf), ffi=ffi)
struct_from_dict = function("d", f"pack({flat_source()})", pack=Flat.pack)
