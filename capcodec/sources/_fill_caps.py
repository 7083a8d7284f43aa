"""The child process of :mod:`capcodec.sources.virglrenderer`. It runs as a file, so it imports nothing of this package.

Arguments: the file descriptor for the answers, the library, the flags of virgl_renderer_init, the largest size that is
taken, the bytes of a buffer behind the announced size, and the capset ids. The answer for each capset is a line: id,
version, size, and two buffers in hexadecimal, one of zeros and one of ones before the library wrote into it. There are
no buffers if the size is 0 or too large.
"""

from __future__ import annotations

import ctypes
import os
import sys

CALLBACKS_VERSION = 1


class VirglRendererCallbacks(ctypes.Structure):
    """``struct virgl_renderer_callbacks`` of version 1, and room for the members of later versions."""

    version: int
    functions: ctypes.Array[ctypes.c_void_p]
    _fields_ = (("version", ctypes.c_int), ("functions", ctypes.c_void_p * 15))


def fill(library: ctypes.CDLL, capset_id: int, version: int, room: int, pattern: bytes) -> bytes:
    """A buffer of ``pattern`` after ``virgl_renderer_fill_caps``, which is not told the buffer's size."""
    buffer = ctypes.create_string_buffer(pattern * room, room)
    library.virgl_renderer_fill_caps(ctypes.c_uint32(capset_id), ctypes.c_uint32(version), buffer)
    return buffer.raw


def main() -> None:
    answers, name = int(sys.argv[1]), sys.argv[2]
    flags, max_size, guard, *capset_ids = map(int, sys.argv[3:])
    try:
        library = ctypes.CDLL(name)
    except OSError as error:
        sys.exit(str(error))
    cookie, callbacks = ctypes.c_int(), VirglRendererCallbacks(CALLBACKS_VERSION)
    status = library.virgl_renderer_init(ctypes.byref(cookie), ctypes.c_int(flags), ctypes.byref(callbacks))
    if status:
        sys.exit(f"virgl_renderer_init returned {status}")
    with os.fdopen(answers, "w") as file:
        for capset_id in capset_ids:
            version, size = ctypes.c_uint32(), ctypes.c_uint32()
            library.virgl_renderer_get_cap_set(ctypes.c_uint32(capset_id), ctypes.byref(version), ctypes.byref(size))
            words = [str(capset_id), str(version.value), str(size.value)]
            if 0 < size.value <= max_size:
                room = size.value + guard
                words += [fill(library, capset_id, version.value, room, byte).hex() for byte in (b"\0", b"\xff")]
            print(*words, file=file, flush=True)
    # Drivers are known to crash at exit, and everything has been said
    os._exit(0)


if __name__ == "__main__":
    main()
