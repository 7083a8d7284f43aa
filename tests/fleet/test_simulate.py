"""Made-up hosts are the same ones of a seed, and are like captured ones."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
from collections import Counter

import pytest

pa = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")

from capcodec import ArgumentError, BaselineError, captures, identify, lint  # noqa: E402
from capcodec.fleet.records import FLEET, fleet_of  # noqa: E402
from capcodec.fleet.reduce import meets_of  # noqa: E402
from capcodec.fleet.simulate import simulate  # noqa: E402
from capcodec.registry import decoded  # noqa: E402
from command import BIN  # noqa: E402

# By size of capset 2, the host_feature_check_version that the tags of virglrenderer send
SENT = {
    (688, 3),
    (696, 4),
    (1372, 12),
    (1376, 13),
    (1376, 15),
    (1384, 19),
    (1384, 21),
    (1384, 22),
    (1408, 23),
}


def table(*arguments, **more):
    return pa.Table.from_batches(simulate(*arguments, **more), FLEET).combine_chunks()


def rows(*arguments, **more) -> list[tuple[str, int, bytes]]:
    return list(zip(*table(*arguments, **more).to_pydict().values(), strict=True))


def word(data: bytes, offset: int) -> int:
    return struct.unpack_from("<I", data.ljust(1408, b"\0"), offset)[0]


@pytest.fixture(scope="module")
def fleet() -> list[tuple[str, int, bytes]]:
    return rows(20_000, seed=3)


@pytest.fixture(scope="module")
def different(fleet) -> dict[int, set[bytes]]:
    return {number: {data for _, other, data in fleet if other == number} for number in (1, 2, 4, 6)}


def test_a_longer_fleet_begins_with_the_same_records():
    whole = table(3000, 5, batch_size=64)
    for count, size in ((0, 1), (1, 1), (7, 3), (300, 7), (300, 65536), (2999, 1000)):
        short = table(count, 5, batch_size=size)
        assert short == whole.slice(0, len(short))
        assert short["host"].to_pylist()[-1:] == [f"host-{count - 1:08}"][: count and 1]
    assert table(3000, 6) != whole


def test_batches():
    batches = list(simulate(1000, batch_size=300))
    assert [len(set(batch["host"].to_pylist())) for batch in batches] == [300, 300, 300, 100]
    for batch in batches:
        assert fleet_of(batch).equals(batch, check_metadata=True)
        batch.validate(full=True)


def test_another_process_makes_the_same():
    code = "import sys; from capcodec.fleet.simulate import simulate\n"
    code += "for batch in simulate(500, 9, edits=0.2): sys.stdout.buffer.write(repr(batch.to_pydict()).encode())"
    sums = set()
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, cwd=BIN, env={"PYTHONHASHSEED": seed}
        )
        sums.add(hashlib.sha256(done.stdout).digest())
    expected = b"".join(repr(batch.to_pydict()).encode() for batch in simulate(500, 9, edits=0.2))
    assert sums == {hashlib.sha256(expected).digest()}


def test_hosts(fleet):
    hosts: dict[str, dict[int, bytes]] = {}
    for host, number, data in fleet:
        assert number not in hosts.setdefault(host, {})
        hosts[host][number] = data
    assert list(hosts) == [f"host-{number:08}" for number in range(20_000)]
    assert Counter(number for found in hosts.values() for number in found).keys() == {1, 2, 4, 6}
    for found in hosts.values():
        assert list(found) == sorted(found)
        assert {1, 2} <= found.keys()
        assert found[1] == b"\1\0\0\0" + found[2][4:308]
        for number in (2, 4):  # one release can have made all that a host has
            if number in found:
                assert set(identify(found[1], 1).releases) & set(identify(found[number], number).releases)
        if 4 in found:
            assert set(identify(found[2], 2).releases) & set(identify(found[4], 4).releases)


def test_how_many_are_different(different):
    assert 1000 < sum(map(len, different.values())) < 10_000
    for count in (4, 10, 500):
        assert len({row[1:] for row in rows(200_000, distinct=count)}) == count
    assert len({row[1:] for row in rows(200_000, distinct=9000)}) > 8000  # the rest is rare


def test_they_are_identified_as_captures_are(different):
    captured: dict[tuple[int, int], list[bytes]] = {}
    for name in captures.names(2):
        data = captures.load(name)
        captured.setdefault((len(data), word(data, 556)), []).append(data)
    assert {(len(data), word(data, 556)) for data in different[2]} == SENT
    alike = 0
    for data in different[2]:
        found = identify(data, 2)
        assert found.releases
        same = [identify(each, 2) for each in captured.get((len(data), word(data, 556)), ())]
        if same:
            assert found.releases in {each.releases for each in same}
            assert found.likeliest in {each.likeliest for each in same}
            alike += 1
    assert alike > len(different[2]) / 2
    assert {identify(data, 2).likeliest for data in different[2] if len(data) == 696} == {"0.9.0", "0.9.1"}


def test_lint_finds_no_more_than_in_captures(different):
    for number, found in different.items():
        for data in found:
            rules = {each.rule for each in lint(data, number)}
            assert rules == ({"swapped-words"} if number == 2 and identify(data, 2).likeliest == "0.9.0" else set())


def test_values(different):
    renderers, memories = set(), set()
    for data in different[2]:
        caps = identify(data, 2).decodings[0].unpack(data)
        assert caps.pack() == data
        assert word(data, 0) == 2
        assert word(data, 484) in (16384, 32768)
        assert word(data, 488) <= word(data, 484)
        assert word(data, 284) in (1, 4, 8, 16, 32)
        if len(data) >= 760:
            text, _, rest = data[696:760].partition(b"\0")
            assert text
            assert not any(rest)
            renderers.add(text.decode("ascii").split(" (")[0])
            memory, told = word(data, 692), word(data, 688) >> 2 & 1
            assert bool(memory) == bool(told)
            memories.add(memory)
    assert {"LLVMPIPE", "softpipe", "AMD Radeon RX 6600", "Tesla T4/PCIe/SSE2"} < renderers
    assert min(memories - {0}) >= 256
    assert max(memories) <= 65536
    swapped = [data for data in different[2] if len(data) == 696 and identify(data, 2).likeliest == "0.9.0"]
    assert any(word(data, 692) & 4 and word(data, 688) > 256 for data in swapped)
    assert all(decoded(data, 4).wire_format_version == 1 for data in different[4])
    assert {(len(data), word(data, 16)) for data in different[6]} == {(592, 2), (592, 3)}
    assert {decoded(data, 6).u.amdgpu.marketing_name for data in different[6] if word(data, 16) == 2} == {
        b"AMD Radeon RX 6600",
        b"Radeon RX 580 Series",
        b"AMD Radeon Graphics",
    }


def test_newer_releases_have_more_hosts(fleet):
    sizes = Counter(len(data) for _, number, data in fleet if number == 2)
    assert sizes[1408] > sizes[1384] > sizes[696] > sizes[688] > 0


def test_a_capset_serves_all():
    found = meets_of(simulate(20_000, seed=3))
    assert [(number, found[number][1].caps().size) for number in (1, 2, 4)] == [(1, 308), (2, 1408), (4, 160)]
    with pytest.raises(BaselineError):  # of native contexts nobody has said which value promises less
        found[6][1].caps()


def test_edits(fleet):
    edited = rows(20_000, seed=3, edits=1.0)
    rules = Counter(each.rule for data in {row[2] for row in edited if row[1] == 2} for each in lint(data, 2))
    assert rules["all-zero"]
    assert rules["capset1-as-capset2"]
    sizes = {len(data) for _, number, data in edited if number == 2}
    assert sizes > {len(data) for _, number, data in fleet if number == 2}
    few = [data for _, number, data in rows(20_000, seed=3, edits=0.1) if number == 2]
    odd = sum(len(data) == 308 or not any(data) for data in few)
    assert 0.03 < odd / len(few) < 0.07  # two of the four kinds of edits


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((-1,), "count"),
        ((1.0,), "count"),
        (("1",), "count"),
        ((None,), "count"),
        ((1, -1), "seed"),
        ((1, "seed"), "seed"),
        ((1, 0, 3), "distinct"),
        ((1, 0, 65537), "distinct"),
        ((1, 0, 4.0), "distinct"),
        ((1, 0, None, 0), "batch_size"),
        ((1, 0, None, 65537), "batch_size"),
        ((1, 0, None, None), "batch_size"),
        ((1, 0, None, 1, 1.1), "edits"),
        ((1, 0, None, 1, -0.1), "edits"),
        ((1, 0, None, 1, float("nan")), "edits"),
        ((1, 0, None, 1, "all"), "edits"),
        ((1, 0, None, 1, None), "edits"),
    ],
)
def test_bad_arguments(arguments, named):
    with pytest.raises(ArgumentError, match=f"^{named}: expected "):
        simulate(*arguments)


def test_memory_is_bounded():
    code = """
import resource
from capcodec.fleet.simulate import simulate
for number, batch in enumerate(simulate(500_000, batch_size=5000)):
    if number == 9:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=BIN)
    assert int(done.stdout) < 60_000  # kB, where all of them have a gigabyte
