from typing import Any, Literal

from typing_extensions import Buffer, disjoint_base

__pyx_capi__: dict[str, Any]

class _Exporter:
    """What exports the buffer protocol. Until Python 3.12 this shows in no attribute."""

    def __buffer__(self, flags: int, /) -> memoryview: ...

@disjoint_base
class Instance(_Exporter):
    """What all structs are: bytes, their own or borrowed."""

def min_copy(dst: Buffer, src: Buffer, *, tail: Literal["keep", "zero"] = "keep") -> int: ...
