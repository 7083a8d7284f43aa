"""Which releases of virglrenderer can have made a capset, and what tells."""

from __future__ import annotations

from ..errors import ArgumentError
from ..registry import decoded
from .identify_rules import CLUES, Clue, cut
from .release_0_9 import likelier_layout
from .releases import RELEASES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..structs._core import Struct


class Identity:
    """What is known of a capset's host.

    Attributes:
        capset_id: of the capset.
        releases: names of the releases that can have made it, oldest first; empty if none can, as for what was built
            between two releases.
        evidence: what bounds them, each as ``field``, ``seen``, ``releases`` that it leaves, and ``text``.
        ambiguous: do these releases lay the bytes out in more than one way?
        likeliest: of an ambiguous capset, the release whose layout makes sense; None if both do, or it is not.
        reason: why that is the likeliest.
        decodings: classes to decode it with, the likeliest first.
    """

    __slots__ = ("ambiguous", "capset_id", "decodings", "evidence", "likeliest", "reason", "releases")

    def __init__(self, caps: Struct) -> None:
        assert caps.capset_id is not None
        self.capset_id = caps.capset_id
        found = [clue for check in CLUES if caps.capset_id in check.capsets for clue in check.look(caps)]
        left = _in_all(found)
        if not left and any(clue.field == "" and clue.releases for clue in found):
            # A size that the other clues contradict was not the host's
            found = [cut(caps) if clue.field == "" else clue for clue in found]
            left = _in_all(found)
        self.evidence = tuple(found)
        self.releases = tuple(release.name for release in RELEASES if release.name in left)
        cls = type(caps).variant_of or type(caps)
        self.ambiguous = caps.capset_id == 2 and {"0.9.0", "0.9.1"} <= left and caps.valid_size >= 696
        self.likeliest: str | None = None
        self.reason = ""
        self.decodings: tuple[type[Struct], ...] = (cls,)
        if self.ambiguous:
            self.likeliest, self.reason = likelier_layout(caps)
            both = cls, cls.variants["0.9.0"]
            self.decodings = both[::-1] if self.likeliest == "0.9.0" else both

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


def _in_all(clues: list[Clue]) -> set[str]:
    return {release.name for release in RELEASES}.intersection(*(clue.releases for clue in clues))


def identify(blob: Any, capset_id: int | str | None = None) -> Identity:
    """Which releases of virglrenderer can have made a capset.

    Args:
        blob: bytes as a host sent them, or as a guest's kernel cut them; or an instance.
        capset_id: 1, 2 or 4; guessed from the size if not given.

    Raises:
        ArgumentError: it is another capset, or the size does not tell which it is.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    caps = decoded(blob, capset_id)
    if not any(caps.capset_id in check.capsets for check in CLUES):
        raise ArgumentError(f"releases are told by capsets 1, 2 and 4, and this is {caps.name}")
    return Identity(caps)


__all__ = ["Clue", "Identity", "identify"]
