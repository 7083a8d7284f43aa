from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import GenericAlias
from typing import Any, Generic, Literal, SupportsIndex, TypeVar, final, overload

from typing_extensions import Buffer, Self

from ._classes import Struct
from ._instances import _Exporter
from .field import Field

_S = TypeVar("_S", bound=Struct)

__test__: dict[str, str]

@final
class Column(Sequence[Any], _Exporter):
    @property
    def field(self) -> Field: ...
    @property
    def valid(self) -> memoryview | None: ...
    @property
    def contiguous(self) -> bool: ...
    def tolist(self) -> list[Any]: ...
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> Any: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[Any]: ...

@final
class Batch(Generic[_S]):
    @classmethod
    def __class_getitem__(cls, record: Any, /) -> GenericAlias: ...
    def __new__(
        cls_, cls: type[_S], buffer: Buffer, stride: SupportsIndex, sizes: Iterable[SupportsIndex] | None = None
    ) -> Self: ...
    @property
    def cls(self) -> type[_S]: ...
    @property
    def stride(self) -> int: ...
    @property
    def readonly(self) -> bool: ...
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> _S: ...
    @overload
    def __getitem__(self, index: slice, /) -> Batch[_S]: ...
    def __iter__(self) -> Iterator[_S]: ...
    def column(self, path: str) -> Column: ...
    def columns(
        self, names: Iterable[str] | None = None, out: Mapping[str, Any] | None = None
    ) -> dict[str, Column]: ...

def min_copy_many(
    dst: Buffer,
    src: Buffer,
    dst_stride: int,
    src_stride: int,
    count: int | None = None,
    *,
    dst_size: int | None = None,
    src_size: int | None = None,
    tail: Literal["keep", "zero"] = "keep",
) -> int: ...

@final
class Export:
    """Somebody's contiguous bytes, kept where they are."""

@final
class Gathering:
    """One pass over the records of a batch."""
