"""The manual page, as groff reads it."""

from __future__ import annotations

import argparse
import subprocess

from capcodec.cli import commands
from capcodec.cli.completion import actions_of
from command import run
from real import need, need_extra


def test_the_page_has_every_command_and_no_warning():
    need("groff", "groff")
    need_extra("man")
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-cbou"], input=run("man").encode(), capture_output=True, check=True
    )
    assert done.stderr == b""
    shown = done.stdout.decode()
    flat = " ".join(shown.split())
    for name, words in commands.COMMANDS.items():
        assert f"capcodec {name}" in shown
        assert words in flat
    examples = [
        " ".join(line.split())
        for action in actions_of(commands.parser())
        if isinstance(action, argparse._SubParsersAction)
        for parser in action.choices.values()
        for line in parser.epilog.splitlines()
        if line.startswith("  ")
    ]
    assert len(examples) > len(commands.COMMANDS)
    assert [line for line in examples if line not in flat] == []
