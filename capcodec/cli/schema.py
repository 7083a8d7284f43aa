"""``capcodec schema``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .abi import add_compile_arguments
from .commands import add, add_json
from .output import print_json, stdout

if TYPE_CHECKING:
    import argparse

    from ..upstream.schema_text import Declared
    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "schema",
        "Print a Python module that declares a struct of a C header, for capcodec.define.",
        """
        capcodec schema new.h point > point.py    # a module to import
        capcodec schema new.h point --json
        """,
        epilog="Needs a C compiler, and the extra 'upstream'. With --git the struct's size steps come with it.",
    )
    parser.add_argument("header", metavar="HEADER", help="the header; with --git, its path in the repository")
    parser.add_argument("struct", metavar="STRUCT", help="tag or typedef of the struct")
    parser.add_argument("--git", metavar="REPO", help="read the header, and its history, from this repository")
    add_compile_arguments(parser)
    add_json(parser, "the struct's name and size, and the module as text")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from ..structs.layout import layout_of

    found = declared(arguments, arguments.header, arguments.struct)
    if arguments.json:
        print_json({"struct": found.schema.name, "size": layout_of(found.schema).size, "module": found.text()})
    else:
        stdout().write(found.text())


def declared(arguments: argparse.Namespace, path: str, name: str) -> Declared:
    """What a header declares under a name.

    Args:
        arguments: how the header compiles, and perhaps the repository that it is in.
        path: of the header.
        name: tag or typedef of the struct.

    Raises:
        HeaderError: there is no such struct, or it cannot be declared.
    """
    from ..errors import HeaderError
    from ..upstream import harvest
    from ..upstream.header import Options, read_file
    from ..upstream.history import History
    from ..upstream.repository import Repository
    from ..upstream.rules_file import Rules
    from ..upstream.schema_text import Declared

    options = Options(tuple(arguments.include), tuple(arguments.define), tuple(arguments.directory))
    history = None
    if getattr(arguments, "git", None):
        rules = Rules(options)
        past = harvest.Past(History(Repository(arguments.git), rules), path)
        header = past.newest
        struct = header.find(name)
        if struct is not None and struct.keyword == "struct":
            history = harvest.fields(past, [struct.title], rules.is_padding)
    else:
        header = read_file(path, options)
        struct = header.find(name)
    if struct is None:
        known = ", ".join(header.structs) or "none"
        raise HeaderError(f"{path} has no struct {name}; it has {known}"[:1000])
    return Declared(struct, path, history)
