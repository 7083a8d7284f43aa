"""A producer of Arrow's C data interface in ctypes, which may lie, and counts what it gets back."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

_pointer = ctypes.POINTER


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


class Stream(ctypes.Structure):
    pass


DropSchema, DropArray, DropStream = (ctypes.CFUNCTYPE(None, _pointer(kind)) for kind in (Schema, Array, Stream))
GetSchema = ctypes.CFUNCTYPE(ctypes.c_int, _pointer(Stream), _pointer(Schema))
GetNext = ctypes.CFUNCTYPE(ctypes.c_int, _pointer(Stream), _pointer(Array))
GetError = ctypes.CFUNCTYPE(ctypes.c_void_p, _pointer(Stream))
_p, _n = ctypes.c_void_p, ctypes.c_int64
Schema._fields_ = [
    *(("format", ctypes.c_char_p), ("name", _p), ("metadata", _p), ("flags", _n), ("n_children", _n)),
    *(("children", _p), ("dictionary", _p), ("release", DropSchema), ("private", _p)),
]
Array._fields_ = [
    *((name, _n) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
    *(("buffers", _p), ("children", _p), ("dictionary", _p), ("release", DropArray), ("private", _p)),
]
Stream._fields_ = [
    *(("get_schema", GetSchema), ("get_next", GetNext), ("get_last_error", GetError)),
    *(("release", DropStream), ("private", _p)),
]

_new = ctypes.pythonapi.PyCapsule_New
_new.restype, _new.argtypes = ctypes.py_object, (_p, ctypes.c_char_p, _p)


class Producer:
    """One binary column as an array of pyarrow's would be exported, in buffers of our own.

    Attributes:
        names: of the capsules, to be changed.
        schema, array, stream: what they hold, to be changed before anybody asks.
        dropped: how often each was released.
    """

    def __init__(self, format: bytes, length: int, *buffers: bytes | None, offset: int = 0, nulls: int = 0) -> None:
        self.kept = [ctypes.create_string_buffer(data, len(data)) if data is not None else None for data in buffers]
        addresses = [ctypes.addressof(buffer) if buffer is not None else None for buffer in self.kept]
        self.pointers = (ctypes.c_void_p * len(buffers))(*addresses)
        self.dropped = {"schema": 0, "array": 0, "stream": 0}
        self.callbacks: list[object] = []
        self.schema = Schema(format=format, release=self._drop("schema", DropSchema))
        self.array = Array(length, nulls, offset, len(buffers), buffers=ctypes.addressof(self.pointers))
        self.array.release = self._drop("array", DropArray)
        self.stream = Stream(release=self._drop("stream", DropStream))
        self.names = {"schema": b"arrow_schema", "array": b"arrow_array", "stream": b"arrow_array_stream"}

    def _drop(self, kind: str, type_: Callable) -> object:
        def dropped(it) -> None:
            self.dropped[kind] += 1
            it.contents.release = type_()

        self.callbacks.append(type_(dropped))
        return self.callbacks[-1]

    def capsule(self, kind: str) -> object:
        return _new(ctypes.addressof(getattr(self, kind)), self.names[kind], None)


class OfArray(Producer):
    def __arrow_c_array__(self, requested_schema=None):
        return self.capsule("schema"), self.capsule("array")


class OfStream(Producer):
    """The same as a stream of so many ``chunks``; ``fails`` is an errno at its end."""

    chunks, fails, says, schema_fails = 2, 0, None, 0

    def __arrow_c_stream__(self, requested_schema=None):
        self.left = self.chunks

        def get_schema(stream, out) -> int:
            if not self.schema_fails:
                ctypes.memmove(out, ctypes.addressof(self.schema), ctypes.sizeof(Schema))
            return self.schema_fails

        def get_next(stream, out) -> int:
            if self.left:
                ctypes.memmove(out, ctypes.addressof(self.array), ctypes.sizeof(Array))
            elif self.fails:
                return self.fails
            else:
                out.contents.release = DropArray()
            self.left -= 1
            return 0

        self.callbacks += [GetSchema(get_schema), GetNext(get_next), GetError(lambda stream: self.told)]
        self.told = None if self.says is None else ctypes.addressof(self.saying)
        self.stream.get_schema, self.stream.get_next, self.stream.get_last_error = self.callbacks[-3:]
        return self.capsule("stream")

    def say(self, text: bytes) -> None:
        self.says, self.saying = text, ctypes.create_string_buffer(text)
