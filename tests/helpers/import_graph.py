"""Who imports whom: of every module of the package, the Cython modules and the C headers of its core among them.

All imports count, wherever they stand: at the top, in a function, for type checkers only, in stubs, and cimports.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

Graph = dict[str, set[str]]

ROOT = "capcodec"
CORE = f"{ROOT}.structs"  # where the core's modules are
CYTHON = re.compile(r"^\s*(?:from\s+([\w.]+)\s+)?c?import\s+(?:\(([^)]*)\)|([^\n#(]*))", re.MULTILINE)
INCLUDE = re.compile(r'^\s*(?:#\s*include|cdef extern from)\s+"([\w.]+)"', re.MULTILINE)


def read(tree: Path) -> Graph:
    """The graph of a source tree, which has ``capcodec/`` and ``src/``."""
    names = {module_name(path.relative_to(tree)) for path in python_files(tree)}
    names |= {
        f"{CORE}.{path.stem}" for path in [*(tree / "src").glob("*.pyx"), *(tree / ROOT / "structs").glob("*.pxd")]
    }
    headers = {path.name: path for path in (tree / "src").glob("*.h")}
    graph: Graph = {name: set() for name in [*names, *headers]}
    for path in python_files(tree):
        name = module_name(path.relative_to(tree))
        package = name if path.stem == "__init__" else name.rpartition(".")[0]
        graph[name] |= known(python_imports(ast.parse(path.read_text()), package), names)
    for path in [*(tree / "src").glob("*.p??"), *(tree / ROOT).rglob("*.pxd")]:
        name = module_name(path.relative_to(tree)) if path.is_relative_to(tree / ROOT) else f"{CORE}.{path.stem}"
        text = path.read_text()
        graph[name] |= known(cython_imports(text), names) - {name}
        graph[name] |= set(INCLUDE.findall(text)) & set(headers)
    for header, path in headers.items():
        graph[header] = set(INCLUDE.findall(path.read_text())) & set(headers)
    return graph


def python_files(tree: Path) -> Iterator[Path]:
    for pattern in ("*.py", "*.pyi"):
        yield from (tree / ROOT).rglob(pattern)


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def python_imports(tree: ast.AST, package: str) -> Iterator[tuple[str, str]]:
    """Module and name of each import; the name is empty where a module is imported by itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            yield from ((base, alias.name) for alias in node.names)
        elif isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func):
            argument = node.args[0] if node.args else None
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield (package if argument.value.startswith(".") else "") + argument.value, ""


def cython_imports(text: str) -> Iterator[tuple[str, str]]:
    for base, lines, line in CYTHON.findall(text):
        if base.startswith("."):
            base = (CORE + base).rstrip(".")
        for name in (lines or line).split(","):
            if name := name.split(" as ")[0].strip():
                yield (base, name) if base else (name, "")


def known(imports: Iterator[tuple[str, str]], names: set[str]) -> set[str]:
    """Those of the imports that are modules of the package."""
    found = set()
    for base, name in imports:
        module = f"{base}.{name}" if f"{base}.{name}" in names else base
        if module in names:
            found.add(module)
    return found


def climbs(graph: Graph, floors: list[set[str]]) -> list[str]:
    """Imports of something that stands on a higher floor than the importer."""
    level = {room: i for i, rooms in enumerate(floors) for room in rooms}
    return sorted(
        f"{importer} imports {imported}"
        for importer, found in graph.items()
        for imported in found
        if level[room_of(imported)] > level[room_of(importer)]
    )


def room_of(module: str) -> str:
    """What a floor lists: a package within the package, or a module that stands beside these; or the core's headers."""
    if module.endswith(".h"):
        return "C headers"
    return module.split(".")[1] if "." in module else module


def circles(graph: Graph) -> list[str]:
    """Modules that import one another, be it through others. Empty if they can be put in an order."""
    left = dict(graph)
    while free := [
        name
        for name, found in left.items()
        if not found & left.keys() or not any(name in others for others in left.values())
    ]:
        for name in free:
            del left[name]
    return sorted(left)
