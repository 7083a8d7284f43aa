"""What a capset promises a guest: the values that its driver uses, in a form that shows quickly which are less."""

from __future__ import annotations

from math import inf, isnan, lcm
from typing import NamedTuple

from ..capsets.virgl_formats import FORMATS
from ..meaning.gl_needs import WITH_MULTISAMPLE_FORMATS, GuestCaps
from ..meaning.gl_requirements import REQUIREMENTS, lacking
from ..meaning.guest_view import guest_view
from ..meaning.mesa_rules import PIPE_SHADER_COMPUTE
from ..meaning.tables import Tables
from ..meaning.walk import bits_in, mask_of
from ..schema import COMMON, EITHER
from ..structs._fields import Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from ..meaning.mesa import Mesa
    from ..structs._classes import Struct
    from ..structs.field import Field
    from ..structs.layout import Layout

    _Video: TypeAlias = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]  # by what is matched, the rest
    _Excess: TypeAlias = tuple[str, Any, Any]  # a path, what is promised, what there is

VIDEO = "video_caps"
MULTISAMPLE = "supported_multisample_formats.bitmask"
MASKS = ("supported_readback_formats.bitmask", "scanout.bitmask")
TESSELLATION = 3, 4  # of PIPE_SHADER
DEPTH = sum({1 << number for number, name, *_ in FORMATS if name.startswith(("Z", "S8", "X24S8", "X32_S8"))})
GL = "OpenGL: "  # before the name of a requirement
CONFLICT = "hosts differ"
DERIVED = (  # what a driver derives, but for faked samples: OpenGL's requirements tell what comes of these
    *("max_vertex_streams", "arb_buffer_storage", "glsl_level_compatibility", "tgsi_texcoord"),
    *("max_uniform_blocks_per_stage", "anisotropic_filter"),
)


class Promises(NamedTuple):
    """What one driver is told.

    Attributes:
        bits: flags and formats, where they stand in the struct, restrictions inverted; behind it the requirements of
            OpenGL that are met. A bit that is clear promises less.
        numbers: in the order of the plan; the smaller promises less.
        others: values with a rule of their own.
        video: what is decoded and encoded, sorted.
    """

    bits: int
    numbers: tuple[float, ...]
    others: tuple[Any, ...]
    video: _Video

    def both(self, other: Promises, plan: Plan) -> Promises:
        """What both promise."""
        theirs = dict(other.video)
        return Promises(
            self.bits & other.bits,
            tuple(map(min, self.numbers, other.numbers)),
            tuple([rule(a, b) for rule, a, b in zip(plan.rules, self.others, other.others, strict=True)]),
            tuple([(key, tuple(map(min, own, theirs[key]))) for key, own in self.video if key in theirs]),
        )


def _samples(a: int, b: int) -> int:
    return 0 if {a, b} in ({1, 2}, {1, 3}) else min(a, b)


def _alignment(a: int, b: int) -> int:
    both = lcm(a, b)
    return both if both < 1 << 32 else 0


def _same(a: Any, b: Any) -> Any:
    if a == b:
        return a
    return b"" if isinstance(a, bytes) else (0,) * len(a) if isinstance(a, tuple) else 0


def _unsaid(a: Any, b: Any) -> Any:
    return a if a == b else CONFLICT


_RULES: dict[str, Callable[[Any, Any], Any]] = {"samples": _samples, "alignment": _alignment, "same": _same}


class Plan:
    """Where the values of a layout go.

    Attributes:
        common, either: the bits of the struct that are flags, and those of them that are restrictions.
        flags: the fields with these bits.
        numbers, others: paths by position, as of :class:`Promises`; what a driver derives stands behind the numbers.
        rules: of the others.
        unsaid: those of them of which nobody has said which way is less.
    """

    def __init__(self, layout: Layout) -> None:
        self.common = self.either = 0
        self.flags: list[Field] = []
        self.numbers: list[tuple[str, str]] = []
        self.others: list[str] = []
        self.rules: list[Callable[[Any, Any], Any]] = []
        self.unsaid: list[str] = []
        self.end: int = 8 * layout.size
        video = layout.fields.named.get(VIDEO)
        self.rooms: int = video.dims[0] if video else 0
        part = video.layout if video else None
        parts = {field.name: field.less for field in part.fields.values()} if part else {}
        self.matched = tuple([name for name, less in parts.items() if less and less.name == "same"])
        self.parts = tuple([name for name in parts if name not in (*self.matched, "reserved")])
        for field in layout.leaves():
            way = field.less.name if field.less else ""
            if way == "count" or field.path.startswith(f"{VIDEO}["):
                continue
            if way in (COMMON.name, EITHER.name, "allowed"):
                self._add_bits(field, way)
            elif way in ("smaller", "larger", "signed"):
                self.numbers += [(each.path, way) for each in field.elements()]
            else:
                self.others.append(field.path)
                self.rules.append(_RULES.get(way, _unsaid))
                self.unsaid += [field.path] * (way not in _RULES)

    def _add_bits(self, field: Field, way: str) -> None:
        self.flags.append(field)
        first = _first(field)
        whole = (1 << (field.bits or 8 * field.size)) - 1
        either = whole if way == EITHER.name else int(way == "allowed")
        for bit, name in (field.flags or {}).items():
            either |= (field.less is not None and name in field.less.either) << bit
        self.common |= whole << first
        self.either |= either << first

    def read(self, caps: Struct, *derived: float) -> Promises:
        """What an instance says, of which all is there."""
        return Promises(
            int.from_bytes(caps.pack(), "little") & self.common ^ self.either,
            tuple([_number(caps[path], way) for path, way in self.numbers]) + derived,
            tuple([_plain(caps[path]) for path in self.others]),
            tuple(sorted(self._video(caps))),
        )

    def _video(self, caps: Struct) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        seen = set()
        count = caps["num_video_caps"] if self.rooms else 0
        for index in range(count if count <= self.rooms else 0):
            each = caps[VIDEO][index]
            key = tuple([each[name] for name in self.matched])
            if key[:2] not in seen:  # a driver takes the first of a profile and an entrypoint
                yield key, tuple([each[name] for name in self.parts])
            seen.add(key[:2])

    def write(self, promises: Promises, caps: Struct) -> None:
        """Set the fields of an instance, of which all is there."""
        bits = (promises.bits ^ self.either) & self.common
        memoryview(caps)[:] = bits.to_bytes(caps.size, "little")
        for (path, way), value in zip(self.numbers, promises.numbers, strict=False):
            caps[path] = _sent(value, way)
        for path, value in zip(self.others, promises.others, strict=True):
            caps[path] = value
        for index, (key, rest) in enumerate(promises.video):
            for name, value in zip(self.matched + self.parts, key + rest, strict=True):
                caps[VIDEO][index][name] = value
            caps["num_video_caps"] = index + 1

    def excess(self, promised: Promises, has: Promises, derived: tuple[str, ...] = ()) -> Iterator[_Excess]:
        """Where the first promises more than the second."""
        more = promised.bits & ~has.bits
        for field in self.flags if more else ():
            first, width = _first(field), field.bits or 8 * field.size
            if found := bits_in(more >> first & (1 << width) - 1):
                if field.dims:
                    yield field.path, found, []
                    continue
                for bit in found:
                    told = promised.bits >> first + bit & 1 ^ (self.either >> first + bit & 1)
                    name = (field.flags or {}).get(bit, str(bit))
                    yield field.path if field.bits else f"{field.path}.{name}", told, 1 - told
        names = [path for path, _ in self.numbers] + list(derived)
        ways = [way for _, way in self.numbers] + ["smaller"] * len(derived)
        for path, way, a, b in zip(names, ways, promised.numbers, has.numbers, strict=True):
            if a > b:
                yield path, _sent(a, way), _sent(b, way)
        for path, rule, a, b in zip(self.others, self.rules, promised.others, has.others, strict=True):
            if rule(a, b) != a:
                yield path, a, b
        theirs = dict(has.video)
        for key, own in promised.video:
            if any(a > b for a, b in zip(own, theirs.get(key, (-1,) * len(own)), strict=True)):
                yield VIDEO, (key, own), theirs.get(key)
        for number in bits_in(more >> self.end):  # last, since a field may be behind them
            yield GL + _NAMES[number], 1, 0


def _first(field: Field) -> int:
    return 8 * field.offset + field.shift


def _plain(value: Any) -> Any:
    return tuple(value.tolist()) if isinstance(value, Array) else value


def _number(value: float, way: str) -> float:
    if isnan(value):
        return -inf  # which promises nothing
    return -value if way == "larger" else value - (value >> 31 << 32) if way == "signed" else value  # type: ignore[operator]


def _sent(value: float, way: str) -> float:
    return -value if way == "larger" else value & 0xFFFFFFFF if way == "signed" else value  # type: ignore[operator]


PLANS: Tables[Layout, Plan] = Tables(Plan)
_NAMES = [rule.name for rule in REQUIREMENTS]
_PLACES = {name: place for place, name in enumerate(_NAMES)}


def told(made: Struct) -> Struct:
    """Put into a guest's struct what guests take those values for by which a host tells nothing."""
    if made.capset_id == 2:
        view = guest_view(made, None, 2)
        for path in ("max_texture_2d_size", "max_texture_3d_size", "max_texture_cube_size", *MASKS):
            if not any(_plain(made[path]) if path in MASKS else (made[path],)):
                made[path] = view[path].value
        made["max_shader_storage_blocks"] = view["max_shader_storage_blocks"].value
        for path in MASKS:
            made[f"{path}[0]"] &= ~1  # VIRGL_FORMAT_NONE is no format
    elif made.capset_id == 4 and not made["vk_extension_mask1[0]"] & 1:
        made["vk_extension_mask1"] = [0xFFFFFFFE] + [0xFFFFFFFF] * 31
    return made


def seen(data: bytes, mesa: Mesa) -> Promises:
    """What a Mesa makes of capset 2, and of capset 1 in its place."""
    caps = _guest_caps(data, mesa)
    used = _used(caps)
    found = PLANS[used.layout].read(used, *[int(caps.value(name)) for name in DERIVED])
    lacks = {rule.name for rule in lacking(caps, mesa)}
    met = sum(1 << place for name, place in _PLACES.items() if REQUIREMENTS[name].holds(mesa) and name not in lacks)
    return found._replace(bits=found.bits | met << 8 * used.size)


def used(data: bytes, mesa: Mesa) -> Struct:
    """The guest's struct with what its driver uses, where it ignores a field too; zero what comes to nothing."""
    return _used(_guest_caps(data, mesa))


def _guest_caps(data: bytes, mesa: Mesa) -> GuestCaps:
    return GuestCaps(guest_view(data, mesa.size, 2, mesa=mesa.name), True)


def _used(caps: GuestCaps) -> Struct:
    used = type(caps.used).unpack(caps.used.pack().ljust(caps.used.size, b"\0"))
    used["max_uniform_block_size"] = caps.max_uniform_block_size
    # The driver asks for samples only of what it can sample, and render to or test for depth
    ignored = used["host_feature_check_version"] < WITH_MULTISAMPLE_FORMATS
    formats = (1 << 512) - 1 if ignored else mask_of(used[MULTISAMPLE])
    usable = mask_of(used["v1.sampler.bitmask"]) & (mask_of(used["v1.render.bitmask"]) | DEPTH) | 1
    several = used["v1.max_samples"] > 1 and used["v1.bset.texture_multisample"]
    used[MULTISAMPLE] = [(formats & usable if several else 0) >> 32 * word & 0xFFFFFFFF for word in range(16)]
    # Of a stage that it does not have it asks for nothing
    missing: tuple[int, ...] = ()
    if not used["v1.bset.has_tessellation_shaders"]:
        missing = TESSELLATION
        used["max_tcs_outputs"] = used["max_tes_outputs"] = 0
    if not caps.has_flag("capability_bits", "COMPUTE_SHADER"):
        missing = (*missing, PIPE_SHADER_COMPUTE)
    for stage in missing:
        used[f"max_const_buffer_size[{stage}]"] = 0
    for path in MASKS:
        used[f"{path}[0]"] &= ~1
    return used
