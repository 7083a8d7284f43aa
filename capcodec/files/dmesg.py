"""A guest kernel's log: which capsets the device offered, what went wrong, and what that means for the guest.

Messages: Linux ``drivers/gpu/drm/virtio/virtgpu_kms.c`` and ``virtgpu_vq.c`` (6.1 to 6.18). Lines may have any prefix.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..classes import VirglCapsV1
from ..errors import MessageError
from ..messages.virtio_gpu import (
    MAX_CAPSET_ID,
    POISONED_ID,
    RESPONSE_TIMEOUT,
    VIRTIO_GPU_CMD_GET_CAPSET,
    VIRTIO_GPU_CMD_GET_CAPSET_INFO,
    named,
)
from ..registry import CAPSETS, capset_for
from ..structs.exact import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TEXT = 1 << 24  # characters of a log
MAX_LINE = 4096  # characters of a line that are looked at; the kernel cuts its lines before 1024
MAX_FEATURES = 64  # features that a report has
MAX_CAPSETS = 1024  # capsets that a report lists: sixteen times as many as the kernel has ids for
MAX_REMARKS = 1024  # remarks that a report has

_COUNT = re.compile(r"number of cap sets: (\d{1,10})\b")
_FEATURES = re.compile(r"\[drm\] features:((?: [+-]\w+)+)")
_CAPSET = re.compile(r"cap set (\d{1,10}): id (-?\d{1,10}), max-version (-?\d{1,10}), max-size (-?\d{1,10})")
_TIMEOUT = re.compile(r"timed out waiting for cap set (\d{1,10})")
_INVALID = re.compile(r"invalid capset id (\d{1,10})")
_RESPONSE = re.compile(r"response 0x([0-9a-f]{1,8}) \(command 0x([0-9a-f]{1,8})\)")
_KERNEL = re.compile(r"^(?:<\d+>)?\[ *\d+\.\d+\] | kernel: ", re.MULTILINE)  # dmesg, and journalctl
_ANY = re.compile(r"cap set|capset|\[drm\] features:|response 0x")  # one of these is in every line that counts


class Announced(NamedTuple):
    """A capset as the kernel lists it; ``line`` is the line of the log, counted from 1."""

    line: int
    capset_index: int
    capset_id: int
    max_version: int
    max_size: int


class Remark(NamedTuple):
    """What a line of the log, or a missing line, means for the guest.

    Attributes:
        line: the line of the log, counted from 1; 0 for the log as a whole.
        severity: ``error``, ``warning`` or ``note``.
        message: what happened, and what comes of it.
    """

    line: int
    severity: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.severity}: {self.message}"


class Report:
    """What the last boot in a log says of its virtio-gpu.

    Attributes:
        features: by name of the feature, whether the device has it.
        count: number of capsets that the device announced; None if the log does not say.
        capsets: the capsets that the kernel listed, the first 1024 of them (``MAX_CAPSETS``).
        remarks: what went wrong, and what it means, by line; at most 1024 (``MAX_REMARKS``) and one that says how many
            more there are.
    """

    def __init__(self) -> None:
        self.features: dict[str, bool] = {}
        self.count: int | None = None
        self.capsets: list[Announced] = []
        self.remarks: list[Remark] = []
        self._last = 0  # line of the log
        self._listed = self._remarked = 0  # those included that the report has no room for

    def as_dict(self) -> dict[str, object]:
        """The same as plain lists and dicts, for JSON."""
        return {
            "features": self.features,
            "count": self.count,
            "capsets": [capset._asdict() for capset in self.capsets],
            "remarks": [remark._asdict() for remark in self.remarks],
        }

    def _add_features(self, text: str) -> None:
        for name in text.split():
            if len(self.features) < MAX_FEATURES:
                self.features[name[1:]] = name[0] == "+"

    def _start_list(self, line: int, count: int) -> None:
        self.count, self._last = count, line
        self.capsets, self.remarks, self._listed, self._remarked = [], [], 0, 0

    def _add_capset(self, announced: Announced) -> None:
        self._last = announced.line
        self._listed += 1
        if len(self.capsets) < MAX_CAPSETS:
            self.capsets.append(announced)

    def _remark(self, line: int, severity: str, message: str) -> None:
        self._remarked += 1
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append(Remark(line, severity, message))

    def _finish(self) -> None:
        """Remarks on the log as a whole, when its last line was read."""
        failed = any(remark.severity == "error" for remark in self.remarks)
        seen: set[int] = set()
        for announced in self.capsets:
            for severity, message in _about_capset(announced, announced.capset_id in seen):
                self._remark(announced.line, severity, message)
                failed = failed or severity == "error"
            seen.add(announced.capset_id)
        if not failed and self.count is not None and self.count != self._listed:  # an error says why they differ
            message = f"the device announced {self.count} capsets, and the log has {self._listed}"
            self._remark(self._last, "warning", message)
        if self.features.get("virgl") is False:
            message = "the device has no virgl feature: no 3D, and so no capsets; QEMU needs virtio-gpu-gl-pci"
            self._remark(self._last, "warning", message)
        self.remarks.sort()
        if self._remarked > len(self.remarks):
            message = f"{self._remarked - len(self.remarks)} more remarks are left out"
            self.remarks.append(Remark(self._last, "note", message))


def is_log(text: str) -> bool:
    """Is the text a kernel log? It has a line as the kernel writes them, or one of the messages about capsets.

    Raises:
        ArgumentError: ``text`` is no string.
    """
    text = text_of("kernel log", text)
    messages = (_KERNEL, _COUNT, _FEATURES, _CAPSET, _TIMEOUT, _INVALID, _RESPONSE)
    return any(message.search(text) for message in messages)


def read(text: str) -> Report:
    """What a kernel log says of capsets.

    Lines about anything else are passed over. If the log has several boots, the last one counts.

    Raises:
        MessageError: the log has more than 16 Mi characters (``MAX_TEXT``).
        ArgumentError: ``text`` is no string.
    """
    text = text_of("kernel log", text)
    if len(text) > MAX_TEXT:
        raise MessageError(f"kernel log: {len(text)} characters are more than the {MAX_TEXT} that a log may have")
    report = Report()
    for number, line in _lines(text.replace("\r\n", "\n").replace("\r", "\n")):
        if match := _FEATURES.search(line):
            if "virgl" in match[1]:  # the first of the lines about features, and so of a boot
                report = Report()
            report._add_features(match[1])
        elif match := _COUNT.search(line):
            report._start_list(number, int(match[1]))
        elif match := _CAPSET.search(line):
            report._add_capset(Announced(number, *map(int, match.groups())))
        elif message := _error_of(line):
            report._remark(number, "error", message)
    report._finish()
    return report


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that may be about capsets, with their numbers. The others are passed over at the speed of a search."""
    number, counted, at = 1, 0, 0
    while match := _ANY.search(text, at):
        start = text.rfind("\n", at, match.start()) + 1
        end = text.find("\n", match.end())
        at = end if end >= 0 else len(text)
        number += text.count("\n", counted, start)
        counted = start
        yield number, text[start : min(at, start + MAX_LINE)]


def _error_of(line: str) -> str:
    """What an error in the log means; empty if the line is none about capsets."""
    if match := _TIMEOUT.search(line):
        why = f"the device did not say within {RESPONSE_TIMEOUT} seconds what capset {match[1]} is, or said id 0"
        lost = "the kernel dropped all capsets, and its drivers run on their defaults"
        return f"{why}: {lost}; does the VMM announce more capsets than it has?"
    if match := _INVALID.search(line):
        why = f"id {match[1]} is none of 1 to {MAX_CAPSET_ID}"
        if int(match[1]) == POISONED_ID:
            why += "; crosvm answers with this id where it has no capset at the index"
        return f"{why}: the kernel dropped all capsets"
    if match := _RESPONSE.search(line):
        response, command = int(match[1], 16), int(match[2], 16)
        said = f"the VMM answered {named(command)} with {named(response)}"
        if command == VIRTIO_GPU_CMD_GET_CAPSET:
            return f"{said}: userspace got an all-zero capset, as if nothing was wrong"
        if command == VIRTIO_GPU_CMD_GET_CAPSET_INFO:
            return f"{said}: the kernel waits {RESPONSE_TIMEOUT} seconds, and drops all capsets"
    return ""


def _about_capset(capset: Announced, again: bool) -> list[tuple[str, str]]:
    """Severity and message of all that is odd about a capset; ``again`` if its id was listed before."""
    found = []
    number, size = capset.capset_id, capset.max_size
    if again:
        found.append(("note", f"capset {number} is listed twice; the kernel takes the first that has the version"))
    if number == 2 and size == VirglCapsV1.size:
        found.append(("error", f"capset 2 has capset 1's {size} bytes: the VMM took an index for an id"))
    elif number in CAPSETS and size not in _sizes(number):
        found.append(("warning", f"capset {number} never had {size} bytes"))
    elif size == 0:
        found.append(("warning", f"capset {number} has 0 bytes: userspace is told success, and given nothing"))
    elif number not in CAPSETS:
        found.append(("note", f"no capset {number} is known"))
    if number == 6 and size == 592:
        found.append(("note", "the host was built with ENABLE_DRM_AMDGPU; a guest built without takes 160 bytes"))
    return found


def _sizes(capset_id: int) -> set[int]:
    """Every size that a capset ever had, and 0 for a host that lacks it."""
    cls = capset_for(capset_id)
    return {0, *cls.size_steps}.union(*(variant.size_steps for variant in cls.variants.values()))
