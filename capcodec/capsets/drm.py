"""Capset 6, as in virglrenderer's ``src/drm/drm_hw.h``: native contexts, in which a guest runs its GPU's own driver.

Layouts and commits: the header's whole history, compiled with and without ENABLE_DRM_AMDGPU. With that flag the host
puts structs of the libdrm it was built with (2.4.114) into the capset, and the size becomes 592: variant
ENABLE_DRM_AMDGPU. Flags marked as tristate are 0 where the host knows nothing of them.
"""

from __future__ import annotations

from ..schema import Mark, Member, char, since, step, struct, u32, u64, union, variant

HEADER = "virglrenderer/src/drm/drm_hw.h"

VIRTGPU_DRM_CONTEXT = {1: "MSM", 2: "AMDGPU", 3: "I915", 4: "ASAHI", 5: "PANFROST"}

msm = struct(
    "virgl_renderer_capset_drm_msm",
    u32("has_cached_coherent", "cached coherent buffers"),
    u32("priorities", "levels of priority"),
    u64("va_start", "of the guest's GPU address space", unit="bytes"),
    u64("va_size", "of the guest's GPU address space", unit="bytes"),
    u32("gpu_id", "of the Adreno GPU"),
    u32("gmem_size", "of the tile memory", unit="bytes"),
    u64("gmem_base", "of the tile memory", unit="bytes"),
    u64("chip_id", "of the Adreno GPU"),
    u32("max_freq", "of the GPU", unit="Hz"),
    since("b481690448aa", "2022-02-01"),
    u32("highest_bank_bit", "of the memory controller; 0 if the host does not know"),
    since("6bea22eb30f4", "2023-12-07"),
    u64("ubwc_swizzle", "of compressed surfaces; 0 if the host does not know"),
    u64("macrotile_mode", "of compressed surfaces; 0 if the host does not know"),
    u32("has_raytracing", "ray tracing", meaning="tristate"),
    u32("has_preemption", "preemption", meaning="tristate"),
    u64("uche_trap_base", "address at which the cache traps; 0 if the host does not know"),
    since("72fbdfb165dc", "2025-01-31"),
    doc="Adreno GPUs",
    header=HEADER,
)

amdgpu_buffer_size_alignments = struct(
    "amdgpu_buffer_size_alignments",
    u64("size_local", "alignment of buffer sizes in VRAM", unit="bytes"),
    u64("size_remote", "alignment of buffer sizes in system memory", unit="bytes"),
    doc="Alignments of libdrm 2.4.114",
    header="libdrm/amdgpu/amdgpu.h",
)

amdgpu_gpu_info = struct(
    "amdgpu_gpu_info",
    u32("asic_id", "PCI device id"),
    u32("chip_rev", "chip revision"),
    u32("chip_external_rev", "chip external revision"),
    u32("family_id", "chip family"),
    u64("ids_flags", "AMDGPU_IDS_FLAGS_*"),
    u64("max_engine_clk", "of the GPU", unit="kHz"),
    u64("max_memory_clk", "of its memory", unit="kHz"),
    u32("num_shader_engines", "shader engines"),
    u32("num_shader_arrays_per_engine", "shader arrays of an engine"),
    u32("avail_quad_shader_pipes", "quad shader pipes that can be used"),
    u32("max_quad_shader_pipes", "quad shader pipes"),
    u32("cache_entries_per_quad_pipe", "parameter cache entries"),
    u32("num_hw_gfx_contexts", "graphics contexts in hardware"),
    u32("rb_pipes", "render backend pipes"),
    u32("enabled_rb_pipes_mask", "bit n for render backend n"),
    u32("gpu_counter_freq", "of the timestamp counter", unit="kHz"),
    u32("backend_disable[4]", "CC_RB_BACKEND_DISABLE, per shader engine"),
    u32("mc_arb_ramcfg", "MC_ARB_RAMCFG"),
    u32("gb_addr_cfg", "GB_ADDR_CONFIG"),
    u32("gb_tile_mode[32]", "GB_TILE_MODE*"),
    u32("gb_macro_tile_mode[16]", "GB_MACROTILE_MODE*"),
    u32("pa_sc_raster_cfg[4]", "PA_SC_RASTER_CONFIG, per shader engine"),
    u32("pa_sc_raster_cfg1[4]", "PA_SC_RASTER_CONFIG_1, per shader engine"),
    u32("cu_active_number", "compute units in use"),
    u32("cu_ao_mask", "compute units that are always on"),
    u32("cu_bitmap[4][4]", "compute units, per shader engine and array"),
    u32("vram_type", "AMDGPU_VRAM_TYPE_*"),
    u32("vram_bit_width", "of the memory bus", unit="bits"),
    u32("ce_ram_size", "of the constant engine", unit="bytes"),
    u32("vce_harvest_config", "video encoders that are cut off"),
    u32("pci_rev_id", "PCI revision"),
    doc="What libdrm 2.4.114 tells of an AMD GPU",
    header="libdrm/amdgpu/amdgpu.h",
)


def _amdgpu(*info: Member) -> tuple[Member | Mark, ...]:
    came = since("d27e04e8be6a", "2023-10-06")
    return (
        u32("address32_hi", "upper half of addresses in the 32-bit address space"),
        came,
        u32("has_vm_always_valid:1", "buffers that are always valid"),
        since("291a93aeed4a", "2025-10-22"),
        u32("__pad:31", "not used"),
        *info,
        char("marketing_name[128]", "as the driver calls the GPU"),
        came,
    )


amdgpu = struct("virgl_renderer_capset_drm_amdgpu", *_amdgpu(), doc="AMD GPUs", header=HEADER)

amdgpu_with_info = struct(
    "virgl_renderer_capset_drm_amdgpu_with_info",
    *_amdgpu(
        amdgpu_buffer_size_alignments("alignments", "of buffer sizes"),
        amdgpu_gpu_info("gpu_info", "the GPU as libdrm sees it"),
    ),
    doc="AMD GPUs, with structs of libdrm",
    header=HEADER,
)

intel = struct(
    "virgl_renderer_capset_drm_intel",
    u32("pci_bus", "of the GPU"),
    u32("pci_dev", "of the GPU"),
    u32("pci_func", "of the GPU"),
    u32("pci_revision_id", "of the GPU"),
    u32("pci_domain", "of the GPU"),
    u32("pci_device_id", "of the GPU"),
    doc="Intel GPUs",
    header=HEADER,
)


def _union(name: str, amdgpu_size: int, member: Member) -> Member:
    """The union for a build: Asahi and Panfrost have no member, the header says it all."""
    declared = union(
        name,
        msm("msm", "context_type 1"),
        step(56, "b481690448aa", "2022-02-01"),
        member,
        step(amdgpu_size, "d27e04e8be6a", "2023-10-06"),
        intel("intel", "context_type 3"),
        since("5295b403fcd3", "2023-02-16"),
        doc="What is told of a GPU, by context_type",
        header=HEADER,
    )
    return declared("u", "what is told of the GPU", select=("context_type", {1: "msm", 2: "amdgpu", 3: "intel"}))


_HEAD = (
    u32("wire_format_version", "of the protocol: msm and asahi 2, i915 1, amdgpu and panfrost 0"),
    u32("version_major", "of the host kernel's driver"),
    u32("version_minor", "of the host kernel's driver"),
    u32("version_patchlevel", "of the host kernel's driver"),
    u32("context_type", "VIRTGPU_DRM_CONTEXT_*", meaning="drm_context_type"),
    u32("pad", "not used"),
    step(24, "7f9e2d8a61d8", "2022-03-19"),
)

virgl_renderer_capset_drm = struct(
    "virgl_renderer_capset_drm",
    *_HEAD,
    _union("virgl_renderer_capset_drm_u", 136, amdgpu("amdgpu", "context_type 2")),
    doc="Capset 6, drm: native contexts",
    header=HEADER,
    capset_id=6,
)

variant(
    virgl_renderer_capset_drm,
    "ENABLE_DRM_AMDGPU",
    "as built with ENABLE_DRM_AMDGPU: structs of libdrm 2.4.114 within u.amdgpu",
    *_HEAD,
    _union("virgl_renderer_capset_drm_u_with_info", 568, amdgpu_with_info("amdgpu", "context_type 2")),
)
