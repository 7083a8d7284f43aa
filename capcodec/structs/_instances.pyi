from typing import Literal

from typing_extensions import Buffer

class Instance: ...

def min_copy(dst: Buffer, src: Buffer, *, tail: Literal["keep", "zero"] = "keep") -> int: ...
