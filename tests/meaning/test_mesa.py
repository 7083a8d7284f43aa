"""Versions of Mesa by name, and rules that hold in a range of them."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError, VirglCapsV2
from capcodec.meaning.mesa import MESAS, DriverRule, mesa_named
from capcodec.meaning.rules import Reference

WHERE = Reference("a project", "a/file.c", "abcdef01")


def test_a_release_is_of_its_version():
    assert [mesa_named(mesa.tried) for mesa in MESAS] == list(MESAS)
    assert mesa_named("26.2.6").name == mesa_named("26").name == "26"
    assert all(mesa.size in VirglCapsV2.size_steps for mesa in MESAS)


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ({}, ["22.3", "25.0", "26"]),
        ({"since": "25.0"}, ["25.0", "26"]),
        ({"until": "25.0"}, ["22.3"]),
        ({"since": "25.0", "until": "26"}, ["25.0"]),
    ],
)
def test_where_a_rule_holds(versions, expected):
    rule = DriverRule(lambda caps: (), "name", "because", WHERE, frozenset({2}), **versions)
    assert [mesa.name for mesa in MESAS if rule.holds(mesa)] == expected


def test_a_rule_of_no_known_version():
    with pytest.raises(ArgumentError, match="the rules of Mesa '24.1' are not known"):
        DriverRule(lambda caps: (), "name", "because", WHERE, frozenset({2}), since="24.1")
