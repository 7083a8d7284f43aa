"""Random fleets, and what guests take of a capset that a host does not have: read from facts, field by field."""

from __future__ import annotations

import itertools
import random
import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from capcodec import VirglCapsV2, captures, gl, guest_view
from capcodec.capsets.virgl_formats import FORMATS
from capcodec.meaning.gl_extensions import extensions
from capcodec.meaning.mesa import MESAS, Mesa
from capcodec.vtest.installed_mesa import InstalledMesa
from differences import NUMBERS, PROFILES, mixed

CAPTURES = {name: captures.load(name) for name in captures.names(2)}
ASKED = {"22.3": False, "25.0": True, "26": True}  # could the Mesas that the table is of map memory?
COMPATIBILITY = "GL_ARB_compatibility"
ANY_FORMAT = (1 << 512) - 1
DEPTH_FORMATS = sum({1 << number for number, name, *_ in FORMATS if name[0] == "Z" or "S8" in name})
FLOATS = range(308, 344, 4)
SPECIAL = (0, 1, 2, 3, 4, 140, 150, 16384, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)

SETS = ("sampler", "render", "depthstencil", "vertexbuffer")  # of formats
WORDS = {  # of flags, and those that a host sets if it can do less
    "v1.prim_mask": (),
    "capability_bits": (19, 29),  # HOST_IS_GLES, BGRA_SRGB_IS_EMULATED
    "capability_bits_v2": (5,),  # DIFFERENT_GPU
}
LOWER = (
    *("min_aliased_point_size", "min_smooth_point_size", "min_aliased_line_width", "min_smooth_line_width"),
    *("min_texel_offset", "min_texture_gather_offset"),
)
ALIGNMENTS = tuple(f"{what}_buffer_offset_alignment" for what in ("texture", "uniform", "shader"))
SIGNED = ("v1.max_dual_source_render_targets", "v1.max_render_targets")
OWN = ("v1.max_samples", "renderer", "sample_locations", "num_video_caps", "supported_multisample_formats.bitmask")
LEAVES = [field.path for field in VirglCapsV2.layout.leaves() if field.doc]
PATHS = [path for path in LEAVES if path not in OWN and not path.startswith("video_caps[")]


def fleet(rng: random.Random) -> list[bytes]:
    """Some hosts: captures, most of them changed; often of the same kind, so that one capset may serve them."""
    names = sorted(CAPTURES)
    if rng.random() < 0.7:
        kind = rng.choice(("llvmpipe-gl", "softpipe-gles"))
        names = [name for name in names if kind in name and (rng.random() < 0.8 or "0.7.0" not in name)]
    strength = rng.choice((0, 1, 1, 3, 10))
    return [_host(rng, CAPTURES[rng.choice(names)], strength) for _ in range(rng.choice((1, 2, 2, 3, 5)))]


def _host(rng: random.Random, data: bytes, strength: int) -> bytes:
    made = bytearray(data.ljust(VirglCapsV2.size, b"\0") if rng.random() < 0.2 else data)
    for _ in range(rng.randrange(strength + 1)):
        kind = rng.randrange(6)
        offset = 4 * rng.randrange(len(made) // 4)
        if kind == 0:
            struct.pack_into("<I", made, offset, rng.choice((*NUMBERS, *SPECIAL)))
        elif kind == 1 and len(made) >= 624:
            struct.pack_into("<I", made, VirglCapsV2.fields["host_feature_check_version"].offset, rng.randrange(25))
        elif kind == 2:
            struct.pack_into("<f", made, rng.choice(FLOATS), rng.choice((float("nan"), 0.0, 1.0, -1.0, 64.0)))
        elif kind == 3:
            made[rng.randrange(len(made))] ^= 1 << rng.randrange(8)
        elif kind == 4:
            made[:] = next(mixed(bytes(made), rng, 1))[1]
        elif len(made) >= 1376:
            _add_video(rng, made)
        if len(made) < 400:
            break
    if strength and rng.random() < 0.2:
        made += bytes(rng.randrange(9)) + b"\1" * rng.randrange(9)
    elif strength and rng.random() < 0.3:
        del made[rng.choice((*VirglCapsV2.size_steps, rng.randrange(320, 1408))) :]
    return bytes(made)


def _add_video(rng: random.Random, made: bytearray) -> None:
    count = VirglCapsV2.fields["num_video_caps"]
    number = rng.choice((1, 2, 3, 32, 33))
    struct.pack_into("<I", made, count.offset, number)
    for index in range(min(number, 3)):
        word = rng.randrange(1, 4) | rng.randrange(1, 3) << 8 | rng.randrange(3) << 16
        words = (word, rng.choice((1920, 4096)) | 1088 << 16, rng.choice((166, 314)) | 1 << 16, rng.randrange(16))
        struct.pack_into("<4I", made, count.end + 16 * index, *words)


def broken(data: bytes, host: bytes) -> list[str]:
    """Where some guest takes more from a capset than from a host."""
    found = []
    for mesa in MESAS:
        for coherent in (True, False):
            found += [f"Mesa {mesa.name}: {what}" for what in _broken_fields(data, host, mesa, coherent)]
            found += [f"Mesa {mesa.name}: {what}" for what in _broken_gl(data, host, mesa.name, coherent)]
    return found


def _broken_gl(data: bytes, host: bytes, mesa: str, coherent: bool) -> Iterator[str]:
    ours, theirs = (_gl(each, mesa, coherent) for each in (data, host))
    for profile, version in ours[0].items():
        if version > theirs[0][profile]:
            yield f"{profile} {version} > {theirs[0][profile]}"
    yield from ours[1] - theirs[1]


@lru_cache(100)
def _gl(data: bytes, mesa: str, coherent: bool) -> tuple[dict[str, tuple[int, int]], set[str]]:
    """The versions by profile, and the extensions."""
    verdict = gl(data, mesa=mesa, coherent=coherent, capset_id=2)
    versions = {profile: verdict.of(profile) or (0, 0) for profile in PROFILES}
    if mesa not in ASKED or coherent != ASKED[mesa]:
        return versions, set()
    found = extensions(data, mesa=mesa, coherent=coherent, capset_id=2)
    there = {f"{each.profile} {each.name}" for each in found if each.there}
    if f"core {COMPATIBILITY}" in there:  # it is the compatibility profile
        there = {each for each in there if not each.startswith("core ")}
    return versions, there


def _broken_fields(data: bytes, host: bytes, mesa: Mesa, coherent: bool) -> Iterator[str]:
    ours, theirs = (_Taken(each, mesa, coherent) for each in (data, host))
    for path in PATHS:
        if path not in ours.view:
            continue  # this Mesa does not know it
        mine, other = ours[path], theirs[path]
        if path.startswith(("v1.bset.", *(f"v1.{name}." for name in SETS))) or path.endswith(".bitmask"):
            more = _mask(mine) & ~_mask(other)
        elif path in WORDS:
            restrict = sum(1 << bit for bit in WORDS[path])
            more = (mine ^ restrict) & ~(other ^ restrict)
        elif path in ALIGNMENTS:
            more = mine and (not other or mine % other)
        elif path in SIGNED:
            more = _signed(mine) > _signed(other)
        elif isinstance(mine, list):
            more = any(a > b for a, b in zip(mine, other, strict=True))
        else:
            more = mine < other if path in LOWER else mine > other
            more = more or (other != other and mine == mine and abs(mine) != float("inf"))
        if more:
            yield f"{path} {mine!r} against {other!r}"
    for name in ours.view.derived:
        if name != "fake_sw_msaa" and ours.view.derived[name].value > theirs.view.derived[name].value:
            yield f"{name} {ours.view.derived[name]}"
    yield from _broken_rest(ours, theirs)


def _broken_rest(ours: _Taken, theirs: _Taken) -> Iterator[str]:
    samples, other = ours["v1.max_samples"], theirs["v1.max_samples"]
    if samples > other or (samples == 1 and other in (2, 3)):
        yield f"max_samples {samples} against {other}"
    if ours.multisampled & ~theirs.multisampled:
        yield "supported_multisample_formats"
    for path in ("renderer", "sample_locations"):
        if ours[path] != theirs[path] and any(ours[path]):
            yield f"{path} {ours[path]!r} against {theirs[path]!r}"
    video = theirs.video
    for key, mine in ours.video.items():
        if key not in video or any(a > b for a, b in zip(mine, video[key], strict=True)):
            yield f"video_caps {key} {mine}"


class _Taken:
    """What a driver takes: the view, and something in the place of what it ignores."""

    def __init__(self, data: bytes, mesa: Mesa, coherent: bool) -> None:
        self.view = guest_view(data, mesa.size, 2, mesa=mesa.name, coherent=coherent)
        self.tess = self.view["v1.bset.has_tessellation_shaders"].value
        self.compute = self.view["capability_bits"].value >> 7 & 1

    def __getitem__(self, path: str) -> Any:
        value = self.view[path].value
        if path == "max_uniform_block_size" and value is None:
            version = self.view["host_feature_check_version"].value
            return self.view["max_const_buffer_size"].value[1] if version == 12 else 65536
        if path in ("max_tcs_outputs", "max_tes_outputs") and not self.tess:
            return 0  # no such stages
        if path == "max_const_buffer_size":
            there = (1, 1, 1, self.tess, self.tess, self.compute)
            return [size if stage else 0 for size, stage in zip(value, there, strict=True)]
        if path in ("supported_readback_formats.bitmask", "scanout.bitmask"):
            return [value[0] & ~1, *value[1:]]  # VIRGL_FORMAT_NONE is no format
        if value is None:
            return b"" if path == "renderer" else 0
        return value

    @property
    def multisampled(self) -> int:
        """The formats that can be multisampled, of those that can be rendered to or tested for depth."""
        if self["v1.max_samples"] < 2 or not self["v1.bset.texture_multisample"]:
            return 0
        found = self.view["supported_multisample_formats.bitmask"].value
        sampler, render = (_mask(self[f"v1.{name}.bitmask"]) for name in ("sampler", "render"))
        usable = sampler & (render | DEPTH_FORMATS) | 1
        return usable & (ANY_FORMAT if found is None else _mask(found))

    @property
    def video(self) -> dict[tuple[int, ...], tuple[int, ...]]:
        """By profile, entrypoint and format, what is limited; of the first element with profile and entrypoint."""
        found: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {}
        for index in range(self["num_video_caps"]):
            one = self.view.caps["video_caps"][index]
            rest = (
                *(one.max_level, one.stacked_frames, one.max_width, one.max_height, one.max_macroblocks),
                *(one.npot_texture, one.supports_progressive, one.supports_interlaced, one.prefers_interlaced),
                one.max_temporal_layers,
            )
            found.setdefault((one.profile, one.entrypoint), (one.prefered_format, rest))
        return {(*key, each): rest for key, (each, rest) in found.items()}


def _mask(value: Any) -> int:
    words = value if isinstance(value, list) else [value]
    return sum(word << 32 * index for index, word in enumerate(words))


def _signed(value: int) -> int:
    return value - (value >> 31 << 32)


def found_more(mesa: InstalledMesa, data: bytes, hosts: list[bytes]) -> list[str] | None:
    """What a live Mesa finds in a capset that it does not find in each host; None if it crashes with one of them."""
    ours, *others = (mesa.ask({2: each}) for each in (data, *hosts))
    if any(each.error.startswith("Mesa ") for each in (ours, *others)):
        return None
    found = []
    for theirs, profile in itertools.product(others, PROFILES):
        if (ours.of(profile) or (0, 0)) > (theirs.of(profile) or (0, 0)):
            found.append(f"{profile} {ours.of(profile)} > {theirs.of(profile)}")
        mine = ours.strings.get(profile, {}).get("extensions", [])
        given = "compatibility" if COMPATIBILITY in mine else profile  # by Mesa 26, if core ends at 3.1
        other = theirs.strings.get(given, {}).get("extensions", [])
        found += [f"{profile} {name}" for name in sorted(set(mine) - set(other))]
    return found
