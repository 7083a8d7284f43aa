"""Pack, unpack, view and min-size-copy virtio-gpu capability sets, at the speed of the memory.

>>> from capcodec import VirglCapsV2, min_copy
>>> guest = VirglCapsV2.guest_defaults(size=380)
>>> min_copy(guest, bytes(1408))
380
"""

from __future__ import annotations

try:
    from .structs._bulk import Batch, Column, min_copy_many
    from .structs._classes import Struct
    from .structs._fields import Array
    from .structs._instances import min_copy
except ModuleNotFoundError as _error:
    if not (_error.name or "").startswith("capcodec.structs._"):
        raise
    raise ImportError(
        "capcodec's extension module is not built here: this is the source tree, which Python takes for the package "
        "when it starts there. Run 'pip install .' and start Python in another directory, or 'pip install -e .'"
    ) from _error
from .errors import (
    ArgumentError,
    BaselineError,
    BufferAccessError,
    CapcodecError,
    FieldAbsentError,
    FieldIndexError,
    FieldLengthError,
    FieldRangeError,
    FieldTypeError,
    HeaderError,
    KernelError,
    MessageError,
    RepositoryError,
    ResponseError,
    SchemaError,
    SizeStepError,
    SourceError,
    TextError,
    UnknownFieldError,
    UnknownLayoutError,
)
from .structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .capsets import virgl_flags as flags
    from .capsets import virgl_formats as formats
    from .classes import (
        ComposerCapset,
        CrossDomainCapabilities,
        GlesCapset,
        MagmaCapset,
        VirglCapsBoolSet1,
        VirglCapsV1,
        VirglCapsV2,
        VirglRendererCapsetApir,
        VirglRendererCapsetDrm,
        VirglRendererCapsetVenus,
        VirglSupportedFormatMask,
        VirglVideoCaps,
        VulkanCapset,
    )
    from .meaning.diff import diff
    from .meaning.gl import gl
    from .meaning.guest_view import guest_view
    from .meaning.identify import identify
    from .meaning.lint import lint
    from .meaning.many import Answers
    from .registry import capset_for
    from .structs.dtype import numpy_dtype

__version__ = "0.1.0"


def get_include() -> str:
    """Directory of the core's C headers, for the build of code that cimports capcodec."""
    import os

    here = os.path.dirname(__file__)
    installed = os.path.join(here, "include")
    # An editable install imports from the source tree, where they lie in src/
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(here), "src")


# What is imported only when first asked for: names, each from its module; and the public modules
_NAMES = {
    "Answers": "meaning.many",
    "capset_for": "registry",
    "diff": "meaning.diff",
    "gl": "meaning.gl",
    "guest_view": "meaning.guest_view",
    "identify": "meaning.identify",
    "lint": "meaning.lint",
    "numpy_dtype": "structs.dtype",
}
_MODULES = (
    "captures",
    "classes",
    "errors",
    "files",
    "fleet",
    "flow",
    "meaning",
    "measure",
    "messages",
    "registry",
    "schema",
    "sources",
    "testing",
    "vhost",
    "vtest",
)
_CONSTANTS = {"flags": "capsets.virgl_flags", "formats": "capsets.virgl_formats"}


def __getattr__(name: str) -> object:
    """What not every program needs: what bytes mean, and the capsets, each defined when it is first asked for."""
    found: object = None
    if name in _NAMES or name in _MODULES or name in _CONSTANTS:
        from importlib import import_module

        module = import_module(f".{_NAMES.get(name) or _CONSTANTS.get(name, name)}", __name__)
        found = getattr(module, name) if name in _NAMES else module
    elif name[:1].isupper():
        from .registry import class_named

        found = class_named(name)
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names, those among them that are not imported yet too."""
    return sorted([*__all__, *_MODULES, "__version__"])


__all__ = [
    "Answers",
    "ArgumentError",
    "Array",
    "BaselineError",
    "Batch",
    "BufferAccessError",
    "CapcodecError",
    "Column",
    "ComposerCapset",
    "CrossDomainCapabilities",
    "FieldAbsentError",
    "FieldIndexError",
    "FieldLengthError",
    "FieldRangeError",
    "FieldTypeError",
    "GlesCapset",
    "HeaderError",
    "KernelError",
    "MagmaCapset",
    "MessageError",
    "RepositoryError",
    "ResponseError",
    "SchemaError",
    "SizeStepError",
    "SourceError",
    "Struct",
    "TextError",
    "UnknownFieldError",
    "UnknownLayoutError",
    "VirglCapsBoolSet1",
    "VirglCapsV1",
    "VirglCapsV2",
    "VirglRendererCapsetApir",
    "VirglRendererCapsetDrm",
    "VirglRendererCapsetVenus",
    "VirglSupportedFormatMask",
    "VirglVideoCaps",
    "VulkanCapset",
    "capset_for",
    "define",
    "diff",
    "flags",
    "formats",
    "get_include",
    "gl",
    "guest_view",
    "identify",
    "lint",
    "min_copy",
    "min_copy_many",
    "numpy_dtype",
]
