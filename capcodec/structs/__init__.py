"""From a declaration to a class: offsets, layouts, fields, columns, and the core that turns them into objects."""

import sys
from importlib.machinery import ExtensionFileLoader, ModuleSpec, PathFinder


class _Core:
    """Finds the core's modules in the one shared library that holds them all: PEP 489 allows for that.

    With a library for each module the wheel would be a tenth larger. A build that makes such libraries needs no finder:
    Python asks its own finders first.
    """

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Where a module is, if it is the core's and the library has been built."""
        library = PathFinder.find_spec("_core", __path__) if name.startswith(f"{__name__}._") else None
        if library is None or library.origin is None:
            return None
        return ModuleSpec(name, ExtensionFileLoader(name, library.origin), origin=library.origin)


sys.meta_path.append(_Core)
