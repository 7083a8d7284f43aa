"""The commands by name, and the parser of their arguments. A command is imported only when it is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

from .. import __version__
from .output import COLORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    _Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

COMMANDS = {
    "show": "show the fields of a capset",
    "identify": "tell which release made a capset",
    "lint": "say what is wrong with a capset",
    "diff": "show what differs between two capsets",
    "report": "make one page of all that is known of a capset, to send",
    "copy": "show what a guest sees of a host's capset",
    "guest": "show which values a guest's driver uses",
    "gl": "tell which OpenGL version a guest gets, and why no higher",
    "fleet": "what many hosts have, and the one capset that all can serve",
    "file": "list, unpack or make a capset file of RVGPU",
    "dump": "print bytes as a hex dump, C array or base64",
    "dmesg": "tell what a guest's kernel log says of capsets",
    "probe": "ask this machine for its capsets",
    "flow": "who copies how many bytes, old and new",
    "serve": "be a host with any capset, for real guests and their kernels",
    "demo": "why capset 2 exists, told on real bytes",
    "bench": "measure copy throughput on this machine",
    "draw": "draw the layout of a capset, or its growth",
    "abi": "say whether structs in C headers only grew",
    "schema": "declare a struct of a C header",
    "stubs": "write what type checkers need to know the fields of your structs",
    "upstream": "write what the history of virglrenderer says into this package",
    "completion": "print completions for a shell",
    "man": "print the manual page",
}
DESCRIPTION = "virtio-gpu capability sets: show, copy, explain, measure"
EPILOG = (
    "capcodec COMMAND --help has examples. The exit status is 0 if all is well, 1 if something was found, and 2 if it "
    "could not be done."
)


class _Formatter(argparse.HelpFormatter):
    """Fills paragraphs, but keeps the lines of those that are indented: examples."""

    def __init__(self, prog: str, **settings: Any) -> None:
        # argparse would import shutil, and with it three libraries of compression, to ask for the width
        super().__init__(prog, **{"width": width() - 2, **settings})

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        def fill(part: str) -> str:
            return "\n".join(indent + line for line in self._split_lines(part, width - len(indent)))

        return "\n\n".join(part if "\n  " in part else fill(part) for part in text.split("\n\n"))

    def _split_lines(self, text: str, width: int) -> list[str]:
        # argparse would import textwrap, whose patterns take longer to compile than the help takes to make
        lines: list[str] = []
        for word in text.split():
            if lines and len(lines[-1]) + 1 + len(word) <= width:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines


class _Parser(argparse.ArgumentParser):
    """A parser; or another one in its place, where it is only to be listed, since parsers take time to make."""

    def __new__(cls, stand_in: argparse.ArgumentParser | None = None, **settings: Any) -> Any:
        """Return the other one, which is not of this class, and so is not initialized again."""
        return super().__new__(cls) if stand_in is None else stand_in


def width() -> int:
    """Columns of the terminal, as the environment or the terminal says; 80 if neither does."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError, AttributeError):  # no terminal, or no stdout
        return 80


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """The parser of all commands.

    Args:
        only: the command whose arguments it shall know; all of them if not given.
    """
    whole = argparse.ArgumentParser("capcodec", description=DESCRIPTION, epilog=EPILOG, formatter_class=_Formatter)
    whole.add_argument("--version", action="version", version=f"capcodec {__version__}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND", prog="capcodec", parser_class=_Parser)
    for name, words in COMMANDS.items():
        if only is None or name == only:
            import_module(f".{name}", __package__).add_to(commands)
        else:
            commands.add_parser(name, help=words, prog=name, stand_in=whole)
    return whole


def add(commands: _Commands, name: str, description: str, examples: str, **settings: Any) -> argparse.ArgumentParser:
    """Add a command, or an action of one.

    Args:
        commands: to which.
        name: of the command.
        description: what it does.
        examples: calls with what they are for, a line each.
        settings: of the parser: ``epilog`` comes before the examples; ``help`` is the command's in ``COMMANDS``
            if not given.
    """
    settings.setdefault("help", COMMANDS.get(name))
    told = settings.pop("epilog", "")
    lines = "".join(f"\n  {line.strip()}" for line in examples.strip().splitlines())
    epilog = f"{told}\n\nexamples:{lines}".strip()
    added = commands.add_parser(name, description=description, epilog=epilog, formatter_class=_Formatter, **settings)
    added.add_argument(
        "--color",
        choices=COLORS,
        default="auto",
        help="auto if not given: on a terminal, and as NO_COLOR and FORCE_COLOR say",
    )
    return added


def add_json(parser: argparse._ActionsContainer, what: str = "") -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="as JSON" + (f": {what}" if what else ""))
