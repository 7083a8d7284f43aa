"""What a version of OpenGL can need of a capset: a number, a flag, formats; and what a host would have to send for it.

Each need is asked of :class:`GuestCaps`, the values that a driver uses. Whole numbers are compared as unsigned, unless
Mesa takes them for signed.
"""

from __future__ import annotations

from typing import NamedTuple

from ..capsets.virgl_formats import FORMATS
from ..classes import VirglCapsV2
from ..errors import ArgumentError, FieldAbsentError, UnknownFieldError
from .formats import format_number
from .mesa_rules import PIPE_SHADER_COMPUTE, PIPE_SHADER_FRAGMENT
from .tables import Tables
from .walk import flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeAlias

    from ..structs._classes import Struct
    from .guest_view import GuestView

    _Changes: TypeAlias = dict[str, Any]  # by the field's path, the value that the host would have to send
    _Rows: TypeAlias = dict[tuple[int, int], dict[str, "Need | Ranges"]]  # by version and name, what it needs

FORMATS_OF = "1.3.0"  # the release of virglrenderer that the formats are named by
MASKS = ("sampler", "render", "vertexbuffer", "supported_multisample_formats")
MASK_WORDS = 16
COLOR_FORMATS = ("R8G8B8A8_UNORM", "B8G8R8A8_UNORM", "A8R8G8B8_UNORM", "A8B8G8R8_UNORM")
WIDE_COLOR_FORMATS = ("R16G16B16A16_UNORM", "R16G16B16A16_FLOAT", "R32G32B32A32_FLOAT")  # usual from Mesa 26 on
COLORS, WIDE_COLORS = (
    sum(1 << format_number(name, FORMATS_OF) for name in names) for names in (COLOR_FORMATS, WIDE_COLOR_FORMATS)
)
ASTC = tuple(name for _, name, *_ in FORMATS if name.startswith("ASTC_") and name.count("x") == 1)
WITH_MULTISAMPLE_FORMATS, WITH_BLOCK_SIZE, WITH_CONST_BUFFER_SIZE = 9, 13, 12  # host_feature_check_version
DEFAULT_CONST_BUFFER_SIZE = 65536


BITS = ("v1.bset", "capability_bits", "capability_bits_v2", *MASKS)  # the fields that are nothing but bits


def _bits(caps: Struct) -> int:
    """These fields one behind the other, as one number; zeros for what did not arrive."""
    data = caps.pack().ljust(VirglCapsV2.size, b"\0")
    return int.from_bytes(b"".join([data[start:end] for start, end in _SPANS]), "little")


def bit_of(path: str) -> int:
    """Where the first bit of such a field, or of a part of it, is in that number."""
    field, before = VirglCapsV2.fields[path], 0
    for start, end in _SPANS:
        if start <= field.offset < end:
            return 8 * (before + field.offset - start) + field.shift
        before += end - start
    raise ArgumentError(f"{path} is no part of {', '.join(BITS)}")


_SPANS = [(VirglCapsV2.fields[path].offset, VirglCapsV2.fields[path].end) for path in BITS]
_FIRST_BITS = [(mask, bit_of(mask)) for mask in MASKS]
_ALL_FORMATS = (1 << 32 * MASK_WORDS) - 1
_FLAGS: Tables[tuple[str, str], int] = Tables(  # by word and name, the bit in that number
    lambda key: flag(VirglCapsV2.fields[key[0]], key[1]) << bit_of(key[0])
)


class GuestCaps:
    """The values that a guest's driver uses, with what Mesa works out of them before it looks at versions.

    Attributes:
        view: the values, field by field.
        coherent: can the guest map host memory coherently?
        used: the guest's struct with these values.
        bits: its flags and sets of formats, as one number; see :func:`bit_of`.
        formats: by mask, a number whose bits are the formats.
    """

    def __init__(self, view: GuestView, coherent: bool) -> None:
        self.view: GuestView = view
        self.coherent: bool = coherent
        self.used: Struct = view.used()
        self.bits: int = _bits(self.used)
        self.formats: dict[str, int] = {mask: self.bits >> first & _ALL_FORMATS for mask, first in _FIRST_BITS}
        self._derived: dict[str, Any] = {name: seen.value for name, seen in view.derived.items()}
        self._max_samples: int | None = None

    def value(self, path: str) -> Any:
        """What the driver uses; 0 if it ignores the field, or has none of that name."""
        if path in self._derived:
            return self._derived[path]
        try:
            return self.used[path]
        except (FieldAbsentError, UnknownFieldError):
            return 0

    def sent(self, path: str) -> Any:
        """What the guest's struct holds, whatever the driver makes of it."""
        return self.view[path].sent

    def has_flag(self, word: str, name: str) -> bool:
        """Is a flag set in a word of flags?"""
        return self.bits & _FLAGS[word, name] != 0

    def has_format(self, mask: str, number: int) -> bool:
        """Is a format in a set?"""
        return self.formats[mask] >> number & 1 != 0

    def rendered(self, number: int) -> bool:
        """Can a format be rendered to? Mesa wants to sample it as well."""
        return self.formats["sampler"] & self.formats["render"] & 1 << number != 0

    def samples(self, formats: int, limit: int) -> int:
        """The most samples in a texture that one of several formats can have: a power of two up to ``limit``.

        ``formats`` is a number whose bits are the formats.
        """
        if self.value("host_feature_check_version") >= WITH_MULTISAMPLE_FORMATS:
            formats &= self.formats["supported_multisample_formats"]
        most: int = min(self.value("v1.max_samples"), limit)
        return 1 << most.bit_length() - 1 if most and formats and self.value("v1.bset.texture_multisample") else 1

    @property
    def max_samples(self) -> int:
        """The most samples that any usual color format can have; 0 if none can be rendered to."""
        found = self._max_samples
        if found is None:
            colors = COLORS | WIDE_COLORS if self.view.mesa.number >= (26,) else COLORS
            usable = colors & self.formats["sampler"] & self.formats["render"]
            self._max_samples = found = self.samples(usable, 16) if usable else 0
        return found

    @property
    def fakes_samples(self) -> bool:
        """Does the driver fake samples? It does for hosts with one sample per pixel."""
        return bool(self.value("fake_sw_msaa")) and self.max_samples == 1

    @property
    def max_uniform_block_size(self) -> int:
        """Bytes of a uniform block."""
        version = self.value("host_feature_check_version")
        if version >= WITH_BLOCK_SIZE:
            return int(self.value("max_uniform_block_size"))
        if version >= WITH_CONST_BUFFER_SIZE:
            return int(self.value("max_const_buffer_size")[PIPE_SHADER_FRAGMENT])
        return DEFAULT_CONST_BUFFER_SIZE

    def storage_buffers(self, stage: int) -> int:
        """Shader storage buffers of the fragment or the compute stage, before some are taken for atomic counters."""
        if stage == PIPE_SHADER_COMPUTE and not self.has_flag("capability_bits", "COMPUTE_SHADER"):
            return 0
        blocks = self.value("max_shader_storage_blocks")
        return int(blocks[stage] if blocks else self.value("max_shader_buffer_frag_compute"))

    def atomic_buffers(self, stage: int) -> int:
        """Buffers for atomic counters of a stage: the host's own, or else half of the storage buffers."""
        if stage == PIPE_SHADER_COMPUTE and not self.has_flag("capability_bits", "COMPUTE_SHADER"):
            return 0
        if self.value("max_atomic_counters")[stage]:
            return int(self.value("max_atomic_counter_buffers")[stage])
        return self.storage_buffers(stage) // 2

    def with_formats(self, mask: str, names: tuple[str, ...]) -> _Changes:
        """The words of a mask with these formats in it besides."""
        words = list(self.view[f"{mask}.bitmask"].value or [0] * MASK_WORDS)
        changed = {}
        for name in names:
            number = format_number(name, FORMATS_OF)
            words[number // 32] |= 1 << number % 32
            changed[f"{mask}.bitmask[{number // 32}]"] = words[number // 32]
        return changed


class Need:
    """Something that a version needs.

    Attributes:
        reason: what it is, in words.
        bits: of a need that is met where some of :attr:`GuestCaps.bits` are set, these; else 0.
        number, least: of a need that is met where a value is large enough, its path, and how much it must be; else
            an empty string.
    """

    number = ""
    least = 0

    def __init__(self, reason: str, bits: int = 0) -> None:
        self.reason: str = reason
        self.bits: int = bits

    def changes(self, caps: GuestCaps) -> _Changes | None:
        """What the host would have to send for it; None if no field of the host brings it."""
        return self._changes(caps)

    def __call__(self, caps: GuestCaps) -> bool:
        """Does the driver find it?"""
        return self._met(caps)

    def _met(self, caps: GuestCaps) -> bool:
        if not self.bits:
            raise NotImplementedError
        return caps.bits & self.bits == self.bits

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        return None


class Ranges(NamedTuple):
    """A need that changed with a version of Mesa: before it, and from it on; None if there is none."""

    version: str
    before: Need | None
    after: Need | None


class AtLeast(Need):
    """A number. Mesa takes some for signed."""

    def __init__(self, path: str, least: int, *, signed: bool = False) -> None:
        super().__init__(f"{path} >= {least}")
        self.path: str = path
        self.least: int = least
        self.signed: bool = signed
        self.number: str = "" if signed else path

    def _met(self, caps: GuestCaps) -> bool:
        value = caps.value(self.path)
        return bool(value >= self.least and not (self.signed and value >= 1 << 31))

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        return {self.path: self.least}


class Bset(Need):
    """One of capset 1's flags."""

    def __init__(self, name: str) -> None:
        self.path: str = f"v1.bset.{name}"
        super().__init__(f"bset.{name}", 1 << bit_of(self.path))

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        return {self.path: 1}


class Flag(Need):
    """A flag of ``capability_bits`` or ``capability_bits_v2``."""

    def __init__(self, name: str, word: str = "capability_bits") -> None:
        super().__init__(name, _FLAGS[word, name])
        self.name: str = name
        self.word: str = word

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        return {self.word: caps.sent(self.word) | flag(caps.view.caps.fields[self.word], self.name)}


class Formats(Need):
    """Formats in a mask, or in several. With ``one``, one of them is enough."""

    def __init__(self, masks: tuple[str, ...], *names: str, one: bool = False, words: str = "") -> None:
        verb = "has" if len(masks) == 1 else "have"
        of = "one of " if one else ""
        each = [_formats(masks, name) for name in names]
        super().__init__(f"{' and '.join(masks)} {verb} {of}{words or ', '.join(names)}", 0 if one else joined(each))
        self.masks: tuple[str, ...] = masks
        self.names: tuple[str, ...] = names
        self.one: bool = one
        self._numbers: int = joined([1 << format_number(name, FORMATS_OF) for name in names])

    def _met(self, caps: GuestCaps) -> bool:
        if not self.one:
            return super()._met(caps)
        found = self._numbers
        for mask in self.masks:
            found &= caps.formats[mask]
        return found != 0

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        names = self.names[-1:] if self.one else self.names
        return {path: word for mask in self.masks for path, word in caps.with_formats(mask, names).items()}


def _formats(masks: tuple[str, ...], name: str) -> int:
    """The bits of a format in several sets."""
    return joined([1 << bit_of(mask) + format_number(name, FORMATS_OF) for mask in masks])


def joined(masks: Iterable[int]) -> int:
    """The bits of any of them."""
    bits = 0
    for mask in masks:
        bits |= mask
    return bits


class Either(Need):
    """One of two things. A host that lacks both would best add the first."""

    def __init__(self, first: Need, second: Need) -> None:
        super().__init__(f"{first.reason}; or {second.reason}")
        self.first: Need = first
        self.second: Need = second

    def _met(self, caps: GuestCaps) -> bool:
        return self.first(caps) or self.second(caps)

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        return self.first.changes(caps)


class All(Need):
    """Several things at once."""

    def __init__(self, *needs: Need) -> None:
        super().__init__("; ".join(need.reason for need in needs))
        self.needs: tuple[Need, ...] = needs

    def _met(self, caps: GuestCaps) -> bool:
        return all(need(caps) for need in self.needs)

    def _changes(self, caps: GuestCaps) -> _Changes | None:
        found: _Changes = {}
        for need in self.needs:
            changed = {} if need(caps) else need.changes(caps)
            if changed is None:
                return None
            found |= changed
        return found


class Never(Need):
    """What this Mesa's driver never has."""

    def _met(self, caps: GuestCaps) -> bool:
        return False


def sampled(*names: str) -> Formats:
    """Formats that can be sampled."""
    return Formats(("sampler",), *names)


def sampled_one(*names: str) -> Formats:
    """One of several formats that can be sampled."""
    return Formats(("sampler",), *names, one=True)


def rendered(*names: str) -> Formats:
    """Formats that can be rendered to and sampled."""
    return Formats(("sampler", "render"), *names)


def rendered_one(*names: str) -> Formats:
    """One of several formats that can be rendered to and sampled."""
    return Formats(("sampler", "render"), *names, one=True)


def fetched(*names: str) -> Formats:
    """Formats of vertices."""
    return Formats(("vertexbuffer",), *names)
