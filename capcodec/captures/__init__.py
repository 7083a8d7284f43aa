"""Real capsets, as released hosts sent them.

The name of a capture is ``virglrenderer-RELEASE-DRIVER-API.capsetN.bin``. It is what ``virgl_renderer_fill_caps`` of
that release wrote for capset N, asked for its highest version, into as many bytes as ``virgl_renderer_get_cap_set``
announced. The driver is one of Mesa 22.3.6's software drivers (Debian 12), llvmpipe or softpipe; the API is the context
that virglrenderer opened on it, desktop GL (``gl``) or GLES (``gles``). Those named ``venus`` are capset 4, of a build
with venus. In capset 2 of release 0.9.0 two words are swapped; ``VirglCapsV2.variants["0.9.0"]`` decodes it.

Each release was built from its tag, and asked in a process of its own. ``python tests/long/capture.py RELEASE --into
DIR`` in the source tree does that again, with the installed library or with the one that ``--library`` names. On Debian
12 it takes release 0.10.4 byte for byte as it is here. ``captures.json`` has all bytes in hexadecimal, by name: in one
file they take a tenth of the room.
"""

from __future__ import annotations

import os

from ..errors import ArgumentError, clipped, shown

_captures: dict[str, str] | None = None  # bytes in hexadecimal, by name


def names(capset_id: int | None = None) -> list[str]:
    """The names of the captures, sorted; with ``capset_id``, of that capset only.

    Raises:
        ArgumentError: ``capset_id`` is no number.
    """
    if capset_id is not None and not isinstance(capset_id, int):
        raise ArgumentError(f"expected the number of a capset, got {shown(capset_id)}")
    end = ".bin" if capset_id is None else f".capset{capset_id}.bin"
    return sorted(name for name in _all() if name.endswith(end))


def load(name: str) -> bytes:
    """The bytes of a capture.

    Args:
        name: as in :func:`names`.

    Raises:
        ArgumentError: there is none of that name.
    """
    found = _all().get(name) if isinstance(name, str) else None
    if found is None:
        from difflib import get_close_matches  # slow to import

        close = get_close_matches(name, names(), 1, 0) if isinstance(name, str) and len(name) < 100 else names()
        raise ArgumentError(f"no capture {clipped(name)}; names() lists them, such as {close[0]}")
    return bytes.fromhex(found)


def _all() -> dict[str, str]:
    global _captures
    found = _captures
    if found is None:
        from json import load as read  # seldom needed

        with open(os.path.join(os.path.dirname(__file__), "captures.json"), encoding="ascii") as file:
            _captures = found = read(file)
    return found
