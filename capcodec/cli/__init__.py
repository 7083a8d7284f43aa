"""The command line: ``capcodec``, or ``python -m capcodec``."""

from __future__ import annotations

import os
import sys

from ..errors import CapcodecError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED = 2  # exit status, of argparse too: it could not be done
INTERRUPTED = 130  # exit status: what a shell says of a program that SIGINT ended


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments; those of this process if not given.

    Returns:
        The exit status. 0: fine. 1: the command found something. 2: it could not be done, and one line on
        stderr says why. 130: interrupted. ``serve`` returns the status of the program that it ran.
    """
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may know no more than ASCII
    try:
        try:
            status = _run(sys.argv[1:] if argv is None else list(argv))
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        _give_up_stdout()
        return 0  # the reader has what it wanted
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except (CapcodecError, OSError) as error:
        return _fail(_told(error))
    except MemoryError:
        return _fail("there is not enough memory for this")
    except RecursionError:
        return _fail("this is nested too deeply")
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        bug = f"{type(error).__name__}: {error}"
        return _fail(f"this is a bug of capcodec's: {bug} (python -X dev -m capcodec ... shows where)")
    return status


def _run(argv: list[str]) -> int:
    # Imported here, so that an interrupt meets no traceback
    from . import commands, output

    own, program = (argv[: argv.index("--")], argv[argv.index("--") + 1 :]) if "--" in argv else (argv, None)
    parser = commands.parser(next((word for word in own if not word.startswith("-")), ""))
    try:
        arguments = parser.parse_args(own)
        if program is not None and "program" not in arguments:
            parser.error("this command runs no program, and takes nothing after --")
    except SystemExit as end:  # help, the version, or a wrong call
        return end.code if isinstance(end.code, int) else FAILED
    arguments.program = program
    output.use_color(arguments.color)
    return arguments.run(arguments) or 0


def _told(error: Exception) -> str:
    """What an error says, without its number."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    return f"{error.filename}: {error.strerror}" if error.filename is not None else error.strerror


def _fail(message: str, status: int = FAILED) -> int:
    """Say in one line on stderr why it could not be done."""
    import contextlib  # not for what goes well

    from .output import printable

    line = printable(f"capcodec: {message}")
    with contextlib.suppress(OSError, ValueError):
        if sys.stderr is not None:
            print(line, file=sys.stderr, flush=True)
    with contextlib.suppress(OSError, ValueError):
        try:
            if sys.stdout is not None:
                sys.stdout.flush()
        except OSError:
            _give_up_stdout()
    return status


def _give_up_stdout() -> None:
    """Let the interpreter's last flush of stdout, at exit, go to nowhere."""
    import contextlib

    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
