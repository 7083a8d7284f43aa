"""``capcodec completion``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ..errors import CapcodecError
from . import commands as all_commands
from .output import stdout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .commands import _Commands

SHELLS = ("bash", "zsh", "fish")
FILES = ("FILE", "HOST", "OTHER", "OUT", "PAGE")  # what the help calls arguments that are files


def add_to(commands: _Commands) -> None:
    parser = all_commands.add(
        commands,
        "completion",
        "Print completions for a shell.",
        """
        eval "$(capcodec completion bash)"         # in ~/.bashrc
        capcodec completion zsh >_capcodec         # in a directory of $fpath
        capcodec completion fish >capcodec.fish    # in ~/.config/fish/completions
        """,
    )
    parser.add_argument("shell", choices=SHELLS)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    try:
        import shtab
    except ImportError as error:
        raise CapcodecError("completions need shtab: pip install 'capcodec[completion]'") from error

    whole = all_commands.parser()
    for action in actions_of(whole):
        if action.metavar in FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    stdout().write(shtab.complete(whole, arguments.shell) + "\n")


def actions_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """All arguments of a parser, those of its commands too."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from actions_of(inner)
