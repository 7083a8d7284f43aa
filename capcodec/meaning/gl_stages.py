"""Needs that Mesa works out of several fields: samples, uniform blocks, storage buffers, atomic counters."""

from __future__ import annotations

from .formats import format_number
from .gl_needs import FORMATS_OF, Flag, GuestCaps, Need
from .mesa_rules import PIPE_SHADER_COMPUTE, PIPE_SHADER_FRAGMENT, UNTOLD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .gl_needs import _Changes

MIN_SAMPLES, MIN_UNIFORM_BLOCKS, MIN_UNIFORM_BLOCK_SIZE, MIN_LAYERS = 4, 13, 16384, 2048
WITH_BUFFER_STORAGE, WITH_GLSL_COMPATIBILITY, WITH_MIRROR_CLAMP_TO_EDGE = 4, 6, 20  # host_feature_check_version
FOUR_SAMPLED = "R8G8B8A8_UNORM"  # the format that a host would best have with more samples
ANY_FORMAT = 1 << 0  # the bit of VIRGL_FORMAT_NONE, the format of what has no attachments
DISPLAY_FORMATS = tuple(
    format_number(name, FORMATS_OF)
    for name in (
        *("B8G8R8A8_UNORM", "B8G8R8X8_UNORM", "B8G8R8A8_SRGB", "B8G8R8X8_SRGB", "B5G6R5_UNORM"),
        *("B10G10R10A2_UNORM", "B10G10R10X2_UNORM", "R16G16B16A16_FLOAT", "R16G16B16X16_FLOAT"),
    )
)


class Samples(Need):
    """Four samples, or faked ones."""

    def _met(self, caps: GuestCaps) -> bool:
        return caps.max_samples >= MIN_SAMPLES or caps.fakes_samples

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        masks = ("sampler", "render")
        found = {path: word for mask in masks for path, word in caps.with_formats(mask, (FOUR_SAMPLED,)).items()}
        if caps.value("v1.max_samples") != 1:
            found |= {
                "v1.max_samples": max(MIN_SAMPLES, caps.value("v1.max_samples")),
                "v1.bset.texture_multisample": 1,
            }
            found |= caps.with_formats("supported_multisample_formats", (FOUR_SAMPLED,))
        return found


class MultisampleTextures(Need):
    """Textures with several samples, or faked ones."""

    def _met(self, caps: GuestCaps) -> bool:
        return bool(caps.value("v1.bset.texture_multisample")) or caps.fakes_samples

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        return {"v1.bset.texture_multisample": 1}


class UniformBlocks(Need):
    """Blocks of uniforms for each stage, and how large they are."""

    def _met(self, caps: GuestCaps) -> bool:
        enough = caps.value("v1.max_uniform_blocks") >= MIN_UNIFORM_BLOCKS
        return enough and caps.max_uniform_block_size >= MIN_UNIFORM_BLOCK_SIZE

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        found: _Changes = {}
        if caps.value("v1.max_uniform_blocks") < MIN_UNIFORM_BLOCKS:
            found["v1.max_uniform_blocks"] = MIN_UNIFORM_BLOCKS
        if caps.max_uniform_block_size < MIN_UNIFORM_BLOCK_SIZE:
            found["max_uniform_block_size"] = MIN_UNIFORM_BLOCK_SIZE
            found[f"max_const_buffer_size[{PIPE_SHADER_FRAGMENT}]"] = MIN_UNIFORM_BLOCK_SIZE
        return found


class StorageBuffers(Need):
    """Shader storage buffers of a stage."""

    def __init__(self, stage: int) -> None:
        name = "fragment" if stage == PIPE_SHADER_FRAGMENT else "compute"
        super().__init__(
            f"max_shader_storage_blocks[{stage}] >= 1, of the {name} stage; max_shader_buffer_frag_compute of a host "
            "that does not tell, and of every host for Mesa 22.3"
        )
        self.stage: int = stage

    def _met(self, caps: GuestCaps) -> bool:
        return caps.storage_buffers(self.stage) >= 1

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        return _storage_buffers(caps, self.stage, 1)


class AtomicBuffers(Need):
    """Buffers of atomic counters of a stage."""

    def __init__(self, stage: int) -> None:
        name = "fragment" if stage == PIPE_SHADER_FRAGMENT else "compute"
        super().__init__(
            f"max_atomic_counter_buffers[{stage}] >= 1, of the {name} stage; without max_atomic_counters[{stage}] two "
            "shader storage buffers of that stage"
        )
        self.stage: int = stage

    def _met(self, caps: GuestCaps) -> bool:
        return caps.atomic_buffers(self.stage) >= 1

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        if caps.value("max_atomic_counters")[self.stage]:
            return {f"max_atomic_counter_buffers[{self.stage}]": 1}
        return _storage_buffers(caps, self.stage, 2)


class NoAttachments(Need):
    """Framebuffers without attachments."""

    def _met(self, caps: GuestCaps) -> bool:
        if not caps.has_flag("capability_bits", "FB_NO_ATTACH"):
            return False
        many = caps.max_samples >= MIN_SAMPLES and caps.value("v1.max_texture_array_layers") >= MIN_LAYERS
        return many or caps.samples(ANY_FORMAT, 32) >= caps.max_samples

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        found = Flag("FB_NO_ATTACH").changes(caps) or {}
        if caps.samples(ANY_FORMAT, 32) < caps.max_samples:
            found["v1.max_texture_array_layers"] = max(MIN_LAYERS, caps.value("v1.max_texture_array_layers"))
        return found


class BufferStorage(Need):
    """Persistent mappings of buffers."""

    def _met(self, caps: GuestCaps) -> bool:
        return bool(caps.value("arb_buffer_storage"))

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        if not caps.coherent:
            return None
        version = max(WITH_BUFFER_STORAGE, caps.value("host_feature_check_version"))
        return {**(Flag("ARB_BUFFER_STORAGE").changes(caps) or {}), "host_feature_check_version": version}


class MirrorClampToEdge(Need):
    """Textures that are mirrored once. Old hosts tell of them by capset 1's flag, unless they have GLES."""

    def _met(self, caps: GuestCaps) -> bool:
        return caps.has_flag("capability_bits_v2", "MIRROR_CLAMP_TO_EDGE")

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        if caps.value("host_feature_check_version") < WITH_MIRROR_CLAMP_TO_EDGE:
            if not caps.has_flag("capability_bits", "HOST_IS_GLES"):
                return {"v1.bset.mirror_clamp": 1}
            found = {"host_feature_check_version": WITH_MIRROR_CLAMP_TO_EDGE}
        else:
            found = {}
        return found | (Flag("MIRROR_CLAMP_TO_EDGE", "capability_bits_v2").changes(caps) or {})


class CompatibilityGlsl(Need):
    """The version of GLSL that the compatibility profile has."""

    def __init__(self, level: int) -> None:
        super().__init__(f"v1.glsl_level >= {level}, and host_feature_check_version >= 6 for more than 140")
        self.number: str = "glsl_level_compatibility"
        self.least: int = level

    def _met(self, caps: GuestCaps) -> bool:
        return bool(caps.value(self.number) >= self.least)

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        version = max(WITH_GLSL_COMPATIBILITY, caps.value("host_feature_check_version"))
        level = max(self.least, caps.value("v1.glsl_level"))
        return {"v1.glsl_level": level, "host_feature_check_version": version}


def _storage_buffers(caps: GuestCaps, stage: int, count: int) -> _Changes:
    """As many shader storage buffers, with the flag that the compute stage needs."""
    found: _Changes = {"max_shader_buffer_frag_compute": max(count, caps.value("max_shader_buffer_frag_compute"))}
    if "max_shader_storage_blocks" in caps.view and caps.sent("max_shader_storage_blocks")[stage] != UNTOLD:
        found[f"max_shader_storage_blocks[{stage}]"] = count
    if stage != PIPE_SHADER_FRAGMENT:
        found |= Flag("COMPUTE_SHADER").changes(caps) or {}
    return found


SAMPLES = Samples(
    "max_samples >= 4 with texture_multisample, and one of R8G8B8A8_UNORM, B8G8R8A8_UNORM, A8R8G8B8_UNORM, "
    "A8B8G8R8_UNORM in sampler, render and, from host_feature_check_version 9 on, supported_multisample_formats; or "
    "max_samples = 1, which the driver takes to fake them"
)
MULTISAMPLE_TEXTURES = MultisampleTextures(
    "bset.texture_multisample; or max_samples = 1, which makes the driver fake it"
)
UNIFORM_BLOCKS = UniformBlocks(
    "max_uniform_blocks >= 13, max_uniform_block_size >= 16384 (max_const_buffer_size[1] of hosts of "
    "host_feature_check_version 12)"
)
NO_ATTACHMENTS = NoAttachments("FB_NO_ATTACH, with as many samples as color formats have, or 2048 layers")
MIRROR_CLAMP_TO_EDGE = MirrorClampToEdge("MIRROR_CLAMP_TO_EDGE; bset.mirror_clamp of hosts before version 20, not GLES")
BUFFER_STORAGE = BufferStorage("ARB_BUFFER_STORAGE, with blob resources in host-visible memory")
FRAGMENT_STORAGE_BUFFERS = StorageBuffers(PIPE_SHADER_FRAGMENT)
COMPUTE_STORAGE_BUFFERS = StorageBuffers(PIPE_SHADER_COMPUTE)
FRAGMENT_ATOMIC_BUFFERS = AtomicBuffers(PIPE_SHADER_FRAGMENT)
COMPUTE_ATOMIC_BUFFERS = AtomicBuffers(PIPE_SHADER_COMPUTE)
