"""What every source returns."""

from __future__ import annotations

from ..errors import SourceError
from ..messages.virtio_gpu import MAX_CAPSET_SIZE
from ..structs.by_value import ByValue


class Answer(ByValue):
    """A capset as a live party gave it.

    Attributes:
        capset_id: which capset the party was asked for.
        capset_version: the highest version that the party announced; for a vtest server, the version asked for.
        data: the bytes of the capset.
        party: who gave them.
        remarks: what else is known about them, one sentence each.
    """

    __slots__ = ("capset_id", "capset_version", "data", "party", "remarks")

    def __init__(
        self, capset_id: int, capset_version: int, data: bytes, party: str, remarks: tuple[str, ...] = ()
    ) -> None:
        self.capset_id: int = capset_id
        self.capset_version: int = capset_version
        self.data: bytes = data
        self.party: str = party
        self.remarks: tuple[str, ...] = remarks

    def __repr__(self) -> str:
        return f"<capset {self.capset_id} version {self.capset_version}, {len(self.data)} bytes from {self.party}>"


def bounded(size: int, party: str) -> int:
    """``size``, if a source makes room for that many bytes.

    Raises:
        SourceError: no capset is that large (``MAX_CAPSET_SIZE``).
    """
    if size > MAX_CAPSET_SIZE:
        raise SourceError(f"{party} announces {size} bytes, and no capset has more than {MAX_CAPSET_SIZE}")
    return size
