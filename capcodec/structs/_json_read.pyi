from typing import TypeVar

from ._classes import Struct

S = TypeVar("S", bound=Struct)

def loads(cls: type[S], source: str | bytes) -> S: ...
