"""The verdicts on what changed between two revisions of a header, and how bad each is."""

from __future__ import annotations

from typing import NamedTuple

FINE, NOTE, BROKEN = "fine", "note", "broken"

# Kind, and how bad it is if no rule says otherwise. A note keeps every byte as it was, but code may have to change.
KINDS = {
    "added": FINE,  # a struct, flag, enumerator or constant that was not there
    "append": FINE,  # a field at the end
    "filled-padding": FINE,  # a field where nobody looked before
    "nested-grew": FINE,  # a struct at the end of another grew, and nothing behind it moved
    "union-arm-added": FINE,
    "union-arm-grew": FINE,
    "sentinel-moved": FINE,  # the number that stands behind the last one
    "rename": NOTE,  # at the same place, with the same type
    "insertion": BROKEN,
    "removal": BROKEN,
    "move": BROKEN,
    "resize": BROKEN,
    "retype": BROKEN,
    "signedness": BROKEN,
    "bit-moved": BROKEN,
    "renumbered": BROKEN,
    "number-given-twice": BROKEN,
    "constant-changed": BROKEN,
    "unreadable": BROKEN,  # a revision that does not compile
}


class Change(NamedTuple):
    """One change.

    Attributes:
        kind: one of :data:`KINDS`.
        severity: ``fine``, ``note`` or ``broken``.
        subject: what changed: ``struct virgl_caps_v2.max_samples``, ``VIRGL_CAP_QBO``.
        old, new: place or value before and after; empty if there is none.
        text: what happened, in words.
        file, line: of the new revision, or of the old one if the new one lacks it.
        reason: why it was accepted; empty if it was not.
    """

    kind: str
    severity: str
    subject: str
    old: str
    new: str
    text: str
    file: str
    line: int
    reason: str = ""

    @property
    def sentence(self) -> str:
        """Subject, words and places."""
        places = " -> ".join(part for part in (self.old, self.new) if part)
        return f"{self.subject}: {self.text}" + (f" ({places})" if places else "")

    def as_dict(self) -> dict[str, str | int]:
        """For JSON."""
        return self._asdict()


def change(
    kind: str,
    subject: str,
    text: str,
    *,
    file: str,
    line: int,
    old: str = "",
    new: str = "",
    severity: str = "",
) -> Change:
    """A change whose severity is that of its kind, unless another is given."""
    return Change(kind, severity or KINDS[kind], subject, old, new, text, file, line)
