"""A fleet to try things on: plausible hosts by the million, and always the same ones of a seed.

A host has a release of virglrenderer, on average two years old, and a GPU. Its capset 2 is that of a capture, with the
limits of the GPU. Beside it stands its capset 1, and where the host has them venus and drm. Releases of which there is
no capture send what the next one does, without what that one brought.
"""

from __future__ import annotations

from copy import copy
from datetime import date
from itertools import chain
from math import exp
from random import Random
from typing import NamedTuple

from .. import captures
from ..classes import VirglCapsV1, VirglCapsV2, VirglRendererCapsetDrm, VirglRendererCapsetVenus
from ..errors import ArgumentError, shown
from ..meaning.formats import format_names
from ..meaning.releases import RELEASES, in_release, place_of, release_named, size_in
from ..meaning.walk import bits_in, format_masks
from ..structs._instances import min_copy
from ..structs.exact import exact_int
from .records import FLEET, ROWS, pa, pc
from .remembered import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    _Native: TypeAlias = tuple[str, Mapping[str, Any]]  # the release that brought it, and values of capset 6
    _Host: TypeAlias = tuple[tuple[int, bytes], ...]  # numbers of capsets, and their bytes

DRAWN = 1 << 14  # hosts that are drawn to find out which there are, and how many of each
LEAST, MOST = 4, 1 << 16  # different capsets; also the most hosts of a batch, which fit into its 2 GiB
OLDEST = "0.8.0"  # no capset serves a host of an older release together with one that has GLES
LIFETIME = 2 * 365.25  # days that a release is in use, on average


class _GPU(NamedTuple):
    share: int  # of a hundred hosts
    capture: str  # driver and API
    renderer: str  # {} is the version of its driver
    drivers: tuple[str, ...] = ("",)
    memory: tuple[int, ...] = (0,)  # MB; of an integrated GPU a share of the machine's
    texture: tuple[int, ...] = ()  # TEXTURE; of none all is as captured
    samples: int = 0
    native: _Native | None = None


TEXTURE = ("max_texture_2d_size", "max_texture_3d_size", "max_texture_cube_size", "v1.max_texture_array_layers")
GL, GLES = "llvmpipe-gl", "softpipe-gles"
SHARED = (3929, 7858, 15733, 31779, 64116)  # MB of machines with 4 to 64 GB, less what the kernel keeps
RADEONSI = ("LLVM 11.0.1, DRM 3.40", "LLVM 13.0.1, DRM 3.42", "LLVM 15.0.6, DRM 3.49", "LLVM 17.0.6, DRM 3.57")


def _amdgpu(device: int, name: bytes) -> _Native:
    gpu = {"u.amdgpu.gpu_info.asic_id": device, "u.amdgpu.marketing_name": name}
    return "1.1.0", {"context_type": 2, "version_major": 3, "version_minor": 57, **gpu}


def _i915(device: int, revision: int) -> _Native:
    gpu = {"u.intel.pci_dev": 2, "u.intel.pci_device_id": device, "u.intel.pci_revision_id": revision}
    return "1.3.0", {"context_type": 3, "wire_format_version": 1, "version_major": 1, "version_minor": 6, **gpu}


# Textures as the drivers tell them: Mesa 23.3, src/gallium/drivers/iris/iris_screen.c and radeonsi/si_get.c; NVIDIA's
# 571.59. Samples and memory are what such GPUs usually have. How many hosts have which is a guess.
GPUS = (
    _GPU(10, GL, ""),  # as captured
    _GPU(3, GLES, ""),
    _GPU(21, GL, "Mesa Intel(R) UHD Graphics 620 (KBL GT2)", ("",), SHARED, (16384, 2048, 16384, 2048), 16,
         _i915(0x5917, 7)),
    _GPU(16, GL, "Mesa Intel(R) Xe Graphics (TGL GT2)", ("",), SHARED, (16384, 2048, 16384, 2048), 16,
         _i915(0x9A49, 1)),
    _GPU(12, GL, "AMD Radeon RX 6600 (radeonsi, navi23, {})", RADEONSI, (8176,), (16384, 8192, 16384, 8192), 8,
         _amdgpu(0x73FF, b"AMD Radeon RX 6600")),
    _GPU(8, GL, "AMD Radeon RX 580 Series (polaris10, {})", RADEONSI, (4096, 8192), (16384, 2048, 16384, 2048), 8,
         _amdgpu(0x67DF, b"Radeon RX 580 Series")),
    _GPU(8, GL, "AMD Radeon Graphics (renoir, {})", RADEONSI, (512, 1024, 2048), (16384, 2048, 16384, 2048), 8,
         _amdgpu(0x1636, b"AMD Radeon Graphics")),
    _GPU(11, GL, "NVIDIA GeForce RTX 3060/PCIe/SSE2", ("",), (12288,), (32768, 16384, 32768, 2048), 32),
    _GPU(6, GL, "NVIDIA GeForce GTX 1060/PCIe/SSE2", ("",), (3072, 6144), (32768, 16384, 32768, 2048), 32),
    _GPU(5, GL, "Tesla T4/PCIe/SSE2", ("",), (15360,), (32768, 16384, 32768, 2048), 32),
)  # fmt: skip

# The patterns of Direct3D 11, words of sample_locations: of 2 samples, 4, 8 and 16
LOCATIONS = (0x44CC, 0xAE2AE662, 0x53D97B95, 0xF1BF173D, 0xC75A7599, 0xB3DBAD36, 0x2C42816E, 0x10EFF408)
VIDEO = (13, 17, 23)  # AVC_HIGH, HEVC_MAIN, VP9_PROFILE0
BITSTREAM, NV12 = 1, 166


class _Kind(NamedTuple):
    """What tells hosts apart."""

    release: str
    gpu: int
    driver: str
    memory: int
    venus: bool
    native: bool
    video: bool
    edit: int  # 0 for none


def simulate(
    count: int, seed: int = 0, distinct: int | None = None, batch_size: int = ROWS, edits: float = 0.0
) -> Iterator[pa.RecordBatch]:
    """Plausible hosts, one after the other: a fleet as of :data:`capcodec.fleet.records.FLEET`.

    Each host has two to four records, which stand together. A longer fleet of the same seed begins with the same
    records, whatever the size of its batches.

    Args:
        count: number of hosts.
        seed: which fleet.
        distinct: number of different capsets, 4 to 65,536; if not given, as many as come of releases and GPUs: a few
            thousand.
        batch_size: hosts of a batch, at most 65,536.
        edits: share of the different hosts that somebody changed: a flag masked, capset 2 cut to an older size step,
            replaced by capset 1, or not filled at all.

    Raises:
        ArgumentError: an argument is of another type, or out of its range.
    """
    for name, value, least, most in (
        ("count", count, 0, None),
        ("seed", seed, 0, None),
        ("distinct", MOST if distinct is None else distinct, LEAST, MOST),
        ("batch_size", batch_size, 1, MOST),
    ):
        number = exact_int(value)
        if number is None or number < least or (most and number > most):
            limits = f"{least} to {most}" if most else f"{least} on"
            raise ArgumentError(f"{name}: expected an integer from {limits}, got {shown(value)}")
    if not isinstance(edits, (int, float)) or not 0 <= edits <= 1:
        raise ArgumentError(f"edits: expected a share from 0 to 1, got {shown(edits)}")
    return _batches(count, Random(seed), distinct, batch_size, edits)


def _batches(count: int, rng: Random, distinct: int | None, size: int, edits: float) -> Iterator[pa.RecordBatch]:
    hosts, drawn = _different(rng, distinct, edits)
    places = {capset: place for place, capset in enumerate(dict.fromkeys(chain.from_iterable(hosts)))}
    lists = pa.array([[places[capset] for capset in host] for host in hosts], pa.list_(pa.uint32()))
    numbers, data = (
        pa.array(column, field.type) for column, field in zip(zip(*places, strict=True), list(FLEET)[1:], strict=True)
    )
    for start in range(0, count, size):
        found = lists.take(pa.array(rng.choices(drawn, k=min(size, count - start)), pa.uint32()))
        names = pc.add(pc.list_parent_indices(found), start).cast(pa.string())
        rows = found.flatten()
        names = pc.binary_join_element_wise("host", pc.utf8_lpad(names, 8, "0"), "-")
        yield pa.record_batch([names, numbers.take(rows), data.take(rows)], FLEET)


def _different(rng: Random, distinct: int | None, edits: float) -> tuple[list[_Host], list[int]]:
    """The different hosts; and their places, each as often as it was drawn."""
    kinds: dict[_Kind, int] = {}
    hosts: dict[_Host, int] = {}
    capsets: set[tuple[int, bytes]] = set()
    drawn: list[int] = []
    spread = 8  # megabytes by which the memories of machines differ: the more, the more different capsets
    while len(drawn) < DRAWN or len(capsets) < (distinct or 0):
        for kind in _kinds(rng, spread, edits):
            if kind not in kinds:
                host = _host(kind)
                if distinct is None or len(capsets) + len({*host} - capsets) <= distinct:
                    capsets.update(host)
                    kinds[kind] = hosts.setdefault(host, len(hosts))
                else:
                    kinds[kind] = rng.choice(drawn)
            drawn.append(kinds[kind])
        spread = min(2 * spread, 256)
    return list(hosts), drawn


def _kinds(rng: Random, spread: int, edits: float) -> Iterator[_Kind]:
    """Hosts as they are drawn, DRAWN of them."""
    released = [each for each in RELEASES[place_of(OLDEST) :] if _captured(each.name, GL)]
    today = date.fromisoformat(released[-1].date)
    shares = [exp((date.fromisoformat(each.date) - today).days / LIFETIME) for each in released]
    releases = rng.choices([each.name for each in released], shares, k=DRAWN)
    gpus = rng.choices(range(len(GPUS)), [each.share for each in GPUS], k=DRAWN)
    for release, gpu in zip(releases, gpus, strict=True):
        yield _Kind(
            release,
            gpu,
            rng.choice(GPUS[gpu].drivers),
            max(rng.choice(GPUS[gpu].memory) - rng.randrange(spread), 0),
            rng.random() < 0.3,
            rng.random() < 0.2,
            rng.random() < 0.1,
            rng.randrange(1, 1 << 8) if rng.random() < edits else 0,
        )


def _host(kind: _Kind) -> _Host:
    gpu = GPUS[kind.gpu]
    capset2 = _capset2(kind, gpu)
    capset1 = (1).to_bytes(4, "little") + capset2[4 : VirglCapsV1.size]  # they differ in max_version alone
    found = [(1, capset1), (2, _edited(capset1, capset2, kind.edit) if kind.edit else capset2)]
    if gpu.texture and kind.venus and in_release("0.10.4", kind.release):
        found.append((4, _venus(kind.release)))
    if kind.native and gpu.native and in_release(gpu.native[0], kind.release):
        drm = VirglRendererCapsetDrm.variants["ENABLE_DRM_AMDGPU"].zeros()
        _set(drm, gpu.native[1].items())
        found.append((6, drm.pack()))
    return tuple(found)


def _capset2(kind: _Kind, gpu: _GPU) -> bytes:
    caps = copy(_of_release(kind.release, gpu.capture))
    if not gpu.texture:
        return caps.pack()
    _set(caps, zip(TEXTURE, gpu.texture, strict=True))
    _set(caps, ((f"sample_locations[{place}]", word) for place, word in enumerate(LOCATIONS[: gpu.samples // 2])))
    told = {
        "v1.max_samples": gpu.samples,
        "max_image_samples": gpu.samples,
        "capability_bits_v2.VIDEO_MEMORY": 1,
        "max_video_memory": kind.memory,
    }
    _set(caps, told.items())
    if in_release("0.10.0", kind.release):
        caps.renderer = gpu.renderer.format(kind.driver).encode()[:63]
    if kind.video and in_release("0.10.0", kind.release):
        caps.num_video_caps = len(VIDEO)
        for place, profile in enumerate(VIDEO):
            one = {"profile": profile, "entrypoint": BITSTREAM, "max_width": 4096, "max_height": 4096}
            one |= {"prefered_format": NV12, "max_macroblocks": 1, "npot_texture": 1, "supports_progressive": 1}
            _set(caps, ((f"video_caps[{place}].{name}", value) for name, value in one.items()))
    return caps.pack()


def _set(caps: Any, values: Iterable[tuple[str, Any]]) -> None:
    """Set what is there of these."""
    for path, value in values:
        if caps.has_field(path):
            caps[path] = value


@remembered(None)
def _of_release(release: str, driver: str) -> VirglCapsV2:
    """Capset 2 of a release: as captured, or as the next one that was captured would be without what it brought."""
    taken = _captured(release, driver)
    assert taken
    cls: Any = VirglCapsV2.variants.get(release, VirglCapsV2)
    caps: VirglCapsV2 = cls.unpack(captures.load(taken)[: size_in(VirglCapsV2, release)])
    if f"-{release}-" not in taken:
        told = release_named(release)
        _set(caps, [("host_feature_check_version", told.host_feature_check_version)])
        named = sum(1 << number for number in format_names(release))
        for path, mask in format_masks(caps):
            mask &= (1 << told.format_max) - 1 if path == "scanout" else named
            caps[path].bitmask = [mask >> bit & 0xFFFFFFFF for bit in range(0, 512, 32)]
        for path in ("capability_bits", "capability_bits_v2"):
            if caps.has_field(path):
                marks = caps.fields[path].flag_marks.items()
                caps[path] &= sum(1 << bit for bit, mark in marks if in_release(mark.release, release))
    return caps


def _captured(release: str, driver: str) -> str | None:
    """The name of the first capture that is not older than a release."""
    names = (f"virglrenderer-{each.name}-{driver}.capset2.bin" for each in RELEASES[place_of(release) :])
    return next((name for name in names if name in captures.names(2)), None)


@remembered(None)
def _venus(release: str) -> bytes:
    """Capset 4 of a release, of a host that has a render server."""
    newer = in_release("1.1.1", release)  # from when on it is Vulkan 1.4
    caps = VirglRendererCapsetVenus.zeros()
    min_copy(caps, captures.load(f"virglrenderer-{'1.3.0' if newer else '0.10.4'}-venus.capset4.bin"))
    caps.wire_format_version = caps.supports_blob_id_0 = caps.vk_ext_command_serialization_spec_version = 1
    return caps.pack()[: size_in(VirglRendererCapsetVenus, release)]


def _edited(capset1: bytes, capset2: bytes, edit: int) -> bytes:
    """A capset 2 that somebody changed, in one of many ways."""
    how, which = edit % 4, edit // 4
    if how == 0:
        caps = VirglCapsV2.unpack(capset2)
        set_bits = bits_in(caps.capability_bits)
        caps.capability_bits ^= 1 << set_bits[which % len(set_bits)]
        return caps.pack()
    steps = [step for step in VirglCapsV2.size_steps if step < len(capset2)]
    return (capset2[: steps[which % len(steps)]], capset1, bytes(len(capset2)))[how - 1]
