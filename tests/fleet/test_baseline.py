"""The capset that a whole fleet can serve: it promises no guest more than each host has."""

from __future__ import annotations

import itertools
import os
import random

import pytest

from capcodec import ArgumentError, BaselineError, BufferAccessError, VirglCapsV2, captures, gl
from capcodec.fleet import Baseline, Meet, baseline, fits
from capcodec.vtest.installed_mesa import InstalledMesa
from fleets import CAPTURES, broken, fleet, found_more

FLEETS = int(os.environ.get("CAPCODEC_FLEETS", "200"))
LLVMPIPE = {name.split("-")[1]: data for name, data in CAPTURES.items() if "llvmpipe" in name}
NEW, OLD = LLVMPIPE["1.3.0"], LLVMPIPE["0.8.2"]


def attempt(hosts, capset_id=None) -> Baseline | BaselineError:
    try:
        return baseline(hosts, capset_id)
    except BaselineError as error:
        return error


@pytest.mark.parametrize("pair", [*itertools.combinations(CAPTURES, 2)], ids="+".join)
def test_every_pair_of_captures(pair):
    hosts = {name: CAPTURES[name] for name in pair}
    made = attempt(hosts)
    if isinstance(made, BaselineError):
        # Of the oldest, guests assume four vertex streams; and it has no doubles that hosts with GLES always have
        assert any("0.7.0" in name for name in pair)
        assert made.field in ("max_vertex_streams", "v1.bset.has_fp64")
        assert all(name in str(made) for name in pair)
        return
    assert [broken(made.caps.pack(), data) for data in hosts.values()] == [[], []]
    assert fits(made.caps, hosts) == {}


def test_random_fleets():
    served = 0
    for seed in range(FLEETS):
        hosts = fleet(random.Random(seed))
        made = attempt(hosts, 2)
        if isinstance(made, BaselineError):
            assert made.field
            continue
        served += 1
        assert [broken(made.caps.pack(), host) for host in hosts] == [[]] * len(hosts), seed
        assert fits(made.caps, hosts, 2) == {}, seed
    assert served > FLEETS / 2


@pytest.mark.parametrize(
    "names", [("0.8.2-llvmpipe-gl", "1.3.0-llvmpipe-gl"), ("1.1.1-softpipe-gles", "0.9.1-llvmpipe-gl")]
)
def test_a_real_mesa_finds_no_more_than_in_each_host(names, mesa, default_socket):
    hosts = [CAPTURES[f"virglrenderer-{name}.capset2.bin"] for name in names]
    with InstalledMesa(default_socket, extensions=True) as installed:
        assert found_more(installed, baseline(hosts).caps.pack(), hosts) == []
        assert found_more(installed, hosts[1], hosts) != []


def test_a_baseline_is_no_less_than_it_must_be():
    made = baseline(LLVMPIPE)
    assert gl(made.caps).version == min(gl(data).version for data in LLVMPIPE.values()) == (4, 3)
    assert baseline({**LLVMPIPE, "baseline": made.caps}).caps == made.caps
    one = VirglCapsV2.unpack(NEW)
    one.max_viewports = 4
    made = baseline([NEW, one.pack()])
    assert (fits(made.caps, [one]), fits(one, [made.caps])) == ({}, {})


def test_what_each_host_loses_and_who_limits_it():
    made = baseline(LLVMPIPE)
    assert made.caps.valid_size == 1408
    lost = {each.field: each for each in made.loses("1.3.0")}
    assert lost["v1.glsl_level"] == ("26", "v1.glsl_level", 450, 430)
    assert "CLEAR_TEXTURE" in lost["capability_bits"].promised
    assert "supported_multisample_formats.bitmask" not in {each.field for each in made.loses("0.8.2")}
    assert made.limits["v1.glsl_level"] == ("0.7.0", "0.8.2")
    assert made.limits["host_feature_check_version"] == ("0.7.0",)
    assert "1.3.0" not in made.limits["capability_bits"]
    assert made.limits["renderer"] == ("0.7.0", "0.8.2", "0.9.0", "0.9.1"), "those that guests do not ask for it"
    assert baseline({"a": NEW, "b": NEW.replace(b"LLVM", b"llvm")}).limits["renderer"] == ("a", "b")
    assert set(made.limits) == {each.field for lost in made.losses.values() for each in lost}
    assert repr(made).startswith("<baseline of 8 hosts, which limit ")
    with pytest.raises(ArgumentError, match=r"no host '2.0'; there are 0.10.4, 0.7.0"):
        made.loses("2.0")


def test_of_equal_hosts_nothing_is_lost():
    made = baseline([OLD, OLD])
    assert made.caps.pack() == OLD
    assert (made.losses, made.limits) == ({"hosts[0]": (), "hosts[1]": ()}, {})
    assert made == baseline([OLD, VirglCapsV2.unpack(OLD)])


def test_the_order_of_hosts_does_not_matter():
    names = list(LLVMPIPE)
    random.Random(1).shuffle(names)
    assert baseline({name: LLVMPIPE[name] for name in names}).caps == baseline(LLVMPIPE).caps
    assert Meet.of(NEW) & Meet.of(OLD) == Meet.of(OLD) & Meet.of(NEW)


def test_variants_are_read_as_guests_read_them():
    data = LLVMPIPE["0.9.0"]
    swapped = VirglCapsV2.variants["0.9.0"].unpack(data)
    assert baseline([swapped, NEW]).caps == baseline([data, NEW]).caps


@pytest.mark.parametrize("capset_id", [1, 4])
def test_other_capsets(capset_id):
    hosts = {name: captures.load(name) for name in captures.names(capset_id) if "0.7.0" not in name}
    made = baseline(hosts)
    assert made.caps.capset_id == capset_id
    assert made.caps.valid_size == made.caps.size
    assert fits(made.caps, hosts) == {}
    assert all(made.limits.values())


def test_what_does_not_fit():
    found = fits(NEW, {"old": OLD, "same": NEW})
    assert found.keys() == {"old"}
    assert ("25.0", "v1.glsl_level", 450, 430) in found["old"]
    assert ("22.3", "host_feature_check_version", 23, 3) in found["old"]
    assert "GLSL 4.40" in next(each.promised for each in found["old"] if each.field == "OpenGL")


def test_what_is_no_fleet():
    with pytest.raises(ArgumentError, match="a baseline needs a host"):
        baseline([])
    with pytest.raises(BaselineError, match="a offer capset 2, b capset 1"):
        baseline({"a": NEW, "b": NEW[:308]})
    with pytest.raises(BaselineError, match="offer different capsets"):
        fits(NEW, [NEW[:308]])
    with pytest.raises(BufferAccessError):
        baseline([7])
    with pytest.raises(ArgumentError, match="no known capset ever had 3 bytes"):
        baseline([b"abc"])
