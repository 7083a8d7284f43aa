"""Who limits a baseline: counted in any parts as the hosts themselves tell."""

from __future__ import annotations

import random

import pytest

from capcodec import ArgumentError, BufferAccessError, captures
from capcodec.fleet import Meet

pyarrow = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from batches import alone, batch_of, hosts_of, joined  # noqa: E402
from capcodec.fleet.limits import LIMITS, limits, limits_of  # noqa: E402
from capcodec.fleet.promises import struct_of, way  # noqa: E402
from capcodec.fleet.reduce import baseline_of  # noqa: E402

LLVMPIPE = [captures.load(name) for name in captures.names(2) if "llvmpipe-gl" in name]


def expected(hosts: list[bytes], caps) -> dict[tuple[str, str], tuple[int, int, str | None]]:
    """Host by host."""
    taken = [[*Meet.of(host, 2).seen.values()][-1] for host in hosts]
    found = {}
    for name, least in [*Meet.of(caps).seen.values()][-1].items():
        less = way(struct_of(2), name)
        own = [each[name] for each in taken]
        if less.set:
            for bit in range(max(1, *own).bit_length()):
                has = [bool(value >> bit & 1) for value in own]
                if not least >> bit & 1 and any(has):
                    first = next((f"host-{at}" for at, each in enumerate(has) if not each), None)
                    found[name, str(less.told(1 << bit)[0])] = (sum(has), len(has) - sum(has), first)
        elif lost := sum(less.both(value, least) != value for value in own):
            first = next((f"host-{at}" for at, value in enumerate(own) if value == least), None)
            found[name, ""] = (lost, own.count(least), first)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_as_the_hosts_tell(seed):
    rng = random.Random(seed)
    hosts = rng.choices([alone(rng, host) for host in LLVMPIPE], k=9) if seed % 2 else hosts_of(rng)
    caps = Meet.all([Meet.of(host, 2) for host in hosts]).encoded()[0]
    baselines = {2: caps.pack()}
    batch = batch_of(hosts)
    found = limits_of([batch], baselines)[2]
    assert {each[:2]: each[2:] for each in found} == expected(hosts, caps)
    assert found == sorted(found, key=lambda each: (-each.lose, *each[:2]))
    cut = rng.randrange(len(hosts)) or 1
    parts = [limits(part, baselines) for part in (batch.slice(0, cut), batch.slice(cut)) if len(part)]
    together = limits(joined(*parts), baselines)
    assert limits_of(parts, {2: caps}) == {2: found}
    assert limits_of([together], baselines) == {2: found}
    assert limits(together, baselines).equals(together)


def test_who_limits_the_captures():
    batch = batch_of(LLVMPIPE * 2)
    found = limits_of([batch], baseline_of([batch]))[2]
    level = next(each for each in found if each.field == "v1.glsl_level")
    assert (level.lose, level.limit) == (12, 4)
    assert level.first in [
        f"host-{at}" for at, host in enumerate(LLVMPIPE) if Meet.of(host).sent["v1.glsl_level"] == 430
    ]
    clear = next(each for each in found if each.member == "CLEAR_TEXTURE")
    assert clear.lose + clear.limit == 16


def test_nobody_loses():
    batch = batch_of([LLVMPIPE[0]] * 3)
    assert limits_of([batch], baseline_of([batch])) == {2: []}
    assert limits_of([], {}) == {}


def test_what_is_refused():
    batch = batch_of(LLVMPIPE)
    with pytest.raises(ArgumentError, match="host 'host-0': no baseline of capset 2 is given"):
        limits(batch, {})
    with pytest.raises(ArgumentError, match="expected a record batch|no fleet"):
        limits(7, {})
    for careless in (None, 7, "x", [2], (b"", b"")):
        with pytest.raises(ArgumentError, match="expected baselines by capset"):
            limits(batch, careless)
        with pytest.raises(ArgumentError, match="expected baselines by capset"):
            limits_of([batch], careless)
        with pytest.raises(BufferAccessError, match="baseline"):
            limits(batch, {2: careless or 7})
    row = limits(batch, {2: LLVMPIPE[0]}).to_pylist()[0]
    entry = {"field": "a", "member": "", "lose": 1, "limit": 1, "first": None}
    for wrong in (
        {"hosts": -1},
        {"hosts": 1 << 60},
        {"first": None},
        {"limits": None},
        {"limits": [None]},
        {"limits": [entry | {"lose": None}]},
        {"limits": [entry | {"lose": -1}]},
        {"limits": [entry | {"member": None}]},
    ):
        fields = [pyarrow.field(field.name, field.type) for field in LIMITS]
        made = pyarrow.RecordBatch.from_pylist([row | wrong], pyarrow.schema(fields))
        with pytest.raises(ArgumentError, match="no limits"):
            limits(made, {})
    with pytest.raises(ArgumentError, match="no limits"):
        limits(pyarrow.record_batch([[1], [1], ["a"], [7]], LIMITS.names), {})
