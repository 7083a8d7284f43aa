"""Capset 6, as in virglrenderer's ``src/drm_hw.h``: native contexts, in which a guest runs its GPU's own driver.

A host built with ENABLE_DRM_AMDGPU puts structs of libdrm into the capset, which then has 592 bytes instead of 160:
variant ENABLE_DRM_AMDGPU, with the structs of libdrm 2.4.114. A tristate is 1 for yes, -1 for no, and 0 where the host
does not know.
"""

from __future__ import annotations

from ..schema import Mark, Member, Schema, char, struct, u32, u64, union, variant
from . import drm_hw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER = "virglrenderer/src/drm_hw.h"
LIBDRM = "libdrm/amdgpu/amdgpu.h"

VIRTGPU_DRM_CONTEXT = {1: "MSM", 2: "AMDGPU", 3: "I915", 4: "ASAHI", 5: "PANFROST"}

msm: Schema = struct(
    "virgl_renderer_capset_drm_msm",
    u32("has_cached_coherent", "1 if the guest may map buffers cached and coherent"),
    u32("priorities", "number of priority levels of a submit queue"),
    u64("va_start", "first address of the guest's GPU address space", unit="bytes"),
    u64("va_size", "size of the guest's GPU address space", unit="bytes"),
    u32("gpu_id", "id of the Adreno GPU, where it has no chip_id"),
    u32("gmem_size", "size of the tile memory", unit="bytes"),
    u64("gmem_base", "address of the tile memory", unit="bytes"),
    u64("chip_id", "id of the Adreno GPU: core, major, minor and patch level"),
    u32("max_freq", "highest clock of the GPU", unit="Hz"),
    u32("highest_bank_bit", "highest bank bit of the memory controller; 0 if the host does not know"),
    u64("ubwc_swizzle", "swizzle mode of compressed surfaces; 0 if the host does not know"),
    u64("macrotile_mode", "macrotile mode of compressed surfaces; 0 if the host does not know"),
    u32("has_raytracing", "can the GPU trace rays?", meaning="tristate"),
    u32("has_preemption", "can the GPU be preempted?", meaning="tristate"),
    u64("uche_trap_base", "address at which the GPU's cache traps; 0 if the host does not know"),
    doc="Adreno GPUs",
    header=HEADER,
    history=drm_hw.MSM,
)

amdgpu_buffer_size_alignments: Schema = struct(
    "amdgpu_buffer_size_alignments",
    u64("size_local", "alignment of the size of a buffer in VRAM", unit="bytes"),
    u64("size_remote", "alignment of the size of a buffer in system memory", unit="bytes"),
    doc="Alignments of buffer sizes, as libdrm 2.4.114 tells them",
    header=LIBDRM,
)

amdgpu_gpu_info: Schema = struct(
    "amdgpu_gpu_info",
    u32("asic_id", "PCI device id"),
    u32("chip_rev", "revision of the chip within its family"),
    u32("chip_external_rev", "revision of the chip as its documents number it"),
    u32("family_id", "family of the chip, AMDGPU_FAMILY_*"),
    u64("ids_flags", "AMDGPU_IDS_FLAGS_*"),
    u64("max_engine_clk", "highest clock of the GPU", unit="kHz"),
    u64("max_memory_clk", "highest clock of the GPU's memory", unit="kHz"),
    u32("num_shader_engines", "number of shader engines"),
    u32("num_shader_arrays_per_engine", "number of shader arrays of an engine"),
    u32("avail_quad_shader_pipes", "number of quad shader pipes that work"),
    u32("max_quad_shader_pipes", "number of quad shader pipes"),
    u32("cache_entries_per_quad_pipe", "parameter cache entries of a quad pipe"),
    u32("num_hw_gfx_contexts", "number of graphics contexts in hardware"),
    u32("rb_pipes", "number of render backend pipes"),
    u32("enabled_rb_pipes_mask", "render backends that work: bit n for number n"),
    u32("gpu_counter_freq", "frequency of the timestamp counter", unit="kHz"),
    u32("backend_disable[4]", "register CC_RB_BACKEND_DISABLE of each shader engine"),
    u32("mc_arb_ramcfg", "register MC_ARB_RAMCFG"),
    u32("gb_addr_cfg", "register GB_ADDR_CONFIG"),
    u32("gb_tile_mode[32]", "registers GB_TILE_MODE*"),
    u32("gb_macro_tile_mode[16]", "registers GB_MACROTILE_MODE*"),
    u32("pa_sc_raster_cfg[4]", "register PA_SC_RASTER_CONFIG of each shader engine"),
    u32("pa_sc_raster_cfg1[4]", "register PA_SC_RASTER_CONFIG_1 of each shader engine"),
    u32("cu_active_number", "number of compute units that work"),
    u32("cu_ao_mask", "compute units that are always powered: bit n for number n"),
    u32("cu_bitmap[4][4]", "compute units that work, by shader engine and shader array: bit n for number n"),
    u32("vram_type", "kind of the GPU's memory, AMDGPU_VRAM_TYPE_*"),
    u32("vram_bit_width", "width of the memory bus", unit="bits"),
    u32("ce_ram_size", "memory of the constant engine", unit="bytes"),
    u32("vce_harvest_config", "video encoders that are switched off: bit n for number n"),
    u32("pci_rev_id", "PCI revision"),
    doc="An AMD GPU, as libdrm 2.4.114 tells it",
    header=LIBDRM,
)


def _amdgpu(name: str, doc: str, *info: Member) -> Member:
    """The union's member of AMD: with or without structs of libdrm in its middle."""
    declared = struct(
        name,
        u32("address32_hi", "upper 32 bits of addresses in the GPU's 32-bit address space"),
        u32("has_vm_always_valid:1", "1 if the guest may make buffers that are always valid"),
        u32("__pad:31", "not used"),
        *info,
        char("marketing_name[128]", "name of the GPU, as its driver calls it"),
        doc=doc,
        header=HEADER,
        history=drm_hw.AMDGPU,
    )
    return declared("amdgpu", "an AMD GPU: context_type 2")


intel: Schema = struct(
    "virgl_renderer_capset_drm_intel",
    u32("pci_bus", "PCI bus of the GPU"),
    u32("pci_dev", "PCI device number of the GPU"),
    u32("pci_func", "PCI function of the GPU"),
    u32("pci_revision_id", "PCI revision of the GPU"),
    u32("pci_domain", "PCI domain of the GPU"),
    u32("pci_device_id", "PCI device id of the GPU"),
    doc="Intel GPUs",
    header=HEADER,
)


def _members(union_name: str, amdgpu: Member, history: Mapping[str, Mark]) -> tuple[Member, ...]:
    """The capset's members. Asahi and Panfrost have no member in the union: the head says all about them."""
    of_a_driver = union(
        union_name,
        msm("msm", "an Adreno GPU: context_type 1"),
        amdgpu,
        intel("intel", "an Intel GPU: context_type 3"),
        doc="What the host tells of its GPU; context_type says which member it is",
        header=HEADER,
        history=history,
    )
    return (
        u32(
            "wire_format_version", "version of the protocol: 2 for msm and asahi, 1 for i915, 0 for amdgpu and panfrost"
        ),
        u32("version_major", "major version of the host kernel's driver"),
        u32("version_minor", "minor version of the host kernel's driver"),
        u32("version_patchlevel", "patch level of the host kernel's driver"),
        u32("context_type", "which driver, VIRTGPU_DRM_CONTEXT_*", meaning="drm_context_type"),
        u32("pad", "not used"),
        of_a_driver("u", "the host's GPU", select=("context_type", {1: "msm", 2: "amdgpu", 3: "intel"})),
    )


virgl_renderer_capset_drm: Schema = struct(
    "virgl_renderer_capset_drm",
    *_members(
        "virgl_renderer_capset_drm_u",
        _amdgpu("virgl_renderer_capset_drm_amdgpu", "AMD GPUs"),
        drm_hw.UNION,
    ),
    doc="Capset 6, drm: native contexts",
    header=HEADER,
    capset_id=6,
    history=drm_hw.VIRGL_RENDERER_CAPSET_DRM,
)

variant(
    virgl_renderer_capset_drm,
    "ENABLE_DRM_AMDGPU",
    "as a host built with ENABLE_DRM_AMDGPU sends it: u.amdgpu has structs of libdrm 2.4.114 in it",
    *_members(
        "virgl_renderer_capset_drm_u_with_info",
        _amdgpu(
            "virgl_renderer_capset_drm_amdgpu_with_info",
            "AMD GPUs, with structs of libdrm",
            amdgpu_buffer_size_alignments("alignments", "alignments of buffer sizes"),
            amdgpu_gpu_info("gpu_info", "the GPU as libdrm sees it"),
        ),
        drm_hw.UNION_WITH_ENABLE_DRM_AMDGPU,
    ),
    history=drm_hw.VIRGL_RENDERER_CAPSET_DRM,
)
