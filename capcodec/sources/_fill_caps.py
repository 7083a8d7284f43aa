"""The child of :mod:`capcodec.sources.virglrenderer`. Run as a file, so it imports nothing of this package.

Arguments: a file descriptor for the answer, the library, init flags, capset ids. A line of JSON for each capset.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys

GUARD = 64  # bytes behind the announced size
CALLBACKS_VERSION = 1


class VirglRendererCallbacks(ctypes.Structure):
    """``struct virgl_renderer_callbacks``, as far as version 1 goes, and room for what later ones look at."""

    _fields_ = (("version", ctypes.c_int), ("functions", ctypes.c_void_p * 15))


def fill(library: ctypes.CDLL, capset_id: int, version: int, size: int, pattern: bytes) -> bytes:
    """What a buffer of ``pattern`` holds after ``virgl_renderer_fill_caps``, which takes no size."""
    buffer = ctypes.create_string_buffer(pattern * (size + GUARD), size + GUARD)
    library.virgl_renderer_fill_caps(ctypes.c_uint32(capset_id), ctypes.c_uint32(version), buffer)
    return buffer.raw


def main() -> None:
    answers = os.fdopen(int(sys.argv[1]), "w")
    try:
        library = ctypes.CDLL(sys.argv[2])
    except OSError as error:
        sys.exit(str(error))
    cookie, callbacks = ctypes.c_int(), VirglRendererCallbacks(CALLBACKS_VERSION)
    status = library.virgl_renderer_init(ctypes.byref(cookie), ctypes.c_int(int(sys.argv[3])), ctypes.byref(callbacks))
    if status:
        sys.exit(f"virgl_renderer_init returned {status}")
    for capset_id in map(int, sys.argv[4:]):
        version, size = ctypes.c_uint32(), ctypes.c_uint32()
        library.virgl_renderer_get_cap_set(ctypes.c_uint32(capset_id), ctypes.byref(version), ctypes.byref(size))
        told: dict[str, int | str] = {"capset_id": capset_id, "max_version": version.value, "size": size.value}
        if 0 < size.value <= 1 << 16:
            for name, pattern in (("zeros", b"\0"), ("ones", b"\xff")):
                told[name] = fill(library, capset_id, version.value, size.value, pattern).hex()
        print(json.dumps(told), file=answers, flush=True)
    # Drivers are known to crash on the way out, and all has been said
    os._exit(0)


if __name__ == "__main__":
    main()
