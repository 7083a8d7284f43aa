"""``capcodec man``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import __version__
from ..errors import CapcodecError
from . import commands as all_commands
from .output import stdout

if TYPE_CHECKING:
    import argparse

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
    stdout().write(f"{page}\n")
