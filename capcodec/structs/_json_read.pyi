from typing import TypeVar

from ._classes import Struct

_S = TypeVar("_S", bound=Struct)

def loads(cls: type[_S], source: str | bytes) -> _S: ...
