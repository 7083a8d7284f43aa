"""The most memory that a piece of work has at once, as Python's own allocators count it."""

from __future__ import annotations

import contextlib
import gc
import tracemalloc
from collections.abc import Iterator

OF_A_VMM = 4 << 20  # bytes that one VMM and its guest may cost a backend, as docs/vhost.md says


@contextlib.contextmanager
def at_most(size: int) -> Iterator[None]:
    """Fail if what runs within ever has more than so many bytes beside what was there before."""
    gc.collect()
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= size, f"{peak} bytes at once, where {size} are the bound"
