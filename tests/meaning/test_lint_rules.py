"""What can be wrong with a capset: bytes that trip each rule, and bytes that are just right."""

from __future__ import annotations

import struct

import pytest

from capcodec import captures, lint
from capcodec.meaning.lint_rules import LINT_RULES, SEVERITIES
from edited import edited

V1 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset1.bin")
V2 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
VENUS = captures.load("virglrenderer-1.3.0-venus.capset4.bin")
DRM = struct.pack("<6I", 2, 1, 12, 0, 1, 0) + bytes(136)  # an msm

TRIPS = [
    ("all-zero", 1, bytes(308), "", "error"),
    ("all-zero", 2, bytes(1408), "", "error"),
    ("all-zero", 4, bytes(160), "", "error"),
    ("all-zero", 6, bytes(160), "", "error"),
    ("venus-not-filled", 4, bytes(160), "wire_format_version", "error"),
    ("venus-not-filled", 4, edited(VENUS, (0, 0)), "wire_format_version", "error"),
    ("capset1-as-capset2", 2, V1, "", "error"),
    ("max-version", 1, edited(V1, (0, 2)), "max_version", "warning"),
    ("max-version", 2, edited(V2, (0, 1)), "v1.max_version", "warning"),
    ("max-version", 2, edited(V2, (0, 3)), "v1.max_version", "warning"),
    ("max-version", 2, edited(V2, (0, 0)), "v1.max_version", "warning"),
    ("unknown-capability-bits", 2, edited(V2, (688, 1 << 19 | 1 << 31)), "capability_bits_v2", "warning"),
    ("too-many-video-caps", 2, edited(V2, (856, 33)), "num_video_caps", "error"),
    ("too-many-video-caps", 2, edited(V2, (856, 0xFFFFFFFF)), "num_video_caps", "error"),
    ("implausible-video-memory", 2, edited(V2, (688, 4), (692, 258958024)), "max_video_memory", "warning"),
    ("implausible-video-memory", 2, edited(V2, (688, 4), (692, (4 << 20) + 1)), "max_video_memory", "warning"),
    ("unterminated-renderer", 2, V2[:696] + b"x" * 64 + V2[760:], "renderer", "warning"),
    ("drm-context-type", 6, edited(DRM, (16, 9)), "context_type", "error"),
    ("drm-context-type", 6, DRM[:24], "context_type", "error"),
    ("drm-context-type", 6, edited(DRM, (16, 2))[:80], "context_type", "error"),
    ("drm-without-gpu-info", 6, edited(DRM, (16, 2)), "u.amdgpu", "warning"),
    ("depthstencil-set", 1, edited(V1, (132, 1 << 18)), "depthstencil", "warning"),
    ("depthstencil-set", 2, edited(V2, (132, 1 << 18)), "v1.depthstencil", "warning"),
    ("format-beyond-release", 2, edited(V2, (4 + 60, 1 << 31)), "v1.sampler", "warning"),
    ("format-beyond-release", 2, edited(V2, (624 + 60, 1 << 1)), "scanout", "warning"),  # 481
    ("format-beyond-release", 1, edited(V1, (68 + 60, 1 << 31)), "render", "warning"),
    ("swapped-words", 2, captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin"), "capability_bits_v2", "error"),
    ("sampler-overflow", 2, edited(V2, (764, 64)), "max_texture_samplers", "error"),
    ("sampler-overflow", 2, edited(V2, (764, 33)), "max_texture_samplers", "error"),
]


@pytest.mark.parametrize(("rule", "capset_id", "data", "field", "severity"), TRIPS)
def test_what_trips_a_rule(rule, capset_id, data, field, severity):
    found = [finding for finding in lint(data, capset_id) if finding.rule == rule]
    assert [(finding.field, finding.severity) for finding in found] == [(field, severity)]
    for finding in found:
        assert finding.evidence
        assert finding.consequence
        assert finding.reference
        assert finding.message.endswith(f"{finding.evidence}; {finding.consequence}")
        assert finding.as_dict()["message"] == finding.message
        assert rule in str(finding)
        assert rule in repr(finding)


def test_every_rule_is_tripped():
    assert {rule for rule, *_ in TRIPS} == {rule.name for rule in LINT_RULES}
    assert {rule.severity for rule in LINT_RULES} <= set(SEVERITIES)


@pytest.mark.parametrize(
    ("capset_id", "data"),
    [
        (2, edited(V2, (856, 32))),
        (2, edited(V2, (688, 4), (692, 4 << 20))),  # 4 TiB
        (2, edited(V2, (688, 3), (692, 258958024))),  # without VIDEO_MEMORY no guest reads it
        (2, edited(V2, (764, 32))),
        (2, edited(V2, (688, (1 << 19) - 1))),
        (2, V2[:696] + b"x" * 63 + b"\0" + V2[760:]),
        (2, V2[:720]),  # the name did not arrive whole
        (2, edited(V2, (624 + 60, 1))),  # 480, the last format of 1.3.0
        (6, DRM),
        (6, edited(DRM, (16, 4))[:24]),  # an Asahi has no member
        (6, edited(DRM, (16, 3))),
        (6, edited(DRM + bytes(432), (16, 2))),
    ],
)
def test_what_is_just_right(capset_id, data):
    assert lint(data, capset_id) == ()


def test_formats_are_judged_by_the_release():
    """What is an unknown format for 0.8 is none for 1.3."""
    old = captures.load("virglrenderer-0.8.2-llvmpipe-gl.capset2.bin")
    (finding,) = lint(edited(old, (4 + 4 * 10, 1 << (331 - 320))))
    assert finding.evidence == "formats 331 are set, and 0.8.0 or 0.8.1 or 0.8.2 has them up to 312"
    assert lint(edited(V2, (4 + 4 * 10, 1 << (331 - 320)))) == ()
