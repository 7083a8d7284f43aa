"""The fields of a mixed fleet, against the instances of each record's own class."""

from __future__ import annotations

import pytest

from arrow_rows import as_booleans, rows_of
from capcodec import ArgumentError, capset_for
from mixed_hosts import HOSTS, NEW, VARIANTS

pa = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from capcodec.fleet.decoding import batch_of, class_told, decoded, distinct  # noqa: E402
from capcodec.fleet.records import records  # noqa: E402
from capcodec.registry import CAPSETS  # noqa: E402


def own_class(host: str, capset_id: int) -> type:
    cls = capset_for(capset_id)
    return cls.variants[VARIANTS[host]] if host in VARIANTS else cls


def test_each_record_is_read_by_its_own_class():
    (batch,) = records(HOSTS)
    found = decoded(batch)
    found.validate(full=True)
    assert found.schema.names == ["host", "capset_id", "data", *(entry.name for entry in CAPSETS.values())]
    rows = found.to_pylist()
    variants = set()
    for (host, capset_id, data), row in zip(HOSTS, rows, strict=True):
        assert (row.pop("host"), row.pop("capset_id"), row.pop("data")) == (host, capset_id, data)
        there = {name: value for name, value in row.items() if value is not None}
        if capset_id not in CAPSETS:
            assert there == {}
            continue
        cls = own_class(host, capset_id)
        variants.add(cls.variant)
        ((name, value),) = there.items()
        assert CAPSETS[capset_id].name == name
        (want,) = as_booleans(rows_of([cls.unpack(data)]), cls)
        others = {key: value[key] for key in value.keys() - want.keys()}
        if cls.variant in ("", "0.9.0"):
            assert repr({key: value[key] for key in want}) == repr(want), host
            assert set(others.values()) <= {None}, "of variants that this is none of"
        else:
            for key, one in want.items():
                assert repr(value.get(f"{key}@{cls.variant}") or value[key]) == repr(one), (host, key)
    assert variants == {"", "0.9.0", "ENABLE_DRM_AMDGPU", "before-219d5093e"}


def test_the_swapped_words():
    """0.9.0 beside 0.9.1 and 1.3.0: the numbers that their hosts meant."""
    (batch,) = records(HOSTS)
    rows = {row["host"]: row["virgl2"] for row in decoded(batch).to_pylist()}
    words = {name: (rows[f"2 virglrenderer-{name}-llvmpipe-gl.capset2.bin"]) for name in ("0.9.0", "0.9.1", "1.3.0")}
    assert words["0.9.0"]["max_video_memory"] == words["0.9.1"]["max_video_memory"]
    assert words["0.9.0"]["capability_bits_v2"] == words["0.9.1"]["capability_bits_v2"] != 0


def test_the_schema_is_the_same_for_every_batch():
    (batch,) = records(HOSTS)
    assert len({str(decoded(part).schema) for part in (batch, batch.slice(3, 0), batch.slice(5, 1))}) == 1
    assert decoded(batch.slice(7, 20)).equals(decoded(batch).slice(7, 20))


def test_steps_can_be_taken_twice():
    (batch,) = records(HOSTS)
    assert decoded(decoded(batch)).equals(decoded(batch))


def test_equal_records_are_found():
    (batch,) = records(HOSTS)
    different, places = distinct(batch)
    assert [different[place] for place in places.to_pylist()] == [host[1:] for host in HOSTS]
    assert len(different) == len({*(host[1:] for host in HOSTS)}) < len(HOSTS)


def test_classes():
    assert class_told(2, NEW) is capset_for(2)
    with pytest.raises(ArgumentError, match="no capset 77 is known"):
        class_told(77, b"")
    assert [len(batch_of(capset_for(2), blobs)) for blobs in ([], [b"", NEW, NEW + b"1"])] == [0, 3]
    with pytest.raises(ArgumentError, match="no fleet: "):
        decoded(pa.record_batch({"host": ["a"]}))
