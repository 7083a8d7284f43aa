"""What the numbers of a field stand for, by the vocabulary that its declaration names (``meaning=``)."""

from __future__ import annotations

from ..capsets.drm import VIRTGPU_DRM_CONTEXT
from ..structs._fields import Array
from . import vulkan
from .formats import NAMES, format_name
from .walk import bits_in, bits_of, flags_set, mask_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeAlias

    from ..structs._classes import Struct
    from ..structs.field import Field

    _Window: TypeAlias = str | Iterable[str] | None

# In the order of gallium's PIPE_SHADER_*; Mesa's own gl_shader_stage has another
PIPE_SHADER = ("VERTEX", "FRAGMENT", "GEOMETRY", "TESS_CTRL", "TESS_EVAL", "COMPUTE")

PIPE_VIDEO_PROFILE = (
    *("UNKNOWN", "MPEG1", "MPEG2_SIMPLE", "MPEG2_MAIN", "MPEG4_SIMPLE", "MPEG4_ADVANCED_SIMPLE"),
    *("VC1_SIMPLE", "VC1_MAIN", "VC1_ADVANCED"),
    *("AVC_BASELINE", "AVC_CONSTRAINED_BASELINE", "AVC_MAIN", "AVC_EXTENDED"),
    *("AVC_HIGH", "AVC_HIGH10", "AVC_HIGH422", "AVC_HIGH444"),
    *("HEVC_MAIN", "HEVC_MAIN_10", "HEVC_MAIN_STILL", "HEVC_MAIN_12", "HEVC_MAIN_444"),
    *("JPEG_BASELINE", "VP9_PROFILE0", "VP9_PROFILE2", "AV1_MAIN", "AV1_PROFILE2"),
)
PIPE_VIDEO_ENTRYPOINT = ("UNKNOWN", "BITSTREAM", "IDCT", "MC", "ENCODE", "PROCESSING")

TRISTATE: dict[int, bool | None] = {0: None, 0xFFFFFFFF: False, 1: True}  # 0: the host does not know

# Where the places of 2, 4, 8 and 16 samples begin: word of sample_locations, number of samples
SAMPLE_PATTERNS = ((0, 2), (1, 4), (2, 8), (4, 16))


def sample_locations(words: Sequence[int]) -> dict[str, list[list[float]]]:
    """Coordinates within the pixel of each sample, by the number of samples."""
    data = b"".join(word.to_bytes(4, "little") for word in words)
    return {
        str(count): [[(byte >> 4) / 16, (byte & 15) / 16] for byte in data[4 * word : 4 * word + count]]
        for word, count in SAMPLE_PATTERNS
    }


def _numbered(names: Sequence[str]) -> Callable[[int, _Window], str | int]:
    return lambda value, releases: names[value] if value < len(names) else value


def _extensions(words: Sequence[int], releases: _Window) -> list[str | int] | str:
    numbers = vulkan.extension_numbers(words)
    if numbers is None:
        return "all"
    return [vulkan.EXTENSION_NAMES.get(number, number) for number in numbers]


def _formats(words: Sequence[int], releases: _Window) -> list[str | int]:
    return [format_name(number, releases) or number for number in bits_of(words)]


FORMATS, EXTENSIONS = "virgl_format_mask", "vk_extension_mask"  # the vocabularies of masks

# By name: a function from a value, or a list of values, and the releases that can be meant, to words
VOCABULARIES: dict[str, Callable[[Any, _Window], Any]] = {
    FORMATS: _formats,
    "virgl_format": lambda value, releases: format_name(value, releases) or value,
    "sample_locations": lambda words, releases: sample_locations(words),
    "pipe_shader": lambda values, releases: dict(zip(PIPE_SHADER, values, strict=False)),
    "pipe_video_profile": _numbered(PIPE_VIDEO_PROFILE),
    "pipe_video_entrypoint": _numbered(PIPE_VIDEO_ENTRYPOINT),
    "vk_version": lambda value, releases: vulkan.version(value),
    EXTENSIONS: _extensions,
    "tristate": lambda value, releases: TRISTATE.get(value, value),
    "drm_context_type": lambda value, releases: VIRTGPU_DRM_CONTEXT.get(value, value),
}


# What each is about: one row of words, or one number
OF_WORDS = {FORMATS, "sample_locations", "pipe_shader", EXTENSIONS}
OF_NUMBERS = VOCABULARIES.keys() - OF_WORDS


def meaning_of(field: Field, value: Any, releases: _Window = None) -> Any:
    """A value in words, as JSON has them; unchanged if nothing is known of its numbers.

    Args:
        field: whose value it is.
        value: a number, or a sequence of numbers.
        releases: the releases whose names of formats are meant; see :func:`capcodec.meaning.formats.format_name`.
    """
    plain = value if isinstance(value, (int, float, bytes)) else _listed(value)
    if field.flags is not None and isinstance(plain, int):
        return [field.flags.get(bit, bit) for bit in flags_set(field, plain)]
    return VOCABULARIES[field.meaning](plain, releases) if _has_vocabulary(field) else plain


def _listed(values: Any) -> list[Any]:
    return values.tolist() if isinstance(values, Array) else list(values)


def _has_vocabulary(field: Field) -> bool:
    """Is there a vocabulary for the field, and is it about values of the field's type?"""
    if field.meaning in OF_WORDS:
        return field.type == "u32" and len(field.dims) == 1
    if field.meaning in OF_NUMBERS:
        return field.type in ("u8", "u16", "u32") and not field.dims
    return field.meaning in VOCABULARIES  # one of the user's own


def is_set(field: Field) -> bool:
    """Is it a set: a word of flags, or a mask of formats or extensions?"""
    if field.flags is not None and not field.dims:
        return field.type[0] in "us"
    return field.meaning in (FORMATS, EXTENSIONS) and _has_vocabulary(field)


def set_of(field: Field, value: int | Sequence[int] | None) -> int:
    """What a set holds, as one number: a word of flags, the words of a mask, or nothing where it is absent."""
    if isinstance(value, int):
        width = 8 * field.size if field.bits is None else field.bits
        return value & (1 << width) - 1  # a word may have a sign
    return 0 if value is None else mask_of(value)


def named_members(field: Field, members: int, releases: _Window = None) -> list[str | int]:
    """Names of the members of a set, and the numbers of those that have none."""
    names = names_of(field, releases)
    return [number if (name := names(number)) is None else name for number in bits_in(members)]


def names_of(field: Field, releases: _Window = None) -> Callable[[int], str | None]:
    """What gives the members of a set their names; None to those that have none."""
    if field.flags is not None and not field.dims:
        return field.flags.get
    if field.meaning == EXTENSIONS:
        return vulkan.EXTENSION_NAMES.get
    if releases is None or type(releases) is tuple:
        return NAMES[releases].__getitem__
    return lambda number: format_name(number, releases)


def explain(capset: Struct, releases: _Window = None) -> dict[str, Any]:
    """All that arrived of a capset and has words, by path.

    Args:
        capset: any struct.
        releases: the releases whose names of formats are meant.
    """
    return {
        field.path: meaning_of(field, capset[field.path], releases)
        for field in capset.layout.leaves()
        if (field.flags is not None or (field.meaning and field.type != "char")) and capset.has_field(field.path)
    }
