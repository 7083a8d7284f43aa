"""Run as a program in a guest: what its kernel answers to many GET_CAPS, for each host in turn, as numbers.

It reads ``questions.json``, a list for each host of ids, versions and sizes, and writes ``answers.json``: for each host
the parameters, and for each question the errno and a checksum of the buffer, with the guard bytes behind it.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import struct
import time
import zlib
from pathlib import Path

from capcodec.vhost.in_guest import NODE, Mesa, rebind, wait_for_node

GETPARAM, GET_CAPS = 0xC0106443, 0xC0186449
GUARD, FILL = 16, 0x5A


def param(node: int, number: int) -> int:
    value = ctypes.c_int64(0)
    try:
        fcntl.ioctl(node, GETPARAM, struct.pack("<QQ", number, ctypes.addressof(value)))
    except OSError as error:
        return -error.errno
    return value.value & 0xFFFFFFFF


def get_caps(node: int, capset_id: int, version: int, size: int) -> list[int]:
    buffer = (ctypes.c_char * (size + GUARD)).from_buffer(bytearray([FILL]) * (size + GUARD))
    code = 0
    try:
        fcntl.ioctl(node, GET_CAPS, struct.pack("<IIQII", capset_id, version, ctypes.addressof(buffer), size, 0))
    except OSError as error:
        code = error.errno
    return [code, zlib.crc32(buffer)]


def main() -> None:
    mesa, answers = Mesa(), []
    for number, asked in enumerate(json.loads(Path("questions.json").read_text())):
        if number:
            rebind()
        started = time.monotonic()
        found = {"node": wait_for_node()}
        if found["node"]:
            node = os.open(NODE, os.O_RDWR)
            found["params"] = [param(node, index) for index in range(1, 11)]
            found["caps"] = [get_caps(node, *question) for question in asked["caps"]]
            os.close(node)
            if asked["gl"]:
                mesa.ask()
                found["gl"] = mesa.answer()
        found["seconds"] = round(time.monotonic() - started, 2)
        answers.append(found)
        Path("answers.json").write_text(json.dumps(answers))


if __name__ == "__main__":
    main()
