"""What a fleet's records say, against the answers about each record alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from capcodec import ArgumentError, gl, identify, lint
from mixed_hosts import HOSTS, NEW, VARIANTS

pa = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from capcodec.fleet import decoding, description  # noqa: E402
from capcodec.fleet.decoding import decoded  # noqa: E402
from capcodec.fleet.description import DESCRIPTION, describe  # noqa: E402
from capcodec.fleet.records import records  # noqa: E402
from capcodec.registry import CAPSETS  # noqa: E402

STATED = ("host", "capset_id", "data")


def test_it_is_what_is_said_of_each():
    (batch,) = records(HOSTS)
    found = describe(batch)
    found.validate(full=True)
    assert found.schema.names == [*STATED, *DESCRIPTION.names]
    for (host, capset_id, data), row in zip(HOSTS, found.to_pylist(), strict=True):
        assert tuple(row[name] for name in STATED) == (host, capset_id, data)
        assert row["size"] == len(data)
        if capset_id not in CAPSETS:
            assert row["error"] == f"no capset {capset_id} is known"
            assert {row[name] for name in DESCRIPTION.names if name not in ("size", "error")} == {None}
            continue
        assert row["error"] is None
        cls = CAPSETS[capset_id].cls
        cls = cls.variants[VARIANTS[host]] if host in VARIANTS else cls
        assert row["layout"] == f"{cls.name} {cls.variant}".strip()
        caps = cls.unpack(data)
        severities = [finding.severity for finding in lint(caps)]
        assert row["findings"] == [finding.rule for finding in lint(caps)]
        assert [row[f"{each}s"] for each in ("error", "warning", "note")] == [
            severities.count(each) for each in ("error", "warning", "note")
        ]
        releases = list(identify(caps).releases) if capset_id in (1, 2, 4) else None
        assert row["releases"] == releases
        assert row["first_release"] == (releases[0] if releases else None)
        assert row["last_release"] == (releases[-1] if releases else None)
        for profile in ("core", "compatibility", "es"):
            version = gl(caps).of(profile) if capset_id in (1, 2) else None
            assert row[f"gl_{profile}"] == (version and f"{version[0]}.{version[1]}")


def test_what_real_hosts_said():
    (batch,) = records(HOSTS)
    row = {row["host"]: row for row in describe(batch).to_pylist()}["2 virglrenderer-0.9.0-llvmpipe-gl.capset2.bin"]
    assert (row["layout"], row["first_release"], row["last_release"]) == ("virgl_caps_v2 0.9.0", "0.9.0", "0.9.1")
    assert (row["size"], row["gl_core"], row["gl_es"], row["errors"]) == (696, "4.3", "3.2", 0)


def test_another_mesa():
    (batch,) = records([("a", 2, NEW)])
    old, new = (describe(batch, mesa).column("gl_core").to_pylist() for mesa in ("22.3", "25.0"))
    assert old == ["{}.{}".format(*gl(NEW, mesa="22.3").core)]
    assert new == ["{}.{}".format(*gl(NEW, mesa="25.0").core)]
    with pytest.raises(ArgumentError, match="the rules of Mesa '1' are not known"):
        describe(batch, "1")


def test_steps_in_any_order():
    """And twice: what was said is said anew. Other columns stay."""
    (batch,) = records(HOSTS)
    wider = batch.append_column("rack", pa.array(range(len(batch))))
    one, other = decoded(describe(wider)), describe(decoded(wider))
    assert one.select(sorted(one.schema.names)).equals(other.select(sorted(other.schema.names)))
    assert describe(describe(wider)).equals(describe(wider))
    assert describe(wider).column("rack").to_pylist() == [*range(len(batch))]
    assert describe(batch.slice(4, 9)).equals(describe(batch).slice(4, 9))
    assert len(describe(batch.slice(0, 0))) == 0


def test_equal_records_are_judged_once(monkeypatch):
    asked = []
    monkeypatch.setattr(description, "gl", lambda caps, mesa: asked.append(caps) or gl(caps, mesa=mesa))
    data = NEW[:-4] + b"\x77\0\0\0"
    (batch,) = records([(str(number), 2, data if number % 2 else data[:700]) for number in range(5000)])
    assert len({str(row) for row in describe(batch).drop_columns(["host"]).to_pylist()}) == 2
    describe(batch)
    assert len(asked) == 2


def test_on_threads():
    (batch,) = records(HOSTS)
    description._described.__wrapped__.cache_clear()
    decoding.capset_types.__wrapped__.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda part: decoded(describe(part)), [batch] * 12))
    assert len({repr(each.to_pylist()) for each in found}) == 1


def test_what_is_no_fleet():
    with pytest.raises(ArgumentError, match="no fleet: "):
        describe(pa.record_batch({"host": ["a"]}))
