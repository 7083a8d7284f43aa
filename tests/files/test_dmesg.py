"""Kernel logs: a real guest's, and what each kind of trouble looks like."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import MessageError
from capcodec.files import dmesg
from logs import REAL
from measured import measured


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
        [(1, "error", "crosvm answers with this id where it has no capset at the index")],
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


@given(st.text() | st.lists(st.sampled_from(REAL.splitlines()) | st.text(max_size=20)).map("\n".join))
def test_any_text(text):
    report = dmesg.read(text)
    assert len(report.capsets) <= text.count("cap set")
    assert json.dumps(report.as_dict())


def test_a_log_of_nothing_but_capsets():
    """890 kB of them took 16 seconds, each line being compared with all before it."""
    log = "".join(f"[drm] cap set {i}: id {i % 99}, max-version 0, max-size {i}\n" for i in range(100_000))
    report = dmesg.read(log)
    assert len(report.capsets) == dmesg.MAX_CAPSETS
    assert len(report.remarks) == dmesg.MAX_REMARKS + 1
    assert report.remarks[-1].message.endswith(" more remarks are left out")
    assert report.remarks[:-1] == sorted(report.remarks[:-1])


def test_what_a_report_leaves_out_is_counted():
    """The list that is cut counts as it was, so that nothing is said to be missing."""
    count = dmesg.MAX_CAPSETS + 10
    lines = [f"[drm] cap set {i}: id 1, max-version 1, max-size 308" for i in range(count)]
    remarks = dmesg.read("\n".join([f"[drm] number of cap sets: {count}", *lines])).remarks
    assert {remark.message for remark in remarks} == {
        "capset 1 is listed twice; the kernel takes the first that has the version"
    }
    features = " ".join(f"+feature{i}" for i in range(dmesg.MAX_FEATURES * 2))
    assert len(dmesg.read(f"[drm] features: {features}").features) == dmesg.MAX_FEATURES


@pytest.mark.parametrize(
    "line",
    [*REAL.splitlines(), "[drm] *ERROR* timed out waiting for cap set 0", "x", "", "[drm] features:" + " +a" * 500],
)
def test_memory_is_bounded(line):
    """16 Mi characters, the longest log, take a few times their own size and no more."""
    program = f"""
from capcodec.files import dmesg
line = {line!r} + "\\n"
report = dmesg.read(line * (dmesg.MAX_TEXT // len(line)))
report = dmesg.read("[drm] features:" + " +a" * (dmesg.MAX_TEXT // 3 - 5))
"""
    done = measured(sys.executable, "-c", program)
    assert (done.status, done.stderr) == (0, b"")
    assert done.megabytes < 200
    assert done.seconds < 20


def test_a_log_that_is_too_long():
    with pytest.raises(MessageError, match="16777217 characters are more than the 16777216 that a log may have"):
        dmesg.read("x" * (dmesg.MAX_TEXT + 1))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(end):
    assert dmesg.read(REAL.replace("\n", end)).as_dict() == dmesg.read(REAL).as_dict()
