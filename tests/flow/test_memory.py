"""Memory in which every write shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from capcodec import flow


@given(st.lists(st.lists(st.sampled_from([0, 1, 0xA5]), max_size=40).map(bytes), max_size=5), st.integers(0, 100))
def test_every_byte_that_is_written_shows(threats, length):
    memory = flow.Memory(bytes(8), threats)
    before = bytes(memory.buffer)
    for written in (*threats, bytes(min(length, len(before)))):
        memory.buffer[: len(written)] = written
        assert list(memory.destroyed) == list(range(8, len(written)))
        memory.buffer[:] = before
