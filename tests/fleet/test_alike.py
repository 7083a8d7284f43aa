"""What is worked out once for many records is what each would have given."""

from __future__ import annotations

import random
import re
from functools import reduce
from operator import and_
from pathlib import Path

import pytest

import capcodec
from capcodec import VirglCapsV2, captures
from capcodec.fleet import Meet
from fleets import fleet

pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from batches import alone, batch_of, hosts_of, mixed
from capcodec.fleet import alike as module
from capcodec.fleet.alike import ALONE, Known, alike

MEANING = Path(capcodec.__file__).parent / "meaning"


@pytest.mark.parametrize("seed", range(60))
def test_each_is_as_if_it_were_judged_alone(seed):
    rng = random.Random(seed)
    for host in fleet(rng):
        host = alone(rng, host)
        ((capset_id, names, (one,)),) = alike(batch_of([host]))
        assert (capset_id, names.to_pylist(), one.hosts, one.first) == (2, ["host-0"], 1, 0)
        assert one.meet() == Meet.of(host, 2)


@pytest.mark.parametrize("seed", range(60))
def test_together_they_are_what_all_promise(seed):
    hosts = hosts_of(random.Random(seed))
    ((_, _, found),) = alike(batch_of(hosts))
    assert Meet.all([one.meet() for one in found]) == reduce(and_, [Meet.of(host, 2) for host in hosts])
    assert sum(one.hosts for one in found) == len(hosts)
    for one in found:
        assert hosts[one.first][:300] == one.key[:300]
        for path, values in one.values.items():
            field = VirglCapsV2.fields[path]
            assert sum(count for count, _ in values.values()) == one.hosts
            assert all(hosts[first][field.offset : field.end] == value for value, (_, first) in values.items())


def test_capsets_are_kept_apart():
    batch = mixed(random.Random(1))
    found = [*alike(batch)]
    assert [capset_id for capset_id, *_ in found] == sorted({*batch.column("capset_id").to_pylist()})
    for capset_id, names, ones in found:
        rows = [row for row in batch.to_pylist() if row["capset_id"] == capset_id]
        assert names.to_pylist() == [row["host"] for row in rows]
        assert Meet.all([one.meet() for one in ones]) == reduce(and_, [Meet.of(row["data"], capset_id) for row in rows])


def test_no_other_rule_reads_what_stands_alone():
    """The size of memory counts with its flag: the rule replaces that value itself. So does that of the renderer."""
    places = [
        (path, line.strip())
        for path in ALONE
        for file in (*MEANING.glob("gl*.py"), *MEANING.glob("mesa*.py"))
        for line in file.read_text().splitlines()
        if re.search(rf"""["'.]{path}\b""", line)
    ]
    assert {line.partition(" ")[0] if line.startswith("yield") else "needs" for _, line in places} == {"yield", "needs"}
    assert len(places) == 4, places


def test_what_is_known():
    known = Known()
    new = captures.load(captures.names(2)[-1])
    end = VirglCapsV2.fields["max_video_memory"].end
    hosts = [new, new[:380], new[: end - 1] + b"\x7f" + new[end:]]

    def fresh(*those):
        return [known.new(one) for _, _, ones in alike(batch_of([*those])) for one in ones]

    assert fresh(hosts[0], hosts[1]) == [True, True]
    assert fresh(hosts[1], hosts[0], hosts[1]) == [False, False]
    assert fresh(hosts[2]) == [True], "another value"
    assert fresh(hosts[2], hosts[0]) == [True], "not all equal"
    assert fresh(new + b"tail") == [True], "another tail"
    assert fresh(new + b"tail") == fresh(new) == [False]


def test_what_is_known_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "KNOWN", 100)
    known = Known()
    new = captures.load(captures.names(2)[-1])
    field = VirglCapsV2.fields["max_video_memory"]
    hosts = [new[: field.offset] + number.to_bytes(4, "little") + new[field.end :] for number in range(300)]
    ones = [one for host in hosts for _, _, ones in alike(batch_of([host])) for one in ones]
    assert [known.new(one) for one in ones] == [True] * 300
    assert [known.new(one) for one in ones[:9]] == [True] * 9, "forgotten"
