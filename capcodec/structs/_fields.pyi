from collections.abc import Callable, Iterator, Mapping, Sequence
from types import GenericAlias
from typing import Any, Generic, SupportsFloat, SupportsIndex, TypeVar, final, overload

from typing_extensions import Self

from ._instances import Instance, _Exporter
from .field import Field

_T = TypeVar("_T")
_S = TypeVar("_S", bound=Instance)
_Got = TypeVar("_Got", covariant=True)
_Given = TypeVar("_Given", contravariant=True)

__pyx_capi__: dict[str, Any]

@final
class Array(Sequence[_T], _Exporter):
    """The elements of an array field, in the struct's own bytes."""

    @classmethod
    def __class_getitem__(cls, element: Any, /) -> GenericAlias: ...
    @property
    def field(self) -> Field:
        """What is known of the field, or of the part of it that this array is."""

    def tolist(self) -> list[Any]:
        """The elements as a list, as in ``to_dict``."""

    def bits(self) -> list[int]:
        """Numbers of the bits that are set, counted on from word to word."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> _T: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[_T]: ...
    @overload
    def __setitem__(self: Array[int], index: SupportsIndex, value: SupportsIndex, /) -> None: ...
    @overload
    def __setitem__(self: Array[float], index: SupportsIndex, value: SupportsFloat | SupportsIndex, /) -> None: ...
    @overload
    def __setitem__(self: Array[_S], index: SupportsIndex, value: _S | Mapping[str, Any], /) -> None: ...
    @overload
    def __setitem__(self: Array[bytes], index: SupportsIndex, value: bytes | bytearray | memoryview, /) -> None: ...
    @overload
    def __setitem__(self: Array[Array[_T]], index: SupportsIndex, value: Sequence[Any], /) -> None: ...
    def __iter__(self) -> Iterator[_T]: ...

@final
class Member(Generic[_Got, _Given]):
    """A field of a class: on the class what is known of it, on an instance its value.

    A stub declares one as a method: what it takes is what the field can be set to, what it returns is the value.
    """

    def __new__(cls, field: Callable[[Any, _Given], _Got], /) -> Self: ...
    @property
    def field(self) -> Field:
        """What is known of the field."""

    @overload
    def __get__(self, instance: None, owner: type, /) -> Field: ...
    @overload
    def __get__(self, instance: Instance, owner: type | None = None, /) -> _Got: ...
    def __set__(self, instance: Instance, value: _Given, /) -> None: ...
    def __delete__(self, instance: Instance, /) -> None: ...
