"""The command line as such: wrong calls, streams that are closed, interrupts, and what an error looks like."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
import time

import pytest

from capcodec import CapcodecError, VirglCapsV2, captures, cli
from capcodec.cli import show
from command import BIN, run
from real import need_extra

CAPCODEC = [sys.executable, "-m", "capcodec"]
HEADER = "/usr/include/linux/virtio_gpu.h"
COMMANDS = {  # each with arguments that make it print; its stdin is a capset 2
    "show": ["-"],
    "show --json": ["-", "--json"],
    "identify": ["-"],
    "lint": ["-"],
    "diff": ["-", str(BIN / "python")],
    "copy": ["-", "308"],
    "guest": ["-"],
    "gl": ["-"],
    "fleet baseline": ["-"],
    "fleet describe": ["-"],
    "fleet query": ["-", "max_samples"],
    "file list": ["-"],
    "dump": ["-"],
    "dmesg": ["-", "--from", "log"],
    "probe": ["--timeout", "5"],
    "flow": [],
    "flow --markdown": ["--markdown"],
    "demo": [],
    "report": ["-"],
    "draw": ["layout"],
    "completion": ["bash"],
    "man": [],
    "stubs": ["--json", "--check", "capcodec.classes"],
    "abi": [HEADER, HEADER],
    "schema": [HEADER, "virtio_gpu_config"],
    "upstream": ["--check", str(BIN)],
}
WRONG = [
    (["show", "missing.bin"], "missing.bin: No such file or directory"),
    (["show", "."], ".: Is a directory"),
    (["show", "-"], "standard input: there is nothing; of which capset, --capset would say"),
    (["show", "-", "--capset", "1", "--layout", "0.9.0"], "virgl_caps_v1 has no other layout '0.9.0'; there are before-03e3116a"),
    (["show", "-", "--layout", "nope"], "no capset alone has a layout 'nope'; there are before-03e3116a of virgl, "),
    (["show", "-", "--capset", "77"], "no capset 77 is known; there are 1 virgl, 2 virgl2"),
    (["copy", "-", "381", "--capset", "2"], "virgl_caps_v2 never had 381 bytes; its size steps are 380, 388, "),
    (["copy", "-", "many"], "invalid int value: 'many'"),
    (["copy", "-"], "required: GUEST_SIZE"),
    (["show", "-", "--", "true"], "this command runs no program, and takes nothing after --"),
    (["probe", "--timeout", "nan"], "probe: expected a timeout of some seconds, got nan"),
    (["dump", "--from", "hex", "-"], "hex dump: there is nothing"),
    ([], "required: COMMAND"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_wrong_calls(arguments, words):
    assert words in run(*arguments, status=2)


def test_an_error_is_one_line_without_a_number():
    assert run("show", "missing.bin", status=2) == "capcodec: missing.bin: No such file or directory\n"
    assert run("show", "a\x1b[31m\nb", status=2) == "capcodec: a\\x1b[31m\\nb: No such file or directory\n"
    assert run("show", "\udcff", status=2) == "capcodec: \\udcff: No such file or directory\n"


def finished(arguments: list[str], stdin: bytes, shell: str = "", **environment: str) -> subprocess.CompletedProcess:
    """A command, with its streams as a shell redirects them."""
    command = ["bash", "-c", f'"$@" {shell}', "bash", *CAPCODEC, *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=BIN, env={**os.environ, **environment})


def test_every_command_is_tried_below():
    listed = run("--help").partition("COMMAND\n")[2]
    named = {line.split()[0] for line in listed.splitlines() if line.startswith("    ") and line[4] != " "}
    assert named - {"serve", "bench"} == {name.split()[0] for name in COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    "shell", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full", ">/dev/full 2>&1", "| :", "2>&1 | :"]
)
def test_streams_that_are_closed_full_or_not_read(name, shell, newest):
    need_extra(name)
    arguments = [*name.split(), *COMMANDS[name]]
    result = finished(arguments, newest, shell)
    told = result.stdout + result.stderr
    assert b"Traceback" not in told
    assert b"Exception" not in told
    assert result.returncode in (0, 1, 2)
    if shell.startswith(">"):
        assert result.returncode == 2 or name == "file list", told
    assert result.stderr.count(b"\n") <= 1 or name.startswith("file"), told
    if shell == "<&-" and "-" in COMMANDS[name]:
        assert result.stderr == b"capcodec: standard input is closed\n"
        assert result.returncode == 2
    if shell == ">&-" and name == "show":
        assert result.stderr == b"capcodec: standard output is closed\n"
    if shell == ">/dev/full" and name == "show":
        assert result.stderr == b"capcodec: No space left on device\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_terminal_that_knows_only_ascii(name, newest):
    need_extra(name)
    result = finished([*name.split(), *COMMANDS[name]], newest, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert b"Traceback" not in result.stderr
    assert result.stdout.isascii()
    assert result.returncode in (0, 1) or name.startswith(("file", "diff", "upstream"))


@pytest.mark.parametrize("term", ["dumb", "xterm-256color", ""])
def test_a_terminal(term, newest, blob):
    """Whatever terminal it is, the table arrives."""
    parent, child = pty.openpty()
    environment = {**os.environ, "TERM": term, "COLUMNS": "60", "PYTHONIOENCODING": "ascii"}
    process = subprocess.Popen([*CAPCODEC, "show", blob(newest)], stdout=child, stderr=child, env=environment, cwd=BIN)
    os.close(child)
    shown = b""
    while True:
        try:
            part = os.read(parent, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(parent)
    assert process.wait() == 0
    assert b"capability_bits_v2" in shown
    assert b"Traceback" not in shown


def test_an_interrupt(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    process = subprocess.Popen([*CAPCODEC, "show", fifo], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=BIN)
    with open(fifo, "wb"):  # waits until the command has opened it
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output, errors) == (130, b"", b"capcodec: interrupted\n")


AGAIN_AND_AGAIN = """
import os, sys
from capcodec.cli import main
try:
    print("ready", flush=True)
    while (status := main(["show", sys.argv[1]])) == 0:
        pass
    os._exit(status)
except KeyboardInterrupt:
    os._exit(0)  # just between two commands
"""


def test_an_interrupt_at_any_time(newest, blob):
    path = blob(newest)
    for wait in range(10):
        process = subprocess.Popen(
            [sys.executable, "-c", AGAIN_AND_AGAIN, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=BIN
        )
        assert process.stdout.readline() == b"ready\n"
        reading = threading.Thread(target=process.stdout.read)
        reading.start()
        time.sleep(wait / 50)
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read()
        reading.join()
        process.stdout.close()
        process.stderr.close()
        assert (process.wait(20), errors) in ((0, b""), (130, b"capcodec: interrupted\n"))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (MemoryError(), "capcodec: there is not enough memory for this\n"),
        (RecursionError(), "capcodec: this is nested too deeply\n"),
        (KeyboardInterrupt(), "capcodec: interrupted\n"),
        (CapcodecError("of ours"), "capcodec: of ours\n"),
        (OSError("no number"), "capcodec: no number\n"),
        (ZeroDivisionError("1/0"), "capcodec: this is a bug of capcodec's: ZeroDivisionError: 1/0 (python -X dev "),
    ],
)
def test_whatever_a_command_raises(monkeypatch, capsys, error, line):
    def raising(arguments):
        raise error

    monkeypatch.setattr(show, "run", raising)
    assert cli.main(["show", "-"]) == (130 if isinstance(error, KeyboardInterrupt) else 2)
    assert capsys.readouterr().err.startswith(line)


def test_developers_see_tracebacks():
    code = "from capcodec.cli import main, show; show.run = lambda a: 1 / 0; main(['show', '-'])"
    result = subprocess.run([sys.executable, "-X", "dev", "-c", code], capture_output=True, text=True, cwd=BIN)
    assert "ZeroDivisionError" in result.stderr
    assert "Traceback" in result.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["show", "--help"], ["--version"]])
@pytest.mark.parametrize("shell", ["", ">/dev/full", ">&-", "| :"])
def test_help_and_version(arguments, shell):
    result = finished(arguments, b"", shell)
    assert b"Traceback" not in result.stderr
    assert b"Exception" not in result.stderr
    if not shell:
        assert result.returncode == 0
        assert b"capcodec" in result.stdout


def test_a_reader_that_leaves_early(newest):
    shell = f"{sys.executable} -m capcodec show - | head -1"
    result = subprocess.run(["bash", "-o", "pipefail", "-c", shell], input=newest, capture_output=True, cwd=BIN)
    assert (result.returncode, result.stderr) == (0, b"")


def test_the_installed_command():
    version = subprocess.run([BIN / "capcodec", "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("capcodec ")


@pytest.mark.parametrize("module", ["rich", "plotext"])
def test_without_the_extra_json_works_and_tables_say_what_is_missing(module, newest, tmp_path):
    (tmp_path / f"{module}.py").write_text("raise ImportError('not here')\n")
    command = ["show", "-"] if module == "rich" else ["bench", "--records", "1000"]
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    plain = finished([*command, "--json"], newest, PYTHONPATH=path)
    assert plain.returncode == 0
    if module == "rich":
        assert VirglCapsV2.from_json(plain.stdout).pack() == newest
        assert b"max_samples" in finished(command, newest, PYTHONPATH=path).stdout, "a pipe needs no colours"
    table = finished(command, newest, PYTHONPATH=path, FORCE_COLOR="1")
    assert table.returncode == 2
    assert b"pip install 'capcodec[cli]'" in table.stderr


def test_main_returns_its_status_every_time(capsys):
    for name in captures.names(1)[:3]:
        assert cli.main(["dump", "-", "--style", "nope"]) == 2
        assert cli.main(["show", f"/nowhere/{name}"]) == 2
    assert "No such file" in capsys.readouterr().err
