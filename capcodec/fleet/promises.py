"""What a capset promises guests, by name, and what several promise together."""

from __future__ import annotations

from functools import reduce
from math import inf, isnan, lcm
from operator import and_
from typing import NamedTuple

from ..capsets.virgl_formats import FORMATS
from ..meaning.gl_needs import WITH_MULTISAMPLE_FORMATS, GuestCaps
from ..meaning.gl_requirements import REQUIREMENTS, lacking
from ..meaning.gl_stages import ANY_FORMAT
from ..meaning.guest_view import guest_view
from ..meaning.mesa import MESAS
from ..meaning.tables import Tables
from ..meaning.vocabularies import is_set, named_members
from ..meaning.walk import bits_in, mask_of
from ..registry import find
from ..structs._fields import Array
from ..structs._instances import min_copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, TypeAlias

    from ..meaning.mesa import Mesa
    from ..structs._classes import Struct
    from ..structs.field import Field
    from ..structs.layout import Layout

    _Promises: TypeAlias = dict[str, Any]  # by path or name; of a set, a number whose bits are the members

VIRGL = (1, 2)  # one driver reads both, and as the same struct
VIDEO, GL = "video_caps", "OpenGL"
MULTISAMPLE = "supported_multisample_formats.bitmask"
TOLD_BY_SAMPLER = ("supported_readback_formats.bitmask", "scanout.bitmask")
NO_ATTACHMENTS = "ARB_framebuffer_no_attachments"  # with as many samples as a color format has
EXTENSIONS = "vk_extension_mask1"
DEPTH = sum({1 << number for number, name, *_ in FORMATS if name.startswith(("Z", "S8", "X24S8", "X32_S8"))})
CONFLICT = "hosts differ"
NAMES = [rule.name for rule in REQUIREMENTS]


class Excess(NamedTuple):
    """Where a capset promises more than there is.

    Attributes:
        mesa: the version that takes it so; empty of a capset that Mesa's rules are not about.
        field: a path, the name of what the driver derives, or ``OpenGL`` for what its versions need.
        promised: what guests would use; of a set, the members that are too much.
        has: what there is; of a set, nothing.
    """

    mesa: str
    field: str
    promised: Any
    has: Any


def _signed(a: int, b: int) -> int:
    return min(a, b, key=lambda value: value - (value >> 31 << 32))


def _alignment(a: int, b: int) -> int:
    both = lcm(a, b)
    return both if both < 1 << 32 else 0


def _samples(a: int, b: int) -> int:
    return 0 if {a, b} in ({1, 2}, {1, 3}) else min(a, b)


def _same(a: Any, b: Any) -> Any:
    if a == b:
        return a
    return b"" if isinstance(a, bytes) else (0,) * len(a) if isinstance(a, tuple) else 0


def _agreed(a: Any, b: Any) -> Any:
    return a if a == b else CONFLICT


def _each(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(min, a, b))


def _video(a: dict[Any, Any], b: dict[Any, Any]) -> dict[Any, Any]:
    return {key: {name: min(value, b[key][name]) for name, value in a[key].items()} for key in sorted(a.keys() & b)}


_WAYS: dict[str, Callable[[Any, Any], Any]] = {
    "smaller": min,
    "common": min,
    "larger": max,
    "either": max,
    "signed": _signed,
    "alignment": _alignment,
    "samples": _samples,
    "same": _same,
}


class Way(NamedTuple):
    """Which of two values is less.

    Attributes:
        both: what two values promise together.
        field: of the value; None if the driver derives it.
        set: is it a set?
        inverted: of a set, the members that are restrictions. They are kept inverted, so that fewer bits are less.
    """

    both: Callable[[Any, Any], Any] = min
    field: Field | None = None
    set: bool = False
    inverted: int = 0

    def told(self, members: int) -> list[str | int]:
        """The members of a set by name."""
        if self.field is None:
            return [NAMES[number] for number in bits_in(members)]
        restrictions = named_members(self.field, members & self.inverted)
        return named_members(self.field, members & ~self.inverted) + [f"no {name}" for name in restrictions]


def _ways(layout: Layout) -> dict[str, Way]:
    found = {GL: Way(and_, set=True), VIDEO: Way(_video)}
    for field in layout.leaves():
        less = field.less
        if field.path.startswith(f"{VIDEO}[") or (less and less.name == "count"):
            continue
        if less and is_set(field):
            flags = (field.flags or {}).items()
            inverted = sum(1 << bit for bit, name in flags if name in less.either) + (less.name == "allowed")
            found[field.path] = Way(and_, field, True, inverted)
        else:
            each = less and less.name == "smaller" and field.dims
            found[field.path] = Way(_each if each else _WAYS[less.name] if less else _agreed, field)
    return found


WAYS: Tables[Layout, dict[str, Way]] = Tables(_ways)
_DERIVED = Way()


def way(caps: Struct | type[Struct], name: str) -> Way:
    """Which of two values of that name is less."""
    return WAYS[caps.layout].get(name, _DERIVED)


def agrees(caps: type[Struct], name: str) -> bool:
    """Must hosts have the same value, since nobody has said which is less?"""
    return way(caps, name).both is _agreed


def read(caps: Struct) -> _Promises:
    """What an instance says, of which all is there."""
    found = {path: _value(caps[path], each) for path, each in WAYS[caps.layout].items() if each.field}
    if VIDEO in caps.fields:
        found[VIDEO] = _profiles(caps)
    return found


def _value(value: Any, each: Way) -> Any:
    if isinstance(value, Array):
        value = tuple(value.tolist())
    if each.set:
        return (mask_of(value) if isinstance(value, tuple) else value) ^ each.inverted
    if isinstance(value, float) and isnan(value):
        return inf if each.both is max else -inf  # which promises nothing
    return value + 0.0 if isinstance(value, float) else value  # there is no -0.0, which equals 0.0


def _profiles(caps: Struct) -> dict[tuple[int, ...], Any]:
    """What is decoded and encoded, by what has to be the same."""
    found: dict[tuple[int, int], Any] = {}
    room, count = caps.fields[VIDEO].dims[0], caps["num_video_caps"]
    for one in list(caps[VIDEO])[: count if count <= room else 0]:
        values = one.to_dict() | {"reserved": 0}
        found.setdefault((one.profile, one.entrypoint), values)  # of several, a driver takes the first
    return {(*key, one["prefered_format"]): one for key, one in found.items()}


def write(promises: _Promises, caps: Struct) -> None:
    """Set the fields of an instance, of which all is there and zero."""
    for path, each in WAYS[caps.layout].items():
        if each.field and each.set:
            value = promises[path] ^ each.inverted
            words = range(0, 8 * each.field.size, 32)
            caps[path] = [value >> word & 0xFFFFFFFF for word in words] if each.field.dims else value
        elif each.field:
            caps[path] = promises[path]
    for index, one in enumerate(promises.get(VIDEO, {}).values()):
        caps["num_video_caps"] = index + 1
        for name, value in one.items():
            caps[VIDEO][index][name] = value


def both(promises: Sequence[_Promises], caps: type[Struct]) -> _Promises:
    """What several promise together."""
    ways, made = WAYS[caps.layout], {}
    for name, first in promises[0].items():
        values: Iterable[Any] = [each[name] for each in promises]
        if not isinstance(first, dict):
            values = set(values)  # most are equal
        made[name] = reduce(ways.get(name, _DERIVED).both, values)
    return made


def excess(mesa: str, a: _Promises, b: _Promises, caps: type[Struct]) -> Iterator[Excess]:
    """Where the first promise more than the second."""
    for name, value in a.items():
        each, other = way(caps, name), b[name]
        if each.set and value & ~other:
            yield Excess(mesa, name, each.told(value & ~other), [])
        elif not each.set and each.both(value, other) != value:
            yield Excess(mesa, name, value, other)


def struct_of(capset_id: int) -> type[Struct]:
    """The class of the struct that guests read."""
    return find(2 if capset_id in VIRGL else capset_id).cls


def sent(data: bytes, capset_id: int) -> _Promises:
    """What a capset tells: with a guest's defaults for what did not arrive, and no value that tells nothing."""
    caps = struct_of(capset_id).guest_defaults()
    min_copy(caps, data)
    if capset_id in VIRGL:
        view = guest_view(caps, None, 2)
        for path in ("max_texture_2d_size", "max_texture_3d_size", "max_texture_cube_size"):
            caps[path] = caps[path] or view[path].value
        for path in ("max_shader_storage_blocks", *TOLD_BY_SAMPLER):
            caps[path] = view[path].value
    elif EXTENSIONS in caps.fields and not caps[EXTENSIONS][0] & 1:
        caps[EXTENSIONS] = [0xFFFFFFFE] + [0xFFFFFFFF] * 31
    return read(caps)


def seen(data: bytes, capset_id: int) -> dict[str, _Promises]:
    """What each Mesa makes of capset 1 or 2, by its version; of other capsets, every guest the same."""
    return {mesa.name: _seen(data, mesa) for mesa in MESAS} if capset_id in VIRGL else {"": sent(data, capset_id)}


def _seen(data: bytes, mesa: Mesa) -> _Promises:
    caps = GuestCaps(guest_view(data, mesa.size, 2, mesa=mesa.name), True)
    found = read(type(caps.used).unpack(caps.used.pack().ljust(caps.used.size, b"\0")))
    # The driver asks for samples only of what it can sample, and render to or test for depth
    if found["v1.max_samples"] < 2 or not found["v1.bset.texture_multisample"]:
        found[MULTISAMPLE] = 0
    elif found["host_feature_check_version"] < WITH_MULTISAMPLE_FORMATS:
        found[MULTISAMPLE] = (1 << 512) - 1
    found[MULTISAMPLE] &= found["v1.sampler.bitmask"] & (found["v1.render.bitmask"] | DEPTH) | 1
    # Of a stage that it does not have it asks for nothing
    tessellated = found["v1.bset.has_tessellation_shaders"]
    computes = caps.has_flag("capability_bits", "COMPUTE_SHADER")
    there = (1, 1, 1, tessellated, tessellated, computes)
    found["max_const_buffer_size"] = tuple([a * b for a, b in zip(found["max_const_buffer_size"], there, strict=True)])
    if not tessellated:
        found["max_tcs_outputs"] = found["max_tes_outputs"] = 0
    found["max_uniform_block_size"] = caps.max_uniform_block_size
    for path in TOLD_BY_SAMPLER:
        found[path] &= ~1  # VIRGL_FORMAT_NONE is no format
    found |= {name: each.value for name, each in caps.view.derived.items()}
    del found["fake_sw_msaa"]  # OpenGL's requirements tell what comes of that
    unmatched = caps.samples(ANY_FORMAT, 32) < caps.max_samples
    found[NO_ATTACHMENTS] = caps.has_flag("capability_bits", "FB_NO_ATTACH") and not unmatched
    lacks = {rule.name for rule in lacking(caps, mesa)}
    met = [rule.holds(mesa) and rule.name not in lacks for rule in REQUIREMENTS]
    return {**found, GL: sum(1 << place for place, there in enumerate(met) if there)}
