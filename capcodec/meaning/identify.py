"""Which releases of virglrenderer can have made a capset, and what tells."""

from __future__ import annotations

from typing import overload

from ..errors import ArgumentError
from ..registry import decoded
from ..structs._bulk import Batch
from ..structs.by_value import ByValue
from . import release_0_9
from .identify_rules import IDENTIFY_RULES, size_of_a_cut_capset
from .many import of_each
from .releases import EVERY_RELEASE, RELEASES, window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..structs._classes import Struct
    from .identify_rules import Bound
    from .many import Answers
    from .releases import Window
    from .rules import Rule


class Clue(ByValue):
    """What one field tells of the host's release.

    Attributes:
        rule: name of the rule behind it.
        field: path; empty for the size.
        seen: its value.
        releases: names of those that can have made it.
        text: the same for a person.
    """

    __slots__ = ("field", "releases", "rule", "seen", "text")

    def __init__(self, rule: Rule, bound: Bound) -> None:
        self.rule: str = rule.name
        self.field: str = bound.field
        self.seen: object = bound.seen
        self.releases: frozenset[str] = bound.releases.set
        self.text: str = f"{self.field or 'size'} {self.seen}: {bound.why or rule.reason}: {bound.releases.text}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        releases = [release.name for release in RELEASES if release.name in self.releases]
        return {"rule": self.rule, "field": self.field, "seen": self.seen, "releases": releases, "text": self.text}

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{self.text}>"


class Identity(ByValue):
    """What is known of a capset's host.

    Attributes:
        capset_id: of the capset.
        releases: names of the releases that can have made it, oldest first; empty if none can, as with a host that was
            built between two releases.
        evidence: a :class:`Clue` for each field that bounds the releases.
        ambiguous: did these releases lay the bytes out in more than one way?
        likeliest: of an ambiguous capset, the release whose layout makes sense; None if both layouts do, or neither.
        reason: why that is the likeliest.
        decodings: classes to decode it with, the likeliest first.
    """

    __slots__ = ("ambiguous", "capset_id", "decodings", "evidence", "likeliest", "reason", "releases")

    def __init__(self, caps: Struct) -> None:
        assert caps.capset_id is not None
        self.capset_id: int = caps.capset_id
        bounds, left = _bounds(caps)
        self.evidence: tuple[Clue, ...] = tuple([Clue(rule, bound) for rule, bound in bounds])
        self.releases: tuple[str, ...] = left.names
        self.ambiguous: bool = (
            caps.capset_id == 2
            and left.set.issuperset((release_0_9.SWAPPED, release_0_9.REPAIRED))
            and release_0_9.has_both_words(caps)
        )
        self.likeliest: str | None = None
        self.reason: str = ""
        newest = caps.variant_of or type(caps)
        self.decodings: tuple[type[Any], ...] = (newest,)
        if self.ambiguous:
            self.likeliest, self.reason = release_0_9.likelier_release(caps)
            both = newest, newest.variants[release_0_9.SWAPPED]
            self.decodings = both[::-1] if self.likeliest == release_0_9.SWAPPED else both

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "capset_id": self.capset_id,
            "releases": list(self.releases),
            "ambiguous": self.ambiguous,
            "likeliest": self.likeliest,
            "reason": self.reason,
            "evidence": [clue.as_dict() for clue in self.evidence],
        }

    def __str__(self) -> str:
        if not self.releases:
            return "no release of virglrenderer"
        first, last = self.releases[0], self.releases[-1]
        window = first if first == last else f"{first} or {last}" if len(self.releases) == 2 else f"{first} to {last}"
        return f"virglrenderer {window}" + (f", likelier {self.likeliest}" if self.likeliest else "")

    def __repr__(self) -> str:
        return f"<capset {self.capset_id} of {self}>"


def releases_of(caps: Struct) -> tuple[str, ...] | None:
    """The releases that can have made a capset; None if nothing tells, or none can."""
    return (_bounds(caps)[1].names or None) if IDENTIFY_RULES.know(caps) else None


def _bounds(caps: Struct) -> tuple[list[tuple[Rule, Bound]], Window]:
    """What each rule finds, and what all leave. A size that the others contradict was a guest's, and not the host's."""
    found = [(rule, bound) for rule in IDENTIFY_RULES.about(caps) for bound in rule.check(caps)]
    left = _in_all(found)
    if not left.mask and any(bound.field == "" and bound.releases.mask for _, bound in found):
        cut = IDENTIFY_RULES["size"], size_of_a_cut_capset(caps)
        found = [cut if bound.field == "" else (rule, bound) for rule, bound in found]
        left = _in_all(found)
    return found, left


def _in_all(found: list[tuple[Rule, Bound]]) -> Window:
    left = EVERY_RELEASE.mask
    for _, bound in found:
        left &= bound.releases.mask
    return window(left)


@overload
def identify(blob: Batch[Any], capset_id: int | str | None = None) -> Answers[Identity]: ...
@overload
def identify(blob: Any, capset_id: int | str | None = None) -> Identity: ...
def identify(blob: Any, capset_id: int | str | None = None) -> Identity | Answers[Identity]:
    """Which releases of virglrenderer can have made a capset.

    Args:
        blob: bytes as a host sent them, or as a guest's kernel cut them; or an instance; or a batch, for an
            :class:`~capcodec.meaning.many.Answers` with one of each record.
        capset_id: 1, 2 or 4; guessed from the size if not given.

    Raises:
        ArgumentError: it is another capset, or the size does not tell which it is.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    if isinstance(blob, Batch):
        return of_each(blob, lambda caps: identify(caps, capset_id))
    caps = decoded(blob, capset_id)
    if not IDENTIFY_RULES.know(caps):
        raise ArgumentError(f"releases are told by capsets 1, 2 and 4, and this is {caps.name}")
    return Identity(caps)
