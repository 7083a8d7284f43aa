"""What can be wrong with a capset. :mod:`capcodec.meaning.lint` runs these rules.

Each rule yields the path of a field, empty for the capset as a whole, and what is wrong with it. The reason of a rule
is what comes of that in a guest.
"""

from __future__ import annotations

from ..capsets.drm import VIRTGPU_DRM_CONTEXT
from ..classes import VirglCapsV1, VirglCapsV2
from ..registry import CAPSETS
from . import release_0_9
from .releases import RELEASES, sizes_of
from .rules import Reference, Registry, Rule, arrived
from .walk import bits_in, flag, format_masks, named_flags, numbers_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from ..classes import VirglRendererCapsetDrm, VirglRendererCapsetVenus
    from ..structs._classes import Struct
    from .releases import Release

    _Findings: TypeAlias = Iterator[tuple[str, str]]

SEVERITIES = ("error", "warning", "note")  # worst first

MAX_VIDEO_MEMORY = 1 << 22  # MB, 4 TiB: ten times the memory of the largest GPU of 2026
_BITS_V2 = VirglCapsV2.fields["capability_bits_v2"]
NAMED_BITS_V2, VIDEO_MEMORY = named_flags(_BITS_V2), flag(_BITS_V2, "VIDEO_MEMORY")
MAX_SAMPLERS = 32  # PIPE_MAX_SAMPLERS: elements of an array in the guest's driver


class LintRule(Rule):
    """A rule of lint.

    Attributes:
        severity: one of SEVERITIES.
    """

    def __init__(self, *args: Any, severity: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.severity = severity


LINT_RULES = Registry(LintRule)
rule = LINT_RULES.rule

VIRGL_HW = "src/virgl_hw.h"
VREND_RENDERER = "src/vrend/vrend_renderer.c"
RELEASE = "1.3.0"  # as of which virglrenderer's files were read


@rule(
    "a host that answered with an error, or never filled it, looks to the guest like one that can do nothing",
    Reference("Linux", "drivers/gpu/drm/virtio/virtgpu_vq.c", "315badfd"),
    *CAPSETS,
    severity="error",
)
def all_zero(caps: Struct) -> _Findings:
    data = caps.pack()
    if data == bytes(len(data)):
        yield "", f"all {len(data)} bytes are zero"


@rule(
    "the guest's Vulkan driver gives up with VK_ERROR_INITIALIZATION_FAILED; is the host's render server there?",
    Reference("Mesa", "src/virtio/vulkan/vn_renderer_virtgpu.c", "0afc408c"),
    4,
    needs=("wire_format_version",),
    severity="error",
)
def venus_not_filled(caps: VirglRendererCapsetVenus) -> _Findings:
    if caps.wire_format_version == 0:
        others = (
            "other fields are filled: the host may predate version 1"
            if any(caps.pack()[: caps.valid_size])
            else "so is all else"
        )
        yield "wire_format_version", f"it is 0, and {others}"


@rule(
    "the VMM took an index for an id; the guest keeps its defaults for all of capset 2 and stops at a lower GL version",
    Reference("vhost-device", "vhost-device-gpu/src/backend/virgl.rs", "75f95d71"),
    2,
    severity="error",
)
def capset1_as_capset2(caps: Struct) -> _Findings:
    if caps.valid_size == VirglCapsV1.size:
        yield "", f"capset 2 has capset 1's {VirglCapsV1.size} bytes"


@rule(
    "these bytes are of another capset, or virglrenderer did not make them",
    Reference("virglrenderer", VREND_RENDERER, RELEASE),
    1,
    2,
    needs=("max_version",),
    severity="warning",
)
def max_version(caps: VirglCapsV2) -> _Findings:
    if caps.max_version != caps.capset_id:
        whose = f"capset {caps.max_version}'s" if caps.max_version in (1, 2) else "no capset's"
        yield caps.fields["max_version"].path, f"it is {caps.max_version} in capset {caps.capset_id}: {whose}"


@rule(
    "a guest ignores these bits; or they belong to a layout that it does not know, and it misreads others as well",
    Reference("virglrenderer", VIRGL_HW, RELEASE),
    2,
    needs=("capability_bits_v2",),
    severity="warning",
)
def unknown_capability_bits(caps: VirglCapsV2) -> _Findings:
    unknown = caps.capability_bits_v2 & ~NAMED_BITS_V2
    if unknown:
        bits, newest = ", ".join(map(str, bits_in(unknown))), RELEASES[-1].name
        yield "capability_bits_v2", f"bits {bits} are set, which releases up to {newest} lack"


@rule(
    "the guest rejects all video capabilities; a guest that does not check reads beyond the array",
    Reference("Mesa", "src/gallium/drivers/virgl/virgl_screen.c", "0a4569fc"),
    2,
    needs=("num_video_caps",),
    severity="error",
)
def too_many_video_caps(caps: VirglCapsV2) -> _Findings:
    length = caps.fields["video_caps"].dims[0]
    if caps.num_video_caps > length:
        yield "num_video_caps", f"it is {caps.num_video_caps}, and the array has {length} elements"


@rule(
    "the guest tells programs that the GPU has this memory; hosts of 1.1.0 with desktop GL send part of an address, "
    "which is another in each process",
    Reference("virglrenderer", VREND_RENDERER, "1.1.0"),
    2,
    needs=("capability_bits_v2", "max_video_memory"),
    severity="warning",
)
def implausible_video_memory(caps: VirglCapsV2) -> _Findings:
    told = caps.capability_bits_v2 & VIDEO_MEMORY
    if told and caps.max_video_memory > MAX_VIDEO_MEMORY:
        yield "max_video_memory", f"it is {caps.max_video_memory} MB, and no GPU has more than {MAX_VIDEO_MEMORY}"


@rule(
    "a guest that prints it as a C string goes on into the fields behind it",
    Reference("virglrenderer", VIRGL_HW, RELEASE),
    2,
    needs=("renderer",),
    severity="warning",
)
def unterminated_renderer(caps: Struct) -> _Findings:
    field = caps.fields["renderer"]
    if 0 not in caps.pack()[field.offset : field.end]:
        yield "renderer", f"none of its {field.size} bytes is a NUL"


@rule(
    "no driver of the guest loads, or one does that works with zeros for what is missing",
    Reference("virglrenderer", "src/drm_hw.h", "d27e04e8be6a"),
    6,
    needs=("context_type",),
    severity="error",
)
def drm_context_type(caps: VirglRendererCapsetDrm) -> _Findings:
    kind, size = caps.context_type, caps.valid_size
    if kind not in VIRTGPU_DRM_CONTEXT:
        yield "context_type", f"{kind} is no VIRTGPU_DRM_CONTEXT"
    elif size < _bytes_of_context(caps):
        yield "context_type", f"type {kind} needs {_bytes_of_context(caps)} bytes, and {size} arrived"


def _bytes_of_context(caps: VirglRendererCapsetDrm) -> int:
    """Bytes that the driver of this context type needs: those of the first layout that had its member of the union."""
    union = caps.fields["u"]
    assert union.selector is not None
    name = union.selector.names.get(caps.context_type)
    if name is None:
        return union.offset
    member = caps.fields[f"u.{name}"]
    return min(member.end, member.since.size) if member.since else member.end


@rule(
    "a guest that expects libdrm's structs reads the GPU's name as if it were their first fields",
    Reference("virglrenderer", "src/drm_hw.h", "d27e04e8be6a"),
    6,
    needs=("context_type",),
    severity="warning",
)
def drm_without_gpu_info(caps: VirglRendererCapsetDrm) -> _Findings:
    if VIRTGPU_DRM_CONTEXT.get(caps.context_type) == "AMDGPU" and not caps.variant and caps.valid_size == caps.size:
        yield "u.amdgpu", f"amdgpu in {caps.valid_size} bytes: the host was built without ENABLE_DRM_AMDGPU"


@rule(
    "the bytes are shifted, or virglrenderer did not make them; guests look for depth formats in sampler and render",
    Reference("virglrenderer", VREND_RENDERER, RELEASE),
    1,
    2,
    needs=("depthstencil",),
    severity="warning",
)
def depthstencil_set(caps: VirglCapsV2) -> _Findings:
    formats = numbers_in(caps.depthstencil).bit_count()
    if formats:
        yield caps.fields["depthstencil"].path, f"{formats} formats are set, and virglrenderer never sets any"


@rule(
    "a guest that knows these numbers relies on formats that the host does not have",
    Reference("virglrenderer", VIRGL_HW, RELEASE),
    1,
    2,
    severity="warning",
)
def format_beyond_release(caps: Struct) -> _Findings:
    limit, releases = _format_limit(caps)
    for path, mask in format_masks(caps):
        beyond = mask >> limit << limit
        if beyond:
            numbers = ", ".join(map(str, bits_in(beyond)))
            yield path, f"formats {numbers} are set, and {releases} has them up to {limit - 1}"


def _format_limit(caps: Struct) -> tuple[int, str]:
    """One more than the highest format number of the releases with this size and host_feature_check_version."""
    version = "host_feature_check_version"
    told = caps[version] if caps.capset_id == 2 and arrived(caps, version) else 0
    limit = _FORMAT_LIMITS.get((caps.valid_size, told)) if caps.capset_id == 2 else None
    return limit or (max(release.format_max for release in RELEASES), "no release")


def _format_limits() -> dict[tuple[int, int], tuple[int, str]]:
    """The same of capset 2, by size and host_feature_check_version."""
    fitting: dict[tuple[int, int], list[Release]] = {}
    for release, size in zip(RELEASES, sizes_of(VirglCapsV2), strict=True):
        fitting.setdefault((size, release.host_feature_check_version), []).append(release)
    return {
        key: (max(release.format_max for release in found), " or ".join(release.name for release in found))
        for key, found in fitting.items()
    }


_FORMAT_LIMITS = _format_limits()


@rule(
    "the guest takes the megabytes of video memory for capability bits, and the bits for megabytes",
    Reference("virglrenderer", VIRGL_HW, "7e7a4e72a1fc"),
    2,
    severity="error",
)
def swapped_words(caps: VirglCapsV2) -> _Findings:
    if caps.variant or not release_0_9.is_of_either(caps):
        return
    release, why = release_0_9.likelier_release(caps)
    if release == release_0_9.SWAPPED:
        yield "capability_bits_v2", f"release {release} swapped it with max_video_memory: {why}"


@rule(
    f"a guest with room for {MAX_SAMPLERS} overflows an array in virgl_bind_shader_states and crashes",
    Reference("virglrenderer", VREND_RENDERER, "328e5f668c2b"),
    2,
    needs=("max_texture_samplers",),
    severity="error",
)
def sampler_overflow(caps: VirglCapsV2) -> _Findings:
    if caps.max_texture_samplers > MAX_SAMPLERS:
        yield "max_texture_samplers", f"it is {caps.max_texture_samplers}: the host's texture units, not its samplers"
