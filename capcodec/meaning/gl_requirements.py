"""What each version of OpenGL needs of a capset, as rules. :mod:`capcodec.meaning.gl` runs them."""

from __future__ import annotations

from .gl_desktop import DESKTOP, GLSL
from .gl_es import ES
from .gl_needs import AtLeast, Ranges, joined
from .gl_stages import CompatibilityGlsl
from .mesa import DriverRule
from .rules import Reference, Registry
from .tables import Tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .gl_needs import GuestCaps, Need
    from .mesa import Mesa

VERSION = Reference("Mesa", "src/mesa/main/version.c", "222b8532")
EXTENSIONS = Reference("Mesa", "src/mesa/state_tracker/st_extensions.c", "035d837a")
PROFILES = ("core", "compatibility", "es")


class Requirement(DriverRule):
    """One thing that a version of OpenGL needs. It is named as the extension or the limit that it is about.

    Attributes:
        version: the first that needs it, as ``(4, 3)``.
        profiles: which need it, of ``core``, ``compatibility`` and ``es``.
    """

    def __init__(self, *args: Any, version: tuple[int, int], profiles: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.version: tuple[int, int] = version
        self.profiles: frozenset[str] = frozenset(profiles)

    def changes(self, caps: GuestCaps) -> dict[str, Any] | None:
        """What the host would have to send for it, by path; None if no field of the host brings it."""
        return self.need.changes(caps)

    @property
    def need(self) -> Need:
        """What it needs of the capset."""
        need: Need = self.check  # type: ignore[assignment]
        return need


REQUIREMENTS = Registry(Requirement)


def lacking(caps: GuestCaps, mesa: Mesa) -> tuple[Requirement, ...]:
    """The requirements of all versions that are not met, in their order."""
    known = _COMPILED[mesa]
    clear, value = known.bits & ~caps.bits, caps.value
    places = [place for bits, place in known.by_bits if bits & clear] if clear else []
    for number, most, limits in known.by_number:
        found = value(number)
        if not found >= most:  # a NaN is not enough either
            places += [place for least, place in limits if not found >= least]
    for need, its in known.others:
        if not need(caps):
            places += its
    return tuple([known.rules[place] for place in sorted(places)])


class _Compiled:
    """The requirements of a Mesa, so that few operations find those that are not met.

    Attributes:
        rules: all of them, in their order.
        bits: of all needs that are nothing but bits.
        by_bits: these needs, with the place of the rule.
        by_number: for each value, the most that a need is about; and what each needs, with the place of its rule.
        others: all other needs, with the places of the rules that have it.
    """

    def __init__(self, mesa: Mesa) -> None:
        self.rules: list[Requirement] = [rule for rule in REQUIREMENTS if rule.holds(mesa)]
        self.by_bits: list[tuple[int, int]] = []
        numbers: dict[str, list[tuple[int, int]]] = {}
        others: dict[Need, list[int]] = {}
        for place, rule in enumerate(self.rules):
            need = rule.need
            if need.bits:
                self.by_bits.append((need.bits, place))
            elif need.number:
                numbers.setdefault(need.number, []).append((need.least, place))
            else:
                others.setdefault(need, []).append(place)
        self.bits: int = joined([bits for bits, _ in self.by_bits])
        self.by_number: list[tuple[str, int, list[tuple[int, int]]]] = [
            (number, max(limits)[0], limits) for number, limits in numbers.items()
        ]
        self.others: list[tuple[Need, list[int]]] = list(others.items())


_COMPILED = Tables(_Compiled)


def _declare(name: str, need: Need | Ranges, version: tuple[int, int], profiles: Iterable[str]) -> None:
    limit = name.removeprefix("ES ").startswith(("GLSL", "MAX_", "SHADER_STORAGE"))
    source = VERSION if limit else EXTENSIONS
    if not isinstance(need, Ranges):
        REQUIREMENTS.rule(need.reason, source, 2, name=name, version=version, profiles=profiles)(need)
        return
    for part, word, more in (
        (need.before, "before", {"until": need.version}),
        (need.after, "from", {"since": need.version}),
    ):
        if part is not None:
            called = f"{name} {word} {need.version}"
            REQUIREMENTS.rule(part.reason, source, 2, name=called, version=version, profiles=profiles, **more)(part)


for _version, _row in DESKTOP.items():
    if _version in GLSL:
        _name = "GLSL {}.{}0".format(*divmod(GLSL[_version] // 10, 10))
        _declare(_name, AtLeast("v1.glsl_level", GLSL[_version]), _version, ("core",))
        _declare(f"{_name} compatibility", CompatibilityGlsl(GLSL[_version]), _version, ("compatibility",))
    for _name, _need in _row.items():
        _declare(_name, _need, _version, ("core", "compatibility"))
for _version, _row in ES.items():
    for _name, _need in _row.items():
        _declare(f"ES {_name}", _need, _version, ("es",))
