"""What a rule about capsets is, and where the rules of one purpose are kept.

A rule is a function over a capset, with the reason that a person reads, the source that it comes from, the capsets that
it is about, and the fields that it needs. The modules ``lint_rules``, ``identify_rules``, ``mesa_rules`` and
``gl_requirements`` declare the rules of one purpose each; ``lint``, ``identify``, ``guest_view`` and ``gl`` run them.
"""

from __future__ import annotations

from math import inf
from typing import Any, Generic, NamedTuple, TypeVar

from ..errors import ArgumentError
from ..registry import CAPSETS
from .tables import Tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..structs._classes import Struct


class Reference(NamedTuple):
    """Where a rule comes from.

    Attributes:
        project: such as ``virglrenderer``.
        file: in the project's repository.
        commit: that made the rule true, or as of which the file was read.
    """

    project: str
    file: str
    commit: str

    def __str__(self) -> str:
        return f"{self.project} {self.file} @{self.commit}"


class Rule:
    """A rule, and what is known about it.

    Attributes:
        name: the function's, with hyphens.
        reason: why the rule exists, for a person.
        reference: its source.
        capsets: ids of the capsets that it is about.
        needs: paths of the fields that it needs. It is not run where one of them did not arrive whole.
        check: the function.
    """

    def __init__(
        self,
        check: Callable[..., Any],
        name: str,
        reason: str,
        reference: Reference,
        capsets: frozenset[int],
        needs: tuple[str, ...] = (),
    ) -> None:
        self.check = check
        self.name = name
        self.reason = reason
        self.reference = reference
        self.capsets = capsets
        self.needs = needs

    def holds(self, version: Any) -> bool:
        """Does it hold in a version of what it is about?"""
        return True

    def __repr__(self) -> str:
        return f"<rule {self.name}: {self.reason}>"


R = TypeVar("R", bound=Rule)


class Registry(Generic[R]):
    """The rules of one purpose, in the order in which they were declared."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind
        self._rules: dict[str, R] = {}
        self._tables: Tables[tuple[type[Struct], Any], list[tuple[float, R]]] = Tables(self._table)

    def rule(
        self, reason: str, reference: Reference, *capsets: int, name: str = "", **more: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare the function below to be a rule.

        Args:
            reason: why the rule exists, for a person.
            reference: its source.
            capsets: ids of the capsets that it is about.
            name: of the rule, if it is not the function's.
            more: ``needs``, and what rules of this purpose have besides.

        Raises:
            ArgumentError: the rule has no name, no reason, or no capset; or another one has its name.
        """

        def declare(check: Callable[..., Any]) -> Callable[..., Any]:
            called = (name or check.__name__.replace("_", "-")).strip("-_")
            if not called or not reason or not capsets:
                raise ArgumentError(f"rule {called!r} must have a name, a reason and capsets")
            if called in self._rules:
                raise ArgumentError(f"there are two rules {called!r}")
            self._rules[called] = self._kind(check, called, reason, reference, frozenset(capsets), **more)
            self._tables = Tables(self._table)
            return check

        return declare

    def about(self, caps: Struct, version: Any = None) -> list[R]:
        """The rules about this capset, but for those that need a field that did not arrive whole.

        No rule is about a struct that only claims the id of a capset.

        Args:
            caps: any instance.
            version: of what the rules are about, such as a Mesa. If given, only the rules that hold in it.

        Raises:
            UnknownFieldError: a rule needs a field that the capset never had.
        """
        valid = caps.valid_size
        return [rule for end, rule in self._of(type(caps), version) if end <= valid]

    def know(self, caps: Struct) -> bool:
        """Is any rule about this capset, whatever arrived of it?"""
        return bool(self._of(type(caps)))

    def _of(self, cls: type[Struct], version: Any = None) -> list[tuple[float, R]]:
        found = self._tables.get((cls, version))
        if found is None:
            found = self._tables[cls, version] if _is_capset(cls) else []
        return found

    def _table(self, key: tuple[type[Struct], Any]) -> list[tuple[float, R]]:
        """The rules about a capset, each with the bytes that must have arrived for it."""
        cls, version = key
        rules = [rule for rule in self if cls.capset_id in rule.capsets and (version is None or rule.holds(version))]
        return [(max((end_of(cls, path) for path in rule.needs), default=0), rule) for rule in rules]

    def __getitem__(self, name: str) -> R:
        return self._rules[name]

    def __iter__(self) -> Iterator[R]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)


def end_of(cls: type[Struct], path: str) -> float:
    """Bytes that must have arrived for a field to be whole; infinite if only the newest layout has it.

    Raises:
        UnknownFieldError: the newest layout does not have it either.
    """
    if cls.variant_of is not None and path not in cls.fields:
        cls.variant_of.fields[path]  # raises if no layout has it
        return inf
    return cls.fields[path].end


def arrived(caps: Struct, path: str) -> bool:
    """Did a field arrive whole? Not if only the newest layout has it, and this one is a variant.

    Raises:
        UnknownFieldError: the newest layout does not have it either.
    """
    return end_of(type(caps), path) <= caps.valid_size


def _is_capset(cls: type[Struct]) -> bool:
    capset = None if cls.capset_id is None else CAPSETS.get(cls.capset_id)
    return capset is not None and capset.cls is (cls.variant_of or cls)
