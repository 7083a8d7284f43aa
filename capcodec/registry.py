"""The capsets by their numbers and names, and the classes of the structs within them.

Names: ``virtio_gpu.h`` and ``virtgpu_drm.h`` of Linux (d499effe1d55), and rutabaga_gfx 8130b61c; for apir virglrenderer
dd369375. The number of a capset stands in its schema. A package may bring capsets of its own: entry points of the group
``capcodec.capsets``, each named as the capset and leading to its schema.
"""

from __future__ import annotations

from _collections_abc import Mapping  # what collections.abc re-exports, at none of its cost

from .capsets import virgl
from .errors import ArgumentError, clipped, shown
from .schema import Schema
from .structs._classes import Struct
from .structs.define import define
from .structs.exact import bytes_of, exact_int, exact_str
from .structs.layout import layout_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from typing_extensions import Buffer

    from .structs._classes import _AnyStruct

ENTRY_POINTS = "capcodec.capsets"

# A bound of this package's own: no room is made for a larger capset, whatever a host announces
MAX_CAPSET_SIZE = 1 << 16  # bytes


class Capset:
    """One capability set: its number, its names, its class.

    Attributes:
        name: on the command lines of crosvm and rutabaga (``context-types=``, ``--capset-names``).
        aliases: older names for the same.
        kernel, drm, rutabaga: its constant in ``virtio_gpu.h``, in ``virtgpu_drm.h`` and in rutabaga; or empty.
        second_word: what its second word may be, where that tells it from others of the same size.
    """

    __slots__ = ("_cls", "_schema", "_sizes", "aliases", "drm", "kernel", "name", "rutabaga", "second_word")

    def __init__(
        self,
        name: str,
        schema: Schema | tuple[str, str],
        *,
        kernel: str = "",
        drm: str = "",
        rutabaga: str = "",
        aliases: tuple[str, ...] = (),
        second_word: range = range(1 << 32),
    ) -> None:
        self.name: str = name
        self.kernel: str = kernel and f"VIRTIO_GPU_CAPSET_{kernel}"
        self.drm: str = drm and f"VIRTGPU_DRM_CAPSET_{drm}"
        self.rutabaga: str = rutabaga and f"RUTABAGA_CAPSET_{rutabaga}"
        self.aliases: tuple[str, ...] = aliases
        self.second_word: range = second_word
        self._schema = schema
        self._cls: type[_AnyStruct] | None = None
        self._sizes: dict[int, str] | None = None

    @property
    def schema(self) -> Schema:
        """What declares it."""
        schema = self._schema  # read once: another thread may write it
        if isinstance(schema, tuple):
            from importlib import import_module

            module, name = schema
            self._schema = schema = getattr(import_module(f".capsets.{module}", __package__), name)
        return schema

    @property
    def capset_id(self) -> int:
        """Its number, 1 to 63."""
        number = self.schema.capset_id
        assert number is not None
        return number

    @property
    def cls(self) -> type[_AnyStruct]:
        """Its class."""
        cls = self._cls
        if cls is None:
            self._cls = cls = define(self.schema, module=__package__)
        return cls

    @property
    def sizes(self) -> Mapping[int, str]:
        """The size steps of its layouts, each with the variant that had it; the newest layout's with an empty name.

        What two variants had, and the newest layout had not, is left out. Layouts tell: to make them takes less time
        than to make classes.
        """
        sizes = self._sizes
        if sizes is None:
            had: dict[int, list[str]] = {}
            for one in (self.schema, *self.schema.variants.values()):
                for size in {step.size for step in layout_of(one).steps}:
                    had.setdefault(size, []).append(one.variant)
            self._sizes = sizes = {
                size: "" if "" in names else names[0] for size, names in had.items() if "" in names or len(names) == 1
            }
        return sizes

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called."""
        return tuple(filter(None, (self.name, *self.aliases, self.kernel, self.drm, self.rutabaga)))

    def __repr__(self) -> str:
        return f"<Capset {self.capset_id} {self.name}>"


class Capsets(Mapping[int, Capset]):
    """The capsets by number, in that order. To know a number is to import the capset's module."""

    def __init__(self, *capsets: Capset) -> None:
        self._capsets = capsets
        self._by_size: dict[int, list[Capset]] | None = None

    def __getitem__(self, capset_id: int) -> Capset:
        for capset in self._capsets:
            if capset.capset_id == capset_id:
                return capset
        raise KeyError(capset_id)

    def __iter__(self) -> Iterator[int]:
        return (capset.capset_id for capset in self._capsets)

    def __len__(self) -> int:
        return len(self._capsets)

    def of_size(self, size: int) -> list[Capset]:
        """Those that ever had that size."""
        found = self._by_size
        if found is None:
            found = {}
            for capset in self._capsets:
                for step in capset.sizes:
                    found.setdefault(step, []).append(capset)
            self._by_size = found
        return found.get(size, [])


CAPSETS = Capsets(
    Capset("virgl", virgl.virgl_caps_v1, kernel="VIRGL", drm="VIRGL", rutabaga="VIRGL"),
    Capset("virgl2", virgl.virgl_caps_v2, kernel="VIRGL2", drm="VIRGL2", rutabaga="VIRGL2"),
    Capset(
        "gfxstream-vulkan",
        ("gfxstream", "vulkan_capset"),
        kernel="GFXSTREAM_VULKAN",
        drm="GFXSTREAM_VULKAN",
        rutabaga="GFXSTREAM_VULKAN",
        aliases=("gfxstream",),
    ),
    Capset(
        "venus",
        ("venus", "virgl_renderer_capset_venus"),
        kernel="VENUS",
        drm="VENUS",
        rutabaga="VENUS",
        second_word=range(1 << 22, 1 << 32),  # a Vulkan version, packed
    ),
    Capset(
        "cross-domain",
        ("cross_domain", "cross_domain_capabilities"),
        kernel="CROSS_DOMAIN",
        drm="CROSS_DOMAIN",
        rutabaga="CROSS_DOMAIN",
    ),
    Capset(
        "drm",
        ("drm", "virgl_renderer_capset_drm"),
        kernel="DRM",
        drm="DRM",
        rutabaga="DRM",
        second_word=range(1 << 22),  # a driver's major version
    ),
    Capset("magma", ("gfxstream", "magma_capset"), rutabaga="MAGMA", aliases=("gfxstream-magma",)),
    Capset("gfxstream-gles", ("gfxstream", "gles_capset"), rutabaga="GFXSTREAM_GLES"),
    Capset("gfxstream-composer", ("gfxstream", "composer_capset"), rutabaga="GFXSTREAM_COMPOSER"),
    Capset("apir", ("apir", "virgl_renderer_capset_apir"), drm="APIR"),
)


_found: dict[int | str | None, Capset] = {}  # of CAPSETS, by the numbers and names that were asked for


def find(capset: int | str) -> Capset:
    """The capset of a number, or of any name that it goes by; those of other packages too.

    Raises:
        ArgumentError: none is known by that number or name.
    """
    number, name = exact_int(capset), exact_str(capset)
    key = number if name is None else name
    found = _found.get(key)
    if found is None:
        found = _called(CAPSETS.values(), number, name)
        if found is not None:
            _found[key] = found
            return found
        found = _called(_others(), number, name)  # these may go
    if found is not None:
        return found
    numbers = ", ".join(f"{entry.capset_id} {entry.name}" for entry in CAPSETS.values())
    raise ArgumentError(f"no capset {clipped(capset)} is known; there are {numbers}")


def _called(capsets: Iterable[Capset], number: int | None, name: str | None) -> Capset | None:
    for entry in capsets:
        if name in entry.names or (number is not None and number == entry.capset_id):
            return entry
    return None


def capset_for(capset_id: int | str, size: int | None = None) -> type[_AnyStruct]:
    """The class of a capset.

    Args:
        capset_id: its number, or a name such as ``venus`` or ``VIRTIO_GPU_CAPSET_DRM``.
        size: bytes that a host sent. If today's layout never had that size and one variant had, the variant's class.
            Where sizes do not tell layouts apart the newest is taken: a variant has to be asked for by name.

    Raises:
        ArgumentError: no such capset is known, or ``size`` is no number of bytes.
    """
    entry = find(capset_id)
    return entry.cls if size is None else _of_size(entry, _size(size))


def _of_size(entry: Capset, size: int) -> type[_AnyStruct]:
    variant = entry.sizes.get(size)
    return entry.cls.variants[variant] if variant else entry.cls


def class_named(name: str) -> type[_AnyStruct] | None:
    """The class of that name among the capsets, their variants, and the structs within them; None if there is none."""
    for entry in CAPSETS.values():
        for outer in (entry.cls, *entry.cls.variants.values()):
            for cls in _within(outer):
                if cls.__name__ == name:
                    return cls
    return None


def _within(cls: type[_AnyStruct]) -> Iterator[type[_AnyStruct]]:
    yield cls
    for field in cls.fields.values():
        if field.layout is not None:
            yield from _within(define(field.layout.schema, module=cls.__module__))


def guess(size: int, data: Buffer = b"") -> type[_AnyStruct]:
    """The capset that ``size`` bytes most likely are, by its size steps; longer than any is a newer capset 2.

    Args:
        size: how many bytes.
        data: the bytes, or the first 8 of them, where two capsets had that size.

    Raises:
        ArgumentError: no capset ever had that size, or more than one had, and the bytes do not tell.
        BufferAccessError: ``data`` is no buffer.
    """
    return _guessed(_size(size), bytes_of("data", data))


_told: dict[
    int, type[_AnyStruct]
] = {}  # by size, the class of the only capset that had it; of sizes that were asked for


def _guessed(size: int, data: bytes) -> type[_AnyStruct]:
    told = _told.get(size)
    if told is not None:
        return told
    fitting = CAPSETS.of_size(size)
    if len(fitting) == 1:
        return _told.setdefault(size, _of_size(fitting[0], size))
    if len(fitting) > 1 and any(data):
        second_word = int.from_bytes(data[4:8], "little")
        fitting = [entry for entry in fitting if second_word in entry.second_word]
    if len(fitting) == 1:
        return _of_size(fitting[0], size)
    newest = CAPSETS[2].cls
    if size > newest.size:
        return newest
    if not fitting:
        raise ArgumentError(f"no known capset ever had {size} bytes: say which it is, by capset_id or --capset")
    names = ", ".join(f"{entry.capset_id} {entry.name}" for entry in fitting)
    raise ArgumentError(f"{size} bytes may be of capset {names}: say which it is, by capset_id or --capset")


def decoded(blob: Any, capset_id: int | str | None = None) -> Struct:
    """An instance of the capset that a buffer holds; an instance stays as it is, unless it shall be another capset.

    Args:
        blob: bytes as a host sent them, or an instance.
        capset_id: which capset it is; guessed from the size if not given.

    Raises:
        ArgumentError: no such capset is known, or the size does not tell which it is.
        BufferAccessError: ``blob`` is no buffer.
    """
    if isinstance(blob, Struct) and capset_id is None:
        return blob
    data = bytes_of("capset", blob, "the bytes of one")
    return class_of(data, capset_id).unpack(data)


def class_of(blob: Buffer, capset_id: int | str | None = None) -> type[_AnyStruct]:
    """The class that decodes a buffer; ``capset_id`` and errors as of :func:`decoded`."""
    data = bytes_of("capset", blob, "the bytes of one")
    return _guessed(len(data), data) if capset_id is None else capset_for(capset_id, len(data))


def _size(value: object) -> int:
    size = exact_int(value)
    if size is None or size < 0:
        raise ArgumentError(f"expected a number of bytes, got {shown(value)}")
    return size


_from_others: dict[str, Capset] = {}  # by entry point; kept, so that the class is the same each time


def _others() -> Iterator[Capset]:
    """Capsets that other installed packages bring."""
    from importlib.metadata import entry_points  # slow to import

    for point in entry_points(group=ENTRY_POINTS):
        try:
            schema = point.load()
        except Exception as error:
            raise ArgumentError(f"entry point {point.name} = {point.value} cannot be loaded: {error!r}") from error
        if not isinstance(schema, Schema) or schema.capset_id is None:
            raise ArgumentError(f"entry point {point.name} = {point.value} leads to no schema of a capset")
        known = _from_others.get(point.name)
        if known is None or known.schema is not schema:
            known = _from_others[point.name] = Capset(point.name, schema)
        yield known
