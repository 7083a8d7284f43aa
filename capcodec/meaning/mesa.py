"""The versions of Mesa whose rules are known, and ranges of them."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError, shown
from .rules import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Mesa(NamedTuple):
    """A version of Mesa.

    Attributes:
        name: as a user gives it.
        number: what versions are compared by.
        size: bytes of its ``struct virgl_caps_v2``.
        tried: the release whose answers were compared with these rules.
    """

    name: str
    number: tuple[int, ...]
    size: int
    tried: str


MESAS = (
    Mesa("22.3", (22, 3), 1376, "22.3.6"),
    Mesa("25.0", (25, 0), 1408, "25.0.7"),
    Mesa("26", (26,), 1408, "26.2.6"),
)
NEWEST_MESA = MESAS[-1].name


def mesa_named(name: str) -> Mesa:
    """The version of Mesa that a name means: ``25.0``, or a release of it, such as ``25.0.7``.

    Raises:
        ArgumentError: its rules are not known, or the name is no string.
    """
    if not isinstance(name, str):
        raise ArgumentError(f"expected the name of a version of Mesa, such as '{NEWEST_MESA}', got {shown(name)}")
    for mesa in MESAS:
        if f"{name}.".startswith(f"{mesa.name}."):
            return mesa
    raise ArgumentError(f"the rules of Mesa {name!r} are not known; those of {', '.join(m.name for m in MESAS)} are")


class DriverRule(Rule):
    """A rule that holds in a range of Mesa's versions.

    Attributes:
        since, until: the first version that has the rule, and the first of those known that no longer has it.
    """

    def __init__(self, *args: Any, since: str = MESAS[0].name, until: str | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.since: Mesa = mesa_named(since)
        self.until: Mesa | None = None if until is None else mesa_named(until)

    def holds(self, mesa: Mesa) -> bool:
        """Does this Mesa have the rule?"""
        return self.since.number <= mesa.number and (self.until is None or mesa.number < self.until.number)
