"""Strategies: what they give is what they promise, all of it can come, and they shrink to what is smallest."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from capcodec import (
    ArgumentError,
    SizeStepError,
    Struct,
    VirglCapsV1,
    VirglCapsV2,
    VirglVideoCaps,
    capset_for,
    define,
    lint,
)
from capcodec.schema import char, f32, f64, s8, struct, u16, u64
from capcodec.testing import strategies
from capcodec.testing.captured import captured

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEARCH = settings(max_examples=5000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
CLASSES = [VirglCapsV1, VirglCapsV2, VirglVideoCaps, *(capset_for(name) for name in ("venus", "drm", "apir"))]
OWN = define(struct("own", s8("a"), u16("b[2][2]"), f32("c"), f64("d"), char("e[3]"), char("f[2][3]"), u64("g:37")))


@FEW
@given(st.sampled_from([*CLASSES, OWN]).flatmap(strategies.capsets))
def test_any_capset_is_as_long_as_a_size_step(caps):
    assert caps.valid_size in caps.size_steps
    assert type(caps).from_dict(caps.to_dict()) == caps


@FEW
@given(strategies.plausible(VirglCapsV2))
def test_what_is_plausible_has_no_finding_that_no_host_has(caps):
    real = {finding.rule for capture in captured(2) for finding in lint(capture.data[: caps.valid_size], 2)}
    assert {finding.rule for finding in lint(caps)} <= real
    assert caps.valid_size in VirglCapsV2.size_steps


@FEW
@given(strategies.hostile(VirglCapsV2))
def test_what_is_hostile_is_still_an_instance(caps):
    assert VirglCapsV2.unpack(caps.pack()) == caps


@FEW
@given(st.from_type(VirglCapsV2), st.from_type(capset_for("venus")))
def test_types_have_strategies(caps, venus):
    assert caps.valid_size in VirglCapsV2.size_steps
    assert type(venus) is capset_for("venus")


@pytest.mark.parametrize("strategy", [strategies.capsets, strategies.hostile])
def test_every_size_step_comes(strategy):
    sizes = set()
    examples = 60 * len(VirglCapsV2.size_steps)

    @settings(max_examples=examples, database=None, derandomize=True, deadline=None, phases=[Phase.generate])
    @given(strategy(VirglCapsV2))
    def look(caps):
        sizes.add(caps.valid_size)

    look()
    assert sizes >= {*VirglCapsV2.size_steps}


def test_one_size():
    assert find(strategies.capsets(VirglCapsV2, size=560), lambda caps: True, settings=SEARCH) == VirglCapsV2.zeros(560)


def has_length(wanted: int, data: bytes) -> bool:
    return len(data) == wanted


def test_lengths_around_a_step_and_tails_come():
    for wanted in (379, VirglCapsV2.size + 1):
        strategy = strategies.hostile(VirglCapsV2).map(lambda caps: caps.pack())
        assert find(strategy, partial(has_length, wanted), settings=SEARCH) == bytes(wanted)


def test_they_shrink_to_the_smallest():
    assert find(strategies.capsets(VirglCapsV2), lambda caps: True) == VirglCapsV2.zeros(380)
    found = find(strategies.capsets(VirglCapsV2), lambda caps: caps.max_samples > 100, settings=SEARCH)
    assert found.max_samples > 100
    found.max_samples = 0
    assert found == VirglCapsV2.zeros(380)
    assert find(strategies.hostile(VirglCapsV2), lambda caps: True).pack() == b""
    smallest = captured(2, ["0.7.0"])[0].data[:380]
    assert find(strategies.plausible(VirglCapsV2), lambda caps: True).pack() == smallest


def test_plausible_mixes_hosts():
    """With values that one release had, and a size that another had."""
    known = {capture.caps.pack() for capture in captured(2)}
    mixed = find(
        strategies.plausible(VirglCapsV2),
        lambda caps: caps.valid_size > 688 and all(caps.pack() != data[: caps.valid_size] for data in known),
        settings=SEARCH,
    )
    assert mixed.max_version in (1, 2)


@pytest.mark.parametrize("field", list(OWN.layout.leaves()), ids=lambda field: field.path)
def test_values_are_all_that_a_field_can_hold(field):
    @FEW
    @given(strategies.values(field))
    def store(value):
        OWN.zeros()[field.path] = value

    store()


def test_what_there_is_not():
    with pytest.raises(ArgumentError, match="own: there are no captures of it"):
        strategies.plausible(OWN)
    with pytest.raises(SizeStepError, match="never had 400 bytes"):
        strategies.capsets(VirglCapsV2, size=400)
    for strategy in (strategies.capsets, strategies.plausible, strategies.hostile):
        for wrong in (Struct, VirglCapsV2(), "VirglCapsV2", None):
            with pytest.raises(ArgumentError, match="expected the class of a struct, got "):
                strategy(wrong)
