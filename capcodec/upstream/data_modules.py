"""The text of the package's data modules: tables that a harvest writes, in the style of those that stand there."""

from __future__ import annotations

import ast
import re

from ..errors import HeaderError
from .model import Scalar, Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .harvest import Origin
    from .model import Field

SCALARS = {
    ("unsigned", 1): "u8",
    ("unsigned", 2): "u16",
    ("unsigned", 4): "u32",
    ("unsigned", 8): "u64",
    ("signed", 1): "s8",
    ("signed", 2): "s16",
    ("signed", 4): "s32",
    ("signed", 8): "s64",
    ("float", 4): "f32",
    ("float", 8): "f64",
    ("char", 1): "char",
    ("bool", 1): "u8",
    ("pointer", 4): "u32",
    ("pointer", 8): "u64",
}


def marks(name: str, origins: Mapping[str, Origin] | Mapping[int, Origin]) -> str:
    """A table of marks, by the name of a field or the number of a bit."""
    lines = []
    for key, origin in origins.items():
        size = [] if origin.size is None else [str(origin.size)]
        told = [origin.commit, origin.date, *([origin.release] if origin.release else [])]
        call = "since" if origin.size is None else "step"
        remark = ""
        if origin.renamed:
            old, commit, date, release = origin.renamed
            remark = f"  # as {old}; renamed in {commit} ({date}, {release or 'not released'})"
        lines.append(f"    {_key(key)}: {call}({', '.join([*size, *map(_text, told)])}),{remark}\n")
    return f"{name} = {{\n{''.join(lines)}}}\n"


def names(name: str, flags: Mapping[int, str], origins: Mapping[int, Origin]) -> str:
    """A table of the names of flags, by the number of the bit."""
    lines = []
    for bit, flag in flags.items():
        renamed = origins[bit].renamed
        remark = f"  # {renamed[0]} until {renamed[1]}" if renamed else ""
        lines.append(f"    {bit}: {_text(flag)},{remark}\n")
    return f"{name} = {{\n{''.join(lines)}}}\n"


def rows(name: str, table: Iterable[tuple[object, ...]]) -> str:
    """A table of rows."""
    lines = [f"    ({', '.join(_key(value) for value in row)}),\n" for row in table]
    return f"{name} = (\n{''.join(lines)})\n"


def with_tables(text: str, tables: Mapping[str, str]) -> str:
    """The text of a module with these tables instead of those that it has, or behind them where it lacks one.

    A table that has none before it comes before the first statement that names one, or to the end.

    Args:
        text: of the module.
        tables: by name, in the order in which they stand.
    """
    at = None  # behind the last table
    for name, table in tables.items():
        found = re.search(rf"^{name}(: [^\n=]+)? = [({{].*?^[)}}]\n", text, re.MULTILINE | re.DOTALL)
        if found:
            table = name + (found[1] or "") + table.removeprefix(name)
            text = text[: found.start()] + table + text[found.end() :]
            at = found.start() + len(table)
            continue
        if at is None:
            at = _first_use(text, tables)
            head = text[:at].rstrip("\n")
            gap = "\n" if head.rpartition("\n")[2].startswith("#") else "\n\n"
            rest = text[at:].lstrip("\n")
            text = head + gap + table + ("\n" + rest if rest else "")
            at = len(head + gap + table)
        else:
            text = text[:at] + "\n" + table + text[at:]
            at += 1 + len(table)
    return text


def _first_use(text: str, tables: Iterable[str]) -> int:
    """Where the first statement starts that names a table; the end of the text if none does."""
    for node in ast.parse(text).body:
        if any(isinstance(part, ast.Name) and part.id in tables for part in ast.walk(node)):
            return sum(len(line) + 1 for line in text.split("\n")[: node.lineno - 1])
    return len(text)


def with_fields(text: str, struct: str, fields: Iterable[Field]) -> str:
    """The text of a module with more fields at the end of a struct that it declares.

    Args:
        text: of the module.
        struct: name of the variable that the struct is.
        fields: to add. They come without a meaning, which no header has.

    Raises:
        HeaderError: the module does not declare the struct, or a field is of a type that it does not have.
    """
    for field in fields:
        found = re.search(rf"^{struct}(?:: Schema)? = struct\(\n(?:.*\n)*?(?=    doc=)", text, re.MULTILINE)
        if not found:
            raise HeaderError(f"there is no struct {struct} to which {field.name} could be added")
        called = type_name(field)
        if isinstance(field.type, Struct) and not re.search(rf"^{called}(?:: Schema)? = struct\($", text, re.MULTILINE):
            raise HeaderError(f"{struct}.{field.name} is of {field.type.title}, which has to be declared first")
        text = text[: found.end()] + f"    {called}({_text(declarator(field))}),\n" + text[found.end() :]
        if isinstance(field.type, Scalar):
            text = _imported(text, called)
    return text


def type_name(field: Field) -> str:
    """The type of a field, as :mod:`capcodec.schema` calls it.

    Raises:
        HeaderError: it has no such type.
    """
    if isinstance(field.type, Struct):
        return field.type.name
    found = SCALARS.get((field.type.kind, field.type.size))
    if found is None:
        raise HeaderError(f"{field.name} is a {field.type.name}, which no schema has")
    return found


def declarator(field: Field) -> str:
    """Name with counts or bits."""
    if field.bits is not None:
        return f"{field.name}:{field.bits}"
    return field.name + "".join(f"[{count}]" for count in field.dims)


def _imported(text: str, name: str) -> str:
    """The text with a name among what it imports from the schema module."""
    found = re.search(r"^from \.\.schema import (.+)$", text, re.MULTILINE)
    if not found or name in found[1].split(", "):
        return text
    both = sorted([*found[1].split(", "), name], key=lambda word: (word.islower(), word))
    return text[: found.start(1)] + ", ".join(both) + text[found.end(1) :]


def _key(value: object) -> str:
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
