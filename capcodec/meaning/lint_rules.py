"""The rules of :mod:`capcodec.meaning.lint`: each yields field, evidence and consequence for what it finds."""

from __future__ import annotations

from ..capsets.virgl import VIRGL_CAP_V2
from ..registry import CAPSETS
from .release_0_9 import likelier_layout
from .releases import RELEASES, size_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from ..structs._core import Struct

    Findings: TypeAlias = Iterator[tuple[str, str, str]]

FORMATS_OF_V1 = ("sampler", "render", "depthstencil", "vertexbuffer")
FORMATS_OF_V2 = ("supported_readback_formats", "scanout", "supported_multisample_formats")
MOST_SAMPLERS = 32  # PIPE_MAX_SAMPLERS, of the guest's array
CONTEXT_SIZES = {1: 80, 2: 160, 3: 48, 4: 24, 5: 24}  # bytes that a drm capset needs by context_type


class Rule:
    """A check with what is known about it."""

    def __init__(
        self,
        name: str,
        severity: str,
        reference: str,
        capsets: frozenset[int],
        check: Callable[[Struct], Findings],
    ) -> None:
        self.name = name
        self.severity = severity
        self.reference = reference
        self.capsets = capsets
        self.check = check


RULES: list[Rule] = []


def rule(name: str, severity: str, reference: str, *capsets: int) -> Callable[[Callable[[Struct], Findings]], None]:
    """Enter a check for some capsets, or for all."""

    def enter(check: Callable[[Struct], Findings]) -> None:
        RULES.append(Rule(name, severity, reference, frozenset(capsets or CAPSETS), check))

    return enter


@rule("all-zero", "error", "Linux virtgpu_vq.c, virtio_gpu_cmd_capset_cb @315badfd")
def _(caps: Struct) -> Findings:
    data = caps.pack()
    if not any(data):
        yield (
            "",
            f"all {len(data)} bytes are zero",
            "a host that answered with an error, or never filled it, looks to the guest like one that can do nothing",
        )


@rule("venus-not-filled", "error", "Mesa vn_renderer_virtgpu.c @0afc408c", 4)
def _(caps: Struct) -> Findings:
    if caps.wire_format_version == 0:
        filled = (
            "and the rest is filled: a host from before that was numbered" if any(caps.pack()) else "as is all else"
        )
        yield (
            "wire_format_version",
            f"it is 0, {filled}",
            "the guest's Vulkan driver gives up, VK_ERROR_INITIALIZATION_FAILED; is the host's render server there?",
        )


@rule("capset1-as-capset2", "error", "vhost-device 75f95d71", 2)
def _(caps: Struct) -> Findings:
    if caps.valid_size == 308:
        yield (
            "",
            "capset 2 has capset 1's 308 bytes",
            "the VMM took an index for an id; the guest keeps its defaults for all of capset 2 and stops at a lower GL",
        )


@rule("max-version", "warning", "virglrenderer vrend_renderer.c, vrend_renderer_fill_caps", 1, 2)
def _(caps: Struct) -> Findings:
    if caps.max_version != caps.capset_id:
        other = f"that is capset {caps.max_version}'s" if caps.max_version in (1, 2) else "which fits no capset"
        yield (
            "max_version" if caps.capset_id == 1 else "v1.max_version",
            f"it is {caps.max_version} in capset {caps.capset_id}, {other}",
            "these bytes are of another capset, or of no virglrenderer",
        )


@rule("unknown-capability-bits", "warning", "virglrenderer virgl_hw.h, VIRGL_CAP_V2_*", 2)
def _(caps: Struct) -> Findings:
    unknown = [bit for bit in range(32) if caps.capability_bits_v2 >> bit & 1 and bit not in VIRGL_CAP_V2]
    if unknown:
        yield (
            "capability_bits_v2",
            f"bits {', '.join(map(str, unknown))} are set, which no release up to {RELEASES[-1].name} knows",
            "a guest ignores them, or takes a swapped or newer layout for what it knows",
        )


@rule("too-many-video-caps", "error", "Mesa virgl_screen.c @0a4569fc", 2)
def _(caps: Struct) -> Findings:
    room = caps.fields["video_caps"].dims[0]
    if caps.num_video_caps > room:
        yield (
            "num_video_caps",
            f"it is {caps.num_video_caps}, and the array has {room} elements",
            "the guest rejects all video capabilities; one that does not check reads beyond the array",
        )


@rule("unterminated-renderer", "warning", "virglrenderer virgl_hw.h, renderer[64]", 2)
def _(caps: Struct) -> Findings:
    field = caps.fields["renderer"]
    if caps.has_field("renderer") and 0 not in caps.pack()[field.offset : field.end]:
        yield (
            "renderer",
            "none of its 64 bytes is a NUL",
            "a guest that prints it as a C string runs on into the fields behind it",
        )


@rule("drm-context-type", "error", "virglrenderer drm_hw.h d27e04e8be6a", 6)
def _(caps: Struct) -> Findings:
    kind, size = caps.context_type, caps.valid_size
    needed = CONTEXT_SIZES.get(kind)
    if needed is None:
        yield "context_type", f"{kind} is no VIRTGPU_DRM_CONTEXT", "no driver of the guest loads"
    elif size < needed:
        yield (
            "context_type",
            f"type {kind} needs {needed} bytes, and {size} arrived",
            "the guest's driver works with zeros for what is missing",
        )


@rule("drm-without-gpu-info", "warning", "virglrenderer drm_hw.h d27e04e8be6a, ENABLE_DRM_AMDGPU", 6)
def _(caps: Struct) -> Findings:
    if caps.context_type == 2 and not caps.variant and caps.valid_size == caps.size:
        yield (
            "u.amdgpu",
            f"amdgpu in {caps.valid_size} bytes: the host was built without ENABLE_DRM_AMDGPU",
            "a guest that expects libdrm's structs (592 bytes) reads the GPU's name as its alignments",
        )


@rule("depthstencil-set", "warning", "virglrenderer vrend_renderer.c", 1, 2)
def _(caps: Struct) -> Findings:
    formats = caps["depthstencil.bitmask" if caps.capset_id == 1 else "v1.depthstencil.bitmask"].bits()
    if formats:
        yield (
            "depthstencil" if caps.capset_id == 1 else "v1.depthstencil",
            f"{len(formats)} formats are set, and virglrenderer never sets any",
            "the bytes are shifted, or no virglrenderer made them; guests look for depth formats in sampler and render",
        )


@rule("format-beyond-release", "warning", "virglrenderer virgl_hw.h, VIRGL_FORMAT_MAX", 1, 2)
def _(caps: Struct) -> Findings:
    limit, of = _format_limit(caps)
    masks = FORMATS_OF_V1 if caps.capset_id == 1 else (*(f"v1.{name}" for name in FORMATS_OF_V1), *FORMATS_OF_V2)
    for path in masks:
        if not caps.has_field(path):
            break
        beyond = [number for number in caps[f"{path}.bitmask"].bits() if number >= limit]
        if beyond:
            yield (
                path,
                f"formats {', '.join(map(str, beyond))} are set, and {of} knows them up to {limit - 1}",
                "a guest that knows them believes in formats that the host does not have",
            )


def _format_limit(caps: Struct) -> tuple[int, str]:
    """One more than the highest format number of the releases with this size and host_feature_check_version."""
    fitting = [
        release
        for release in RELEASES
        if caps.capset_id == 2
        and caps.valid_size == size_in(type(caps), release.name)
        and release.host_feature_check_version == _or_zero(caps, "host_feature_check_version")
    ]
    limit = max(release.format_max for release in fitting or RELEASES)
    return limit, " or ".join(release.name for release in fitting) or "no release"


def _or_zero(caps: Struct, path: str) -> int:
    return int(caps[path]) if caps.has_field(path) else 0


@rule("swapped-words", "error", "virglrenderer 7e7a4e72a1fc, repaired by 5e2d10463d6b", 2)
def _(caps: Struct) -> Findings:
    if caps.variant or caps.host_feature_check_version != 4 or caps.valid_size != 696:
        return
    release, why = likelier_layout(caps)
    if release == "0.9.0":
        yield (
            "capability_bits_v2",
            f"release 0.9.0 swapped it with max_video_memory: {why}",
            "the guest takes the megabytes of video memory for capability bits, and the bits for megabytes",
        )


@rule("sampler-overflow", "error", "virglrenderer 328e5f668c2b", 2)
def _(caps: Struct) -> Findings:
    if caps.max_texture_samplers > MOST_SAMPLERS:
        yield (
            "max_texture_samplers",
            f"it is {caps.max_texture_samplers}, the host's texture units and not its samplers",
            f"guests with room for {MOST_SAMPLERS} overflow an array in virgl_bind_shader_states and crash",
        )
