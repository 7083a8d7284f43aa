"""What is wrong with a capset, and what comes of that in a guest."""

from __future__ import annotations

from typing import overload

from ..registry import decoded
from ..structs._bulk import Batch
from ..structs.by_value import ByValue
from .lint_rules import LINT_RULES, SEVERITIES
from .many import of_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .lint_rules import LintRule
    from .many import Answers
    from .rules import Reference


class Finding(ByValue):
    """One thing that is wrong.

    Attributes:
        rule: its name, the same for every finding of the kind.
        severity: ``error`` if a guest loses its GPU or corrupts memory; ``warning`` if it gets less than the host has,
            or something else; ``note`` if it does no harm.
        field: path of the field; empty for the capset as a whole.
        evidence: what the bytes say.
        consequence: what comes of it in a guest.
        reference: the commit or file behind the rule.
    """

    __slots__ = ("consequence", "evidence", "field", "reference", "rule", "severity")

    def __init__(self, rule: LintRule, field: str, evidence: str) -> None:
        self.rule: str = rule.name
        self.severity: str = rule.severity
        self.field: str = field
        self.evidence: str = evidence
        self.consequence: str = rule.reason
        self.reference: Reference = rule.reference

    @property
    def message(self) -> str:
        """Evidence and consequence in one sentence."""
        where = f"{self.field}: " if self.field else ""
        return f"{where}{self.evidence}; {self.consequence}"

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {name: str(getattr(self, name)) for name in (*self.__slots__, "message")}

    def __str__(self) -> str:
        return f"{self.severity}: {self.message} [{self.rule}; {self.reference}]"

    def __repr__(self) -> str:
        return f"<{self.rule} {self.severity}: {self.message}>"


@overload
def lint(blob: Batch[Any], capset_id: int | str | None = None) -> Answers[tuple[Finding, ...]]: ...
@overload
def lint(blob: Any, capset_id: int | str | None = None) -> tuple[Finding, ...]: ...
def lint(blob: Any, capset_id: int | str | None = None) -> tuple[Finding, ...] | Answers[tuple[Finding, ...]]:
    """What is wrong with a capset, worst first. A field that did not arrive whole is not judged.

    Args:
        blob: bytes as a host sent them, or an instance; or a batch, for an :class:`~capcodec.meaning.many.Answers` with
            the findings of each record.
        capset_id: which capset the host calls it; guessed from the size if not given.

    Raises:
        ArgumentError: no such capset is known, or the size does not tell which it is.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    if isinstance(blob, Batch):
        return of_each(blob, lambda caps: lint(caps, capset_id))
    caps = decoded(blob, capset_id)
    found = [Finding(rule, *finding) for rule in LINT_RULES.about(caps) for finding in rule.check(caps)]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
