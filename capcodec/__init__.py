"""Pack, unpack, view and min-size-copy virtio-gpu capability sets, at the speed of the memory.

>>> from capcodec import VirglCapsV2, min_copy
>>> guest = VirglCapsV2.guest_defaults(size=380)
>>> min_copy(guest, bytes(1408))
380
"""

from __future__ import annotations

try:
    from ._core import Array, Struct, min_copy
except ModuleNotFoundError as error:
    if error.name != "capcodec._core":
        raise
    raise ImportError(
        "capcodec's extension module is not built here, and there is no slower substitute for it; "
        "install the package with 'pip install .' in its source tree, and do not import it from there"
    ) from error
from .define import define
from .errors import (
    ArgumentError,
    BufferAccessError,
    CapcodecError,
    FieldAbsentError,
    FieldIndexError,
    FieldLengthError,
    FieldRangeError,
    FieldTypeError,
    SchemaError,
    SizeStepError,
    TextError,
    UnknownFieldError,
)
from .registry import (
    VirglCapsBoolSet1,
    VirglCapsV1,
    VirglCapsV2,
    VirglSupportedFormatMask,
    VirglVideoCaps,
)

__version__ = "0.1.0"

__all__ = [
    "ArgumentError",
    "Array",
    "BufferAccessError",
    "CapcodecError",
    "FieldAbsentError",
    "FieldIndexError",
    "FieldLengthError",
    "FieldRangeError",
    "FieldTypeError",
    "SchemaError",
    "SizeStepError",
    "Struct",
    "TextError",
    "UnknownFieldError",
    "VirglCapsBoolSet1",
    "VirglCapsV1",
    "VirglCapsV2",
    "VirglSupportedFormatMask",
    "VirglVideoCaps",
    "define",
    "min_copy",
]
