"""What a rule about capsets is, and where the rules of one purpose are kept.

A rule is a function over a capset, with the reason that a person reads, the source that it comes from, the capsets that
it is about, and the fields that it needs. The modules ``lint_rules``, ``identify_rules``, ``mesa_rules`` and
``gl_requirements`` declare the rules of one purpose each; ``lint``, ``identify``, ``guest_view`` and ``gl`` run them.
"""

from __future__ import annotations

from typing import Any, Generic, NamedTuple, TypeVar

from ..errors import ArgumentError
from ..registry import CAPSETS

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

    def __repr__(self) -> str:
        return f"<rule {self.name}: {self.reason}>"


R = TypeVar("R", bound=Rule)


class Registry(Generic[R]):
    """The rules of one purpose, in the order in which they were declared."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind
        self._rules: dict[str, R] = {}

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
            return check

        return declare

    def about(self, caps: Struct) -> Iterator[R]:
        """The rules about this capset, but for those that need a field that did not arrive whole.

        No rule is about a struct that only claims the id of a capset.

        Raises:
            UnknownFieldError: a rule needs a field that the capset never had.
        """
        if self.know(caps):
            for rule in self:
                if caps.capset_id in rule.capsets and all(arrived(caps, path) for path in rule.needs):
                    yield rule

    def know(self, caps: Struct) -> bool:
        """Is any rule about this capset, whatever arrived of it?"""
        return _is_capset(caps) and any(caps.capset_id in rule.capsets for rule in self)

    def __getitem__(self, name: str) -> R:
        return self._rules[name]

    def __iter__(self) -> Iterator[R]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)


def arrived(caps: Struct, path: str) -> bool:
    """Did a field arrive whole? Not if only the newest layout has it, and this one is a variant.

    Raises:
        UnknownFieldError: the newest layout does not have it either.
    """
    if caps.variant_of is not None and path not in caps.fields:
        caps.variant_of.fields[path]  # raises if no layout has it
        return False
    return caps.has_field(path)


def _is_capset(caps: Struct) -> bool:
    capset = None if caps.capset_id is None else CAPSETS.get(caps.capset_id)
    return capset is not None and capset.cls is (caps.variant_of or type(caps))
