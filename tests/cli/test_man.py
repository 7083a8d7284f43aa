"""The manual page, as groff reads it."""

from __future__ import annotations

import subprocess

from capcodec.cli.commands import COMMANDS
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
    for name, words in COMMANDS.items():
        assert f"capcodec {name}" in shown
        assert words in " ".join(shown.split())
