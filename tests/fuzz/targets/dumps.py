"""What people paste: hex dumps, base64, C arrays, kernel logs."""

from __future__ import annotations

import json
import re
from array import array

from capcodec import captures
from capcodec.files import dmesg, hexdump
from choices import Choices

from . import refusing, target

ROOM = 6  # capsets or remarks of a kernel log
STYLES = [None, "xxd", "hexdump", "plain", "c", "base64", "none"]


def dumps() -> list[bytes]:
    """A choice of style, and a dump."""
    blob = captures.load(captures.names(1)[-1])[:70]
    found = []
    for data in (blob, bytes(64) + blob[:20]):
        for style in ("xxd", "hexdump", "c", "base64"):
            found += [bytes((at,)) + hexdump.dump(data, style).encode() for at in (0, STYLES.index(style))]
        found.append(b"\3" + data.hex(" ").encode())
    return [
        *found,
        b"\0unsigned char capset_bin[] = {\n 0x01, 2, 0x03u };\nunsigned int capset_bin_len = 3;",
        b"\4static const uint32_t words[2] /* two */ = { 0x00000001, 4294967295UL }; // end",
        b"\4\0uint32_t words[] = { 1, 0x1ffffffff };",
        b"\0" + b"00000000: 0102 0304  ....\n",
        b"\0" + b"00000000  41 41 41 41 41 41 41 41  41 41 41 41 41 41 41 41\n*\n00100010\n",
        b"\0" + b"00000000  41 41 41 41 41 41 41 41  41 41 41 41 41 41 41 41  |AAAAAAAAAAAAAAAA|\n*\n00000040\n",
    ]


@target(
    "capcodec/files/hexdump.py",
    "capcodec/files/c_array.py",
    plant=("capcodec/files/c_array.py", "if size in self._too_wide:", "if size == 1 and size in self._too_wide:"),
    seeds=dumps,
    words=(
        "0x",
        "{",
        "}",
        ",",
        "*\n",
        "00000000: ",
        "00000010  ",
        "|",
        "uint32_t x[",
        "] = ",
        "_len = ",
        "//",
        "/*",
        "*/",
    ),
)
def hex_dump(data: bytes) -> None:
    """Any text as any style. The bytes come back from a dump of them in every style; C arrays have their numbers."""
    choices = Choices(data)
    style, as_text = choices.pick(STYLES), choices.flag()
    text = choices.rest()
    parsed = b""
    with refusing():
        parsed = hexdump.parse(text.decode("latin-1") if as_text else text, style)
    if parsed and style == "c" and b"/" not in text:
        inside = re.sub(rb".*\{|\}.*", b"", text, flags=re.DOTALL)
        numbers = [int(number, 0) for number in re.findall(rb"\b(0[xX][0-9a-fA-F]+|[0-9]+)", inside)]
        assert numbers == list(parsed if len(numbers) == len(parsed) else array("I", parsed))
    for written in ("xxd", "hexdump", "c", "base64") if 0 < len(parsed) < 1 << 14 else ():
        assert hexdump.parse(hexdump.dump(parsed, written), written) == parsed


LOG = b"""[    1.2] [drm] features: +virgl +edid -resource_blob -host_visible
[    1.3] [drm] number of cap sets: 3
[    1.4] [drm] cap set 0: id 1, max-version 1, max-size 308
[    1.5] [drm] cap set 1: id 2, max-version 2, max-size 1376
[    1.6] [drm:virtio_gpu_init [virtio_gpu]] *ERROR* timed out waiting for cap set 2
[    1.7] [drm:virtio_gpu_init] *ERROR* invalid capset id 4294967295
[    1.8] [drm:virtio_gpu_dequeue_ctrl_func [virtio_gpu]] *ERROR* response 0x1200 (command 0x109)
[    1.9] [drm:virtio_gpu_dequeue_ctrl_func [virtio_gpu]] *ERROR* response 0x1202 (command 0x108)
"""


def logs() -> list[bytes]:
    found = [
        LOG,
        LOG[:140],
        LOG.replace(b"+virgl", b"-virgl"),
        LOG.replace(b"1376", b"592").replace(b"id 2", b"id 6"),
        LOG.replace(b"1376", b"308"),
        LOG.replace(b"id 2", b"id 1").replace(b"1376", b"0"),
        LOG.replace(b"id 2", b"id 60").replace(b"1376", b"9"),
        LOG.replace(b"id 2", b"id 61").replace(b"1376", b"0"),
    ]
    lines = LOG.splitlines(keepends=True)
    return found + [line * (ROOM + 2) for line in lines]


@target(
    "capcodec/files/dmesg.py",
    plant=("capcodec/files/dmesg.py", "self.remarks.sort()", "self.remarks.sort(reverse=self.count == 3)"),
    seeds=logs,
    words=(*LOG.decode().replace("\n", " ").split("] ")[1:], "cap set 1: id ", "\n", "max-version ", "max-size "),
    longest=1024,
)
def kernel_log(data: bytes) -> None:
    """Any log has a report, with no more in it than there is room for: here little, so that a short log has more."""
    text = data.decode("latin-1")
    bounds = dmesg.MAX_CAPSETS, dmesg.MAX_REMARKS
    try:
        dmesg.MAX_CAPSETS = dmesg.MAX_REMARKS = ROOM
        report = dmesg.read(text)
    finally:
        dmesg.MAX_CAPSETS, dmesg.MAX_REMARKS = bounds
    json.dumps(report.as_dict())
    assert len(report.capsets) <= ROOM
    remarks, lines = report.remarks[:ROOM], len(text.splitlines())
    assert all(str(remark) and 0 <= remark.line <= lines + 1 for remark in report.remarks)
    assert remarks == sorted(remarks)
    assert len(report.remarks) <= ROOM + 1
