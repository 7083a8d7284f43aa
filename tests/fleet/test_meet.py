"""What several hosts promise together: in any order and in any parts it is the same."""

from __future__ import annotations

import pickle
import random
from functools import reduce
from operator import and_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import (
    ArgumentError,
    BaselineError,
    CapcodecError,
    VirglCapsV2,
    VirglRendererCapsetVenus,
    VirglVideoCaps,
    captures,
)
from capcodec.fleet import Meet
from capcodec.testing.strategies import hostile, plausible
from fleets import fleet

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
OLD = captures.load("virglrenderer-0.8.2-llvmpipe-gl.capset2.bin")
VIRGL = plausible(VirglCapsV2) | hostile(VirglCapsV2) | st.integers(0).map(lambda seed: fleet(random.Random(seed))[0])
VENUS = plausible(VirglRendererCapsetVenus) | hostile(VirglRendererCapsetVenus)
HOSTS = st.lists(VIRGL, min_size=3, max_size=5).map(lambda hosts: [Meet.of(host, 2) for host in hosts]) | st.lists(
    VENUS, min_size=3, max_size=5
).map(lambda hosts: [Meet.of(host, 4) for host in hosts])


def answer(meet: Meet) -> bytes | str:
    try:
        return meet.caps().pack()
    except BaselineError as error:
        return error.field


@given(HOSTS)
def test_in_any_order_and_in_any_parts(hosts):
    a, b, *rest = hosts
    c = rest[0]
    assert a & b == b & a
    assert (a & b) & c == a & (b & c)
    assert a & a == a
    assert (a & b) & b == a & b
    flat = reduce(and_, hosts)
    tree = reduce(and_, reversed(rest)) & (b & a)
    assert tree == flat
    assert answer(tree) == answer(flat)
    assert pickle.loads(pickle.dumps(flat)) == flat


def test_of_equal_hosts_it_is_what_they_sent():
    data = NEWEST.ljust(VirglCapsV2.size, b"\0") + b"tail"
    meet = Meet.of(data, 2) & Meet.of(VirglCapsV2.unpack(data))
    assert meet.caps().pack() == data
    known = meet & Meet.of(NEWEST)
    assert known.caps().tail == b"", "what nobody knows cannot be promised"
    assert [*known.excess(meet), *meet.excess(known)] == []


def test_what_is_sent_ends_at_a_size_step():
    assert (Meet.of(OLD) & Meet.of(OLD[:500], 2)).caps().valid_size == 688
    assert (Meet.of(OLD[:400], 2) & Meet.of(OLD[:399], 2)).caps().valid_size == 428
    assert (Meet.of(NEWEST[:100], 1) & Meet.of(NEWEST[:90], 1)).caps().valid_size == 288


def test_excess_goes_one_way():
    old, new = Meet.of(OLD), Meet.of(NEWEST)
    both = old & new
    assert [*both.excess(old), *both.excess(new), *old.excess(old)] == []
    assert "CLEAR_TEXTURE" in next(each.promised for each in new.excess(old) if each.field == "capability_bits")
    assert ("25.0", "v1.glsl_level", 450, 430) in new.excess(old)


def test_what_cannot_be_compared():
    with pytest.raises(BaselineError, match="some offer capset 2, others capset 1"):
        Meet.of(NEWEST) & Meet.of(NEWEST[:308])
    with pytest.raises(ArgumentError, match="virgl_video_caps is no capset"):
        Meet.of(VirglVideoCaps.zeros())
    assert issubclass(BaselineError, (CapcodecError, ValueError))
