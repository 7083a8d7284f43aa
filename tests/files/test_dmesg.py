"""Kernel logs: a real guest's, and what each kind of trouble looks like."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec.files import dmesg
from command import run

# Of a Debian 12 guest under QEMU 7.2 with virtio-gpu-gl-pci
REAL = """\
[    2.645682] [drm] pci: virtio-gpu-pci detected at 0000:00:01.0
[    2.646133] [drm] features: +virgl +edid -resource_blob -host_visible
[    2.646150] [drm] features: -context_init
[    2.649782] [drm] number of scanouts: 1
[    2.649826] [drm] number of cap sets: 2
[    2.663713] [drm] cap set 0: id 1, max-version 1, max-size 308
[    2.664092] [drm] cap set 1: id 2, max-version 2, max-size 1376
[    2.673656] [drm] Initialized virtio_gpu 0.1.0 0 for 0000:00:01.0 on minor 0
[    2.798223] virtio-pci 0000:00:01.0: [drm] fb0: virtio_gpudrmfb frame buffer device
"""


def test_a_real_log(kernel_answers):
    report = dmesg.read(REAL)
    assert report.features == {
        "virgl": True,
        "edid": True,
        "resource_blob": False,
        "host_visible": False,
        "context_init": False,
    }
    assert report.count == 2
    assert report.capsets == [(6, 0, 1, 1, 308), (7, 1, 2, 2, 1376)]
    assert report.remarks == []
    announced = [
        {
            "index": capset.capset_index,
            "id": capset.capset_id,
            "max_version": capset.max_version,
            "max_size": capset.max_size,
        }
        for capset in report.capsets
    ]
    recorded = [list(row.values()) for row in kernel_answers["kernel_announced"]]
    assert [list(row.values()) for row in announced] == recorded


@pytest.mark.parametrize(
    "prefix", ["", "[    2.66] ", "Nov 23 18:00:01 guest kernel: ", "2026-11-23T18:00:01,5+00:00 virtio_gpu virtio0: "]
)
def test_any_prefix(prefix):
    report = dmesg.read(f"{prefix}[drm] cap set 0: id 6, max-version 0, max-size 592\n")
    assert report.capsets == [(1, 0, 6, 0, 592)]
    assert "ENABLE_DRM_AMDGPU" in report.remarks[0].message


TROUBLE = [
    (
        "[drm] number of cap sets: 5\n[drm] cap set 0: id 1, max-version 1, max-size 308\n"
        "[drm:virtio_gpu_dequeue_ctrl_func [virtio_gpu]] *ERROR* response 0x1200 (command 0x108)\n"
        "[drm:virtio_gpu_init [virtio_gpu]] *ERROR* timed out waiting for cap set 1\n",
        [(3, "error", "GET_CAPSET_INFO"), (4, "error", "dropped all capsets")],
    ),
    (
        "[drm:virtio_gpu_init [virtio_gpu]] *ERROR* invalid capset id 4294967295\n",
        [(1, "error", "what crosvm says")],
    ),
    ("[drm] invalid capset id 64", [(1, "error", "id 64 is none of 1 to 63: the kernel dropped all capsets")]),
    (
        "[drm:virtio_gpu_dequeue_ctrl_func [virtio_gpu]] *ERROR* response 0x1205 (command 0x109)",
        [(1, "error", "VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER")],
    ),
    ("[drm] cap set 1: id 2, max-version 2, max-size 308", [(1, "error", "took an index for an id")]),
    ("[drm] cap set 1: id 2, max-version 2, max-size 1000", [(1, "warning", "capset 2 never had 1000 bytes")]),
    ("[drm] cap set 1: id 4, max-version 0, max-size 0", [(1, "warning", "capset 4 has 0 bytes")]),
    ("[drm] cap set 1: id 42, max-version 0, max-size 1", [(1, "note", "no capset 42 is known")]),
    (
        "[drm] cap set 0: id 1, max-version 0, max-size 308\n[drm] cap set 1: id 1, max-version 1, max-size 308",
        [(2, "note", "capset 1 is listed twice")],
    ),
    (
        "[drm] number of cap sets: 2\n[drm] cap set 0: id 1, max-version 1, max-size 308",
        [(2, "warning", "announced 2")],
    ),
    ("[drm] features: -virgl +edid", [(0, "warning", "the device has no virgl feature")]),
]


@pytest.mark.parametrize(("log", "expected"), TROUBLE)
def test_trouble(log, expected):
    remarks = dmesg.read(log).remarks
    assert [(remark.line, remark.severity) for remark in remarks] == [
        (line, severity) for line, severity, _ in expected
    ]
    for remark, (_, _, words) in zip(remarks, expected, strict=True):
        assert words in remark.message


def test_an_error_that_is_not_about_capsets_says_nothing():
    assert dmesg.read("[drm] *ERROR* response 0x1202 (command 0x103)\nother line\n").remarks == []


def test_of_two_boots_the_last_counts():
    trouble = "[drm] number of cap sets: 1\n[drm] *ERROR* timed out waiting for cap set 0\n"
    assert dmesg.read(trouble + REAL).remarks == []
    assert dmesg.read(REAL + trouble).capsets == []


def test_command_line(tmp_path):
    log = tmp_path / "log"
    log.write_text(REAL.replace("1376", "308"))
    output = run("dmesg", str(log))
    assert "features: +virgl +edid" in output
    assert ["1", "2", "virgl2", "2", "308"] in [line.split() for line in output.splitlines()]
    assert "line 7: error: capset 2 has capset 1's 308 bytes" in output
    told = json.loads(run("dmesg", "--json", stdin=REAL.encode()))
    assert told["capsets"][1] == {"line": 7, "capset_index": 1, "capset_id": 2, "max_version": 2, "max_size": 1376}
    assert run("dmesg", stdin=b"nothing\xff") == "the log says nothing of capsets\n"


@given(st.text() | st.lists(st.sampled_from(REAL.splitlines()) | st.text(max_size=20)).map("\n".join))
def test_any_text(text):
    report = dmesg.read(text)
    assert len(report.capsets) <= text.count("cap set")
    assert json.dumps(report.as_dict())
