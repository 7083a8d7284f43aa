"""What a rule is, which of a registry run, and what holds of every rule."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from capcodec import (
    ArgumentError,
    UnknownFieldError,
    VirglCapsBoolSet1,
    VirglCapsV1,
    VirglCapsV2,
    captures,
    define,
    lint,
)
from capcodec.meaning import gl_requirements, identify_rules, lint_rules, mesa_rules
from capcodec.meaning.rules import Reference, Registry, Rule, arrived
from capcodec.registry import CAPSETS
from capcodec.schema import struct, u32

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
WHERE = Reference("a project", "a/file.c", "abcdef01")
REGISTRIES = {
    "lint": lint_rules.LINT_RULES,
    "identify": identify_rules.IDENTIFY_RULES,
    "mesa": mesa_rules.MESA_RULES,
    "gl": gl_requirements.REQUIREMENTS,
}
EVERY = [pytest.param(rule, id=f"{name}: {rule.name}") for name, registry in REGISTRIES.items() for rule in registry]


def test_a_rule_of_ones_own():
    registry = Registry(Rule)

    @registry.rule("because", WHERE, 2, needs=("max_samples",))
    def some_rule(caps):
        yield caps.max_samples

    (rule,) = registry
    assert (rule.name, rule.reason, str(rule.reference)) == ("some-rule", "because", "a project a/file.c @abcdef01")
    assert registry["some-rule"] is rule
    assert len(registry) == 1
    assert "some-rule" in repr(rule)
    caps = VirglCapsV2.unpack(NEWEST)
    assert [list(found.check(caps)) for found in registry.about(caps)] == [[4]]
    assert list(some_rule(caps)) == [4]


@pytest.mark.parametrize(
    ("reason", "capsets", "name"), [("", (2,), "some-rule"), ("because", (), "some-rule"), ("because", (2,), "_")]
)
def test_what_a_rule_must_have(reason, capsets, name):
    with pytest.raises(ArgumentError, match="must have a name, a reason and capsets"):
        Registry(Rule).rule(reason, WHERE, *capsets, name=name)(lambda caps: ())
    with pytest.raises(ArgumentError, match="must have a name"):
        exec("@Registry(Rule).rule('because', WHERE, 2)\ndef _(caps): ...")


def test_two_of_one_name():
    registry = Registry(Rule)
    registry.rule("because", WHERE, 2, name="some-rule")(lambda caps: ())
    with pytest.raises(ArgumentError, match="there are two rules 'some-rule'"):
        registry.rule("because", WHERE, 2, name="some-rule")(lambda caps: ())


def test_which_rules_run():
    registry = Registry(Rule)
    registry.rule("because", WHERE, 1, 2, name="both", needs=("max_samples",))(lambda caps: ())
    registry.rule("because", WHERE, 2, name="second", needs=("max_texture_samplers", "max_anisotropy"))(lambda caps: ())

    def names(caps):
        return [rule.name for rule in registry.about(caps)]

    end = VirglCapsV2.fields["max_texture_samplers"].end
    assert names(VirglCapsV2.unpack(NEWEST)) == names(VirglCapsV2.unpack(NEWEST[:end])) == ["both", "second"]
    assert names(VirglCapsV2.unpack(NEWEST[: end - 1])) == names(VirglCapsV1.unpack(NEWEST)) == ["both"]
    assert names(VirglCapsV1.unpack(NEWEST[:280])) == names(CAPSETS[4].cls.zeros()) == []
    assert names(VirglCapsV2.variants["before-328e5f66"].unpack(NEWEST)) == ["both"]
    assert names(VirglCapsV2.variants["0.9.0"].unpack(NEWEST)) == ["both"]
    assert names(VirglCapsBoolSet1.zeros()) == []


def test_a_struct_that_only_claims_to_be_a_capset():
    registry = Registry(Rule)
    registry.rule("because", WHERE, 2, 40, name="some-rule")(lambda caps: ())
    for capset_id in (2, 40):
        other = define(struct("my_caps", u32("max_samples"), capset_id=capset_id))
        assert not registry.know(other.zeros())
        assert list(registry.about(other.zeros())) == []
    assert registry.know(VirglCapsV2.variants["0.9.0"].zeros())


@pytest.mark.parametrize("cls", [VirglCapsV2, VirglCapsV2.variants["0.9.0"]])
def test_a_misspelt_field_is_not_taken_for_an_absent_one(cls):
    registry = Registry(Rule)
    registry.rule("because", WHERE, 2, name="some-rule", needs=("max_sampels",))(lambda caps: ())
    with pytest.raises(UnknownFieldError, match="has no field 'max_sampels'; did you mean 'max_samples'"):
        list(registry.about(cls.zeros()))
    with pytest.raises(UnknownFieldError, match="has no field 'max_sampels'"):
        arrived(cls.zeros(), "max_sampels")


def test_a_mistake_in_a_rule_is_not_taken_for_nothing_found(monkeypatch):
    registry = Registry(lint_rules.LintRule)
    registry.rule("because", WHERE, 2, name="some-rule", severity="note")(lambda caps: [caps.pakc()])
    monkeypatch.setattr("capcodec.meaning.lint.LINT_RULES", registry)
    with pytest.raises(AttributeError, match="pakc"):
        lint(NEWEST)


@pytest.mark.parametrize("rule", EVERY)
def test_what_holds_of_every_rule(rule):
    assert re.fullmatch(r"[a-zA-Z0-9][\w. -]*", rule.name)
    assert rule.reason == rule.reason.strip().rstrip(".")
    assert all(rule.reference)
    assert rule.capsets <= set(CAPSETS)
    for capset_id in rule.capsets:
        for path in rule.needs:
            assert arrived(CAPSETS[capset_id].cls.zeros(), path)


def test_no_rule_is_a_function_without_a_name():
    for registry in REGISTRIES.values():
        if registry is not gl_requirements.REQUIREMENTS:  # they are named as extensions
            assert [rule.check.__name__.replace("_", "-") for rule in registry] == [rule.name for rule in registry]


def test_reasons_survive_without_docstrings():
    program = (
        "from capcodec.meaning import gl_requirements, identify_rules, lint_rules, mesa_rules; "
        "registries = lint_rules.LINT_RULES, identify_rules.IDENTIFY_RULES, mesa_rules.MESA_RULES, "
        "gl_requirements.REQUIREMENTS; print([rule.reason for registry in registries for rule in registry])"
    )
    plain, stripped = (
        subprocess.run([sys.executable, *options, "-c", program], capture_output=True, text=True, check=True, cwd="/")
        for options in ([], ["-OO"])
    )
    assert plain.stdout == stripped.stdout
    assert "''" not in plain.stdout
