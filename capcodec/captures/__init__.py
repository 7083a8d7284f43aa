"""Real capsets, captured from released hosts.

``virglrenderer-RELEASE-DRIVER-API.capsetN.bin`` is what ``virgl_renderer_fill_caps`` of that release wrote for capset
N, asked for its highest version, on Mesa 22.3.6's software drivers (Debian 12): llvmpipe or softpipe, with a desktop GL
(``gl``) or a GLES (``gles``) context. ``venus`` files are capset 4 of a build with venus. The size is what
``virgl_renderer_get_cap_set`` announced. The capset 2 of release 0.9.0 has two words swapped: it is decoded by
``VirglCapsV2.variants["0.9.0"]``.
"""

from __future__ import annotations

import os

_HERE = os.path.dirname(__file__)


def names(capset_id: int | None = None) -> list[str]:
    """Names of all captures, or of those of one capset, sorted."""
    end = ".bin" if capset_id is None else f".capset{capset_id}.bin"
    return sorted(name for name in os.listdir(_HERE) if name.endswith(end))


def load(name: str) -> bytes:
    """The bytes of one capture.

    Raises:
        FileNotFoundError: there is none of that name.
    """
    if name not in names():
        raise FileNotFoundError(f"no capture {name!r}; there are {', '.join(names())}")
    with open(os.path.join(_HERE, name), "rb") as file:
        return file.read()
