"""A guest kernel's log: which capsets it was offered, what went wrong, and what that means.

Messages: Linux ``drivers/gpu/drm/virtio/virtgpu_kms.c`` and ``virtgpu_vq.c`` (6.1 to 6.18). Lines may have any prefix.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..messages.virtio_gpu import VIRTIO_GPU_CMD_GET_CAPSET, VIRTIO_GPU_CMD_GET_CAPSET_INFO, named
from ..registry import CAPSETS, capset_for

MAX_CAPSET_ID = 63  # in the kernel
TIMEOUT = 5  # seconds that it waits for an answer

_COUNT = re.compile(r"number of cap sets: (\d{1,10})\b")
_FEATURES = re.compile(r"\[drm\] features:((?: [+-]\w+)+)")
_CAPSET = re.compile(r"cap set (\d{1,10}): id (-?\d{1,10}), max-version (-?\d{1,10}), max-size (-?\d{1,10})")
_TIMEOUT = re.compile(r"timed out waiting for cap set (\d{1,10})")
_INVALID = re.compile(r"invalid capset id (\d{1,10})")
_RESPONSE = re.compile(r"response 0x([0-9a-f]{1,8}) \(command 0x([0-9a-f]{1,8})\)")


class Announced(NamedTuple):
    """A capset as the kernel lists it; ``line`` is that of the log."""

    line: int
    capset_index: int
    capset_id: int
    max_version: int
    max_size: int


class Remark(NamedTuple):
    """What a line of the log, or a lack of lines, means for the guest: an ``error``, a ``warning`` or a ``note``."""

    line: int
    severity: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.severity}: {self.message}"


class Report:
    """What the last boot in a log says of its virtio-gpu.

    Attributes:
        features: by name, whether the device has it.
        count: of the capsets that the device announced; None if the log does not say.
        capsets: those that the kernel listed.
        remarks: what went wrong, and what it means.
    """

    def __init__(self) -> None:
        self.features: dict[str, bool] = {}
        self.count: int | None = None
        self.capsets: list[Announced] = []
        self.remarks: list[Remark] = []

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "features": self.features,
            "count": self.count,
            "capsets": [capset._asdict() for capset in self.capsets],
            "remarks": [remark._asdict() for remark in self.remarks],
        }


def read(text: str) -> Report:
    """What a kernel log says of capsets. Other lines are passed over; of several boots, the last counts."""
    report = Report()
    last = 0
    for number, line in enumerate(text.splitlines(), 1):
        if match := _FEATURES.search(line):
            if "virgl" in match[1]:  # the first of the lines about features, and of a boot
                report = Report()
            report.features |= {name[1:]: name[0] == "+" for name in match[1].split()}
        elif match := _COUNT.search(line):
            report.count = int(match[1])
            report.capsets, report.remarks, last = [], [], number
        elif match := _CAPSET.search(line):
            report.capsets.append(Announced(number, *map(int, match.groups())))
            last = number
        else:
            report.remarks += _of_line(number, line)
    for announced in report.capsets:
        report.remarks += _of_capset(announced, report.capsets)
    report.remarks += _of_count(report, last)
    if report.features.get("virgl") is False:
        message = "the device has no virgl feature: no 3D, and so no capsets; QEMU needs virtio-gpu-gl-pci"
        report.remarks.append(Remark(last, "warning", message))
    report.remarks.sort()
    return report


def _of_line(number: int, line: str) -> list[Remark]:
    if match := _TIMEOUT.search(line):
        why = f"the device did not say within {TIMEOUT} seconds what capset {match[1]} is, or said id 0"
        lost = "the kernel dropped all capsets, and its drivers run on their defaults"
        return [Remark(number, "error", f"{why}: {lost}; does the VMM announce more capsets than it has?")]
    if match := _INVALID.search(line):
        why = f"id {match[1]} is none of 1 to {MAX_CAPSET_ID}"
        if int(match[1]) == 0xFFFFFFFF:
            why += ", but what crosvm says of an index that it has nothing at"
        return [Remark(number, "error", f"{why}: the kernel dropped all capsets")]
    if match := _RESPONSE.search(line):
        response, command = int(match[1], 16), int(match[2], 16)
        said = f"the VMM answered {named(command)} with {named(response)}"
        if command == VIRTIO_GPU_CMD_GET_CAPSET:
            return [Remark(number, "error", f"{said}: userspace got an all-zero capset, as if nothing was wrong")]
        if command == VIRTIO_GPU_CMD_GET_CAPSET_INFO:
            return [Remark(number, "error", f"{said}: the kernel waits {TIMEOUT} seconds, and drops all capsets")]
    return []


def _of_capset(capset: Announced, among: list[Announced]) -> list[Remark]:
    found = []
    earlier = next((other for other in among if other.capset_id == capset.capset_id and other.line < capset.line), None)
    if earlier is not None:
        found.append(
            ("note", f"capset {capset.capset_id} is listed twice; the kernel takes the first that has the version")
        )
    if capset.capset_id == 2 and capset.max_size == 308:
        found.append(("error", "capset 2 has capset 1's 308 bytes: the VMM took an index for an id"))
    elif capset.capset_id in CAPSETS and capset.max_size not in _sizes(capset.capset_id):
        found.append(("warning", f"capset {capset.capset_id} never had {capset.max_size} bytes"))
    elif capset.max_size == 0:
        found.append(
            ("warning", f"capset {capset.capset_id} has 0 bytes: userspace is told success, and given nothing")
        )
    elif capset.capset_id not in CAPSETS:
        found.append(("note", f"no capset {capset.capset_id} is known"))
    if capset.capset_id == 6 and capset.max_size == 592:
        found.append(("note", "the host was built with ENABLE_DRM_AMDGPU; a guest built without takes 160 bytes"))
    return [Remark(capset.line, severity, message) for severity, message in found]


def _sizes(capset_id: int) -> set[int]:
    cls = capset_for(capset_id)
    return {0, *cls.size_steps}.union(*(variant.size_steps for variant in cls.variants.values()))


def _of_count(report: Report, last: int) -> list[Remark]:
    if report.count is None or report.count == len(report.capsets):
        return []
    if any(remark.severity == "error" for remark in report.remarks):
        return []  # which says why
    message = f"the device announced {report.count} capsets, and the log has {len(report.capsets)}"
    return [Remark(last, "warning", message)]
