#!/usr/bin/env python3
"""Take the captures of a release of virglrenderer again, named as those of capcodec.captures.

    python tests/long/capture.py 0.10.4 --into DIR [--library libvirglrenderer.so.1]
    python tests/long/capture.py 1.4.0 --into capcodec/captures/captures.json --library PATH

The library has to be of that release: the installed one, or one that was built from the release's tag and is named by
its path. Shipped captures were taken on Debian 12, on Mesa 22.3.6's software drivers. Another Mesa has other limits,
another machine another name of llvmpipe's CPU features; compare before you ship a new file.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from capcodec.sources import virglrenderer
from capcodec.sources.virglrenderer import LIBRARY, NO_VIRGL, USE_EGL, USE_GLES, USE_SURFACELESS, VENUS

GL = USE_EGL | USE_SURFACELESS
# By the name in the file: capsets to ask for, flags of virgl_renderer_init, and Mesa's driver
KINDS = {
    "llvmpipe-gl": ((1, 2), GL, "llvmpipe"),
    "softpipe-gles": ((1, 2), GL | USE_GLES, "softpipe"),
    "venus": ((4,), VENUS | NO_VIRGL, "llvmpipe"),
}


def take(kind: str, release: str, library: str = LIBRARY) -> dict[str, bytes]:
    """The captures of one kind, by name.

    Raises:
        SourceError: the library is missing, or fails.
    """
    capset_ids, flags, driver = KINDS[kind]
    environment = {"LIBGL_ALWAYS_SOFTWARE": "1", "GALLIUM_DRIVER": driver}
    answers = virglrenderer.capsets(capset_ids, flags, library=library, environment=environment)
    return {f"virglrenderer-{release}-{kind}.capset{answer.capset_id}.bin": answer.data for answer in answers}


def main() -> None:
    """Write the files, or add to the one that is shipped."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", help="of the library, as its tag says: 0.10.4")
    parser.add_argument("--into", type=Path, required=True, help="directory for the files; or a .json with all")
    parser.add_argument("--library", default=LIBRARY)
    parser.add_argument("--kind", choices=KINDS, action="append", help="take only these")
    options = parser.parse_args()
    found = {
        name: data
        for kind in options.kind or KINDS
        for name, data in take(kind, options.release, options.library).items()
    }
    if options.into.suffix == ".json":
        shipped = json.loads(options.into.read_text()) | {name: data.hex() for name, data in found.items()}
        options.into.write_text(json.dumps(shipped, indent=0, sort_keys=True) + "\n")
    else:
        options.into.mkdir(parents=True, exist_ok=True)
        for name, data in found.items():
            (options.into / name).write_bytes(data)
    for name, data in found.items():
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
