"""What type checkers are told of structs: a class of a stub from its layout, a module of stubs from a module.

A stub says of ``caps.max_samples`` that it is an int which can be set, of ``VirglCapsV2.max_samples`` that it is a
Field, and refuses names that no field has. ``capcodec stubs`` writes one beside the module that defines the classes.
"""

from __future__ import annotations

import ast
import keyword
import re
import sys
from textwrap import wrap

from ..schema import Schema
from ._classes import Struct
from .define import define
from .described import WIDTH, described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from typing import Any

    from .field import Field

OWN_MODULES = {"capcodec": "capcodec.classes"}  # whose stub has the classes that another module gives
MASK_OPERATORS = ("or", "ror", "and", "rand", "sub", "rsub")
LONGEST_LINE = 120
_COMMIT = re.compile(", [0-9a-f]{12}, [0-9-]{10}(?=[)]$)", re.MULTILINE)  # and its date, which no hover needs
LONGEST_VALUE = 60  # characters of a constant that a stub shows

# What a value of each kind is when it is read, and what it can be set to
READ = {"unsigned": "int", "signed": "int", "float": "float", "char": "bytes"}
SET = {
    "unsigned": "SupportsIndex",
    "signed": "SupportsIndex",
    "float": "SupportsFloat | SupportsIndex",
    "char": "bytes | bytearray | memoryview",
}


def module_stub(module: ModuleType, source: str) -> str:
    """The stub of a module: its classes of structs as checkers shall see them, all else as in its source.

    Args:
        module: imported.
        source: its text.

    Raises:
        SyntaxError: the source is no Python.
    """
    # ast.parse of Python 3.14 drops docstrings where the interpreter does
    tree = compile(source, module.__name__, "exec", ast.PyCF_ONLY_AST, dont_inherit=True, optimize=0)
    assert isinstance(tree, ast.Module)
    return _Writer(module, tree).text()


class _Writer:
    """The lines of one stub, and what it has to import."""

    def __init__(self, module: ModuleType, tree: ast.Module) -> None:
        self.module = module
        self.tree = tree
        exported = _exported(module)  # in that order, whichever of them somebody asked for first
        names = [*(name for name in vars(module) if name not in exported), *exported]
        self.values = {name: getattr(module, name, None) for name in names}
        self.classes = {id(value): name for name, value in reversed(self.values.items()) if _is_class(value)}
        self.classes.update((id(value), name) for name, value in self.values.items() if _is_class_named(value, name))
        self.imports: dict[str, set[str]] = {}
        self.kept: list[ast.Import | ast.ImportFrom] = []  # imports
        self.lines: list[str] = []
        self.bound: set[str] = set()

    def text(self) -> str:
        docstring = ast.get_docstring(self.tree)
        for node in self.tree.body[docstring is not None :]:
            self.statement(node)
        for name, value in self.values.items():
            if name not in self.bound and not name.startswith("_") and not isinstance(value, type(sys)):
                self.value(name, value)
        package, above, _ = self.module.__name__.partition(".")
        for module, names in self.imports.items():
            aliases = [ast.alias(*name.split(" as ")) for name in sorted(names)]
            own = above and module.startswith(f"{package}.")
            level = self.module.__name__.count(".") if own else 0
            self.kept.append(ast.ImportFrom(module.removeprefix(f"{package}.") if own else module, aliases, level))
        body = "\n".join(self.lines)
        words = {*re.findall(r"\w+", body), *_exported(self.module)}
        head = [f"# Written by `capcodec stubs {self.module.__name__}`: do not edit"]
        head += _docstring(docstring, "") if docstring else []
        return "\n".join([*head, "", *_import_lines(self.kept, words), "", body]).rstrip() + "\n"

    def use(self, module: str, name: str) -> str:
        """The name by which the stub knows something that it imports."""
        known = self.values.get(name)
        other = name in self.values and getattr(sys.modules.get(module), name, None) is not known
        self.imports.setdefault(module, set()).add(f"{name} as _{name}" if other else name)
        return f"_{name}" if other else name

    # -- statements of the source

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            for inner in node.body:
                self.statement(inner)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self.kept.append(node)
            self.bound.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.bound.add(node.name)
            if node.name not in ("__getattr__", "__dir__"):  # names are what __all__ says
                self.lines += [ast.unparse(_without_bodies(node)), ""]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            self.bound.add(node.target.id)
            self.lines.append(f"{node.target.id}: {ast.unparse(node.annotation)}")
        elif isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
            for target in node.targets:
                assert isinstance(target, ast.Name)
                if target.id not in self.bound:
                    self.bound.add(target.id)
                    self.value(target.id, self.values.get(target.id), ast.unparse(node.value))

    def value(self, name: str, value: object, source: str = "") -> None:
        """Declare a name of the module by what it is."""
        if name == "TYPE_CHECKING" and _exported(self.module):
            return
        if name == "__all__":
            self.lines += [
                *self.gap(),
                "__all__ = [",
                *(f'    "{public}",' for public in sorted(_exported(self.module))),
                "]",
            ]
        elif _is_class(value):
            if self.classes[id(value)] == name:
                self.class_(name, value)
            else:
                self.lines.append(f"{name} = {self.classes[id(value)]}")
        elif isinstance(value, Schema):
            self.lines.append(f"{name}: {self.use('capcodec.schema', 'Schema')}")
        elif name.isupper() and type(value) in (bool, int, str, bytes) and len(repr(value)) <= LONGEST_VALUE:
            self.lines.append(f"{name}: {self.use('typing', 'Final')} = {value!r}")
        else:
            found = _annotation(value)
            if not found and not source:
                found = self.use("typing", "Any")
            self.lines.append(f"{name}: {found}" if found else f"{name} = {source}")

    def gap(self) -> list[str]:
        return [""] if self.lines and self.lines[-1] else []

    # -- classes

    def class_(self, name: str, cls: Any) -> None:
        lines = [f"@{self.use('typing', 'final')}", f"class {name}({self.use('capcodec.structs._classes', 'Struct')}):"]
        lines += [*_docstring(_wrapped(cls.__doc__ or name), "    "), ""]
        if cls.capset_id is not None:
            lines += [f"    capset_id: {self.use('typing', 'ClassVar')}[int]", ""]
        keywords = []
        for attribute, field in attributes(cls).items():
            if attribute.startswith("__"):  # which a class statement would take for private
                continue
            got, given = self.types(field)
            if field.name.isidentifier() and not keyword.iskeyword(field.name):
                keywords.append(f"        {field.name}: {given} = ...,")
            if not keyword.iskeyword(attribute):
                lines.append(f"    @{self.use('capcodec.structs._fields', 'Member')}")
                head = ["    def ", attribute, "(", f"self, value: {given}, /", f") -> {got}:"]
                fits = sum(map(len, head)) <= LONGEST_LINE
                lines += ["".join(head)] if fits else ["".join(head[:3]), f"        {head[3]}", f"    {head[4]}"]
                lines += [*_docstring(_COMMIT.sub("", described(field, brief=True)), "        "), ""]
        buffer, own = self.use("typing_extensions", "Buffer"), self.use("typing_extensions", "Self")
        first, source = (_free(name, [field.name for field in attributes(cls).values()]) for name in ("cls", "source"))
        lines += [
            "    def __new__(",
            f"        {first},",
            f"        {source}: {buffer} = ...,",
            "        /,",
            "        *,",
        ]
        lines += [*keywords, f"    ) -> {own}: ..."]
        if cls.layout.schema.mask:
            iterator = self.use("collections.abc", "Iterator")
            other = f"{own} | {self.use('collections.abc', 'Set')}[{self.use('typing', 'SupportsIndex')}]"
            lines.append(f"    def __contains__(self, number: {self.use('typing', 'SupportsIndex')}, /) -> bool: ...")
            lines.append(f"    def __iter__(self) -> {iterator}[int]: ...")
            lines.append("    def __len__(self) -> int: ...")
            lines += [f"    def __{name}__(self, other: {other}, /) -> {own}: ..." for name in MASK_OPERATORS]
        else:
            lines += ["    __contains__: None", "    __iter__: None"]
        self.lines += [*self.gap(), *lines, ""]

    def types(self, field: Field) -> tuple[str, str]:
        """What the field is when it is read, and what it can be set to."""
        dims = field.dims
        if field.layout is not None:
            got = self.name_of(define(field.layout.schema, module=self.module.__name__))
            given = f"{got} | {self.use('collections.abc', 'Mapping')}[str, {self.use('typing', 'Any')}]"
        else:
            kind = field.member.type.kind  # type: ignore[union-attr]
            dims = dims[:-1] if kind == "char" else dims
            got, given = READ[kind], SET[kind]
            for name in re.findall(r"Supports\w+", given):
                given = given.replace(name, self.use("typing", name))
        for _ in dims:
            got = f"{self.use('capcodec.structs._fields', 'Array')}[{got}]"
            given = f"{self.use('collections.abc', 'Sequence')}[{given}]"
        return got, given

    def name_of(self, cls: type[Struct]) -> str:
        """How the stub names a class: by the module's own name, or imported; or it gets a private one."""
        known = self.classes.get(id(cls))
        if known is not None:
            return known
        home = OWN_MODULES.get(cls.__module__, cls.__module__)
        if home != self.module.__name__ and getattr(sys.modules.get(home), cls.__name__, None) is cls:
            return self.use(home, cls.__name__)
        name = self.classes[id(cls)] = "_" + cls.__name__
        self.class_(name, cls)
        return name


def attributes(cls: type[Struct]) -> dict[str, Field]:
    """The fields of a class by the attributes that they are: ``size_`` of one that is named ``size``."""
    named = {id(field): field for field in (*cls.layout.fields.values(), *cls.layout.folded.values())}
    found = {name: getattr(cls, name) for name in vars(cls) if name not in ("_codec",)}
    return {name: field for name, field in found.items() if id(field) in named}


def _is_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Struct) and value is not Struct


def _is_class_named(value: object, name: str) -> bool:
    return _is_class(value) and getattr(value, "__name__", "") == name


def _exported(module: ModuleType) -> list[str]:
    return list(getattr(module, "__all__", ()))


def _without_bodies(node: ast.stmt) -> ast.stmt:
    if isinstance(node, ast.ClassDef):
        node.body = [_without_bodies(inner) for inner in node.body]
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        documented = ast.get_docstring(node) is not None
        node.body = [*node.body[:documented], ast.Expr(ast.Constant(...))][: 1 + documented]
    return node


def _free(name: str, taken: list[str]) -> str:
    return name if name not in taken else _free(name + "_", taken)


def _annotation(value: object) -> str:
    """The type of a constant; empty if it is none."""
    if type(value) in (bool, int, float, str, bytes):
        return type(value).__name__
    if type(value) is tuple:
        parts = [_annotation(part) for part in value]
        if len(set(parts)) == 1 and len(parts) > 1:
            return f"tuple[{parts[0]}, ...]" if parts[0] else ""
        return f"tuple[{', '.join(parts) or '()'}]" if all(parts) else ""
    if type(value) is dict and value:
        keys, found = ({_annotation(part) for part in parts} for parts in (value, value.values()))
        single = len(keys) == len(found) == 1 and all((*keys, *found))
        return f"dict[{keys.pop()}, {found.pop()}]" if single else ""
    return ""


def _wrapped(text: str) -> str:
    return "\n".join("\n".join(wrap(line, WIDTH)) for line in text.split("\n"))


def _docstring(text: str, indent: str) -> Iterator[str]:
    """The lines of a docstring, whatever is in the text."""
    safe = "".join(
        char if char == "\n" or (char.isprintable() and char != "\\") else ascii(char)[1:-1] for char in text
    )
    safe = safe.replace('"""', r"\"\"\"")
    safe = safe[:-1] + r"\"" if safe.endswith('"') else safe
    lines = safe.split("\n")
    if len(lines) == 1:
        yield f'{indent}"""{safe}"""'
        return
    yield f'{indent}"""{lines[0]}'
    yield from (f"{indent}{line}".rstrip() for line in lines[1:])
    yield f'{indent}"""'


def _import_lines(kept: list[ast.Import | ast.ImportFrom], words: set[str]) -> list[str]:
    """Imports of what stands in the stub: of the standard library, of other packages, of one's own."""
    blocks: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for node in kept:
        node.names = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in words]
        name = (node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name) if node.names else ""
        if not node.names or name == "__future__":
            continue
        own = isinstance(node, ast.ImportFrom) and node.level
        block = 2 if own else 0 if name.partition(".")[0] in sys.stdlib_module_names else 1
        blocks[block].append(ast.unparse(node))
    return "\n\n".join("\n".join(sorted(set(lines))) for lines in blocks.values() if lines).split("\n")
