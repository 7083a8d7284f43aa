"""Conditions on the records of a fleet, against a loop over the instances."""

from __future__ import annotations

import operator
import random

import pytest

from capcodec import ArgumentError, CapcodecError, UnknownFieldError, gl, identify
from mixed_hosts import HOSTS, VARIANTS

pa = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from capcodec.fleet.conditions import OPERATIONS, Condition, selected  # noqa: E402
from capcodec.fleet.records import records  # noqa: E402
from capcodec.meaning.releases import RELEASES  # noqa: E402
from capcodec.registry import CAPSETS  # noqa: E402

COMPARED = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def instance(host: str, capset_id: int, data: bytes):
    if capset_id not in CAPSETS:
        return None
    cls = CAPSETS[capset_id].cls
    return cls.variants.get(VARIANTS.get(host, ""), cls).unpack(data)


def value_at(caps, path: str) -> object:
    try:
        return None if caps is None else caps[path]
    except CapcodecError:
        return None


def hosts(*texts: str, capset: int | str | None = None) -> list[tuple]:
    (batch,) = records(HOSTS)
    found = selected(batch, map(Condition.of, texts), capset)
    found.validate(full=True)
    return [(row["host"], row["capset_id"]) for row in found.to_pylist()]


def test_every_operation_is_compared_so():
    assert COMPARED.keys() == OPERATIONS.keys()


PATHS = ["max_samples", "v1.max_samples", "capability_bits.COPY_IMAGE", "bset.has_fp64", "max_video_memory"]
PATHS += [
    "min_aliased_point_size",
    "video_caps[3].max_width",
    "capability_bits_v2",
    "wire_format_version",
    "sampler.bitmask[1]",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_it_is_what_a_loop_finds(path, operation):
    values = {host: value_at(instance(host, number, data), path) for host, number, data in HOSTS}
    there = sorted({value for value in values.values() if value is not None and value == value})
    for limit in random.Random(path).sample(there, min(3, len(there))):
        if limit in (float("inf"), float("-inf")):
            continue
        want = [
            (host, number)
            for host, number, _ in HOSTS
            if values[host] is not None and COMPARED[operation](values[host], limit)
        ]
        assert hosts(f"{path}{operation}{limit!r}") == want
    assert there


def test_absent():
    values = {host: value_at(instance(host, number, data), "renderer") for host, number, data in HOSTS}
    assert hosts("renderer=absent") == [each[:2] for each in HOSTS if values[each[0]] is None]
    assert hosts("renderer != absent") == [each[:2] for each in HOSTS if values[each[0]] is not None]
    assert hosts("renderer") == [each[:2] for each in HOSTS]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", ["0.9.0", "1.0.1", "1.3.0"])
def test_releases(operation, name):
    names = [release.name for release in RELEASES]
    want = []
    for host, number, data in HOSTS:
        if number in (1, 2, 4):
            places = [names.index(each) for each in identify(instance(host, number, data)).releases]
            if operation == "!=":
                there = names.index(name) not in places
            else:
                there = any(COMPARED[operation](place, names.index(name)) for place in places)
            want += [(host, number)] * there
    assert hosts(f"release{operation}{name}") == want


def test_versions_and_findings():
    versions = {host: gl(instance(host, number, data)).version for host, number, data in HOSTS if number in (1, 2)}
    assert hosts("gl>=4.3") == [each[:2] for each in HOSTS if (versions.get(each[0]) or (0, 0)) >= (4, 3)]
    assert hosts("findings=venus-not-filled") == [("4 virglrenderer-0.10.4-venus.capset4.bin", 4)]
    assert hosts("findings!=venus-not-filled", capset=4) == [("4 virglrenderer-1.3.0-venus.capset4.bin", 4)]
    assert hosts("error!=absent") == [each[:2] for each in HOSTS if each[1] not in CAPSETS]
    assert hosts("size=401") == [("cut", 2)]
    assert hosts("layout=virgl_caps_v2 0.9.0") == [(host, 2) for host in VARIANTS if host[0] == "2"]
    assert hosts("host=cut", "capset_id=2") == [("cut", 2)]


def test_all_have_to_hold():
    one, other = hosts("max_samples<4"), hosts("release<0.9.0")
    assert hosts("max_samples<4", "release<0.9.0") == [each for each in one if each in other] != []


def test_one_capset_alone():
    assert hosts("max_samples", capset="virgl") == [each[:2] for each in HOSTS if each[1] == 1]
    assert hosts("use_guest_vram=1", capset=4) == [
        (host, number)
        for host, number, data in HOSTS
        if number == 4 and value_at(instance(host, 4, data), "use_guest_vram")
    ]


def test_masks_and_text():
    want = [each[:2] for each in HOSTS if value_at(instance(*each), "renderer") == b"softpipe"]
    assert hosts("renderer=softpipe") == want != []
    data = {host: data for host, _, data in HOSTS}["cut"]
    assert ("cut", 2) in hosts(f"sampler={data[4:68].hex()}")


def test_columns():
    (batch,) = records(HOSTS)
    found = selected(batch, [Condition("max_samples"), Condition("gl"), Condition("max_samples", ">", "0")])
    assert found.schema.names[:2] == ["host", "capset_id"]
    assert {*found.schema.names[2:]} == {"max_samples", "gl"}
    assert selected(batch.slice(0, 0), [Condition("max_samples", "=", "1")]).num_rows == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected FIELD, or FIELD, = != < <= > >= and a value, got ''"),
        ("=3", "expected FIELD, or"),
        ("max_samples=many", "max_samples is uint32, and cannot be 'many'"),
        ("max_samples<5000000000", "max_samples is uint32, and cannot be '5000000000'"),
        ("max_samples=-1", "max_samples is uint32, and cannot be '-1'"),
        ("bset.has_fp64=2", "bset.has_fp64 is bool, and cannot be '2'"),
        ("min_aliased_point_size=x", "min_aliased_point_size is float, and cannot be 'x'"),
        ("sampler=12", "sampler is fixed_size_binary[64], and cannot be '12'"),
        ("video_caps=1", "and cannot be '1'"),
        ("release=9", "no release '9' is known"),
        ("findings<x", "findings is list<"),
    ],
)
def test_what_cannot_be_compared(text, words):
    with pytest.raises(ArgumentError) as caught:
        hosts(text)
    assert words in str(caught.value)


def test_what_nobody_has():
    with pytest.raises(UnknownFieldError, match="virgl_caps_v2 has no field 'max_sample'; did you mean 'max_samples'"):
        hosts("max_sample=1")
    with pytest.raises(UnknownFieldError, match="virgl_renderer_capset_venus has no field 'max_samples'"):
        hosts("max_samples=1", capset="venus")
    with pytest.raises(ArgumentError, match="no capset 'x' is known"):
        hosts("max_samples=1", capset="x")
    with pytest.raises(ArgumentError, match="no fleet: "):
        selected(pa.record_batch({"a": [1]}), [])


def test_a_field_that_a_variant_has_longer():
    (batch,) = records(HOSTS)
    found = selected(batch, [Condition.of("u!=absent")]).to_pylist()
    assert [(row["host"], len(row["u"])) for row in found] == [("AMD's", 568), ("drm", 136)]
    assert len(selected(batch, [Condition.of(f"u={found[1]['u'].hex()}")])) == 1
