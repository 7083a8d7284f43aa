"""``capcodec man``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .. import __version__
from ..errors import CapcodecError
from . import commands as all_commands
from .completion import actions_of
from .output import stdout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = all_commands.add(
        commands,
        "man",
        "Print the manual page of capcodec, for man(1).",
        """
        capcodec man >capcodec.1                  # for /usr/local/share/man/man1
        """,
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    try:
        from argparse_manpage.manpage import Manpage
    except ImportError as error:
        raise CapcodecError("the manual page needs argparse-manpage: pip install 'capcodec[completion]'") from error

    whole = all_commands.parser()
    whole.man_short_description = all_commands.DESCRIPTION  # type: ignore[attr-defined]
    page = Manpage(whole, format="single-commands-section")
    page.section, page.manual, page.source, page.version = "1", "User Commands", "capcodec", __version__
    page.add_section("examples", "=", "\n".join(examples(whole)))
    stdout().write(f"{page}\n")


def examples(whole: argparse.ArgumentParser) -> Iterator[str]:
    """What stands at the end of each command's help, in lines for man(1): the library leaves it out."""
    for action in actions_of(whole):
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                told, _, lines = (command.epilog or "").rpartition("examples:\n")
                yield f".SS {_escaped(command.prog)}"
                if told.strip():
                    yield from (_escaped(told.strip()), ".PP")
                yield from (".nf", *(_escaped(line.strip()) for line in lines.splitlines()), ".fi")


def _escaped(text: str) -> str:
    """Text in which man(1) finds no request, and no dash that is not one."""
    return r"\&" + text.replace("\\", r"\e").replace("-", r"\-")
