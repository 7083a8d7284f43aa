"""``python -OO`` drops docstrings and assertions. Every command prints the same without them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from capcodec import captures

GL, GLES, OLD, VENUS = "gl.bin", "gles.bin", "old.bin", "venus.bin"
FILES = {
    GL: "virglrenderer-1.1.1-llvmpipe-gl.capset2.bin",
    GLES: "virglrenderer-0.10.4-softpipe-gles.capset2.bin",
    OLD: "virglrenderer-0.9.0-llvmpipe-gl.capset2.bin",
    VENUS: "virglrenderer-0.10.4-venus.capset4.bin",
}
HEADER = "/usr/include/linux/virtio_gpu.h"
LOG = """\
[    0.4] [drm] features: +virgl +edid
[    0.5] [drm] number of cap sets: 2
[    0.6] [drm] cap set 0: id 1, max-version 1, max-size 308
"""
COMMANDS = [
    "",
    "--version",
    "--help",
    *(f"show {options} {GL}" for options in ("", "--json")),
    f"show {VENUS}",
    f"show --layout 0.9.0 {OLD}",
    *(f"identify {options} {name}" for options in ("", "--json") for name in (GL, GLES, OLD, VENUS)),
    *(f"lint {options} {name}" for options in ("", "--json") for name in (GL, GLES, OLD, VENUS)),
    *(f"diff {options} {OLD} {GL}" for options in ("", "--json")),
    *(f"guest {options} {name}" for options in ("", "--json", "--all", "--size 380") for name in (GL, OLD)),
    *(f"gl {options} {name}" for options in ("", "--json") for name in (GL, GLES)),
    *(f"copy {options} {GL} 380" for options in ("", "--json")),
    f"report {VENUS}",
    "draw growth --capset venus",
    "completion fish",
    "man",
    *(f"dump --style {style} {VENUS}" for style in ("xxd", "c", "base64")),
    *(f"dmesg {options} -" for options in ("", "--json")),
    *(f"flow {options}" for options in ("", "--markdown", "--json", "--vmm id-zero", "--kernel old --guest old")),
    *(f"fleet {what} {options} {GL} {OLD}" for what in ("baseline", "fits") for options in ("", "--json")),
    f"fleet describe {GL} {OLD}",
    f"fleet query {OLD} gl release<1",
    "file list -",
    f"file pack NEW 4:0:{VENUS}",
    "probe --socket /nowhere",
    f"serve --socket NEW {GL} -- true",
    "demo",
    "stubs --check capcodec.classes",
    f"abi {HEADER} {HEADER}",
    f"schema {HEADER} virtio_gpu_config",
    "upstream --check /nowhere",
    "show /nowhere",
]
NAMES = [
    *("show", "identify", "lint", "diff", "guest", "gl", "copy", "dump", "dmesg", "flow", "file", "probe", "serve"),
    *("report", "draw", "completion", "man", "fleet"),
    *("demo", "bench", "stubs", "abi", "schema", "upstream"),
]


RUN = """
import json, os, sys, tempfile
from capcodec.cli import main

commands, log, new = json.load(sys.stdin)
answers = {}
for command in commands:
    files = [tempfile.TemporaryFile() for _ in range(3)]
    files[0].write(log.encode())
    files[0].seek(0)
    child = os.fork()
    if not child:
        for number, file in enumerate(files):
            os.dup2(file.fileno(), number)
        sys.stdin, sys.stdout, sys.stderr = (open(number, mode) for number, mode in enumerate("rww"))
        try:
            status = main(command.replace("NEW", new).split())
        except SystemExit as error:
            status = error.code
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status or 0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    for file in files:
        file.seek(0)
    if os.path.exists(new):
        os.unlink(new)
    answers[command] = [status, *(file.read().decode() for file in files[1:])]
json.dump(answers, sys.stdout)
"""


def answers(tmp_path: Path, *options: str) -> dict[str, list]:
    """Status, output and errors of each command, run by an interpreter with these options."""
    result = subprocess.run(
        [sys.executable, *options, "-c", RUN],
        input=json.dumps([[*COMMANDS, *(f"{name} --help" for name in NAMES)], LOG, str(tmp_path / "new")]),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    found = json.loads(result.stdout)
    assert result.stderr == ""
    return found


def test_without_docstrings_and_assertions(tmp_path):
    for name, capture in FILES.items():
        (tmp_path / name).write_bytes(captures.load(capture))
    plain, optimized = answers(tmp_path), answers(tmp_path, "-OO")
    for command, answer in plain.items():
        assert optimized[command] == answer
        assert "Traceback" not in answer[2]
        assert "usage:" not in answer[2] or not command
    listed = re.findall(r"^    (\w+)(?: |$)", plain["--help"][1], re.MULTILINE)
    assert sorted(listed) == sorted(NAMES), "a new command is to be tried here too"
    assert {command.split()[0] for command in COMMANDS[3:]} == set(NAMES) - {"bench"}
