"""The C compiler as a child process with bounds: of time, of memory, of what it writes, and of the files it may read.

What is compiled may be hostile. Nothing of it is ever run: the compiler makes assembler text, the assembler an object
file, and that is only read.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shlex
import signal
import subprocess
import tempfile
from pathlib import Path

from ..errors import HeaderError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECONDS = 20  # of processor time for one child
MEMORY = 2 << 20  # of address space, in KiB
MAX_OUTPUT = 16 << 20  # bytes that a child may write into one file
MAX_ERRORS = 1 << 18  # bytes of its messages that are looked at
UNWANTED = (  # of the environment: what would change the answer, and what would not fit the bounds, as a sanitizer
    "CPATH", "C_INCLUDE_PATH", "DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES", "GCC_COMPARE_DEBUG", "LD_PRELOAD",
)  # fmt: skip


def _shell(seconds: int, memory: int) -> tuple[str, ...]:
    """A command that runs what follows it with bounds.

    Each has a ulimit of its own: dash takes no second one, and sets none then. The soft bound of time, which has to be
    set first, ends a compiler with a signal that says why.
    """
    bounds = f"ulimit -St {seconds}; ulimit -Ht {seconds + 5}; ulimit -v {memory}; ulimit -f {MAX_OUTPUT // 512}"
    return "/bin/sh", "-c", f'{bounds}; exec "$@"', "sh"


SHELL = _shell(SECONDS, MEMORY)

# Directives that read a file, or that could spell such a one in parts
_READING = re.compile(rb"\.\s*(incbin|include|macro|altmacro|irpc?|rept|if\w*|print|error|warning)\b", re.IGNORECASE)
_STRING = re.compile(rb'^\s*\.(string|ascii)\s+"(?:[^"\\\n]|\\.)*"$', re.MULTILINE)


class CompilerError(HeaderError):
    """The compiler refused its input.

    Attributes:
        messages: file, line and text of each error, in order.
    """

    def __init__(self, text: str, messages: Sequence[tuple[str, int, str]] = ()) -> None:
        super().__init__(text)
        self.messages: tuple[tuple[str, int, str], ...] = tuple(messages)


class Compiler:
    """One C compiler.

    Attributes:
        command: the words that start it.
        clang: is it clang?
        directories: where it looks for headers by itself.
    """

    def __init__(self, command: tuple[str, ...]) -> None:
        self.command: tuple[str, ...] = command
        told = _run([*command, "-E", "-v", "-x", "c", os.devnull], "/")
        if told.status:
            raise HeaderError(f"{command[0]} is no C compiler: {told.errors.strip()[-200:]}")
        self.clang: bool = "clang version" in told.errors
        listed = told.errors.partition("search starts here:\n#include <...>")[2] or told.errors
        found = re.findall(r"^ (/\S.*)$", listed.partition("End of search list")[0], re.MULTILINE)
        self.directories: tuple[str, ...] = tuple(os.path.realpath(line) for line in found)

    def options(self) -> list[str]:
        """For errors that can be read by line, and with the place of a macro's use."""
        if self.clang:
            return ["-w", "-std=gnu11", "-ferror-limit=0", "-fno-color-diagnostics", "-fno-caret-diagnostics"]
        return [
            *("-w", "-std=gnu11", "-fmax-errors=0", "-ftrack-macro-expansion=0", "-fno-diagnostics-show-caret"),
            *("-fdiagnostics-color=never", "-fno-diagnostics-show-option"),
            "-fno-canonical-system-headers",  # a header is named as it was found, and not as what it is a link to
        ]

    def owns(self, name: str) -> bool:
        """Does a file lie in the compiler's own directories? It may be a link there, as some are in Debian 13."""
        return ".." not in Path(name).parts and any(name.startswith(f"{path}/") for path in self.directories)

    def preprocess(self, source: Path, options: Sequence[str]) -> tuple[bytes, list[str]]:
        """Text with the ``#define``s left in it, and the real paths of all files but its own that were read for it."""
        output, listed = source.with_suffix(".i"), source.with_suffix(".d")
        command = ["-E", "-dD", "-MD", "-MT", "it", "-MF", listed.name, *options, source.name, "-o", output.name]
        self._do(command, source.parent)
        files = [word for word in _dependencies(listed.read_text(errors="surrogateescape")) if word != source.name]
        real = [os.path.realpath(source.parent / name) for name in files if not self.owns(name)]
        return output.read_bytes(), real

    def compile(self, source: Path, options: Sequence[str]) -> Path:
        """An object file with what the source declares, used or not, in its debugging information."""
        text, made = source.with_suffix(".s"), source.with_suffix(".o")
        debug = ["-g", "-gdwarf-5", "-O0", "-fno-eliminate-unused-debug-types"]
        if not self.clang:
            debug += ["-fno-merge-debug-strings", "-gno-column-info"]
        self._do(["-S", *debug, *options, source.name, "-o", text.name], source.parent)
        _check_assembler(text.read_bytes())
        self._do(["-c", text.name, "-o", made.name], source.parent)
        return made

    def _do(self, arguments: Sequence[str], directory: Path) -> None:
        ran = _run([*self.command, *self.options(), *arguments], directory)
        if not ran.status:
            return
        messages = [
            (name, int(line), text)
            for name, line, text in re.findall(
                r"^(.*?):(\d+):(?:\d+:)? (?:fatal )?error: (.*)$", ran.errors, re.MULTILINE
            )
        ]
        raise CompilerError(_why(ran, self.command[0]), messages)


_started: dict[str, Compiler] = {}  # by what $CC says


def compiler() -> Compiler:
    """The compiler that ``$CC`` names, or ``cc``.

    Raises:
        HeaderError: there is none.
    """
    named = os.environ.get("CC", "")
    if named not in _started:
        _started[named] = Compiler(tuple(shlex.split(named)) or ("cc",))
    return _started[named]


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A directory of its own for what goes into the compiler and comes out."""
    with tempfile.TemporaryDirectory(prefix="capcodec-") as name:
        yield Path(os.path.realpath(name))


class _Ran:
    def __init__(self, status: int, errors: str) -> None:
        self.status = status
        self.errors = errors


def _run(command: Sequence[str], directory: str | Path) -> _Ran:
    """Run a compiler, with bounds, in a session of its own: no terminal to read from, and one group to kill."""
    environment = {**os.environ, "LC_ALL": "C"}
    for name in UNWANTED:
        environment.pop(name, None)
    with tempfile.TemporaryFile() as errors:
        try:
            child = subprocess.Popen(
                [*SHELL, *command], cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise HeaderError(f"{command[0]} does not start: {error.strerror}") from None
        status = -signal.SIGXCPU
        try:
            if _ends(child, SECONDS + 10):
                status = child.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        errors.seek(0)
        return _Ran(status, errors.read(MAX_ERRORS).decode(errors="replace"))


def _ends(child: subprocess.Popen[bytes], seconds: int) -> bool:
    """Does it end within that time? Without polling, which would take longer than many a child runs."""
    try:
        descriptor = os.pidfd_open(child.pid)
    except (AttributeError, OSError):  # an old kernel, or another system
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
        return child.returncode is not None
    try:
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        return bool(waiting.poll(seconds * 1000))
    finally:
        os.close(descriptor)


def _why(ran: _Ran, command: str) -> str:
    """One line that says why a compiler gave up."""
    if ran.status in (-signal.SIGXCPU, 128 + signal.SIGXCPU) or re.search(r"CPU time limit|SIGXCPU", ran.errors):
        return f"the compiler takes more than {SECONDS} seconds for it"
    if ran.status == 127:
        return f"{command} is missing: install a C compiler, or name one in $CC"
    if re.search("File size limit|File too large|file truncated|SIGXFSZ|error writing", ran.errors):
        return f"the compiler makes more than {MAX_OUTPUT >> 20} MiB of it"
    if re.search("out of memory|memory exhausted|cannot allocate|bad_alloc|virtual memory", ran.errors, re.IGNORECASE):
        return f"the compiler takes more than {MEMORY >> 20} GiB of memory for it"
    first = re.search(r"^(.*\berror: .*)$", ran.errors, re.MULTILINE)
    killed = r"signal terminated program|internal compiler error" if first else r"Killed|terminated|signal|Segmentation"
    if re.search(killed, ran.errors):
        return "the compiler breaks on it, or is stopped at the bounds it runs in"
    return first[1] if first else (ran.errors.strip().splitlines() or [f"{command} ended with {ran.status}"])[-1]


def _check_assembler(text: bytes) -> None:
    """Refuse assembler text that the header wrote itself: it could read any file into the object, or forge it."""
    text = _STRING.sub(b"", text)
    if b"#APP" in text:
        raise HeaderError("it holds assembler code outside of functions, which is not assembled")
    found = _READING.search(text)
    if found:
        raise HeaderError(f"its names hold the assembler directive .{found[1].decode()}, which is not assembled")


def _dependencies(text: str) -> list[str]:
    """The files that a rule of make lists."""
    words = re.findall(r"(?:\\[ #\\]|\$\$|[^\s\\]|\\(?!\s))+", text.replace("\\\n", " ").partition(":")[2])
    return [re.sub(r"\\([ #\\])", r"\1", word).replace("$$", "$") for word in words]
