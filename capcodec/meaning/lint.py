"""What is wrong with a capset, and what a guest will make of it."""

from __future__ import annotations

from ..registry import decoded
from .lint_rules import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Finding:
    """One thing that is wrong.

    Attributes:
        rule: its name, the same for every finding of the kind.
        severity: ``error``, if a guest loses its GPU or corrupts memory; ``warning``, if it gets less than it could, or
            something else; ``note``, if it does no harm.
        field: path of the field; empty if it is the capset as a whole.
        evidence: what the bytes say.
        consequence: for the guest.
        reference: commit, or source file, behind the rule.
    """

    __slots__ = ("consequence", "evidence", "field", "reference", "rule", "severity")

    def __init__(self, rule: str, severity: str, field: str, evidence: str, consequence: str, reference: str) -> None:
        self.rule = rule
        self.severity = severity
        self.field = field
        self.evidence = evidence
        self.consequence = consequence
        self.reference = reference

    @property
    def message(self) -> str:
        """Evidence and consequence in one sentence."""
        where = f"{self.field}: " if self.field else ""
        return f"{where}{self.evidence}; {self.consequence}"

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {name: getattr(self, name) for name in (*self.__slots__, "message")}

    def __str__(self) -> str:
        return f"{self.severity}: {self.message} [{self.rule}; {self.reference}]"

    def __repr__(self) -> str:
        return f"<{self.rule} {self.severity}: {self.message}>"


def lint(blob: Any, capset_id: int | str | None = None) -> tuple[Finding, ...]:
    """What is wrong with the bytes of a capset, worst first.

    Args:
        blob: bytes as a host sent them, or an instance.
        capset_id: which capset the host calls it; guessed from the size if not given.

    Raises:
        ArgumentError: the size does not tell which capset it is.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    caps = decoded(blob, capset_id)
    found = []
    for rule in RULES:
        if caps.capset_id not in rule.capsets:
            continue
        try:
            for field, evidence, consequence in rule.check(caps):
                found.append(Finding(rule.name, rule.severity, field, evidence, consequence, rule.reference))
        except AttributeError:
            continue  # what did not arrive, or an odd layout has not, cannot be wrong
    order = ("error", "warning", "note")
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))
