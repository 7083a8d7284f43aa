"""What people paste: hex dumps, base64, C arrays, kernel logs."""

from __future__ import annotations

import json

from capcodec import captures
from capcodec.files import dmesg, hexdump
from choices import Choices

from . import refusing, target

STYLES = [None, "xxd", "hexdump", "plain", "c", "base64"]


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
        b"\0" + b"00000000: 0102 0304  ....\n",
        b"\0" + b"00000000  41 41 41 41 41 41 41 41  41 41 41 41 41 41 41 41  |AAAAAAAAAAAAAAAA|\n*\n00000040\n",
    ]


@target(
    "capcodec/files/hexdump.py",
    "capcodec/files/c_array.py",
    plant=("capcodec/files/hexdump.py", "bytes are more than the {MOST} that", "bytes are more than {MUST}"),
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
    """Any text as any style; the bytes come back from a dump of them in every style."""
    choices = Choices(data)
    style, as_text = choices.pick(STYLES), choices.flag()
    text = choices.rest()
    with refusing():
        parsed = hexdump.parse(text.decode("latin-1") if as_text else text, style)
        for written in ("xxd", "hexdump", "c", "base64") if parsed else ():
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


@target(
    "capcodec/files/dmesg.py",
    plant=("capcodec/files/dmesg.py", "found = []\n", "found = [()] * (capset.max_version == 3)\n"),
    seeds=lambda: [
        LOG,
        LOG[:140],
        LOG.replace(b"+virgl", b"-virgl"),
        LOG.replace(b"1376", b"592").replace(b"id 2", b"id 6"),
        LOG.replace(b"1376", b"308"),
        LOG.replace(b"id 2", b"id 1").replace(b"1376", b"0"),
        LOG.replace(b"id 2", b"id 60").replace(b"1376", b"9"),
        LOG.replace(b"id 2", b"id 61").replace(b"1376", b"0"),
    ],
    words=(*LOG.decode().replace("\n", " ").split("] ")[1:], "cap set 1: id ", "\n", "max-version ", "max-size "),
)
def kernel_log(data: bytes) -> None:
    """Any log has a report."""
    report = dmesg.read(data.decode("latin-1"))
    json.dumps(report.as_dict())
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert all(str(remark) and 0 <= remark.line <= 4 * lines + len(data) for remark in report.remarks)
    assert report.remarks == sorted(report.remarks)
