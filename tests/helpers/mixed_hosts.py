"""A fleet in which no two hosts are alike: of all capsets and layouts, cut, too long, empty, unknown."""

from __future__ import annotations

import random

from capcodec import captures

HOSTS = [(f"{number} {name}", number, captures.load(name)) for number in (1, 2, 4) for name in captures.names(number)]
NEW = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
SWAPPED = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")
_BYTES = random.Random(8).randbytes
HOSTS += [
    ("cut", 2, NEW[:401]),
    ("longer", 2, NEW + b"\1\2\3"),
    ("longer than any", 2, _BYTES(1 << 16)),
    ("nothing", 2, b""),
    ("noise", 2, _BYTES(696)),
    ("short", 1, b"\1\0\0"),
    ("AMD's", 6, b"\1\0\0\0" + _BYTES(588)),
    ("drm", 6, b"\1\0\0\0" + _BYTES(156)),
    ("gfxstream, old", 3, _BYTES(84)),
    ("gfxstream", 3, _BYTES(104)),
    ("cross-domain", 5, _BYTES(16)),
    ("apir", 10, _BYTES(24)),
    ("unknown", 63, _BYTES(16)),
    ("no capset's number", 0xFFFFFFFF, b""),
    ("the same twice", 2, NEW),
    ("the same as another capset", 1, NEW),
]
VARIANTS = {"AMD's": "ENABLE_DRM_AMDGPU", "gfxstream, old": "before-219d5093e"}  # of whose class another is
VARIANTS |= {name: "0.9.0" for name, _, _ in HOSTS if "-0.9.0-" in name and name[0] == "2"}
