from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar, final

from typing_extensions import Buffer, Self

from ._instances import Instance
from .field import Field
from .layout import Fields, Layout

__pyx_capi__: dict[str, Any]
_T = TypeVar("_T")

def _kept(method: _T) -> _T:
    """Of what each class keeps bound to itself: it is called as a class method, and is none."""

class Struct(Instance):
    """Bytes of a struct, whole or cut short, its own or borrowed. Classes are made by ``capcodec.define``."""

    name: ClassVar[str]
    size: ClassVar[int]
    size_steps: ClassVar[tuple[int, ...]]
    capset_id: ClassVar[int | None]
    fields: ClassVar[Fields]
    layout: ClassVar[Layout]
    variants: ClassVar[Mapping[str, type[_AnyStruct]]]
    variant: ClassVar[str]
    variant_of: ClassVar[type[_AnyStruct] | None]

    def __new__(cls, source: Buffer = ..., /, **fields: Any) -> Self: ...
    @_kept
    @classmethod
    def unpack(cls, source: Buffer, /) -> Self:
        """An instance with a copy of the bytes of any contiguous buffer, which may be shorter or longer than known."""

    @_kept
    @classmethod
    def view(cls, source: Buffer, /) -> Self:
        """An instance over the bytes of any contiguous buffer, without a copy. Writes go to the buffer."""

    @classmethod
    def zeros(cls, size: int | None = None) -> Self:
        """An instance of zeros, of today's size or of an older size step."""

    @classmethod
    def guest_defaults(cls, size: int | None = None) -> Self:
        """What a guest whose struct has ``size`` bytes assumes before it asks."""

    @_kept
    @classmethod
    def from_dict(cls, given: Mapping[str, Any], /) -> Self:
        """An instance from a dict as ``to_dict`` makes it."""

    @classmethod
    def from_json(cls, source: str | bytes) -> Self:
        """An instance from what ``to_json`` made."""

    @property
    def valid_size(self) -> int:
        """Bytes of the layout that arrived, at most the struct's size."""

    @property
    def tail(self) -> bytes:
        """Bytes that arrived behind the newest layout we know; kept, never interpreted."""

    @property
    def readonly(self) -> bool:
        """True for a view of a buffer that cannot be written."""

    def pack(self) -> bytes:
        """The bytes, exactly as they arrived or were written."""

    def has_field(self, path: str, /) -> bool:
        """Did the field arrive whole?"""

    def to_dict(self) -> dict[str, Any]:
        """The fields by name, nested as in C; absent ones are left out."""

    def to_json(self) -> str:
        """Text that loses nothing and reads well in a diff."""

    def __getitem__(self, path: str, /) -> Any: ...
    def __setitem__(self, path: str, value: Any, /) -> None: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: dict[int, Any], /) -> Self: ...

class _AnyStruct(Struct):
    """A struct of which a type checker knows no field: made by a call, with no stub that tells of it."""

    def __getattr__(self, name: str, /) -> Any: ...
    def __setattr__(self, name: str, value: Any, /) -> None: ...

@final
class Codec:
    """A layout compiled for one class."""

    def unpack(self, source: Buffer, /) -> Struct: ...
    def view(self, source: Buffer, /) -> Struct: ...
    def from_dict(self, given: Mapping[str, Any], /) -> Struct: ...

@final
class Cases:
    """Which class each value of the field that tells stands for."""

def new_class(
    layout: Layout,
    name: str,
    module: str,
    attributes: dict[str, Any],
    fields: dict[str, Field],
    nested: dict[Layout, type[_AnyStruct]],
    unseen: type | None,
) -> type[_AnyStruct]: ...
