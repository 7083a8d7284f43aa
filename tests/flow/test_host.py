"""The host: what it offers, and leaves alone."""

from __future__ import annotations

import errno

import pytest

from capcodec import ArgumentError, BufferAccessError, CapcodecError, flow
from parties import PATTERN, code_of


def test_a_capset_in_several_versions():
    versions = [(0, PATTERN[:308]), (2, PATTERN[:380])]
    kernel, memory = flow.Kernel(flow.Host({1: versions})), bytearray(400)
    assert [info.max_version for info in kernel.capsets] == [0, 2]
    assert [kernel.get_caps(1, version, memory) for version in (0, 1, 2)] == [308, 380, 380]
    assert code_of(kernel.get_caps, 1, 3, memory) == errno.EINVAL


def test_a_host_leaves_alone_what_it_cannot_fill():
    """A version above the host's own reaches it only past a VMM that announced another capset's."""
    kernel = flow.Kernel(flow.Host({1: (5, PATTERN[:308]), 2: (0, PATTERN[:380])}), flow.Vmm(index_for_id=True))
    memory = bytearray(b"\xa5" * 308)
    assert kernel.get_caps(2, 3, memory) == 308
    assert memory == bytes(308)


WRONG = [
    (
        lambda: flow.Host({-1: (0, b"")}),
        ArgumentError,
        "expected ids and versions of 32 bits, got capset -1, version 0",
    ),
    (lambda: flow.Host({1: (2**32, b"")}), ArgumentError, "got capset 1, version 4294967296"),
    (lambda: flow.Host({1: (1, 308)}), BufferAccessError, "Host: expected the bytes of capset 1, got int 308"),
    (lambda: flow.Host({}, answer="maybe"), ArgumentError, "Host: expected answer to be one of ok, error, never"),
]


@pytest.mark.parametrize(("call", "error", "words"), WRONG)
def test_wrong_calls(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert isinstance(caught.value, CapcodecError)
