"""What there is in a fleet, against a count of the instances."""

from __future__ import annotations

from collections import Counter

import pytest

from capcodec import ArgumentError, Struct, UnknownFieldError, VirglCapsV2, identify, lint
from mixed_hosts import HOSTS, VARIANTS

pa = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from capcodec.fleet.records import records  # noqa: E402
from capcodec.fleet.summary import Summary  # noqa: E402

TWICE = HOSTS + HOSTS[::2]


def summary(rows: int) -> Summary:
    return Summary.of(records(TWICE, rows))


def has_it(caps: Struct, path: str, flag: bool) -> bool:
    try:
        return caps.has_field(path) and (not flag or caps[path] == 1)
    except UnknownFieldError:
        return False


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_counts(rows):
    found = summary(rows)
    assert found.records == Counter(number for _, number, _ in TWICE)
    virgl = [(host, data) for host, number, data in TWICE if number == 2]
    cls = {host: VirglCapsV2.variants["0.9.0"] if host in VARIANTS else VirglCapsV2 for host, _ in virgl}
    instances = [cls[host].unpack(data) for host, data in virgl]
    assert found.counts[2, "size"] == Counter(len(data) for _, data in virgl)
    assert found.counts[2, "releases"] == Counter(identify(caps).releases for caps in instances)
    assert found.counts[2, "findings"] == Counter(rule for caps in instances for rule in {f.rule for f in lint(caps)})
    assert found.counts[63, "error"] == {"no capset 63 is known": found.records[63]}
    lacks = found.lacks(2)
    for path, count in lacks.items():
        flag = VirglCapsV2.fields[path].bits == 1
        has = [has_it(caps, path, flag) for caps in instances]
        assert count == has.count(False) > 0, path
        assert any(has)
    assert [*lacks.values()] == sorted(lacks.values(), reverse=True)
    assert "capability_bits.COPY_IMAGE" in lacks
    assert "bset.has_fp64" in lacks
    assert "capability_bits.HOST_IS_GLES" not in lacks, "to lack a restriction is no lack"
    assert found.lacks(63) == {}


def test_layouts_of_one_capset():
    """What only the newer layout has, all records of the older one lack."""
    assert summary(1000).lacks(3)["virglSupportedFormats"] == sum(host == "gfxstream, old" for host, _, _ in TWICE)


def test_what_is_no_fleet():
    with pytest.raises(ArgumentError, match="no fleet: "):
        Summary.of([pa.record_batch({"host": ["a"]})])
