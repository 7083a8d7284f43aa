"""A C header, unmodified, as the compiler reads it: layouts, enumerators, and what its ``#define``s are worth."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from ..errors import HeaderError
from . import dwarf, macros
from .compiler import CompilerError, compiler, workplace
from .model import Constant, Enum, Header, Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .compiler import Compiler

MAX_HEADER = 8 << 20  # bytes of a header
MAX_TRIES = 12  # defines that are tried where a header shows nothing
ROUNDS = 8  # of asking the compiler which macros have a value
PROBE = "capcodec-constants"  # the file in which the compiler says that it meets them
_DIRECTIVE = re.compile(r'^\s*#\s*include\s*([<"])([^">\n]+)[">]', re.MULTILINE)
_CONDITION = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|elif)\b(.*)$", re.MULTILINE)
_UNDECLARED = re.compile(r"^(?:use of undeclared identifier )?['\u2018](\w+)['\u2019](?: undeclared|$)")
_NAMED = re.compile(r"\b([A-Za-z_]\w*)[ \t]*=\s*([A-Za-z_]\w*)\s*(?:[,}\n]|/[/*])")


class Options(NamedTuple):
    """How a header is to be compiled.

    Attributes:
        includes: headers that it needs to be included before it: ``stdint.h``.
        defines: macros, as after ``-D``: ``NAME`` or ``NAME=VALUE``.
        directories: where headers are looked for, as after ``-I``. Besides these and the compiler's own, only the
            directory of the header itself is read.
    """

    includes: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()


PLAIN = Options()


def read_file(path: str, options: Options = PLAIN) -> Header:
    """Read a header from disk.

    Args:
        path: of the header.
        options: how it is to be compiled.

    Raises:
        HeaderError: it does not compile, and the compiler's line says why; or it reaches beyond its bounds.
    """
    real = os.path.realpath(path)
    if not os.path.isfile(real):
        raise HeaderError(f"{path}: {'is no regular file' if os.path.exists(real) else 'no such file'}")
    with open(real, "rb") as file:
        text = file.read(MAX_HEADER + 1)
    with workplace() as place:
        return _read(path, real, text, options, place, [os.path.dirname(real), *options.directories])


def read_text(name: str, text: bytes, options: Options = PLAIN, beside: Mapping[str, bytes] | None = None) -> Header:
    """Read a header that is in memory, such as one of a commit.

    Args:
        name: its path in its tree.
        text: the header.
        options: how it is to be compiled. Its directories are those of the tree, where the tree has them.
        beside: by path in the tree, the files that it may include. No such file is looked for on disk.

    Raises:
        HeaderError: as for :func:`read_file`.
    """
    with workplace() as place:
        tree = place / "tree"
        for path, data in {**(beside or {}), name: text}.items():
            target = Path(os.path.realpath(tree / path))
            if tree not in target.parents:
                raise HeaderError(f"{name}: the path {path} leads out of its tree")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        own = tuple(str(tree / path) for path in options.directories if not os.path.isabs(path))
        outer = tuple(path for path in options.directories if os.path.isabs(path))
        moved = options._replace(directories=own + outer)
        return _read(name, str(tree / name), text, moved, place, [str(tree), *outer])


def included(text: bytes) -> list[tuple[str, bool]]:
    """The names that a header includes, under whatever conditions; and for each, is it looked for beside the header?"""
    return [(name, quote == '"') for quote, name in _DIRECTIVE.findall(text.decode(errors="replace"))]


def _read(name: str, real: str, text: bytes, options: Options, place: Path, roots: Sequence[str]) -> Header:
    if len(text) > MAX_HEADER:
        raise HeaderError(f"{name} has more than {MAX_HEADER} bytes")
    try:
        made = _compiled(name, real, text, options, place, roots)
    except HeaderError as error:
        told = re.sub(r"^it\.c:\d+:(?:\d+:)? ", "", str(error))
        told = told.replace(real, name).replace(f"{place}/tree/", "").replace(f"{place}/", "")
        raise HeaderError(told if name in told else f"{name}: {told}") from None
    if made.shows_nothing and not options.defines:
        hints = [define for define in _conditions(text, made) if _shows(define, real, text, options, place, roots)]
        if hints:
            raise HeaderError(
                f"{name} declares nothing without a define; it would with "
                + " or ".join(f"-D {hint}" for hint in hints)
            )
    return made


def _shows(define: str, real: str, text: bytes, options: Options, place: Path, roots: Sequence[str]) -> bool:
    try:
        return not _compiled("", real, text, options._replace(defines=(define,)), place, roots).shows_nothing
    except HeaderError:
        return False


def _conditions(text: bytes, header: Header) -> list[str]:
    """Macros that the conditions of a header ask for, the guard of the header itself left out."""
    words = re.findall(r"[A-Za-z_]\w*", " ".join(_CONDITION.findall(text.decode(errors="replace"))))
    known = {"defined", *header.valueless, *header.constants}
    return [word for word in dict.fromkeys(words) if word not in known][:MAX_TRIES]


def _compiled(name: str, real: str, text: bytes, options: Options, place: Path, roots: Sequence[str]) -> Header:
    tool = compiler()
    source = place / "it.c"
    before = "".join(f"#include <{include}>\n" for include in options.includes)
    start = before + f'#include "{_quoted(real)}"\n'
    flags = [f"-D{define}" for define in options.defines] + [f"-I{path}" for path in options.directories]
    source.write_text(start, errors="surrogateescape")
    try:
        listing, files = tool.preprocess(source, flags)
    except CompilerError as error:
        raise _hinted(error, real, roots, tool) from None
    for file in files:
        if not _inside(file, [*roots, *tool.directories]):
            raise HeaderError(f"it includes {file}, which lies outside; -I would let it")
    defined = macros.defined(listing.decode(errors="replace"), real)
    declared, values = _asked(tool, source, start, flags, defined, real, roots)
    named = dict(_NAMED.findall(text.decode(errors="replace")))
    places = {struct.file for struct in declared.structs} | {enum.file for enum in declared.enums}
    here = {file for file in places if file == real or os.path.realpath(file) == real}
    own = {struct.title: struct for struct in declared.structs if struct.file in here}
    return Header(
        name,
        {title: _renamed(struct, name) for title, struct in own.items()},
        tuple(
            _renamed(_aliased(enum, named), name)
            for enum in declared.enums
            if enum.file in here and not enum.members[0].name.startswith("capcodec_")
        ),
        {
            macro: Constant(macro, values[macro], body if body in values and body != macro else "", line)
            for macro, (body, line) in defined.items()
            if macro in values
        },
        {struct.title: struct for struct in declared.structs if struct.title not in own},
        options.includes,
        options.defines,
        (name, *(file for file in files if file != real)),
        tuple(macro for macro in defined if macro not in values),
    )


def _asked(
    tool: Compiler,
    source: Path,
    start: str,
    flags: Sequence[str],
    defined: Mapping[str, tuple[str, int]],
    real: str,
    roots: Sequence[str],
) -> tuple[dwarf.Declarations, dict[str, int | float | bytes]]:
    """What is declared, and what the macros are worth: integers as enumerators, anything else as initialized data."""
    names = [macro for macro, (body, _) in defined.items() if macros.may_be_worth(body)]
    probes = {
        index: "data" if defined[macro][0].lstrip("( ").startswith(('"', "L", "u")) else "enum"
        for index, macro in enumerate(names)
    }
    for _ in range(ROUNDS):
        lines = [
            f"enum {{ capcodec_{index} = ({names[index]}) }};"
            if kind == "enum"
            else f"static const __typeof__({names[index]}) capcodec_{index} __attribute__((used)) = {names[index]};"
            for index, kind in probes.items()
        ]
        lines.append("enum { capcodec_end };")  # without anything, there would be no debugging information
        source.write_text(start + f'#line 1 "{PROBE}"\n' + "\n".join(lines) + "\n", errors="surrogateescape")
        try:
            made = tool.compile(source, flags)
            break
        except CompilerError as error:
            if any(file == PROBE and line >= len(lines) for file, line, _ in error.messages):
                _compile_alone(tool, source, start, flags, real, roots)  # the header does not end where its file does
                raise _hinted(error, real, roots, tool) from None
            unknown = {name for _, _, text in error.messages for name in _UNDECLARED.findall(text)}
            # The compiler names an unknown identifier once, wherever else it stands
            lost = {index for index in probes if unknown & macros.words(names[index], defined)}
            wrong = {line for file, line, _ in error.messages if file == PROBE and line < len(lines)}
            if not lost and (not wrong or any(file != PROBE for file, _, _ in error.messages)):
                raise _hinted(error, real, roots, tool) from None
            for place, index in enumerate(list(probes)):
                if index in lost or (place + 1 in wrong and not lost and probes[index] == "data"):
                    del probes[index]
                elif place + 1 in wrong and not lost:
                    probes[index] = "data"
    else:
        raise HeaderError("the compiler does not come to an end with its #defines")
    with open(made, "rb") as file:
        declared = dwarf.read(file)
    numbers = {member.name: member.value for enum in declared.enums for member in enum.members}
    found = {**declared.values, **numbers}
    return declared, {names[index]: found[f"capcodec_{index}"] for index in probes if f"capcodec_{index}" in found}


def _compile_alone(
    tool: Compiler, source: Path, start: str, flags: Sequence[str], real: str, roots: Sequence[str]
) -> None:
    """Compile a header with nothing behind it, for an error that names a line of its own."""
    source.write_text(start, errors="surrogateescape")
    try:
        tool.compile(source, flags)
    except CompilerError as error:
        raise _hinted(error, real, roots, tool) from None


def _aliased(enum: Enum, named: Mapping[str, str]) -> Enum:
    """The enum, with members that the header numbers by another's name marked so."""
    names = {member.name for member in enum.members}
    members = [
        member._replace(same_as=named[member.name]) if named.get(member.name) in names else member
        for member in enum.members
    ]
    return enum._replace(members=tuple(members))


def _renamed(declared: Struct | Enum, name: str) -> Any:
    return declared._replace(file=name)


def _inside(file: str, roots: Sequence[str]) -> bool:
    return any(file.startswith(os.path.join(os.path.realpath(root), "")) for root in roots)


def _hinted(error: CompilerError, real: str, roots: Sequence[str], tool: Compiler) -> HeaderError:
    """The compiler's first error, unless it quotes a file that it should not have read; with what would help."""
    for file, _, text in error.messages:
        own = file.startswith(("it.c", PROBE)) or tool.owns(file)
        if not own and not _inside(os.path.realpath(file), [*roots, *tool.directories]):
            return HeaderError(f"it includes {file}, which lies outside; -I would let it")
        missing = re.search(r"unknown type name .(u?int(?:8|16|32|64|ptr)_t|s?size_t|bool)\b", text)
        if missing and file == real:
            wanted = {"bool": "stdbool.h", "size_t": "stddef.h", "ssize_t": "sys/types.h"}.get(missing[1], "stdint.h")
            return HeaderError(f"{error}; --include {wanted} may help")
    return error


def _quoted(path: str) -> str:
    if any(char in path for char in '"\n\\'):
        raise HeaderError(f"{path!r}: no #include can name it")
    return path
