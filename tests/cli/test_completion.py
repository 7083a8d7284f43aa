"""Completions, as the shells themselves read them."""

from __future__ import annotations

import subprocess

import pytest

from command import run
from real import need, need_extra


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The script of each shell."""
    need_extra("completion")
    made = {}
    for shell in ("bash", "zsh", "fish"):
        made[shell] = tmp_path_factory.mktemp("completions") / shell
        made[shell].write_text(run("completion", shell))
    return made


def test_bash(scripts):
    code = (
        'source "$1"; COMP_WORDS=(capcodec sh); COMP_CWORD=1; _shtab_capcodec; echo "${COMPREPLY[@]}"; '
        'COMP_WORDS=(capcodec show --fr); COMP_CWORD=2; _shtab_capcodec; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", code, "bash", scripts["bash"]], capture_output=True, text=True, check=True)
    assert done.stdout == "show\n--from\n"


def test_fish(scripts):
    need("fish", "fish")
    code = f"source {scripts['fish']}; complete -C 'capcodec sh'; complete -C 'capcodec show --from '"
    done = subprocess.run(["fish", "-c", code], capture_output=True, text=True, check=True)
    found = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert found == ["show", "raw", "hex", "c", "base64", "file", "json", "log"]


def test_zsh_takes_the_script(scripts):
    need("zsh", "zsh")
    subprocess.run(["zsh", "-n", scripts["zsh"]], check=True)
    assert scripts["zsh"].read_text().startswith("#compdef capcodec\n")
