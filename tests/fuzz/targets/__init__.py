"""What is fuzzed: a function of bytes for each decoder. It returns, or what it raises is a finding."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import NamedTuple

from capcodec import CapcodecError

Run = Callable[[bytes], None]
MAX_MESSAGE = 2000  # characters of an error's


class Target(NamedTuple):
    """A decoder under test.

    Attributes:
        name: as on the command line.
        run: one execution.
        covers: the files that it is for, as the repository names them.
        plant: a fault that it has to find: a file, a text in it, and what it becomes.
        seeds: inputs to start from.
        words: strings that inputs are made of.
        longest: bytes of the longest input that a fuzzer makes up.
    """

    name: str
    run: Run
    covers: tuple[str, ...]
    plant: tuple[str, str, str]
    seeds: Callable[[], list[bytes]]
    words: tuple[str, ...]
    longest: int


TARGETS: dict[str, Target] = {}


def target(
    *covers: str,
    plant: tuple[str, str, str],
    seeds: Callable[[], list[bytes]] = lambda: [b"\0"],
    words: tuple[str, ...] = (),
    longest: int = 512,
) -> Callable[[Run], Run]:
    """Make a function a target of its own name."""

    def add(run: Run) -> Run:
        TARGETS[run.__name__] = Target(run.__name__, run, covers, plant, seeds, words, longest)
        return run

    return add


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Within, an error of ours is as right as an answer. Its message is text, and not as long as the input may be."""
    try:
        yield
    except CapcodecError as error:
        check_message(error)


def check_message(error: CapcodecError | None) -> None:
    assert error is None or 0 < len(str(error)) < MAX_MESSAGE, str(error)[:MAX_MESSAGE]


def load_all() -> dict[str, Target]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return TARGETS
