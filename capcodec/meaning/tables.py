"""Tables that come with the package, read when they are first asked for.

``virgl_formats.tsv``: names and numbers of ``enum virgl_formats`` in virglrenderer's ``src/virgl_hw.h``, with the first
and the last release that has each. ``vulkan_extensions.tsv``: numbers and names of extensions, from Khronos' ``vk.xml``
1.4.366.
"""

from __future__ import annotations

import os

_HERE = os.path.join(os.path.dirname(__file__), "data")


def rows(name: str) -> list[list[str]]:
    """The lines of a table, without its heading, in cells."""
    with open(os.path.join(_HERE, name), encoding="ascii") as file:
        return [line.rstrip("\n").split("\t") for line in file][1:]
