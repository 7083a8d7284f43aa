"""Files that the examples of the documentation and of ``--help`` speak of, besides capsets."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "my_structs.py": """
from capcodec import define
from capcodec.schema import struct, u32

Mine = define(struct("mine", u32("version", "of the protocol")))
""",
    "old.h": "struct point { unsigned x, y; };\n",
    "new.h": "struct point { unsigned x, y, z; };\n",
    "data.bin": "0123456789ab",
}


def write(directory: Path) -> None:
    for name, text in FILES.items():
        (directory / name).write_text(text)
