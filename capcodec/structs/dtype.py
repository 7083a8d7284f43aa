"""Structs as NumPy's structured types, and what NumPy makes arrays of. NumPy is imported when it is asked for."""

from __future__ import annotations

import sys

from ..errors import ArgumentError, CapcodecError, shown
from ._classes import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import numpy

    from .field import Field
    from .layout import Layout

    _Made = dict[tuple[Layout, int], "numpy.dtype[Any]"]

LETTERS = {"unsigned": "u", "signed": "i", "float": "f"}


def numpy_dtype(cls: type[Struct], size: int | None = None) -> numpy.dtype[Any]:
    """NumPy's structured type for a class: what ``numpy.frombuffer`` reads records as.

    Every field is there at its offset, by its name in the header, in little-endian byte order: nested structs, their
    arrays and unions as in C, a char array as bytes, which NumPy cuts at the NULs at its end. As on an instance, capset
    2 has the fields of its ``v1`` by their own names too.

    NumPy knows no bitfields. **Each is the whole word that holds it**: the unsigned integer of its type's size, in
    which it begins at bit ``8 * (field.offset - offset) + field.shift``. ``Batch.column`` has the bits themselves.

    Args:
        cls: a struct's class.
        size: one of its ``size_steps``: the type has that many bytes, and no field that came later. Today's size if not
            given.

    Raises:
        CapcodecError: NumPy is not installed.
        ArgumentError: ``cls`` is no struct's class.
        SizeStepError: the struct never had that size.
    """
    if not isinstance(cls, type) or not issubclass(cls, Struct) or cls is Struct:
        raise ArgumentError(f"numpy_dtype: expected the class of a struct, got {shown(cls)}")
    return _dtype(cls.layout, cls.layout.step(size), {})


def _dtype(layout: Layout, size: int, made: _Made) -> numpy.dtype[Any]:
    """Of what ``size`` bytes of a struct hold whole; each but once, since unions may hold one another very often."""
    try:
        from numpy import dtype
    except ImportError as error:
        raise CapcodecError("structured types need NumPy: pip install numpy") from error
    found = made.get((layout, size))
    if found is None:
        fields = {
            field.name: _placed(field, size, made) for field in (*layout.fields.values(), *layout.folded.values())
        }
        there = {name: placed for name, placed in fields.items() if placed is not None}
        formats, offsets = [placed[0] for placed in there.values()], [placed[1] for placed in there.values()]
        found = dtype({"names": list(there), "formats": formats, "offsets": offsets, "itemsize": size})
        made[layout, size] = found
    return found


def _placed(field: Field, size: int, made: _Made) -> tuple[Any, int] | None:
    """Type and offset of a field; None if ``size`` bytes do not hold it, nor a part of a struct that grows."""
    dims, offset, end = field.dims, field.offset, field.end
    scalar: Any = field.member.type
    of: Any
    if field.layout is not None:
        inner = field.layout.size if end <= size or dims else size - offset
        end -= field.layout.size - inner
        of = _dtype(field.layout, inner, made) if inner > 0 else None
        if of is None or not of.names:
            return None
    elif field.type == "char":
        of, dims = f"S{dims[-1] if dims else 1}", dims[:-1]
    elif field.bits is not None:
        offset -= offset % scalar.size
        of, end = f"<u{scalar.size}", offset + scalar.size
    else:
        of = f"<{LETTERS[scalar.kind]}{scalar.size}"
    return ((of, dims) if dims else of, offset) if end <= size else None


def interface(of: Any, address: int, size: int | None) -> dict[str, Any]:
    """What NumPy asks of a column; or of a batch: of the first ``size`` bytes of each record.

    Records at unequal distances are copied.
    """
    if size is None:
        view = memoryview(of)
        code = view.format[-1]
        kind = "S" if code == "s" else "f" if code in "fd" else "u" if code.isupper() else "i"
        order = "<" if view.format[0] == "<" or sys.byteorder == "little" else ">"
        shape, strides = view.shape, view.strides
        data: object = (address, view.readonly)
        described: dict[str, Any] = {"typestr": f"{order}{kind}{view.itemsize}"}
    else:
        shape, strides = (len(of),), (of.stride or size,)
        data = (address, of.readonly) if of.stride else b"".join(bytes(record)[:size] for record in of)
        described = {"typestr": f"|V{size}", "descr": _dtype(of.cls.layout, size, {})}
    return {"version": 3, "shape": shape, "strides": strides, "data": data, **described}
